"""Cups' own ippeveprinter, in a network and process namespace of its own, and a way to speak to it there."""

import ctypes
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TypeVar

HALL = Path(__file__).with_name("ippeve_hall.sh")
PLACE = "127.0.0.1:8631/ipp/print"
_CLONE_NEWNET = 0x40000000
_START_LIMIT_S = 20

# the printer's own command for each job: what it says on stderr becomes printer-state-reasons
PRINT = """#!/bin/sh
folder=$(dirname "$0")
cp "$1" "$folder/printed.$(date +%s%N)"
mood=$(cat "$folder/mood" 2>/dev/null)
case $mood in
    fail) exit 1 ;;
    "") sleep 0.1 ;;
    *)
        echo "STATE: +$mood" >&2
        while [ -e "$folder/mood" ]; do sleep 0.05; done
        echo "STATE: -$mood" >&2
        sleep 0.1 ;;
esac
"""

Result = TypeVar("Result")


class IppeveHall:
    """The printer; `run` calls a function where the printer can be reached."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "print.sh").write_text(PRINT)
        (folder / "print.sh").chmod(0o755)
        unshared = ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [*unshared, "sh", str(HALL), str(folder), "Printer of the hall"],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait_until_ready(self, is_ready: Callable[[], bool]) -> None:
        """Until a question is answered. AssertionError with the printer's log when it never is."""
        ends_at = time.monotonic() + _START_LIMIT_S
        while time.monotonic() < ends_at and self._process.poll() is None:
            if self.run(is_ready):
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())

    def run(self, call: Callable[[], Result]) -> Result:
        """Call a function in a thread whose sockets are on the printer's network."""
        results: list[Result] = []
        errors: list[BaseException] = []

        def inside() -> None:
            try:
                _enter_network_of(self._process.pid)
                results.append(call())
            except BaseException as error:
                errors.append(error)

        thread = Thread(target=inside)
        thread.start()
        thread.join()
        if errors:
            raise errors[0]
        return results[0]

    def set_mood(self, mood: str) -> None:
        """What the printer's next jobs do: `fail`, or stand still and say why until the mood is over."""
        if mood:
            (self.folder / "mood").write_text(mood)
        else:
            (self.folder / "mood").unlink(missing_ok=True)

    def printed(self) -> list[bytes]:
        """The documents that came to be printed, in order."""
        return [path.read_bytes() for path in sorted(self.folder.glob("printed.*"))]

    def end(self) -> None:
        """Kill it; its namespace takes its children with it."""
        self._process.kill()
        self._process.wait(10)
        self._log.close()


def _enter_network_of(pid: int) -> None:
    handle = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(handle, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(handle)
