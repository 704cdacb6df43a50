"""What a person does about a case of theirs: supplement, withdrawal, rating, and a value called wrong."""

from typing import Any

from terminal_client.journey import events
from terminal_client.journey.effects import EndSession, Scan
from terminal_client.journey.following import list_wanted_fields
from terminal_client.journey.state import Citizen, Over, Screen
from terminal_client.typing_kinds import describe_typing

from .made_birth import FATHER, MOTHER, make_case, make_rating_options
from .walking import LISTED, Walk

NUMBER = "XX-1"


def citizen(walk: Walk) -> Citizen:
    assert walk.journey.citizen is not None
    return walk.journey.citizen


def take_page(walk: Walk, file: str, **more: Any) -> None:
    body = {"file": file, "pages": [{"number": 1}], **more}
    walk.happen(events.Answered("take_page", body, walk.journey.sitting))


class TestOlderCases:
    """The list goes on below what is there, as often as the server has more."""

    def listed(self, following: str | None) -> Walk:
        walk = Walk()
        walk.happen(events.Answered("list_things", LISTED, 0))
        walk.touch("progress")
        walk.happen(events.CardPlaced(MOTHER))
        walk.answer({"token": "secret-token", "masked_name": "陈*梅", "masked_id_number": "411***"})
        walk.answer({"cases": [make_case("XX-3"), make_case("XX-2")], "next": following})
        assert walk.journey.screen is Screen.PROGRESS
        return walk

    def numbers(self, walk: Walk) -> list[str]:
        return [case["number"] for case in citizen(walk).cases or ()]

    def test_come_below_the_newer_ones_and_can_be_opened(self) -> None:
        walk = self.listed("XX-2")
        walk.touch("older_cases")
        assert (walk.asked.method, walk.asked.path) == ("GET", "/cases?cursor=XX-2")
        walk.answer({"cases": [make_case(NUMBER)], "next": None})
        assert self.numbers(walk) == ["XX-3", "XX-2", NUMBER]
        assert walk.touch("older_cases") == ()
        walk.touch("open_case", number=NUMBER)
        assert walk.asked.path == f"/cases/{NUMBER}"

    def test_are_not_asked_for_where_there_are_none(self) -> None:
        assert self.listed(None).touch("older_cases") == ()


