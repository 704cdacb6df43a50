"""Watching the code reader while a code could be wanted."""

import logging
import threading
from collections.abc import Callable

from devices.errors import DeviceError

REST_SECONDS = 0.2
AFTER_FAULT_SECONDS = 3.0

log = logging.getLogger(__name__)


class CodeWatcher:
    """Reads codes in a thread of its own, and tells each; at rest while none is wanted."""

    def __init__(
        self, read: Callable[[], list[str]], is_wanted: Callable[[], bool], tell: Callable[[str], None]
    ) -> None:
        self._read = read
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
        was_well = True
        while not self._stopping.is_set():
            if not self._is_wanted():
                self._stopping.wait(REST_SECONDS)
                continue
            try:
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
