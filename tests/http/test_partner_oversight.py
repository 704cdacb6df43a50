"""Supervising departments at the partners' door: signed, once, about their own approvals only."""

from __future__ import annotations

import secrets
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from onething.domain import gateway_signature
from onething.domain.approvals import Approval, ApprovalState
from onething.domain.records import Job
from onething.services.overseeing import SEND_APPROVAL
from tests.http.contract import hold_to_contract
from tests.http.running_server import Server
from tests.http.test_partner_events import worker
from tests.http.world import World
from tests.patience import Patience
from tests.services.office import find, kinds, planted

__all__ = ["worker"]

DONE_WITHIN_SECONDS = 120
FINDING = {"result": "rectify", "zh": "限期整改", "en": "To be put right"}


@pytest.fixture
def approval(world: World) -> tuple[str, Approval]:
    """The number of a restaurant's case, and its food licence as it is with its supervisor."""
    county: Any = SimpleNamespace(ports=world.ports)
    number = planted(county, "E-RESTAURANT", ["SITE", "LIC-CHECK", "FOOD"])
    case = find(county, number)
    part = next(part for part in case.parts if part.matter == "FOOD")
    sent = Approval(
        secrets.token_hex(16), case.id, part.id, "FOOD", part.department, "SJ", False, case.division,
        world.ports.clock.now(), ApprovalState.SENT,
    )  # fmt: skip
    with world.ports.records.act() as uow:
        uow.approvals.add_all([sent])
    return number, sent


def tell(world: World, item: str, kind: str, token: str | None = None, **more: Any) -> tuple[int, Any]:
    """One signed report of the market's supervisor."""
    department = more.pop("department", "SJ")
    at = datetime.now(UTC).isoformat()
    report = {"event_id": str(uuid.uuid4()), "item": item, "kind": kind, "at": at, **more}
    nonce = secrets.token_hex(16)
    headers = gateway_signature.sign(
        department, token or f"token of {department}", at=datetime.now(UTC), nonce=nonce
    )
    path = f"/partner/v1/departments/{department}/oversight"
    answer = world.app.test_client().post(path, json=report, headers=headers)
    hold_to_contract("partner", "POST", path, answer)
    return answer.status_code, answer.get_json(force=True)


def kinds_of(world: World, number: str) -> list[str]:
    county: Any = SimpleNamespace(ports=world.ports)
    return [kind for kind in kinds(county, number) if kind.startswith("oversight")]


def test_it_is_taken_on_once_and_checked_later(world: World, approval: tuple[str, Approval]) -> None:
    number, sent = approval
    event = str(uuid.uuid4())
    assert tell(world, sent.id, "acknowledged", event_id=event) == (200, {"status": "applied"})
    assert tell(world, sent.id, "acknowledged", event_id=event) == (200, {"status": "already_known"})
    assert tell(world, sent.id, "finding", finding=FINDING) == (200, {"status": "applied"})
    assert kinds_of(world, number) == ["oversight_acknowledged", "oversight_found"]


def test_a_forged_foreign_or_early_report_changes_nothing(
    world: World, approval: tuple[str, Approval]
) -> None:
    number, sent = approval
    assert tell(world, sent.id, "acknowledged", token="guessed")[0] == 401
    assert tell(world, sent.id, "acknowledged", department="GA")[0] == 404
    assert tell(world, "0" * 32, "acknowledged")[0] == 404
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    status, answer = tell(world, sent.id, "acknowledged", at=tomorrow)
    assert (status, answer["reason"]) == (422, "from_the_future")
    assert kinds_of(world, number) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "lost"}, "kind"),
        ({"kind": "finding"}, "finding"),
        ({"kind": "acknowledged", "finding": FINDING}, "finding"),
        ({"kind": "finding", "finding": {**FINDING, "result": "maybe"}}, "finding.result"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_report_that_cannot_be_read_is_named(world: World, change: dict[str, Any], field: str) -> None:
    status, answer = tell(world, "0" * 32, **{"kind": "acknowledged", **change})
    assert status == 422
    assert [error["field"] for error in answer["errors"]] == [field]


@pytest.mark.usefixtures("worker")
def test_the_worker_sends_it_and_the_supervisor_calls_back(
    world: World, server: Server, approval: tuple[str, Approval]
) -> None:
    """Over real HTTP both ways: worker, sandbox, server."""
    number, sent = approval
    waiting = replace(sent, state=ApprovalState.WAITING)
    with world.ports.records.act() as uow:
        assert uow.approvals.save(waiting, ApprovalState.SENT)
        now = world.ports.clock.now()
        uow.jobs.add(Job(secrets.token_hex(16), SEND_APPROVAL, {"approval": sent.id}, now))
    patience = Patience(DONE_WITHIN_SECONDS)
    while kinds_of(world, number) != ["oversight_sent", "oversight_acknowledged"]:
        assert patience.lasts(), kinds_of(world, number)
        time.sleep(0.2)
    with world.ports.records.read() as uow:
        there = uow.approvals.find(sent.id)
    assert there is not None
    assert there.state is ApprovalState.ACKNOWLEDGED
    assert there.reference
