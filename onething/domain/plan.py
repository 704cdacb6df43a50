"""The plan: from one declaration and one situation to form, autofill, materials, order and end.

Pure: no clock, no database, no network. ``make_plan`` is the only door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from onething.domain.assurance import CARD, highest
from onething.domain.catalog import Catalog, Label, Thing
from onething.domain.conditions import Conditions
from onething.domain.plan_choice import Choice, Conflict, choose
from onething.domain.plan_materials import PlannedMaterial, plan_materials, wanted_materials
from onething.domain.plan_needs import Needs, needed_facts
from onething.domain.plan_order import End, Order, end_of, order_of
from onething.domain.plan_sources import Call, Fetching, calls_of, plan_fetching
from onething.domain.situation import Ground, Outcome, Right, Situation

FORMAT = 1  # stored with each case; raised when an older plan could no longer be read


@dataclass(frozen=True)
class PlannedMatter:
    """A matter in the plan; ``offered`` is False when a condition rules it out."""

    code: str
    department: str
    chosen: bool
    offered: bool
    needs: tuple[str, ...]
    materials: tuple[str, ...]
    produces: tuple[str, ...]
    produces_documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """A fact to be typed: by which matters it is wanted, and why no source gives it.

    ``why`` is ``nothing_holds_it``, ``not_held``, ``unavailable``, ``refused``, ``not_agreed``,
    ``not_authorised``, or ``decides`` when only a condition reads it; ``source`` names the register.
    """

    fact: str
    matters: tuple[str, ...]
    required: bool
    why: str
    source: str | None = None
    decides: bool = False


@dataclass(frozen=True)
class Assurance:
    """How sure it must be who acts: the highest of what the one-thing and its chosen matters ask.

    ``matters`` are the chosen ones that ask that much; empty where the one-thing itself asks it.
    """

    level: str = CARD
    matters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything that follows from a choice; codes only, texts are in the catalog's revision."""

    thing: str
    holder: str
    matters: tuple[PlannedMatter, ...]
    form: tuple[str, ...]
    ask: tuple[Asked, ...]
    fetch: tuple[tuple[Call, ...], ...]
    authorisations: tuple[str, ...]
    computed: Mapping[str, Any]
    expected: Mapping[str, str]
    materials: tuple[PlannedMaterial, ...]
    order: Order
    end: End
    conflicts: tuple[Conflict, ...]
    counter_only: tuple[Label, ...]
    wanted_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    assurance: Assurance = Assurance()
    format: int = FORMAT

    @property
    def chosen(self) -> tuple[str, ...]:
        """The codes of the chosen matters, in the catalog's order."""
        return tuple(matter.code for matter in self.matters if matter.chosen)

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON-ready data, stored with a case and printed by ``onething plan``."""
        return {
            "format": self.format,
            "thing": self.thing,
            "holder": self.holder,
            "matters": [dict(vars(matter)) for matter in self.matters],
            "form": list(self.form),
            "ask": [dict(vars(asked)) for asked in self.ask],
            "fetch": [[call.to_json() for call in wave] for wave in self.fetch],
            "authorisations": list(self.authorisations),
            "computed": dict(self.computed),
            "materials": [dict(vars(material)) for material in self.materials],
            "order": [list(wave) for wave in self.order.waves],
            "waits_for": {code: list(needs) for code, needs in self.order.waits_for.items()},
            "end": self.end.to_json(),
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
            "counter_only": [asdict(reason) for reason in self.counter_only],
            "assurance": asdict(self.assurance),
        }

    def why(self, fact: str) -> dict[str, Any]:
        """Which matters need a fact and why it is asked, fetched, or neither."""
        asked = next((each for each in self.ask if each.fact == fact), None)
        return {
            "fact": fact,
            "matters": list(self.wanted_by.get(fact, ())),
            "asked": asdict(asked) if asked else None,
            "fetched_from": self.expected.get(fact),
            "produced_by": [m.code for m in self.matters if m.chosen and fact in m.produces],
        }


_compiled: WeakKeyDictionary[Catalog, dict[str, Conditions]] = WeakKeyDictionary()


def conditions_of(catalog: Catalog, thing: Thing) -> Conditions:
    """The conditions of a one-thing, compiled once for each catalog in memory."""
    things = _compiled.setdefault(catalog, {})
    if thing.code not in things:
        things[thing.code] = Conditions(catalog, thing)
    return things[thing.code]


def make_plan(catalog: Catalog, code: str, situation: Situation | None = None) -> Plan:
    """The plan of a one-thing in a situation; raises ``UnknownThing`` and ``PlanCircle``."""
    thing = catalog.get_thing(code)
    ground = Ground(catalog, thing, conditions_of(catalog, thing), situation or Situation())
    choice = choose(ground)
    wanted = wanted_materials(ground, choice)
    counter_only = _counter_only(ground)
    needs = needed_facts(ground, choice)
    calls = calls_of(ground, wanted)
    fetching = plan_fetching(ground, calls, needs, wanted)
    order = order_of(ground, choice, wanted)
    return Plan(
        thing=code,
        holder=ground.holder,
        matters=tuple(_planned(ground, choice, needs, wanted)),
        form=tuple(needs.keys),
        ask=tuple(_asked(ground, calls, needs, fetching)),
        fetch=fetching.waves,
        authorisations=fetching.authorisations,
        computed=needs.computed,
        expected=fetching.expected,
        materials=tuple(plan_materials(ground, wanted, fetching)),
        order=order,
        end=end_of(thing, choice.chosen, order),
        conflicts=choice.conflicts,
        counter_only=counter_only,
        wanted_by={key: tuple(sorted(matters)) for key, matters in needs.keys.items()},
        assurance=_assurance(thing, choice),
    )


def _assurance(thing: Thing, choice: Choice) -> Assurance:
    asked = {
        code: matter.assurance.level
        for code, matter in thing.matters.items()
        if code in choice.chosen and matter.assurance is not None
    }
    level = highest([thing.assurance, *asked.values()])
    if level == thing.assurance:
        return Assurance(level)
    return Assurance(level, tuple(code for code, each in asked.items() if each == level))


def _planned(ground: Ground, choice: Choice, needs: Needs, wanted: Mapping[str, Any]) -> list[PlannedMatter]:
    return [
        PlannedMatter(
            code=matter.code,
            department=matter.department,
            chosen=matter.code in choice.chosen,
            offered=matter.code in choice.offered,
            needs=tuple(key for key, by in needs.all_of_matters.items() if matter.code in by),
            materials=tuple(key for key, need in wanted.items() if matter.code in need.matters),
            produces=matter.produces_facts,
            produces_documents=matter.produces_documents,
        )
        for matter in ground.thing.matters.values()
    ]


def _asked(ground: Ground, calls: tuple[Call, ...], needs: Needs, fetching: Fetching) -> list[Asked]:
    asked = []
    for key in needs.keys:
        if key in ground.known or key in needs.computed or key in fetching.expected:
            continue
        if _will_be_computed(ground, needs, fetching, key):
            continue
        why, source = _why(ground, calls, key)
        decides = key not in needs.by_matter
        asked.append(
            Asked(
                fact=key,
                matters=tuple(sorted(needs.keys[key])),
                required=decides or key in needs.required,
                why="decides" if decides and why == "nothing_holds_it" else why,
                source=source,
                decides=decides,
            )
        )
    return asked


def _will_be_computed(ground: Ground, needs: Needs, fetching: Fetching, key: str) -> bool:
    """Whether a computed fact only waits for values that sources are expected to give."""
    rests_on = needs.computable.get(key, frozenset())
    coming = rests_on & fetching.expected.keys()
    return bool(coming) and rests_on <= coming | ground.known.keys()


_WHY = {
    Outcome.NOT_HELD: "not_held",
    Outcome.FOUND: "not_held",
    Outcome.UNAVAILABLE: "unavailable",
    Outcome.REFUSED: "refused",
    Outcome.NOT_AGREED: "not_agreed",
}


def _why(ground: Ground, calls: tuple[Call, ...], key: str) -> tuple[str, str | None]:
    """Why no source gives a fact; unavailable is told before not held, for it may be tried again."""
    reasons = []
    for call in calls:
        if key not in call.all_yields:
            continue
        outcome = ground.find_outcome(call.id, key)
        if outcome is not None:
            reasons.append((_WHY[outcome], call.source))
        elif ground.right(call.about) is Right.DECLINED or not call.may_be_proven:
            reasons.append(("not_authorised", call.source))
    for wanted in ("unavailable", "refused", "not_agreed", "not_held", "not_authorised"):
        for why, source in reasons:
            if why == wanted:
                return why, source
    return "nothing_holds_it", None


def _counter_only(ground: Ground) -> tuple[Label, ...]:
    return tuple(
        each.reason for each in ground.thing.counter_only if ground.decide(each.when, "situation") is True
    )
