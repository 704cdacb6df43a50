"""A form handed from the kiosk to its person's phone and back; one paper photographed with any phone."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from onething.domain.handovers import REFUSALS_FOR_EACH_ADDRESS, HandoverRefused
from onething.domain.phones import TooManyRefusals
from onething.services import handing_over_photographs as photographs
from onething.services import phone_sign_in, showing_codes
from tests.http.kiosk_signing import Kiosk
from tests.http.test_journey import page, signature
from tests.http.world import Sitting
from tests.mobile.phone import Phone, Town, refused
from tests.mobile.test_journey import fill_in

ADDRESS = "198.51.100.7"


@dataclass
class TimedKiosk(Kiosk):
    """The town's kiosk, by the town's clock."""

    town: Town = field(kw_only=True)

    def sign(self, *asked: Any, **more: Any) -> dict[str, str]:
        return super().sign(*asked, **{"created": int(self.town.clock.at.timestamp()), **more})


def sit_down(town: Town) -> Sitting:
    return Sitting(town.app, TimedKiosk(town.kiosk.id, town.kiosk.key, town=town))


@pytest.fixture
def kiosk(town: Town) -> Sitting:
    """The mother at the kiosk."""
    sitting = sit_down(town)
    sitting.sign_in(town.cards["chen", "mother"])
    return sitting


@pytest.fixture
def phone(town: Town) -> Phone:
    """Her own phone."""
    phone = Phone(town)
    phone.sign_in_by_province("chen.mother")
    return phone


@pytest.fixture
def draft(kiosk: Sitting) -> dict[str, Any]:
    begun: dict[str, Any] = kiosk.post("/drafts", {"thing": "P-NEWBORN"})
    return begun


def test_the_kiosk_is_told_that_people_can_be_themselves_on_a_phone(town: Town) -> None:
    assert sit_down(town).get("/things")["phone_sign_in"] is True


def show(kiosk: Sitting, draft: dict[str, Any], **wanted: str) -> dict[str, Any]:
    shown: dict[str, Any] = kiosk.post(f"/drafts/{draft['id']}/hand-overs", {"kind": "form", **wanted})
    return shown


def code_in(shown: dict[str, Any]) -> str:
    """What a phone finds in the QR's address."""
    return parse_qs(urlsplit(shown["text"]).query)["t"][0]


def take(phone: Phone, shown: dict[str, Any]) -> dict[str, Any]:
    taken: dict[str, Any] = phone.post("/hand-overs", {"code": code_in(shown)})
    return taken


def type_name(device: Any, draft: dict[str, Any], name: str) -> Any:
    return device.ask("PUT", f"/drafts/{draft['id']}/values", {"values": {"child.name": name}})


def typed(device: Any, draft: dict[str, Any]) -> Any:
    sections = device.get(f"/drafts/{draft['id']}")["form"]["sections"]
    return {each["fact"]: each["value"] for part in sections for each in part["fields"]}["child.name"]


def test_the_form_goes_to_the_phone_and_comes_back(
    kiosk: Sitting, phone: Phone, draft: dict[str, Any]
) -> None:
    shown = show(kiosk, draft)
    assert shown["state"] == "waiting"
    offered = phone.post("/hand-overs/offers", {"code": code_in(shown)})
    assert offered["thing"]["zh"]
    assert kiosk.get(f"/hand-overs/{shown['id']}")["state"] == "waiting", "to ask is not to take"
    taken = take(phone, shown)
    assert (taken["id"], taken["draft"], taken["state"]) == (shown["id"], draft["id"], "taken")

    before = kiosk.get(f"/hand-overs/{shown['id']}")
    assert before["state"] == "taken"
    assert type_name(phone, draft, "陈手机").status_code == 200
    refused(type_name(kiosk, draft, "陈终端"), 409, "handed_over")
    seen = kiosk.get(f"/hand-overs/{shown['id']}")
    assert seen["version"] > before["version"]
    assert typed(kiosk, draft) == "陈手机", "what the phone saved is read at the kiosk"

    back = kiosk.post(f"/hand-overs/{shown['id']}/ending", {})
    assert (back["state"], back["cause"]) == ("ended", "taken_back")
    again = kiosk.post(f"/hand-overs/{shown['id']}/ending", {})
    assert again["cause"] == "taken_back"
    refused(type_name(phone, draft, "陈又一"), 409, "handed_over")
    assert type_name(kiosk, draft, "陈终端").status_code == 200
    assert phone.get(f"/hand-overs/{shown['id']}")["cause"] == "taken_back"


