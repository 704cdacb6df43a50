"""Alerts: what is wrong with which terminal, since when, and who is seeing to it."""

from __future__ import annotations

from flask import Response

from onething.domain.dictionary import Label
from onething.services import fleet_watching
from staff_console import forms
from staff_console.fleet import words
from staff_console.fleet.fleet import GROUP
from staff_console.lists import PAGE, Filter, Listing, cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from web.current import current_duty, current_ports

room = Room("alerts", "/alerts")
room.add_menu("告警", "Alerts", "show", "technician", "supervisor", group=GROUP)
_ALL = "all"


@room.tile("条告警未处理", "alerts are open", "show", "technician", "supervisor")
def count_open() -> Waiting:
    """Open alerts of the whole fleet."""
    number = fleet_watching.summarise_fleet(current_ports(), current_duty().actor()).open_alerts
    return Waiting(number, "late" if number else "good")


@room.page("/", "technician", "supervisor")
def show() -> Response:
    """Newest first; those that are over only when asked for."""
    which = Filter("which", Label("范围", "Which"), [(_ALL, Label("含已解除", "With those that are over"))])
    page = fleet_watching.list_alerts(
        current_ports(),
        current_duty().actor(),
        only_open=which.value != _ALL,
        cursor=cursor() or None,
        limit=PAGE,
    )
    listing = Listing(page.rows, page.next, [which])
    may_act = current_duty().actor().has("technician")
    return show_page("fleet/alerts.html", listing=listing, words=words, may_act=may_act)


@room.act("/<alert>/seen", "technician")
def mark_seen(alert: str) -> Response:
    """Somebody is seeing to it."""
    fleet_watching.mark_seen(current_ports(), current_duty().actor(), alert)
    return done(forms.came_from(address("alerts.show")), "已登记：由您处理", "Noted: you are seeing to it")
