"""One paper photographed through the phone's door by whoever read the kiosk's code, and by nobody else."""

import secrets

import pytest
from werkzeug.test import TestResponse

from onething.domain.handovers import REFUSALS_FOR_EACH_ADDRESS
from tests.http.test_journey import multipart, page
from tests.http.world import Sitting
from tests.mobile.phone import Phone, Town, refused
from tests.mobile.test_handovers import code_in, show, sit_down

CURRENT = "/handed-papers/current"


@pytest.fixture
def kiosk(town: Town) -> Sitting:
    sitting = sit_down(town)
    sitting.sign_in(town.cards["chen", "mother"])
    return sitting


@pytest.fixture
def code(kiosk: Sitting) -> str:
    """The code of a paper that has to be submitted, for no source may be asked."""
    draft = kiosk.post("/drafts", {"thing": "P-NEWBORN"})
    refusing = {source["id"]: False for source in draft["consent"]["sources"]}
    draft = kiosk.put(f"/drafts/{draft['id']}/consent", {"sources": refusing})
    material = next(each["id"] for each in draft["materials"] if each["state"] == "to_submit")
    return code_in(show(kiosk, draft, kind="photographs", material=material))


def send(phone: Phone, secret: str, data: bytes, key: str | None = None) -> TestResponse:
    body, kind = multipart(data)
    more = {"content-type": kind, "Handed-Paper": secret}
    return phone.ask("POST", f"{CURRENT}/pages", body, key=key, **more)


def test_a_paper_is_photographed_by_a_phone_that_is_signed_in_nowhere(town: Town, code: str) -> None:
    phone, key = Phone(town), secrets.token_urlsafe(24)
    assert phone.post("/handed-papers/kinds", {"code": code}) == {"kind": "photographs"}
    offered = phone.post("/handed-papers/offers", {"code": code})
    assert set(offered) == {"thing", "material", "points"}
    taken = phone.post("/handed-papers", {"code": code})
    secret = taken["secret"]
    assert (taken["pages"], taken["material"]) == (0, offered["material"])
    for _ in range(2):
        sent = send(phone, secret, page(), key)
        assert sent.status_code == 201
    looked = phone.ask("GET", CURRENT, **{"Handed-Paper": secret})
    assert looked.get_json()["pages"] == 1, "the same photograph twice is one page"
    refused(send(phone, secret, b"this is no picture"), 422, "not_an_image")
    for _ in range(2):
        ended = phone.ask("POST", f"{CURRENT}/ending", **{"Handed-Paper": secret})
        assert ended.status_code == 204
    refused(send(phone, secret, page()), 404, "handover_refused")


def test_a_code_is_taken_once_and_a_secret_is_not_guessed(town: Town, code: str) -> None:
    first, other = Phone(town), Phone(town)
    secret = first.post("/handed-papers", {"code": code})["secret"]
    for path in ("", "/offers", "/kinds"):
        refused(other.ask("POST", f"/handed-papers{path}", {"code": code}), 404, "handover_refused")
    for guess in (code, secrets.token_urlsafe(32), secret.swapcase(), "x" * 201):
        refused(other.ask("GET", CURRENT, **{"Handed-Paper": guess}), 404, "handover_refused")
        refused(send(other, guess, page()), 404, "handover_refused")
    refused(other.ask("GET", CURRENT), 404, "handover_refused")
    assert other.ask("POST", f"{CURRENT}/ending", **{"Handed-Paper": "guessed"}).status_code == 204
    assert first.ask("GET", CURRENT, **{"Handed-Paper": secret}).status_code == 200, "it goes on"


def test_a_form_s_code_is_told_from_a_paper_s_and_opens_no_paper(town: Town, kiosk: Sitting) -> None:
    form = code_in(show(kiosk, kiosk.post("/drafts", {"thing": "P-NEWBORN"})))
    phone = Phone(town)
    assert phone.post("/handed-papers/kinds", {"code": form}) == {"kind": "form"}
    refused(phone.ask("POST", "/handed-papers", {"code": form}), 404, "handover_refused")


def test_guessed_codes_are_counted(town: Town) -> None:
    phone = Phone(town)
    for _ in range(REFUSALS_FOR_EACH_ADDRESS):
        guess = {"code": secrets.token_urlsafe(32)}
        refused(phone.ask("POST", "/handed-papers/kinds", guess), 404, "handover_refused")
    refused(
        phone.ask("POST", "/handed-papers/kinds", {"code": secrets.token_urlsafe(32)}),
        429,
        "too_many_refusals",
    )
