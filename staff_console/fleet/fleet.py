"""The fleet: by hall, by health, by version; and planning another terminal."""

from __future__ import annotations

import json
from io import BytesIO

from flask import Response, request, send_file

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.fleet import AlertKind
from onething.domain.terminals import TerminalState
from onething.ports.fleet import FleetFilters
from onething.services import fleet, fleet_releases, fleet_watching
from staff_console import forms
from staff_console.fleet import words
from staff_console.lists import PAGE, Filter, Listing, cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from web.current import current_duty, current_ports

GROUP = ("设备运维", "Terminals")
room = Room("fleet", "/fleet")
room.add_menu("终端", "Terminals", "show", "technician", "supervisor", group=GROUP, key="t")


@room.tile("台终端需要处理", "terminals need somebody", "show", "technician")
def count_unwell() -> Waiting:
    """Terminals with an open alert."""
    halls = fleet_watching.summarise_fleet(current_ports(), current_duty().actor()).halls
    unwell = sum(hall.total - hall.by_health.get("ok", 0) - hall.unheard for hall in halls)
    return Waiting(unwell, "late" if unwell else "good")


@room.page("/", "technician", "supervisor")
def show() -> Response:
    """Halls with their terminals' health, then each terminal: devices, and what citizens cannot do there."""
    ports, actor = current_ports(), current_duty().actor()
    summary = fleet_watching.summarise_fleet(ports, actor)
    hall = Filter("hall", Label("大厅", "Hall"), [(each.hall, _named(each.hall)) for each in summary.halls])
    state = Filter("state", Label("状态", "State"), [(str(s), words.STATES[s]) for s in TerminalState])
    alert = Filter("alert", Label("告警", "Alert"), [(str(kind), words.ALERTS[kind]) for kind in AlertKind])
    asked = FleetFilters(hall.value or None, state.value or None, alert.value or None)
    page = fleet_watching.list_fleet(ports, actor, asked, cursor() or None, PAGE)
    return show_page(
        "fleet/fleet.html",
        summary=summary,
        listing=Listing(page.rows, page.next, [hall, state, alert]),
        words=words,
    )


@room.page("/releases.json", "technician")
def export_releases() -> Response:
    """Which version runs where, for whoever lets a release go to its next batch."""
    report = fleet_releases.report_releases(current_ports(), current_duty().actor())
    answer = send_file(
        BytesIO(json.dumps(report, ensure_ascii=False, indent=1).encode()),
        "application/json",
        as_attachment=True,
        download_name="fleet.json",
        etag=False,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@room.page("/new", "technician")
def plan() -> Response:
    """A terminal that is to be set up."""
    return show_page("fleet/new.html", refusal=None, typed=request.form)


@room.act("/new", "technician")
def add() -> Response:
    """Planned; the code is given when a technician stands before it."""
    ports, actor = current_ports(), current_duty().actor()
    try:
        planned = fleet.plan_terminal(
            ports,
            actor,
            forms.text("number", longest=40),
            forms.text("hall_zh", longest=120),
            forms.text("hall_en", longest=120, required=False),
        )
    except Refusal as refusal:
        return show_page("fleet/new.html", 422, refusal=refusal, typed=request.form)
    to = address("fleet.show_terminal", terminal=planned.id)
    return done(to, "已规划，接下来填写设备、发放登记码", "Planned; its devices and a code come next")


def _named(hall: str) -> Label:
    return Label(hall, hall)
