"""Any valid pack gives a plan and a guide, and survives being stored as JSON."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onething.domain.catalog_checks import check_catalog
from onething.domain.flow import edges_of, waits_of, waves_of
from onething.domain.guide import build_guide
from onething.domain.plan import make_plan
from onething.domain.situation import Situation
from onething.packs.reading import read_catalog
from tests.packs.strategies import packs

_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@_SETTINGS
@given(packs())
def test_a_random_pack_passes_the_check_and_stays_itself_as_json(data: dict[str, Any]) -> None:
    catalog = read_catalog(data)
    assert check_catalog(catalog) == []
    again = read_catalog(json.loads(json.dumps(data)))
    for each in fields(catalog):
        assert getattr(again, each.name) == getattr(catalog, each.name)


@_SETTINGS
@given(packs())
def test_plan_and_guide_agree_on_the_order(data: dict[str, Any]) -> None:
    catalog = read_catalog(data)
    plan = make_plan(catalog, "P-RANDOM")
    thing = catalog.things["P-RANDOM"]
    waves = waves_of(waits_of(thing, edges_of(catalog, thing)))
    place = {code: at for at, wave in enumerate(waves) for code in wave}
    for code, waits in plan.order.waits_for.items():
        assert all(place[before] < place[code] for before in waits)
    guide = build_guide(catalog, "P-RANDOM", 1)
    assert {each["code"] for each in guide["matters"]} == set(thing.matters)
    for planned in plan.materials:
        told = next(each for each in guide["materials"] if each["id"] == planned.material)
        assert told["why_zh"]
        assert told["why_en"]


@_SETTINGS
@given(packs(), st.integers(1, 5))
def test_every_fact_of_a_repeating_role_is_some_persons(data: dict[str, Any], number: int) -> None:
    plan = make_plan(read_catalog(data), "P-RANDOM", Situation(counts={"staff": number}))
    people = {key.partition(".")[0] for key in plan.form if key.startswith("staff")}
    assert people in (set(), {f"staff[{at}]" for at in range(number)})
    assert {each.fact for each in plan.ask} <= set(plan.form)
