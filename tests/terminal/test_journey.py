"""The kiosk's screens as a state machine: the whole way, and what may go wrong on it."""

import pytest

from terminal_client.journey import events
from terminal_client.journey.effects import CallStaff, EndSession, Print, Scan
from terminal_client.journey.state import Journey, Over, Printing, Screen, Sentence

from .made_birth import FATHER, MOTHER, make_receipt
from .walking import LISTED, Walk


def test_a_birth_goes_from_idle_to_the_printed_receipt() -> None:
    walk = Walk().to_receipt()
    assert any(isinstance(effect, Print) for effect in walk.effects)
    walk.happen(events.PrintEnded(Printing.PRINTED, walk.journey.sitting))
    assert walk.journey.citizen is not None
    assert walk.journey.citizen.printing is Printing.PRINTED
    walk.touch("finish")
    assert walk.journey.screen is Screen.TAKE_CARD
    walk.happen(events.CardRemoved())
    assert walk.journey.screen is Screen.IDLE
    assert walk.journey.citizen is None


def test_consent_sends_every_source_with_its_answer() -> None:
    walk = Walk().to_consent()
    walk.touch("toggle_source", source="marriage_register")
    walk.touch("consent")
    assert walk.asked.path.endswith("/consent")
    assert walk.asked.body == {
        "sources": {"birth_register": True, "household_register": True, "marriage_register": False}
    }


def test_refusing_everything_fetches_nothing() -> None:
    walk = Walk().to_consent()
    walk.touch("consent", all="no")
    for each in walk.draft["consent"]["sources"]:
        each["asked"] = False
    walk.answer(walk.view())
    assert walk.journey.screen is Screen.FORM
    assert walk.asked.call == "give_consent"


def test_a_typed_value_opens_the_next_field_by_itself() -> None:
    walk = Walk().to_form()
    walk.touch("edit", fact="child.name")
    walk.type("child.name", "陈一诺")
    assert walk.journey.editing is None, "the next field is a choice and is touched on the form"
    walk.type("application.settle_with", "mother")
    assert walk.journey.editing == "application.mobile"


def test_a_refused_value_stays_open_with_its_reason() -> None:
    walk = Walk().to_form()
    walk.touch("value", fact="application.mobile", value="12")
    why = Sentence("手机号是 11 位数字", "11 digits")
    walk.refuse("有一项没有填对", errors={"application.mobile": why}, status=422)
    assert walk.journey.editing == "application.mobile"
    assert walk.journey.citizen is not None
    assert walk.journey.citizen.errors["application.mobile"] == why


def test_the_form_does_not_go_on_while_a_field_is_open() -> None:
    walk = Walk().to_form()
    walk.touch("next")
    assert walk.journey.screen is Screen.FORM
    assert walk.journey.editing == "child.name"
    assert walk.journey.notice is not None


def test_silent_sources_are_tried_again_by_name() -> None:
    walk = Walk().to_form()
    for each in walk.door.all_fields(walk.draft):
        if each["fact"] == "mother.address":
            each.update(state="unavailable", value=None)
    walk.type("child.name", "陈一诺")
    walk.touch("retry_sources")
    assert walk.asked.body == {"sources": ["household_register"]}
    assert walk.journey.screen is Screen.FORM


