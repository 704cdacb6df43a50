"""Checks of the graph as a whole: circles, matters nobody can reach, a path longer than the promise."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from onething.domain.catalog import Catalog, FactType, Matter, Requires, Thing
from onething.domain.catalog_checks_found import Found
from onething.domain.catalog_checks_things import conditions_in
from onething.domain.catalog_problems import Path
from onething.domain.conditions import HOLDER, BadCondition, Conditions
from onething.domain.flow import edges_of, find_circle, waits_of, waves_of
from onething.domain.plan_order import Order, end_of

_MOST_TRIED = 20_000


def check_order(catalog: Catalog, thing: Thing, conditions: Conditions, found: Found) -> None:
    """Check the whole graph of a one-thing, whatever the choice and the answers."""
    _check_conditions_can_hold(catalog, thing, conditions, found)
    _check_requirements(catalog, thing, conditions, found)
    _check_computed(thing, conditions, found)
    waits = waits_of(thing, edges_of(catalog, thing))
    circle = find_circle(waits)
    if circle:
        _report_circle(("things", thing.code, "matters", circle[0]), circle, found)
    else:
        _check_promise(thing, waits, found)


def _report_circle(path: Path, circle: list[str], found: Found) -> None:
    chain = " → ".join(circle)
    found.add(
        path, "circle", f"互相等待，成了一个圈：{chain}", f"these wait for each other in a circle: {chain}"
    )


def _check_computed(thing: Thing, conditions: Conditions, found: Found) -> None:
    reads = {}
    for key, text in thing.computed.items():
        try:
            reads[key] = set(conditions.compile(text).reads)
        except BadCondition:
            continue
    circle = find_circle(reads)
    if circle:
        _report_circle(("things", thing.code, "computed", circle[0]), circle, found)


def _check_promise(thing: Thing, waits: Mapping[str, set[str]], found: Found) -> None:
    order = Order(waves_of(waits), {code: tuple(sorted(before)) for code, before in waits.items()})
    end = end_of(thing, tuple(thing.matters), order)
    if not end.longer_than_promise or thing.promise.override_by is not None:
        return
    path = " → ".join(end.path)
    days = f"{end.path_days.normalize():f}"
    calendar = ""
    if end.path_calendar_days:
        as_working = (end.path_calendar_days * 5 / 7).quantize(Decimal("0.1")).normalize()
        calendar = f" + {end.path_calendar_days.normalize():f} cd (= {as_working:f} wd)"
    found.add(
        ("things", thing.code, "promise"),
        "path_too_long",
        f"最长路径 {path} 要 {days} wd{calendar}，超过承诺的 {end.promise_days} 个工作日；"
        "请缩短时限，或写明 override_by 和 override_reason",
        f"the longest path {path} takes {days} wd{calendar}, the promise is {end.promise_days} wd: "
        "shorten a limit, or name who overrides it and why (override_by, override_reason)",
    )


def _check_requirements(catalog: Catalog, thing: Thing, conditions: Conditions, found: Found) -> None:
    """A matter that can never be chosen together with what it requires."""
    for matter in thing.matters.values():
        for at, need in enumerate(matter.requires):
            other = thing.matters.get(need.matter or "")
            if _is_of_the_same_kind(thing, matter, need) or (
                other is not None
                and need.unless is None
                and not can_stand_together(catalog, thing, conditions, matter, other)
            ):
                found.add(
                    ("things", thing.code, "matters", matter.code, "requires", at),
                    "unreachable_matter",
                    f"“{matter.code}”要求的事项不能与它同时选择",
                    f"'{matter.code}' can never be chosen: what it requires excludes it",
                )


def _is_of_the_same_kind(thing: Thing, matter: Matter, need: Requires) -> bool:
    """Whether it requires itself, or another of its own choose-one group."""
    if need.matter == matter.code or (need.group is not None and need.group == matter.group):
        return True
    other = thing.matters.get(need.matter or "")
    rival = other is not None and other.group is not None and other.group == matter.group
    return rival and need.unless is None


def can_stand_together(
    catalog: Catalog, thing: Thing, conditions: Conditions, matter: Matter, other: Matter
) -> bool:
    """Whether some answers offer both matters."""
    if matter.when is None or other.when is None:
        return True
    if not conditions.is_sound(matter.when) or not conditions.is_sound(other.when):
        return True
    return _can_hold(catalog, thing, conditions, f"({matter.when}) && ({other.when})")


def _check_conditions_can_hold(catalog: Catalog, thing: Thing, conditions: Conditions, found: Found) -> None:
    for place, text, kind in conditions_in(thing):
        if kind != "condition" or place[0] == "applicants" or place[-1] != "when":
            continue
        if conditions.is_sound(text) and not _can_hold(catalog, thing, conditions, text):
            matter = len(place) == 3 and place[0] == "matters"
            found.add(
                ("things", thing.code, *place),
                "unreachable_matter" if matter else "never_true",
                "这个条件永远不成立" + ("，事项无法办理" if matter else ""),
                "this condition can never be true" + (", so nobody can reach the matter" if matter else ""),
            )


def _can_hold(catalog: Catalog, thing: Thing, conditions: Conditions, text: str) -> bool:
    """Whether some answers make it true; a condition over open-ended facts is given the benefit."""
    reads = sorted(conditions.compile(text).reads)
    domains = [_domain(catalog, thing, key) for key in reads]
    if any(domain is None for domain in domains):
        return conditions.decide(text, {}) is not False
    closed = [domain for domain in domains if domain is not None]
    if prod(len(domain) for domain in closed) > _MOST_TRIED:
        return True
    return any(conditions.decide(text, dict(zip(reads, values, strict=True))) for values in product(*closed))


def _domain(catalog: Catalog, thing: Thing, key: str) -> list[Any] | None:
    role, _, name = key.partition(".")
    kind = "person" if role == HOLDER else thing.roles[role].kind
    fact = catalog.facts[f"{kind}.{name}"]
    if fact.type is FactType.BOOLEAN:
        return [True, False]
    if fact.type is FactType.CODE:
        return list(catalog.code_sets.get(fact.code_set or "", {})) or None
    return None
