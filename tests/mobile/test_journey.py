"""A birth on the phone alone, and one begun at a kiosk and gone on with on the phone."""

import json
import secrets
from typing import Any

import pytest

from onething.services import signing_in
from onething.services.filling import open_draft
from tests.http.test_journey import multipart, page, signature
from tests.mobile.phone import Phone, Town, refused
from web.problem_words import OF_STATUS

TYPED = {
    "child.name": "陈小满",
    "child.ethnicity": "01",
    "application.mobile": "19900001234",
    "mother.address": "河南省信阳市新县测试路1号",
    "mother.ethnicity": "01",
}


@pytest.fixture
def mother(town: Town) -> Phone:
    phone = Phone(town)
    phone.sign_in_by_province("chen.mother")
    return phone


def agree_to_all(phone: Phone, draft: dict[str, Any]) -> dict[str, Any]:
    for _ in range(4):
        asked = {source["id"]: True for source in draft["consent"]["sources"]}
        draft = phone.put(f"/drafts/{draft['id']}/consent", {"sources": asked})
        draft = phone.post(f"/drafts/{draft['id']}/fetching", {})
        if not draft["consent"]["needed"]:
            break
    return draft


def fill_in(phone: Phone) -> dict[str, Any]:
    """A whole birth, ready to be submitted; the father's card is not here."""
    draft = agree_to_all(phone, phone.post("/drafts", {"thing": "P-NEWBORN"}))
    for role in draft["authorisations"]:
        if role["state"] == "open":
            body = {"role": role["role"]}
            draft = phone.post(f"/drafts/{draft['id']}/declined-authorisations", body)
    draft = agree_to_all(phone, draft)
    for _ in range(3):
        values = typed_values(phone, [each["id"] for each in draft["missing"] if each["kind"] == "fact"])
        if not values:
            break
        draft = phone.put(f"/drafts/{draft['id']}/values", {"values": values})
    for material in draft["materials"]:
        if material["state"] == "to_submit" and material["required"]:
            body, kind = multipart(page())
            path = f"/drafts/{draft['id']}/materials/{material['id']}/pages"
            taken = phone.post(path, body, **{"content-type": kind})
            draft = taken["draft"]
            preview = taken["pages"][0]["preview"]
            shown = phone.ask("GET", preview.removeprefix("/mobile/v1"))
            assert shown.get_data().startswith(b"\xff\xd8"), preview
    return phone.put(f"/drafts/{draft['id']}/signature", signature())  # type: ignore[no-any-return]


def typed_values(phone: Phone, facts: list[str]) -> dict[str, Any]:
    father = phone.town.cards["chen", "father"]
    own = {f"father.{name}": father[name] for name in ("name", "id_number", "address", "ethnicity")}
    known = {**TYPED, **own, "father.birth_on": father["birth_on"], "father.sex": father["sex"]}
    unknown = [fact for fact in facts if fact not in known]
    assert not unknown, f"the form asks for {unknown}"
    return {fact: known[fact] for fact in facts}


