"""Builds the terminal's Debian packages: libraries, program and kiosk.

    python deploy/terminal/build.py --out dist             all three, for the Debian this runs on
    python deploy/terminal/build.py --out dist --version 1.4.0 --only program

onething-terminal-libraries holds the third-party packages, each checked by its hash in requirements.lock, and
changes only when they do; onething-terminal and onething-kiosk hold what is ours and are small enough for a
county's thin lines. The same sources give the same bytes (SOURCE_DATE_EPOCH, or the last commit's time).
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from libraries import PROGRAMS, TOP, lock_needed, name_version

HERE = Path(__file__).resolve().parent
PYTHON = "3.11"
APP = "usr/share/onething-terminal/app"
LIBRARIES = "usr/lib/onething-terminal/libraries"
# Where each file of files/ goes, for the program and for the kiosk.
PROGRAM_FILES = {
    "onething-terminal": "usr/bin/onething-terminal",
    "onething-terminal-update": "usr/sbin/onething-terminal-update",
    "70-onething-devices.rules": "lib/udev/rules.d/70-onething-devices.rules",
    "69-onething-roles.rules": "usr/share/doc/onething-terminal/examples/69-onething-roles.rules",
    "kiosk.toml": "etc/onething-terminal/kiosk.toml",
    "update.toml": "etc/onething-terminal/update.toml",
}
KIOSK_FILES = {
    "show-pages": "usr/lib/onething-kiosk/show-pages",
    "onething-kiosk.json": "etc/chromium/policies/managed/onething-kiosk.json",
    "logind.conf": "lib/systemd/logind.conf.d/onething-kiosk.conf",
    "system.conf": "lib/systemd/system.conf.d/onething-kiosk.conf",
    "sysctl.conf": "lib/sysctl.d/60-onething-kiosk.conf",
    "pam": "etc/pam.d/onething-screen",
    "polkit.js": "usr/share/polkit-1/rules.d/60-onething-kiosk.rules",
}
KIOSK_UNITS = ("onething-screen.service",)
LIBRARIES_CONTROL = """Package: onething-terminal-libraries
Version: {version}
Architecture: {architecture}
Maintainer: Xin County Government Services <kiosks@xinxian.invalid>
Section: python
Priority: optional
Installed-Size: {size}
Depends: python3 (>= 3.11), python3 (<< 3.12), libc6, libgcc-s1, libstdc++6, zlib1g
Homepage: https://xinxian.invalid/
Description: one thing, done once: the libraries of the terminal's program
 Third-party Python packages in the versions and with the hashes that the
 program was tested with, in a folder of their own: they do not touch the
 Python packages of Debian.
"""
COMPILE = """#!/bin/sh
set -e
if [ "$1" = configure ]; then
    py3compile -p {package} /{folder}
fi
"""
CLEAN = """#!/bin/sh
set -e
if [ "$1" = remove ] || [ "$1" = upgrade ]; then
    py3clean -p {package}
