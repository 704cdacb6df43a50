"""What an event sets going: parts that can start now, parts that never can, the end of the case."""

from __future__ import annotations

from datetime import datetime

from onething.domain.cases import CaseState, EventKind, PartState, PartView
from onething.domain.records import Job
from onething.ports import Ports
from onething.services.casework import CaseAct

DELIVER = "deliver_part"
_NEVER = (PartState.DENIED, PartState.STOPPED, PartState.WITHDRAWN)


def delivery_job(ports: Ports, part_id: str, due_at: datetime) -> Job:
    """The due-time row that hands one part to its department."""
    return Job(id=ports.chance.id(), kind=DELIVER, payload={"part": part_id}, due_at=due_at)


def follow_up(act: CaseAct) -> None:
    """Stop what waits in vain, send out what waits no more, close the case when all has ended.

    It is done in the act that met the last need, so that a part starts in that very sweep.
    """
    if act.view.state is not CaseState.ACCEPTED:
        return
    stop_in_vain(act)
    for part in _waiting(act):
        if _is_ready(act, part) and not _was_ready(act, part):
            act.uow.jobs.add(delivery_job(act.ports, part.id, act.now))
    if act.view.all_parts_final:
        act.move(EventKind.CASE_CLOSED)


def stop_in_vain(act: CaseAct) -> None:
    """Stop the parts whose need will never be met, and those that wait for these."""
    while stopped := [part for part in _waiting(act) if _waits_in_vain(act, part)]:
        for part in stopped:
            act.move(EventKind.PART_STOPPED, part.id, reason={"code": "need_denied"})


def _waiting(act: CaseAct) -> list[PartView]:
    return [part for part in act.view.parts.values() if part.state is PartState.WAITING]


def _waits_in_vain(act: CaseAct, part: PartView) -> bool:
    return any(act.view.part_of(need).state in _NEVER for need in act.waits_for.get(part.matter, ()))


def _is_ready(act: CaseAct, part: PartView) -> bool:
    needs = act.waits_for.get(part.matter, ())
    return all(act.view.part_of(need).state is PartState.COMPLETED for need in needs)


def _was_ready(act: CaseAct, part: PartView) -> bool:
    """Whether it was sent before this act: the case was accepted, and nothing stood before it."""
    if act.before.state is not CaseState.ACCEPTED:
        return False
    needs = act.waits_for.get(part.matter, ())
    return all(act.before.part_of(need).state is PartState.COMPLETED for need in needs)
