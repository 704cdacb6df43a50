"""What fails beside others is tried once more, alone: a small suite of its own shows when and how."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
# fails as often as it is told, and counts in a file
TEST = """
from pathlib import Path
import pytest

TIMES = {times}

@pytest.mark.parametrize("number", range({count}))
def test_it(number):
    tries = Path(__file__).with_name(f"tries-{{number}}")
    tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
    assert len(tries.read_text()) > TIMES
"""


def run_suite(folder: Path, *, count: int, times: int) -> subprocess.CompletedProcess[str]:
    """Run a suite of so many tests, each of which fails so many times before it holds."""
    (folder / "tests/suite").mkdir(parents=True)
    (folder / "tests/suite/__main__.py").write_bytes((TOP / "tests/suite/__main__.py").read_bytes())
    (folder / "pytest.ini").touch()
    (folder / "test_small.py").write_text(TEST.format(count=count, times=times), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "tests.suite", "test_small.py"],
        cwd=folder, env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(("times", "code"), [(0, 0), (1, 0), (2, 1)])
def test_what_fails_is_tried_once_more(tmp_path: Path, times: int, code: int) -> None:
    ran = run_suite(tmp_path, count=2, times=times)
    assert ran.returncode == code, ran.stdout
    assert ("test_it[0]" in ran.stdout.splitlines()[-2]) is (times > 0)
    assert ("FAILED again" in ran.stdout) is (times > 1)
    assert {len(each.read_text()) for each in tmp_path.glob("tries-*")} == {min(times, 1) + 1}


def test_many_failures_are_not_tried_again(tmp_path: Path) -> None:
    ran = run_suite(tmp_path, count=6, times=1)
    assert ran.returncode == 1
    assert {len(each.read_text()) for each in tmp_path.glob("tries-*")} == {1}
