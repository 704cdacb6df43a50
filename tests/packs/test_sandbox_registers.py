"""The county's sources and the sandbox's registers speak the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from onething.domain.catalog import Catalog
from onething.domain.plan_materials import E_LICENCES
from onething.domain.plan_sources import CARD
from onething.packs.reading import load_pack
from sandbox.people import load_world
from sandbox.registers import REGISTERS, Query


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    pack = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian")
    assert pack.catalog is not None
    return pack.catalog


def test_every_source_is_a_register_there(catalog: Catalog) -> None:
    assert set(REGISTERS) == set(catalog.sources) - {CARD, E_LICENCES}


@pytest.mark.parametrize("register", sorted(REGISTERS))
def test_each_fact_a_source_yields_is_told_about_somebody(catalog: Catalog, register: str) -> None:
    world = load_world()
    told: dict[str, object] = {}
    (asks,) = catalog.sources[register].asks
    for each in [*world.people.values(), *world.enterprises]:
        number = getattr(each, asks.removeprefix("self."), "")
        record = REGISTERS[register](Query(world, {asks: number}))
        if record is not None:
            told |= record.facts
    source = catalog.sources[register]
    assert set(source.yields) <= set(told)
    for word in source.yields:
        slot, _, name = word.partition(".")
        fact = catalog.facts[f"{source.slots[slot]}.{name}"]
        if fact.code_set is not None:
            assert told[word] in catalog.code_sets[fact.code_set]
