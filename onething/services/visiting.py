"""Joint site visits and reviews (联合勘验、联合评审): one appointment, one record, each signs its part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import EventKind, PartState
from onething.domain.catalog import Label
from onething.domain.errors import NotFound, Refusal
from onething.ports import Once, Ports
from onething.services.casework import CaseAct, on_case
from onething.services.handling import BadReport, ReasonNeeded

FINDINGS = ("passed", "passed_with_remarks", "failed")


class NoVisit(Refusal):
    """The departments of this case share no visit, or have not all begun."""

    reason = "no_visit"
    status_hint = "conflict"
    text = Label("没有可以安排的联合勘验", "There is no joint visit to arrange")


def arrange_visit(
    ports: Ports, actor: Actor, number: str, visit: str, *, at: datetime, once: Once | None = None
) -> dict[str, Any]:
    """Fix one appointment for every department of the visit; their clocks stand until each has signed."""

    def act_on(act: CaseAct) -> dict[str, Any]:
        declared = act.thing.joint_visits.get(visit)
        if declared is None:
            raise NotFound
        if at <= act.now:
            raise BadReport(Label("预约时间已过", "The time has passed already"))
        chosen = [part for part in act.view.parts.values() if part.matter in declared.matters]
        parts = [p for p in chosen if p.state in (PartState.IN_HANDLING, PartState.SUSPENDED)]
        if not parts or any(p.state in (PartState.WAITING, PartState.DISPATCHED) for p in chosen):
            raise NoVisit
        act.move(EventKind.VISIT_ARRANGED, visit=visit, at=at.isoformat(), parts=[p.id for p in parts])
        for part in parts:
            if part.state is PartState.IN_HANDLING:
                cause = "expert_review" if declared.kind == "review" else "inspection"
                act.move(EventKind.PART_SUSPENDED, part.id, cause=cause)
        return {"visit": visit, "parts": [part.matter for part in parts]}

    return on_case(ports, number, actor, "visit_arranged", act_on, once=once)


def sign_visit(
    ports: Ports,
    actor: Actor,
    number: str,
    visit: str,
    matter: str,
    *,
    finding: str,
    remark: Label,
    once: Once | None = None,
) -> dict[str, Any]:
    """A department signs its part of the record; its clock runs on. Raises ``NotFound`` for another's."""
    if finding not in FINDINGS:
        raise BadReport
    if finding != "passed" and not remark.zh.strip():
        raise ReasonNeeded

    def act_on(act: CaseAct) -> dict[str, Any]:
        part = act.part_of(matter)
        if act.department_of(part.id) != actor.department:
            raise NotFound
        told = {"result": finding, "zh": remark.zh, "en": remark.en}
        act.move(EventKind.VISIT_SIGNED, part.id, visit=visit, finding=told, by=actor.id)
        pause = act.view.parts[part.id].pause
        if pause is not None and pause.cause in ("inspection", "expert_review"):
            act.move(EventKind.PART_RESUMED, part.id)
        signed = act.view.visits[visit]
        return {"signed": len(signed["signed"]), "of": len(signed["parts"])}

    return on_case(ports, number, actor, "visit_signed", act_on, once=once)
