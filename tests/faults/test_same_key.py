"""One idempotency key, used again: by rivals, for something else, and by somebody else."""

import http.client
import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from onething.services import following
from tests.faults.installation import Clones, Installation
from tests.faults.kiosk import Answer, Door

NOBODYS_DRAFT = "0" * 32


@pytest.fixture
def mother(served: Installation) -> Door:
    return served.sign_in("chen", "mother")


def _submit(door: Door, draft: str, key: str, body: bytes = b"{}") -> Answer:
    return door.ask("POST", f"/drafts/{draft}/submission", body, key)


def test_the_same_key_for_something_else_is_refused(mother: Door, clones: Clones) -> None:
    draft, other = clones.make(2)
    key = secrets.token_urlsafe(24)
    first = _submit(mother, draft, key)
    assert first.status == 201
    for refused in (_submit(mother, draft, key, b"{ }"), _submit(mother, other, key)):
        assert (refused.status, refused.body["reason"]) == (422, "idempotency_key_reused")
        assert first.body["case_number"].encode() not in refused.text
    again = _submit(mother, draft, key)
    assert (again.status, again.body) == (201, first.body)
    assert _submit(mother, other, secrets.token_urlsafe(24)).status == 201


def test_of_rivals_with_different_bodies_one_body_wins(
    mother: Door, clones: Clones, served: Installation
) -> None:
    bodies = [b"{}", b"{ }"] * 4
    for draft in clones.make(3):
        key = secrets.token_urlsafe(24)
        with ThreadPoolExecutor(len(bodies)) as threads:
            answers = list(threads.map(lambda body, d=draft, k=key: _submit(mother, d, k, body), bodies))
        assert Counter(answer.status for answer in answers) == {201: 4, 422: 4}
        assert len({body for body, answer in zip(bodies, answers, strict=True) if answer.status == 201}) == 1
        assert len({answer.text for answer in answers if answer.status == 201}) == 1


def test_somebody_else_s_key_and_draft_tell_nothing(
    mother: Door, clones: Clones, served: Installation
) -> None:
    [draft] = clones.make(1)
    key = secrets.token_urlsafe(24)
    submitted = _submit(mother, draft, key)
    number = submitted.body["case_number"]

    stranger = served.sign_in("chen", "father")
    answers = [_submit(stranger, each, key) for each in (draft, NOBODYS_DRAFT)]
    assert [(each.status, each.body["reason"]) for each in answers] == [(404, "not_found")] * 2
    known, unknown = ({**each.body, "request_id": ""} for each in answers)
    assert known == unknown
    own = _own_draft(stranger)
    refused = _submit(stranger, own, key)
    assert (refused.status, refused.body["reason"]) == (409, "not_complete")
    for answer in (*answers, refused, stranger.ask("GET", f"/cases/{number}")):
        assert number.encode() not in answer.text

    mother = served.sign_in("chen", "mother")
    assert _submit(mother, draft, key).body == submitted.body
    assert following.view_case(served.county.ports, clones.session, number)["number"] == number


def _own_draft(door: Door) -> str:
    opened = door.ask("POST", "/drafts", b'{"thing": "P-AFTER-DEATH"}')
    assert opened.status < 300, opened.text
    return str(opened.body["id"])


def test_a_client_that_goes_away_before_the_answer_finds_it_later(mother: Door, clones: Clones) -> None:
    [draft] = clones.make(1)
    key = secrets.token_urlsafe(24)
    with pytest.raises((TimeoutError, http.client.HTTPException)):
        mother.ask("POST", f"/drafts/{draft}/submission", b"{}", key, timeout=0.001)
    first, again = _submit(mother, draft, key), _submit(mother, draft, key)
    assert (first.status, first.body) == (201, again.body)
