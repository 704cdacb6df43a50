"""Two devices have filled in one field: the kiosk shows both values, and nobody goes on past the question."""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from terminal_client.journey.state import Screen, Sentence

from .chromium import Screen as Page
from .conftest import RunningKiosk
from .made_birth import MOTHER, make_replaced
from .walking import Walk

FACT = "child.name"


def asked_twice() -> Walk:
    """The kiosk has typed a name that the phone had typed otherwise."""
    walk = Walk().to_form()
    walk.touch("value", fact=FACT, value="陈大满")
    field = next(each for each in walk.door.all_fields(walk.draft) if each["fact"] == FACT)
    field.update(state="typed", value="陈大满", display_zh="陈大满")
    walk.draft["replaced"] = [make_replaced(field, "陈小满")]
    walk.answer(walk.view())
    return walk


def test_the_keyboard_makes_room_for_the_question() -> None:
    assert asked_twice().journey.editing is None


def test_nobody_goes_on_past_the_question() -> None:
    walk = asked_twice()
    assert walk.touch("next") == ()
    assert walk.journey.screen is Screen.FORM
    assert walk.journey.notice == Sentence(
        "请先选“新生儿姓名”用哪一个", "First choose which value stays: Child's name"
    )


def test_nobody_signs_past_the_question() -> None:
    walk = asked_twice()
    walk.journey = replace(walk.journey, screen=Screen.REVIEW)
    walk.touch("next")
    assert walk.journey.screen is Screen.FORM
    assert walk.journey.notice is not None


def test_the_chosen_value_is_told_to_the_server_and_the_form_goes_on() -> None:
    walk = asked_twice()
    walk.touch("keep_value", fact=FACT, keep="1")
    assert (walk.asked.method, walk.asked.path) == ("PUT", f"/drafts/{walk.draft['id']}/kept-values")
    assert walk.asked.body == {"fact": FACT, "keep": 1}
    walk.draft["replaced"] = []
    walk.answer(walk.view())
    walk.touch("next")
    assert walk.journey.notice is not None
    assert "还差" in walk.journey.notice.zh


@pytest.mark.parametrize(("fact", "keep"), [(FACT, "2"), (FACT, "-1"), (FACT, ""), ("mother.name", "0")])
def test_what_was_not_offered_is_not_kept(fact: str, keep: str) -> None:
    assert asked_twice().touch("keep_value", fact=fact, keep=keep) == ()


@pytest.mark.browser
def test_the_screen(browser: Browser, running: RunningKiosk) -> None:
    """Both values with where and when each was typed, plain and large; a touch keeps one."""
    tab = browser.new_page(viewport={"width": 1080, "height": 1920}, reduced_motion="reduce")
    screen = Page(tab, running)
    to_form(screen)
    running.door.typed_elsewhere = {FACT: "陈小满"}
    screen.touch(screen.field(FACT).locator(".box"))
    screen.type("chenyinuo")
    screen.touch(tab.locator(".found .key", has_text="陈一诺").first)
    screen.done()
    question = tab.locator(".twice")
    for text in ("陈小满", "手机上填的 · 2026-11-23 10:31", "陈一诺", "自助终端上填的 · 2026-11-23 10:32"):
        expect(question).to_contain_text(text)
    seen = screen.look("twice")
    screen.act("elder")
    screen.act("language")
    expect(question).to_contain_text("Typed on the phone")
    seen += screen.look("twice, large and English", axe=False)
    screen.touch(question.locator(".choice", has_text="陈小满"))
    expect(question).to_have_count(0)
    expect(screen.field(FACT)).to_contain_text("陈小满")
    assert seen + screen.failures == []


def to_form(screen: Page) -> None:
    """From the first screen to the form, all sources agreed to."""
    screen.act("start")
    screen.settle("things")
    screen.touch(screen.page.locator(".tile").first)
    for act, after in (("begin", "matters"), ("next", "card")):
        screen.page.locator(f'[hx-post="/acts/{act}"]').last.wait_for()
        screen.act(act)
        screen.settle(after)
    screen.running.devices.place(MOTHER)
    screen.settle("consent")
    screen.act("consent")
    screen.settle("form")
