"""A network of a test's own: loopback only, every port free, and nobody else on it."""

import ctypes
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_CLONE_NEWNET = 0x40000000

Result = TypeVar("Result")


class NetworkOfItsOwn:
    """What runs in its one thread, and every process started there, sees this network and no other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, initializer=_leave_the_world)
        self.run(lambda: subprocess.run(["ip", "link", "set", "lo", "up"], check=True))

    def run(self, call: Callable[[], Result]) -> Result:
        """Call a function there and return what it returns."""
        return self._thread.submit(call).result()

    def end(self) -> None:
        """Let it go; it ends with the last process in it."""
        self._thread.shutdown()


def _leave_the_world() -> None:
    # a network belongs to a thread in Linux, though Python knows of processes only
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
