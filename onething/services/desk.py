"""The desk: one draft laid out with its catalog, situation and plan, ready to be worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from onething.domain.assurance import REAL_NAME
from onething.domain.catalog import APPLICATION, Catalog, How, Label, Thing
from onething.domain.errors import AlreadySubmitted, NotFound, Refusal, TooBusy
from onething.domain.phones import is_phone
from onething.domain.plan import Plan, make_plan
from onething.domain.plan_sources import CARD, E_LICENCES, e_licence_call
from onething.domain.records import AuditRow, Draft, Session, StoredFile
from onething.domain.situation import Outcome, Right, Situation, base_of, instances_of, uses_of
from onething.domain.values import Origin, Value
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.acting_for import must_be_covered
from onething.services.assured import Standing, standing_of
from onething.services.holding import must_hold
from onething.services.replanning import changes_for
from onething.services.same_event import own_cases, with_subject

_TRIES = 5


@dataclass(frozen=True)
class Desk:
    """A draft and all that follows from it; ``values`` maps ``role.fact`` to its value.

    ``at_counter`` is true at a clerk's window: what only a counter can serve is served there. ``already``
    maps matters to the number of the holder's own case for the same event; ``standing`` says what this
    sitting has proven, where the one-thing may ask for more than the card.
    """

    draft: Draft
    catalog: Catalog
    thing: Thing
    values: Mapping[str, Value]
    plan: Plan
    files: tuple[StoredFile, ...]
    replanned: tuple[Label, ...] = ()
    at_counter: bool = False
    already: Mapping[str, str] = field(default_factory=dict)
    standing: Standing | None = None

    def find_own_case(self) -> str | None:
        """The number of the holder's own case that answers for one of the chosen matters."""
        return next((self.already[code] for code in self.plan.chosen if code in self.already), None)

    def calls_by_id(self) -> dict[str, Any]:
        """The planned calls by their ids."""
        return {call.id: call for wave in self.plan.fetch for call in wave}


def lay_out(ports: Ports, uow: UnitOfWork, session: Session, draft_id: str) -> Desk:
    """The desk of this person's open draft; raises ``NotFound`` for anyone else's."""
    draft = uow.drafts.find(draft_id)
    if draft is None or draft.holder != session.holder:
        raise NotFound
    desk = desk_of(ports, draft, tuple(uow.files.list_of(draft.id)))
    now = ports.clock.now()
    must_be_covered(uow, session, now, desk.thing, desk.plan.holder)
    return with_standing(ports, uow, _with_own_case(ports, uow, _at_place(desk, session)), session, now)


def with_standing(ports: Ports, uow: UnitOfWork, desk: Desk, session: Session, now: datetime) -> Desk:
    """The desk with what this sitting has proven by now."""
    there = standing_of(ports, uow, session, desk.thing, desk.values, desk.plan.holder, now)
    return replace(desk, standing=there)


def _with_own_case(ports: Ports, uow: UnitOfWork, desk: Desk) -> Desk:
    return replace(desk, already=own_cases(ports, uow, desk.thing, desk.values, desk.draft.holder))


def _at_place(desk: Desk, session: Session) -> Desk:
    return replace(desk, at_counter=True) if session.clerk else desk


def desk_of(ports: Ports, draft: Draft, files: tuple[StoredFile, ...]) -> Desk:
    """A draft planned against the catalog's current revision, or its own once submitted."""
    if draft.state != "open":
        catalog = ports.catalogs.get(draft.revision)
    else:
        revision, catalog = ports.catalogs.current()
        draft = replace(draft, revision=revision)
    thing = catalog.get_thing(draft.thing)
    values = values_of(draft)
    plan = make_plan(catalog, draft.thing, situation_of(thing, draft, values))
    desk = Desk(draft, catalog, thing, values, plan, files)
    seen = draft.progress.get("seen_revision", draft.revision)
    if draft.state == "open" and seen != draft.revision:
        return replace(desk, replanned=_replanned(ports, desk, seen))
    return desk


