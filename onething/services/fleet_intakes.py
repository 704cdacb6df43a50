"""What kiosks took in while the server was away: received sealed, opened by the worker, then settled."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.dictionary import Label
from onething.domain.errors import NotFound, Refusal
from onething.domain.fleet import Intake
from onething.domain.masking import mask_mobile
from onething.domain.records import AuditRow, Job, Terminal
from onething.domain.staff import Role
from onething.ports import Once, Ports, UnitOfWork
from onething.ports.fleet import ItemUnreadable
from onething.services.duties import must_be

OPEN_INTAKE = "open_intake"
REGISTERED, DISMISSED = "registered", "dismissed"
_WANTED = ("thing", "phone", "taken_at")


class IntakeSettled(Refusal):
    """Somebody has settled it already, or it cannot be read yet."""

    reason = "intake_settled"
    status_hint = "conflict"
    text = Label("这条离线收件已处理", "This intake has been settled")


class NoteWanted(Refusal):
    """What became of it: the number of the case, or why there is none."""

    reason = "note_wanted"
    text = Label("请填写办件编号或不登记的原因", "Give the case's number, or say why there is none")


@dataclass(frozen=True)
class IntakeLine:
    """One line of the window's list: which thing and whom to call, masked."""

    intake: str
    terminal_number: str
    hall: str
    thing: str | None
    masked_mobile: str | None
    taken_at: str | None
    received_at: datetime
    state: str


def receive(
    ports: Ports, terminal: Terminal, item: str, kind: str, sealed: bytes, once: Once
) -> dict[str, Any]:
    """Keep an item as it came, sealed; on the disk when this returns. The same item again is the same."""
    now, answer = ports.signature_clock.now(), {"received": item}
    intake = Intake(
        ports.chance.id(), terminal.id, item, kind, now, "received", terminal.division, sealed_item=sealed
    )
    with ports.records.act() as uow:
        first = uow.keys.begin(terminal.id, once.key, once.body_digest, now)
        if first is not None:
            return dict(first)
        uow.keys.finish(terminal.id, once.key, answer)
        if uow.intakes.add(intake):
            uow.jobs.add(Job(ports.chance.id(), OPEN_INTAKE, {"intake": intake.id}, ports.clock.now()))
            uow.audit.add(
                AuditRow(
                    ports.clock.now(),
                    terminal.id,
                    "terminal",
                    "intake_received",
                    "offline intake",
                    terminal=terminal.id,
                    detail={"intake": intake.id},
                )
            )
    return answer


def open_intake(ports: Ports, payload: Mapping[str, Any]) -> None:
    """The worker's job: what the kiosk sealed to us is sealed anew under our own keys."""
    with ports.records.act() as uow:
        intake = uow.intakes.find(payload["intake"])
        if intake is None or intake.state != "received" or intake.sealed_item is None:
            return
        try:
            content = _read(ports.fleet_keys.open_item(intake.sealed_item, intake.terminal, intake.item))
        except ItemUnreadable:
            uow.intakes.save(replace(intake, state="unreadable"), "received")
            return
        opened = replace(intake, state="opened", content=content, sealed_item=None)
        uow.intakes.save(opened, "received")


def list_intakes(ports: Ports, actor: Actor) -> Sequence[IntakeLine]:
    """What waits to be settled, longest first, telephone numbers masked; one audit row for the look."""
    must_be(actor, Role.CLERK, Role.SUPERVISOR, Role.TECHNICIAN)
    with ports.records.act() as uow:
        found = [each for each in uow.intakes.list_to_settle() if actor.division in (None, each.division)]
        _audit(ports, uow, actor, "intakes_listed", None, [each.id for each in found])
        return [_line(uow, each) for each in found]


def get_intake(ports: Ports, actor: Actor, intake_id: str) -> Intake:
    """One of them with everything it says; audited; raises ``NotFound``."""
    must_be(actor, Role.CLERK)
    with ports.records.act() as uow:
        intake = _get(uow, actor, intake_id)
        _audit(ports, uow, actor, "intake_read", intake.terminal, [intake.id])
    return intake


def settle_intake(ports: Ports, actor: Actor, intake_id: str, state: str, note: str) -> None:
    """Registered as a case (``note`` is its number) or dismissed (why); what it said is erased.

    Raises ``NoteWanted`` and ``IntakeSettled``.
    """
    must_be(actor, Role.CLERK)
    if not note.strip() or state not in (REGISTERED, DISMISSED):
        raise NoteWanted
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        intake = _get(uow, actor, intake_id)
        settled = replace(
            intake,
            state=state,
            content=None,
            sealed_item=None,
            settled_by=actor.id,
            settled_at=now,
            note=note.strip()[:200],
        )
        if intake.settled_at is not None or not uow.intakes.save(settled, intake.state):
            raise IntakeSettled
        _audit(ports, uow, actor, f"intake_{state}", intake.terminal, [intake.id])


def _read(plain: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(plain)
    except ValueError as error:
        raise ItemUnreadable("not JSON") from error
    if not isinstance(content, dict) or not all(isinstance(content.get(name), str) for name in _WANTED):
        raise ItemUnreadable("not an intake")
    return content


def _get(uow: UnitOfWork, actor: Actor, intake_id: str) -> Intake:
    intake = uow.intakes.find(intake_id)
    if intake is None or actor.division not in (None, intake.division):
        raise NotFound
    return intake


def _line(uow: UnitOfWork, intake: Intake) -> IntakeLine:
    terminal, content = uow.terminals.find(intake.terminal), intake.content or {}
    phone = content.get("phone")
    return IntakeLine(
        intake=intake.id,
        terminal_number=terminal.number if terminal else "",
        hall=terminal.hall if terminal else "",
        thing=content.get("thing"),
        masked_mobile=mask_mobile(phone) if phone else None,
        taken_at=content.get("taken_at"),
        received_at=intake.received_at,
        state=intake.state,
    )


def _audit(
    ports: Ports, uow: UnitOfWork, actor: Actor, action: str, terminal: str | None, ids: Sequence[str]
) -> None:
    row = AuditRow(
        ports.clock.now(), actor.id, actor.kind, action, "offline intake", terminal=terminal,
        detail={"intakes": list(ids)},
    )  # fmt: skip
    uow.audit.add(row)
