"""The set-up script on machines that are not like this one: nothing is installed, and it says so."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = (
    "bash",
    "sh",
    "dirname",
    "sha256sum",
    "cut",
    "sed",
    "grep",
    "awk",
    "mktemp",
    "cat",
    "id",
    "tail",
    "tr",
    "rm",
)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with the script and a bin/ that is all the machine has: no apt-get, no sudo."""
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or pytest.fail(f"no {name} here"))
    (tmp_path / "bin/python3").symlink_to(sys.executable)
    shutil.copytree(Path(__file__).resolve().parents[2] / "deploy/setup", tmp_path / "deploy/setup")
    for name in ("pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_text("", "utf-8")
    return tmp_path


def _set_up(machine: Path, kind: str = "run") -> tuple[int, str]:
    done = subprocess.run(
        [str(machine / "bin/bash"), "deploy/setup/setup.sh", kind],
        cwd=machine,
        env={"PATH": str(machine / "bin")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def _want(machine: Path, *lines: str) -> None:
    (machine / "deploy/setup/system-packages.txt").write_text("\n".join(lines) + "\n", "utf-8")


def test_what_is_missing_is_named_with_what_is_lost(machine: Path) -> None:
    _want(
        machine,
        "bread   kiosk  command:no-such-bread  the kiosk's breakfast",
        "tea     test   library:libtea.so.9    the tests' tea",
        "ink     setup  font:No Such Ink       every word",
        "shell   setup  command:bash           nothing, it is there",
    )
    code, said = _set_up(machine)
    assert code == 1
    assert "the kiosk's breakfast" in said
    assert "every word" in said
    assert "sudo apt-get install bread ink" in said
    assert "tea" not in said
    assert "shell" not in said
    assert not (machine / ".venv").exists()
    assert "tea" in _set_up(machine, "test")[1]


def test_what_can_be_done_without_is_done_without(machine: Path) -> None:
    _want(machine, "cake   test?  command:no-such-cake  the tests' feast")
    (machine / "requirements.lock").write_text("one==1\n", "utf-8")
    (machine / ".venv/bin").mkdir(parents=True)
    (machine / ".venv/bin/python").symlink_to(shutil.which("true") or pytest.fail("no true here"))
    code, said = _set_up(machine, "test")
    assert (code, said.splitlines()[-1]) == (0, "setup: ready")
    assert "setup: going on without cake" in said
    assert "cake" not in _set_up(machine, "run")[1]


def test_an_unknown_proof_is_a_mistake_in_the_list(machine: Path) -> None:
    _want(machine, "bread  kiosk  smell:fresh  the kiosk's breakfast")
    code, said = _set_up(machine)
    assert code == 1
    assert "smell:fresh" in said


def test_an_old_python_is_named(machine: Path) -> None:
    old = machine / "bin/python3"
    old.unlink()
    old.write_text('#!/bin/sh\nif [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi\n', "utf-8")
    old.chmod(0o755)
    code, said = _set_up(machine)
    assert code == 1
    assert "Python 3.11 or later is needed" in said
    assert "Python 3.9.2" in said


def test_an_unknown_word_is_answered_with_the_usage(machine: Path) -> None:
    assert _set_up(machine, "everything") == (2, "usage: setup.sh [run|test]\n")


def test_a_second_call_with_nothing_changed_does_nothing(machine: Path) -> None:
    _want(machine, "shell   setup  command:bash           nothing, it is there")
    (machine / "requirements.lock").write_text("one==1\n", "utf-8")
    # A Python that takes every order, so that only the script's own decisions are seen.
    (machine / ".venv/bin").mkdir(parents=True)
    (machine / ".venv/bin/python").symlink_to(shutil.which("true") or pytest.fail("no true here"))
    code, said = _set_up(machine, "test")
    assert (code, said.splitlines()[-1]) == (0, "setup: ready")
    assert _set_up(machine, "test") == (0, "")
    assert _set_up(machine, "run") == (0, "")
    (machine / "requirements.lock").write_text("one==2\n", "utf-8")
    assert _set_up(machine, "run")[1].splitlines()[-1] == "setup: ready"
    # What was set up to run is not yet set up to test.
    assert _set_up(machine, "test")[1].splitlines()[-1] == "setup: ready"


def test_a_step_that_fails_is_told_and_leaves_no_stamp(machine: Path) -> None:
    _want(machine, "shell   setup  command:bash           nothing, it is there")
    (machine / "requirements.lock").write_text("one==1\n", "utf-8")
    (machine / ".venv/bin").mkdir(parents=True)
    stubborn = machine / ".venv/bin/python"
    refuses = 'case "$*" in *requirements.lock*) echo the hash is wrong; exit 1;; esac'
    stubborn.write_text(f"#!/bin/sh\n{refuses}\n", "utf-8")
    stubborn.chmod(0o755)
    for _ in range(2):
        code, said = _set_up(machine)
        assert code == 1
        assert "the hash is wrong" in said
