"""Facts on which something depends: what a condition of a one-thing reads, decided or not."""

from __future__ import annotations

from collections.abc import Iterable

from onething.domain.catalog import Catalog, Thing
from onething.domain.plan import conditions_of


def deciding_facts(catalog: Catalog, thing: Thing) -> frozenset[str]:
    """Every ``role.fact`` that a condition of this one-thing reads.

    A decided condition wants its facts no more, but what a person answered stays theirs to change.
    """
    conditions = conditions_of(catalog, thing)
    texts = {text for text in _texts(thing) if text is not None}
    return frozenset().union(*(conditions.compile(text).reads for text in texts))


def _texts(thing: Thing) -> Iterable[str | None]:
    yield from (each.when for each in thing.counter_only)
    yield from (question.when for question in thing.questions)
    yield from (material.when for material in thing.materials.values())
    yield from (group.waived_when for group in thing.groups.values())
    for matter in thing.matters.values():
        yield matter.when
        yield from (need.when for need in matter.facts)
        yield from (need.when for need in matter.materials)
        yield from (need.unless for need in matter.requires)
