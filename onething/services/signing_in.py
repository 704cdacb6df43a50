"""Signing in at a kiosk with a card on the reader, and out again on finish, idle or swap."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from onething.domain.errors import BadCard, CardExpired, CardKindNotServed, SessionEnded
from onething.domain.masking import mask_id_number, mask_name
from onething.domain.people import find_citizen_number
from onething.domain.records import AuditRow, Session, Terminal
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports

# A foreigner's card of 2017 has no 18-digit number: its holder is served at the window.
_SERVED_KINDS = ("resident", "hmt_permit", "foreigner_2023")
_FACTS = ("name", "id_number", "sex", "ethnicity", "birth_on", "address")


def start_session(ports: Ports, terminal: Terminal, card: Mapping[str, Any]) -> dict[str, Any]:
    """Begin a citizen's session from what the reader read; every older one here ends.

    ``card`` is an ``IdCard`` as JSON without its photo. Raises ``BadCard``, ``CardExpired`` and
    ``CardKindNotServed``.
    """
    now = ports.clock.now()
    facts = read_card(card, now)
    token = ports.chance.token()
    session = Session(
        id=ports.chance.id(),
        terminal=terminal.id,
        holder=ports.index.of_number(facts["id_number"]),
        card=facts,
        assurance="card",
        started_at=now,
        expires_at=now + timedelta(seconds=ports.settings.idle_seconds),
        division=terminal.division,
    )
    with ports.records.act() as uow:
        uow.sessions.end_all_of_terminal(terminal.id, now, "replaced")
        uow.sessions.add(session, _digest(token))
        uow.audit.add(_audited(session, now, "session_started"))
    return {
        "token": token,
        "assurance": session.assurance,
        "masked_name": mask_name(facts["name"]),
        "masked_id_number": mask_id_number(facts["id_number"]),
        "expires_at": (session.started_at + timedelta(seconds=ports.settings.session_seconds)).isoformat(),
    }


def get_session(ports: Ports, terminal_id: str, token: str) -> Session:
    """The live session behind a token at this terminal; using it keeps it alive a while longer.

    Raises ``SessionEnded``.
    """
    now = ports.clock.now()
    with ports.records.read() as uow:
        session = uow.sessions.find_by_token(_digest(token))
    if session is None or session.terminal != terminal_id or session.ended_at or session.expires_at <= now:
        raise SessionEnded
    _keep_alive(ports, session, now)
    return session


def end_session(ports: Ports, session: Session, cause: str) -> None:
    """End a session; its token is worth nothing from here on."""
    now = ports.clock.now()
    with ports.records.act() as uow:
        uow.sessions.end(session.id, now, cause)
        uow.audit.add(_audited(session, now, "session_ended", cause=cause))


def read_card(card: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The facts a card gives to a form, in their stored form; raises a refusal that says why."""
    if card.get("kind") not in _SERVED_KINDS:
        raise CardKindNotServed
    number = find_citizen_number(str(card.get("id_number") or ""))
    name = str(card.get("name") or card.get("english_name") or "").strip()
    if number is None or not name:
        raise BadCard
    valid_to = card.get("valid_to")
    if valid_to and date.fromisoformat(str(valid_to)) < now.astimezone(SHANGHAI).date():
        raise CardExpired
    facts = {fact: card.get(fact) for fact in _FACTS if card.get(fact)}
    return {**facts, "name": name, "id_number": number}


def _keep_alive(ports: Ports, session: Session, now: datetime) -> None:
    """Push the end back, at most to the absolute limit; only when it gains a minute or more."""
    latest = session.started_at + timedelta(seconds=ports.settings.session_seconds)
    expires_at = min(latest, now + timedelta(seconds=ports.settings.idle_seconds))
    if expires_at - session.expires_at >= timedelta(seconds=60):
        with ports.records.act() as uow:
            uow.sessions.extend(session.id, expires_at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _audited(session: Session, at: datetime, action: str, **detail: str) -> AuditRow:
    return AuditRow(
        at=at,
        actor=session.id,
        actor_kind="citizen",
        action=action,
        purpose="kiosk session",
        subject=session.holder,
        terminal=session.terminal,
        detail=detail,
    )
