"""Working procedures, handbook and lists say what the catalog says, and nothing else."""

from __future__ import annotations

import copy
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from onething.domain.catalog import Catalog, Label, ListStatus
from onething.domain.flow import edges_of
from onething.domain.handbook import handbook_of
from onething.domain.procedures import Procedure, procedure_of
from onething.domain.service_lists import list_services
from onething.packs.reading import load_pack, read_catalog

DATA = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian").data
CATALOG = read_catalog(DATA)
MATTERS = [(thing, code) for thing in CATALOG.things for code in CATALOG.things[thing].matters]
CHINESE = re.compile("[\u4e00-\u9fff]")


def procedure(thing: str, matter: str, catalog: Catalog = CATALOG) -> Procedure:
    return procedure_of(catalog, catalog.things[thing], catalog.things[thing].matters[matter])


def labels_in(value: Any) -> list[dict[str, str]]:
    """Every label in plain data."""
    if isinstance(value, dict):
        if value.keys() == {"zh", "en"}:
            return [value]
        return [label for each in value.values() for label in labels_in(each)]
    if isinstance(value, list | tuple):
        return [label for each in value for label in labels_in(each)]
    return []


@pytest.mark.parametrize(("thing", "matter"), MATTERS)
def test_every_matter_has_its_procedure_in_both_languages(thing: str, matter: str) -> None:
    made = procedure(thing, matter)
    for label in labels_in(asdict(made)):
        assert label["zh"].strip()
        assert label["en"].strip()
        assert not CHINESE.search(label["en"]), label
    assert [step.name.zh for step in made.steps if step.name.zh not in ("联合勘验", "联合评审")] == [
        "收件",
        "受理",
        "派件",
        "办理",
        "回传",
        "出件",
    ]
    expected = {need.material for need in CATALOG.things[thing].matters[matter].materials}
    assert {material.id for material in made.materials} == expected


@pytest.mark.parametrize("code", list(CATALOG.things))
def test_what_a_matter_waits_for_is_what_the_flow_says(code: str) -> None:
    thing = CATALOG.things[code]
    edges = {(edge.before, edge.after) for edge in edges_of(CATALOG, thing)}
    for matter in thing.matters.values():
        before = [thing.matters[each].label for each, after in sorted(edges) if after == matter.code]
        told = [rule.name for rule in procedure(code, matter.code).waits_for]
        assert sorted(label.zh for label in told) == sorted(label.zh for label in before)


def test_the_food_licence_is_seen_on_the_spot_and_supervised_afterwards() -> None:
    made = procedure("E-RESTAURANT", "FOOD")
    visit = next(step for step in made.steps if step.name.zh == "联合勘验")
    assert visit.by.zh == "市场监督管理局、消防救援大队、城市管理局"
    assert made.fee == Label("不收费", "Free of charge")
    assert made.promised == Label("10个工作日", "10 working days")
    assert [label.zh for label in made.afterwards] == ["办结后推送市场监督管理局监管，签收后回传检查情况"]


def test_a_matter_by_commitment_is_decided_on_the_word_and_checked_later() -> None:
    made = procedure("E-RESTAURANT", "FIRE-PROMISE")
    decide = next(step for step in made.steps if step.name.zh == "办理")
    assert "告知承诺书" in decide.does.zh
    assert any("重点核查" in label.zh for label in made.afterwards)
    assert made.choosing.zh == "“消防安全检查方式”选一项"


def test_a_denial_names_those_that_rest_on_it() -> None:
    denial = next(
        rule for rule in procedure("E-RESTAURANT", "LIC-CHECK").exceptions if rule.name.zh == "不予办理"
    )
    assert "“食品经营许可（新办）”" in denial.text.zh
    free = next(rule for rule in procedure("E-RESTAURANT", "SIGN").exceptions if rule.name.zh == "不予办理")
    assert "停止" not in free.text.zh


def test_a_paper_that_may_follow_says_what_to_do_meanwhile() -> None:
    data = copy.deepcopy(dict(DATA))
    data["things"]["E-RESTAURANT"]["materials"]["rules"]["necessity"] = "3"
    made = procedure("E-RESTAURANT", "FOOD", read_catalog(data))
    rules = next(material for material in made.materials if material.id == "rules")
    assert rules.necessity.zh == "可容缺后补"
    assert rules.tolerance is not None
    assert all(material.tolerance is None for material in made.materials if material.id != "rules")


def test_a_paper_government_holds_says_why_it_is_not_asked_for() -> None:
    licence = next(each for each in procedure("E-RESTAURANT", "FOOD").materials if each.id == "licence")
    assert [way.zh for way in licence.ways] == ["调取电子营业执照", "经营主体登记信息核验", "需要提交"]
    assert licence.why.zh == "政府已有电子证照，免提交，查不到时再请申请人提供"
    assert {label.zh for label in licence.wanted_by} == {"营业执照信息核验", "食品经营许可（新办）"}


@pytest.mark.parametrize("code", list(CATALOG.things))
def test_the_order_of_a_handbook_holds_every_matter_once_and_late_enough(code: str) -> None:
    thing = CATALOG.things[code]
    handbook = handbook_of(CATALOG, thing, 1)
    names = [rule.name.zh for wave in handbook.order for rule in wave]
    assert sorted(names) == sorted(matter.label.zh for matter in thing.matters.values())
    place = {rule.name.zh: at for at, wave in enumerate(handbook.order) for rule in wave}
    for edge in edges_of(CATALOG, thing):
        assert place[thing.matters[edge.before].label.zh] < place[thing.matters[edge.after].label.zh]


@pytest.mark.parametrize("code", list(CATALOG.things))
def test_a_handbook_says_where_the_window_alone_serves(code: str) -> None:
    handbook = handbook_of(CATALOG, CATALOG.things[code], 1)
    assert [rule.text for rule in handbook.counter_only] == [
        each.reason for each in CATALOG.things[code].counter_only
    ]


def test_what_does_not_say_so_is_on_no_list() -> None:
    data = copy.deepcopy(dict(DATA))
    del data["things"]["P-NEWBORN"]["listing"]
    data["things"]["P-DISABILITY"]["listing"]["status"] = "trial"
    services = list_services(read_catalog(data), "person", 1)
    assert "P-NEWBORN" not in [row.code for row in services.rows]
    trial = next(row for row in services.rows if row.code == "P-DISABILITY")
    assert trial.status == Label("试运行", "On trial")
    assert ListStatus.TRIAL == "trial"
    assert [row.position for row in services.rows] == list(range(1, len(services.rows) + 1))


def test_the_lead_department_is_not_named_among_the_joint_ones() -> None:
    for audience in ("person", "enterprise"):
        for row in list_services(CATALOG, audience, 1).rows:
            assert row.lead not in row.joint
            assert len(set(row.joint)) == len(row.joint)