def test_the_phone_gives_it_back(kiosk: Sitting, phone: Phone, draft: dict[str, Any]) -> None:
    shown = show(kiosk, draft)
    take(phone, shown)
    assert phone.post(f"/hand-overs/{shown['id']}/ending", {})["cause"] == "given_back"
    assert kiosk.get(f"/hand-overs/{shown['id']}")["cause"] == "given_back"
    assert type_name(kiosk, draft, "陈还回").status_code == 200
    refused(type_name(phone, draft, "陈又一"), 409, "handed_over")


def test_what_was_handed_in_on_the_phone_is_printed_at_the_kiosk(
    town: Town, kiosk: Sitting, phone: Phone
) -> None:
    draft = fill_in(phone)
    begun = kiosk.ask("POST", "/drafts", {"thing": "P-NEWBORN"})
    assert (begun.status_code, begun.get_json()["id"]) == (200, draft["id"]), "begun on the phone"
    shown = show(kiosk, draft)
    submission = f"/drafts/{draft['id']}/submission"
    take(phone, shown)
    answer = kiosk.ask("POST", submission, {}, key=secrets.token_urlsafe(24))
    refused(answer, 409, "handed_over")
    handed_in = phone.post(submission, {}, key=secrets.token_urlsafe(24))
    seen = kiosk.get(f"/hand-overs/{shown['id']}")
    assert (seen["state"], seen["cause"]) == ("ended", "submitted")
    assert seen["case_number"] == handed_in["case_number"]
    receipt = kiosk.get(f"/cases/{seen['case_number']}/receipt")
    assert receipt["case_number"] == handed_in["case_number"]
    refused(
        kiosk.ask("POST", f"/drafts/{draft['id']}/hand-overs", {"kind": "form"}), 409, "already_submitted"
    )


class TestABadCode:
    """Clear words, counted, and nothing has opened."""

    def test_is_good_once(self, kiosk: Sitting, phone: Phone, draft: dict[str, Any]) -> None:
        shown = show(kiosk, draft)
        take(phone, shown)
        for path in ("/hand-overs", "/hand-overs/offers"):
            refused(phone.ask("POST", path, {"code": code_in(shown)}), 404, "handover_refused")

    def test_is_good_for_three_minutes(
        self, town: Town, kiosk: Sitting, phone: Phone, draft: dict[str, Any]
    ) -> None:
        shown = show(kiosk, draft)
        town.clock.at += timedelta(minutes=3)
        refused(phone.ask("POST", "/hand-overs", {"code": code_in(shown)}), 404, "handover_refused")
        said = kiosk.get(f"/hand-overs/{shown['id']}")
        assert (said["state"], said["cause"]) == ("ended", "expired")

    def test_is_over_when_there_is_a_newer_one_or_the_sitting_has_ended(
        self, kiosk: Sitting, phone: Phone, draft: dict[str, Any]
    ) -> None:
        old, new = show(kiosk, draft), show(kiosk, draft)
        refused(phone.ask("POST", "/hand-overs", {"code": code_in(old)}), 404, "handover_refused")
        kiosk.ask("POST", "/sessions/current/ending", {"cause": "finished"})
        refused(phone.ask("POST", "/hand-overs", {"code": code_in(new)}), 404, "handover_refused")

    def test_of_another_person_opens_nothing_and_is_not_used_up(
        self, town: Town, kiosk: Sitting, phone: Phone, draft: dict[str, Any]
    ) -> None:
        stranger = Phone(town)
        stranger.sign_in_by_province("stranger.man")
        shown = show(kiosk, draft)
        answer = stranger.ask("POST", "/hand-overs", {"code": code_in(shown)})
        refused(answer, 403, "handover_for_another")
        assert draft["id"] not in answer.get_data(as_text=True)
        assert take(phone, shown)["state"] == "taken"
        for method, path in (("GET", ""), ("POST", "/ending")):
            refused(stranger.ask(method, f"/hand-overs/{shown['id']}{path}"), 404, "not_found")

    def test_guessed_is_counted_until_nothing_is_tried(
        self, kiosk: Sitting, phone: Phone, draft: dict[str, Any]
    ) -> None:
        shown = show(kiosk, draft)
        changed = code_in(shown)[:-1] + ("A" if code_in(shown)[-1] != "A" else "B")
        for _ in range(REFUSALS_FOR_EACH_ADDRESS):
            refused(phone.ask("POST", "/hand-overs", {"code": changed}), 404, "handover_refused")
        refused(phone.ask("POST", "/hand-overs", {"code": code_in(shown)}), 429, "too_many_refusals")
        phone.town.clock.at += timedelta(minutes=1)
        assert take(phone, shown)["state"] == "taken"

    def test_of_photographs_hands_over_no_form(self, kiosk: Sitting, phone: Phone) -> None:
        draft, material = with_a_paper(kiosk)
        shown = show(kiosk, draft, kind="photographs", material=material)
        refused(phone.ask("POST", "/hand-overs", {"code": code_in(shown)}), 404, "handover_refused")
        form = show(kiosk, draft)
        with pytest.raises(HandoverRefused):
            photographs.take(phone.town.ports, code_in(form), ADDRESS)


