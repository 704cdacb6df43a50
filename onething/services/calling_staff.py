"""A citizen at a kiosk asks for a person."""

from __future__ import annotations

from typing import Any

from onething.domain.records import AuditRow, StaffCall, Terminal
from onething.ports import Ports


def call(ports: Ports, terminal: Terminal, screen: str, reason: str | None) -> dict[str, Any]:
    """Note the call; the console shows it."""
    noted = StaffCall(ports.chance.id(), terminal.id, screen, reason, ports.clock.now())
    with ports.records.act() as uow:
        uow.staff_calls.add(noted)
        uow.audit.add(
            AuditRow(
                at=noted.called_at,
                actor=terminal.id,
                actor_kind="terminal",
                action="staff_called",
                purpose=screen,
                terminal=terminal.id,
            )
        )
    return {"call": noted.id, "called_at": noted.called_at.isoformat()}
