"""The terminal's packages, built once in a test run, and new versions of them."""

import atexit
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .clean_debian import TOP, find_cache, get_clean_debian, get_with_libraries

APP = "usr/share/onething-terminal/app"


@dataclass(frozen=True)
class BuiltPackages:
    """The terminal's packages as they would be shipped: the libraries', the program's and the kiosk's."""

    libraries: Path
    program: Path
    kiosk: Path


@cache
def get_packages() -> BuiltPackages:
    """Version 1.0.0, built from this working copy; the libraries are built once for each lock and kept."""
    out = Path(tempfile.mkdtemp(prefix="onething-packages-"))
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    _build("--only", "program", "--version", "1.0.0", "--out", str(out))
    program, kiosk = out / "onething-terminal_1.0.0_all.deb", out / "onething-kiosk_1.0.0_all.deb"
    needed = _run("dpkg-deb", "--field", str(program), "Depends")
    version = needed.split("(= ", 1)[1].split(")", 1)[0]
    kept = find_cache() / "packages"
    if not list(kept.glob(f"*_{version}_*.deb")):
        shutil.rmtree(kept, ignore_errors=True)
        _build("--only", "libraries", "--compression", "gzip:1", "--out", str(kept))
    return BuiltPackages(next(kept.glob(f"*_{version}_*.deb")), program, kiosk)


@cache
def get_layers() -> list[Path]:
    """A clean Debian with the libraries on it, the topmost layer first."""
    return [get_with_libraries(get_packages().libraries), get_clean_debian()]


def make_version(package: Path, version: str, folder: Path, changed: Mapping[str, str] | None = None) -> Path:
    """The program's package in another version, with other texts in files of its folder app."""
    tree = folder / version
    _run("dpkg-deb", "--raw-extract", str(package), str(tree))
    before = _run("dpkg-deb", "--field", str(package), "Version").strip()
    described = tree / APP / f"onething_terminal-{before}.dist-info"
    for file in (tree / "DEBIAN/control", described / "METADATA"):
        text = file.read_text("utf-8").replace(f"Version: {before}", f"Version: {version}")
        file.write_text(text, "utf-8")
    described.rename(described.with_name(f"onething_terminal-{version}.dist-info"))
    for name, text in (changed or {}).items():
        (tree / APP / name).write_text(text, "utf-8")
    built = folder / f"onething-terminal_{version}_all.deb"
    _run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(built))
    shutil.rmtree(tree)
    return built


def _build(*arguments: str) -> None:
    _run(sys.executable, "deploy/terminal/build.py", *arguments)


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
