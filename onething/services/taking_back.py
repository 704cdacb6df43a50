"""A yes that is taken back: what was learnt of the person by it leaves the draft with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onething.domain.catalog import How, SourceUse
from onething.domain.plan_sources import e_licence_call, yields_of
from onething.domain.situation import Outcome, Right, base_of, uses_of
from onething.domain.values import Origin, Value
from onething.ports import UnitOfWork
from onething.services.authorising import refused_by_phone
from onething.services.desk import Desk, with_progress, with_values
from onething.services.disputing import withdraw_undisputed


def without_person(uow: UnitOfWork, desk: Desk, role: str, before: Mapping[str, Any], now: datetime) -> Desk:
    """The desk as if the role's person had said no: the right is open, what it opened is forgotten.

    What was typed stays; ``before`` are the values, as they are sealed, which the proof of who they are took
    the place of. Objections to what is forgotten are withdrawn.
    """
    gone = _Gone.of(desk, role)
    changes: dict[str, Value | None] = {key: Value.from_json(value) for key, value in before.items()}
    for key, value in desk.values.items():
        if key.startswith(f"{role}.") and value.is_proven:
            changes.setdefault(key, None)
        elif value.source in gone.facts.get(key, ()):
            changes[key] = _own(value)
    emptied = {key for key, value in changes.items() if value is None}
    left = _unproven(_asked_again(with_values(desk, changes), gone, emptied), gone)
    withdraw_undisputed(uow, desk.draft.id, left.values, now)
    return refused_by_phone(left, role)


@dataclass(frozen=True)
class _Gone:
    """Whose right goes, the calls that it opened, and for each fact the sources that gave it by them."""

    roles: frozenset[str]
    calls: frozenset[str]
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, desk: Desk, role: str) -> _Gone:
        roles = _list_fallen(desk, role)
        uses = [use for use in _uses(desk) if use.binds["self"] in roles]
        facts: dict[str, set[str]] = {}
        for use in uses:
            for key in yields_of(use, desk.catalog.sources[use.source]).values():
                facts.setdefault(key, set()).add(use.source)
        calls = {*(use.call for use in uses), *_e_licence_calls(desk, roles)}
        return cls(roles, frozenset(calls), {key: frozenset(each) for key, each in facts.items()})


def _uses(desk: Desk) -> tuple[SourceUse, ...]:
    return uses_of(desk.thing, desk.draft.progress.get("counts", {}))


def _e_licence_calls(desk: Desk, roles: Iterable[str]) -> Iterable[str]:
    for role in roles:
        for material in desk.thing.materials.values():
            if material.of == base_of(role) and any(way.how is How.E_LICENCE for way in material.met_by):
                yield e_licence_call(material.document, role)


def _list_fallen(desk: Desk, role: str) -> frozenset[str]:
    """The role, and others whose right only records about them have shown, one after the other."""
    outcomes = desk.draft.progress.get("outcomes", {})
    found = [use for use in _uses(desk) if outcomes.get(use.call) == Outcome.FOUND.value]
    fallen = {role}
    while True:
        shown = {each for use in found if use.binds["self"] in fallen for each in _proves(desk, use)}
        kept = {each for use in found if use.binds["self"] not in fallen for each in _proves(desk, use)}
        more = {each for each in shown - kept - fallen if not _has_proven_themselves(desk, each)}
        if not more:
            return frozenset(fallen)
        fallen |= more


def _proves(desk: Desk, use: SourceUse) -> Iterable[str]:
    """The roles whose right a record of this use shows."""
    for slot in desk.catalog.sources[use.source].proves:
        role = use.binds.get(slot)
        if role is not None and use.source in desk.thing.roles[base_of(role)].right:
            yield role


def _has_proven_themselves(desk: Desk, role: str) -> bool:
    """Whether this person needs no record: they sit there, or have shown their own card or phone."""
    number = desk.values.get(f"{role}.id_number")
    return role == desk.plan.holder or (number is not None and number.is_proven)


def _own(value: Value) -> Value | None:
    """What the person who fills in the form has typed over a register's value; None for the register's."""
    if value.disputed is None:
        return None
    return Value(value.value, Origin.TYPED, replaced=value.replaced)


def _asked_again(desk: Desk, gone: _Gone, emptied: set[str]) -> Desk:
    """Nothing is known of the calls that are gone; others may be asked again for what is empty by now."""
    uses = {use.call: use for use in _uses(desk)}
    outcomes = {k: v for k, v in desk.draft.progress.get("outcomes", {}).items() if k not in gone.calls}
    asked: dict[str, dict[str, Any]] = {}
    for call, facts in desk.draft.progress.get("asked", {}).items():
        if call not in gone.calls:
            asked[call] = {key: outcome for key, outcome in facts.items() if key not in emptied}
    for call in outcomes.keys() - asked.keys():
        use = uses.get(call)
        if use and emptied & set(yields_of(use, desk.catalog.sources[use.source]).values()):
            del outcomes[call]
    return with_progress(desk, outcomes=outcomes, asked=asked)


def _unproven(desk: Desk, gone: _Gone) -> Desk:
    rights = desk.draft.progress.get("rights", {})
    kept = {k: v for k, v in rights.items() if k not in gone.roles or v != Right.PROVEN.value}
    granted = {k: v for k, v in desk.draft.progress.get("granted", {}).items() if k not in gone.roles}
    return with_progress(desk, rights=kept, granted=granted)
