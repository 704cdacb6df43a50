"""T5, T6 and T7: hours offline, answers that are lost, connections reset, three packets of ten lost."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .bad_line import ITEMS

TOP = Path(__file__).resolve().parents[3]


def meet(fault: str, folder: Path) -> dict[str, Any]:
    """What came of a fault, in a network namespace of its own."""
    program = [sys.executable, "-m", "tests.terminal.faults.bad_line", fault, str(folder)]
    command = ["unshare", "--map-root-user", "--net", *program]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def test_t05_what_was_taken_offline_arrives_in_order_and_once(tmp_path: Path) -> None:
    said = meet("offline", tmp_path)
    assert (said["in order"], said["requests"], said["closed"]) == (True, ITEMS, False)
    assert 6 * 3600 - 60 <= said["age"] <= 6 * 3600 + 60
    assert said["waited"] < 10


def test_t06_an_answer_that_is_lost_makes_nothing_twice(tmp_path: Path) -> None:
    said = meet("answer_lost", tmp_path)
    assert (said["arrived"], said["kept"]) == (1, 2), "done at the server, and kept here until it says so"
    assert (said["once"], said["asked again"]) == (True, True)
    assert said["waited"] < 15


def test_t07_a_reset_line_is_given_up_at_once_and_tried_again(tmp_path: Path) -> None:
    said = meet("reset", tmp_path)
    assert (said["sent"], said["left"]) == (True, 0)
    assert said["waited"] < 10


@pytest.mark.slow
def test_t07_three_packets_of_ten_lost_lose_nothing(tmp_path: Path) -> None:
    assert meet("loss", tmp_path) == {"once": True}
