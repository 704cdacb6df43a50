"""After submission by the phone's door: results and parcels, e-licences and codes, who read my data."""

import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest

from onething.services import showing_codes
from sandbox.e_licences import identifier_of
from tests.mobile.phone import Phone, Town, refused
from tests.phone_pages.test_after import ADDRESS, Hall
from tests.services.office import licence

NOBODY_S = "0" * 32


@pytest.fixture
def hall(town: Town) -> Hall:
    _, catalog = town.ports.catalogs.current()
    settings = replace(town.ports.settings, without_system=frozenset(catalog.departments))
    return Hall(replace(town.ports, settings=settings), town.cards["sun", "mother"]["id_number"])


@pytest.fixture
def owner(town: Town) -> Iterator[Phone]:
    phone = Phone(town)
    phone.sign_in_by_province("sun.mother")
    yield phone
    phone.ask("POST", "/sign-ins/current/ending", {"everywhere": True})


def test_results_are_sent_home_once(hall: Hall, owner: Phone) -> None:
    number = hall.case()
    hall.complete(number, "BIRTH-CERT", licence("birth_certificate"))
    [held] = owner.get(f"/cases/{number}/results")["results"]
    body = {"results": [held["id"]], **ADDRESS}
    early = owner.ask("POST", f"/cases/{number}/shipments", body, key=secrets.token_urlsafe(24))
    refused(early, 409, "result_withheld")
    owner.post(f"/cases/{number}/partial-issue", {})
    bad = {**body, "mobile": "1"}
    refused(
        owner.ask("POST", f"/cases/{number}/shipments", bad, key=secrets.token_urlsafe(24)),
        422,
        "bad_address",
    )
    key = secrets.token_urlsafe(24)
    for _ in range(2):
        sent = owner.post(f"/cases/{number}/shipments", body, key=key)
    [parcel] = sent["shipments"]
    assert (parcel["state"], parcel["results"]) == ("waiting", [held["id"]])
    assert ADDRESS["name"] not in parcel["receiver_masked"]


def test_a_licence_and_oneself_are_shown_by_codes(town: Town, hall: Hall, owner: Phone) -> None:
    number = hall.case()
    hall.complete(number, "BIRTH-CERT", licence("birth_certificate"))
    own = next(each for each in owner.get("/licences")["licences"] if each["case"] == number)
    shown = owner.post("/showing-codes", {"kind": "licence", "licence": own["id"]})
    said = showing_codes.read_licence(town.ports, shown["text"], "10.1.2.3")
    assert (said["zh"], said["identifier"]) == (own["zh"], own["identifier"])
    with pytest.raises(showing_codes.ShowingCodeRefused):
        showing_codes.read_licence(town.ports, shown["text"], "10.1.2.3")
    mine = owner.post("/showing-codes", {"kind": "sign_in"})
    read = showing_codes.redeem(town.ports, mine["text"], "terminal-5", "sign_in")
    assert read.session.card["id_number"] == hall.applicant
    stranger = Phone(town)
    stranger.sign_in_by_province("stranger.man")
    for body in ({"kind": "licence", "licence": own["id"]}, {"kind": "licence", "licence": NOBODY_S}):
        refused(stranger.ask("POST", "/showing-codes", body), 404, "not_found")
    assert own["id"] not in [each["id"] for each in stranger.get("/licences")["licences"]]


def test_a_result_s_file_is_had_once_it_may_be_handed_over(hall: Hall, owner: Phone) -> None:
    number = hall.case()
    identifier = identifier_of("hukou_book", hall.applicant)
    hall.complete(number, "BIRTH-CERT", {"document": "hukou_book", "of": "child", "identifier": identifier})
    [held] = owner.get(f"/cases/{number}")["results"]
    file = f"/cases/{number}/results/{held['id']}/file"
    assert not held["has_file"]
    refused(owner.ask("GET", file), 409, "result_withheld")
    owner.post(f"/cases/{number}/partial-issue", {})
    given = owner.ask("GET", file)
    assert (given.status_code, given.mimetype) == (200, "application/pdf")
    assert given.headers["Content-Disposition"] == f'inline; filename="hukou_book-{number}.pdf"'
    assert given.headers["Cache-Control"] == "no-store"
    assert given.get_data().startswith(b"%PDF-")
    path = f"/cases/{number}/prints/{NOBODY_S}/settlement"
    refused(owner.ask("POST", path, {"came_out": True}, key=secrets.token_urlsafe(24)), 404, "not_found")


def test_who_read_my_data_is_paged_to_its_end(hall: Hall, owner: Phone) -> None:
    for _ in range(4):
        hall.complete(hall.case(), "BIRTH-CERT")
    for _ in range(60):
        owner.get("/cases")
    first = owner.get("/access-log")
    assert first["uses"][0]["is_own"] is True
    assert first["uses"][0]["times"] > 50, "one's own are one line"
    uses, cursor = list(first["uses"]), first["next"]
    while cursor:
        page = owner.get(f"/access-log?cursor={cursor}")
        uses, cursor = uses + page["uses"], page["next"]
    assert sum(each["did_zh"] == "部门办结" for each in uses) >= 4
    assert [each["at"] for each in uses] == sorted((each["at"] for each in uses), reverse=True)
    refused(owner.ask("GET", "/access-log?cursor=abc"), 422, "bad_fields")


def test_asking_a_register_is_told_with_what_was_asked(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("tong.mother")
    draft = phone.post("/drafts", {"thing": "P-NEWBORN"})
    asked = {source["id"]: True for source in draft["consent"]["sources"]}
    phone.put(f"/drafts/{draft['id']}/consent", {"sources": asked})
    phone.post(f"/drafts/{draft['id']}/fetching", {})
    uses = [each for each in phone.get("/access-log")["uses"] if each["did_zh"].startswith("查询政府数据")]
    assert any(each["what"] for each in uses)
    assert all(each["who_zh"] and each["why_zh"] and not each["is_own"] for each in uses)


def test_what_is_agreed_to_is_asked_and_answered(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("chen.mother")
    offered = [each["document"] for each in phone.get("/held-licences")["documents"]]
    found = phone.post("/held-licences", {"documents": offered})
    assert {each["document"] for each in found["held"]} >= {"id_card", "marriage_certificate"}
    said = [each["document"] for part in ("held", "not_held", "unavailable") for each in found[part]]
    assert sorted(said) == sorted(offered)
    refused(phone.ask("POST", "/held-licences", {"documents": []}), 422, "bad_fields")
    refused(phone.ask("POST", "/held-licences", {"documents": ["business_licence"]}), 422, "bad_fields")


def test_nobody_asks_for_another_by_a_mandate(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("chen.father")
    answer = phone.ask("POST", "/held-licences", {"documents": ["id_card"]}, **{"Acting-For": "0" * 32})
    refused(answer, 403, "not_by_mandate")