class TestOneDeviceGoes:
    """Whatever goes in the middle, nothing is lost and nobody is kept out for long."""

    def test_the_kiosk(self, town: Town, kiosk: Sitting, phone: Phone, draft: dict[str, Any]) -> None:
        shown = show(kiosk, draft)
        take(phone, shown)
        type_name(phone, draft, "陈留下")
        again = sit_down(town)  # the program began anew, and she signs in again
        again.sign_in(town.cards["chen", "mother"])
        refused(kiosk.ask("GET", f"/hand-overs/{shown['id']}"), 401, "session_ended")
        resumed = again.post("/drafts", {"thing": "P-NEWBORN"})
        assert resumed["id"] == draft["id"]
        assert typed(again, draft) == "陈留下"
        assert type_name(again, draft, "陈再来").status_code == 200
        assert type_name(phone, draft, "陈手机").status_code == 200

    def test_the_phone(self, kiosk: Sitting, phone: Phone, draft: dict[str, Any]) -> None:
        shown = show(kiosk, draft)
        take(phone, shown)
        type_name(phone, draft, "陈留下")
        phone.ask("POST", "/sign-ins/current/ending", {"everywhere": True})
        assert type_name(kiosk, draft, "陈终端").status_code == 200, "a phone signed out holds nothing"
        assert kiosk.post(f"/hand-overs/{shown['id']}/ending", {})["cause"] == "taken_back"


def with_a_paper(kiosk: Sitting) -> tuple[dict[str, Any], str]:
    """A draft that wants a paper: nobody may be asked for anything."""
    draft = kiosk.post("/drafts", {"thing": "P-NEWBORN"})
    refusing = {source["id"]: False for source in draft["consent"]["sources"]}
    draft = kiosk.put(f"/drafts/{draft['id']}/consent", {"sources": refusing})
    return draft, next(each["id"] for each in draft["materials"] if each["state"] == "to_submit")


