"""What the plan is made from: the choice, what is known, what the sources said, who may act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from onething.domain.catalog import Catalog, Question, SourceUse, Thing
from onething.domain.conditions import HOLDER, Conditions


class Outcome(StrEnum):
    """What became of a call to a source; empty is never the same as unreachable."""

    FOUND = "found"
    NOT_HELD = "not_held"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    NOT_AGREED = "not_agreed"  # its department has not agreed to share this, so it was not asked


class Right(StrEnum):
    """The right to act about a role: still open, proven, or declined."""

    OPEN = "open"
    PROVEN = "proven"
    DECLINED = "declined"


@dataclass(frozen=True)
class Situation:
    """All that a plan depends on besides the catalog.

    ``known`` maps ``role.fact`` to its stored value; ``chosen`` is None for the default choice;
    ``outcomes`` maps a call's id to what became of it; ``asked`` maps a call's id to the facts it was
    asked for, each with what became of asking: a call that is not in it was asked for all it yields.
    ``counts`` says how many people a repeating role stands for.
    """

    known: Mapping[str, Any] = field(default_factory=dict)
    chosen: frozenset[str] | None = None
    holder: str | None = None
    rights: Mapping[str, Right] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, Outcome]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


class Ground:
    """One situation over one one-thing: conditions decided, roles counted, the holder placed."""

    def __init__(self, catalog: Catalog, thing: Thing, conditions: Conditions, situation: Situation) -> None:
        self.catalog = catalog
        self.thing = thing
        self.conditions = conditions
        self.situation = situation
        self.known = _with_defaults(thing.questions, situation.known)
        self.holder = situation.holder or self._holder()
        own = {f"{HOLDER}.{k.partition('.')[2]}": v for k, v in self.known.items() if self._is_holders(k)}
        self.known = {**own, **self.known}
        self.computed = self._compute()
        self.known.update(self.computed)
        self.undecided: dict[str, set[str]] = {}
        self.hoped: set[str] = set()

    def decide(self, text: str | None, wanted_by: str) -> bool | None:
        """Decide a condition; what an undecided one still has to read is noted for ``wanted_by``."""
        verdict = self.conditions.decide(text, self.known)
        if verdict is None:
            for key in self._unread(text):
                self.undecided.setdefault(key, set()).add(wanted_by)
        return verdict

    def decide_for(self, text: str | None, wanted_by: str, role: str, instance: str) -> bool | None:
        """The same for one person of a repeating role: ``role.fact`` is that person's own fact."""
        if text is None or role == instance:
            return self.decide(text, wanted_by)
        verdict = self.conditions.decide(text, self._seen_from(role, instance))
        if verdict is None:
            for key in self._unread(text):
                about, _, name = key.partition(".")
                own = f"{instance}.{name}" if about == role else key
                if own not in self.known:
                    self.undecided.setdefault(own, set()).add(wanted_by)
        return verdict

    def hope(self, text: str | None) -> bool:
        """Whether a waiver surely holds; what it reads is fetched if a source has it, never asked."""
        verdict = self.conditions.decide(text, self.known) if text else None
        if verdict is None:
            self.hoped.update(self._unread(text))
        return verdict is True

    def _unread(self, text: str | None) -> set[str]:
        reads = self.conditions.compile(text).reads if text else frozenset()
        return {key for key in reads - self.known.keys() if not key.startswith(f"{HOLDER}.")}

    def instances(self, role: str) -> tuple[str, ...]:
        """The role itself, or its numbered instances when it repeats."""
        return instances_of(self.thing, role, self.situation.counts)

    def uses(self) -> tuple[SourceUse, ...]:
        """The one-thing's sources, one use for each instance of a repeating role they are about."""
        return uses_of(self.thing, self.situation.counts)

    def find_outcome(self, call: str, fact: str) -> Outcome | None:
        """What became of asking a call for one fact; None when it was never asked for that."""
        outcome = self.situation.outcomes.get(call)
        if outcome is not Outcome.FOUND or call not in self.situation.asked:
            return outcome
        return self.situation.asked[call].get(fact)

    def _seen_from(self, role: str, instance: str) -> Mapping[str, Any]:
        own = {
            f"{role}.{key.partition('.')[2]}": value
            for key, value in self.known.items()
            if key.startswith(f"{instance}.")
        }
        return {**self.known, **own}

    def right(self, role: str) -> Right:
        """The right to act about a role; the card holder's own is proven by the card."""
        if role == self.holder:
            return Right.PROVEN
        return self.situation.rights.get(role, Right.OPEN)

    def _compute(self) -> dict[str, Any]:
        """What follows from what is known, and what follows from that."""
        computed: dict[str, Any] = {}
        open_texts = {k: text for k, text in self.thing.computed.items() if k not in self.known}
        grown = True
        while grown:
            known = {**self.known, **computed}
            values = {k: self.conditions.compute(text, known) for k, text in open_texts.items()}
            found = {k: value for k, value in values.items() if value is not None}
            computed.update(found)
            open_texts = {k: text for k, text in open_texts.items() if k not in found}
            grown = bool(found and open_texts)
        return computed

    def _is_holders(self, key: str) -> bool:
        return key.startswith(f"{self.holder}.")

    def _holder(self) -> str:
        applicants = self.thing.applicants
        verdicts = [self.conditions.decide(each.when, self.known) for each in applicants]
        for each, verdict in zip(applicants, verdicts, strict=True):
            if verdict is not False:
                return each.role
        return applicants[0].role


def instances_of(thing: Thing, role: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    """The role itself, or its numbered instances when it repeats; never more or fewer than it may."""
    repeats = thing.roles[role].repeats
    if repeats is None:
        return (role,)
    count = max(repeats.least, min(repeats.most, counts.get(role, repeats.least)))
    return tuple(f"{role}[{number}]" for number in range(count))


def uses_of(thing: Thing, counts: Mapping[str, int]) -> tuple[SourceUse, ...]:
    """The one-thing's sources bound to instances: a source about a repeating role is asked for each."""
    uses = []
    for use in thing.sources:
        base = use.binds["self"]
        for instance in instances_of(thing, base, counts):
            binds = {slot: instance if role == base else role for slot, role in use.binds.items()}
            uses.append(SourceUse(use.source, binds))
    return tuple(uses)


def base_of(role: str) -> str:
    """``employees[2]`` as the role it is an instance of."""
    return role.partition("[")[0]


def _with_defaults(questions: tuple[Question, ...], known: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {q.fact: q.default for q in questions if q.default is not None}
    return {**defaults, **{key: value for key, value in known.items() if value is not None}}
