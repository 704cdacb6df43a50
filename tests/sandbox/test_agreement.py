"""The sandbox holds what the county's catalog counts on: every source, fact, licence and result."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from onething.domain.catalog import Catalog, Matter
from onething.packs.reading import load_pack
from partner_api.schemas import KINDS, PartEvent
from sandbox.habits import Habit, read_habit
from sandbox.parts import Part, make_event
from sandbox.people import World, load_world
from sandbox.registers import REGISTERS, Query
from sandbox.results import issue_result
from sandbox.tokens import DEPARTMENTS

ELABORATE = read_habit(
    Habit(),
    {
        "suspend": {"cause": "expert_review", "lasting": {"working_days": 5}},
        "extend": {"days": 10, "reason": {"code": "complex", "zh": "情况复杂", "en": "It is complex"}},
    },
)
PACK = Path(__file__).parents[2] / "catalog" / "xinxian"
FACTS = {
    "child.birth_on": "2026-11-11",
    "child.sex": "2",
    "applicant.id_number": "41159919780915013X",
    "applicant.disability_kind": "4",
    "applicant.disability_level": "2",
    "man.id_number": "411599199706212038",
    "woman.id_number": "411599199802112045",
    "marriage.wished_on": "2026-12-12",
    "host.address": "河南省信阳市新县郭家河乡莲花村大湾组11号",
    "host.household_number": "411599000207",
    "house.unit_number": "411599001001GB00001F00010023",
    "house.certificate_number": "豫（2019）新县不动产权第0000101号",
    "sale.price": "450000",
    "sale.contract_number": "CLF411599202611000087",
    "enterprise.name": "新县清水塘食品有限公司",
    "enterprise.address": "河南省信阳市新县新集镇解放路1号",
}


def _load() -> Catalog:
    pack = load_pack(PACK)
    assert pack.catalog is not None, pack.problems
    return pack.catalog


CATALOG = _load()
MATTERS = [(thing.code, code) for thing in CATALOG.things.values() for code in thing.matters]


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.mark.parametrize("source", sorted(set(CATALOG.sources) - {"id_card", "e_licences"}))
def test_every_source_yields_every_fact_it_is_said_to(source: str, world: World) -> None:
    (asks,) = CATALOG.sources[source].asks
    numbers = [
        getattr(each, asks.removeprefix("self."), "") for each in [*world.people.values(), *world.enterprises]
    ]
    records = [REGISTERS[source](Query(world, {asks: number})) for number in numbers]
    held = [record for record in records if record]
    assert len(held) > 0
    assert set(CATALOG.sources[source].yields) <= {fact for record in held for fact in record.facts}
    assert set(CATALOG.sources[source].proves) <= {slot for record in held for slot in record.proves}


@pytest.mark.parametrize(("thing", "code"), MATTERS)
def test_a_completed_matter_brings_what_it_is_said_to_produce(thing: str, code: str) -> None:
    matter: Matter = CATALOG.things[thing].matters[code]
    needed = {need.fact for need in matter.facts}
    result = issue_result(
        thing, code, "part-1", {key: value for key, value in FACTS.items() if key in needed}
    )
    assert set(matter.produces_facts) <= set(result["facts"])
    documents = {(document["document"], document["of"]) for document in result["documents"]}
    assert set(matter.produces_documents) <= documents


@pytest.mark.parametrize(("thing", "code"), MATTERS)
def test_the_partner_door_understands_what_departments_report(thing: str, code: str) -> None:
    body = {"part": "part-0001", "thing": thing, "matter": code, "facts": FACTS, "materials": []}
    now = datetime.fromisoformat("2026-11-23T10:20:30.123+08:00")
    part = Part("GA-1", "GA", "part-0001", body, now.isoformat())
    for kind in KINDS:
        event = make_event(part, kind, ELABORATE, now)
        assert PartEvent().load(json.loads(json.dumps(event.body)))["kind"] == kind


def test_every_department_has_a_token() -> None:
    assert {CATALOG.things[thing].matters[code].department for thing, code in MATTERS} <= set(DEPARTMENTS)
