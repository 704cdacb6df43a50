"""The right to act about another person: their own card on the same reader, their own phone, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from onething.domain.errors import NotFound, WrongPerson
from onething.domain.invitations import RefusedToSign
from onething.domain.records import AuditRow, Session
from onething.domain.situation import Right, base_of, instances_of
from onething.domain.values import Value
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
        must_be_asked(desk, role)
        _must_be_the_person(desk, role, facts["id_number"])
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
        return _authorised(desk, role, card_values(role, facts))

    return view_of(work_on(ports, session, draft_id, change, "authorisation_given"))


def authorised_by_phone(desk: Desk, role: str, values: Mapping[str, Value], sources: Sequence[str]) -> Desk:
    """The desk once the role's person has proven on a phone who they are, and named what may be asked.

    Sources that they were not asked about, or said no to, are refused for this person. Raises
    ``WrongPerson`` and ``NotFound``.
    """
    must_be_asked(desk, role)
    _must_be_the_person(desk, role, str(values[f"{role}.id_number"].value))
    changed = _authorised(desk, role, values)
    granted = {**changed.draft.progress.get("granted", {}), role: sorted(sources)}
    return with_progress(changed, granted=granted)


def refused_by_phone(desk: Desk, role: str) -> Desk:
    """The desk once the role's person has said no themselves: the right stays open."""
    said_no = {*desk.draft.progress.get("said_no", ()), role}
    rights = {each: right for each, right in desk.draft.progress.get("rights", {}).items() if each != role}
    return with_progress(desk, rights=rights, said_no=sorted(said_no))


def decline(ports: Ports, session: Session, draft_id: str, role: str) -> dict[str, Any]:
    """Go on without this person's authorisation: typed values and papers instead.

    A repeating role without a number (``employees``) declines for everyone who has not answered yet.
    """

    def change(_uow: UnitOfWork, desk: Desk, _now: datetime) -> Desk:
        rights = desk.draft.progress.get("rights", {})
        people = [each for each in _people(desk, role) if len(_people(desk, role)) == 1 or each not in rights]
        for each in people:
            must_be_asked(desk, each)
            _must_not_have_to_sign(desk, each)
            desk = _with_right(desk, each, Right.DECLINED)
        return desk

    return view_of(work_on(ports, session, draft_id, change, "authorisation_declined"))


def must_be_asked(desk: Desk, role: str) -> None:
    """Raises ``NotFound`` unless somebody other than the holder can authorise for this role."""
    if role not in _people(desk, base_of(role)) or role == desk.plan.holder:
        raise NotFound
    if "card" not in desk.thing.roles[base_of(role)].right:
        raise NotFound


def _must_be_the_person(desk: Desk, role: str, number: str) -> None:
    expected = desk.values.get(f"{role}.id_number")
    own = desk.values.get(f"{desk.plan.holder}.id_number")
    if expected is not None and expected.value != number:
        raise WrongPerson
    if own is not None and own.value == number:
        raise WrongPerson
    if number in _numbers_of_others(desk, role):
        raise WrongPerson


def _must_not_have_to_sign(desk: Desk, role: str) -> None:
    """A refusal of who must sign is not got round by papers; at a window a clerk has both before them."""
    signs = desk.thing.roles[base_of(role)].invitation.signs
    if signs and role in desk.draft.progress.get("said_no", ()) and not desk.at_counter:
        raise RefusedToSign


def _authorised(desk: Desk, role: str, values: Mapping[str, Value]) -> Desk:
    said_no = [each for each in desk.draft.progress.get("said_no", ()) if each != role]
    granted = {k: v for k, v in desk.draft.progress.get("granted", {}).items() if k != role}
    changed = with_progress(with_values(desk, dict(values)), said_no=said_no, granted=granted)
    return _with_right(changed, role, Right.PROVEN)


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
