"""Giving mandates on one's own phone: to whom, for what and how long; and taking them back at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from onething.domain.catalog import Catalog, Label
from onething.domain.errors import BadFields, FieldError, NotFound, TooBusy
from onething.domain.invitations import spaced
from onething.domain.mandates import (
    LONGEST_DAYS,
    LONGEST_HELP_HOURS,
    MOST_LIVE,
    Mandate,
    MandateKind,
    NobodyElse,
    NothingByMandate,
    TooManyMandates,
)
from onething.domain.masking import mask_id_number, mask_name
from onething.domain.messages import MessageKind
from onething.domain.people import find_citizen_number
from onething.domain.plan import make_plan
from onething.domain.records import Session
from onething.domain.situation import Situation
from onething.ports import Conflict, Once, Ports, UnitOfWork
from onething.services.acting_for import is_open_to_agents, note
from onething.services.invitation_wording import MANDATE_KIND, MANDATE_STATE
from onething.services.inviting import code_of
from onething.services.messaging import tell
from onething.services.phone_tokens import digest_of
from onething.services.wording import both

_TRIES = 5
_WRONG_NUMBER = Label("请填写18位公民身份号码", "Please fill in the ID number of 18 characters")
_NO_NAME = Label("请填写姓名", "Please fill in the name")
_OUT_OF_RANGE = Label("期限超出范围", "The length is out of range")
_UNKNOWN = Label("没有这个事项", "There is no such matter")
_NOT_TOGETHER = Label(
    "这几件事有相同的事项，不能这样一起委托，请分开委托",
    "These have a matter in common and cannot be given together like this; please give two mandates",
)
_NOT_DELEGATED = Label("此事须由本人办理，不能委托", "This has to be done by yourself")


def grant(
    ports: Ports,
    session: Session,
    agent: tuple[str, str],
    scope: tuple[Sequence[str], Sequence[str]],
    days: int,
    once: Once,
) -> dict[str, Any]:
    """Let somebody act for me: ``agent`` is name and number, ``scope`` one-things and matters of them.

    Raises ``BadFields``, ``NobodyElse``, ``NothingByMandate`` and ``TooManyMandates``.
    """
    name, number = agent[0].strip(), find_citizen_number(agent[1])
    if number is None or not name:
        field = ("id_number", "bad_id_number", _WRONG_NUMBER) if name else ("name", "required", _NO_NAME)
        raise BadFields(fields=[FieldError(*field)])
    holder = ports.index.of_number(number)
    if holder == session.holder:
        raise NobodyElse
    things, matters = _scope(ports, *scope)
    if not 1 <= days <= LONGEST_DAYS:
        raise BadFields(fields=[FieldError("days", "out_of_range", _OUT_OF_RANGE)])
    made = _new(ports, session, MandateKind.AGENT, things, matters, timedelta(days=days))
    people = {**made.people, "agent": {"name": name, "id_number": number}}
    return _granted(ports, session, replace(made, agent=holder, people=people), once, {})


def grant_help(
    ports: Ports, session: Session, things: Sequence[str], hours: int, once: Once
) -> dict[str, Any]:
    """Let a clerk fill in for me for some hours: the code that they type is said this once.

    Raises ``BadFields`` and ``TooManyMandates``.
    """
    _, catalog = ports.catalogs.current()
    if not things or set(things) - catalog.things.keys():
        raise BadFields(fields=[FieldError("things", "unknown_matter", _UNKNOWN)])
    if not 1 <= hours <= LONGEST_HELP_HOURS:
        raise BadFields(fields=[FieldError("hours", "out_of_range", _OUT_OF_RANGE)])
    code = code_of(ports.chance.token())
    made = _new(ports, session, MandateKind.HELPER, tuple(things), (), timedelta(hours=hours))
    return _granted(ports, session, replace(made, code=digest_of(code)), once, {"code": spaced(code)})


def _scope(
    ports: Ports, things: Sequence[str], matters: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    _, catalog = ports.catalogs.current()
    known = {matter for code in things if code in catalog.things for matter in catalog.things[code].matters}
    if not things or set(things) - catalog.things.keys() or set(matters) - known:
        raise BadFields(fields=[FieldError("things", "unknown_matter", _UNKNOWN)])
    own = [code for code in things if not may_be_delegated(catalog, code)]
    if own:
        raise NothingByMandate(fields=[FieldError("things", "not_by_mandate", _NOT_DELEGATED)])
    for code in things if matters else ():
        _must_stand_alone(catalog, code, matters)
    return tuple(dict.fromkeys(things)), tuple(dict.fromkeys(matters))


def scope_of(
    ports: Ports, things: Sequence[str], picked: Sequence[tuple[str, str]]
) -> tuple[Sequence[str], Sequence[str]]:
    """What ``grant`` takes, from one-things wanted whole and single matters (thing, matter) of others.

    A mandate's matters hold for each of its one-things; raises ``BadFields`` where that would be more than
    was picked.
    """
    _, catalog = ports.catalogs.current()
    if not picked or any(thing not in catalog.things for thing in (*things, *dict(picked))):
        return things, ()
    whole = {code: set(catalog.things[code].matters) for code in things if code not in dict(picked)}
    wanted = {**whole, **{thing: {m for t, m in picked if t == thing} for thing in dict(picked)}}
    matters = {matter for each in wanted.values() for matter in each}
    for thing, own in wanted.items():
        if matters & catalog.things[thing].matters.keys() != own:
            raise BadFields(fields=[FieldError("things", "not_together", _NOT_TOGETHER)])
    return tuple(wanted), sorted(matters)


def _must_stand_alone(catalog: Catalog, code: str, matters: Sequence[str]) -> None:
    """Whoever acts must be able to hand these matters in without any other."""
    declared = catalog.things[code].matters
    named = frozenset(matters) & declared.keys()
    plan = make_plan(catalog, code, Situation(chosen=named))
    for conflict in (each for each in plan.conflicts if each.reason == "matter_needed"):
        raise BadFields(fields=[FieldError("matters", "matter_needed", conflict.text)])
    lacking = [declared[each].label for each in plan.chosen if each not in named]
    if lacking or not named:
        zh, en = "、".join(each.zh for each in lacking), ", ".join(each.en for each in lacking)
        text = Label(f"还要一并委托：{zh}", f"Needed with it: {en}") if lacking else _UNKNOWN
        raise BadFields(fields=[FieldError("matters", "matter_needed", text)])


def may_be_delegated(catalog: Catalog, code: str) -> bool:
    """Whether anybody who may apply for this one-thing may send somebody with a mandate."""
    thing = catalog.things[code]
    return any(is_open_to_agents(thing, each.role) for each in thing.applicants)


def list_delegable(ports: Ports) -> list[dict[str, Any]]:
    """The one-things that a mandate can be given for, each with its matters: a mandate may name some only."""
    _, catalog = ports.catalogs.current()
    return [
        {
            "code": code,
            **both(thing.label),
            "matters": [{"code": each.code, **both(each.label)} for each in thing.matters.values()],
        }
        for code, thing in catalog.things.items()
        if may_be_delegated(catalog, code)
    ]


def _new(
    ports: Ports,
    session: Session,
    kind: MandateKind,
    things: tuple[str, ...],
    matters: tuple[str, ...],
    lasts: timedelta,
) -> Mandate:
    now = ports.clock.now()
    return Mandate(
        id=ports.chance.id(),
        kind=kind,
        principal=session.holder,
        agent=None,
        things=things,
        matters=matters,
        granted_by=session.id,
        made_at=now,
        expires_at=now + lasts,
        division=session.division,
        people={"principal": dict(session.card)},
    )


def _granted(
    ports: Ports, session: Session, mandate: Mandate, once: Once, said_once: dict[str, Any]
) -> dict[str, Any]:
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                now = ports.clock.now()
                first = uow.keys.begin(session.holder, once.key, once.body_digest, now)
                if first is not None:
                    return dict(first)
                given = uow.mandates.list_of_principal(session.holder)
                if sum(each.is_live(now) for each in given) >= MOST_LIVE:
                    raise TooManyMandates
                uow.mandates.add(mandate)
                note(uow, session, mandate, now, "mandate_given", kind=str(mandate.kind))
                _tell_both(ports, uow, mandate)
                answer = {**_line(ports, mandate, now), **said_once}
                uow.keys.finish(session.holder, once.key, answer)
                return answer
        except Conflict:
            continue
    raise TooBusy


def list_mandates(ports: Ports, session: Session) -> dict[str, list[dict[str, Any]]]:
    """Those I have given, and the live ones given to me; the last first."""
    now = ports.clock.now()
    with ports.records.read() as uow:
        given = uow.mandates.list_of_principal(session.holder)
        held = uow.mandates.list_of_agent(session.holder, now)
    return {
        "given": [_line(ports, each, now) for each in given],
        "held": [_line(ports, each, now) for each in held],
    }


def revoke(ports: Ports, session: Session, mandate_id: str) -> dict[str, Any]:
    """Take a mandate back: nothing more is done by it from here on; again changes nothing.

    The principal or the agent may; raises ``NotFound`` for anyone else's.
    """
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                now = ports.clock.now()
                mandate = _own(uow, session, mandate_id)
                if mandate.revoked_at is None:
                    revoked = replace(mandate, revoked_at=now)
                    uow.mandates.save(revoked, mandate)
                    note(uow, session, revoked, now, "mandate_revoked")
                    _tell_both(ports, uow, revoked)
                    mandate = revoked
                return _line(ports, mandate, now)
        except Conflict:
            continue
    raise TooBusy


def _tell_both(ports: Ports, uow: UnitOfWork, mandate: Mandate) -> None:
    """Nobody gives or loses the right to act without hearing of it; a clerk's is on their own screen."""
    people = {mandate.principal: None}
    if mandate.kind is MandateKind.AGENT and mandate.agent is not None:
        people[mandate.agent] = None
    for holder in people:
        tell(ports, uow, MessageKind.MANDATE_CHANGED, holder, about=mandate.id, link="/m/mandates")


