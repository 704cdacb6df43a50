"""A department's queue and its parts: just the facts and papers each needs, and what is decided."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from onething.domain.catalog import Catalog
from onething.domain.dictionary import Label
from onething.domain.errors import NotFound, Refusal
from onething.domain.listing import Filters, PartLine
from onething.services import casefiles, staffing, supervision
from onething.services.notices import KINDS
from onething.services.state_words import PART_STATE
from staff_console.lists import PAGE, Filter, Listing, cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting
from staff_console.work import case_words
from staff_console.work.case_flow import draw_flow
from web.current import current_duty, current_ports

room = Room("department", "/department")
room.add_menu("部门办件", "Our parts", "queue", "department", group=("办件", "Cases"), key="3")
_OPEN = ("dispatched", "in_handling", "suspended")


@room.tile("件本部门待办", "parts with our department", "queue", "department")
def count_open() -> Waiting | None:
    """What stands open, and whether some of it is late."""
    stands = supervision.get_overview(current_ports(), current_duty().actor()).parts
    return Waiting(stands.open, "late" if stands.red else "warn" if stands.yellow else "plain")


@room.page("/", "department")
def queue() -> Response:
    """First due first; each part opens where it is decided."""
    catalog = case_words.find_catalog()
    state = Filter("state", Label("状态", "State"), [(each, PART_STATE[each]) for each in _OPEN])
    colours = [(each.value, text) for each, text in case_words.COLOURS.items()]
    colour = Filter("colour", Label("时钟", "Clock"), colours)
    thing = Filter("thing", Label("一件事", "One-thing"), case_words.thing_choices(catalog))
    asked = Filters(
        thing=thing.value or None, state=state.value or None, colour=case_words.colour_of(colour.value)
    )
    ports, actor = current_ports(), current_duty().actor()
    page = supervision.list_department_queue(ports, actor, asked, cursor() or None, PAGE)
    listing = Listing([_row(catalog, line) for line in page.rows], page.next, [colour, state, thing])
    return show_page("work/department.html", listing=listing)


def _row(catalog: Catalog | None, line: PartLine) -> dict[str, Any]:
    return {
        "number": line.case_number,
        "matter": line.matter,
        "label": case_words.matter_label(catalog, line.thing, line.matter),
        "thing": case_words.thing_label(catalog, line.thing),
        "state": PART_STATE[line.state],
        "kind": case_words.PART_KINDS[line.state],
        "came_at": line.dispatched_at,
        "due_on": line.due_on,
        "colour": line.colour.value,
    }


@room.page("/<number>/<matter>", "department")
def show(number: str, matter: str) -> Response:
    """One part of ours; another department's is not found."""
    return show_part(number, matter)


def show_part(number: str, matter: str, refusal: Refusal | None = None, status: int = 200) -> Response:
    """The part with its forms; after a refusal with what was typed, and as the case stands by now."""
    ports = current_ports()
    view = casefiles.view_case_for_staff(ports, current_duty().actor(), number)
    mine = [part for part in view["parts"] if part["is_mine"]]
    part = next((each for each in mine if each["matter"] == matter), None)
    if part is None:
        raise NotFound
    return show_page(
        "work/department_part.html",
        status,
        case=view,
        part=part,
        papers=[each for each in view["materials"] if matter in each["matters"]],
        mine=mine,
        visits=[visit for visit in view["visits"] if matter in visit["matters"]],
        matter_names=case_words.names_of_matters(view),
        flow=draw_flow(view),
        names=staffing.names_of(ports, {line["by"] for line in view["timeline"] if line["by"]}),
        words=case_words,
        notice_names={kind: label for kind, (_, label) in KINDS.items()},
        causes=list(case_words.CAUSES.items())[1:],
        findings=list(case_words.FINDINGS.items()),
        refusal=refusal,
        typed=request.form,
    )
