"""How long a test waits: seconds of its own looking, not of the wall's clock."""

import time

# A machine that stands still for a while (it happens where many share one) has not shown the test anything.
LONGEST_LOOK_SECONDS = 1.0


class Patience:
    """So many seconds of looking; `lasts` is asked once a look.

    Between two looks at most a second is counted, however long the machine stood still: whoever looked
    twice in nine seconds has not seen that something takes nine seconds.
    """

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._looked_at = time.monotonic()

    def lasts(self) -> bool:
        """Whether to look again."""
        now = time.monotonic()
        self._left -= min(now - self._looked_at, LONGEST_LOOK_SECONDS)
        self._looked_at = now
        return self._left > 0
