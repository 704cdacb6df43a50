"""T10: the program is killed in the middle; it begins anew on the same folder, and the screen is clean."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from devices.simulator_process import SimulatorProcess

from ..kiosk_process import KioskProcess, wait_for
from ..made_birth import MOTHER
from ..stand_in_fleet import RunningFleet

pytestmark = pytest.mark.browser
CARD = {name: value for name, value in MOTHER.items() if value or name == "photo"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1080, "height": 1920})
    yield page
    page.close()


@pytest.fixture
def reader() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.id_card.simulator")
    yield simulator
    simulator.end()


def test_t10_a_killed_program_leaves_a_clean_screen_and_comes_back(
    tmp_path: Path, fleet: RunningFleet, reader: SimulatorProcess, page: Page
) -> None:
    kiosk = KioskProcess(tmp_path, fleet.url, id_card=reader.url)
    kiosk.enrol()
    try:
        kiosk.start()
        port = kiosk.url.rstrip("/").rpartition(":")[2]
        wait_for(lambda: fleet.door.heartbeats)
        reader.put("/card", CARD)
        page.goto(kiosk.url)
        expect(page.locator('#mode i[data-screen="things"]')).to_be_attached(timeout=15_000)
        kiosk.kill()
        page.wait_for_function("document.body.childElementCount === 0", timeout=15_000)
        reader.delete("/card")
        count = len(fleet.door.heartbeats)
        kiosk.start("--port", port)
        expect(page.locator('#mode i[data-screen="idle"]')).to_be_attached(timeout=15_000)
        assert MOTHER["name"] not in page.content()
        wait_for(lambda: len(fleet.door.heartbeats) > count)
        counters = [each["counter"] for each in fleet.door.heartbeats]
        assert counters == sorted(set(counters))
    finally:
        kiosk.end()
