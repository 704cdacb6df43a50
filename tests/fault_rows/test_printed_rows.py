"""One line a row: what held, what failed, and that nothing looks held which was not tried."""

import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
THREE_BYTES = (
    "@pytest.mark.parametrize('byte', range(3))",
    "def test_it(byte): assert os.environ['FAULTS'] == 'all'",
)


def _print_rows(folder: Path) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fault_rows", str(folder)],
        cwd=TOP,
        # the plug-ins of the house's other tests take seconds to load and have nothing to do here
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, [line for line in done.stdout.splitlines() if line.startswith(("D", "T", "  "))]


def _write(folder: Path, name: str, about: str, *lines: str) -> None:
    text = "\n".join((f'"""{about}"""', "import os", "import pytest", *lines, ""))
    (folder / name).write_text(text, "utf-8")


def test_a_row_says_what_it_is_and_how_many_cases_held(tmp_path: Path) -> None:
    _write(tmp_path, "test_t12_bad_update.py", "A bad update", *THREE_BYTES)
    _write(tmp_path, "test_d02_paper.py", "Paper ends", "def test_it(): pass")
    code, said = _print_rows(tmp_path)
    assert code == 0
    assert [line.split()[:3] for line in said] == [["D2", "ok", "1"], ["T12", "ok", "3"]]
    assert said[1].endswith("A bad update")


def test_a_failure_a_skip_and_a_broken_file_are_all_failures(tmp_path: Path) -> None:
    _write(tmp_path, "test_d01_paper.py", "No paper", "def test_it(): assert False")
    _write(tmp_path, "test_d03_cover.py", "Cover", "def test_it(): pytest.skip('no cover here')")
    _write(tmp_path, "test_d04_cable.py", "Cable", "def test_it(): pass")
    _write(tmp_path, "test_d06_noise.py", "Noise", "import no_such_module")
    code, said = _print_rows(tmp_path)
    assert code == 1
    rows = dict(line.split()[:2] for line in said if line.startswith("D"))
    assert rows == {"D1": "FAILED", "D3": "FAILED", "D4": "ok", "D6": "FAILED"}
    assert any("test_d03_cover.py::test_it" in line and "skipped" in line for line in said)


def test_a_run_in_which_only_a_broken_file_failed_has_failed(tmp_path: Path) -> None:
    _write(tmp_path, "test_d05_card.py", "Card", "def test_it(): pass")
    _write(tmp_path, "test_d06_noise.py", "Noise", "import no_such_module")
    code, said = _print_rows(tmp_path)
    assert code == 1
    assert [line.split()[:2] for line in said if line.startswith("D")] == [["D5", "ok"], ["D6", "FAILED"]]
