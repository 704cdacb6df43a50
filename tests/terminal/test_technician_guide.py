"""docs/technician.md, step by step, with the real server, the real program and simulated devices."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import requests

from devices.simulator_process import SimulatorProcess
from onething.services import fleet as fleet_services
from onething.services.fleet_configuring import configure
from terminal_client.cli import main
from terminal_client.identity import raw_public
from terminal_client.keys import read_key
from terminal_client.technician.readiness import find_signed

from .kiosk_process import KioskProcess, wait_for
from .made_birth import MOTHER
from .real_server import TECHNICIAN, RealServer

GUIDE = (Path(__file__).resolve().parents[2] / "docs/technician.md").read_text("utf-8")
MOST_STEPS = 12
CARD = {name: value for name, value in MOTHER.items() if value or name == "photo"}


@pytest.fixture(scope="module")
def walk(real: RealServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Walk"]:
    walk = Walk(real, tmp_path_factory.mktemp("kiosk"))
    yield walk
    walk.end()


class Walk:
    """A technician with the guide in one hand."""

    def __init__(self, real: RealServer, folder: Path) -> None:
        self.real = real
        # by a name that stays when the cable is put back, as udev gives it
        self.reader = SimulatorProcess("devices.id_card.simulator", "--link", str(folder / "id_card"))
        self.printer = SimulatorProcess("devices.receipt_printer.simulator")
        self.devices = {"id_card": self.reader.url, "receipt_printer": self.printer.url}
        self.kiosk = KioskProcess(folder, real.url, **self.devices)
        self.page = requests.Session()
        self.terminal = self.code = self.words = ""

    def end(self) -> None:
        self.page.close()
        self.kiosk.end()
        self.reader.end()
        self.printer.end()

    def steps(self) -> dict[str, Callable[[], None]]:
        return {
            "Plan it": self.plan,
            "Plug in": self.plug_in,
            "Look at the devices": self.look_at_devices,
            "Issue a code": self.issue_code,
            "Type the code": self.type_code,
            "Compare": self.compare,
            "Activate": self.activate,
            "Set it up": self.set_up,
            "Try every device": self.try_devices,
            "Run `onething-terminal doctor`": self.run_doctor,
            "Print the readiness report": self.print_report,
        }

    def plan(self) -> None:
        self.terminal = self.real.onething("terminal", "plan", "--number", "K-02", "--hall", "一楼大厅")

    def plug_in(self) -> None:
        self.kiosk.start("--trial-seconds", "3")

    def look_at_devices(self) -> None:
        wait_for(lambda: self.states() == {"id_card": "ready", "receipt_printer": "ready"})

    def issue_code(self) -> None:
        self.code = self.real.onething("terminal", "code", "K-02").split()[0]

    def type_code(self) -> None:
        page = self.page.post(self.kiosk.url + "technician/enrolment", data={"code": self.code}, timeout=30)
        found = re.search(r"data-check-words>([^<]+)<", page.text)
        assert found is not None, page.text
        self.words = found[1]
        self.kiosk.read_url()
        self.kiosk.see("请在控制台核对后启用", 30)

    def compare(self) -> None:
        assert self.words in self.real.onething("terminal", "list")

    def activate(self) -> None:
        assert self.real.onething("terminal", "activate", "K-02", "--words", self.words) == "active"
        wait_for(lambda: "active" in self.doctor_line("state"), 30)

    def set_up(self) -> None:
        settings = {**self.real.look(self.terminal).settings, "devices": self.devices}
        configure(self.real.ports, TECHNICIAN, self.terminal, settings)
        wait_for(lambda: self.reported() == "confirmed", 60)

    def try_devices(self) -> None:
        code = fleet_services.give_offline_code(self.real.ports, TECHNICIAN, self.terminal).code
        self.page.post(self.kiosk.url + "technician/entry", data={"code": code}, timeout=10)
        self.reader.put("/card", CARD)
        for kind in ("id_card", "receipt_printer"):
            shown = self.page.post(f"{self.kiosk.url}technician/trials/{kind}", timeout=40).text
            assert f'data-trial="{kind}" data-well="yes"' in shown
        self.reader.delete("/card")

    def run_doctor(self) -> None:
        said = self.doctor()
        for what in ("key", "enrolment", "state folder", "server", "state", "clock", "card reader"):
            assert f"ok   {what}: " in said, said
        assert "ok   receipt printer: ready" in said, said

    def print_report(self) -> None:
        report = self.page.get(self.kiosk.url + "technician/report.html", timeout=10).text
        content = find_signed(report, raw_public(read_key(self.kiosk.folder / "kiosk.key")))
        assert content is not None
        assert content["trials"] == {"id_card": "ok", "receipt_printer": "ok"}

    def states(self) -> dict[str, str]:
        """The devices as the kiosk's own screen shows them."""
        shown = self.page.get(self.kiosk.url + "technician/", timeout=10).text
        return dict(re.findall(r'data-device="(\w+)" data-state="(\w+)"', shown))

    def states_at_the_console(self) -> dict[str, str]:
        line = self.real.look(self.terminal).line
        return {tile.kind: tile.state for tile in line.devices if tile.kind in self.devices}

    def reported(self) -> str:
        configurations = self.real.look(self.terminal).configurations
        return str(configurations[0].outcome or "") if configurations else ""

    def doctor_line(self, what: str) -> str:
        return next((line for line in self.doctor().splitlines() if f" {what}: " in line), "")

    def doctor(self) -> str:
        out = io.StringIO()
        with redirect_stdout(out):
            main(["doctor", "--config", str(self.kiosk.file)])
        return out.getvalue()


def test_a_second_terminal_is_there_in_at_most_twelve_steps(walk: Walk) -> None:
    section = GUIDE.partition("## A second terminal")[2].partition("\n## ")[0]
    written = re.findall(r"^\d+\. \*\*(.+?)\*\*", section, re.M)
    steps = walk.steps()
    assert written == list(steps)
    assert len(written) <= MOST_STEPS
    for step in written:
        steps[step]()


def test_a_pulled_cable_is_said_everywhere_and_mended_by_itself(walk: Walk) -> None:
    walk.reader.put("/plug", {"is_in": False})
    for states in (walk.states, walk.states_at_the_console):
        wait_for(lambda states=states: states()["id_card"] == "absent", 90)
    wait_for(lambda: "BAD  card reader: " in walk.doctor(), 30)
    assert "Check power and cable" in walk.doctor()
    walk.reader.put("/plug", {"is_in": True})
    for states in (walk.states, walk.states_at_the_console):
        wait_for(lambda states=states: states()["id_card"] == "ready", 90)
    wait_for(lambda: "ok   card reader: ready" in walk.doctor(), 30)