class TestSupplement:
    def scanned(self) -> Walk:
        walk = Walk().to_case()
        walk.touch("supplement")
        assert walk.journey.screen is Screen.SUPPLEMENT
        (effect,) = walk.touch("scan", material="marriage_paper")
        assert effect == Scan(f"/cases/{NUMBER}/supplement-pages/marriage_paper", walk.journey.sitting)
        case = make_case(NUMBER)
        case["wanted"]["wants"][0]["pages"] = [{"file": "f1", "number": 1}]
        take_page(walk, "f1", case=case)
        walk.touch("keep")
        assert walk.journey.screen is Screen.SUPPLEMENT
        return walk

    def test_pages_and_facts_go_in_together_once(self) -> None:
        walk = self.scanned()
        walk.touch("edit", fact="application.mobile")
        walk.touch("value", fact="application.mobile", value="19900001234")
        assert walk.journey.editing is None
        walk.touch("give")
        asked = walk.asked
        assert (asked.method, asked.path) == ("POST", f"/cases/{NUMBER}/supplement")
        assert asked.body == {"values": {"application.mobile": "19900001234"}}
        walk.go_away()
        walk.touch("try_again")
        assert walk.asked.once == asked.once
        walk.answer(make_case(NUMBER) | {"wanted": None})
        assert walk.journey.screen is Screen.PROGRESS
        assert walk.journey.done is not None
        assert citizen(walk).given == {}

    def test_nothing_goes_in_while_something_is_missing(self) -> None:
        walk = self.scanned()
        before = len(walk.effects)
        walk.touch("give")
        assert len(walk.effects) == before
        assert walk.journey.notice is not None
        assert "手机" in walk.journey.notice.zh

    def test_a_refused_value_is_named_at_its_field_and_kept_for_mending(self) -> None:
        walk = self.scanned()
        walk.touch("value", fact="application.mobile", value="12")
        walk.touch("give")
        why = events.Sentence("手机号是 11 位数字", "11 digits")
        walk.refuse("有一项没有填对", errors={"application.mobile": why}, status=422)
        assert walk.journey.screen is Screen.SUPPLEMENT
        assert citizen(walk).errors["application.mobile"] == why
        assert list_wanted_fields(walk.journey)[0]["value"] == "12"
        walk.touch("value", fact="application.mobile", value="19900001234")
        assert "application.mobile" not in citizen(walk).errors

    def test_leaving_is_asked_once(self) -> None:
        walk = self.scanned()
        walk.touch("leave")
        assert walk.journey.over is Over.LEAVE

    def test_a_thrown_away_page_is_taken_back_at_the_case(self) -> None:
        walk = Walk().to_case()
        walk.touch("supplement")
        walk.touch("scan", material="marriage_paper")
        take_page(walk, "f1", case=make_case(NUMBER))
        walk.touch("retake")
        assert walk.asked.path == f"/cases/{NUMBER}/supplement-pages/marriage_paper/f1"
        walk.answer(make_case(NUMBER))
        assert isinstance(walk.effects[-1], Scan)

    def test_only_what_is_wanted_can_be_scanned(self) -> None:
        walk = Walk().to_case()
        walk.touch("supplement")
        assert walk.touch("scan", material="photo") == ()
        assert walk.touch("scan", material="application.mobile") == ()

    def test_a_paper_that_may_follow_is_scanned_and_given_from_the_case(self) -> None:
        walk = Walk().to_case()
        assert walk.touch("give_follow", material="lodging") == (), "there is no page of it yet"
        walk.touch("scan", material="lodging")
        case = make_case(NUMBER)
        case["follow"][0]["pages"] = [{"file": "f1", "number": 1}]
        take_page(walk, "f1", case=case)
        walk.touch("keep")
        assert walk.journey.screen is Screen.PROGRESS
        walk.touch("give_follow", material="lodging")
        assert (walk.asked.path, walk.asked.body) == (
            f"/cases/{NUMBER}/follow-papers",
            {"material": "lodging"},
        )


class TestWithdrawal:
    def test_a_part_is_withdrawn_only_after_a_second_question(self) -> None:
        walk = Walk().to_case()
        walk.touch("withdrawal")
        assert walk.journey.screen is Screen.WITHDRAWAL
        assert walk.touch("withdraw") == (), "nothing was chosen"
        walk.touch("choose_withdrawal", matter="HUKOU")
        assert walk.journey.over is Over.WITHDRAWAL
        walk.touch("withdraw")
        assert (walk.asked.path, walk.asked.body) == (f"/cases/{NUMBER}/withdrawal", {"matter": "HUKOU"})
        walk.answer(make_case(NUMBER))
        assert (walk.journey.screen, walk.journey.over) == (Screen.PROGRESS, None)
        assert walk.journey.done is not None

    def test_the_whole_case_names_no_matter(self) -> None:
        walk = Walk().to_case()
        walk.touch("withdrawal")
        walk.touch("choose_withdrawal", matter="")
        walk.touch("withdraw")
        assert walk.asked.body == {}

    def test_what_has_its_result_cannot_be_chosen(self) -> None:
        walk = Walk().to_case()
        walk.touch("withdrawal")
        walk.touch("choose_withdrawal", matter="BIRTH-CERT")
        assert walk.journey.over is None

    def test_second_thoughts_change_nothing(self) -> None:
        walk = Walk().to_case()
        walk.touch("withdrawal")
        walk.touch("choose_withdrawal", matter="HUKOU")
        before = len(walk.effects)
        walk.touch("go_on")
        walk.touch("back")
        assert walk.journey.screen is Screen.PROGRESS
        assert len(walk.effects) == before


