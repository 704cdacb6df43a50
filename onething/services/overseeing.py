"""Approval and oversight joined (审管衔接): approvals sent to who supervises them, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from onething.domain.actors import WORKER, Actor, department_system
from onething.domain.approvals import Approval, ApprovalState, CheckResult
from onething.domain.cases import EventKind
from onething.domain.catalog import Label
from onething.domain.errors import NotFound
from onething.domain.listing import Page, Place, find_next, place_at
from onething.domain.oversight import ON_COMMITMENT, oversight_of
from onething.domain.records import AuditRow, Job
from onething.domain.staff import Role
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.ports.results import ApprovalNotice
from onething.services.casework import CaseAct, on_case
from onething.services.duties import must_be, must_be_of
from onething.services.outcome_refusals import AlreadySettled, WordsNeeded
from onething.services.outcome_wording import APPROVAL_STATE, CHECK_RESULT
from onething.services.report_times import must_have_happened
from onething.services.wording import both

SEND_APPROVAL = "send_approval"
CONSOLE = "console"
_LONGEST = 1000


def note_approval(act: CaseAct, part_id: str) -> None:
    """Keep what a supervising department must know of a part that has just completed; the worker sends it."""
    part = act.view.parts[part_id]
    items = [
        each for each in oversight_of(act.catalog, act.thing, act.case.plan) if each.matter == part.matter
    ]
    approvals = [
        Approval(
            id=act.ports.chance.id(),
            case_id=act.case.id,
            part=part_id,
            matter=part.matter,
            approved_by=act.department_of(part_id),
            supervisor=item.department,
            to_check=item.on_commitment,
            division=act.case.division,
            approved_at=act.now,
        )
        for item in items
    ]
    act.uow.approvals.add_all(approvals)
    for each in approvals:
        act.uow.jobs.add(Job(act.ports.chance.id(), SEND_APPROVAL, {"approval": each.id}, act.now))


def send_approval(ports: Ports, job: Mapping[str, Any]) -> None:
    """Tell a supervising department of an approval, once; raises ``DeliveryFailed``."""
    with ports.records.act() as uow:
        approval = uow.approvals.find(job["approval"])
        case = uow.cases.find(approval.case_id) if approval else None
        if approval is None or case is None or approval.state is not ApprovalState.WAITING:
            return
        documents = [
            {"document": each.document, "identifier": each.identifier}
            for each in uow.results.list_of(case.id)
            if each.part == approval.part and each.document
        ]
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=WORKER.id,
                actor_kind=WORKER.kind,
                action="approval_sent",
                purpose=approval.matter,
                subject=case.holder,
                case=case.id,
                detail={"supervisor": approval.supervisor},
            )
        )
    if approval.supervisor in ports.settings.without_system:
        reference = CONSOLE
    else:
        callback = f"{ports.settings.public_url}/partner/v1/departments/{approval.supervisor}/oversight"
        notice = ApprovalNotice(approval, case.number, case.thing, documents, callback)
        reference = ports.supervisors.send(notice)
    _note_sent(ports, approval, reference)


def _note_sent(ports: Ports, approval: Approval, reference: str) -> None:
    def act_on(act: CaseAct) -> None:
        sent = replace(approval, state=ApprovalState.SENT, sent_at=act.now, reference=reference)
        # Its answer may have been faster than we are.
        if act.uow.approvals.save(sent, ApprovalState.WAITING):
            act.move(
                EventKind.OVERSIGHT_SENT, approval.part, item=approval.id, supervisor=approval.supervisor
            )

    on_case(ports, approval.case_id, WORKER, "approval_sent", act_on)


def take_report(ports: Ports, department: str, report: Mapping[str, Any]) -> dict[str, str]:
    """Take one signed report of a supervising department; a repeated or late one changes nothing.

    ``report`` is the partner contract's oversight report. Raises ``NotFound``, ``FromTheFuture``
    and ``WordsNeeded``.
    """
    actor = department_system(department)
    approval = _own(ports, actor, report["item"])

    def act_on(act: CaseAct) -> dict[str, str]:
        if not act.uow.partner_events.is_new(department, report["event_id"], act.now):
            return {"status": "already_known"}
        must_have_happened(report, act.now)
        if report["kind"] == "acknowledged":
            return _acknowledged(act, approval.id)
        finding = report.get("finding") or {}
        words = Label(str(finding.get("zh") or ""), str(finding.get("en") or ""))
        return _found(act, approval.id, CheckResult(finding["result"]), words)

    return on_case(ports, approval.case_id, actor, "oversight_reported", act_on, may=lambda _case: True)


def acknowledge(ports: Ports, actor: Actor, approval_id: str) -> dict[str, str]:
    """An officer of the supervising department takes an approval on."""
    approval = _own(ports, actor, approval_id)

    def act_on(act: CaseAct) -> dict[str, str]:
        return _acknowledged(act, approval.id)

    return on_case(ports, approval.case_id, actor, "approval_acknowledged", act_on, may=lambda _case: True)


def note_finding(
    ports: Ports, actor: Actor, approval_id: str, *, result: CheckResult, words: Label
) -> dict[str, str]:
    """An officer of the supervising department says what a later check found; a new finding replaces it.

    Raises ``WordsNeeded`` and ``NotFound``.
    """
    approval = _own(ports, actor, approval_id)

    def act_on(act: CaseAct) -> dict[str, str]:
        return _found(act, approval.id, result, words)

    return on_case(ports, approval.case_id, actor, "approval_checked", act_on, may=lambda _case: True)


def _own(ports: Ports, actor: Actor, approval_id: str) -> Approval:
    with ports.records.read() as uow:
        approval = uow.approvals.find(approval_id)
    if approval is None:
        raise NotFound
    must_be_of(actor, approval.supervisor)
    return approval


def _acknowledged(act: CaseAct, approval_id: str) -> dict[str, str]:
    approval = _get(act, approval_id)
    if approval.acknowledged_at is not None:
        return {"status": "already_known"}
    state = approval.state if approval.state is ApprovalState.FOUND else ApprovalState.ACKNOWLEDGED
    _save(act, approval, replace(approval, state=state, acknowledged_at=act.now))
    act.move(EventKind.OVERSIGHT_ACKNOWLEDGED, approval.part, item=approval.id)
    return {"status": "applied"}


def _found(act: CaseAct, approval_id: str, result: CheckResult, words: Label) -> dict[str, str]:
    if result is not CheckResult.OK and not words.zh.strip():
        raise WordsNeeded
    approval = _get(act, approval_id)
    finding = {"zh": words.zh.strip()[:_LONGEST], "en": words.en.strip()[:_LONGEST]}
    found = replace(
        approval,
        state=ApprovalState.FOUND,
        acknowledged_at=approval.acknowledged_at or act.now,
        found_at=act.now,
        result=result,
        finding=finding,
    )
    _save(act, approval, found)
    if approval.acknowledged_at is None:
        act.move(EventKind.OVERSIGHT_ACKNOWLEDGED, approval.part, item=approval.id)
    act.move(EventKind.OVERSIGHT_FOUND, approval.part, item=approval.id, finding=result.value)
    return {"status": "applied"}


def _get(act: CaseAct, approval_id: str) -> Approval:
    approval = act.uow.approvals.find(approval_id)
    if approval is None:
        raise NotFound
    return approval


def _save(act: CaseAct, was: Approval, now: Approval) -> None:
    if not act.uow.approvals.save(now, was.state):
        raise AlreadySettled


def list_inbox(
    ports: Ports, actor: Actor, state: ApprovalState, cursor: str | None = None, limit: int = 100
) -> Page[dict[str, Any]]:
    """A page of a supervising department's approvals in one state, oldest first; one audit row for it.

    Raises ``BadCursor``.
    """
    must_be(actor, Role.DEPARTMENT)
    with ports.records.act() as uow:
        found = uow.approvals.list_inbox(actor.department or "", state, limit + 1, place_at(cursor))
        approvals = found[:limit]
        cases = {each.case_id: uow.cases.find(each.case_id) for each in approvals}
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=actor.id,
                actor_kind=actor.kind,
                action="approvals_listed",
                purpose="oversight",
                detail={"state": state.value, "cases": [each.case_id for each in approvals]},
            )
        )
    shown = [
        shown_approval(ports, each, case.number, case.thing, case.revision)
        for each in approvals
        if (case := cases[each.case_id]) is not None
    ]
    return Page(tuple(shown), find_next(found, limit, lambda each: Place(each.approved_at, each.id)))


def count_sent(ports: Ports, actor: Actor, most: int = 100) -> int:
    """How many approvals wait for a supervising department to take them on, up to ``most``."""
    must_be(actor, Role.DEPARTMENT)
    with ports.records.read() as uow:
        return len(uow.approvals.list_inbox(actor.department or "", ApprovalState.SENT, most))


def get_approval(ports: Ports, actor: Actor, approval_id: str) -> dict[str, Any]:
    """One approval for the department that supervises it; raises ``NotFound`` for any other."""
    approval = _own(ports, actor, approval_id)

    def act_on(act: CaseAct) -> dict[str, Any]:
        return shown_approval(ports, approval, act.case.number, act.case.thing, act.case.revision)

    return on_case(ports, approval.case_id, actor, "approvals_read", act_on, may=lambda _case: True)


def shown_approval(
    ports: Ports, approval: Approval, number: str, thing: str, revision: int
) -> dict[str, Any]:
    """An approval as its supervisor, and the case, show it."""
    catalog = ports.catalogs.get(revision)
    matter = catalog.get_thing(thing).matters[approval.matter].label
    state, result = APPROVAL_STATE[approval.state], CHECK_RESULT[approval.result] if approval.result else None
    finding = approval.finding or {}
    return {
        "id": approval.id,
        "case_number": number,
        "thing": thing,
        "matter": approval.matter,
        **both(matter),
        "approved_by": approval.approved_by,
        "supervisor": approval.supervisor,
        "approved_on": approval.approved_at.astimezone(SHANGHAI).date().isoformat(),
        "to_check": approval.to_check,
        "to_check_zh": ON_COMMITMENT.zh if approval.to_check else "",
        "to_check_en": ON_COMMITMENT.en if approval.to_check else "",
        "state": approval.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "result": approval.result.value if approval.result else None,
        "result_zh": result.zh if result else "",
        "result_en": result.en if result else "",
        "finding_zh": finding.get("zh", ""),
        "finding_en": finding.get("en", ""),
    }


def view_approvals(ports: Ports, actor: Actor, number: str) -> list[dict[str, Any]]:
    """The approvals of one case with what their supervisors said."""

    def act_on(act: CaseAct) -> list[dict[str, Any]]:
        case = act.case
        return [
            shown_approval(ports, each, case.number, case.thing, case.revision)
            for each in act.uow.approvals.list_of(case.id)
        ]

    must_be(actor, "citizen", Role.CLERK, Role.SUPERVISOR, Role.DEPARTMENT)
    return on_case(ports, number, actor, "approvals_read", act_on)
