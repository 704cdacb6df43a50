"""What the kiosk shows while something is handed to a phone, and signing in with a phone's code."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from terminal_client.code_watch import CodeWatcher
from terminal_client.journey import events
from terminal_client.journey.effects import EndSession, Print
from terminal_client.journey.handing import LOOK, LOOK_SECONDS
from terminal_client.journey.state import AskServer, Citizen, Handing, Over, Screen, Sentence
from terminal_client.rendering import render
from tests.patience import Patience

from .chromium import Screen as Page
from .conftest import RunningKiosk
from .made_birth import FATHER, MOTHER, THINGS, make_receipt
from .stand_in_phones import GOOD_CODE
from .walking import Walk

HANDED = {
    "id": "h1",
    "state": "waiting",
    "cause": None,
    "version": 4,
    "saved_at": "2026-11-23T10:31:00+08:00",
    "pages": [],
    "case_number": None,
}
SESSION = {
    "token": "secret-token",
    "masked_name": "陈*梅",
    "masked_id_number": f"{MOTHER['id_number'][:3]}***********{MOTHER['id_number'][-4:]}",
}


def handing(walk: Walk) -> Handing:
    assert walk.journey.citizen is not None
    assert walk.journey.citizen.handing is not None
    return walk.journey.citizen.handing


def look(walk: Walk, **said: Any) -> None:
    """The server's answer to a look."""
    walk.happen(events.Answered(LOOK, {**HANDED, **said}, walk.journey.sitting))


def looks(walk: Walk) -> int:
    return sum(isinstance(each, AskServer) and each.call == LOOK for each in walk.effects)


@pytest.fixture
def walk() -> Walk:
    """The form's code on the screen."""
    walk = Walk().to_form()
    walk.touch("to_phone")
    assert walk.asked.body == {"kind": "form"}
    walk.answer({**HANDED, "text": "https://xinxian.invalid/m/handed?t=k"})
    assert walk.journey.screen is Screen.HANDING
    return walk


def without_phones() -> Walk:
    walk = Walk().to_form()
    walk.happen(events.Answered("list_things", {"things": THINGS, "phone_sign_in": False}, 0))
    return walk


class TestWithoutPhoneSignIn:
    """Nobody can be themselves on a phone here: no form is handed over, and nobody is invited."""

    def test_the_form_stays_and_photographs_go_to_any_phone(self) -> None:
        walk = without_phones()
        assert walk.touch("to_phone") == ()
        assert "to_phone" not in actions_of(walk)
        walk.type("child.name", "陈一诺")
        walk.journey = replace(walk.journey, screen=Screen.MATERIALS)
        assert "to_phone" not in actions_of(walk)
        walk.touch("photograph", material="photo")
        assert walk.asked.body == {"kind": "photographs", "material": "photo"}

    def test_a_server_that_does_not_say_has_phones(self) -> None:
        walk = Walk().to_form()
        assert "to_phone" in actions_of(walk)

    def test_the_next_person_finds_it_so_too(self) -> None:
        walk = without_phones()
        walk.touch("leave")
        walk.touch("leave_now")
        assert walk.journey.citizen is None
        assert not walk.journey.phone_sign_in


def actions_of(walk: Walk) -> str:
    hall = Sentence("大厅", "Hall")
    return render(walk.journey, hall=hall, clock=datetime(2026, 11, 23, tzinfo=UTC))["actions"]


