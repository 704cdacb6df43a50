"""Departments do their part through the real door: the worker delivers, the sandbox calls back."""

import secrets
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from onething.domain import gateway_signature
from tests.http.contract import hold_to_contract
from tests.http.running_server import Server, running_worker
from tests.http.test_journey import fill_in
from tests.http.world import Sitting, World
from tests.patience import Patience

DONE_WITHIN_SECONDS = 120


@pytest.fixture(scope="session")
def worker(world: World, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The worker that delivers parts; departments call the running server back."""
    environ = {**world.environ, "ONETHING_PUBLIC_URL": server.url}
    with running_worker(environ, tmp_path_factory.mktemp("worker") / "log"):
        yield


@pytest.fixture(scope="session")
def handled(world: World, server: Server, worker: None) -> tuple[Sitting, dict[str, Any]]:
    """A birth that the departments have answered."""
    for department in ("WJ", "GA", "YB", "RS", "SF", "MZ"):
        rule = {"decide": "complete", "after_seconds": 0.1}
        answer = requests.put(f"{world.sandbox.admin}/departments/{department}", json=rule, timeout=5)
        assert answer.status_code < 300, answer.text
    sitting = Sitting(world.app, world.kiosks[0])
    sitting.sign_in(world.cards["sun", "mother"])
    draft = fill_in(sitting, world, "sun")
    key = secrets.token_urlsafe(24)
    submitted = sitting.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=key)
    assert submitted.status_code == 201, submitted.json
    number = submitted.json["case_number"]
    patience = Patience(DONE_WITHIN_SECONDS)
    while patience.lasts():
        case = sitting.get(f"/cases/{number}")
        if all(part["state"] in ("completed", "denied", "stopped") for part in case["parts"]):
            return sitting, case
        time.sleep(0.3)
    raise AssertionError([(part["matter"], part["state"]) for part in case["parts"]])


def tell(world: World, department: str, event: dict[str, Any], token: str | None = None) -> tuple[int, Any]:
    """One signed call-back to the server in this process."""
    named = token or f"token of {department}"
    nonce = secrets.token_hex(16)
    headers = gateway_signature.sign(department, named, at=datetime.now(UTC), nonce=nonce)
    path = f"/partner/v1/departments/{department}/events"
    answer = world.app.test_client().post(path, json=event, headers=headers)
    hold_to_contract("partner", "POST", path, answer)
    return answer.status_code, answer.get_json(force=True)


def an_event(part: str, kind: str = "accepted", **more: Any) -> dict[str, Any]:
    """An event as a department sends it."""
    at = datetime.now(UTC).isoformat()
    named = {"event_id": str(uuid.uuid4()), "part": part, "kind": kind, "at": at}
    return {**named, "reason": None, "result": None, **more}


def test_the_departments_do_their_parts(handled: tuple[Sitting, dict[str, Any]]) -> None:
    _, case = handled
    assert {part["state"] for part in case["parts"]} == {"completed"}
    kinds = [line["kind"] for line in case["timeline"]]
    assert kinds[0] == "submitted"
    assert kinds.count("part_completed") == len(case["parts"])
    assert any(part["result"] for part in case["parts"])


def test_an_event_of_what_is_over_is_a_conflict_or_known(
    world: World, handled: tuple[Sitting, dict[str, Any]]
) -> None:
    _, case = handled
    part = next(part["id"] for part in case["parts"] if part["matter"] == "HUKOU")
    reason = {"code": "x", "zh": "不符合条件", "en": "Not eligible"}
    status, answer = tell(world, "GA", an_event(part, "denied", reason=reason))
    assert (status, answer["reason"]) == (409, "illegal_move")
    assert tell(world, "GA", an_event(part)) == (200, {"status": "already_known"})


def test_another_department_finds_nothing(world: World, handled: tuple[Sitting, dict[str, Any]]) -> None:
    _, case = handled
    part = next(part["id"] for part in case["parts"] if part["matter"] == "HUKOU")
    for other in (part, "0" * 32):
        status, answer = tell(world, "SF", an_event(other))
        assert (status, answer["reason"]) == (404, "not_found")


def test_a_forged_event_is_refused(world: World, handled: tuple[Sitting, dict[str, Any]]) -> None:
    _, case = handled
    status, answer = tell(world, "GA", an_event(case["parts"][0]["id"]), token="guessed")
    assert (status, answer["reason"]) == (401, "signature_wrong")


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"kind": "lost"}, "kind", "not_a_choice"),
        ({"at": "2026-11-20T08:00:00"}, "at", "invalid_awareness"),
        ({"at": "yesterday"}, "at", "invalid"),
        ({"kind": "denied"}, "reason", "required"),
        ({"surprise": 1}, "surprise", "unknown_field"),
        ({"result": {"facts": {"child.name": ["x"]}}}, "result.facts.child.name.value", "invalid"),
        ({"part": "a\x00bcdefgh"}, "part", "not_printable"),
    ],
)
def test_a_report_that_cannot_be_read_is_named(
    world: World, change: dict[str, Any], field: str, reason: str
) -> None:
    status, answer = tell(world, "GA", {**an_event("0" * 32), **change})
    assert status == 422
    assert [(error["field"], error["reason"]) for error in answer["errors"]] == [(field, reason)]