def test_lists_and_guides_are_the_same_until_they_change(phone: Phone) -> None:
    for path in ("/things", "/things/P-NEWBORN/guide", "/things/P-NEWBORN/flow-chart"):
        first = phone.ask("GET", path)
        again = phone.ask("GET", path, **{"if-none-match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.get_data()) == (200, 304, b""), path
    guide = phone.get("/things/P-NEWBORN/guide")
    assert phone.ask("GET", guide["flow_chart"].removeprefix("/mobile/v1")).status_code == 200
    assert phone.post("/things/P-NEWBORN/plans", {})["matters"]
    assert phone.get("/rating-options")["levels"]


def test_a_birth_on_the_phone_alone(mother: Phone) -> None:
    draft = fill_in(mother)
    assert (draft["missing"], draft["ready"]) == ([], True)
    key = secrets.token_urlsafe(24)
    submitted = mother.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=key)
    assert submitted.status_code == 201, submitted.get_data(as_text=True)
    again = mother.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=key)
    assert again.get_json() == submitted.get_json()
    number = submitted.get_json()["case_number"]
    assert submitted.get_json()["receipt"]["terminal"] == "手机"
    assert number in [case["number"] for case in mother.get("/cases")["cases"]]
    assert mother.get(f"/cases/{number}")["parts"]
    assert mother.get(f"/cases/{number}/receipt")["reprint"] is True
    assert mother.ask("GET", f"/cases/{number}/form").get_data().startswith(b"%PDF-")
    rating = {"occasion": "submission", "level": "satisfied", "reasons": [], "named": True}
    taken = mother.ask("POST", f"/cases/{number}/ratings", rating, key=secrets.token_urlsafe(24))
    assert taken.status_code == 201, taken.get_data(as_text=True)
    with mother.town.ports.records.read() as uow:
        case = uow.cases.find_by_number(number)
    assert case is not None
    assert case.channel == "phone"


def test_what_the_phone_knows_of_a_person_is_not_said_to_be_from_a_card(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("liu.mother")
    draft = phone.post("/drafts", {"thing": "P-NEWBORN"})
    fields = {field["fact"]: field for section in draft["form"]["sections"] for field in section["fields"]}
    name = fields["mother.name"]
    assert name["value"] == town.cards["liu", "mother"]["name"]
    assert (name["editable"], name["source"]["zh"]) == (False, "省统一身份认证")
    answer = phone.ask("PUT", f"/drafts/{draft['id']}/values", {"values": {"mother.name": "别人"}})
    refused(answer, 422, "bad_fields")


def test_a_draft_begun_at_a_kiosk_is_gone_on_with_on_the_phone(town: Town) -> None:
    with town.ports.records.read() as uow:
        terminal = uow.terminals.find(town.kiosk.id)
    assert terminal is not None
    started = signing_in.start_session(town.ports, terminal, town.cards["tong", "mother"])
    session = signing_in.get_session(town.ports, terminal.id, started["token"])
    begun = open_draft(town.ports, session, "P-NEWBORN", None, {})
    phone = Phone(town)
    phone.sign_in_by_province("tong.mother")
    assert [draft["id"] for draft in phone.get("/drafts")["drafts"]] == [begun["id"]]
    resumed = phone.ask("POST", "/drafts", {"thing": "P-NEWBORN"})
    assert (resumed.status_code, resumed.get_json()["id"]) == (200, begun["id"])


def test_a_submission_without_a_key_is_refused(mother: Phone) -> None:
    draft = mother.post("/drafts", {"thing": "P-RETIRE"})
    answer = mother.ask("POST", f"/drafts/{draft['id']}/submission", {})
    refused(answer, 422, "idempotency_key_missing")


def test_no_sentence_speaks_of_a_reader_where_there_is_none(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("tao.woman")
    draft = agree_to_all(phone, phone.post("/drafts", {"thing": "P-FLEXJOB"}))
    assert "读卡器" not in json.dumps(draft, ensure_ascii=False)
    sections = draft["form"]["sections"]
    [address] = [f for section in sections for f in section["fields"] if f["fact"] == "applicant.address"]
    assert (address["state"], address["source"]["zh"]) == ("not_held", "省统一身份认证")
    assert address["why_zh"].startswith("实名登录只核实姓名和身份证号码，这一项请您填写。")


def test_the_guide_is_true_on_every_channel(town: Town) -> None:
    guide = Phone(town).get("/things/P-NEWBORN/guide")
    said = json.dumps(guide, ensure_ascii=False)
    assert "在手机上实名登录" in said
    assert "需要其本人刷身份证、在自己手机上授权" in said


def test_what_went_wrong_calls_nobody_who_is_not_there() -> None:
    assert not any("呼叫" in text.zh or "call the staff" in text.en for _, text in OF_STATUS.values())