class TestTheForm:
    def test_is_looked_after_once_a_second_and_one_look_at_a_time(self, walk: Walk) -> None:
        walk.later(5)
        assert looks(walk) == 1, "the first look has no answer yet"
        for _ in range(3):
            look(walk)
            walk.later(LOOK_SECONDS + 0.25)
        assert looks(walk) == 4
        assert not walk.journey.is_busy, "no touch waits for a look"

    def test_goes_on_here_when_the_phone_gives_it_back(self, walk: Walk) -> None:
        look(walk, state="taken", version=5)
        assert handing(walk).state == "taken"
        look(walk, state="ended", cause="given_back", version=6)
        assert (walk.asked.method, walk.asked.path) == ("GET", f"/drafts/{walk.draft['id']}")
        walk.answer(walk.view())
        assert walk.journey.screen is Screen.FORM
        assert walk.journey.citizen is not None
        assert walk.journey.citizen.handing is None

    def test_is_taken_back_by_a_touch(self, walk: Walk) -> None:
        look(walk, state="taken")
        walk.touch("take_back")
        assert walk.asked.path == "/hand-overs/h1/ending"
        walk.answer({**HANDED, "state": "ended", "cause": "taken_back"})
        walk.answer(walk.view())
        assert walk.journey.screen is Screen.FORM

    def test_handed_in_on_the_phone_prints_its_receipt_here(self, walk: Walk) -> None:
        look(walk, state="taken")
        look(walk, state="ended", cause="submitted", case_number="XX-1")
        assert walk.asked.path == "/cases/XX-1/receipt"
        walk.answer(make_receipt("XX-1"))
        assert walk.journey.screen is Screen.RECEIPT
        assert [each for each in walk.effects if isinstance(each, Print)] == [
            Print(make_receipt("XX-1"), walk.journey.sitting)
        ]

    def test_a_code_that_nobody_took_can_be_shown_again(self, walk: Walk) -> None:
        look(walk, state="ended", cause="expired")
        assert walk.journey.screen is Screen.HANDING
        walk.later(5)
        assert looks(walk) == 0, "what is over is not asked about"
        walk.touch("show_again")
        assert walk.asked.body == {"kind": "form"}
        walk.answer({**HANDED, "id": "h2", "text": "https://xinxian.invalid/m/handed?t=l"})
        assert (handing(walk).id, handing(walk).state) == ("h2", "waiting")

    def test_whoever_moves_on_the_phone_is_there(self, walk: Walk) -> None:
        walk.at += 280
        walk.happen(events.Ticked())
        assert walk.journey.over is Over.STILL_THERE
        look(walk, state="taken", version=9)
        assert walk.journey.over is None
        look(walk, state="taken", version=9)
        walk.at += 301
        walk.happen(events.Ticked())
        assert walk.journey.citizen is None, "a phone that does nothing keeps no kiosk"

    def test_a_line_that_is_down_is_tried_again(self, walk: Walk) -> None:
        walk.later(1.25)
        walk.happen(events.Away(LOOK, walk.journey.sitting))
        assert walk.journey.over is None
        walk.later(1.25)
        assert looks(walk) == 2

    def test_a_session_that_is_over_leaves_nothing(self, walk: Walk) -> None:
        why = Sentence("已结束", "Over")
        walk.happen(events.Refused(LOOK, "session_ended", why, sitting=walk.journey.sitting, status=401))
        assert walk.journey.citizen is None

    def test_a_late_answer_of_another_sitting_changes_nothing(self, walk: Walk) -> None:
        before = walk.journey
        walk.happen(events.Answered(LOOK, {**HANDED, "state": "taken"}, walk.journey.sitting - 1))
        assert walk.journey.citizen == before.citizen


def test_a_photographed_page_shows_itself_and_the_form_stays() -> None:
    walk = Walk().to_sign()
    for _ in range(2):
        walk.touch("back")
    assert walk.journey.screen is Screen.MATERIALS
    walk.touch("photograph", material="photo")
    assert walk.asked.body == {"kind": "photographs", "material": "photo"}
    walk.answer({**HANDED, "text": "https://xinxian.invalid/m/handed?t=k"})
    look(walk, state="taken")
    look(walk, state="taken", version=5, pages=["f7"])
    look(walk, state="taken", version=6, pages=["f7", "f8"])
    walk.touch("drop_page")
    assert (walk.asked.method, walk.asked.path.rpartition("/")[2]) == ("DELETE", "f8")
    walk.answer(walk.view())
    assert handing(walk).pages == ("f7",)
    walk.touch("take_back")
    walk.answer({**HANDED, "state": "ended", "cause": "taken_back", "pages": ["f7"]})
    walk.answer(walk.view())
    assert walk.journey.screen is Screen.MATERIALS


def test_a_scanner_that_fails_leaves_the_phone() -> None:
    walk = Walk().to_sign()
    for _ in range(2):
        walk.touch("back")
    walk.touch("scan", material="photo")
    walk.happen(events.ScanFailed(Sentence("卡纸", "Jam"), walk.journey.sitting))
    assert walk.journey.screen is Screen.SCANNING
    walk.touch("photograph", material="photo")
    walk.answer({**HANDED, "text": "https://xinxian.invalid/m/handed?t=k"})
    look(walk, state="ended", cause="given_back", pages=["f7"])
    walk.answer(walk.view())
    assert walk.journey.screen is Screen.MATERIALS
    assert walk.journey.citizen is not None
    assert walk.journey.citizen.paper is None


