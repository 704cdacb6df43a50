"""Departments that are late to put a rating right or to answer a dispute: warned of, once each."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from onething.domain.actors import WORKER
from onething.domain.cases import EventKind
from onething.domain.clocks import day_of
from onething.domain.disputes import Dispute
from onething.domain.ratings import Rectification
from onething.domain.records import AuditRow
from onething.ports import Ports
from onething.services.casework import CaseAct, on_case
from onething.services.supervising import order_in

_AT_ONCE = 200


def remind_of_answers(ports: Ports) -> int:
    """Warn of each rectification and dispute that is past its day: once each, however often it runs."""
    with ports.records.read() as uow:
        today = day_of(ports.clock.now())
        late = list(uow.ratings.list_unwarned(today, _AT_ONCE))
        unanswered = list(uow.disputes.list_unwarned(today, _AT_ONCE))
    for rectification in late:
        act = partial(_warn_of_rectification, found=rectification)
        on_case(ports, rectification.case_id, WORKER, "rectification_overdue", act)
    for dispute in unanswered:
        if dispute.case_id is None:
            _warn_of_draft(ports, dispute)
        else:
            on_case(
                ports, dispute.case_id, WORKER, "dispute_overdue", partial(_warn_of_dispute, found=dispute)
            )
    return len(late) + len(unanswered)


def _warn_of_rectification(act: CaseAct, found: Rectification) -> None:
    there = act.uow.ratings.find_rectification(found.id)
    if there is None or there.settled_at or there.warned_at:
        return
    act.uow.ratings.save_rectification(replace(there, warned_at=act.now), there.state)
    act.detail["rectification"] = there.id
    rating = act.uow.ratings.find(there.rating)
    # An order stands beside its case: about an anonymous rating it would say whose case was rated.
    if rating is not None and rating.named:
        part = act.part_of(rating.matter).id if rating.matter else None
        _order(act, part, there.department, there.id, f"差评整改逾期（{there.due_on.isoformat()}）仍未办结")


def _warn_of_dispute(act: CaseAct, found: Dispute) -> None:
    there = act.uow.disputes.find(found.id)
    if there is None or there.state.is_settled or there.warned_at:
        return
    act.uow.disputes.save(replace(there, warned_at=act.now), there.state)
    act.detail["dispute"] = there.id
    _order(act, None, there.department, there.id, f"数据异议逾期（{there.due_on.isoformat()}）仍未答复")


def _order(act: CaseAct, part: str | None, department: str, clock: str, reason: str) -> None:
    act.move(EventKind.WARNED, part, clock=clock, level="overdue")
    order_in(act, part, department, reason)


def _warn_of_draft(ports: Ports, found: Dispute) -> None:
    """Nobody has handed it in yet: there is no case for an order, and the department is late all the same."""
    with ports.records.act() as uow:
        now = ports.clock.now()
        there = uow.disputes.find(found.id)
        if there is None or there.state.is_settled or there.warned_at or there.case_id:
            return
        uow.disputes.save(replace(there, warned_at=now), there.state)
        uow.audit.add(
            AuditRow(
                at=now,
                actor=WORKER.id,
                actor_kind=WORKER.kind,
                action="dispute_overdue",
                purpose=there.thing,
                subject=there.holder,
                detail={"dispute": there.id},
            )
        )