def _own(uow: UnitOfWork, session: Session, mandate_id: str) -> Mandate:
    mandate = uow.mandates.find(mandate_id)
    if mandate is None or session.holder not in (mandate.principal, mandate.agent):
        raise NotFound
    return mandate


def _line(ports: Ports, mandate: Mandate, now: datetime) -> dict[str, Any]:
    """One mandate as either of the two sees it: the other person masked."""
    _, catalog = ports.catalogs.current()
    kind, state = MANDATE_KIND[mandate.kind], mandate.shown_state(now)
    agent = mandate.people.get("agent")
    principal = mandate.people["principal"]
    return {
        "id": mandate.id,
        "kind": str(mandate.kind),
        "kind_zh": kind.zh,
        "kind_en": kind.en,
        "state": state,
        "state_zh": MANDATE_STATE[state].zh,
        "state_en": MANDATE_STATE[state].en,
        "principal_masked": mask_name(principal["name"]),
        "agent_masked": mask_name(agent["name"]) if agent else None,
        "agent_masked_id_number": mask_id_number(agent["id_number"]) if agent else None,
        "things": [
            {"code": code, **both(catalog.things[code].label)}
            for code in mandate.things
            if code in catalog.things
        ],
        "matters": _matters(catalog, mandate),
        "made_at": mandate.made_at.isoformat(),
        "expires_at": mandate.expires_at.isoformat(),
    }


def _matters(catalog: Catalog, mandate: Mandate) -> list[dict[str, str]]:
    things = (catalog.things[code] for code in mandate.things if code in catalog.things)
    return [
        {"code": code, **both(matter.label)}
        for thing in things
        for code, matter in thing.matters.items()
        if code in mandate.matters
    ]
