"""A sitting and an installation keep each other out, also when one of them is killed."""

import subprocess
import sys
from pathlib import Path

from terminal_client.updating.sitting_lock import SittingLock

HOLDER = """
import sys
from pathlib import Path
from terminal_client.updating.sitting_lock import SittingLock
lock = SittingLock(Path(sys.argv[1]))
print(lock.hold(), flush=True)
sys.stdin.read()
"""


def test_one_holds_it_and_the_other_does_not_wait(tmp_path: Path) -> None:
    sitting, update = SittingLock(tmp_path / "lock"), SittingLock(tmp_path / "lock")
    assert sitting.hold()
    assert sitting.hold()
    assert not update.hold()
    sitting.let_go()
    assert not sitting.is_held
    assert update.hold()
    assert not sitting.hold()
    update.let_go()
    update.let_go()


def test_a_killed_program_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == "True\n"
        update = SittingLock(tmp_path / "lock")
        assert not update.hold()
        holder.kill()
        holder.wait(timeout=5)
        assert update.hold()
