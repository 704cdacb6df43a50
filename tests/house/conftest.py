"""The tracked files, as the rules of the house see them."""

import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def top() -> Path:
    """The project's folder."""
    return TOP


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file git keeps that is still there, relative to the project's folder, sorted."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=True)
    names = [Path(name) for name in listing.stdout.decode().split("\0") if name]
    return sorted(name for name in names if (TOP / name).is_file())


@pytest.fixture(scope="session")
def modules(tracked: list[Path]) -> list[Path]:
    """The tracked Python files outside database migrations, which are history and stay as written."""
    return [name for name in tracked if name.suffix == ".py" and "migrations" not in name.parts]
