"""Results printed at a kiosk, through its real door: begun, fetched, and settled once."""

import secrets
from dataclasses import replace
from typing import Any

import pytest
import requests
from werkzeug.test import TestResponse

from sandbox.e_licences import identifier_of
from tests.http.world import Sitting, World
from tests.phone_pages.test_after import Hall


@pytest.fixture(scope="module")
def hall(world: World) -> Hall:
    _, catalog = world.ports.catalogs.current()
    settings = replace(world.ports.settings, without_system=frozenset(catalog.departments))
    return Hall(replace(world.ports, settings=settings), world.cards["sun", "mother"]["id_number"])


@pytest.fixture
def number(hall: Hall) -> str:
    """A birth with its two results: a licence that the service keeps, and a decision without a document."""
    case = hall.case()
    identifier = identifier_of("hukou_book", hall.applicant)
    hall.complete(case, "BIRTH-CERT", {"document": "hukou_book", "of": "child", "identifier": identifier})
    hall.complete(case, "VACCINE")
    return case


@pytest.fixture
def owner(world: World) -> Sitting:
    sitting = Sitting(world.app, world.kiosks[0])
    sitting.sign_in(world.cards["sun", "mother"])
    return sitting


def results(sitting: Sitting, number: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sitting.get(f"/cases/{number}")["results"]
    return found


def begin(sitting: Sitting, number: str, result: str) -> str:
    answer = sitting.ask("POST", f"/cases/{number}/prints", {"result": result}, key=secrets.token_urlsafe(24))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.get_json()["id"])


def say(sitting: Sitting, job: str, outcome: str) -> TestResponse:
    return sitting.ask("POST", f"/prints/{job}/outcome", {"outcome": outcome})


def put_mood(world: World, mood: str) -> None:
    """How the e-licence service behaves when it is asked for files."""
    requests.put(f"{world.sandbox.admin}/moods/e_licence_files", json={"mood": mood}, timeout=10)


def refusal(answer: TestResponse) -> tuple[int, str]:
    assert answer.json is not None
    return answer.status_code, answer.json["reason"]


def test_a_result_is_fetched_for_the_printer_and_counts_when_it_is_printed(
    owner: Sitting, number: str
) -> None:
    licence, decision = results(owner, number)
    assert [each["has_file"] for each in (licence, decision)] == [True, True]
    for result in (licence, decision):
        job = begin(owner, number, result["id"])
        given = owner.ask("GET", f"/cases/{number}/prints/{job}/document")
        assert (given.status_code, given.mimetype) == (200, "application/pdf")
        assert given.headers["Cache-Control"] == "no-store"
        assert given.get_data().startswith(b"%PDF-")
        assert given.headers["Content-Disposition"].isascii()
        for _ in range(2):
            assert say(owner, job, "printed").get_json() == {"state": "printed"}
    assert [(each["state"], each["print"]) for each in results(owner, number)] == [("issued", None)] * 2


def test_a_print_that_the_kiosk_cannot_know_of_is_settled_by_its_citizen(owner: Sitting, number: str) -> None:
    licence, _ = results(owner, number)
    job = begin(owner, number, licence["id"])
    assert say(owner, job, "unknown").get_json() == {"state": "unknown"}
    (waiting, _) = results(owner, number)
    assert waiting["print"] == {"id": job, "place": "here", "may_be_settled": True}
    path, no = f"/cases/{number}/prints/{job}/settlement", {"came_out": False}
    key = secrets.token_urlsafe(24)
    for _ in range(2):
        settled = owner.ask("POST", path, no, key=key).get_json()
        assert settled["results"][0]["state"] == "ready"
    assert refusal(owner.ask("POST", path, no, key=secrets.token_urlsafe(24))) == (409, "not_printing")
    assert refusal(owner.ask("POST", path, {"came_out": "perhaps"}, key=secrets.token_urlsafe(24)))[0] == 422


def test_another_kiosk_neither_fetches_nor_settles_it(world: World, owner: Sitting, number: str) -> None:
    licence, _ = results(owner, number)
    job = begin(owner, number, licence["id"])
    elsewhere = Sitting(world.app, world.kiosks[1])
    elsewhere.sign_in(world.cards["sun", "mother"])
    document, settlement = (
        f"/cases/{number}/prints/{job}/document",
        f"/cases/{number}/prints/{job}/settlement",
    )
    assert refusal(elsewhere.ask("GET", document)) == (404, "not_found")
    assert refusal(say(elsewhere, job, "printed")) == (404, "not_found")
    assert refusal(say(owner, "0" * 32, "printed")) == (404, "not_found")
    answer = elsewhere.ask("POST", settlement, {"came_out": True}, key=secrets.token_urlsafe(24))
    assert refusal(answer) == (409, "at_a_kiosk")
    owner.sign_in(world.cards["sun", "mother"])
    assert refusal(owner.ask("GET", document)) == (404, "not_found"), "another sitting's document"
    assert say(owner, job, "failed").get_json() == {"state": "failed"}


def test_a_service_that_is_away_is_said_to_be_so(world: World, owner: Sitting, number: str) -> None:
    licence, _ = results(owner, number)
    job = begin(owner, number, licence["id"])
    put_mood(world, "down")
    try:
        away = owner.ask("GET", f"/cases/{number}/prints/{job}/document")
    finally:
        put_mood(world, "ok")
    assert refusal(away) == (503, "result_file_away")
    say(owner, job, "failed")
