"""A bad update: the version before comes back by itself, also when the power goes in the middle of it"""

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.deploy.clean_debian import Machine
from tests.deploy.terminal_machine import (
    AS_PROGRAM,
    configure,
    install,
    make_state,
    running_door,
    simulator,
)
from tests.deploy.terminal_packages import get_layers, get_packages, make_version
from tests.patience import Patience

from ..made_birth import MOTHER
from ..updates.served import ReleaseTool, Server

UPDATE = "onething-terminal-update"
CARD = {name: value for name, value in MOTHER.items() if value or name == "photo"}
BROKEN = {"terminal_client/cli/__init__.py": "raise SystemExit('broken on purpose')\n"}
# When the power goes, in seconds after the installer began; a share of them in the ordinary run.
CUTS = [0.15 * step for step in range(20)] if os.environ.get("FAULTS") == "all" else [0.8]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clean-debian")]

START = """#!/bin/sh
# What the unit does, on a machine that has no systemd running.
setsid setpriv --reuid=onething-terminal --regid=onething-terminal --init-groups onething-terminal run \\
    --config /etc/onething-terminal/kiosk.toml --port {port} </dev/null >>/var/log/program 2>&1 &
echo $! >/run/program.pid
"""
STOP = """#!/bin/sh
kill "$(cat /run/program.pid)" 2>/dev/null || exit 0
while kill -0 "$(cat /run/program.pid)" 2>/dev/null; do sleep 0.05; done
"""
POWER_CUT = """
for each in /proc/[0-9]*; do
    case $(readlink "$each/exe") in *dpkg*|*python3*) kill -KILL "${each#/proc/}";; esac
done
"""


