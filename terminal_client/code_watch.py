"""Watching the code reader while a code could be wanted."""

import logging
import threading
from collections.abc import Callable

from devices.errors import DeviceError

REST_SECONDS = 0.2
AFTER_FAULT_SECONDS = 3.0

log = logging.getLogger(__name__)


class CodeWatcher:
    """Reads codes in a thread of its own, and tells each; at rest while none is wanted.

    `clear` makes the reader forget what it saw while none was.
    """

    def __init__(
        self,
        read: Callable[[], list[str]],
        clear: Callable[[], None],
        is_wanted: Callable[[], bool],
        tell: Callable[[str], None],
    ) -> None:
        self._read = read
        self._clear = clear
        self._is_wanted = is_wanted
        self._tell = tell
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="code watch", daemon=True)

    def start(self) -> None:
        """Begin; waits for no device."""
        self._thread.start()

    def stop(self) -> None:
        """End; a reading that goes on is given a moment."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def _watch(self) -> None:
        was_well, was_wanted = True, False
        while not self._stopping.is_set():
            if not self._is_wanted():
                was_wanted = False
                self._stopping.wait(REST_SECONDS)
                continue
            try:
                if not was_wanted:
                    self._clear()
                    was_wanted = True
                texts = self._read()
            except DeviceError as error:
                if was_well:
                    log.warning("the code reader cannot be used: %s", error.reason)
                was_well = False
                self._stopping.wait(AFTER_FAULT_SECONDS)
                continue
            was_well = True
            for text in texts:
                # what was shown just before the screen stopped wanting it is nobody's any more
                if self._is_wanted():
                    self._tell(text)
            self._stopping.wait(0 if texts else 0.05)