class TestAPhonesCode:
    def sign_in(self, walk: Walk) -> Citizen:
        walk.happen(events.CodeRead(GOOD_CODE))
        assert walk.asked.body == {"code": GOOD_CODE}
        walk.answer(SESSION)
        assert walk.journey.citizen is not None
        return walk.journey.citizen

    def test_stands_for_the_card(self) -> None:
        walk = Walk().to_card()
        self.sign_in(walk)
        assert (walk.asked.call, walk.asked.path) == ("make_draft", "/drafts")
        walk.draft = walk.door.new_draft({})
        walk.answer(walk.view())
        assert walk.journey.screen is Screen.CONSENT
        walk.happen(events.CardRemoved())
        assert walk.journey.over is None, "no card lies there that could be missed"

    def test_at_rest_begins_a_sitting(self) -> None:
        walk = Walk()
        walk.happen(events.Answered("list_things", {"things": walk.to_things().journey.things}, 0))
        walk = Walk(journey=walk.journey)
        walk.touch("back")
        assert walk.journey.screen is Screen.IDLE
        self.sign_in(walk)
        assert walk.journey.screen is Screen.THINGS

    def test_and_ones_own_card_go_together_anothers_does_not(self) -> None:
        walk = Walk().to_card()
        self.sign_in(walk)
        walk.happen(events.CardPlaced(MOTHER))
        assert walk.journey.citizen is not None
        walk.happen(events.CardPlaced(FATHER))
        assert walk.journey.citizen is None
        assert walk.journey.ended == "swapped"

    def test_while_anothers_card_lies_there_opens_nothing(self) -> None:
        walk = Walk().to_things()
        walk.happen(events.CardPlaced(FATHER))
        walk = Walk(journey=walk.journey)
        walk.journey = type(walk.journey)(
            screen=Screen.THINGS, things=walk.journey.things, card=FATHER, card_present=True
        )
        walk.happen(events.CodeRead(GOOD_CODE))
        walk.answer(SESSION)
        assert walk.journey.citizen is None
        assert EndSession("secret-token", "swapped") in walk.effects

    def test_of_another_kind_is_said_to_be_that(self) -> None:
        walk = Walk().to_card()
        before = len(walk.effects)
        walk.happen(events.CodeRead("https://xinxian.invalid/v/XX-1?s=0"))
        assert walk.journey.notice is not None
        assert len(walk.effects) == before, "nothing was asked"

    def test_is_not_listened_to_while_somebody_is_served(self) -> None:
        walk = Walk().to_form()
        before = walk.journey
        walk.happen(events.CodeRead(GOOD_CODE))
        assert walk.journey.citizen == before.citizen


def test_the_code_reader_rests_while_no_code_is_wanted() -> None:
    wanted, reads = [False], [0]
    told: list[str] = []
    held = ["shown to the one before"]

    def read() -> list[str]:
        reads[0] += 1
        return held or ["a code"]

    watcher = CodeWatcher(read, held.clear, lambda: wanted[0], told.append)
    watcher.start()
    try:
        time.sleep(0.1)
        assert reads[0] == 0
        wanted[0] = True
        patience = Patience(5)
        while not told and patience.lasts():
            time.sleep(0.01)
        assert set(told) == {"a code"}, "what was shown before is forgotten"
    finally:
        watcher.stop()


@pytest.mark.browser
def test_the_screens(browser: Browser, running: RunningKiosk) -> None:
    """Every state of it in Chromium, plain and large; a page is there within two seconds."""
    tab = browser.new_page(viewport={"width": 1080, "height": 1920}, reduced_motion="reduce")
    screen, phone = Page(tab, running), running.door.phone
    seen: list[str] = []
    running.devices.tell(events.CodesWatched(is_there=True))
    to_materials(screen)
    for mode in ("plain", "large and English"):
        screen.act("to_phone")
        screen.settle("handing")
        seen += screen.look(f"handing-form-{mode}", axe=mode == "plain")
        phone.said |= {"state": "taken"}
        tab.locator('.handing[data-state="taken"]').wait_for(timeout=2000)
        seen += screen.look(f"handing-form-taken-{mode}", axe=mode == "plain")
        phone.said |= {"state": "ended", "cause": "expired"}
        tab.locator('.handing[data-state="ended"]').wait_for(timeout=2000)
        seen += screen.look(f"handing-over-{mode}", axe=mode == "plain")
        screen.act("take_back")
        screen.settle("form")
        screen.act("next")
        screen.settle("materials")
        seen += screen.look(f"handing-materials-{mode}", axe=mode == "plain")
        screen.act("photograph")
        screen.settle("handing")
        seen += screen.look(f"handing-paper-{mode}", axe=mode == "plain")
        running.door.keys["f99"], _ = running.devices.scan_page()
        phone.said |= {"state": "taken", "pages": ["f99"]}
        tab.locator(".handing .paper img").wait_for(timeout=2000)
        seen += screen.look(f"handing-page-{mode}", axe=mode == "plain")
        screen.act("take_back")
        screen.settle("materials")
        screen.act("elder")
        screen.act("language")
    tab.context.close()
    assert seen == []
    assert screen.failures == []


def to_materials(screen: Page) -> None:
    """A form that is filled in, begun with the code on a phone."""
    screen.act("start")
    screen.settle("things")
    screen.touch(screen.page.locator(".tile").first)
    screen.settle("notice")
    screen.act("begin")
    screen.settle("matters")
    screen.act("next")
    screen.settle("card")
    screen.page.get_by_text("没带身份证").wait_for()
    screen.running.devices.tell(events.CodeRead("ONETHING-SHOW:1:wrong"))
    screen.page.get_by_text("二维码无效").wait_for()
    screen.running.devices.tell(events.CodeRead(GOOD_CODE))
    screen.settle("consent")
    screen.act("consent")
    screen.settle("form")
    for fact, value in ANSWERS.items():
        screen.running.kiosk.handle(events.Touched("value", {"fact": fact, "value": value}))
        screen.settle("form")
        screen.page.locator(f'.asked.said[data-fact="{fact}"]').wait_for()
    screen.act("next")
    screen.settle("materials")


ANSWERS = {
    "child.name": "陈一诺",
    "application.settle_with": "mother",
    "application.mobile": "19900001234",
    "application.delivery": "window",
}