fi
"""


def main() -> int:
    """Build what is asked for and print where it lies."""
    asked = _read_arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SOURCE_DATE_EPOCH", _last_commit_at())
    locked = lock_needed()
    built = []
    with tempfile.TemporaryDirectory(prefix="onething-deb-") as folder:
        if asked.only != "program":
            built.append(build_libraries(Path(folder), locked, asked.out, asked.compression))
        if asked.only != "libraries":
            source = Path(folder) / "source"
            lay_out_source(source, asked.version, name_version(locked), asked.updates_root)
            built += build_program(source, asked.out)
    sys.stdout.write("".join(f"{path}\n" for path in built))
    return 0


def build_libraries(folder: Path, locked: str, out: Path, compression: str) -> Path:
    """The package of third-party libraries. CalledProcessError when one cannot be had with its hash."""
    tree, package = folder / "libraries", "onething-terminal-libraries"
    _install_wheels(tree / LIBRARIES, folder / "libraries.txt", locked)
    documents = tree / "usr/share/doc" / package
    documents.mkdir(parents=True)
    shutil.copy(HERE / "debian/copyright", documents / "copyright")
    changelog = _write_changelog(package, name_version(locked)).encode()
    (documents / "changelog.gz").write_bytes(gzip.compress(changelog, mtime=0))
    _copy(HERE / "libraries.lintian-overrides", tree / "usr/share/lintian/overrides" / package)
    (tree / "DEBIAN").mkdir()
    architecture = _say("dpkg", "--print-architecture")
    size = sum(file.stat().st_size for file in tree.rglob("*") if file.is_file()) // 1024
    control = LIBRARIES_CONTROL.format(version=name_version(locked), architecture=architecture, size=size)
    (tree / "DEBIAN/control").write_text(control, "utf-8")
    for name, text in (("postinst", COMPILE), ("prerm", CLEAN)):
        script = tree / "DEBIAN" / name
        script.write_text(text.format(package=package, folder=LIBRARIES), "utf-8")
    _settle_modes(tree)
    built = out / f"{package}_{name_version(locked)}_{architecture}.deb"
    kind, _, level = compression.partition(":")
    _run("dpkg-deb", "--root-owner-group", f"-Z{kind}", f"-z{level}", "--build", str(tree), str(built))
    return built


def lay_out_source(source: Path, version: str, libraries: str, updates_root: Path | None) -> None:
    """A Debian source folder: debian/ with its generated files, and the programs below stage/."""
    shutil.copytree(HERE / "debian", source / "debian")
    control = (source / "debian/control.in").read_text("utf-8").replace("@LIBRARIES@", libraries)
    (source / "debian/control").write_text(control, "utf-8")
    (source / "debian/control.in").unlink()
    (source / "debian/changelog").write_text(_write_changelog("onething-terminal", version), "utf-8")
    program, kiosk = source / "stage/terminal", source / "stage/kiosk"
    _lay_out_program(program / APP, version)
    _place(program, PROGRAM_FILES)
    _place(kiosk, KIOSK_FILES)
    for unit in sorted((HERE / "systemd").iterdir()):
        tree = kiosk if unit.name in KIOSK_UNITS else program
        _copy(unit, tree / "lib/systemd/system" / unit.name)
    # Ctrl-Alt-Del has a unit of its own, and this name says that there is none.
    (kiosk / "etc/systemd/system").mkdir(parents=True)
    (kiosk / "etc/systemd/system/ctrl-alt-del.target").symlink_to("/dev/null")
    (program / "usr/lib/onething-terminal/drivers").mkdir(parents=True)
    if updates_root is not None:
        _copy(updates_root, program / "etc/onething-terminal/updates-root.json")
    _settle_modes(source / "stage")


def build_program(source: Path, out: Path) -> list[Path]:
    """The packages that are ours, by debhelper."""
    _run("debian/rules", "binary", folder=source)
    return [Path(shutil.copy(built, out)) for built in sorted(source.parent.glob("onething-*.deb"))]


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default=_project_version())
    parser.add_argument("--only", choices=("libraries", "program"))
    parser.add_argument("--compression", default="xz:2", help="of the libraries: xz:2, gzip:1, ...")
    parser.add_argument("--updates-root", type=Path, help="the first root.json of the county's updates")
    return parser.parse_args()


def _install_wheels(folder: Path, requirements: Path, locked: str) -> None:
    requirements.write_text(locked, "utf-8")
    has_uv = subprocess.run([sys.executable, "-m", "uv", "--version"], capture_output=True, check=False)
    pip = ["uv", "pip"] if has_uv.returncode == 0 else ["pip"]
    wanted = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--python-version", PYTHON]
    if pip == ["pip"]:
        wanted += ["--no-compile"]
    _run(
        *(sys.executable, "-m", *pip, "install", "--quiet", *wanted),
        *("--target", str(folder), "--requirement", str(requirements)),
    )
    shutil.rmtree(folder / "bin", ignore_errors=True)
    (folder / ".lock").unlink(missing_ok=True)


def _lay_out_program(app: Path, version: str) -> None:
    for program in PROGRAMS:
        shutil.copytree(TOP / program, app / program, ignore=shutil.ignore_patterns("__pycache__", "*.md"))
    described = app / f"onething_terminal-{version}.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: onething-terminal\nVersion: {version}\n", "utf-8"
    )
    drivers = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    lines = [
        line
        for group, entries in sorted(drivers.items())
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in sorted(entries.items())), "")
    ]
    (described / "entry_points.txt").write_text("\n".join(lines), "utf-8")


def _write_changelog(package: str, version: str) -> str:
    at = format_datetime(datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC))
    return (
        f"{package} ({version}) stable; urgency=medium\n\n  * Version {version}.\n\n"
        f" -- Xin County Government Services <kiosks@xinxian.invalid>  {at}\n"
    )


def _place(tree: Path, files: dict[str, str]) -> None:
    for name, place in files.items():
        _copy(HERE / "files" / name, tree / place)


def _copy(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, place)


def _settle_modes(tree: Path) -> None:
    for path in tree.rglob("*"):
        if path.is_symlink():
            continue
        is_program = path.is_dir() or path.read_bytes()[:2] == b"#!"
        path.chmod(0o755 if is_program and not path.match("*.py") else 0o755 if path.is_dir() else 0o644)


def _project_version() -> str:
    version: str = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return version


def _last_commit_at() -> str:
    return _say("git", "-C", str(TOP), "log", "-1", "--format=%ct") or "0"


def _say(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _run(*command: str, folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        raise SystemExit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    raise SystemExit(main())
