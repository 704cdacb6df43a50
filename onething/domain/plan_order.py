"""The order of handling and the end: what runs side by side, what waits, how long it can take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from onething.domain.catalog import FactNeed, Label, Limit, Matter, Thing
from onething.domain.plan_choice import Choice
from onething.domain.plan_materials import WantedMaterial
from onething.domain.situation import Ground


class PlanCircle(Exception):
    """Matters wait for each other in a circle; ``catalog check`` finds it before publishing."""

    reason = "circle"


@dataclass(frozen=True)
class Order:
    """Waves of matters that run side by side, and what each waits for."""

    waves: tuple[tuple[str, ...], ...]
    waits_for: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class End:
    """Two dates, never mixed: the published promise, and the longest path through the parts.

    ``path`` is the chain of matters that takes longest; its working (``wd``) and calendar
    (``cd``) days are kept apart, for only a calendar can add them.
    """

    promise_days: int
    path: tuple[str, ...]
    path_days: Decimal
    path_calendar_days: Decimal
    excluded: tuple[tuple[str, Label], ...]
    unknown: tuple[str, ...]

    @property
    def longer_than_promise(self) -> bool:
        """Whether the path passes the promise; calendar days count as five working days in seven."""
        return self.path_days + self.path_calendar_days * 5 / 7 > self.promise_days

    def to_json(self) -> dict[str, Any]:
        """The end as JSON-ready data; days are numbers, halves stay halves."""
        return {
            "promise_days": self.promise_days,
            "path": list(self.path),
            "path_days": float(self.path_days),
            "path_calendar_days": float(self.path_calendar_days),
            "excluded": [{"matter": m, "zh": why.zh, "en": why.en} for m, why in self.excluded],
            "no_limit": list(self.unknown),
        }


def order_of(ground: Ground, choice: Choice, wanted: Mapping[str, WantedMaterial]) -> Order:
    """Waves of the chosen matters; bound matters share a wave. Raises ``PlanCircle``."""
    thing, chosen = ground.thing, choice.chosen
    waits = {code: set(_waits(ground, thing.matters[code], choice, wanted)) for code in chosen}
    together = _bound_sets(thing, chosen)
    for code in chosen:
        for other in together[code]:
            waits[code] |= waits[other] - together[code]
            waits[other] |= waits[code] - together[code]
    waves: list[tuple[str, ...]] = []
    placed: set[str] = set()
    while len(placed) < len(chosen):
        wave = tuple(code for code in chosen if code not in placed and waits[code] <= placed)
        if not wave:
            raise PlanCircle(", ".join(code for code in chosen if code not in placed))
        waves.append(wave)
        placed.update(wave)
    return Order(tuple(waves), {code: tuple(c for c in chosen if c in waits[code]) for code in chosen})


def _waits(
    ground: Ground, matter: Matter, choice: Choice, wanted: Mapping[str, WantedMaterial]
) -> Iterable[str]:
    """The chosen matters whose result, or turn, this one needs."""
    for need in matter.facts:
        if _is_open(ground, matter, need):
            yield from _makers(ground, choice, matter, need.fact)
    for material in wanted.values():
        if material.inside and material.inside != matter.code and matter.code in material.matters:
            yield material.inside
    for edge in matter.after:
        for code in choice.chosen:
            other = ground.thing.matters[code]
            if code != matter.code and (code == edge.matter or (edge.group and other.group == edge.group)):
                yield code


def _is_open(ground: Ground, matter: Matter, need: FactNeed) -> bool:
    """Whether the fact is wanted and not known yet; of a repeating role, of anyone."""
    role, _, name = need.fact.partition(".")
    return any(
        f"{instance}.{name}" not in ground.known
        and ground.decide_for(need.when, matter.code, role, instance) is True
        for instance in ground.instances(role)
    )


def _makers(ground: Ground, choice: Choice, matter: Matter, fact: str) -> Iterable[str]:
    for code in choice.chosen:
        if code != matter.code and fact in ground.thing.matters[code].produces_facts:
            yield code


def _bound_sets(thing: Thing, chosen: tuple[str, ...]) -> dict[str, set[str]]:
    together = {code: {code} for code in chosen}
    for code in chosen:
        for other in thing.matters[code].bound_with:
            if other in together:
                joined = together[code] | together[other]
                for each in joined:
                    together[each] = joined
    return together


def end_of(thing: Thing, chosen: tuple[str, ...], order: Order) -> End:
    """The promise and the longest path, without the matters that stand outside the promise."""
    excluded = tuple(
        (code, why) for code in chosen if (why := thing.matters[code].outside_promise) is not None
    )
    outside = {code for code, _ in excluded}
    longest: dict[str, tuple[Decimal, Decimal, tuple[str, ...]]] = {}
    for wave in order.waves:
        for code in wave:
            before = [longest[w] for w in order.waits_for[code] if w in longest]
            work, calendar, path = max(before, key=_length, default=(Decimal(0), Decimal(0), ()))
            limit = thing.matters[code].promised
            if code in outside or limit is None:
                longest[code] = (work, calendar, path)
            else:
                longest[code] = _add(work, calendar, path, code, limit)
    work, calendar, path = max(longest.values(), key=_length, default=(Decimal(0), Decimal(0), ()))
    unknown = tuple(c for c in chosen if thing.matters[c].promised is None and c not in outside)
    return End(thing.promise.days, path, work, calendar, excluded, unknown)


def _add(
    work: Decimal, calendar: Decimal, path: tuple[str, ...], code: str, limit: Limit
) -> tuple[Decimal, Decimal, tuple[str, ...]]:
    if limit.unit == "cd":
        return work, calendar + limit.amount, (*path, code)
    return work + limit.amount, calendar, (*path, code)


def _length(path: tuple[Decimal, Decimal, tuple[str, ...]]) -> Decimal:
    return path[0] + path[1] * 5 / 7
