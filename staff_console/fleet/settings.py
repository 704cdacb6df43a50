"""A terminal's settings as a form: devices by URL, times, hours; each save is a signed revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.terminal_settings import CHANNELS, DEVICE_KINDS, LOG_LEVELS
from onething.services import fleet_configuring, fleet_watching
from staff_console import forms
from staff_console.fleet import words
from staff_console.fleet.fleet import room
from staff_console.fleet.terminal import back_to
from staff_console.rendering import show as show_page
from web.current import current_duty, current_ports

NUMBERS = ("columns", "idle_seconds", "warning_seconds", "longest_session_seconds")
WEEKDAYS = tuple(
    Label(zh, en)
    for zh, en in (
        ("星期一", "Monday"),
        ("星期二", "Tuesday"),
        ("星期三", "Wednesday"),
        ("星期四", "Thursday"),
        ("星期五", "Friday"),
        ("星期六", "Saturday"),
        ("星期日", "Sunday"),
    )
)


@room.page("/terminals/<terminal>/settings", "technician")
def show_settings(terminal: str) -> Response:
    """What it works with, and what became of each revision."""
    return _show(terminal)


@room.act("/terminals/<terminal>/settings", "technician")
def configure(terminal: str) -> Response:
    """The next revision: tried by the terminal, and taken back by it alone when it does not hold."""
    ports, actor = current_ports(), current_duty().actor()
    before = fleet_watching.get_terminal(ports, actor, terminal).settings
    try:
        wanted = read_form(before)
        fleet_configuring.configure(ports, actor, terminal, wanted)
    except Refusal as refusal:
        return _show(terminal, refusal, 422)
    return back_to(terminal, "配置已下发，终端自检通过后生效", "Sent; it counts once proved there")


def read_form(before: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they were typed; more than one opening time a day is kept as it was."""
    devices = {kind: url for kind in DEVICE_KINDS if (url := _field(f"device-{kind}"))}
    hours = [
        {"weekday": day, "from": _field(f"from-{day}"), "to": _field(f"to-{day}")}
        for day in range(7)
        if _field(f"from-{day}") or _field(f"to-{day}")
    ]
    numbers = {name: int(text) if (text := _field(name)).isdigit() else text for name in NUMBERS}
    return {
        **before,
        **numbers,
        "hall_zh": _field("hall_zh"),
        "hall_en": _field("hall_en"),
        "devices": devices,
        "opening_hours": hours,
        "log_level": _field("log_level"),
        "update_channel": _field("update_channel"),
        "expected_devices": forms.texts("expected"),
    }


def _field(name: str) -> str:
    return forms.text(name, longest=320, required=False)


def _show(terminal: str, refusal: Refusal | None = None, status: int = 200) -> Response:
    view = fleet_watching.get_terminal(current_ports(), current_duty().actor(), terminal)
    settings = view.settings
    hours = {each["weekday"]: each for each in settings.get("opening_hours", ())}
    return show_page(
        "fleet/settings.html",
        status,
        terminal=view.line.terminal,
        configurations=view.configurations,
        settings=settings,
        hours=[(day, name, hours.get(day, {})) for day, name in enumerate(WEEKDAYS)],
        typed=request.form,
        refusal=refusal,
        kinds=DEVICE_KINDS,
        numbers=NUMBERS,
        levels=[(each, each) for each in LOG_LEVELS],
        channels=[(each, each) for each in CHANNELS],
        words=words,
    )
