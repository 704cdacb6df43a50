"""The right to act about another person: their own card on the same reader, or their refusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onething.domain.errors import NotFound, WrongPerson
from onething.domain.records import AuditRow, Session
from onething.domain.situation import Right, base_of, instances_of
from onething.ports import Ports, UnitOfWork
from onething.services.desk import Desk, card_values, with_progress, with_values, work_on
from onething.services.draft_view import view_of
from onething.services.signing_in import read_card


def authorise(
    ports: Ports, session: Session, draft_id: str, role: str, card: Mapping[str, Any]
) -> dict[str, Any]:
    """Prove a role's right by its own card; raises ``WrongPerson`` with no hint about who it is."""
    facts = read_card(card, ports.clock.now())
    subject = ports.index.of_number(facts["id_number"])

    def change(uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        _may_authorise(desk, role)
        expected = desk.values.get(f"{role}.id_number")
        own = desk.values.get(f"{desk.plan.holder}.id_number")
        if expected is not None and expected.value != facts["id_number"]:
            raise WrongPerson
        if own is not None and own.value == facts["id_number"]:
            raise WrongPerson
        if facts["id_number"] in _numbers_of_others(desk, role):
            raise WrongPerson
        uow.audit.add(
            AuditRow(
                at=now,
                actor=session.actor,
                actor_kind=session.actor_kind,
                action="authorised_by_card",
                purpose=desk.thing.code,
                subject=subject,
                terminal=session.terminal,
                case=draft_id,
                detail={"role": role},
            )
        )
        changed = with_values(desk, dict(card_values(role, facts)))
        return _with_right(changed, role, Right.PROVEN)

    return view_of(work_on(ports, session, draft_id, change, "authorisation_given"))


def decline(ports: Ports, session: Session, draft_id: str, role: str) -> dict[str, Any]:
    """Go on without this person's authorisation: typed values and papers instead.

    A repeating role without a number (``employees``) declines for everyone who has not answered yet.
    """

    def change(_uow: UnitOfWork, desk: Desk, _now: datetime) -> Desk:
        rights = desk.draft.progress.get("rights", {})
        people = [each for each in _people(desk, role) if len(_people(desk, role)) == 1 or each not in rights]
        for each in people:
            _may_authorise(desk, each)
            desk = _with_right(desk, each, Right.DECLINED)
        return desk

    return view_of(work_on(ports, session, draft_id, change, "authorisation_declined"))


def _may_authorise(desk: Desk, role: str) -> None:
    if role not in _people(desk, base_of(role)) or role == desk.plan.holder:
        raise NotFound
    if "card" not in desk.thing.roles[base_of(role)].right:
        raise NotFound


def _numbers_of_others(desk: Desk, role: str) -> set[str]:
    """The ID numbers of the other people of a repeating role: one card stands for one of them."""
    others = set(_people(desk, base_of(role))) - {role}
    return {str(value.value) for each in others if (value := desk.values.get(f"{each}.id_number"))}


def _people(desk: Desk, role: str) -> tuple[str, ...]:
    """The role, or every person it stands for when it repeats; raises ``NotFound`` for no role."""
    if base_of(role) not in desk.thing.roles:
        raise NotFound
    if base_of(role) != role:
        return (role,)
    return instances_of(desk.thing, role, desk.draft.progress.get("counts", {}))


def _with_right(desk: Desk, role: str, right: Right) -> Desk:
    return with_progress(desk, rights={**desk.draft.progress.get("rights", {}), role: right.value})
