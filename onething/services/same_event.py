"""Finding, before submission, the case that there is for the same event; one draft for each subject."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from onething.domain.catalog import Thing
from onething.domain.records import Case, Draft, Session
from onething.domain.same_event import AlreadyApplied, DraftThere, applied_as, stands, subject_texts
from onething.domain.values import Value
from onething.ports import Ports, UnitOfWork
from onething.ports.same_event import Claim
from onething.services.phone_tokens import digest_of


def subjects_of(ports: Ports, thing: Thing, values: Mapping[str, Value]) -> list[str]:
    """The blind index of each way of telling the subject that is known by now."""
    return [ports.index.of_number(digest_of(text)) for text in subject_texts(thing, values)]


def own_cases(
    ports: Ports, uow: UnitOfWork, thing: Thing, values: Mapping[str, Value], holder: str
) -> dict[str, str]:
    """Which matters of this event this person's own cases answer for, with their numbers.

    Of anyone else's nothing is said here: that comes at submission, and without a number.
    """
    found = {}
    for subject in subjects_of(ports, thing, values):
        for claim in uow.claims.list_of(subject):
            case = _standing(uow, claim)
            if case is not None and case.holder == holder:
                found[claim.matter] = case.number
    return found


def must_be_new(
    ports: Ports,
    uow: UnitOfWork,
    session: Session,
    thing: Thing,
    values: Mapping[str, Value],
    chosen: Collection[str],
) -> None:
    """Raises ``AlreadyApplied`` when a case answers for one of the matters, whoever has handed it in."""
    for subject in subjects_of(ports, thing, values):
        for claim in uow.claims.list_of(subject):
            if claim.matter not in chosen:
                continue
            case = _standing(uow, claim)
            if case is None:
                uow.claims.release(claim)
            else:
                known = case.holder == session.holder or session.clerk is not None
                raise AlreadyApplied(applied_as(case.number) if known else None)


def _standing(uow: UnitOfWork, claim: Claim) -> Case | None:
    case = uow.cases.find(claim.case_id)
    return case if case is not None and stands(case, claim.matter) else None


def claim_for(ports: Ports, uow: UnitOfWork, case: Case, thing: Thing, values: Mapping[str, Value]) -> None:
    """The case answers for its matters from here on; raises ``Conflict`` when a rival was faster."""
    claims = [
        Claim(subject, part.matter, case.id)
        for subject in subjects_of(ports, thing, values)
        for part in case.parts
    ]
    if claims:
        uow.claims.add_all(claims)


def with_subject(
    ports: Ports, uow: UnitOfWork, draft: Draft, thing: Thing, values: Mapping[str, Value], *, typed: bool
) -> Draft:
    """The draft bound to its subject once that is known.

    Raises ``DraftThere`` when the person has typed a subject for whom they have another draft; one that a
    register has told leaves both as they are.
    """
    known = subjects_of(ports, thing, values)
    if not known or draft.subject == known[0]:
        return draft
    there = uow.drafts.find_open(thing.code, draft.holder, known[0])
    if there is None or there.id == draft.id:
        return replace(draft, subject=known[0])
    if typed:
        raise DraftThere
    return draft
