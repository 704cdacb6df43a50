"""A person before the kiosk and an update keep each other out, over one locked file."""

import fcntl
import os
from pathlib import Path


class SittingLock:
    """One lock that whoever uses the kiosk holds: a sitting, or an installation, never both.

    It is a lock of the kernel on a file in a folder that is gone at the next start (flock(2)), so it can not
    outlive the process that took it, however that process ends. Taking it again while it is held is nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds it."""
        return self._held is not None

    def hold(self) -> bool:
        """Take it without waiting; False while the other side has it. OSError when there is no folder."""
        if self._held is not None:
            return True
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            return False
        self._held = opened
        return True

    def let_go(self) -> None:
        """Give it back; nothing happens when it is not held."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
