"""What kiosks took in while the server was away: received, not registered, until a clerk has called."""

from __future__ import annotations

from flask import Response

from onething.domain.dictionary import Label
from onething.services import fleet_intakes
from staff_console import forms
from staff_console.lists import Listing
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, address, done
from staff_console.work.case_words import find_catalog, thing_label
from web.current import current_duty, current_ports

room = Room("intakes", "/intakes")
room.add_menu("离线收件", "Offline intakes", "show", "clerk", group=("办件", "Cases"))
STATES = {
    "received": Label("已收到，正在解封", "Received, being opened"),
    "opened": Label("待联系登记", "To be called and registered"),
    "unreadable": Label("无法解封", "Cannot be opened"),
}


@room.page("/", "clerk")
def show() -> Response:
    """Longest waiting first, telephone numbers masked."""
    catalog = find_catalog()
    rows = [
        (line, thing_label(catalog, line.thing or ""))
        for line in fleet_intakes.list_intakes(current_ports(), current_duty().actor())
    ]
    return show_page("fleet/intakes.html", listing=Listing(rows), states=STATES)


@room.page("/<intake>", "clerk")
def show_one(intake: str) -> Response:
    """One of them with everything it says; each look is in the audit."""
    found = fleet_intakes.get_intake(current_ports(), current_duty().actor(), intake)
    content = dict(found.content or {})
    return show_page(
        "fleet/intake.html",
        intake=found,
        content=content,
        thing=thing_label(find_catalog(), str(content.get("thing", ""))),
        states=STATES,
    )


@room.act("/<intake>/settlement", "clerk")
def settle(intake: str) -> Response:
    """Registered as a case, or why there is none; what it said is erased."""
    fleet_intakes.settle_intake(
        current_ports(),
        current_duty().actor(),
        intake,
        forms.text("state", longest=20),
        forms.text("note", longest=200, required=False),
    )
    return done(address("intakes.show"), "已处理，收件内容已删除", "Settled; what it said is erased")
