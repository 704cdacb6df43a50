"""A scanner that still holds a sheet of the person before: it never goes into the next one's case."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from devices.scanner.escl_messages import parse_abilities, scan_settings
from devices.simulator_process import SimulatorProcess
from terminal_client.config import Config, DeviceUrls
from terminal_client.devices_in_use import DevicesInUse
from terminal_client.journey import events
from terminal_client.journey.state import Screen
from terminal_client.kiosk import Kiosk
from terminal_client.server_client import ServerClient

from .kiosk_process import wait_for
from .made_birth import FATHER, MOTHER
from .stand_in_server import RunningDoor, StandIn

RED, BLUE = [200, 30, 30], [30, 30, 200]
TYPED = {
    "child.name": "陈一诺",
    "application.settle_with": "mother",
    "application.mobile": "19900001234",
    "application.delivery": "window",
}


class Sitting:
    """A kiosk with a real scanner's wire, touched by the test."""

    def __init__(self, folder: Path, scanner: SimulatorProcess) -> None:
        key = Ed25519PrivateKey.generate()
        self.door = RunningDoor(StandIn(key.public_key()))
        urls = DeviceUrls(scanner=scanner.url)
        config = Config(self.door.url, "t3", folder / "key", folder, "厅", "Hall", devices=urls, scan_dpi=75)
        self.client = ServerClient(self.door.url, "t3", key)
        self.devices = DevicesInUse(config)
        self.kiosk = Kiosk(self.client, self.devices)
        self.kiosk.start()
        wait_for(lambda: self.kiosk.journey.things)
        self.kiosk.handle(events.ReaderChanged(None))

    def touch(self, act: str, screen: Screen | None = None, **values: str) -> None:
        self.kiosk.handle(events.Touched(act, values))
        wait_for(lambda: not self.kiosk.journey.is_busy)
        if screen is not None:
            wait_for(lambda: self.kiosk.journey.screen is screen)

    def go_to_materials(self, card: dict[str, str]) -> None:
        self.touch("start", Screen.THINGS)
        self.touch("choose_thing", Screen.NOTICE, code="P-NEWBORN")
        self.touch("begin", Screen.MATTERS)
        self.touch("next", Screen.CARD)
        self.kiosk.handle(events.CardPlaced(card))
        wait_for(lambda: self.kiosk.journey.screen is Screen.CONSENT)
        self.touch("consent", Screen.FORM)
        for fact, value in TYPED.items():
            self.touch("value", fact=fact, value=value)
        self.touch("next", Screen.MATERIALS)

    def scan(self) -> list[int]:
        """Scan one page; the colour of what the server got."""
        wanted = next(each for each in self.kiosk.journey.draft["materials"] if each["how"] == "submit")
        self.touch("scan", Screen.SCANNING, material=str(wanted["id"]))
        wait_for(lambda: self.kiosk.journey.citizen and not self.kiosk.journey.citizen.scanning)
        citizen = self.kiosk.journey.citizen
        assert citizen is not None
        assert citizen.scanned, self.kiosk.journey.notice
        with Image.open(BytesIO(self.door.door.keys[citizen.scanned[-1]["file"]])) as page:
            seen = page.convert("RGB").getpixel((page.width // 2, page.height // 2))
        assert isinstance(seen, tuple)
        return [int(part) for part in seen]

    def leave(self) -> None:
        self.touch("leave_now")
        self.kiosk.handle(events.CardRemoved())
        wait_for(lambda: self.kiosk.journey.screen is Screen.IDLE)

    def stop(self) -> None:
        self.kiosk.stop()
        self.client.close()
        self.door.stop()


@pytest.fixture(scope="module")
def scanner() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.scanner.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def sitting(tmp_path: Path, scanner: SimulatorProcess) -> Iterator[Sitting]:
    scanner.put("/faults", {})
    begun = Sitting(tmp_path, scanner)
    yield begun
    begun.stop()


def leave_a_sheet(scanner: SimulatorProcess) -> None:
    """A red page, scanned and fetched half: this scanner keeps it, and gives it to whoever is next."""
    root = scanner.addresses["escl"]
    keeping = {"keeps_abandoned_page": True, "gives_kept_page_from_empty_feeder": True}
    scanner.put("/faults", {**keeping, "at": "inside_page", "fault": "drop", "at_byte": 150})
    scanner.put("/feeder", [RED])
    feeder = parse_abilities(requests.get(f"{root}/ScannerCapabilities", timeout=5).content)["feeder"]
    settings = scan_settings("feeder", feeder, dpi=75, colour=True)
    job = requests.post(f"{root}/ScanJobs", settings, timeout=5).headers["Location"]
    with pytest.raises(requests.RequestException):
        requests.get(f"{job}/NextDocument", timeout=5).raise_for_status()
    scanner.put("/faults", keeping)
    scanner.put("/glass", BLUE)


def is_near(seen: list[int], wanted: list[int]) -> bool:
    return all(abs(one - other) < 20 for one, other in zip(seen, wanted, strict=True))


@pytest.mark.parametrize("when", ["before the first sitting", "in the sitting before", "by a dead program"])
def test_the_next_persons_page_is_the_next_persons(
    sitting: Sitting, scanner: SimulatorProcess, when: str
) -> None:
    if when == "before the first sitting":
        leave_a_sheet(scanner)
    sitting.go_to_materials(MOTHER)
    if when == "in the sitting before":
        leave_a_sheet(scanner)
        sitting.leave()
        sitting.go_to_materials(FATHER)
    if when == "by a dead program":
        # what ran before was killed in mid-scan: nobody has cleared, and the sitting is on its way
        settle(sitting.devices)
        leave_a_sheet(scanner)
        sitting.devices.use(sitting.devices._config)
    assert is_near(sitting.scan(), BLUE)


def test_without_clearing_the_sheet_would_come(
    sitting: Sitting, scanner: SimulatorProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting.go_to_materials(MOTHER)
    monkeypatch.setattr(DevicesInUse, "_clear_scanner", lambda _self: None)
    leave_a_sheet(scanner)
    assert is_near(sitting.scan(), RED), "the simulator held no sheet, so the other test says nothing"


def settle(devices: DevicesInUse) -> None:
    """Wait until nothing is being cleared."""
    with devices._clearing:
        pass
