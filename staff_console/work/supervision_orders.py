"""Supervision orders (督办): issued by a supervisor, answered by the department they are to."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from onething.domain.actors import WORKER
from onething.domain.clocks import colour, day_of
from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.listing import Filters
from onething.services import casefiles, staffing, supervising, supervision
from staff_console import forms
from staff_console.language import say
from staff_console.lists import PAGE, Listing, cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from staff_console.work.supervision import GROUP
from staff_console.work.supervision_lists import Named, asked, state_filter
from web.current import current_duty, current_ports

STATES = {"open": Label("待答复", "Not answered"), "answered": Label("已答复", "Answered")}
_COUNTED = 100

room = Room("orders", "/orders")
room.add_menu("督办单", "Orders", "show", "supervisor", "department", group=GROUP)


@room.tile("份督办待答复", "orders not answered", "show", "supervisor", "department", state="open")
def count_open() -> Waiting:
    """Orders that wait for their department."""
    open_ones = Filters(state="open")
    rows = supervision.list_orders(current_ports(), current_duty().actor(), open_ones, None, _COUNTED).rows
    kind = "late" if any(row.colour == "red" for row in rows) else "warn"
    return Waiting(f"{_COUNTED}+" if len(rows) == _COUNTED else len(rows), kind if rows else "good")


@room.page("/", "supervisor", "department")
def show() -> Response:
    """Orders, newest first; an officer sees their own department's."""
    ports, actor = current_ports(), current_duty().actor()
    named = Named(ports)
    filters = [state_filter(STATES), named.thing_filter()]
    if actor.has("supervisor"):
        filters.append(named.department_filter())
    page = supervision.list_orders(ports, actor, asked(filters), cursor() or None, PAGE)
    return show_page(
        "work/supervision_orders.html",
        listing=Listing(page.rows, page.next, filters),
        named=named,
        names=_names({row.issued_by for row in page.rows}),
    )


@room.page("/new", "supervisor")
def new() -> Response:
    """An order about one case: to the lead department, or to that of one matter."""
    return _new(request.args.get("case", ""))


@room.act("/new", "supervisor")
def issue() -> Response:
    """Issue the order; its day to be answered is counted in working days."""
    number = forms.text("case", longest=60)
    try:
        issued = supervising.issue_order(
            current_ports(),
            current_duty().actor(),
            number,
            matter=forms.text("matter", longest=60, required=False) or None,
            reason=forms.text("reason", longest=500),
            once=forms.once(),
        )
    except Refusal as refusal:
        return _new(number, refusal)
    to = address("orders.show_order", order=issued["order"])
    told = issued["number"], issued["due_on"]
    return done(to, "{}已发出，{}前答复".format(*told), "{} is issued, to be answered by {}".format(*told))


def _new(number: str, refusal: Refusal | None = None) -> Response:
    case = casefiles.view_case_for_staff(current_ports(), current_duty().actor(), number)
    return show_page("work/supervision_order_new.html", 422 if refusal else 200, case=case, refusal=refusal)


@room.page("/<order>", "supervisor", "department")
def show_order(order: str) -> Response:
    """One order with its answer, or the form for it."""
    return _order(order)


@room.act("/<order>/answer", "department")
def answer(order: str) -> Response:
    """The department says what it did."""
    try:
        supervising.answer_order(
            current_ports(),
            current_duty().actor(),
            order,
            answer=forms.text("answer", longest=2000),
            once=forms.once(),
        )
    except Refusal as refusal:
        return _order(order, refusal)
    return done(address("orders.show_order", order=order), "督办已答复", "The order is answered")


def _order(order_id: str, refusal: Refusal | None = None) -> Response:
    ports, actor = current_ports(), current_duty().actor()
    order, case = supervising.get_order(ports, actor, order_id)
    answered_on = day_of(order.answered_at) if order.answered_at else None
    part = next((each for each in case.parts if each.id == order.part), None)
    return show_page(
        "work/supervision_order.html",
        422 if refusal else 200,
        order=order,
        case=case,
        matter=part.matter if part else None,
        named=Named(ports),
        names=_names({order.issued_by, order.answered_by or ""}),
        colour=colour(order.due_on, None, None, answered_on, day_of(ports.clock.now())).value,
        may_answer=order.answered_at is None and actor.department == order.department,
        refusal=refusal,
    )


def _names(ids: set[str]) -> dict[str, Any]:
    """Who issued or answered: people by name, the worker as what it is."""
    automatic = {WORKER.id: say("系统自动", "By itself")}
    return {**staffing.names_of(current_ports(), ids), **automatic}
