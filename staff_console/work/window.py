"""The integrated window's queue: what waits to be accepted, and what waits for the citizen."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.domain.dictionary import Label
from onething.domain.listing import CaseLine, Filters
from onething.services import supervision
from onething.services.state_words import CASE_STATE
from staff_console.lists import PAGE, Filter, Listing, cursor
from staff_console.rendering import show
from staff_console.rooms import Room, Waiting
from staff_console.work.case_words import (
    CASE_KINDS,
    CHANNELS,
    COLOURS,
    colour_of,
    find_catalog,
    thing_choices,
    thing_label,
)
from web.current import current_duty, current_ports

room = Room("window", "/window")
room.add_menu("受理窗口", "Window", "queue", "clerk", "supervisor", group=("办件", "Cases"), key="2")

_STATES = ("received", "supplement")


@room.tile("件待受理", "to accept", "queue", "clerk", state="received")
def count_received() -> Waiting:
    """What a clerk has to answer within five working days."""
    stands = supervision.get_overview(current_ports(), current_duty().actor())
    return Waiting(stands.to_accept, "warn" if stands.to_accept else "good")


@room.tile("件等群众补正", "wait for a supplement", "queue", "clerk", state="supplement")
def count_supplements() -> Waiting:
    """What waits for the citizen."""
    return Waiting(supervision.get_overview(current_ports(), current_duty().actor()).in_supplement)


@room.page("/", "clerk", "supervisor")
def queue() -> Response:
    """By the day of the answer; a case opens where it is accepted."""
    catalog = find_catalog()
    state = Filter("state", Label("状态", "State"), [(each, _short_state(each)) for each in _STATES])
    thing = Filter("thing", Label("一件事", "One-thing"), thing_choices(catalog))
    colour = Filter("colour", Label("时钟", "Clock"), [(each.value, text) for each, text in COLOURS.items()])
    asked = Filters(thing=thing.value or None, state=state.value or None, colour=colour_of(colour.value))
    page = supervision.list_window_queue(
        current_ports(), current_duty().actor(), asked, cursor() or None, PAGE
    )
    rows = [_row(line, thing_label(catalog, line.thing)) for line in page.rows]
    return show("work/window.html", listing=Listing(rows, page.next, [state, thing, colour]))


def _row(line: CaseLine, thing: Label) -> dict[str, Any]:
    return {
        "number": line.number,
        "thing": thing,
        "state": _short_state(line.state),
        "kind": CASE_KINDS[line.state],
        "channel": CHANNELS.get(line.channel, Label(line.channel, line.channel)),
        "submitted_at": line.submitted_at,
        "due_on": line.due_on,
        "colour": line.colour.value,
    }


def _short_state(state: str) -> Label:
    """As staff call it: what waits for them, and what waits for the citizen."""
    own = {"received": Label("待受理", "To accept"), "supplement": Label("待补正", "With the citizen")}
    return own.get(state) or CASE_STATE[state]
