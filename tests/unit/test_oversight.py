"""Approvals reach those who watch over them; what was granted on a commitment is marked."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from onething.domain.catalog import Catalog
from onething.domain.oversight import OversightItem, oversight_of
from onething.domain.plan import make_plan
from onething.domain.situation import Situation
from onething.packs.reading import load_pack, read_catalog

DATA = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian").data
THING = "E-RESTAURANT"


def items(catalog: Catalog, **situation: Any) -> tuple[OversightItem, ...]:
    plan = json.loads(json.dumps(make_plan(catalog, THING, Situation(**situation)).to_json(), default=str))
    return oversight_of(catalog, catalog.things[THING], plan)


def test_the_fire_check_by_commitment_is_marked() -> None:
    assert items(read_catalog(DATA), known={"application.fire_commitment": True}) == (
        OversightItem("FOOD", "SJ", on_commitment=False),
        OversightItem("FIRE-PROMISE", "XF", on_commitment=True),
        OversightItem("SIGN", "CG", on_commitment=False),
    )


def test_the_general_procedure_is_not_marked_and_what_was_left_out_is_not_sent() -> None:
    chosen = frozenset({"LIC-CHECK", "FOOD", "FIRE-GENERAL"})
    assert items(read_catalog(DATA), known={"application.fire_commitment": False}, chosen=chosen) == (
        OversightItem("FOOD", "SJ", on_commitment=False),
        OversightItem("FIRE-GENERAL", "XF", on_commitment=False),
    )


def test_a_material_met_by_a_commitment_marks_the_matters_that_wanted_it() -> None:
    data = copy.deepcopy(dict(DATA))
    data["things"][THING]["materials"]["rules"]["met_by"] = ["commitment"]
    marked = {item.matter: item.on_commitment for item in items(read_catalog(data))}
    assert marked["FOOD"] is True
    assert marked["SIGN"] is False


def test_a_thing_without_supervision_sends_nothing() -> None:
    catalog = read_catalog(DATA)
    plan = make_plan(catalog, "P-NEWBORN").to_json()
    assert oversight_of(catalog, catalog.things["P-NEWBORN"], plan) == ()
