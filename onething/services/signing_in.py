"""Signing in with a card or a phone's code, at kiosk or window, and out again on finish, idle or swap."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from onething.domain.actors import Actor
from onething.domain.assurance import REAL_NAME
from onething.domain.errors import BadCard, CardExpired, CardKindNotServed, SessionEnded
from onething.domain.mandates import MandateOver
from onething.domain.masking import mask_id_number, mask_name
from onething.domain.people import find_citizen_number
from onething.domain.records import AuditRow, Session, Terminal, window_of
from onething.domain.showing_codes import ShowingKind
from onething.domain.staff import Role
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.services import showing_codes
from onething.services.acting_for import scoped
from onething.services.duties import must_be

# A foreigner's card of 2017 has no 18-digit number: its holder is served at the window.
_SERVED_KINDS = ("resident", "hmt_permit", "foreigner_2023")
_FACTS = ("name", "id_number", "sex", "ethnicity", "birth_on", "address")


def start_session(ports: Ports, terminal: Terminal, card: Mapping[str, Any]) -> dict[str, Any]:
    """Begin a citizen's session from what the reader read; every older one here ends.

    ``card`` is an ``IdCard`` as JSON without its photo. Raises ``BadCard``, ``CardExpired`` and
    ``CardKindNotServed``.
    """
    facts = read_card(card, ports.clock.now())
    return _start(ports, facts, terminal.id, terminal.division)


def start_shown_session(ports: Ports, terminal: Terminal, text: str) -> dict[str, Any]:
    """Begin a citizen's session from the showing code on their phone; every older one here ends.

    Raises ``ShowingCodeRefused`` and ``TooManyRefusals``.
    """
    shown = showing_codes.redeem(ports, text, terminal.id, ShowingKind.SIGN_IN)
    return _start(ports, shown.session.card, terminal.id, terminal.division, assurance=REAL_NAME)


def start_sitting(ports: Ports, clerk: Actor, card: Mapping[str, Any]) -> dict[str, Any]:
    """Begin a citizen's sitting at a clerk's window; the one before ends.

    The card must have lain on the clerk's reader, as at a kiosk: a number that somebody typed opens nothing.
    Raises as ``start_session`` does, and ``RoleMissing`` for anyone but a clerk.
    """
    must_be(clerk, Role.CLERK)
    division = clerk.division or ports.settings.division
    facts = read_card(card, ports.clock.now())
    return _start(ports, facts, window_of(clerk.id), division, clerk=clerk.id)


def get_sitting(ports: Ports, clerk: Actor, token: str) -> Session:
    """The live sitting behind a token at this clerk's window. Raises ``SessionEnded``."""
    return get_session(ports, window_of(clerk.id), token)


def _start(
    ports: Ports,
    facts: Mapping[str, Any],
    place: str,
    division: str,
    *,
    clerk: str | None = None,
    assurance: str = "card",
) -> dict[str, Any]:
    now = ports.clock.now()
    token = ports.chance.token()
    begun = Session(
        id=ports.chance.id(),
        terminal=place,
        holder=ports.index.of_number(facts["id_number"]),
        card=facts,
        assurance=assurance,
        started_at=now,
        expires_at=now,
        division=division,
        clerk=clerk,
    )
    idle, longest = _limits(ports, begun)
    session = replace(begun, expires_at=now + idle)
    with ports.records.act() as uow:
        uow.sessions.end_all_of_terminal(place, now, "replaced")
        uow.sessions.add(session, _digest(token))
        uow.audit.add(_audited(session, now, "session_started"))
    return {
        "token": token,
        "assurance": session.assurance,
        **mask_holder(session),
        "expires_at": (now + longest).isoformat(),
    }


def _limits(ports: Ports, session: Session) -> tuple[timedelta, timedelta]:
    """How long nothing may happen, and how long it may last at all."""
    settings = ports.settings
    if session.clerk:
        return timedelta(seconds=settings.window_idle_seconds), timedelta(
            seconds=settings.window_session_seconds
        )
    return timedelta(seconds=settings.idle_seconds), timedelta(seconds=settings.session_seconds)


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
    try:
        return scoped(ports, session)
    except MandateOver:
        raise SessionEnded from None


def end_session(ports: Ports, session: Session, cause: str) -> None:
    """End a session; its token is worth nothing from here on."""
    now = ports.clock.now()
    with ports.records.act() as uow:
        uow.sessions.end(session.id, now, cause)
        uow.audit.add(_audited(session, now, "session_ended", cause=cause))


def mask_holder(session: Session) -> dict[str, str]:
    """Who sits there: ``masked_name`` and ``masked_id_number``."""
    return {
        "masked_name": mask_name(session.card["name"]),
        "masked_id_number": mask_id_number(session.card["id_number"]),
    }


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
    idle, longest = _limits(ports, session)
    expires_at = min(session.started_at + longest, now + idle)
    if expires_at - session.expires_at >= timedelta(seconds=60):
        with ports.records.act() as uow:
            uow.sessions.extend(session.id, expires_at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _audited(session: Session, at: datetime, action: str, **detail: str) -> AuditRow:
    return AuditRow(
        at=at,
        actor=session.actor,
        actor_kind=session.actor_kind,
        action=action,
        purpose=f"{session.channel} session",
        subject=session.holder,
        terminal=session.terminal,
        detail=detail,
    )
