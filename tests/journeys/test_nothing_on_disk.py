"""What stays on a terminal's disk after people have gone: nothing of theirs, in no file and no encoding."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, BrowserContext

from demo.world import World

from .sitting import Sitting
from .window import Window

pytestmark = pytest.mark.browser
FINISHED, ABANDONED = ("tong.mother", "tong.father"), ("rare.mother", "rare.father")
ENCODINGS = ("utf-8", "utf-16-le", "gb18030")


class Profile:
    """A Chromium with a profile on the disk, as a kiosk's has when nobody puts it into memory."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self.folder = folder

    def new_context(self, **settings: Any) -> BrowserContext:
        """Started with this profile."""
        return self._browser.browser_type.launch_persistent_context(
            self.folder,
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--lang=zh-CN"],
            **settings,
        )


def find_secrets(folders: Sequence[Path], secrets: Sequence[str]) -> list[str]:
    """Each file that holds a secret, with the encoding in which it does."""
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    forms = [(secret, name, secret.encode(name)) for secret in secrets for name in ENCODINGS]
    found = []
    for file in files:
        held = file.read_bytes()
        found += [f"{file.name}: {secret} as {name}" for secret, name, form in forms if form in held]
    assert files
    return found


@pytest.fixture
def kept(browser: Browser, world: World, tmp_path: Path) -> Iterator[tuple[Profile, Window]]:
    profile = Profile(browser, tmp_path / "profile")
    with Window(cast(Browser, profile), world.kiosk_url, tmp_path) as window:
        window.leave()
        yield profile, window


def secrets_of(world: World) -> list[str]:
    cards = [world.get_card(person) for pair in (FINISHED, ABANDONED) for person in pair]
    return [card[name] for card in cards for name in ("name", "id_number", "address")]


def test_no_byte_of_a_citizen_stays_on_the_terminal(
    kept: tuple[Profile, Window], world: World, tmp_path: Path
) -> None:
    profile, window = kept
    handed_in = Sitting(world, window, FINISHED[0], other=FINISHED[1])
    assert handed_in.go_to("receipt") == "receipt"
    handed_in.wait_for_slips(1)
    handed_in.finish()
    world.card_reader.delete("/card")
    window.wait_for("idle")
    Sitting(world, window, ABANDONED[0], other=ABANDONED[1]).go_to("form")
    assert world.get_card(ABANDONED[0])["name"] in window.page.content()
    window.act("leave")
    window.act("leave_now")
    window.wait_for("take_card")
    world.card_reader.delete("/card")
    window.wait_for("idle")
    assert find_secrets([profile.folder], secrets_of(world)) == []
    window.context.close()
    assert find_secrets([profile.folder, world.folder / "kiosk"], secrets_of(world)) == []
    assert find_secrets([world.folder / "logs"], secrets_of(world)) == []


def test_the_search_would_find_them(world: World, tmp_path: Path) -> None:
    secrets = secrets_of(world)
    for name in ENCODINGS:
        (tmp_path / name).write_bytes(b"\x00" + secrets[0].encode(name) + b"\x00")
    assert len(find_secrets([tmp_path], secrets)) == len(ENCODINGS)
