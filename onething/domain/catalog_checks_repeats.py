"""Checks of roles that repeat: what is said of them is decided for each person, or cannot be said."""

from __future__ import annotations

from collections.abc import Iterable

from onething.domain.catalog import Matter, Thing
from onething.domain.catalog_checks_found import Found
from onething.domain.catalog_checks_things import conditions_in
from onething.domain.catalog_problems import Path
from onething.domain.conditions import BadCondition, Conditions


def check_repeats(thing: Thing, conditions: Conditions, found: Found) -> None:
    """Refuse what would need to know which person of a repeating role is meant."""
    repeating = {role.id for role in thing.roles.values() if role.repeats is not None}
    for place, role in _named(thing):
        if role in repeating:
            found.add(
                ("things", thing.code, *place),
                "which_person",
                f"“{role}”可能有多人，这里不知道指哪一位",
                f"'{role}' stands for several people: it is not known here which one is meant",
            )
    for place, text, _ in conditions_in(thing):
        for key in _read_of(conditions, text, repeating - _decided_for(thing, place)):
            found.add(
                ("things", thing.code, *place),
                "which_person",
                f"“{key}”每人不同；只有同一角色的事实才能以它为条件",
                f"'{key}' differs from person to person: only a need of a fact of the same role "
                "may depend on it",
            )


def _named(thing: Thing) -> Iterable[tuple[Path, str]]:
    """Places where a role must be one person."""
    for at, applicant in enumerate(thing.applicants):
        yield ("applicants", at), applicant.role
    for at, question in enumerate(thing.questions):
        yield ("questions", at), question.fact.partition(".")[0]
    for key in thing.computed:
        yield ("computed", key), key.partition(".")[0]
    for at, use in enumerate(thing.sources):
        for slot, role in use.binds.items():
            if role != use.binds["self"]:
                yield ("sources", at, slot), role


def _decided_for(thing: Thing, place: Path) -> set[str]:
    """The role for each person of which the condition at this place is decided."""
    if len(place) == 5 and place[0] == "matters" and place[2] == "facts":
        matter: Matter = thing.matters[str(place[1])]
        return {matter.facts[int(place[3])].fact.partition(".")[0]}
    return set()


def _read_of(conditions: Conditions, text: str, roles: set[str]) -> list[str]:
    try:
        reads = conditions.compile(text).reads
    except BadCondition:
        return []
    return sorted(key for key in reads if key.partition(".")[0] in roles)
