"""Photographing one paper with any phone that reads the kiosk's code; it is told nothing of anyone."""

from __future__ import annotations

from typing import Any

from onething.domain.catalog import Thing
from onething.domain.handovers import Handover, HandoverKind, HandoverRefused, HandoverState
from onething.domain.records import AuditRow, Session
from onething.ports import Once, Ports, UnitOfWork
from onething.services import attaching
from onething.services.handing_over import counted, find_waiting
from onething.services.holding import is_live
from onething.services.phone_tokens import digest_of
from onething.services.wording import both


def find_offered(ports: Ports, text: str, address: str) -> dict[str, Any]:
    """Which paper a code asks for; the code stays good. Raises as ``take`` does."""
    with counted(ports, address), ports.records.read() as uow:
        handover = find_waiting(uow, text, HandoverKind.PHOTOGRAPHS, ports.clock.now())
        return _described(ports, uow, handover)


def take(ports: Ports, text: str, address: str) -> str:
    """Take the photographing of the paper over to a phone, once; returns the secret that phone keeps.

    Raises ``HandoverRefused`` whatever is wrong with the code, and ``TooManyRefusals``.
    """
    now, secret = ports.clock.now(), ports.chance.token()
    with counted(ports, address), ports.records.act() as uow:
        handover = find_waiting(uow, text, HandoverKind.PHOTOGRAPHS, now)
        if not uow.handovers.take(handover.id, now, digest_of(secret)):
            raise HandoverRefused
        uow.audit.add(_audited(ports, handover, "handover_taken"))
    return secret


def look(ports: Ports, secret: str) -> dict[str, Any]:
    """The paper that the phone with this secret photographs, and how many pages it has so far.

    Raises ``HandoverRefused`` once it is over: the kiosk went on, or its sitting has ended.
    """
    with ports.records.read() as uow:
        handover, _ = _taken(ports, uow, secret)
        files = uow.files.list_of(handover.draft)
        pages = sum(file.material == handover.material for file in files)
        return {**_described(ports, uow, handover), "pages": pages}


def add(ports: Ports, secret: str, data: bytes, once: Once | None = None) -> dict[str, Any]:
    """Hand in one photograph (JPEG, PNG or PDF); the kiosk shows it. Answers as ``look`` does.

    Raises ``HandoverRefused`` and as ``attaching.add_paper`` does; then nothing was kept.
    """
    with ports.records.read() as uow:
        handover, session = _taken(ports, uow, secret)
    assert handover.material is not None
    attaching.add_paper(ports, session, handover.draft, handover.material, data, once, photograph=True)
    return look(ports, secret)


def end(ports: Ports, secret: str) -> None:
    """All pages are there: the kiosk goes on, and this phone can do nothing more. Again changes nothing."""
    with ports.records.act() as uow:
        handover = uow.handovers.find_by_taker(digest_of(secret))
        if handover is not None and uow.handovers.end(handover.id, ports.clock.now(), "given_back"):
            uow.audit.add(_audited(ports, handover, "handover_ended"))


def _taken(ports: Ports, uow: UnitOfWork, secret: str) -> tuple[Handover, Session]:
    now = ports.clock.now()
    handover = uow.handovers.find_by_taker(digest_of(secret))
    if handover is None or handover.kind is not HandoverKind.PHOTOGRAPHS:
        raise HandoverRefused
    if handover.state_at(now) is not HandoverState.TAKEN or not is_live(uow, handover.session, now):
        raise HandoverRefused
    session = uow.sessions.find(handover.session)
    assert session is not None
    return handover, session


def _described(ports: Ports, uow: UnitOfWork, handover: Handover) -> dict[str, Any]:
    """The names of thing and paper, and by what the paper is checked; nothing about a person."""
    line = uow.handovers.find_draft_line(handover.draft)
    assert line is not None
    _, catalog = ports.catalogs.current()
    thing: Thing = catalog.get_thing(line.thing)
    material = thing.materials[handover.material or ""]
    return {
        "thing": both(thing.label),
        "material": both(material.label),
        "points": [both(point) for point in material.points],
    }


def _audited(ports: Ports, handover: Handover, action: str) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor=handover.id,
        actor_kind="public",
        action=action,
        purpose=f"hand-over of {handover.kind}",
        subject=handover.holder,
        case=handover.draft,
    )
