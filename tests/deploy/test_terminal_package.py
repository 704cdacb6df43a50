"""The packages on a Debian that has never seen us: they install, work, and go without a trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from .clean_debian import Machine
from .terminal_machine import (
    AS_PROGRAM,
    CONFIG,
    STATE,
    configure,
    install,
    make_state,
    program,
    running_door,
    simulator,
)
from .terminal_packages import BuiltPackages

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

pytestmark = pytest.mark.xdist_group("clean-debian")


@pytest.fixture
def machine(layers: list[Path], tmp_path: Path) -> Iterator[Machine]:
    with Machine(layers, tmp_path) as machine:
        yield machine


def test_it_starts_passes_its_doctor_and_is_purged_without_a_trace(
    machine: Machine, packages: BuiltPackages
) -> None:
    before = machine.list_files()
    install(machine, packages)
    public = make_state(machine)
    with (
        simulator(machine, "devices.id_card.simulator") as reader,
        simulator(machine, "devices.receipt_printer.simulator") as printer,
        running_door(public) as door,
    ):
        configure(machine, door, {"id_card": reader["url"], "receipt_printer": printer["url"]})
        examined = machine.run(*AS_PROGRAM, "onething-terminal", "doctor", "--config", CONFIG)
        assert "BAD" not in examined.stdout
        for part in ("key", "server", "card reader: ready", "receipt printer: ready", "pinyin", "voice"):
            assert f"ok   {part}" in examined.stdout
        with program(machine) as url:
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
    install(machine, packages)
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
    make_state(machine)
    read = machine.run(
        "runuser", "--user", "onething-screen", "--", "cat", f"{STATE}/kiosk.key", may_fail=True
    )
    assert "Permission denied" in read.stdout
    assert machine.run("id", "-nG", "onething-screen").stdout.split().count("onething-devices") == 0
