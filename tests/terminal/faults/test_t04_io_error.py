"""T4: a write or a sync fails (libfiu makes the system call fail); nothing is acknowledged then."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[3]

SCRIPT = """
import json, sys
from pathlib import Path
from terminal_client.outbox.store import Outbox, OutboxFailed
from tests.terminal.faults.taking import SERVER_KEY

folder, acknowledged, refused = Path(sys.argv[1]), [], 0
try:
    outbox = Outbox(folder, SERVER_KEY, "t")
except OutboxFailed:
    print(json.dumps([[], 1]))
    raise SystemExit
for n in range(40):
    try:
        acknowledged.append(outbox.put("intake", {"n": n}))
    except OutboxFailed:
        refused += 1
print(json.dumps([acknowledged, refused]))
"""

READ = """
import json, sys
from pathlib import Path
from terminal_client.outbox.store import Outbox
from tests.terminal.faults.taking import SERVER_KEY
print(json.dumps([item.id for item in Outbox(Path(sys.argv[1]), SERVER_KEY, "t").list_all()]))
"""


def run(folder: Path, script: str, *before: str) -> list[object]:
    command = [*before, sys.executable, "-c", script, str(folder)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said: list[object] = json.loads(done.stdout)
    return said


@pytest.mark.parametrize("call", ["posix/io/rw/pwrite", "posix/io/sync/fdatasync"])
def test_t04_what_could_not_be_written_is_not_acknowledged(tmp_path: Path, call: str) -> None:
    run(tmp_path, SCRIPT)
    before = set(map(str, run(tmp_path, READ)))
    fault = f"enable_random name={call},probability=0.2"
    acknowledged, refused = run(tmp_path, SCRIPT, "fiu-run", "-x", "-c", fault)
    assert isinstance(acknowledged, list)
    assert refused, "no fault was met"
    there = set(map(str, run(tmp_path, READ)))
    assert set(map(str, acknowledged)) <= there
    # a sync that failed behind the commit may leave the intake there: the person was told to try again
    assert len(there - before - set(map(str, acknowledged))) <= int(str(refused))