class TestTheOtherPersonsCard:
    @pytest.fixture
    def walk(self) -> Walk:
        walk = Walk().to_consent()
        walk.touch("consent")
        for each in walk.draft["consent"]["sources"]:
            each["asked"] = True
        walk.answer(walk.view())
        role = {"role": "father", "zh": "父亲", "en": "Father", "state": "open", "why_zh": "", "why_en": ""}
        walk.draft["authorisations"] = [role]
        walk.answer(walk.view())
        assert walk.journey.screen is Screen.SECOND_SIGNER
        return walk

    def test_authorises_and_then_the_holders_card_must_come_back(self, walk: Walk) -> None:
        walk.happen(events.CardRemoved())
        assert walk.journey.over is None
        walk.happen(events.CardPlaced(FATHER))
        assert walk.asked.call == "authorise"
        walk.draft["authorisations"][0]["state"] = "proven"
        walk.answer(walk.view())
        assert walk.journey.over is Over.CARD_GONE
        walk.happen(events.CardRemoved())
        walk.happen(events.CardPlaced(MOTHER))
        assert walk.journey.over is None
        assert walk.journey.citizen is not None

    def test_left_on_the_reader_ends_the_sitting(self, walk: Walk) -> None:
        walk.happen(events.CardPlaced(FATHER))
        walk.draft["authorisations"][0]["state"] = "proven"
        walk.answer(walk.view())
        walk.later(31)
        assert walk.journey.citizen is None
        assert walk.journey.screen is Screen.TAKE_CARD

    def test_the_holders_own_card_is_said_to_be_that(self, walk: Walk) -> None:
        walk.happen(events.CardPlaced(MOTHER))
        assert walk.journey.notice is not None
        assert "父亲" in walk.journey.notice.zh

    def test_may_be_skipped(self, walk: Walk) -> None:
        walk.touch("decline")
        assert walk.asked.body == {"role": "father"}
        walk.draft["authorisations"][0]["state"] = "declined"
        walk.answer(walk.view())
        assert walk.journey.screen is Screen.FORM


class TestCards:
    def test_lifted_and_put_back_goes_on(self) -> None:
        walk = Walk().to_form()
        walk.happen(events.CardRemoved())
        assert walk.journey.over is Over.CARD_GONE
        walk.later(20)
        walk.happen(events.CardPlaced(MOTHER))
        assert walk.journey.over is None
        assert walk.journey.screen is Screen.FORM

    def test_lifted_for_thirty_seconds_ends(self) -> None:
        walk = Walk().to_form()
        walk.happen(events.CardRemoved())
        walk.later(30.5)
        assert walk.journey.screen is Screen.IDLE
        assert EndSession("secret-token", "card_removed") in walk.effects

    def test_of_another_person_ends(self) -> None:
        walk = Walk().to_form()
        walk.happen(events.CardRemoved())
        walk.happen(events.CardPlaced(FATHER))
        assert walk.journey.citizen is None
        assert walk.journey.screen is Screen.TAKE_CARD
        assert EndSession("secret-token", "swapped") in walk.effects

    def test_lifted_while_the_session_opens_leaves_nobody_signed_in(self) -> None:
        walk = Walk().to_card()
        walk.happen(events.CardPlaced(MOTHER))
        sitting = walk.journey.sitting
        walk.happen(events.CardRemoved())
        walk.happen(events.CardPlaced(FATHER))
        walk.happen(events.Answered("open_session", {"token": "secret-token"}, sitting))
        assert walk.journey.citizen is None
        assert EndSession("secret-token", "card_removed") in walk.effects

    def test_unreadable_says_so_and_keeps_nothing(self) -> None:
        walk = Walk().to_card()
        walk.happen(events.CardUnreadable(Sentence("没读好，请重新放", "Not read")))
        assert walk.journey.card is None
        assert walk.journey.notice == Sentence("没读好，请重新放", "Not read")

    def test_placed_at_the_idle_screen_is_used_later_without_a_touch(self) -> None:
        walk = Walk()
        walk.happen(events.Answered("list_things", LISTED, 0))
        walk.happen(events.CardPlaced(MOTHER))
        assert walk.journey.screen is Screen.THINGS
        walk.touch("progress")
        assert walk.asked.call == "open_session"

    def test_no_reader_shows_its_own_screen_and_comes_back(self) -> None:
        walk = Walk().to_card()
        walk.happen(events.ReaderChanged(Sentence("读卡器断开", "Reader gone")))
        assert walk.journey.screen is Screen.READER_FAULT
        walk.happen(events.ReaderChanged(None))
        assert walk.journey.screen is Screen.CARD

    def test_left_behind_calls_staff_once(self) -> None:
        walk = Walk().to_receipt()
        walk.touch("finish")
        walk.later(180)
        assert [effect for effect in walk.effects if isinstance(effect, CallStaff)] == [
            CallStaff("take_card", "card_left")
        ]


