"""Departments' reports in any order, repeated, forged and misdirected, against a live server."""

import json
import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from onething.domain import gateway_signature
from onething.domain.cases import PartState, fold
from onething.worker import Worker
from sandbox.running import RunningSandbox
from tests.faults.installation import Clones, Installation
from tests.faults.kiosk import Answer, exchange

DEPARTMENT_OF = {"BIRTH-CERT": "WJ", "HUKOU": "GA"}
KINDS = ("accepted", "completed", "denied")
CERTIFICATE = "Y411599001"
matters, kinds = st.sampled_from(sorted(DEPARTMENT_OF)), st.sampled_from(KINDS)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _silent_departments(sandbox: RunningSandbox) -> None:
    """The sandbox's departments say nothing of their own here: we speak for them."""
    for department in DEPARTMENT_OF.values():
        sandbox.put_department(department, decide="hold", after_seconds=3600)


class Gateway:
    """Sends what departments say to the live server."""

    def __init__(self, installation: Installation) -> None:
        self._port = installation.port
        self._tokens = json.loads(installation.county.sandbox.token_file.read_text())["departments"]

    def tell(self, department: str, event: dict[str, Any], token: str | None = None) -> Answer:
        """One event, signed by the department, or with a token that nobody gave out."""
        headers = gateway_signature.sign(
            department, token or self._tokens[department], at=datetime.now(UTC), nonce=secrets.token_hex(16)
        )
        target = f"/partner/v1/departments/{department}/events"
        body = json.dumps(event).encode()
        return exchange(self._port, "POST", target, body, {**headers, "content-type": "application/json"})


def make_event(part: str, kind: str) -> dict[str, Any]:
    event = {"event_id": secrets.token_hex(16), "part": part, "kind": kind, "at": "2026-11-23T10:00:00+08:00"}
    if kind == "denied":
        return {**event, "reason": {"code": "no_record", "zh": "没有记录", "en": "No record"}}
    if kind == "completed":
        return {
            **event,
            "result": {"facts": {"child.birth_certificate_number": CERTIFICATE}, "documents": []},
        }
    return event


class Reports(RuleBasedStateMachine):
    """One case with two parts, the second after the first; ``states`` is what they must be."""

    def __init__(self, installation: Installation, clones: Clones) -> None:
        super().__init__()
        self._ports = installation.county.ports
        self._gateway = Gateway(installation)
        [draft] = clones.make(1)
        answer = installation.county.submit(clones.session, {"id": draft}, secrets.token_hex(16))
        with self._ports.records.read() as uow:
            case = uow.cases.find_by_number(answer["case_number"])
        assert case is not None
        self._case_id = case.id
        self.parts = {part.matter: part.id for part in case.parts}
        self.states = {"BIRTH-CERT": PartState.WAITING, "HUKOU": PartState.WAITING}
        self._taken: list[tuple[str, dict[str, Any]]] = []

    @rule()
    def deliver(self) -> None:
        """The worker hands over what is ready."""
        while Worker(self._ports, "here").work_once():
            pass
        if self.states["BIRTH-CERT"] is PartState.WAITING:
            self.states["BIRTH-CERT"] = PartState.DISPATCHED
        elif self.states == {"BIRTH-CERT": PartState.COMPLETED, "HUKOU": PartState.WAITING}:
            self.states["HUKOU"] = PartState.DISPATCHED

    @rule(matter=matters, kind=kinds)
    def report(self, matter: str, kind: str) -> None:
        """Something new: applied, passed over, or refused, as the part's state says."""
        event = make_event(self.parts[matter], kind)
        answer = self._gateway.tell(DEPARTMENT_OF[matter], event)
        after = _move(self.states[matter], kind)
        if after is None:
            assert (answer.status, answer.body["reason"]) == (409, "illegal_move")
            return
        applied = after is not self.states[matter]
        assert (answer.status, answer.body) == (200, {"status": "applied" if applied else "already_known"})
        self._taken.append((DEPARTMENT_OF[matter], event))
        self.states[matter] = after
        if self.states["BIRTH-CERT"] is PartState.DENIED:
            self.states["HUKOU"] = PartState.STOPPED

    @precondition(lambda self: self._taken)
    @rule(which=st.integers(0, 99))
    def repeat(self, which: int) -> None:
        """What was said before, however long ago, changes nothing."""
        answer = self._gateway.tell(*self._taken[which % len(self._taken)])
        assert (answer.status, answer.body) == (200, {"status": "already_known"})

    @rule(matter=matters, kind=kinds)
    def forge(self, matter: str, kind: str) -> None:
        event = make_event(self.parts[matter], kind)
        answer = self._gateway.tell(DEPARTMENT_OF[matter], event, token="nobody's token")
        assert (answer.status, answer.body["reason"]) == (401, "signature_wrong")

    @rule(matter=matters, kind=kinds)
    def meddle(self, matter: str, kind: str) -> None:
        """A department that speaks of another's part."""
        [other] = set(DEPARTMENT_OF.values()) - {DEPARTMENT_OF[matter]}
        answer = self._gateway.tell(other, make_event(self.parts[matter], kind))
        assert (answer.status, answer.body["reason"]) == (404, "not_found")

    @invariant()
    def the_case_is_what_was_told(self) -> None:
        with self._ports.records.read() as uow:
            case = uow.cases.find(self._case_id)
            view = fold(uow.cases.list_events(self._case_id))
            values = uow.cases.get_values(self._case_id)
        assert case is not None
        assert {part.matter: part.state for part in case.parts} == self.states
        assert {part.matter: part.state for part in view.parts.values()} == self.states
        certified = "birth_certificate_number" in values["child"]
        assert certified == (self.states["BIRTH-CERT"] is PartState.COMPLETED)


def _move(state: PartState, kind: str) -> PartState | None:
    """Where a report of this kind leads; the same state when it comes late, None when it may not come."""
    if state is PartState.DISPATCHED or (state is PartState.IN_HANDLING and kind != "accepted"):
        return {
            "accepted": PartState.IN_HANDLING,
            "completed": PartState.COMPLETED,
            "denied": PartState.DENIED,
        }[kind]
    late = kind == "accepted" and state in (PartState.IN_HANDLING, PartState.COMPLETED)
    return state if late else None


def test_only_legal_moves_whatever_comes(served: Installation, clones: Clones) -> None:
    run_state_machine_as_test(
        lambda: Reports(served, clones),
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_of_the_same_report_told_at_once_one_is_applied(served: Installation, clones: Clones) -> None:
    gateway, reports = Gateway(served), Reports(served, clones)
    reports.deliver()
    for kind in ("accepted", "completed"):
        event = make_event(reports.parts["BIRTH-CERT"], kind)
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda _, e=event: gateway.tell("WJ", e), range(4)))
        assert Counter(answer.body["status"] for answer in answers) == {"applied": 1, "already_known": 3}
    reports.states["BIRTH-CERT"] = PartState.COMPLETED
    reports.the_case_is_what_was_told()
