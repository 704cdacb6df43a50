"""The packages on a Debian that has never seen us: they install, work, and go without a trace."""

import json
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.terminal.stand_in_server import RunningDoor, StandIn

from .clean_debian import Machine
from .terminal_packages import BuiltPackages

FOLDERS = ("/usr/share/onething-terminal/app", "/usr/lib/onething-terminal/libraries")
INSIDE = {"PYTHONPATH": ":".join(FOLDERS)}
STATE = "/var/lib/onething-terminal"
CONFIG = "/etc/onething-terminal/kiosk.toml"
AS_PROGRAM = ("runuser", "--user", "onething-terminal", "--")
# What Debian's own tools note about every package that was ever there, and the users, whom Debian never takes
# away, so that nobody later gets their number and with it what they owned.
NOTED = (
    "/etc/passwd-",
    "/etc/group-",
    "/etc/shadow-",
    "/etc/gshadow-",
    "/var/log/",
    "/var/lib/dpkg/",
    "/tmp/",
)
READY_SECONDS = 60

pytestmark = pytest.mark.xdist_group("clean-debian")


@pytest.fixture
def machine(layers: list[Path], tmp_path: Path) -> Iterator[Machine]:
    with Machine(layers, tmp_path) as machine:
        yield machine


def test_it_starts_passes_its_doctor_and_is_purged_without_a_trace(
    machine: Machine, packages: BuiltPackages
) -> None:
    before = machine.list_files()
    _install(machine, packages)
    public = _make_state(machine)
    with (
        _simulator(machine, "devices.id_card.simulator") as reader,
        _simulator(machine, "devices.receipt_printer.simulator") as printer,
        _door(public) as door,
    ):
        _configure(machine, door, reader, printer)
        examined = machine.run(*AS_PROGRAM, "onething-terminal", "doctor", "--config", CONFIG)
        assert "BAD" not in examined.stdout
        for part in ("key", "server", "card reader: ready", "receipt printer: ready", "pinyin", "voice"):
            assert f"ok   {part}" in examined.stdout
        with _program(machine) as url:
            live = requests.get(f"{url}live", timeout=5).json()
            assert live == {"version": "1.0.0", "is_well": True}
            assert "<html" in requests.get(url, timeout=5).text
    machine.run("dpkg", "--purge", "onething-kiosk", "onething-terminal")
    left = {file for file in machine.list_files() - before if not file.startswith(NOTED)}
    assert left == {f"/srv/{package.name}" for package in (packages.program, packages.kiosk)}
    assert before - machine.list_files() == set()
    machine.run("dpkg", "--purge", "onething-terminal-libraries")
    ours = {file for file in machine.list_files() if "onething" in file and not file.startswith("/srv/")}
    assert ours == set()


def test_a_kiosk_is_locked_down_from_its_next_start_on(machine: Machine, packages: BuiltPackages) -> None:
    _install(machine, packages)
    enabled = machine.run(
        "systemctl", "is-enabled", *("onething-screen.service", "onething-terminal.service")
    )
    assert enabled.stdout.split() == ["enabled", "enabled"]
    assert machine.run("systemctl", "is-enabled", "ctrl-alt-del.target", may_fail=True).stdout == "masked\n"
    logind = machine.run("systemd-analyze", "cat-config", "systemd/logind.conf").stdout
    assert "\nNAutoVTs=0\nReserveVT=0\n" in logind
    for user in ("onething-terminal", "onething-screen"):
        entry = machine.run("getent", "passwd", user).stdout.strip()
        assert entry.endswith("/usr/sbin/nologin")
        assert machine.run("getent", "shadow", user).stdout.split(":")[1].startswith(("!", "*"))
    # the browser's user reads nothing of the program's
    _make_state(machine)
    read = machine.run(
        "runuser", "--user", "onething-screen", "--", "cat", f"{STATE}/kiosk.key", may_fail=True
    )
    assert "Permission denied" in read.stdout
    assert machine.run("id", "-nG", "onething-screen").stdout.split().count("onething-devices") == 0


def _install(machine: Machine, packages: BuiltPackages) -> None:
    machine.put(packages.program, f"/srv/{packages.program.name}")
    machine.put(packages.kiosk, f"/srv/{packages.kiosk.name}")
    machine.run("dpkg", "--install", f"/srv/{packages.program.name}")
    # chromium and cage are half a gigabyte, and nothing of theirs is in question here
    machine.run("dpkg", "--force-depends", "--install", f"/srv/{packages.kiosk.name}")


def _make_state(machine: Machine) -> Ed25519PublicKey:
    """What StateDirectory= of the unit makes, and the key that keygen makes in it."""
    owner = ("--owner=onething-terminal", "--group=onething-terminal")
    machine.run("install", "--directory", "--mode=0700", *owner, STATE)
    machine.run(*AS_PROGRAM, "onething-terminal", "keygen", "--key-file", f"{STATE}/kiosk.key")
    key = load_pem_public_key(machine.path(f"{STATE}/kiosk.key.pub").read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    return key


def _configure(machine: Machine, door: str, reader: str, printer: str) -> None:
    given = machine.path(CONFIG).read_text("utf-8")
    known = f'server_url = "{door}"\nterminal_id = "terminal-1"\n'
    devices = f'\n[devices]\nid_card = "{reader}"\nreceipt_printer = "{printer}"\n'
    machine.path(CONFIG).write_text(known + given + devices, "utf-8")


@contextmanager
def _door(public: Ed25519PublicKey) -> Iterator[str]:
    running = RunningDoor(StandIn(public))
    yield running.url
    running.stop()


@contextmanager
def _simulator(machine: Machine, module: str) -> Iterator[str]:
    # a pseudo-terminal belongs to who opens it, as udev's rule gives a reader's port to the program
    with _started(machine.command(*AS_PROGRAM, "python3", "-m", module, environment=INSIDE)) as said:
        yield said["url"]


@contextmanager
def _program(machine: Machine) -> Iterator[str]:
    """The program as its unit starts it, on a free port."""
    run = ("onething-terminal", "run", "--config", CONFIG, "--port", "0")
    with _started(machine.command(*AS_PROGRAM, *run)) as said:
        yield said["url"]


@contextmanager
def _started(command: list[str]) -> Iterator[dict[str, str]]:
    """Start a program that says in one line of JSON that it is ready; end it by ending its standard input."""
    process = subprocess.Popen(
        [*command, "--with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    try:
        assert select.select([process.stdout], [], [], READY_SECONDS)[0], f"not ready: {command[-3:]}"
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()