def test_results_that_are_ready_are_asked_for_once() -> None:
    walk = Walk().to_case()
    walk.touch("ask_partial")
    assert walk.asked.path == f"/cases/{NUMBER}/partial-issue"
    walk.answer(make_case(NUMBER) | {"may_ask_partial": False})
    assert walk.touch("ask_partial") == ()


def test_a_result_is_taken_in_a_way_that_is_offered() -> None:
    walk = Walk().to_case()
    assert walk.touch("take_result", result="r1", way="print") == (), "it is held back"
    assert walk.touch("take_result", result="r2", way="courier") == ()
    walk.touch("take_result", result="r2", way="e_licence")
    assert walk.asked.path == f"/cases/{NUMBER}/issue"
    assert walk.asked.body == {"way": "e_licence", "results": ["r2"]}
    walk.answer(make_case(NUMBER))
    assert walk.journey.done is not None


class TestRating:
    def opened(self) -> Walk:
        walk = Walk().to_case()
        walk.touch("rate", matter="BIRTH-CERT")
        assert walk.asked.path == "/rating-options"
        walk.answer(make_rating_options())
        assert walk.journey.screen is Screen.RATING
        return walk

    def test_a_level_its_reasons_and_words_are_sent_together(self) -> None:
        walk = self.opened()
        walk.touch("level", level="very_dissatisfied")
        walk.touch("reason", code="speed")
        walk.touch("reason", code="papers")
        walk.touch("reason", code="papers")
        walk.touch("edit")
        walk.touch("value", fact="rating.comment", value="等了很久")
        walk.touch("send")
        assert walk.asked.path == f"/cases/{NUMBER}/ratings"
        assert walk.asked.body == {
            "matter": "BIRTH-CERT",
            "occasion": "result",
            "level": "very_dissatisfied",
            "reasons": ["speed"],
            "comment": "等了很久",
            "named": True,
        }
        walk.answer({"rating": "g1", "rectification": True})
        assert walk.asked.call == "read_case"
        walk.answer(make_case(NUMBER))
        assert walk.journey.done is not None
        assert "回访" in walk.journey.done.zh

    def test_nobody_has_to(self) -> None:
        walk = self.opened()
        assert walk.touch("send") == ()
        walk.touch("back")
        assert walk.journey.screen is Screen.PROGRESS
        assert citizen(walk).rating is None

    def test_reasons_of_another_level_fall_away(self) -> None:
        walk = self.opened()
        walk.touch("level", level="satisfied")
        walk.touch("reason", code="speed")
        walk.touch("level", level="dissatisfied")
        rating = citizen(walk).rating
        assert rating is not None
        assert rating.reasons == frozenset()

    def test_without_a_name_where_the_county_leaves_that_open(self) -> None:
        walk = self.opened()
        walk.touch("level", level="satisfied")
        walk.touch("named")
        walk.touch("send")
        assert (walk.asked.body or {})["named"] is False

    def test_always_named_where_the_county_wants_names(self) -> None:
        walk = Walk().to_case()
        walk.touch("rate", matter="BIRTH-CERT")
        walk.answer(make_rating_options() | {"names": "always"})
        walk.touch("level", level="satisfied")
        walk.touch("named")
        walk.touch("send")
        assert (walk.asked.body or {})["named"] is True

    def test_what_is_not_done_is_not_rated(self) -> None:
        assert Walk().to_case().touch("rate", matter="MED-INS") == ()

    def test_the_kiosk_itself_is_rated_after_the_receipt_even_without_the_card(self) -> None:
        walk = Walk().to_receipt()
        walk.touch("rate_kiosk")
        walk.answer(make_rating_options())
        walk.happen(events.CardRemoved())
        assert walk.journey.over is None
        walk.touch("level", level="very_satisfied")
        walk.touch("send")
        assert walk.asked.body == {
            "occasion": "submission",
            "level": "very_satisfied",
            "reasons": [],
            "named": True,
        }
        walk.answer({"rating": "g1", "rectification": False})
        assert walk.journey.screen is Screen.RECEIPT
        assert walk.touch("rate_kiosk") == ()
        walk.touch("leave")
        assert any(isinstance(effect, EndSession) for effect in walk.effects)


