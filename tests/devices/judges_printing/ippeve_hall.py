"""Cups' own ippeveprinter, on a network of its own, and a way to speak to it there."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.devices.judges_printing.network import NetworkOfItsOwn
from tests.patience import Patience

HALL = Path(__file__).with_name("ippeve_hall.sh")
PLACE = "127.0.0.1:8631/ipp/print"
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
        self._network = NetworkOfItsOwn()
        self._log = (folder / "log").open("wb")
        self._process = self._network.run(self._start)

    def _start(self) -> subprocess.Popen[bytes]:
        unshared = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
        return subprocess.Popen(
            [*unshared, "sh", str(HALL), str(self.folder), "Printer of the hall"],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait_until_ready(self, is_ready: Callable[[], bool]) -> None:
        """Until a question is answered. AssertionError with the printer's log when it never is."""
        patience = Patience(_START_LIMIT_S)
        while patience.lasts() and self._process.poll() is None:
            if self.run(is_ready):
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())

    def run(self, call: Callable[[], Result]) -> Result:
        """Call a function on the printer's network."""
        return self._network.run(call)

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
        self._network.end()