class Kiosk:
    """A kiosk at version 1.0.0 in a clean Debian, and the county's repository beside it."""

    def __init__(self, folder: Path, open_until_the_end: ExitStack) -> None:
        self.folder = folder
        (folder / "machine").mkdir()
        self.machine = open_until_the_end.enter_context(Machine(get_layers(), folder / "machine"))
        install(self.machine, get_packages())
        public = make_state(self.machine)
        self.reader = open_until_the_end.enter_context(simulator(self.machine, "devices.id_card.simulator"))
        door = open_until_the_end.enter_context(running_door(public))
        configure(self.machine, door, {"id_card": self.reader["url"]})
        self.county = ReleaseTool(folder / "county")
        self.server = Server(self.county.repository)
        open_until_the_end.callback(self.server.stop)
        self.url = f"http://127.0.0.1:{_find_free_port()}"
        self._write_settings()
        open_until_the_end.callback(lambda: self.machine.run("/srv/stop"))

    def publish(self, version: str, changed: dict[str, str] | None = None) -> None:
        """Build a version and offer it."""
        package = make_version(get_packages().program, version, self.folder, changed)
        libraries = get_packages().libraries
        self.county.run("add", version, str(libraries), str(package))

    def fetch(self) -> str:
        """What the fetching unit does."""
        return self.machine.run(*AS_PROGRAM, UPDATE, "fetch").stdout.splitlines()[-1]

    def begin_install(self) -> subprocess.Popen[str]:
        """What the installing unit does."""
        return subprocess.Popen(
            self.machine.command(UPDATE, "install"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def install(self) -> tuple[int, str]:
        """The same to its end; the exit code, and the last line it said."""
        ended = self.machine.run(UPDATE, "install", may_fail=True)
        return ended.returncode, ended.stdout.splitlines()[-1]

    def cut_power(self) -> None:
        """Kill all that runs, the program and the installer with its dpkg, in the middle of what they do."""
        self.machine.run("sh", "-c", POWER_CUT, may_fail=True)

    def boot(self) -> None:
        """What the next start begins: the program, and the installer where its path unit finds something."""
        self.machine.run("/srv/start")
        waiting = [f"/var/lib/onething-update/{name}" for name in ("installing.json", "fetched/ready")]
        if any(self.machine.path(name).exists() for name in waiting):
            self.install()

    def progress(self) -> dict[str, object]:
        """How the update stands."""
        found: dict[str, object] = json.loads(self.machine.run(UPDATE, "status").stdout)["update"]
        return found

    def screen(self) -> str:
        """Which screen a new page shows, read from its stream."""
        page = re.search(r"/events/\w+", requests.get(self.url, timeout=10).text)
        assert page
        seen = ""
        with requests.get(f"{self.url}{page[0]}", stream=True, timeout=10) as stream:
            for chunk in stream.iter_content(None):
                seen += chunk.decode(errors="replace")
                if found := re.search(r'data-screen="(\w+)"', seen):
                    return found[1]
        return ""

    def version(self) -> str:
        """Which version the page says it is; empty when nothing answers."""
        try:
            return str(requests.get(f"{self.url}/live", timeout=5).json()["version"])
        except (requests.RequestException, ValueError, KeyError):
            return ""

    def _write_settings(self) -> None:
        port = self.url.rsplit(":", 1)[1]
        for name, text in (("start", START.format(port=port)), ("stop", STOP)):
            self.machine.path(f"/srv/{name}").write_text(text, "utf-8")
            self.machine.path(f"/srv/{name}").chmod(0o755)
        shutil.copy(self.county.root, self.machine.path("/etc/onething-terminal/updates-root.json"))
        self.machine.path("/etc/onething-terminal/update.toml").write_text(
            f'repository = "{self.server.url}"\nchannel = "test"\npages = "{self.url}"\n'
            'start = ["/srv/start"]\nstop = ["/srv/stop"]\nhealth_seconds = 20\nsettle_seconds = 0.5\n',
            "utf-8",
        )
        self.machine.run(UPDATE, "keep", f"/srv/{get_packages().program.name}")
        self.machine.run("/srv/start")
        wait_for(lambda: self.version() == "1.0.0", 60)


def wait_for(is_so: Callable[[], object], seconds: float = 15) -> None:
    """Wait until something is so."""
    patience = Patience(seconds)
    while not is_so():
        assert patience.lasts(), "it did not become so"
        time.sleep(0.1)


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    with ExitStack() as stack:
        yield Kiosk(tmp_path, stack)


def _find_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def test_a_good_one_waits_for_the_citizen_and_a_bad_one_is_undone(kiosk: Kiosk) -> None:
    kiosk.publish("1.1.0")
    assert kiosk.fetch() == "1.1.0"
    requests.put(f"{kiosk.reader['control']}/card", json=CARD, timeout=5).raise_for_status()
    wait_for(lambda: kiosk.screen() == "things")
    installer = kiosk.begin_install()
    wait_for(lambda: kiosk.progress()["state"] == "waiting")
    time.sleep(2)
    assert (installer.poll(), kiosk.version()) == (None, "1.0.0")
    requests.delete(f"{kiosk.reader['control']}/card", timeout=5).raise_for_status()
    requests.post(f"{kiosk.url}/acts/leave_now", timeout=5).raise_for_status()
    said, _ = installer.communicate(timeout=90)
    assert (installer.returncode, said.splitlines()[-1]) == (0, "1.1.0")
    assert (kiosk.version(), kiosk.progress()["state"]) == ("1.1.0", "confirmed")

    kiosk.publish("1.2.0", BROKEN)
    assert kiosk.fetch() == "1.2.0"
    code, said = kiosk.install()
    assert code == 1
    assert "does_not_start" in said
    wait_for(lambda: kiosk.version() == "1.1.0", 30)
    progress = kiosk.progress()
    assert (progress["state"], progress["given_up"]) == ("rolled_back", {"1.2.0": "does_not_start"})
    # what failed here is not tried in a circle, and what comes after it is taken
    assert kiosk.fetch() == "nothing newer"


@pytest.mark.parametrize("seconds", CUTS)
def test_after_a_power_cut_it_is_the_one_version_or_the_other_and_well(kiosk: Kiosk, seconds: float) -> None:
    kiosk.publish("1.1.0")
    kiosk.fetch()
    installer = kiosk.begin_install()
    wait_for(lambda: kiosk.progress()["state"] != "none")
    time.sleep(seconds)
    kiosk.cut_power()
    installer.communicate(timeout=10)
    kiosk.boot()
    wait_for(lambda: kiosk.version() in ("1.0.0", "1.1.0"), 30)
    assert kiosk.machine.run("dpkg", "--audit").stdout == ""
    assert kiosk.machine.run("dpkg", "--verify", "onething-terminal").stdout.count("/app/") == 0
    # nothing is left half-done: neither a note nor an order
    left = kiosk.machine.run("find", "/var/lib/onething-update", "-name", "installing.json").stdout
    assert left == ""
