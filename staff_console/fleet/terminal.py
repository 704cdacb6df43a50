"""One terminal whole: how it is, what it was told, what has happened to it."""

from __future__ import annotations

from flask import Response

from onething.domain.fleet import CommandKind
from onething.services import fleet, fleet_commands, fleet_watching, staffing
from staff_console import forms
from staff_console.fleet import words
from staff_console.fleet.fleet import room
from staff_console.rendering import show as show_page
from staff_console.rooms import address, done
from web.current import current_duty, current_ports

# What a button gives; taking a terminal out of service and wiping it have their own acts.
COMMANDS = tuple(kind for kind in CommandKind if kind not in (CommandKind.SUSPEND, CommandKind.WIPE))


@room.page("/terminals/<terminal>", "technician", "supervisor")
def show_terminal(terminal: str) -> Response:
    """Devices with their state and since when, what citizens cannot do, commands, alerts, history."""
    ports, actor = current_ports(), current_duty().actor()
    view = fleet_watching.get_terminal(ports, actor, terminal)
    people = {each.actor for each in view.events} | {each.issued_by for each in view.commands}
    return show_page(
        "fleet/terminal.html",
        view=view,
        line=view.line,
        terminal=view.line.terminal,
        spares=words.list_spares(view.line.devices),
        commands=COMMANDS,
        names=staffing.names_of(ports, people),
        may_act=actor.has("technician"),
        words=words,
    )


def back_to(terminal: str, zh: str, en: str) -> Response:
    """To the terminal's page, with a sentence."""
    return done(address("fleet.show_terminal", terminal=terminal), zh, en)


@room.act("/terminals/<terminal>/commands", "technician")
def command(terminal: str) -> Response:
    """Told at its next heartbeat, done at most once, never under a citizen's hands."""
    kind = forms.text("kind", longest=30)
    if kind not in COMMANDS:
        forms.refuse("kind", "invalid", "没有这个命令", "There is no such command")
    reason = forms.text("reason", longest=200)
    fleet_commands.command(current_ports(), current_duty().actor(), terminal, CommandKind(kind), reason)
    return back_to(terminal, "命令已下达，终端下次联系时执行", "The terminal gets it at its next heartbeat")


@room.page("/commands/<order>/attachment", "technician")
def show_attachment(order: str) -> Response:
    """The log or picture that came with a result; each look is in the audit."""
    data, media_type = fleet_commands.get_attachment(current_ports(), current_duty().actor(), order)
    return Response(data, mimetype=media_type)


@room.act("/terminals/<terminal>/suspension", "technician")
def suspend(terminal: str) -> Response:
    """Out of service at once."""
    fleet.suspend(current_ports(), current_duty().actor(), terminal, forms.text("reason", longest=200))
    return back_to(terminal, "已停用", "Out of service")


@room.act("/terminals/<terminal>/resumption", "technician")
def resume(terminal: str) -> Response:
    """Back into service."""
    fleet.resume(current_ports(), current_duty().actor(), terminal)
    return back_to(terminal, "已恢复使用", "Back in service")


@room.act("/terminals/<terminal>/retirement", "technician")
def retire(terminal: str) -> Response:
    """For good; reported stolen, with an alert and its data to be wiped when it is heard again."""
    reason, actor = forms.text("reason", longest=200), current_duty().actor()
    if forms.texts("stolen"):
        fleet.mark_stolen(current_ports(), actor, terminal, reason)
    else:
        fleet.retire(current_ports(), actor, terminal, reason)
    return back_to(terminal, "已退役，记录保留", "Retired; its history stays")


@room.act("/terminals/<terminal>/replacement", "technician")
def replace(terminal: str) -> Response:
    """Another machine in its place, with its settings."""
    actor = current_duty().actor()
    planned = fleet.replace_terminal(current_ports(), actor, terminal, forms.text("number", longest=40))
    return back_to(planned.id, "已规划替换的终端，配置照旧", "Planned in its place, with its settings")