class TestTimes:
    def test_warns_and_then_ends(self) -> None:
        walk = Walk().to_form()
        walk.later(89)
        assert walk.journey.over is None
        walk.later(2)
        assert walk.journey.over is Over.STILL_THERE
        walk.later(30)
        assert walk.journey.citizen is None
        assert EndSession("secret-token", "idle") in walk.effects

    def test_elder_mode_waits_longer(self) -> None:
        walk = Walk().to_form()
        walk.touch("elder")
        walk.later(119)
        assert walk.journey.over is None
        walk.later(2)
        assert walk.journey.over is Over.STILL_THERE
        walk.later(58)
        assert walk.journey.citizen is not None
        walk.later(2)
        assert walk.journey.citizen is None

    def test_typing_is_activity(self) -> None:
        walk = Walk().to_form()
        for _ in range(10):
            walk.later(60)
            walk.touch("typing")
        assert walk.journey.over is None
        assert walk.journey.screen is Screen.FORM

    def test_nothing_is_longer_than_half_an_hour(self) -> None:
        walk = Walk().to_form()
        for _ in range(31):
            walk.later(60)
            walk.touch("typing")
        assert walk.journey.citizen is None

    def test_looking_up_cases_after_a_quiet_hour_is_a_sitting_of_its_own(self) -> None:
        walk = Walk(at=3_600)
        walk.to_case()
        walk.later(1)
        assert walk.journey.screen is Screen.PROGRESS

    def test_things_nobody_looks_at_go_back_to_idle(self) -> None:
        walk = Walk().to_things()
        walk.later(121)
        assert walk.journey.screen is Screen.IDLE


class TestTheServerAway:
    def test_keeps_everything_and_asks_again_with_the_same_key(self) -> None:
        walk = Walk().to_sign()
        walk.touch("sign", image="iVBORw0KGgo=", width="984", height="520")
        walk.draft["signature"] = True
        walk.answer(walk.view())
        first = walk.asked
        walk.go_away()
        assert walk.journey.over is Over.AWAY
        assert walk.journey.citizen is not None
        walk.later(5.5)
        assert walk.asked == first
        assert first.once is not None
        walk.answer({"case_number": "XX-1", "receipt": make_receipt("XX-1")})
        assert walk.journey.screen is Screen.RECEIPT

    def test_at_start_says_so(self) -> None:
        walk = Walk()
        walk.happen(events.Away("list_things", 0))
        walk.touch("start")
        assert walk.journey.screen is Screen.OFFLINE
        walk.happen(events.Answered("list_things", LISTED, 0))
        assert walk.journey.screen is Screen.IDLE

    def test_a_lost_session_leaves_nothing_and_says_why(self) -> None:
        walk = Walk().to_form()
        walk.touch("value", fact="child.name", value="陈一诺")
        walk.refuse("登录已过期", status=401)
        assert walk.journey.citizen is None
        assert walk.journey.notice is not None

    def test_an_answer_for_the_person_before_is_not_heard(self) -> None:
        walk = Walk().to_form()
        walk.touch("value", fact="child.name", value="陈一诺")
        sitting = walk.journey.sitting
        walk.touch("leave_now")
        walk.happen(events.CardRemoved())
        walk.happen(events.Answered("put_values", walk.view(), sitting))
        assert walk.journey.citizen is None
        assert walk.journey.screen is Screen.IDLE


