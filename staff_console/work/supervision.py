"""The supervision board: every open case by its clock, what is late, and the board as a file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from flask import Response, request, send_file

from onething.domain.clocks import Colour
from onething.domain.dictionary import Label
from onething.domain.listing import Filters
from onething.services import supervision, supervision_exports
from onething.services.state_words import CASE_STATE, PART_STATE
from onething.services.supervision_exports import Export
from staff_console.lists import PAGE, Listing, cursor
from staff_console.rendering import show
from staff_console.rooms import Room, Waiting
from staff_console.work.supervision_lists import CASE_STATE_FILTER, COLOUR_FILTER, Named, asked
from web.current import current_duty, current_ports

GROUP = ("督办监管", "Supervision")
_FORMS = ("csv", "xlsx")

room = Room("supervision", "/supervision")
room.add_menu("办件看板", "Board", "board", "supervisor", "clerk", group=GROUP, key="b")
room.add_menu("超期事项", "Late matters", "late", "supervisor", "department", group=GROUP)


@room.tile("件办件超期", "cases are late", "board", "supervisor", colour="red")
def count_late() -> Waiting:
    """Open cases past their day."""
    late = supervision.get_overview(current_ports(), current_duty().actor()).cases.red
    return Waiting(late, "late" if late else "good")


@room.tile("件办件临期", "cases near their limit", "board", "supervisor", colour="yellow")
def count_near() -> Waiting:
    """Open cases that come due soon."""
    near = supervision.get_overview(current_ports(), current_duty().actor()).cases.yellow
    return Waiting(near, "warn" if near else "good")


@room.page("/board", "supervisor", "clerk")
def board() -> Response:
    """Cases with their clocks, first due first; a final state shows those that ended."""
    ports, actor = current_ports(), current_duty().actor()
    named = Named(ports)
    filters = [
        COLOUR_FILTER,
        named.thing_filter(),
        named.department_filter(Label("牵头部门", "Lead department")),
        CASE_STATE_FILTER,
    ]
    wanted = asked(filters)
    page = supervision.list_board(ports, actor, wanted, cursor() or None, PAGE)
    stands = supervision.get_overview(ports, actor, replace(wanted, colour=None)).cases
    return show(
        "work/supervision_board.html",
        listing=Listing(page.rows, page.next, filters),
        named=named,
        stands=[(colour.value, getattr(stands, colour.value)) for colour in _IN_ORDER],
        states=CASE_STATE,
    )


_IN_ORDER = (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.GREY)


@room.page("/late", "supervisor", "department")
def late() -> Response:
    """Open parts past their day, longest first; an officer sees their own department's."""
    ports, actor = current_ports(), current_duty().actor()
    named = Named(ports)
    filters = [named.thing_filter()]
    if actor.has("supervisor"):
        filters.append(named.department_filter())
    page = supervision.list_late(ports, actor, asked(filters), cursor() or None, PAGE)
    listing = Listing(page.rows, page.next, filters)
    return show("work/supervision_late.html", listing=listing, named=named, states=PART_STATE)


@room.act("/export", "supervisor")
def export() -> Response:
    """The cases that the board's filters choose, as a file."""
    form = request.form.get("form", "")
    colour = request.form.get("colour", "")
    wanted = Filters(
        thing=request.form.get("thing") or None,
        department=request.form.get("department") or None,
        state=request.form.get("state") or None,
        colour=Colour(colour) if colour in set(Colour) else None,
    )
    kept = supervision_exports.export_board(
        current_ports(), current_duty().actor(), wanted, form if form in _FORMS else "csv"
    )
    return as_file(kept)


def as_file(made: Export) -> Response:
    """A made file, to be saved and kept by no cache."""
    answer = send_file(
        BytesIO(made.data), made.media_type, as_attachment=True, download_name=made.name, etag=False
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
