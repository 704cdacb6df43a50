"""Several people in one application, through the phone's door: what each is told, and what is refused."""

import secrets
from typing import Any

import pytest

from tests.http.test_journey import signature
from tests.mobile.phone import Phone, Town, good, refused
from tests.mobile.test_journey import agree_to_all


@pytest.fixture
def mother(town: Town) -> Phone:
    phone = Phone(town)
    phone.sign_in_by_province("chen.mother")
    return phone


@pytest.fixture
def father(town: Town) -> Phone:
    phone = Phone(town)
    phone.sign_in_by_province("chen.father")
    return phone


def invite(phone: Phone, draft: str, role: str, **more: Any) -> Any:
    path = f"/drafts/{draft}/invitations"
    return phone.post(path, {"role": role, **more}, key=secrets.token_urlsafe(24))


def test_two_phones_and_one_form(mother: Phone, father: Phone) -> None:
    draft = agree_to_all(mother, mother.post("/drafts", {"thing": "P-NEWBORN"}))
    path, key = f"/drafts/{draft['id']}/invitations", secrets.token_urlsafe(24)
    sent = mother.post(path, {"role": "father", "mobile": "19900001234"}, key=key)
    assert mother.post(path, {"role": "father", "mobile": "19900001234"}, key=key) == sent
    assert father.get("/invitations")["invitations"][0]["id"] == sent["id"]
    view = father.post("/invitations/openings", {"secret": sent["link"].rpartition("/")[2]})
    assert {each["fact"].partition(".")[0] for each in view["items"]} <= {"father"}
    sources = {each["id"]: True for each in view["sources"]}
    act = f"/invitations/{view['id']}/authorisation"
    assert father.post(act, {"sources": sources})["state"] == "authorised"
    refused(father.ask("POST", act, {"sources": sources}), 409, "invitation_over")
    [line] = mother.get(path)["invitations"]
    assert line["state"] == "authorised"
    back = f"/invitations/{view['id']}/taking-back"
    assert good(father.ask("POST", back))["state"] == "taken_back"
    refused(father.ask("POST", back), 409, "nothing_to_take_back")
    again = mother.post(path, {"role": "father"}, key=secrets.token_urlsafe(24))
    view = father.post("/invitations/openings", {"secret": again["code"]})
    act = f"/invitations/{view['id']}/authorisation"
    assert father.post(act, {"sources": sources})["state"] == "authorised"
    draft = agree_to_all(mother, mother.get(f"/drafts/{draft['id']}"))
    assert next(each for each in draft["materials"] if each["id"] == "f_id")["state"] == "met"
    refused(
        mother.ask("POST", path, {"role": "father"}, key=secrets.token_urlsafe(24)),
        409,
        "nothing_to_authorise",
    )


def test_a_bad_mobile_is_named_and_nothing_is_sent(mother: Phone) -> None:
    draft = mother.post("/drafts", {"thing": "P-MARRIAGE"})["id"]
    path = f"/drafts/{draft}/invitations"
    answer = mother.ask("POST", path, {"role": "man", "mobile": "12345"}, key=secrets.token_urlsafe(24))
    refused(answer, 422, "bad_fields")
    assert mother.get(path)["invitations"] == []


def test_anothers_invitation_is_not_there(town: Town) -> None:
    """Also with the right link: one answer for what is not there and for what is somebody else's."""
    sender, stranger = Phone(town), Phone(town)
    stranger.sign_in_by_province("stranger.man")
    draft = named_husband(town, sender)
    sent = invite(sender, draft, "man")
    bodies = {"authorisation": {"sources": {}}, "refusal": {"reason": ""}, "taking-back": None}
    for each in (sent["id"], "0" * 32):
        refused(stranger.ask("GET", f"/invitations/{each}"), 404, "not_found")
        for act, body in bodies.items():
            refused(stranger.ask("POST", f"/invitations/{each}/{act}", body), 404, "not_found")
        for act in ("calling-back", "confirmation"):
            path = f"/drafts/{draft}/invitations/{each}/{act}"
            refused(stranger.ask("POST", path), 404, "not_found")
    path = f"/drafts/{draft}/invitations"
    refused(stranger.ask("GET", path), 404, "not_found")
    answer = stranger.ask("POST", path, {"role": "man"}, key=secrets.token_urlsafe(24))
    refused(answer, 404, "not_found")
    answers = []
    for secret in (sent["link"].rpartition("/")[2], sent["code"], secrets.token_urlsafe(32), "ABCD-EFGH"):
        answer = stranger.ask("POST", "/invitations/openings", {"secret": secret})
        refused(answer, 404, "invitation_not_valid")
        said = answer.get_json()
        answers.append({name: said[name] for name in said if name not in ("request_id", "instance")})
    assert all(each == answers[0] for each in answers)
    other = sender.post("/drafts", {"thing": "P-NEWBORN"})["id"]
    path = f"/drafts/{other}/invitations/{sent['id']}/calling-back"
    refused(sender.ask("POST", path), 404, "not_found")
    assert good(sender.ask("POST", f"/drafts/{draft}/invitations/{sent['id']}/calling-back"))["state"] == (
        "called_back"
    )


def test_nothing_of_the_code_or_the_link_is_kept(town: Town) -> None:
    sender = Phone(town)
    draft = named_husband(town, sender)
    sent = invite(sender, draft, "man")
    token = sent["link"].rpartition("/")[2]
    with town.ports.records.read() as uow:
        kept = uow.invitations.find(sent["id"])
    assert kept is not None
    assert token not in str(kept)
    assert sent["code"].replace("-", "") not in str(kept)
    sender.ask("POST", f"/drafts/{draft}/invitations/{sent['id']}/calling-back")


def test_who_must_sign_is_asked_for_a_signature(town: Town) -> None:
    man, woman = Phone(town), Phone(town)
    man.sign_in_by_province("song.man")
    woman.sign_in_by_province("qin.woman")
    card = town.cards["qin", "woman"]
    draft = agree_to_all(man, man.post("/drafts", {"thing": "P-MARRIAGE"}))
    man.put(
        f"/drafts/{draft['id']}/values",
        {"values": {"woman.name": card["name"], "woman.id_number": card["id_number"]}},
    )
    view = woman.post("/invitations/openings", {"secret": invite(man, draft["id"], "woman")["code"]})
    act = f"/invitations/{view['id']}/authorisation"
    refused(woman.ask("POST", act, {"sources": {}}), 422, "signature_needed")
    refused(woman.ask("POST", act, {"sources": {}, "signature": "AAAA"}), 422, "bad_signature_image")
    signed = {"sources": {}, "signature": signature()["image"]}
    assert woman.post(act, signed)["state"] == "authorised"


def named_husband(town: Town, wife: Phone) -> str:
    """A marriage begun by the woman, with the man's number on it."""
    wife.sign_in_by_province("tao.woman")
    card = town.cards["tao", "man"]
    draft: str = wife.post("/drafts", {"thing": "P-MARRIAGE"})["id"]
    values = {"man.name": card["name"], "man.id_number": card["id_number"]}
    wife.put(f"/drafts/{draft}/values", {"values": values})
    return draft
