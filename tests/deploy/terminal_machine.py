"""A kiosk in small: a clean Debian, the terminal's packages, simulated devices, a small server's door."""

import json
import select
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.terminal.stand_in_server import RunningDoor, StandIn

from .clean_debian import Machine
from .terminal_packages import BuiltPackages

FOLDERS = ("/usr/share/onething-terminal/app", "/usr/lib/onething-terminal/libraries")
INSIDE = {"PYTHONPATH": ":".join(FOLDERS)}
STATE = "/var/lib/onething-terminal"
RUN = "/run/onething-terminal"
CONFIG = "/etc/onething-terminal/kiosk.toml"
AS_PROGRAM = ("runuser", "--user", "onething-terminal", "--")
READY_SECONDS = 60


def install(machine: Machine, packages: BuiltPackages) -> None:
    """Program and kiosk, as dpkg installs them."""
    for package in (packages.program, packages.kiosk):
        machine.put(package, f"/srv/{package.name}")
    machine.run("dpkg", "--install", f"/srv/{packages.program.name}")
    # chromium and cage are half a gigabyte, and nothing of theirs is in question here
    machine.run("dpkg", "--force-depends", "--install", f"/srv/{packages.kiosk.name}")


def make_state(machine: Machine) -> Ed25519PublicKey:
    """The folders that StateDirectory= and RuntimeDirectory= of the unit make, and a key by keygen."""
    owner = ("--owner=onething-terminal", "--group=onething-terminal")
    machine.run("install", "--directory", "--mode=0700", *owner, STATE, RUN)
    machine.run(*AS_PROGRAM, "onething-terminal", "keygen", "--key-file", f"{STATE}/kiosk.key")
    key = load_pem_public_key(machine.path(f"{STATE}/kiosk.key.pub").read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    return key


def configure(machine: Machine, door: str, devices: Mapping[str, str]) -> None:
    """Tell the kiosk its server and its devices."""
    given = machine.path(CONFIG).read_text("utf-8")
    known = f'server_url = "{door}"\nterminal_id = "terminal-1"\n'
    lines = "".join(f'{kind} = "{url}"\n' for kind, url in devices.items())
    machine.path(CONFIG).write_text(f"{known}{given}\n[devices]\n{lines}", "utf-8")


@contextmanager
def running_door(public: Ed25519PublicKey) -> Iterator[str]:
    """The small server's address."""
    running = RunningDoor(StandIn(public))
    try:
        yield running.url
    finally:
        running.stop()


@contextmanager
def simulator(machine: Machine, module: str) -> Iterator[dict[str, str]]:
    """A device of the packaged program, inside: its `url`, and its `control` door."""
    # a pseudo-terminal belongs to who opens it, as udev's rule gives a reader's port to the program
    with _started(machine.command(*AS_PROGRAM, "python3", "-m", module, environment=INSIDE)) as said:
        yield said


@contextmanager
def program(machine: Machine) -> Iterator[str]:
    """The program as its unit starts it, on a free port; its address."""
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
