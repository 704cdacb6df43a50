"""A citizen at a kiosk asks for a person, and somebody comes."""

from __future__ import annotations

from typing import Any

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.records import AuditRow, StaffCall, Terminal
from onething.domain.staff import Role
from onething.ports import Once, Ports
from onething.services.duties import must_be


def call(
    ports: Ports, terminal: Terminal, screen: str, reason: str | None, once: Once | None = None
) -> dict[str, Any]:
    """Note the call; the console shows it. A retry under the same key is the same call."""
    noted = StaffCall(ports.chance.id(), terminal.id, screen, reason, ports.clock.now())
    answer = {"call": noted.id, "called_at": noted.called_at.isoformat()}
    with ports.records.act() as uow:
        if once:
            first = uow.keys.begin(terminal.id, once.key, once.body_digest, noted.called_at)
            if first is not None:
                return dict(first)
            uow.keys.finish(terminal.id, once.key, answer)
        uow.staff_calls.add(noted)
        uow.audit.add(_audited(noted))
    return answer


def answer(ports: Ports, actor: Actor, call_id: str) -> None:
    """Somebody has come; raises ``NotFound`` for a call that is not open."""
    must_be(actor, Role.CLERK, Role.TECHNICIAN, Role.SUPERVISOR)
    now = ports.clock.now()
    with ports.records.act() as uow:
        if not uow.staff_calls.answer(call_id, now):
            raise NotFound
        uow.audit.add(
            AuditRow(
                at=now,
                actor=actor.id,
                actor_kind=actor.kind,
                action="staff_call_answered",
                purpose="kiosk",
                detail={"call": call_id},
            )
        )


def _audited(noted: StaffCall) -> AuditRow:
    return AuditRow(
        at=noted.called_at,
        actor=noted.terminal,
        actor_kind="terminal",
        action="staff_called",
        purpose=noted.screen,
        terminal=noted.terminal,
    )
