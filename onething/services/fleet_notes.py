"""What every act on a terminal does besides: look it up for this actor, and write down who did what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.fleet import Alert, AlertKind, TerminalEvent
from onething.domain.records import AuditRow, Terminal
from onething.ports import Ports, UnitOfWork


def get_to_change(uow: UnitOfWork, actor: Actor, terminal_id: str) -> Terminal:
    """The terminal, kept from others until the act is over; another county's is ``NotFound``."""
    terminal = uow.terminals.find_to_change(terminal_id)
    if terminal is None or (actor.division is not None and actor.division != terminal.division):
        raise NotFound
    return terminal


def note(
    ports: Ports,
    uow: UnitOfWork,
    terminal: Terminal,
    actor: Actor,
    kind: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """One line in the terminal's history and one in the audit."""
    at, said = ports.signature_clock.now(), dict(detail or {})
    event = TerminalEvent(ports.chance.id(), terminal.id, at, kind, actor.id, terminal.division, said)
    uow.terminal_events.add(event)
    uow.audit.add(
        AuditRow(
            at, actor.id, actor.kind, f"terminal_{kind}", terminal.number, terminal=terminal.id, detail=said
        )
    )


def raise_alert(
    ports: Ports,
    uow: UnitOfWork,
    terminal: Terminal,
    kind: AlertKind,
    subject: str,
    reason: str,
    at: datetime,
) -> bool:
    """Whether the alert is new; one that is open already stays as it began."""
    alert = Alert(ports.chance.id(), terminal.id, kind, subject, reason, at, terminal.division)
    return uow.alerts.open(alert)


def canonical(content: Mapping[str, Any]) -> bytes:
    """JSON as it is signed: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
