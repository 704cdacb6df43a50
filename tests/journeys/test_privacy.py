"""Nothing of one person is left for the next: after the end, after a walk-away, after another's card."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.world import World

from .patience import ShortPatience
from .sitting import Sitting
from .window import Window

pytestmark = pytest.mark.browser
FIRST, OTHER, NEXT = "tong.father", "tong.mother", "spare.one"
LEFT_BEHIND = """async () => ({
  page: document.documentElement.outerHTML,
  fields: [...document.querySelectorAll('input, textarea, canvas')].map(e => e.value ?? e.toDataURL()),
  storage: {...localStorage, ...sessionStorage},
  databases: (await indexedDB.databases()).map(each => each.name),
  caches: await caches.keys(),
  cookies: document.cookie,
  kept: history.state,
  address: location.href,
})"""


def list_secrets(world: World) -> list[str]:
    """What identifies the first person and those named on the form."""
    cards = [world.get_card(FIRST), world.get_card(OTHER)]
    return [card[name] for card in cards for name in ("name", "id_number", "address")]


def check_nothing_left(window: Window, secrets: list[str]) -> None:
    """Look into the page, and again after Back and Forward."""
    for move in (lambda: None, window.page.go_back, window.page.go_forward, window.page.reload):
        move()
        window.wait_after("")
        left = window.page.evaluate(LEFT_BEHIND)
        assert [secret for secret in secrets if secret in str(left)] == []
        assert left["storage"] == {}
        assert left["databases"] == left["caches"] == []
        assert left["cookies"] == ""
        assert left["kept"] is None


def show_form(world: World, window: Window) -> None:
    """The first person's form, full of what must not stay."""
    # an entry of history before this one, for Back to lead to
    window.page.goto(window.page.url + "?")
    Sitting(world, window, FIRST, other=OTHER).go_to("form")
    shown = window.page.content()
    assert world.get_card(FIRST)["name"] in shown
    assert world.get_card(OTHER)["name"] in shown
    assert world.get_card(OTHER)["address"] in shown


def test_nothing_is_left_when_a_person_leaves(world: World, window: Window) -> None:
    secrets = list_secrets(world)
    show_form(world, window)
    window.act("leave")
    window.page.locator("#over .leave").wait_for()
    window.act("leave_now")
    window.wait_for("take_card")
    check_nothing_left(window, secrets)
    world.card_reader.delete("/card")
    window.wait_for("idle")
    check_nothing_left(window, secrets)
    check_next_person_starts_clean(world, window, secrets)


def check_next_person_starts_clean(world: World, window: Window, secrets: list[str]) -> None:
    """The next one's own cases are none, and the first one's name is nowhere on the way."""
    window.act("progress")
    window.wait_for("card")
    Sitting(world, window, NEXT).put_card()
    window.wait_for("progress")
    window.says("还没有办过的事")
    check_nothing_left(window, secrets)
    window.act("finish")
    window.wait_for("take_card")


def test_another_persons_card_ends_the_sitting(world: World, window: Window) -> None:
    show_form(world, window)
    world.card_reader.delete("/card")
    window.says("请把身份证放回读卡区")
    world.card_reader.put("/card", world.get_card(NEXT))
    window.wait_for("take_card")
    window.says("换了另一张证件，为保护您的信息已退出")
    check_nothing_left(window, list_secrets(world))


def test_a_card_changed_without_a_pause_ends_the_sitting(world: World, window: Window) -> None:
    show_form(world, window)
    world.card_reader.put("/card", world.get_card(NEXT))
    window.wait_for("take_card")
    check_nothing_left(window, list_secrets(world))


@pytest.fixture
def impatient(browser: Browser, world: World, tmp_path: Path) -> Iterator[tuple[ShortPatience, Window]]:
    """A kiosk beside the first one that waits seconds, not minutes, and a window on it."""
    with ShortPatience(world, tmp_path) as kiosk, Window(browser, kiosk.kiosk_url, tmp_path) as window:
        yield kiosk, window
        assert window.complaints == []


def test_a_walk_away_is_warned_and_wiped(impatient: tuple[ShortPatience, Window], world: World) -> None:
    beside, window = impatient
    show_form(beside, window)
    window.says("您还在吗")
    window.act("go_on")
    window.wait_until_uncovered()
    assert window.screen == "form"
    window.says("您还在吗")
    window.wait_for("take_card")
    window.says("很久没有操作，已自动退出")
    check_nothing_left(window, list_secrets(world))
    beside.card_reader.put("/card", world.get_card(NEXT))
    window.wait_for("things")
    check_nothing_left(window, list_secrets(world))


def test_a_card_taken_away_ends_the_sitting(impatient: tuple[ShortPatience, Window], world: World) -> None:
    beside, window = impatient
    show_form(beside, window)
    beside.card_reader.delete("/card")
    window.says("请把身份证放回读卡区")
    window.wait_for("take_card", "idle")
    check_nothing_left(window, list_secrets(world))
