"""The kiosk dies while its form is on a phone: the phone goes on, and the kiosk finds it all again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.world import World
from devices.simulator_process import SimulatorProcess
from terminal_client.cli import main
from tests.terminal.kiosk_process import KioskProcess

from .sitting import ANSWERS, Sitting
from .test_hand_over import Handset, ask_phone_door, read_code
from .window import Window

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOLDER = "spare.three"


class Corner:
    """A second kiosk of the county with a reader of its own, in a process that a test may kill."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self.printer = world.printer
        self.card_reader = SimulatorProcess("devices.id_card.simulator")
        self.process = KioskProcess(folder, world.server_url, id_card=self.card_reader.url)
        self.process.file.write_text(
            f'terminal_id = "{enrol(world, folder)}"\n{self.process.file.read_text("utf-8")}', "utf-8"
        )
        self.process.start()

    def get_card(self, person: str) -> dict[str, object]:
        return self._world.get_card(person)

    def end(self) -> None:
        self.process.end()
        self.card_reader.end()


def enrol(world: World, folder: Path) -> str:
    """A terminal of its own: two machines with one key would be taken out of service."""
    key = folder / "kiosk.key"
    assert main(["keygen", "--key-file", str(key)]) == 0
    more = ("--number", f"killed-{folder.name}"[:20], "--hall", "大厅", "--public-key", f"{key}.pub")
    return world.run_onething("terminal", "enrol", *more).split()[-1]


@pytest.fixture
def corner(world: World, tmp_path: Path) -> Iterator[Corner]:
    corner = Corner(world, tmp_path)
    yield corner
    corner.end()


def test_what_the_phone_saves_meanwhile_is_there(
    world: World, corner: Corner, browser: Browser, tmp_path: Path
) -> None:
    with Window(browser, corner.process.url, tmp_path) as window:
        Sitting(corner, window, HOLDER, answers=ANSWERS).go_to("form")
        window.act("to_phone")
        window.wait_for("handing")
        code = read_code(window).partition("t=")[2]
        token = sign_in(browser, world)
        taken = ask_phone_door(world, token, "POST", "/hand-overs", {"code": code})
        window.page.locator('.handing[data-state="taken"]').wait_for()
        corner.process.kill()
    corner.card_reader.delete("/card")
    draft = taken["draft"]
    typed = {"values": {"child.name": "许留下"}}
    ask_phone_door(world, token, "PUT", f"/drafts/{draft}/values", typed)
    corner.process.start()
    with Window(browser, corner.process.url, tmp_path) as window:
        sitting = Sitting(corner, window, HOLDER, answers={**ANSWERS, "child.ethnicity": "01"})
        sitting.go_to("form")
        expect(window.field("child.name")).to_contain_text("许留下")
        sitting.answer_field("application.mobile")
        ask_phone_door(world, token, "PUT", f"/drafts/{draft}/values", typed)


def sign_in(browser: Browser, world: World) -> str:
    """The token of the holder's phone."""
    handset = Handset(browser, world)
    handset.page.goto(f"{world.server_url}/m/enter")
    handset.sign_in(HOLDER)
    handset.page.get_by_text("您好").wait_for()
    token = handset.read_token()
    handset.context.close()
    return token
