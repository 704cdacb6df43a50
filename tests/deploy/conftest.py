"""The folder that is deployed, and how its own tools are run on it."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from .clean_debian import find_cache, get_clean_debian, get_with_libraries

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


@dataclass(frozen=True)
class BuiltPackages:
    """The terminal's packages as they would be shipped: the libraries', the program's and the kiosk's."""

    libraries: Path
    program: Path
    kiosk: Path


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> BuiltPackages:
    """Version 1.0.0, built from this working copy; the libraries are built once for each lock and kept."""
    out = tmp_path_factory.mktemp("packages")
    build_packages("--only", "program", "--version", "1.0.0", "--out", str(out))
    program, kiosk = out / "onething-terminal_1.0.0_all.deb", out / "onething-kiosk_1.0.0_all.deb"
    needed = subprocess.check_output(["dpkg-deb", "--field", str(program), "Depends"], text=True)
    version = needed.split("(= ", 1)[1].split(")", 1)[0]
    kept = find_cache() / "packages"
    if not list(kept.glob(f"*_{version}_*.deb")):
        shutil.rmtree(kept, ignore_errors=True)
        build_packages("--only", "libraries", "--compression", "gzip:1", "--out", str(kept))
    return BuiltPackages(next(kept.glob(f"*_{version}_*.deb")), program, kiosk)


def build_packages(*arguments: str) -> None:
    """Run deploy/terminal/build.py."""
    command = [sys.executable, "deploy/terminal/build.py", *arguments]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def layers(packages: BuiltPackages) -> list[Path]:
    """A clean Debian with the libraries on it, the topmost layer first."""
    return [get_with_libraries(packages.libraries), get_clean_debian()]
