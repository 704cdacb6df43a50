"""The program's memory does not grow with the people it serves."""

import json
import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
IS_ALL = os.environ.get("FAULTS") == "all"
SITTINGS = 2000 if IS_ALL else 120
MOST_MIB = 200
# half a KiB for each sitting after the first quarter, and what the allocator may take once
SLACK_KIB = SITTINGS * 3 // 8 + 256


def test_memory_stays_where_it_is_however_many_come() -> None:
    command = [sys.executable, "-m", "tests.terminal.many_sittings", str(SITTINGS)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)["kib"]
    # the first quarter fills caches; nothing may grow after it
    assert seen[-1] - seen[1] <= SLACK_KIB, seen
    assert max(seen) < MOST_MIB * 1024, seen
