"""Checks of what can be chosen together: bound matters, choose-one groups, and limits against the law's."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from onething.domain.catalog import Catalog, Group, Matter, Thing
from onething.domain.catalog_checks_found import Found
from onething.domain.catalog_checks_order import can_stand_together
from onething.domain.catalog_problems import Path
from onething.domain.conditions import Conditions

_AGREED = ("optional", "default", "when")


def check_choice(catalog: Catalog, thing: Thing, conditions: Conditions, found: Found) -> None:
    """Check bound matters, groups and limits of a one-thing."""
    for matter in thing.matters.values():
        path: Path = ("things", thing.code, "matters", matter.code)
        _check_bound(thing, matter, path, found)
        _check_limits(matter, path, found)
    for group in thing.groups.values():
        members = [matter for matter in thing.matters.values() if matter.group == group.id]
        _check_members(thing, group, members, found)
        _check_defaults(catalog, thing, group, members, conditions, found)


def _check_bound(thing: Thing, matter: Matter, path: Path, found: Found) -> None:
    others = [other for code in matter.bound_with if (other := thing.matters.get(code)) is not None]
    if others and matter.group is not None:
        found.add(
            (*path, "group"),
            "bound_apart",
            f"“{matter.code}”与别的事项绑定，不能放在多选一的组里",
            f"'{matter.code}' is bound with another matter and cannot stand in a choose-one group",
        )
    for other in others:
        for key in _AGREED:
            if getattr(matter, key) != getattr(other, key):
                found.add(
                    (*path, "bound_with"),
                    "bound_apart",
                    f"“{matter.code}”与“{other.code}”绑定，两者的 {key} 要一致",
                    f"'{matter.code}' and '{other.code}' are bound: '{key}' must be the same for both",
                )


def _check_limits(matter: Matter, path: Path, found: Found) -> None:
    promised, statutory = matter.promised, matter.statutory
    if promised is None or statutory is None or promised.unit != statutory.unit:
        return
    if promised.amount > statutory.amount:
        found.add(
            (*path, "limits", "promised"),
            "past_the_law",
            f"承诺时限 {promised.amount} {promised.unit} 超过法定时限 {statutory.amount} {statutory.unit}",
            f"promised {promised.amount} {promised.unit} is longer than the statutory "
            f"{statutory.amount} {statutory.unit}",
        )


def _check_members(thing: Thing, group: Group, members: list[Matter], found: Found) -> None:
    if len({member.optional for member in members}) > 1:
        names = ", ".join(member.code for member in members if member.optional)
        found.add(
            ("things", thing.code, "groups", group.id),
            "mixed_group",
            f"组内事项要么都写 optional（可以都不选），要么都不写；现在只有 {names} 写了",
            f"either every matter of the group is 'optional' (people may do without) or none is; "
            f"only {names} is",
        )


def _check_defaults(
    catalog: Catalog,
    thing: Thing,
    group: Group,
    members: list[Matter],
    conditions: Conditions,
    found: Found,
) -> None:
    """One is ticked at first in every situation: two that can be offered together are one too many."""
    path: Path = ("things", thing.code, "groups", group.id)
    ticked = [member for member in members if member.default]
    if members and not ticked and not all(member.optional for member in members):
        found.add(
            path,
            "group_default",
            "组内要有一个默认选中的事项，其余写 default: false",
            "one matter of the group is ticked at first and the others say 'default: false': none is ticked",
        )
    for one, other in _together(catalog, thing, conditions, ticked):
        found.add(
            ("things", thing.code, "matters", other.code, "group"),
            "group_default",
            f"“{one.code}”和“{other.code}”可能同时出现，只能有一个默认选中：另一个写 default: false",
            f"'{one.code}' and '{other.code}' can be offered together and only one can be ticked at first: "
            "the other says 'default: false', or its 'when' excludes it",
        )


def _together(
    catalog: Catalog, thing: Thing, conditions: Conditions, matters: list[Matter]
) -> Iterable[tuple[Matter, Matter]]:
    for one, other in combinations(matters, 2):
        sound = conditions.is_sound(one.when) and conditions.is_sound(other.when)
        if sound and can_stand_together(catalog, thing, conditions, one, other):
            yield one, other