class TestScanning:
    def test_a_page_is_shown_and_kept(self) -> None:
        walk = self.at_materials()
        (effect,) = walk.touch("scan", material="photo")
        assert effect == Scan(f"/drafts/{walk.draft['id']}/materials/photo/pages", walk.journey.sitting)
        assert walk.touch("scan", material="photo") == (), "one page at a time"
        self.page(walk, "f1")
        assert walk.journey.screen is Screen.SCANNING
        walk.touch("keep")
        assert walk.journey.screen is Screen.MATERIALS

    def test_retake_drops_the_page_first(self) -> None:
        walk = self.at_materials()
        walk.touch("scan", material="photo")
        self.page(walk, "f1")
        walk.touch("retake")
        assert (walk.asked.method, walk.asked.path.endswith("/materials/photo/pages/f1")) == ("DELETE", True)
        walk.answer(walk.view())
        assert isinstance(walk.effects[-1], Scan)

    def test_a_jam_loses_nothing(self) -> None:
        walk = self.at_materials()
        walk.touch("scan", material="photo")
        walk.happen(events.ScanFailed(Sentence("卡纸了", "Jammed"), walk.journey.sitting))
        assert walk.journey.notice == Sentence("卡纸了", "Jammed")
        assert walk.journey.citizen is not None
        assert not walk.journey.citizen.scanning
        assert isinstance(walk.touch("scan", material="photo")[0], Scan)

    @staticmethod
    def at_materials() -> Walk:
        walk = Walk().to_sign()
        walk.touch("back")
        walk.touch("back")
        assert walk.journey.screen is Screen.MATERIALS
        return walk

    @staticmethod
    def page(walk: Walk, file: str) -> None:
        body = {"file": file, "pages": [{"number": 1}], "draft": walk.view()}
        walk.happen(events.Answered("take_page", body, walk.journey.sitting))


class TestTheSlip:
    def test_unknown_is_asked_and_never_repeated_by_itself(self) -> None:
        walk = Walk().to_receipt()
        walk.happen(events.PrintEnded(Printing.UNKNOWN, walk.journey.sitting))
        walk.later(20)
        assert sum(isinstance(effect, Print) for effect in walk.effects) == 1
        (again,) = walk.touch("print_again")
        assert isinstance(again, Print)
        assert again.reprint
        assert again.receipt["case_number"] == "XX-1"

    def test_a_printed_slip_is_not_printed_again(self) -> None:
        walk = Walk().to_receipt()
        walk.happen(events.PrintEnded(Printing.PRINTED, walk.journey.sitting))
        assert walk.touch("print_again") == ()

    def test_out_of_paper_keeps_the_number_on_the_screen(self) -> None:
        walk = Walk().to_receipt()
        trouble = Sentence("没纸了", "No paper")
        walk.happen(events.PrintEnded(Printing.FAILED, walk.journey.sitting, trouble))
        assert walk.journey.screen is Screen.RECEIPT
        assert walk.journey.citizen is not None
        assert walk.journey.citizen.print_trouble == trouble

    def test_a_reprint_of_an_old_case_is_marked(self) -> None:
        walk = Walk().to_case()
        walk.touch("reprint")
        (effect,) = walk.answer(make_receipt("XX-1"))
        assert isinstance(effect, Print)
        assert effect.reprint


def test_leaving_a_begun_form_is_asked_once() -> None:
    walk = Walk().to_form()
    walk.touch("leave")
    assert walk.journey.over is Over.LEAVE
    walk.touch("go_on")
    assert walk.journey.screen is Screen.FORM
    walk.touch("leave")
    walk.touch("leave_now")
    assert walk.journey.citizen is None


def test_language_and_sizes_go_back_to_the_usual_for_the_next_person() -> None:
    walk = Walk().to_form()
    for mode in ("language", "elder", "lowered", "voice"):
        walk.touch(mode)
    walk.touch("leave_now")
    walk.happen(events.CardRemoved())
    usual = Journey()
    assert (walk.journey.language, walk.journey.elder, walk.journey.lowered, walk.journey.voice) == (
        usual.language,
        usual.elder,
        usual.lowered,
        usual.voice,
    )


def test_touches_under_a_question_are_not_heard() -> None:
    walk = Walk().to_form()
    walk.touch("leave")
    assert walk.touch("next") == ()
    assert walk.journey.screen is Screen.FORM
