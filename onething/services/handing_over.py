"""Handing a running form from the kiosk to its person's phone, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.errors import AlreadySubmitted, NotFound, TooBusy
from onething.domain.handovers import (
    REFUSALS_FOR_EACH_ADDRESS,
    REFUSALS_IN_ALL,
    SHOWN_FOR,
    Handover,
    HandoverForAnother,
    HandoverKind,
    HandoverRefused,
    HandoverState,
    handover_text,
)
from onething.domain.phones import TooManyRefusals
from onething.domain.records import AuditRow, Session
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.desk import lay_out
from onething.services.holding import HELD, is_live, must_hold
from onething.services.phone_tokens import digest_of
from onething.services.wording import both

_TRIES = 5


def show(
    ports: Ports, session: Session, draft_id: str, kind: str, material: str | None = None
) -> dict[str, Any]:
    """A new code for this draft, good once and for three minutes; what this sitting showed before is over.

    ``kind`` is a ``HandoverKind``; photographs name the ``material``, which must be one to be handed in.
    Raises ``NotFound``, ``AlreadySubmitted`` and ``HandedOver``.
    """
    wanted, now, token = HandoverKind(kind), ports.clock.now(), ports.chance.token()
    made = Handover(
        id=ports.chance.id(),
        kind=wanted,
        token=digest_of(token),
        session=session.id,
        holder=session.holder,
        draft=draft_id,
        shown_at=now,
        expires_at=now + SHOWN_FOR,
        material=material if wanted is HandoverKind.PHOTOGRAPHS else None,
    )
    with ports.records.act() as uow:
        _must_be_offered(ports, uow, session, made, now)
        uow.handovers.end_all_of_session(session.id, now, "replaced")
        uow.handovers.add(made)
        uow.audit.add(audited(session, made, now, "handover_shown"))
    return {**view(made, now), "text": handover_text(token, ports.settings.public_url)}


def _must_be_offered(ports: Ports, uow: UnitOfWork, session: Session, made: Handover, now: datetime) -> None:
    desk = lay_out(ports, uow, session, made.draft)
    if desk.draft.state != "open":
        raise AlreadySubmitted
    must_hold(uow, session, desk.draft, now)
    wanted = {each.material for each in desk.plan.materials if each.state == "to_submit"}
    if made.kind is HandoverKind.PHOTOGRAPHS and made.material not in wanted:
        raise NotFound


def view(handover: Handover, now: datetime) -> dict[str, Any]:
    """How far a hand-over is, for either device; nothing in it is about a person."""
    return {
        "id": handover.id,
        "kind": str(handover.kind),
        "draft": handover.draft,
        "material": handover.material,
        "state": str(handover.state_at(now)),
        "cause": handover.find_cause(now),
        "expires_at": handover.expires_at.isoformat(),
    }


def look(ports: Ports, session: Session, handover_id: str) -> dict[str, Any]:
    """How far it is, how often the form was saved meanwhile, the paper's pages, and the case it became.

    For the sitting that showed the code and the one that took it; raises ``NotFound`` for any other.
    """
    now = ports.clock.now()
    with ports.records.read() as uow:
        handover = _own(uow, session, handover_id)
        line = uow.handovers.find_draft_line(handover.draft)
        if line is None:
            raise NotFound
        files = uow.files.list_of(handover.draft) if handover.material else ()
        cases = uow.cases.list_of_holder(handover.holder) if line.state == "submitted" else ()
    numbers = [case.number for case in cases if case.draft == handover.draft]
    said = view(handover, now)
    if numbers:
        said |= {"state": str(HandoverState.ENDED), "cause": "submitted"}
    return {
        **said,
        "version": line.version,
        "saved_at": line.updated_at.isoformat(),
        "pages": [file.id for file in files if file.material == handover.material],
        "case_number": numbers[0] if numbers else None,
    }


def _own(uow: UnitOfWork, session: Session, handover_id: str) -> Handover:
    handover = uow.handovers.find(handover_id)
    if handover is None or session.id not in (handover.session, handover.taken_by):
        raise NotFound
    return handover


def get_kind(ports: Ports, text: str, address: str) -> HandoverKind:
    """What a code hands over, to whoever has read it; raises ``HandoverRefused`` and ``TooManyRefusals``."""
    with counted(ports, address), ports.records.read() as uow:
        return find_waiting(uow, text, None, ports.clock.now()).kind


def find_offered(ports: Ports, session: Session, text: str, address: str) -> dict[str, Any]:
    """What a code would hand to this phone; the code stays good. Raises as ``take`` does."""
    with counted(ports, address), ports.records.read() as uow:
        handover = _offered(uow, session, text, ports.clock.now())
        line = uow.handovers.find_draft_line(handover.draft)
    assert line is not None
    _, catalog = ports.catalogs.current()
    return {**view(handover, ports.clock.now()), "thing": both(catalog.get_thing(line.thing).label)}


def take(ports: Ports, session: Session, text: str, address: str) -> dict[str, Any]:
    """Take the form over to this phone, once; the kiosk only shows it from here on.

    Raises ``HandoverRefused`` whatever is wrong with the code, ``HandoverForAnother`` and
    ``TooManyRefusals``; then nothing has changed.
    """
    for _ in range(_TRIES):
        try:
            with counted(ports, address), ports.records.act() as uow:
                return _taken(ports, uow, session, text)
        except Conflict:  # the kiosk was just saving
            continue
    raise TooBusy


def _taken(ports: Ports, uow: UnitOfWork, session: Session, text: str) -> dict[str, Any]:
    now = ports.clock.now()
    handover = _offered(uow, session, text, now)
    if not uow.handovers.take(handover.id, now, session.id):
        raise HandoverRefused
    _give(uow, handover, session.id, now)
    uow.audit.add(audited(session, handover, now, "handover_taken"))
    return view(replace(handover, taken_at=now, taken_by=session.id), now)


def _offered(uow: UnitOfWork, session: Session, text: str, now: datetime) -> Handover:
    handover = find_waiting(uow, text, HandoverKind.FORM, now)
    if handover.holder != session.holder:
        raise HandoverForAnother
    return handover


def find_waiting(uow: UnitOfWork, text: str, kind: HandoverKind | None, now: datetime) -> Handover:
    """The hand-over of this kind (None: of any) that waits under a code; raises ``HandoverRefused``."""
    handover = uow.handovers.find_by_token(digest_of(text))
    if handover is None or kind not in (None, handover.kind):
        raise HandoverRefused
    if handover.state_at(now) is not HandoverState.WAITING or not is_live(uow, handover.session, now):
        raise HandoverRefused
    return handover


def end(ports: Ports, session: Session, handover_id: str) -> dict[str, Any]:
    """The kiosk takes the form back, or the phone gives it back; doing so again changes nothing.

    Raises ``NotFound`` for anyone but the two.
    """
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                _ended(uow, session, handover_id, ports.clock.now())
        except Conflict:  # the phone was just saving
            continue
        return look(ports, session, handover_id)
    raise TooBusy


def _ended(uow: UnitOfWork, session: Session, handover_id: str, now: datetime) -> None:
    handover = _own(uow, session, handover_id)
    cause = "taken_back" if session.id == handover.session else "given_back"
    if not uow.handovers.end(handover.id, now, cause):
        return
    if handover.kind is HandoverKind.FORM and handover.taken_at is not None:
        _give(uow, handover, handover.session, now)
    uow.audit.add(audited(session, handover, now, "handover_ended", cause=cause))


def _give(uow: UnitOfWork, handover: Handover, session_id: str, now: datetime) -> None:
    """From here on only this sitting changes the form; what the other is just saving loses the race."""
    draft = uow.drafts.find(handover.draft)
    if draft is None or draft.state != "open":
        return
    held = {"by": session_id, "since": handover.id}
    uow.drafts.save(replace(draft, progress={**draft.progress, HELD: held}, updated_at=now))


@contextmanager
def counted(ports: Ports, address: str) -> Iterator[None]:
    """A try from this address: refused codes are counted by the minute, and too many stop all tries.

    Raises ``TooManyRefusals`` and whatever the try does.
    """
    minute_at = ports.clock.now().replace(second=0, microsecond=0)
    limits = {"handed:all": REFUSALS_IN_ALL, f"handed:{address}"[:80]: REFUSALS_FOR_EACH_ADDRESS}
    with ports.records.read() as uow:
        if any(uow.phone_tokens.get_refusals(scope, minute_at) >= most for scope, most in limits.items()):
            raise TooManyRefusals
    try:
        yield
    except (HandoverRefused, HandoverForAnother):
        with ports.records.act() as uow:
            for scope in limits:
                uow.phone_tokens.count_refusal(scope, minute_at)
        raise


def audited(session: Session, handover: Handover, at: datetime, action: str, **detail: str) -> AuditRow:
    """An audit row about a hand-over."""
    return AuditRow(
        at=at,
        actor=session.actor,
        actor_kind=session.actor_kind,
        action=action,
        purpose=f"hand-over of {handover.kind}",
        subject=handover.holder,
        terminal=session.terminal,
        case=handover.draft,
        detail=detail,
    )
