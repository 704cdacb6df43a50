"""A defect of our own: said on the screen with its number, logged without the person, over with a touch."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from terminal_client.journey import events
from terminal_client.journey.effects import CallStaff, EndSession, Print, Scan
from terminal_client.journey.failing import failed
from terminal_client.journey.state import Journey, Printing, Screen
from terminal_client.server_client import Request, ServerAway
from tests.patience import Patience

from .chromium import Screen as Looked
from .conftest import RunningKiosk
from .made_birth import MOTHER
from .walking import LISTED, Walk


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1080, "height": 1920}, reduced_motion="reduce")
    yield page
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("spoil", "doing"),
    [
        (lambda field: field.pop("source"), "drawing form"),
        (lambda field: field.update(error="not an error"), "taking Answered"),
    ],
    ids=["drawing", "stepping"],
)
def test_what_cannot_be_shown_is_said_and_the_next_person_is_served(
    page: Page,
    running: RunningKiosk,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[dict[str, Any]], Any],
    doing: str,
) -> None:
    screen = Looked(page, running)
    to_form(screen)
    (draft,) = running.door.drafts.values()
    found = next(each for each in running.door.all_fields(draft) if each["state"] == "found")
    kept = dict(found)
    spoil(found)
    screen.touch(screen.field("application.settle_with").locator(".choice").first)
    screen.settle("defect")
    shown = re.search(r"故障编号 ([0-9A-F]{6})", page.locator("#screen").inner_text())
    assert shown is not None
    assert screen.look("defect") == []
    (logged,) = (record.getMessage() for record in caplog.records if "defect" in record.getMessage())
    assert f"defect {shown.group(1)} in {doing}" in logged
    assert MOTHER["name"] not in caplog.text
    assert MOTHER["id_number"] not in caplog.text
    until(lambda: running.door.endings == ["cancelled"])
    until(lambda: [each["reason"] for each in running.door.calls] == [f"defect {shown.group(1)}"])
    found.update(kept)
    screen.act("finish")
    screen.settle("take_card")
    running.devices.lift()
    screen.settle("idle")
    to_form(screen)
    expect(screen.field("child.name")).to_be_visible()


def to_form(screen: Looked) -> None:
    screen.act("start")
    screen.settle("things")
    screen.touch(screen.page.locator(".tile").first)
    screen.settle("notice")
    screen.act("begin")
    screen.settle("matters")
    screen.act("next")
    screen.settle("card")
    screen.running.devices.place(MOTHER)
    screen.settle("consent")
    screen.act("consent")
    screen.settle("form")


def until(is_so: Callable[[], bool]) -> None:
    patience = Patience(8)
    while not is_so():
        assert patience.lasts(), "it did not become so"
        time.sleep(0.02)


class TestAKioskWhoseDevicesFailInWaysNobodyForesaw:
    @pytest.fixture
    def at_materials(self, running: RunningKiosk) -> RunningKiosk:
        """Signed in, with the form filled in, over the real line to the small door."""
        kiosk = running.kiosk
        until(lambda: bool(kiosk.journey.things))
        for act, values, screen in (
            ("start", {}, Screen.THINGS),
            ("choose_thing", {"code": "P-NEWBORN"}, Screen.NOTICE),
            ("begin", {}, Screen.MATTERS),
            ("next", {}, Screen.CARD),
        ):
            kiosk.handle(events.Touched(act, values))
            until(lambda at=screen: kiosk.journey.screen is at)  # type: ignore[misc]
        running.devices.place(MOTHER)
        until(lambda: kiosk.journey.screen is Screen.CONSENT)
        kiosk.handle(events.Touched("consent"))
        until(lambda: kiosk.journey.screen is Screen.FORM)
        return running

    def test_scanning_is_said_to_have_failed_and_may_be_tried_again(
        self, at_materials: RunningKiosk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kiosk = at_materials.kiosk
        monkeypatch.setattr(at_materials.devices, "scan_page", fall_over)
        sitting = kiosk.journey.sitting
        kiosk._do(scan_of(kiosk.journey))
        assert kiosk.journey.citizen is not None
        assert not kiosk.journey.citizen.scanning
        assert kiosk.journey.sitting == sitting

    def test_a_page_whose_answer_was_lost_is_sent_again_as_the_same_act(
        self, at_materials: RunningKiosk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kiosk, send = at_materials.kiosk, at_materials.client.ask
        keys: list[str | None] = []

        def lose_the_first_answer(request: Request) -> Any:
            keys.append(request.idempotency_key)
            answer = send(request)
            if len(keys) == 1:
                raise ServerAway("the answer was lost")
            return answer

        monkeypatch.setattr(at_materials.client, "ask", lose_the_first_answer)
        kiosk._do(scan_of(kiosk.journey))
        assert len(keys) == 2
        assert keys[0] is not None
        assert keys[0] == keys[1]

    def test_a_slip_that_may_have_come_out_is_asked_about(
        self, at_materials: RunningKiosk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kiosk = at_materials.kiosk
        monkeypatch.setattr(at_materials.devices, "print_receipt", fall_over)
        kiosk._do(print_of(kiosk.journey))
        assert kiosk.journey.citizen is not None
        assert kiosk.journey.citizen.printing is Printing.UNKNOWN


def fall_over(*_what: object, **_how: object) -> None:
    raise RuntimeError(MOTHER["name"])


def scan_of(journey: Journey) -> Scan:
    return Scan("/drafts/d1/materials/birth_record/pages", journey.sitting)


def print_of(journey: Journey) -> Print:
    return Print({}, journey.sitting)


def test_nothing_of_the_person_is_left_and_the_session_ends() -> None:
    walk = Walk().to_form()
    sitting = walk.journey.sitting
    after, effects = failed(walk.journey, "0A1B2C")
    assert (after.screen, after.defect, after.citizen) == (Screen.DEFECT, "0A1B2C", None)
    assert after.sitting == sitting + 1
    assert [type(each) for each in effects] == [EndSession, CallStaff]
    walk.journey = after
    walk.touch("finish")
    assert walk.journey.defect is None
    walk.happen(events.CardRemoved())
    walk.happen(events.Answered("list_things", LISTED, 0))
    assert walk.journey.screen is Screen.IDLE
