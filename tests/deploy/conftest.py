"""The folder that is deployed, and how its own tools are run on it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from .terminal_packages import BuiltPackages, get_layers, get_packages

TOP = Path(__file__).resolve().parents[2]


class Tool:
    """Runs a program on a deployed file; its words are kept for the failing test to show."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, *command: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
        """The exit code, and what it said on both outputs together."""
        done = subprocess.run(
            command,
            cwd=self._folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout


@pytest.fixture(scope="session")
def deploy() -> Path:
    """The folder deploy/."""
    return TOP / "deploy"


@pytest.fixture(scope="session")
def tool() -> Tool:
    """Runs programs in the project's folder."""
    return Tool(TOP)


@pytest.fixture(scope="session")
def packages() -> BuiltPackages:
    """Version 1.0.0 of the terminal, built from this working copy."""
    return get_packages()


@pytest.fixture(scope="session")
def layers() -> list[Path]:
    """A clean Debian with the libraries on it, the topmost layer first."""
    return get_layers()
