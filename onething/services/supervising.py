"""Supervision: warnings near a limit, orders (督办) past it, and their answers."""

from __future__ import annotations

from functools import partial
from typing import Any

from onething.domain.actors import WORKER, Actor
from onething.domain.cases import EventKind
from onething.domain.catalog import Label
from onething.domain.clocks import day_of
from onething.domain.errors import NotFound, Refusal
from onething.domain.records import Case
from onething.ports import Once, Ports
from onething.ports.handling import SupervisionOrder, Warned
from onething.services.casework import CaseAct, on_case
from onething.services.handling import ReasonNeeded

_AT_ONCE = 200


class AlreadyAnswered(Refusal):
    """The order has its answer."""

    reason = "already_answered"
    status_hint = "conflict"
    text = Label("该督办已经答复", "This order was answered already")


def warn_of_deadlines(ports: Ports) -> int:
    """Warn of each clock near its limit and order each that passed it: once each, however often it runs."""
    with ports.records.read() as uow:
        due = uow.warnings.list_due(day_of(ports.clock.now()), _AT_ONCE)
    for warned in due:
        on_case(ports, warned.case, WORKER, "deadline_warned", partial(_warn, warned=warned))
    return len(due)


def _warn(act: CaseAct, warned: Warned) -> None:
    if not act.uow.warnings.give(warned, act.now):
        return
    part = warned.clock if warned.clock in act.view.parts else None
    act.move(EventKind.WARNED, part, clock=warned.clock, level=warned.level, due_on=warned.due_on.isoformat())
    if warned.level == "overdue":
        department = act.department_of(part) if part else act.case.lead
        order_in(act, part, department, f"超过承诺时限（{warned.due_on.isoformat()}）仍未办结")


def issue_order(
    ports: Ports,
    actor: Actor,
    number: str,
    *,
    matter: str | None,
    reason: str,
    once: Once | None = None,
) -> dict[str, Any]:
    """A supervisor's order to the department of a matter, or to the lead department."""
    if not reason.strip():
        raise ReasonNeeded

    def act_on(act: CaseAct) -> dict[str, Any]:
        part = act.part_of(matter).id if matter else None
        department = act.department_of(part) if part else act.case.lead
        order = order_in(act, part, department, reason.strip()[:500])
        return {"order": order.id, "number": order.number, "due_on": order.due_on.isoformat()}

    return on_case(ports, number, actor, "order_issued", act_on, once=once)


def order_in(act: CaseAct, part: str | None, department: str, reason: str) -> SupervisionOrder:
    """Issue an order within an act that has more to do."""
    settings, year = act.ports.settings, act.today.year
    count = act.uow.notices.next_number("order", year)
    due_on, _ = act.ports.working_days.after(act.today, settings.order_answer_days)
    order = SupervisionOrder(
        id=act.ports.chance.id(),
        number=settings.notice_number.format(kind="督", year=year, number=count),
        case=act.case.id,
        part=part,
        department=department,
        reason=reason,
        issued_by=act.actor.id,
        issued_at=act.now,
        due_on=due_on,
        division=act.case.division,
    )
    act.uow.orders.add(order)
    act.move(EventKind.ORDER_ISSUED, part, order=order.id)
    return order


def get_order(ports: Ports, actor: Actor, order_id: str) -> tuple[SupervisionOrder, Case]:
    """One order with the case it is about; raises ``NotFound`` for another department's order."""
    with ports.records.read() as uow:
        order = uow.orders.find(order_id)
        case = uow.cases.find(order.case) if order else None
    if order is None or case is None:
        raise NotFound
    if actor.has("department") and not actor.has("supervisor") and order.department != actor.department:
        raise NotFound
    return order, case


def answer_order(
    ports: Ports, actor: Actor, order_id: str, *, answer: str, once: Once | None = None
) -> dict[str, Any]:
    """The department answers what it did; raises ``NotFound`` for another department's order."""
    if not answer.strip():
        raise ReasonNeeded
    order, _case = get_order(ports, actor, order_id)
    if actor.has("department") and order.department != actor.department:
        raise NotFound

    def act_on(act: CaseAct) -> dict[str, Any]:
        if not act.uow.orders.answer(order_id, answer.strip()[:2000], actor.id, act.now):
            raise AlreadyAnswered
        act.move(EventKind.ORDER_ANSWERED, order.part, order=order_id)
        return {"order": order_id}

    return on_case(ports, order.case, actor, "order_answered", act_on, once=once)