class TestDispute:
    def opened(self, fact: str = "mother.address") -> Walk:
        walk = Walk().to_form()
        walk.touch("wrong", fact=fact)
        return walk

    def test_the_form_goes_on_with_the_persons_own_value(self) -> None:
        walk = self.opened()
        assert (walk.journey.screen, walk.journey.editing) == (Screen.DISPUTE, "mother.address")
        walk.touch("value", fact="mother.address", value="新县新集镇北关 1 号")
        walk.touch("send")
        assert walk.asked.path == f"/drafts/{walk.draft['id']}/disputes"
        assert walk.asked.body == {
            "fact": "mother.address",
            "value": "新县新集镇北关 1 号",
            "evidence": [],
        }
        for each in walk.door.all_fields(walk.draft):
            if each["fact"] == "mother.address":
                each.update(state="disputed", value="新县新集镇北关 1 号")
        walk.answer(walk.view())
        assert walk.journey.screen is Screen.FORM
        assert citizen(walk).dispute is None
        assert walk.journey.done is not None

    def test_evidence_goes_with_it(self) -> None:
        walk = self.opened()
        walk.touch("value", fact="mother.address", value="北关 1 号")
        (effect,) = walk.touch("scan")
        path = f"/drafts/{walk.draft['id']}/evidence/mother.address/pages"
        assert effect == Scan(path, walk.journey.sitting)
        take_page(walk, "f7")
        walk.touch("keep")
        assert walk.journey.screen is Screen.DISPUTE
        walk.touch("send")
        assert (walk.asked.body or {})["evidence"] == ["f7"]

    def test_a_page_that_was_thrown_away_is_no_evidence(self) -> None:
        walk = self.opened()
        walk.touch("scan")
        take_page(walk, "f7")
        walk.touch("retake")
        assert walk.asked.method == "DELETE"
        walk.answer(None)
        take_page(walk, "f8")
        walk.touch("keep")
        dispute = citizen(walk).dispute
        assert dispute is not None
        assert [page["file"] for page in dispute.pages] == ["f8"]

    def test_nothing_is_sent_without_an_own_value(self) -> None:
        walk = self.opened()
        assert walk.touch("send") == ()
        assert walk.journey.notice is not None
        walk.touch("back")
        assert walk.journey.screen is Screen.FORM
        assert citizen(walk).dispute is None

    def test_what_no_register_gave_is_simply_changed(self) -> None:
        walk = self.opened()
        walk.touch("value", fact="mother.address", value="北关 1 号")
        walk.touch("send")
        sitting = walk.journey.sitting
        no = events.Sentence("可以直接修改", "Just change it")
        walk.happen(events.Refused("open_dispute", "not_from_a_register", no, sitting=sitting, status=422))
        assert (walk.journey.screen, walk.asked.call) == (Screen.FORM, "put_values")
        assert walk.asked.body["values"] == {"mother.address": "北关 1 号"}

    def test_what_the_person_typed_is_simply_typed_anew(self) -> None:
        walk = Walk().to_form()
        walk.type("child.name", "陈一诺")
        walk.touch("wrong", fact="child.name")
        assert (walk.journey.screen, walk.journey.editing) == (Screen.FORM, "child.name")

    def test_the_keyboard_begins_empty_and_never_with_the_registers_value(self) -> None:
        typing = describe_typing(self.opened().journey)
        assert typing is not None
        assert typing["value"] == ""

    def test_another_card_still_ends_the_sitting(self) -> None:
        walk = self.opened()
        walk.happen(events.CardRemoved())
        assert walk.journey.over is Over.CARD_GONE
        walk.happen(events.CardPlaced(FATHER))
        assert walk.journey.citizen is None