def _replanned(ports: Ports, desk: Desk, seen: int) -> tuple[Label, ...]:
    """What has changed for this draft since the revision that the person last worked with."""
    old = ports.catalogs.get(seen)
    before = make_plan(
        old, desk.thing.code, situation_of(old.get_thing(desk.thing.code), desk.draft, desk.values)
    )
    return changes_for(before, desk.plan, old, desk.catalog)


def values_of(draft: Draft) -> dict[str, Value]:
    """The draft's values by ``role.fact``."""
    return {
        f"{role}.{fact}": Value.from_json(value)
        for role, facts in draft.values.items()
        for fact, value in facts.items()
    }


def sealed_values(values: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    """Values grouped by role, as they are sealed."""
    roles: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        role, _, fact = key.partition(".")
        roles.setdefault(role, {})[fact] = value.to_json()
    return roles


def situation_of(thing: Thing, draft: Draft, values: Mapping[str, Value]) -> Situation:
    """What the plan is made from: a refused source counts as asked and refused."""
    progress = draft.progress
    outcomes = {call: Outcome(outcome) for call, outcome in progress.get("outcomes", {}).items()}
    for source, agreed in progress.get("consent", {}).items():
        if agreed is False:
            calls = _calls_of_source(thing, source, progress.get("counts", {}))
            outcomes.update(dict.fromkeys(calls, Outcome.REFUSED))
    for role, granted in progress.get("granted", {}).items():
        for call in _not_granted(thing, role, granted, progress.get("counts", {})):
            outcomes.setdefault(call, Outcome.REFUSED)
    holder = progress["holder"]
    outcomes[f"{CARD}:{holder}"] = Outcome.FOUND
    chosen = progress.get("chosen")
    return Situation(
        known={key: value.value for key, value in values.items()},
        chosen=None if chosen is None else frozenset(chosen),
        holder=holder,
        rights={role: Right(right) for role, right in progress.get("rights", {}).items()},
        outcomes=outcomes,
        asked={
            call: {fact: Outcome(outcome) for fact, outcome in facts.items()}
            for call, facts in progress.get("asked", {}).items()
        },
        counts=progress.get("counts", {}),
    )


def _calls_of_source(thing: Thing, source: str, counts: Mapping[str, int]) -> list[str]:
    if source == E_LICENCES:
        return [
            e_licence_call(material.document, instance)
            for material in thing.materials.values()
            if any(way.how is How.E_LICENCE for way in material.met_by)
            for instance in instances_of(thing, material.of, counts)
        ]
    return [use.call for use in uses_of(thing, counts) if use.source == source]


def _not_granted(thing: Thing, role: str, granted: Sequence[str], counts: Mapping[str, int]) -> Iterable[str]:
    """The calls about a person who has said on a phone which sources may be asked, to all the others."""
    for use in uses_of(thing, counts):
        if use.binds["self"] == role and use.source not in granted:
            yield use.call
    if E_LICENCES not in granted:
        of_role = (each for each in thing.materials.values() if each.of == base_of(role))
        yield from (e_licence_call(material.document, role) for material in of_role)


def card_values(role: str, card: Mapping[str, Any]) -> dict[str, Value]:
    """A card's facts as values of a role."""
    return {f"{role}.{fact}": Value(value, Origin.CARD, source=CARD) for fact, value in card.items()}


def proven_values(role: str, session: Session) -> dict[str, Value]:
    """What the session has proven of its person, as values of a role: by card or by real name."""
    if not is_phone(session.terminal) and session.assurance != REAL_NAME:
        return card_values(role, session.card)
    return {
        f"{role}.{fact}": Value(value, Origin.IDENTITY, source=REAL_NAME)
        for fact, value in session.card.items()
    }


def is_application(key: str) -> bool:
    """Whether a fact belongs to the application itself and not to a person."""
    return key.startswith(f"{APPLICATION}.")


def work_on(
    ports: Ports,
    session: Session,
    draft_id: str,
    change: Callable[[UnitOfWork, Desk, datetime], Desk],
    action: str,
    lay: Callable[[Ports, UnitOfWork, Session, str], Desk] = lay_out,
) -> Desk:
    """Lay out, change and save in one transaction; a lost race is laid out again and retried.

    ``change`` returns the desk with a changed draft; the desk that comes back is planned anew. ``lay`` finds
    the draft for whoever may change it: its holder, unless it says otherwise.
    A ``Refusal`` that carries ``keeps`` (a desk) saves what was good before it is raised.
    """
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                now = ports.clock.now()
                desk = lay(ports, uow, session, draft_id)
                if desk.draft.state != "open":
                    raise AlreadySubmitted
                if lay is lay_out:  # what another person of the form says counts wherever its holder sits
                    must_hold(uow, session, desk.draft, now)
                changed, refusal = _changed(change, uow, desk, now)
                _must_stay_covered(ports, uow, session, changed, now)
                changed = _bound(ports, uow, changed, typed=refusal is None and action == "values_typed")
                uow.drafts.save(replace(changed.draft, updated_at=now))
                uow.audit.add(audited(session, changed, now, action))
                files = tuple(uow.files.list_of(draft_id))
                changed = with_standing(ports, uow, changed, session, now)
        except Conflict:
            continue
        if refusal is not None:
            raise refusal
        saved = replace(changed.draft, version=changed.draft.version + 1)
        again = _at_place(desk_of(ports, saved, files), session)
        return replace(again, already=changed.already, standing=changed.standing)
    raise TooBusy


def _bound(ports: Ports, uow: UnitOfWork, changed: Desk, *, typed: bool) -> Desk:
    """The changed desk with its draft bound to its subject, and what is there of the same event."""
    draft = with_subject(ports, uow, changed.draft, changed.thing, changed.values, typed=typed)
    return _with_own_case(ports, uow, replace(changed, draft=draft))


def _must_stay_covered(ports: Ports, uow: UnitOfWork, session: Session, changed: Desk, now: datetime) -> None:
    """Who acts by a mandate chooses nothing beyond it; raises ``OutOfScope``."""
    if session.mandate is not None:
        again = desk_of(ports, changed.draft, changed.files)
        must_be_covered(uow, session, now, again.thing, again.plan.holder, again.plan.chosen)


class KeepsGood(Refusal):
    """A refusal of some of what was sent; ``desk`` holds the good part, which is saved."""

    def __init__(self, refusal: Refusal, desk: Desk) -> None:
        super().__init__()
        self.refusal = refusal
        self.desk = desk


def _changed(
    change: Callable[[UnitOfWork, Desk, datetime], Desk], uow: UnitOfWork, desk: Desk, now: datetime
) -> tuple[Desk, Refusal | None]:
    try:
        return change(uow, desk, now), None
    except KeepsGood as kept:
        return kept.desk, kept.refusal


def with_values(desk: Desk, changes: Mapping[str, Value | None]) -> Desk:
    """The desk with values set or, where None, taken away."""
    values = {key: value for key, value in {**desk.values, **changes}.items() if value is not None}
    return replace(desk, values=values, draft=replace(desk.draft, values=sealed_values(values)))


def with_progress(desk: Desk, **parts: Any) -> Desk:
    """The desk with parts of the draft's progress replaced."""
    return replace(desk, draft=replace(desk.draft, progress={**desk.draft.progress, **parts}))


def audited(session: Session, desk: Desk, at: datetime, action: str, **detail: Any) -> AuditRow:
    """What the audit says of an act on a draft."""
    return AuditRow(
        at=at,
        actor=session.actor,
        actor_kind=session.actor_kind,
        action=action,
        purpose=desk.thing.code,
        subject=session.holder,
        terminal=session.terminal,
        case=desk.draft.id,
        detail=detail,
    )
