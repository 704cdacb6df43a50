"""What somebody leaves at the kiosk while the server is away, screen by screen."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from terminal_client.journey import events, intaking
from terminal_client.journey.effects import AskServer, KeepIntake, PrintIntake
from terminal_client.journey.state import Journey, Over, Printing, Screen, Sentence
from terminal_client.offline import intake_slip
from terminal_client.offline.guides import GUIDES_FILE, Guides
from terminal_client.offline.intakes import Intakes, make_number, mask_name
from terminal_client.rendering import render
from terminal_client.server_client import ServerAway

from .made_birth import MOTHER, THINGS, make_guide
from .made_terminal import made_terminal
from .stand_in_fleet import RunningFleet
from .walking import Walk

PHONE = "19900001234"
SLIP = {
    "number": "BCDF-2345",
    "thing_zh": "出生",
    "thing_en": "Birth",
    "name_masked": "陈*梅",
    "phone_masked": "199****1234",
    "taken_at": "2026-11-23T08:00:00+00:00",
    "hall_zh": "一楼大厅",
    "papers_zh": ["结婚证"],
}


def at_the_guide() -> Walk:
    walk = Walk(Journey(takes_intakes=True)).to_things()
    walk.touch("choose_thing", code="P-NEWBORN")
    walk.answer(make_guide("P-NEWBORN"))
    walk.happen(events.Away("list_things", 0))
    return walk


def at_the_intake() -> Walk:
    walk = at_the_guide()
    walk.touch("to_intake")
    assert walk.journey.screen is Screen.INTAKE
    return walk


def left() -> Walk:
    walk = at_the_intake()
    walk.touch("value", fact=intaking.NAME, value="陈雪梅")
    walk.touch("value", fact=intaking.PHONE, value=PHONE)
    walk.touch("keep")
    return walk


def test_name_and_number_are_kept_and_then_forgotten_here() -> None:
    walk = left()
    [asked] = [each for each in walk.effects if isinstance(each, KeepIntake)]
    assert (asked.said["thing"], asked.said["name"], asked.said["phone"]) == ("P-NEWBORN", "陈雪梅", PHONE)
    assert asked.said["papers_zh"], "the slip says what to bring"
    walk.touch("keep")
    assert [each for each in walk.effects if isinstance(each, KeepIntake)] == [asked], "kept once"
    walk.happen(events.IntakeKept(SLIP, walk.journey.sitting))
    assert walk.journey.screen is Screen.INTAKE_TAKEN
    assert isinstance(walk.effects[-1], PrintIntake)
    assert walk.journey.intake is not None
    assert (walk.journey.intake.name, walk.journey.intake.phone) == ("", "")
    walk.happen(events.PrintEnded(Printing.PRINTED, walk.journey.sitting))
    assert "请取走" in screen_of(walk)
    walk.touch("finish")
    assert (walk.journey.screen, walk.journey.intake) == (Screen.IDLE, None)
    assert walk.journey.takes_intakes, "the next person may leave theirs"


def test_nothing_is_acknowledged_that_was_not_kept() -> None:
    walk = left()
    walk.happen(events.IntakeFailed(walk.journey.sitting))
    assert walk.journey.screen is Screen.INTAKE
    assert "收不下" in screen_of(walk)
    walk.touch("keep")
    assert len([each for each in walk.effects if isinstance(each, KeepIntake)]) == 2, "may be tried again"


@pytest.mark.parametrize("number", ["1990000123", "29900001234", "199000012345", "", "abc"])
def test_a_number_nobody_can_call_is_not_taken(number: str) -> None:
    walk = at_the_intake()
    walk.touch("value", fact=intaking.NAME, value="陈雪梅")
    walk.touch("value", fact=intaking.PHONE, value=number)
    walk.touch("keep")
    assert not any(isinstance(each, KeepIntake) for each in walk.effects)
    assert walk.journey.editing == intaking.PHONE
    assert "11位" in screen_of(walk)


def test_a_card_gives_the_name_and_opens_no_session() -> None:
    walk = at_the_intake()
    walk.happen(events.CardPlaced(MOTHER))
    assert walk.journey.intake is not None
    assert walk.journey.intake.name == MOTHER["name"]
    assert walk.journey.editing == intaking.PHONE
    asked = [each.call for each in walk.effects if isinstance(each, AskServer)]
    assert "open_session" not in asked


def test_whoever_goes_away_leaves_nothing_behind() -> None:
    walk = at_the_intake()
    walk.touch("value", fact=intaking.NAME, value="陈雪梅")
    walk.later(125)
    assert (walk.journey.screen, walk.journey.intake) == (Screen.IDLE, None)


def test_a_late_word_of_the_last_person_changes_nothing_for_the_next() -> None:
    walk = left()
    last = walk.journey.sitting
    walk.touch("leave")
    walk.touch("start")
    before = walk.journey
    walk.happen(events.IntakeKept(SLIP, last))
    assert replace(walk.journey, now=0) == replace(before, now=0)


def test_when_the_line_is_back_the_person_may_go_on_properly() -> None:
    walk = at_the_intake()
    assert "现在办" not in screen_of(walk)
    walk.happen(events.Answered("list_things", {"things": THINGS}, 0))
    assert "现在办" in screen_of(walk)
    walk.touch("begin")
    assert walk.asked.call == "make_plan"


def test_it_is_offered_where_the_line_breaks_and_nobody_is_signed_in() -> None:
    walk = Walk(Journey(takes_intakes=True)).to_card()
    walk.happen(events.CardPlaced(MOTHER))
    walk.go_away()
    assert walk.journey.over is Over.AWAY
    walk.touch("to_intake")
    assert (walk.journey.screen, walk.journey.over) == (Screen.INTAKE, None)


def test_it_is_not_offered_to_somebody_whose_form_lies_with_the_server() -> None:
    walk = Walk(Journey(takes_intakes=True)).to_form()
    walk.touch("value", fact="child.name", value="陈一诺")
    walk.go_away()
    walk.touch("to_intake")
    assert (walk.journey.screen, walk.journey.over) == (Screen.FORM, Over.AWAY)


def test_a_kiosk_that_cannot_seal_does_not_offer_it() -> None:
    walk = at_the_guide()
    walk.journey = replace(walk.journey, takes_intakes=False)
    walk.touch("to_intake")
    assert walk.journey.screen is Screen.NOTICE


def test_the_slip_says_what_it_is_and_names_nobody() -> None:
    text = "\n".join(str(vars(each)) for each in intake_slip.lay_out(SLIP, reprint=True))
    for wanted in ("已收件，未受理", "BCDF-2345", "199****1234", "2026-11-23 16:00", "结婚证", "【补打】"):
        assert wanted in text


def test_it_lies_sealed_in_the_outbox(tmp_path: Path, fleet: RunningFleet) -> None:
    with made_terminal(tmp_path, fleet) as made:
        intakes = Intakes(made.outbox, "一楼大厅", lambda: datetime(2026, 11, 23, 8, tzinfo=UTC))
        slip = intakes.take(said())
        assert (slip["name_masked"], slip["phone_masked"]) == ("陈*梅", "199****1234")
        assert made.sender.send_next()
        opened = fleet.door.open_item(fleet.door.items[0])
    assert opened == {
        "thing": "P-NEWBORN",
        "thing_zh": "出生一件事",
        "name": "陈雪梅",
        "phone": PHONE,
        "number": slip["number"],
        "taken_at": "2026-11-23T08:00:00+00:00",
    }


def said() -> dict[str, Any]:
    named = {"thing": "P-NEWBORN", "thing_zh": "出生一件事", "thing_en": "Birth"}
    return {**named, "name": "陈雪梅", "phone": PHONE, "papers_zh": []}


def test_numbers_are_read_aloud_easily_and_do_not_repeat() -> None:
    numbers = {make_number() for _ in range(200)}
    assert len(numbers) == 200
    assert not set("".join(numbers)) & set("01AEIOUL")
    assert [mask_name(name) for name in ("陈梅", "陈雪梅", "陈")] == ["陈*", "陈*梅", "陈*"]


class TestGuidesKeptOnTheDisk:
    LISTED = {"revision": 3, "things": THINGS}

    def test_come_back_after_a_restart_without_what_has_aged(self, tmp_path: Path) -> None:
        Guides(tmp_path).keep(self.LISTED, lambda code: {**make_guide(code), "waiting": {"median_days": 2}})
        again = Guides(tmp_path)
        assert (again.revision, list(again.list_things())) == (3, THINGS)
        guide = again.find_guide("P-NEWBORN")
        assert guide is not None
        assert guide["waiting"] is None
        assert guide["zh"] == make_guide("P-NEWBORN")["zh"]
        assert again.find_guide("NO-SUCH") is None

    def test_a_newer_revision_comes_whole_or_not_at_all(self, tmp_path: Path) -> None:
        guides = Guides(tmp_path)
        guides.keep(self.LISTED, make_guide)

        def away(code: str) -> Any:
            raise ServerAway("gone in the middle")

        guides.keep({**self.LISTED, "revision": 4}, away)
        assert (guides.revision, Guides(tmp_path).revision) == (3, 3)

    @pytest.mark.parametrize("found", [b"", b"[1]", b"{", b"\xff\x00"])
    def test_a_broken_file_is_none(self, tmp_path: Path, found: bytes) -> None:
        (tmp_path / GUIDES_FILE).write_bytes(found)
        assert Guides(tmp_path).list_things() == ()


def screen_of(walk: Walk) -> str:
    drawn = render(walk.journey, hall=Sentence("大厅", "Hall"), clock=datetime.now(UTC))
    return "".join(drawn.values())
