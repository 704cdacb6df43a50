"""What departments decide about their parts, through their own system or at the console."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor, department_system
from onething.domain.cases import EventKind, PartState, fold
from onething.domain.catalog import Label
from onething.domain.conditions import without_index
from onething.domain.errors import NotFound, Refusal
from onething.domain.values import BadValue, Origin, Value, read_value
from onething.ports import Once, Ports, UnitOfWork
from onething.services.casework import CaseAct, IllegalReport, on_case, run
from onething.services.gathering import note_completed
from onething.services.moving_on import follow_up
from onething.services.notices import issue_notice
from onething.services.report_times import FromTheFuture, must_have_happened

__all__ = ["BadReport", "FromTheFuture", "IllegalReport", "ReasonNeeded", "book", "decide", "take_event"]

CAUSES = ("supplement", "hearing", "inspection", "testing", "expert_review", "other")
LONGEST_EXTENSION_DAYS = 15


class BadReport(Refusal):
    """A report whose content cannot be taken."""

    reason = "bad_report"
    text = Label("报文内容不正确", "The report's content is not right")


class ReasonNeeded(Refusal):
    """A refusal, extension or order says why."""

    reason = "reason_needed"
    text = Label("请写明理由", "Please give the reason")


def take_event(ports: Ports, department: str, report: Mapping[str, Any]) -> dict[str, str]:
    """Take one signed report of a department; a duplicate or late one changes nothing.

    ``report`` is the partner contract's event (docs/openapi/partner.json). Raises ``NotFound``,
    ``IllegalReport``, ``BadReport`` and ``FromTheFuture``.
    """
    actor = department_system(department)

    def find(uow: UnitOfWork) -> CaseAct:
        case = uow.cases.find_by_part(report["part"])
        part = next((p for p in case.parts if p.id == report["part"]), None) if case else None
        if case is None or part is None or part.department != department:
            raise NotFound
        return CaseAct(ports, uow, case, actor, ports.clock.now())

    def take(act: CaseAct) -> dict[str, str]:
        if not act.uow.partner_events.is_new(department, report["event_id"], act.now):
            return {"status": "already_known"}
        must_have_happened(report, act.now)
        if _is_late(act.view.parts[report["part"]].state, report["kind"]):
            return {"status": "already_known"}
        _report(act, report["part"], report)
        return {"status": "applied"}

    return run(ports, actor, "part_reported", find, take)


def decide(
    ports: Ports,
    actor: Actor,
    number: str,
    matter: str,
    report: Mapping[str, Any],
    *,
    seen: int | None = None,
    once: Once | None = None,
) -> dict[str, str]:
    """An officer's decision at the console: the same report as a department's system makes.

    ``seen`` is the sequence the officer's page was made from: a part that has moved on since then is
    shown first (``IllegalReport``). Raises ``NotFound`` for another department's part.
    """

    def act_on(act: CaseAct) -> dict[str, str]:
        part = act.part_of(matter)
        if act.department_of(part.id) != actor.department:
            raise NotFound
        if seen is not None and part.state is not _state_at(act, part.id, seen):
            raise IllegalReport(_MOVED_ON)
        _report(act, part.id, {**report, "at": act.now.isoformat()})
        act.detail["matter"] = matter
        return {"status": "applied"}

    return on_case(ports, number, actor, f"part_{report['kind']}", act_on, once=once)


_MOVED_ON = Label(
    "这件事刚被别人处理过，请看最新情况", "Someone else has just dealt with this; please look again"
)


def _state_at(act: CaseAct, part: str, sequence: int) -> PartState:
    events = [event for event in act.uow.cases.list_events(act.case.id) if event.sequence <= sequence]
    return fold(events).parts[part].state


def book(
    ports: Ports, actor: Actor, number: str, matter: str, *, at: datetime, place: Label
) -> dict[str, str]:
    """Fix when and where the applicant comes in person; a new time replaces the old one."""

    def act_on(act: CaseAct) -> dict[str, str]:
        part = act.part_of(matter)
        if actor.has("department") and act.department_of(part.id) != actor.department:
            raise NotFound
        if at <= act.now:
            raise BadReport(Label("预约时间已过", "The time has passed already"))
        act.move(EventKind.PART_BOOKED, part.id, at=at.isoformat(), place_zh=place.zh, place_en=place.en)
        return {"status": "applied"}

    return on_case(ports, number, actor, "part_booked", act_on)


def _is_late(state: PartState, kind: str) -> bool:
    """A report of what has already been passed: no effect, no error."""
    passed = (PartState.IN_HANDLING, PartState.SUSPENDED, PartState.COMPLETED)
    return kind == "accepted" and state in passed


def _report(act: CaseAct, part: str, report: Mapping[str, Any]) -> None:
    """Apply a report and what follows from it; a later step brings those before it."""
    kind = report["kind"]
    if kind != "denied" and kind != "accepted" and act.view.parts[part].state is PartState.DISPATCHED:
        act.move(EventKind.PART_ACCEPTED, part)
    if kind in ("completed", "denied") and act.view.parts[part].state is PartState.SUSPENDED:
        act.move(EventKind.PART_RESUMED, part)
    _KINDS[kind](act, part, report)
    follow_up(act)


def _accepted(act: CaseAct, part: str, report: Mapping[str, Any]) -> None:
    act.move(EventKind.PART_ACCEPTED, part, reported_at=report["at"])


def _completed(act: CaseAct, part: str, report: Mapping[str, Any]) -> None:
    result = report.get("result") or {}
    _keep_facts(act, part, result.get("facts", {}))
    act.move(EventKind.PART_COMPLETED, part, reported_at=report["at"], documents=result.get("documents", []))
    note_completed(act, part)


def _denied(act: CaseAct, part: str, report: Mapping[str, Any]) -> None:
    reason = report.get("reason") or {}
    if not str(reason.get("zh", "")).strip():
        raise ReasonNeeded
    act.move(EventKind.PART_DENIED, part, reported_at=report["at"], reason=dict(reason))
    issue_notice(act, "denied", part, {"reason": dict(reason)})


def _wanted(act: CaseAct, part: str, report: Mapping[str, Any]) -> None:
    wants = [dict(want) for want in report.get("wants") or ()]
    if not wants:
        raise BadReport
    act.move(EventKind.SUPPLEMENT_WANTED, part, wants=wants)


def _suspended(act: CaseAct, part: str, report: Mapping[str, Any]) -> None:
    if report.get("cause") not in CAUSES:
        raise BadReport
    act.move(EventKind.PART_SUSPENDED, part, cause=report["cause"], reported_at=report["at"])
    issue_notice(act, "suspended", part, {"cause": report["cause"]})


def _resumed(act: CaseAct, part: str, report: Mapping[str, Any]) -> None:
    act.move(EventKind.PART_RESUMED, part, reported_at=report["at"])


def _extended(act: CaseAct, part: str, report: Mapping[str, Any]) -> None:
    reason, days = report.get("reason") or {}, int(report.get("days") or 0)
    if not str(reason.get("zh", "")).strip():
        raise ReasonNeeded
    if not 0 < days <= LONGEST_EXTENSION_DAYS:
        raise BadReport
    notice = issue_notice(act, "extended", part, {"reason": dict(reason), "days": days})
    act.move(EventKind.PART_EXTENDED, part, days=days, reason=dict(reason), notice=notice)


_KINDS = {
    "accepted": _accepted,
    "completed": _completed,
    "denied": _denied,
    "supplement": _wanted,
    "suspended": _suspended,
    "resumed": _resumed,
    "extended": _extended,
}


def _keep_facts(act: CaseAct, part: str, facts: Mapping[str, Any]) -> None:
    """Seal what the department produced; only facts that its matter says it produces are taken."""
    matter = act.matter_of(part)
    values = {role: dict(kept) for role, kept in act.uow.cases.get_values(act.case.id).items()}
    changed: dict[str, dict[str, Any]] = {}
    for key, raw in facts.items():
        if without_index(key) not in matter.produces_facts or not _is_counted(act, key, values):
            continue
        try:
            value = read_value(act.catalog, act.catalog.get_fact(act.thing, key), raw)
        except BadValue:
            raise BadReport from None
        role, _, fact = key.partition(".")
        kept = changed.setdefault(role, values.get(role, {}))
        kept[fact] = Value(value, Origin.EARLIER_CASE, matter.department, act.today.isoformat()).to_json()
    if changed:
        act.uow.cases.save_values(act.case.id, changed)


def _is_counted(act: CaseAct, key: str, values: Mapping[str, Any]) -> bool:
    """Whether a result is about somebody of this case: a repeating role names which of its people."""
    return act.thing.role_of(key).repeats is None or key.partition(".")[0] in values