class TestPhotographs:
    """Any phone that reads the code may do that one thing, and sees nobody's data."""

    def test_come_to_the_kiosk(self, town: Town, kiosk: Sitting) -> None:
        draft, material = with_a_paper(kiosk)
        shown = show(kiosk, draft, kind="photographs", material=material)
        offered = photographs.find_offered(town.ports, code_in(shown), ADDRESS)
        card = town.cards["chen", "mother"]
        assert not any(card[fact] in str(offered) for fact in ("name", "id_number", "address"))
        secret = photographs.take(town.ports, code_in(shown), ADDRESS)
        with pytest.raises(HandoverRefused):
            photographs.take(town.ports, code_in(shown), ADDRESS)
        assert photographs.add(town.ports, secret, page())["pages"] == 1
        seen = kiosk.get(f"/hand-overs/{shown['id']}")
        assert kiosk.ask("GET", f"/files/{seen['pages'][-1]}/preview").get_data().startswith(b"\xff\xd8")
        assert kiosk.ask("PUT", f"/drafts/{draft['id']}/signature", signature()).status_code == 200, (
            "the form stays with the kiosk"
        )
        photographs.end(town.ports, secret)
        assert kiosk.get(f"/hand-overs/{shown['id']}")["cause"] == "given_back"
        with pytest.raises(HandoverRefused):
            photographs.add(town.ports, secret, page())

    def test_end_with_the_sitting(self, town: Town, kiosk: Sitting) -> None:
        draft, material = with_a_paper(kiosk)
        shown = show(kiosk, draft, kind="photographs", material=material)
        secret = photographs.take(town.ports, code_in(shown), ADDRESS)
        kiosk.ask("POST", "/sessions/current/ending", {"cause": "finished"})
        with pytest.raises(HandoverRefused):
            photographs.add(town.ports, secret, page())

    def test_of_a_paper_that_is_not_wanted_are_not_offered(self, kiosk: Sitting, draft: Any) -> None:
        for wanted in ({"kind": "photographs", "material": "no_such"}, {"kind": "photographs"}):
            answer = kiosk.ask("POST", f"/drafts/{draft['id']}/hand-overs", wanted)
            refused(answer, 404, "not_found")

    def test_guessed_codes_are_counted(self, town: Town) -> None:
        for _ in range(REFUSALS_FOR_EACH_ADDRESS):
            with pytest.raises(HandoverRefused):
                photographs.take(town.ports, secrets.token_urlsafe(32), ADDRESS)
        with pytest.raises(TooManyRefusals):
            photographs.find_offered(town.ports, secrets.token_urlsafe(32), ADDRESS)


class TestAShowingCode:
    """The phone says at the kiosk who its person is; the card stays in the pocket."""

    def show_code(self, phone: Phone) -> str:
        found = phone_sign_in.find_phone(phone.town.ports, phone.access)
        assert found is not None
        assert found.session is not None
        return showing_codes.issue(phone.town.ports, found.session, "sign_in")["text"]

    def test_signs_in_by_real_name(self, town: Town, phone: Phone) -> None:
        begun = phone.post("/drafts", {"thing": "P-NEWBORN"})
        kiosk = sit_down(town)
        code = self.show_code(phone)
        session = kiosk.post("/sessions/shown", {"code": code})
        assert session["assurance"] == "real_name"
        kiosk.token = session["token"]
        resumed = kiosk.post("/drafts", {"thing": "P-NEWBORN"})
        assert (resumed["id"], resumed["resumed"]) == (begun["id"], True)
        again = sit_down(town).ask("POST", "/sessions/shown", {"code": code})
        refused(again, 422, "showing_code_refused")

    def test_does_not_pass_for_a_card(self, town: Town) -> None:
        phone = Phone(town)
        phone.sign_in_by_province("tong.mother")
        kiosk = sit_down(town)
        kiosk.token = kiosk.post("/sessions/shown", {"code": self.show_code(phone)})["token"]
        draft = kiosk.post("/drafts", {"thing": "P-MARRIAGE"})
        own = draft["holder"]["role"]
        fields = [each for part in draft["form"]["sections"] for each in part["fields"]]
        said = {each["fact"]: (each["source"] or {}).get("zh") for each in fields}
        assert said[f"{own}.name"] == "省统一身份认证"

    def test_changed_or_too_old_signs_nobody_in(self, town: Town, phone: Phone) -> None:
        kiosk, code = sit_down(town), self.show_code(phone)
        for wrong in (code + "x", code.replace("SHOW:1", "SHOW:2"), "https://example.invalid/"):
            refused(kiosk.ask("POST", "/sessions/shown", {"code": wrong}), 422, "showing_code_refused")
        town.clock.at += timedelta(minutes=1)
        refused(kiosk.ask("POST", "/sessions/shown", {"code": code}), 422, "showing_code_refused")
