"""Commands: given by a technician, fetched by the terminal with a heartbeat, done at most once, reported."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.fleet import CommandKind, CommandRefused, CommandState, TerminalCommand
from onething.domain.records import AuditRow, StoredFile, Terminal
from onething.domain.staff import Role
from onething.domain.terminals import TerminalState
from onething.ports import Ports, UnitOfWork
from onething.services.duties import must_be
from onething.services.fleet_notes import canonical, get_to_change, note

MOST_ARGUMENTS = 8
LONGEST_MINUTES = 24 * 60
_HEARD = frozenset({TerminalState.ACTIVE, TerminalState.SUSPENDED})
_SERVER = Actor("server", "system")
_PNG = b"\x89PNG\r\n\x1a\n"


def command(
    ports: Ports,
    actor: Actor,
    terminal_id: str,
    kind: CommandKind,
    reason: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    within_minutes: int = 10,
) -> TerminalCommand:
    """Tell a terminal to do something within so many minutes; raises ``CommandRefused``.

    One of a kind at a time; ``arguments`` are texts and whole numbers by name.
    """
    must_be(actor, Role.TECHNICIAN)
    given = dict(arguments or {})
    if not reason.strip() or not 1 <= within_minutes <= LONGEST_MINUTES or not _are_plain(given):
        raise CommandRefused
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        terminal = get_to_change(uow, actor, terminal_id)
        if terminal.state not in _HEARD or _is_open(uow, terminal_id, kind, now.replace(microsecond=0)):
            raise CommandRefused
        return _give(ports, uow, actor, terminal, kind, reason, within_minutes, given)


def wipe_stolen(ports: Ports, uow: UnitOfWork, terminal: Terminal, now: datetime) -> None:
    """Have a stolen terminal that has spoken wipe itself, unless it is told so already or has done it."""
    given = uow.terminal_commands.list_of(terminal.id)
    if any(each.kind is CommandKind.WIPE and _still_counts(each, now) for each in given):
        return
    _give(ports, uow, _SERVER, terminal, CommandKind.WIPE, "stolen", LONGEST_MINUTES, {})


def _still_counts(order: TerminalCommand, now: datetime) -> bool:
    return order.state is CommandState.DONE or (order.state.is_open and now < order.expires_at)


def _give(
    ports: Ports,
    uow: UnitOfWork,
    actor: Actor,
    terminal: Terminal,
    kind: CommandKind,
    reason: str,
    minutes: int,
    arguments: Mapping[str, Any],
) -> TerminalCommand:
    now = ports.signature_clock.now().replace(microsecond=0)
    order = TerminalCommand(
        id=ports.chance.id(),
        terminal=terminal.id,
        kind=kind,
        arguments=arguments,
        reason=reason.strip()[:500],
        issued_by=actor.id,
        issued_at=now,
        expires_at=now + timedelta(minutes=minutes),
        signature="",
        division=terminal.division,
    )
    order = replace(order, signature=ports.fleet_keys.sign(canonical(_signed(order))))
    uow.terminal_commands.add(order)
    said = {"command": order.id, "kind": order.kind, "reason": order.reason}
    note(ports, uow, terminal, actor, "command", said)
    return order


def tell(uow: UnitOfWork, terminal: Terminal, now: datetime) -> Sequence[dict[str, Any]]:
    """The open commands as the terminal gets them; told again until it reports: an answer may be lost."""
    waiting = uow.terminal_commands.list_open(terminal.id, now)
    for each in waiting:
        if each.state is CommandState.WAITING:
            uow.terminal_commands.save(replace(each, state=CommandState.SENT, sent_at=now), each.state)
    return [{**_told(each), "signature": each.signature} for each in waiting]


def take_result(
    ports: Ports,
    terminal: Terminal,
    command_id: str,
    outcome: CommandState,
    detail: str,
    attachment: bytes | None,
) -> dict[str, Any]:
    """What became of a command; a repeat changes nothing. Raises ``NotFound`` for another terminal's."""
    file = _keep(ports, command_id, attachment) if attachment else None
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        order = uow.terminal_commands.find(command_id)
        if order is None or order.terminal != terminal.id:
            raise NotFound
        # What lapsed here may still have been done there: the terminal knows better.
        if order.state.is_open or (order.state is CommandState.EXPIRED and outcome is not order.state):
            ended = replace(
                order,
                state=outcome,
                ended_at=now,
                detail=detail,
                sent_at=order.sent_at or now,
                attachment=file.id if file else None,
            )
            if uow.terminal_commands.save(ended, order.state):
                if file:
                    uow.files.add(file)
                said = {"command": command_id, "kind": order.kind, "outcome": outcome}
                note(ports, uow, terminal, Actor(terminal.id, "terminal"), "command_ended", said)
    return {"received": True}


def get_attachment(ports: Ports, actor: Actor, command_id: str) -> tuple[bytes, str]:
    """The log or picture that came with a result, and its media type; audited; raises ``NotFound``."""
    must_be(actor, Role.TECHNICIAN)
    with ports.records.act() as uow:
        order = uow.terminal_commands.find(command_id)
        if order is None or order.attachment is None:
            raise NotFound
        terminal = get_to_change(uow, actor, order.terminal)
        file = uow.files.find(order.attachment)
        if file is None:
            raise NotFound
        uow.audit.add(
            AuditRow(
                ports.clock.now(),
                actor.id,
                actor.kind,
                "terminal_attachment_read",
                terminal.number,
                terminal=terminal.id,
                detail={"command": command_id, "kind": str(order.kind)},
            )
        )
    return ports.files.get(order.attachment), file.media_type


def _is_open(uow: UnitOfWork, terminal_id: str, kind: CommandKind, now: datetime) -> bool:
    return any(each.kind is kind for each in uow.terminal_commands.list_open(terminal_id, now))


def _are_plain(arguments: Mapping[str, Any]) -> bool:
    return len(arguments) <= MOST_ARGUMENTS and all(
        type(value) is int or (isinstance(value, str) and len(value) <= 200 and value.isprintable())
        for value in arguments.values()
    )


def _told(order: TerminalCommand) -> dict[str, Any]:
    return {
        "id": order.id,
        "kind": str(order.kind),
        "arguments": dict(order.arguments),
        "reason": order.reason,
        "issued_by": order.issued_by,
        "issued_at": order.issued_at.isoformat(),
        "expires_at": order.expires_at.isoformat(),
    }


def _signed(order: TerminalCommand) -> dict[str, Any]:
    return {**_told(order), "terminal": order.terminal}


def _keep(ports: Ports, command_id: str, data: bytes) -> StoredFile:
    """The bytes go first, encrypted; without a row they are swept away."""
    file = StoredFile(
        id=ports.chance.id(),
        owner=command_id,
        material="terminal_attachment",
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="image/png" if data.startswith(_PNG) else "text/plain; charset=utf-8",
        size=len(data),
        width=0,
        height=0,
        created_at=ports.clock.now(),
    )
    ports.files.put(file.id, data)
    return file
