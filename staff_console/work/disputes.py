"""Disputes over shared data: the list, and the desk where the department that keeps a record answers."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from onething.domain.catalog import Catalog, Fact, FactType
from onething.domain.dictionary import Label
from onething.domain.disputes import DisputeState
from onething.domain.errors import Refusal
from onething.domain.listing import Filters
from onething.services import answering_disputes, supervision
from onething.services.display import display_of
from onething.services.outcome_wording import DISPUTE_STATE
from staff_console import forms
from staff_console.lists import PAGE, Listing, cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from staff_console.work.supervision_lists import Named, asked, state_filter
from web.current import current_duty, current_ports

STATES = {
    **{state.value: label for state, label in DISPUTE_STATE.items()},
    DisputeState.OPEN.value: Label("待核实", "To be looked into"),
}
OUTCOMES = [
    (
        DisputeState.CORRECTED.value,
        Label("更正：登记有误，按下面的值改", "Corrected: the record was wrong"),
    ),
    (DisputeState.EXPLAINED.value, Label("说明：登记无误，向群众解释", "Explained: the record is right")),
    (DisputeState.REJECTED.value, Label("不采纳：没有依据", "Not accepted: nothing supports it")),
]
_COUNTED = 100

room = Room("disputes", "/disputes")
room.add_menu("数据异议", "Disputes", "show", "department", "supervisor", group=("数据共享", "Shared data"))


@room.tile("项数据异议待核实", "disputes to look into", "show", "department", state="open")
def count_open() -> Waiting:
    """Values that somebody says are wrong, in this department's records."""
    ports, actor = current_ports(), current_duty().actor()
    rows = supervision.list_disputes(ports, actor, Filters(state="open"), None, _COUNTED).rows
    kind = "late" if any(row.colour == "red" for row in rows) else "warn"
    return Waiting(f"{_COUNTED}+" if len(rows) == _COUNTED else len(rows), kind if rows else "good")


@room.page("/", "department", "supervisor")
def show() -> Response:
    """Disputes, newest first, without any value."""
    ports, actor = current_ports(), current_duty().actor()
    named = Named(ports)
    filters = [state_filter(STATES), named.thing_filter()]
    if actor.has("supervisor"):
        filters.append(named.department_filter())
    page = supervision.list_disputes(ports, actor, asked(filters), cursor() or None, PAGE)
    listing = Listing(page.rows, page.next, filters)
    return show_page("work/disputes.html", listing=listing, named=named, states=STATES, fact_name=fact_name)


@room.page("/<dispute>", "department")
def show_dispute(dispute: str) -> Response:
    """What both sides say, the evidence, and the form to answer."""
    return _dispute(dispute)


@room.page("/<dispute>/evidence/<file>", "department")
def show_evidence(dispute: str, file: str) -> Response:
    """One page of the evidence."""
    ports, actor = current_ports(), current_duty().actor()
    data, media_type = answering_disputes.get_evidence(ports, actor, dispute, file)
    return Response(data, mimetype=media_type)


@room.act("/<dispute>/answer", "department")
def answer(dispute: str) -> Response:
    """Correct, explain or stand by the record."""
    try:
        outcome = forms.text("outcome", longest=20)
        corrects = outcome == DisputeState.CORRECTED
        answering_disputes.answer(
            current_ports(),
            current_duty().actor(),
            dispute,
            outcome=outcome,
            reason=Label(forms.text("zh", longest=1000), forms.text("en", longest=1000, required=False)),
            value=forms.text("value", longest=500) if corrects else None,
        )
    except Refusal as refusal:
        return _dispute(dispute, refusal)
    return done(address("disputes.show_dispute", dispute=dispute), "异议已答复", "The dispute is answered")


def _dispute(dispute_id: str, refusal: Refusal | None = None) -> Response:
    ports, actor = current_ports(), current_duty().actor()
    view = answering_disputes.get_dispute(ports, actor, dispute_id)
    named = Named(ports)
    return show_page(
        "work/disputes_one.html",
        422 if refusal else 200,
        dispute=view,
        named=named,
        states=STATES,
        outcomes=OUTCOMES,
        values=_values(named.catalog, view),
        choices=_choices(named.catalog, view),
        typed=request.form,
        refusal=refusal,
    )


def _values(catalog: Catalog, view: dict[str, Any]) -> dict[str, Label | None]:
    """What the record, the citizen and the correction say, in words and unmasked: it is their record."""
    fact = _fact(catalog, view)
    sides = ("register_value", "own_value", "corrected_value")
    return {side: None if view[side] is None else _said(catalog, fact, view[side]) for side in sides}


def _said(catalog: Catalog, fact: Fact | None, value: Any) -> Label:
    return display_of(catalog, fact, value, masked=False) if fact else Label(str(value), str(value))


def _choices(catalog: Catalog, view: dict[str, Any]) -> list[tuple[str, Label]]:
    """What may be chosen where the fact is a code; nothing where it is typed."""
    fact = _fact(catalog, view)
    if fact is None or fact.type is not FactType.CODE:
        return []
    return list(catalog.code_sets.get(fact.code_set or "", {}).items())


def _fact(catalog: Catalog, view: dict[str, Any]) -> Fact | None:
    thing = catalog.things.get(view["thing"])
    try:
        return catalog.get_fact(thing, view["fact"]) if thing else None
    except KeyError:
        return None


def fact_name(named: Named, thing: str, fact: str) -> Label:
    """A fact's name, with whose it is."""
    found = named.catalog.things.get(thing)
    if found is None:
        return Label(fact, fact)
    try:
        label, role = named.catalog.get_fact(found, fact).label, found.role_of(fact).label
    except KeyError:
        return Label(fact, fact)
    return Label(f"{role.zh}·{label.zh}", f"{role.en} · {label.en}")
