"""The one form: facts the chosen matters need, less those another chosen matter produces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from onething.domain.catalog import APPLICATION, FactNeed, Matter
from onething.domain.conditions import without_index
from onething.domain.plan_choice import Choice
from onething.domain.situation import Ground


@dataclass(frozen=True)
class Needs:
    """``keys``: every fact of the form and who wants it, in order, one entry however many want it.

    ``by_matter`` holds those that matters need themselves; the rest only decide conditions.
    ``all_of_matters`` adds what another chosen matter produces: it reaches the matter, not the form.
    ``computed`` are values that follow from what is known; ``computable`` what each rests on.
    """

    keys: Mapping[str, frozenset[str]]
    by_matter: Mapping[str, frozenset[str]]
    all_of_matters: Mapping[str, frozenset[str]]
    required: frozenset[str]
    computed: Mapping[str, Any]
    computable: Mapping[str, frozenset[str]]
    produced: frozenset[str]


def needed_facts(ground: Ground, choice: Choice) -> Needs:
    """All facts the form must hold for this choice, grouped by the order in which roles stand."""
    produced = {f: m.code for m in _chosen(ground, choice) for f in m.produces_facts}
    wanted: dict[str, set[str]] = {}
    all_of_matters: dict[str, set[str]] = {}
    required: set[str] = set()
    for matter in _chosen(ground, choice):
        for need in matter.facts:
            for key in _instances_needed(ground, matter, need):
                all_of_matters.setdefault(key, set()).add(matter.code)
                maker = produced.get(without_index(key), matter.code)
                if maker != matter.code and key not in ground.known:
                    continue
                wanted.setdefault(key, set()).add(matter.code)
                if need.required:
                    required.add(key)
    for question in ground.thing.questions:
        if ground.decide(question.when, "situation") is True:
            wanted.setdefault(question.fact, set())
            required.add(question.fact)
    by_matter = {key: frozenset(matters) for key, matters in wanted.items()}
    for key, by in ground.undecided.items():
        if without_index(key) not in produced:
            wanted.setdefault(key, set()).update(by & set(choice.chosen))
    computable = {
        key: ground.conditions.compile(text).reads
        for key, text in ground.thing.computed.items()
        if key in wanted and key not in ground.known
    }
    ordered = {key: frozenset(wanted[key]) for key in sorted(wanted, key=_place(ground))}
    return Needs(
        keys=ordered,
        by_matter=by_matter,
        all_of_matters={key: frozenset(matters) for key, matters in all_of_matters.items()},
        required=frozenset(required),
        computed={key: value for key, value in ground.computed.items() if key in wanted},
        computable=computable,
        produced=frozenset(produced),
    )


def _chosen(ground: Ground, choice: Choice) -> Iterable[Matter]:
    return (ground.thing.matters[code] for code in choice.chosen)


def _instances_needed(ground: Ground, matter: Matter, need: FactNeed) -> Iterable[str]:
    role, _, name = need.fact.partition(".")
    for instance in ground.instances(role):
        if ground.decide_for(need.when, matter.code, role, instance) is True:
            yield f"{instance}.{name}"


def _place(ground: Ground) -> Any:
    """Roles in the catalog's order, the application's own facts last; facts in the dictionary's."""
    roles = {role: place for place, role in enumerate(ground.thing.roles)}
    roles[APPLICATION] = len(roles)
    facts = {fact: place for place, fact in enumerate(ground.catalog.facts)}

    def place(key: str) -> tuple[int, str, int]:
        role, _, name = key.partition(".")
        base, _, number = role.partition("[")
        kind = ground.thing.roles[base].kind
        return roles[base], number.rjust(6, "0"), facts.get(f"{kind}.{name}", 0)

    return place
