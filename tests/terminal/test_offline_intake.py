"""The server is stopped, somebody leaves a number, the server comes back, a clerk finds it: all for real."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from devices.simulator_process import SimulatorProcess
from onething.domain.actors import Actor
from onething.domain.staff import Role
from onething.services.fleet_configuring import configure
from onething.services.fleet_intakes import get_intake, list_intakes, settle_intake
from onething.worker import Worker
from terminal_client import identity as identities
from terminal_client.identity import check_words, raw_public
from terminal_client.keys import read_key
from tests.http import running_server

from .kiosk_process import KioskProcess, wait_for
from .real_server import TECHNICIAN, RealServer

CLERK = Actor(id="c1", kind="staff", roles=frozenset({Role.CLERK}))
NAME, PHONE = "陈雪梅", "19900007788"


class Stoppable:
    """A server of its own over the real server's records, always at the same address."""

    def __init__(self, real: RealServer, folder: Path, patch: pytest.MonkeyPatch) -> None:
        port = running_server.free_port()
        patch.setattr(running_server, "free_port", lambda: port)
        self.real, self.log = real, folder / "server.log"
        self.server = running_server.start_server(real.environ, self.log)
        self.url = self.server.url

    def stop(self) -> None:
        if self.server.process.poll() is None:
            self.server.stop()

    def start_again(self) -> None:
        self.server = running_server.start_server(self.real.environ, self.log)


@pytest.fixture
def stoppable(real: RealServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stoppable]:
    server = Stoppable(real, tmp_path, monkeypatch)
    yield server
    server.stop()


@pytest.fixture
def printer() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.receipt_printer.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def kiosk(stoppable: Stoppable, printer: SimulatorProcess, tmp_path: Path) -> Iterator[KioskProcess]:
    folder = tmp_path / "kiosk"
    folder.mkdir()
    process = KioskProcess(folder, stoppable.url, receipt_printer=printer.url)
    number = "K-OFF"
    stoppable.real.onething("terminal", "plan", "--number", number, "--hall", "一楼大厅")
    process.enrol(stoppable.real.onething("terminal", "code", number).split()[0])
    words = check_words(raw_public(read_key(folder / "kiosk.key")))
    stoppable.real.onething("terminal", "activate", number, "--words", words)
    terminal = identities.read_identity(folder / "state")
    assert terminal is not None
    open_always(stoppable.real, terminal.terminal, printer.url)
    process.start("--trial-seconds", "1")
    wait_for(lambda: is_confirmed(stoppable.real, terminal.terminal), 60)
    yield process
    process.end()


def open_always(real: RealServer, terminal: str, printer: str) -> None:
    """The test may run at any hour."""
    devices = {"receipt_printer": printer}
    settings = {**real.look(terminal).settings, "devices": devices, "opening_hours": []}
    configure(real.ports, TECHNICIAN, terminal, settings)


def is_confirmed(real: RealServer, terminal: str) -> bool:
    configurations = real.look(terminal).configurations
    return bool(configurations) and configurations[0].outcome == "confirmed"


def touch(kiosk: KioskProcess, act: str, **values: str) -> None:
    answer = requests.post(f"{kiosk.url}acts/{act}", data=values, timeout=10)
    assert answer.status_code == 204


def guides_are_kept(kiosk: KioskProcess) -> bool:
    path = kiosk.folder / "state" / "guides.json"
    return path.exists() and "P-NEWBORN" in json.loads(path.read_bytes())["guides"]


def leave_a_number(kiosk: KioskProcess) -> None:
    kiosk.see("可以先看指南、留下电话", 30)
    touch(kiosk, "start")
    touch(kiosk, "choose_thing", code="P-NEWBORN")
    kiosk.see("留下电话，联系我登记", 20)
    touch(kiosk, "to_intake")
    kiosk.see('data-screen="intake"')
    touch(kiosk, "value", fact="intake.name", value=NAME)
    touch(kiosk, "value", fact="intake.phone", value=PHONE)
    touch(kiosk, "keep")
    kiosk.see("收件单打好了", 20)


def test_a_number_left_while_the_server_was_stopped_reaches_a_clerk(
    stoppable: Stoppable, kiosk: KioskProcess, printer: SimulatorProcess
) -> None:
    wait_for(lambda: guides_are_kept(kiosk), 30)
    stoppable.stop()
    # the power fails too: what it knows of the things it knows from its disk
    kiosk.kill()
    kiosk.start()
    leave_a_number(kiosk)
    [slip] = printer.get("/slips")
    said = "\n".join(slip["lines"])
    assert "已收件，未受理" in said
    assert "199****7788" in said
    assert not [each for each in (NAME, PHONE) if each in said]
    held = b"".join(path.read_bytes() for path in (kiosk.folder / "state").rglob("*") if path.is_file())
    assert not [each for each in (NAME, PHONE) if each.encode() in held], "nothing of a person is readable"
    stoppable.start_again()
    worker = Worker(stoppable.real.ports, "test")

    def arrived() -> bool:
        while worker.work_once():
            pass
        return bool(mine())

    def mine() -> list[str]:
        return [
            each.intake
            for each in list_intakes(stoppable.real.ports, CLERK)
            if each.terminal_number == "K-OFF" and each.state == "opened"
        ]

    wait_for(arrived, 60)
    [intake] = mine()
    content = get_intake(stoppable.real.ports, CLERK, intake).content or {}
    assert (content["name"], content["phone"], content["thing"]) == (NAME, PHONE, "P-NEWBORN")
    assert content["number"] in said, "the slip's number finds it"
    settle_intake(stoppable.real.ports, CLERK, intake, "registered", "XX-261123-89D-JV2Q")
    assert mine() == []
