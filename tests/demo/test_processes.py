"""Child processes of the demo: ready lines, last words, and that none is left behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo.processes import Process, ProcessFailed, run_to_end
from tests.patience import Patience

WAITS = "import json, sys, time; print(json.dumps({'url': 'here'}), flush=True); time.sleep(60)"


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A child nobody has waited for yet has ended all the same.
    return "Z" not in Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]


def test_the_ready_line_is_read_and_the_process_ended(tmp_path: Path) -> None:
    process = Process("waits", [sys.executable, "-c", WAITS], {}, tmp_path)
    assert process.read_ready_line() == {"url": "here"}
    process.check_running()
    process.end()
    assert not _is_running(process.pid)


def test_a_process_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    process = Process("fails", [sys.executable, "-c", "raise SystemExit('no such table')"], {}, tmp_path)
    with pytest.raises(ProcessFailed, match="no such table"):
        process.read_ready_line()
    process.end()


def test_a_command_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(ProcessFailed, match="bad catalog"):
        run_to_end("publish", [sys.executable, "-c", "raise SystemExit('bad catalog')"], {})


def test_settings_reach_the_process() -> None:
    code = "import os; print(os.environ['ONETHING_DIVISION'])"
    assert run_to_end("asks", [sys.executable, "-c", code], {"ONETHING_DIVISION": "411523"}) == "411523"


def test_a_killed_parent_leaves_nothing_behind(tmp_path: Path) -> None:
    parent = f"""
import sys, time
from pathlib import Path
from demo.processes import Process
child = Process("waits", [sys.executable, "-c", {WAITS!r}], {{}}, Path({str(tmp_path)!r}))
child.read_ready_line()
print(child.pid, flush=True)
time.sleep(60)
"""
    running = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    assert running.stdout
    pid = int(running.stdout.readline())
    assert _is_running(pid)
    running.kill()
    running.wait()
    running.stdout.close()
    patience = Patience(5)
    while _is_running(pid) and patience.lasts():
        time.sleep(0.02)
    assert not _is_running(pid)
