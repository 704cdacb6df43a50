"""Acting by a mandate: whose sitting it then is, and the right to act looked at again at each act."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.assurance import REAL_NAME
from onething.domain.catalog import Thing
from onething.domain.errors import NotFound, TooBusy
from onething.domain.invitations import plain_code
from onething.domain.mandates import (
    CODE_LASTS,
    HelpCodeNotValid,
    HelperMayNotSign,
    Mandate,
    MandateKind,
    MandateOver,
    NotByMandate,
    OutOfScope,
)
from onething.domain.masking import mask_name
from onething.domain.phones import TooManyRefusals
from onething.domain.records import AuditRow, Session, window_of
from onething.domain.situation import base_of
from onething.domain.staff import Role
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.duties import must_be
from onething.services.phone_tokens import digest_of

_TRIES = 5
_BY_MANDATE = "mandate"
# Codes that opened nothing, in a minute: of one clerk, and in all.
_WRONG_FOR_EACH_CLERK = 10
_WRONG_IN_ALL = 60


def act_for(ports: Ports, session: Session, mandate_id: str) -> Session:
    """This phone's sitting on the principal's behalf.

    Raises ``NotFound`` for a mandate that was not given to this person, and ``MandateOver``.
    """
    with ports.records.read() as uow:
        mandate = uow.mandates.find(mandate_id)
    if mandate is None or mandate.kind is not MandateKind.AGENT or mandate.agent != session.holder:
        raise NotFound
    if not mandate.is_live(ports.clock.now()):
        raise MandateOver
    return replace(
        session,
        holder=mandate.principal,
        card=mandate.people["principal"],
        mandate=mandate.id,
        scope=mandate.things,
        agent=session.holder,
    )


def scoped(ports: Ports, session: Session) -> Session:
    """A sitting that was begun by a mandate, with the mandate's scope; raises ``MandateOver``."""
    if session.mandate is None:
        return session
    with ports.records.read() as uow:
        mandate = get_live(uow, session, ports.clock.now())
    return replace(session, scope=mandate.things)


def get_live(uow: UnitOfWork, session: Session, now: datetime) -> Mandate:
    """The mandate of this sitting as it is in this very act; raises ``MandateOver``."""
    mandate = uow.mandates.find(session.mandate or "")
    if mandate is None or mandate.principal != session.holder or not mandate.is_live(now):
        raise MandateOver
    return mandate


def must_be_covered(
    uow: UnitOfWork, session: Session, now: datetime, thing: Thing, holder: str, chosen: Collection[str] = ()
) -> None:
    """The right to act for the holder in this one-thing, for these matters; nothing without a mandate.

    An agent needs a role that takes mandates. Raises ``MandateOver``, ``OutOfScope`` and ``NotByMandate``.
    """
    if session.mandate is None:
        return
    mandate = get_live(uow, session, now)
    if not mandate.covers(thing.code, chosen):
        raise OutOfScope
    if mandate.kind is MandateKind.AGENT and not is_open_to_agents(thing, holder):
        raise NotByMandate


def is_open_to_agents(thing: Thing, role: str) -> bool:
    """Whether the one-thing lets somebody with a mandate stand in this role's place."""
    return _BY_MANDATE in thing.roles[base_of(role)].right


def must_be_able_to_sign(uow: UnitOfWork, session: Session, now: datetime) -> None:
    """Signing and submitting: never by a helper. Raises ``HelperMayNotSign`` and ``MandateOver``."""
    if session.mandate is not None and get_live(uow, session, now).kind is MandateKind.HELPER:
        raise HelperMayNotSign


def only_matters(ports: Ports, session: Session, declared: Thing) -> list[str] | None:
    """The matters that a draft begins with when its mandate speaks of some only; None for all."""
    if session.mandate is None:
        return None
    with ports.records.read() as uow:
        mandate = get_live(uow, session, ports.clock.now())
    if declared.code not in mandate.things:
        raise OutOfScope
    return [code for code in declared.matters if code in mandate.matters] if mandate.matters else None


def take_help(ports: Ports, clerk: Actor, code: str, token: str) -> Session:
    """A clerk's sitting for the person who made this code, to fill in for them.

    ``token`` opens the sitting later. Raises ``HelpCodeNotValid``, ``TooManyRefusals`` and ``RoleMissing``.
    """
    must_be(clerk, Role.CLERK)
    with _counted(ports, clerk):
        session = _taken(ports, clerk, code, token)
        if session is None:
            raise HelpCodeNotValid
    return session


def _taken(ports: Ports, clerk: Actor, code: str, token: str) -> Session | None:
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                now = ports.clock.now()
                mandate = uow.mandates.find_by_code(digest_of(plain_code(code)))
                if mandate is None or not _is_for(mandate, clerk, now):
                    return None
                if mandate.agent is None:
                    uow.mandates.save(replace(mandate, agent=clerk.id, taken_at=now), mandate)
                return _sit_down(ports, uow, clerk, mandate, token, now)
        except Conflict:
            continue
    raise TooBusy


def _is_for(mandate: Mandate, clerk: Actor, now: datetime) -> bool:
    """A new code for whoever types it first, within minutes; later only for that clerk."""
    if not mandate.is_live(now):
        return False
    return mandate.agent == clerk.id or (mandate.agent is None and now < mandate.made_at + CODE_LASTS)


def _sit_down(
    ports: Ports, uow: UnitOfWork, clerk: Actor, mandate: Mandate, token: str, now: datetime
) -> Session:
    session = Session(
        id=ports.chance.id(),
        terminal=window_of(clerk.id),
        holder=mandate.principal,
        card=mandate.people["principal"],
        assurance=REAL_NAME,
        started_at=now,
        expires_at=mandate.expires_at,
        division=clerk.division or mandate.division,
        clerk=clerk.id,
        mandate=mandate.id,
    )
    uow.sessions.end_all_of_terminal(session.terminal, now, "replaced")
    uow.sessions.add(session, digest_of(token))
    note(uow, session, mandate, now, "help_begun")
    return session


@contextmanager
def _counted(ports: Ports, clerk: Actor) -> Iterator[None]:
    minute_at = ports.clock.now().replace(second=0, microsecond=0)
    limits: Mapping[str, int] = {
        "help:all": _WRONG_IN_ALL,
        f"help:{clerk.id}"[:80]: _WRONG_FOR_EACH_CLERK,
    }
    with ports.records.read() as uow:
        if any(uow.phone_tokens.get_refusals(scope, minute_at) >= most for scope, most in limits.items()):
            raise TooManyRefusals
    try:
        yield
    except HelpCodeNotValid:
        with ports.records.act() as uow:
            for scope in limits:
                uow.phone_tokens.count_refusal(scope, minute_at)
        raise


def note(
    uow: UnitOfWork, session: Session, mandate: Mandate, now: datetime, action: str, **detail: Any
) -> None:
    """An audit row about a mandate, for its principal, with both people's ids."""
    uow.audit.add(
        AuditRow(
            at=now,
            actor=session.actor,
            actor_kind=session.actor_kind,
            action=action,
            purpose="mandate",
            subject=mandate.principal,
            terminal=session.terminal,
            detail={"mandate": mandate.id, "agent": mandate.agent, **detail},
        )
    )


def name_of(session: Session) -> str:
    """The masked name of whom this sitting is for."""
    return mask_name(str(session.card["name"]))
