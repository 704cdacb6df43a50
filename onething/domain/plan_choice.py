"""Which matters are chosen: the default or the person's own choice, made whole by the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onething.domain.catalog import Group, Label, Matter, Requires
from onething.domain.situation import Ground


@dataclass(frozen=True)
class Conflict:
    """A choice that cannot stand; ``matters`` are those it is about, the missing one last."""

    reason: str
    text: Label
    matters: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """The chosen matters in catalog order, those on offer, and what cannot stand."""

    chosen: tuple[str, ...]
    offered: frozenset[str]
    conflicts: tuple[Conflict, ...]


def choose(ground: Ground) -> Choice:
    """Make the choice whole: mandatory and bound matters join, one of each group stays."""
    matters = ground.thing.matters
    offered = {m.code for m in matters.values() if ground.decide(m.when, m.code) is not False}
    chosen = _wished(ground, offered)
    for matter in matters.values():
        if matter.code in offered and not matter.optional and matter.group is None:
            chosen.add(matter.code)
    conflicts = list(_settle_groups(ground, offered, chosen))
    _join_bound(ground, offered, chosen)
    conflicts += _unmet(ground, chosen)
    ordered = tuple(code for code in matters if code in chosen)
    return Choice(ordered, frozenset(offered), tuple(conflicts))


def _wished(ground: Ground, offered: set[str]) -> set[str]:
    wish = ground.situation.chosen
    if wish is not None:
        return set(wish) & offered
    return {m.code for m in ground.thing.matters.values() if m.code in offered and m.default}


def _settle_groups(ground: Ground, offered: set[str], chosen: set[str]) -> Iterable[Conflict]:
    for group in ground.thing.groups.values():
        members = [m for m in ground.thing.matters.values() if m.group == group.id and m.code in offered]
        picked = [m for m in members if m.code in chosen]
        chosen.difference_update(m.code for m in picked[1:])
        if len(picked) > 1 and ground.situation.chosen is not None:
            yield Conflict("choose_one", group.label, tuple(m.code for m in picked))
        if not picked and _must_pick(ground, group, members):
            chosen.add(_preferred(members).code)


def _must_pick(ground: Ground, group: Group, members: list[Matter]) -> bool:
    """One of a group is taken by itself unless the person may do without, or said so."""
    if not members or ground.hope(group.waived_when):
        return False
    if ground.situation.chosen is not None and all(m.optional for m in members):
        return False
    return any(not m.optional or m.default for m in members)


def _preferred(members: list[Matter]) -> Matter:
    return next((m for m in members if m.default), members[0])


def _join_bound(ground: Ground, offered: set[str], chosen: set[str]) -> None:
    waiting = list(chosen)
    while waiting:
        for other in ground.thing.matters[waiting.pop()].bound_with:
            if other in offered and other not in chosen:
                chosen.add(other)
                waiting.append(other)


def _unmet(ground: Ground, chosen: set[str]) -> Iterable[Conflict]:
    for code in ground.thing.matters:
        if code not in chosen:
            continue
        for need in ground.thing.matters[code].requires:
            if not _is_met(ground, need, chosen):
                missing = need.matter or need.group or ""
                yield Conflict("matter_needed", need.reason, (code, missing))


def _is_met(ground: Ground, need: Requires, chosen: set[str]) -> bool:
    if need.matter in chosen:
        return True
    if need.group and any(ground.thing.matters[code].group == need.group for code in chosen):
        return True
    if need.group and ground.hope(ground.thing.groups[need.group].waived_when):
        return True
    return ground.hope(need.unless)
