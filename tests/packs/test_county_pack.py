"""The county's own pack: it passes, holds what it must, and its guides are whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onething.cli.catalog import problems_of
from onething.domain.catalog import Catalog, Label
from onething.domain.flow import edges_of, waits_of, waves_of
from onething.domain.guide import build_guide
from onething.domain.plan import make_plan
from onething.domain.situation import Outcome, Situation
from onething.packs.calendar import read_calendar
from onething.packs.differences import read_differences
from onething.packs.reading import LoadedPack, load_pack

THINGS = (
    "P-NEWBORN",
    "P-FLEXJOB",
    "P-MARRIAGE",
    "P-DISABILITY",
    "P-VETERAN",
    "P-HOUSE-TRANSFER",
    "P-RETIRE",
    "P-AFTER-DEATH",
    "E-START",
    "E-RESTAURANT",
    "E-HIRE",
    "E-REAL-ESTATE",
    "E-SIMPLE-CANCEL",
)
# no place that publishes what the reform changed was found for these
UNMEASURED = {"P-FLEXJOB", "P-HOUSE-TRANSFER", "E-START", "E-REAL-ESTATE", "E-SIMPLE-CANCEL"}
MOTHER = {"mother.sex": "2", "mother.id_number": "411599199403050025"}


@pytest.fixture(scope="module")
def pack() -> LoadedPack:
    return load_pack(Path(__file__).parents[2] / "catalog" / "xinxian")


@pytest.fixture(scope="module")
def catalog(pack: LoadedPack) -> Catalog:
    assert problems_of(pack) == []
    assert pack.catalog is not None
    return pack.catalog


def test_the_first_screen_begins_with_the_birth(catalog: Catalog) -> None:
    assert tuple(catalog.things) == THINGS


@pytest.mark.parametrize("code", THINGS)
def test_the_guide_has_every_element(catalog: Catalog, code: str) -> None:
    guide = build_guide(catalog, code, 7)
    assert guide["revision"] == 7
    for key in (
        "legal_basis",
        "conditions",
        "materials",
        "process",
        "results",
        "windows",
        "departments",
        "matters",
    ):
        assert guide[key], key
    assert (guide["before_after"] is None) is (code in UNMEASURED)
    assert all(each["how_zh"] and each["why_zh"] and each["why_en"] for each in guide["materials"])
    assert all(each["limit_promised_zh"] or each["code"] in _outside(guide) for each in guide["matters"])
    assert not list(_empty(guide))


def _outside(guide: dict[str, Any]) -> set[str]:
    return {each["matter"] for each in guide["promise_excludes"]}


def _empty(value: Any, path: str = "") -> Any:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _empty(below, f"{path}.{key}")
    elif isinstance(value, list):
        for at, below in enumerate(value):
            yield from _empty(below, f"{path}[{at}]")
    elif value == "":
        yield path


def test_the_guide_says_when_a_paper_is_wanted(catalog: Catalog) -> None:
    materials = {each["id"]: each for each in build_guide(catalog, "P-NEWBORN", 1)["materials"]}
    assert materials["hukou"]["when_zh"] == "办理“出生登记（户口登记）”时，且孩子随谁落户为“随母亲”"
    assert materials["ethnic"]["when_en"].endswith("Mother's ethnicity and Father's ethnicity are different")
    assert materials["birth_certificate"]["how"] == "inside"
    assert materials["birth_certificate"]["why_zh"] == "由本次办理的“出生医学证明首次签发”产生"
    assert materials["marriage"]["why_zh"] == "调取电子结婚证；查不到时再提交"
    assert materials["app_form"]["when_zh"] is None


def test_the_birth_certificate_leads_to_the_household_and_that_to_the_rest(catalog: Catalog) -> None:
    thing = catalog.things["P-NEWBORN"]
    edges = {(edge.before, edge.after): edge for edge in edges_of(catalog, thing)}
    assert edges["BIRTH-CERT", "HUKOU"].kind == "data"
    assert edges["BIRTH-CERT", "HUKOU"].why == Label("出生医学证明", "Birth certificate")
    waves = waves_of(waits_of(thing, edges.values()))
    assert [set(wave) for wave in waves] == [
        {"BIRTH-CERT", "VACCINE", "MATERNITY-PAY", "PARENTING"},
        {"HUKOU"},
        {"MED-INS", "SS-CARD", "CHILD-ALLOWANCE"},
    ]


def test_a_birth_asks_for_little(catalog: Catalog) -> None:
    plan = make_plan(catalog, "P-NEWBORN")
    assert [each.fact for each in plan.ask] == ["child.name", "application.mobile"]
    assert plan.authorisations == ("father",)
    assert all(each.state != "to_submit" for each in plan.materials)


def test_ethnicity_follows_from_parents_who_agree_and_is_asked_otherwise(catalog: Catalog) -> None:
    same = make_plan(catalog, "P-NEWBORN", Situation({"mother.ethnicity": "01", "father.ethnicity": "01"}))
    other = make_plan(catalog, "P-NEWBORN", Situation({"mother.ethnicity": "11", "father.ethnicity": "01"}))
    assert same.computed["child.ethnicity"] == "01"
    assert "ethnic" not in {each.material for each in same.materials}
    assert "child.ethnicity" in {each.fact for each in other.ask}
    assert "ethnic" in {each.material for each in other.materials}


def test_a_father_applies_with_a_mandate(catalog: Catalog) -> None:
    plan = make_plan(catalog, "P-NEWBORN", Situation({"holder.sex": "1"}))
    assert plan.holder == "father"
    assert "poa" in {each.material for each in plan.materials}
    assert "mother" in plan.authorisations


def test_nobody_asks_about_the_father_before_his_card(catalog: Catalog) -> None:
    plan = make_plan(catalog, "P-NEWBORN", Situation(MOTHER))
    about_him = [call for wave in plan.fetch for call in wave if call.about == "father"]
    assert about_him
    assert all(call.authorised_by == "father" for call in about_him)


def test_insurance_needs_the_household_or_the_childs_number(catalog: Catalog) -> None:
    wish = frozenset({"MED-INS"})
    without = make_plan(catalog, "P-NEWBORN", Situation(chosen=wish))
    known = make_plan(catalog, "P-NEWBORN", Situation({"child.id_number": "411599202611110021"}, wish))
    assert [(each.reason, each.matters) for each in without.conflicts] == [
        ("matter_needed", ("MED-INS", "HUKOU"))
    ]
    assert known.conflicts == ()


def test_a_birth_certificate_in_hand_is_asked_for_instead(catalog: Catalog) -> None:
    plan = make_plan(catalog, "P-NEWBORN", Situation(chosen=frozenset({"HUKOU"})))
    by_id = {each.material: each for each in plan.materials}
    assert by_id["birth_certificate"].state in ("to_check", "to_submit")
    assert "child.birth_certificate_number" in {each.fact for each in plan.ask}


def test_an_unnatural_death_is_for_the_window(catalog: Catalog) -> None:
    plan = make_plan(catalog, "P-AFTER-DEATH", Situation({"deceased.death_kind": "abnormal"}))
    assert [reason.zh for reason in plan.counter_only] == ["非正常死亡需要到公安机关和综合窗口现场办理"]


def test_the_household_register_names_the_deceased_and_then_the_others_may_be_asked(catalog: Catalog) -> None:
    waves = make_plan(catalog, "P-AFTER-DEATH").fetch
    place = {call.id: at for at, wave in enumerate(waves) for call in wave}
    assert place["household_register:applicant"] < place["death_register:deceased"]


def test_the_register_tells_the_relation_the_other_way_round(catalog: Catalog) -> None:
    before = make_plan(catalog, "P-AFTER-DEATH")
    widow = make_plan(catalog, "P-AFTER-DEATH", Situation({"deceased.relation": "spouse"}))
    daughter = make_plan(catalog, "P-AFTER-DEATH", Situation({"deceased.relation": "parent"}))
    unknown = make_plan(
        catalog, "P-AFTER-DEATH", Situation(outcomes={"household_register:applicant": Outcome.NOT_HELD})
    )
    assert "application.relation" not in {each.fact for each in before.ask}
    assert widow.computed["application.relation"] == "spouse"
    assert daughter.computed["application.relation"] == "child"
    assert "application.relation" in {each.fact for each in unknown.ask}


def test_one_certificate_matter_comes_first_and_a_valid_one_waives_it(catalog: Catalog) -> None:
    new = make_plan(catalog, "P-DISABILITY")
    held = make_plan(catalog, "P-DISABILITY", Situation({"application.has_certificate": True}))
    assert "CERT-NEW" in new.order.waits_for["LIVING-ALLOWANCE"]
    assert {"LIVING-ALLOWANCE", "CARE-ALLOWANCE"} == set(held.chosen)
    assert held.conflicts == ()
    two = make_plan(catalog, "P-DISABILITY", Situation(chosen=frozenset({"CERT-NEW", "CERT-RENEW"})))
    assert len([code for code in two.chosen if code.startswith("CERT-")]) == 1


def test_the_register_shows_a_valid_certificate(catalog: Catalog) -> None:
    known = {"application.has_certificate": True}
    plan = make_plan(
        catalog,
        "P-DISABILITY",
        Situation(known, outcomes={"disability_register:applicant": Outcome.FOUND}),
    )
    assert {each.material: each.state for each in plan.materials}["certificate"] == "met"


def test_the_commitment_decides_the_fire_check(catalog: Catalog) -> None:
    promised = make_plan(catalog, "E-RESTAURANT")
    general = make_plan(catalog, "E-RESTAURANT", Situation({"application.fire_commitment": False}))
    assert "FIRE-PROMISE" in promised.chosen
    assert "FIRE-GENERAL" in general.chosen
    assert not any(each.fact.startswith("enterprise.") for each in promised.ask)
    waits = promised.order.waits_for
    assert all(waits[code] == ("LIC-CHECK",) for code in ("FOOD", "FIRE-PROMISE", "SIGN"))


def test_every_named_code_is_one(catalog: Catalog) -> None:
    assert len(catalog.code_sets["ethnicity"]) == 58
    assert all(
        matter.basic_code is None for thing in catalog.things.values() for matter in thing.matters.values()
    )


def test_differences_name_what_the_pack_holds(pack: LoadedPack, catalog: Catalog) -> None:
    differences = read_differences(pack.data["differences"])
    assert {each.thing for each in differences} == set(THINGS)
    assert all(each.reason for each in differences)
    for thing in catalog.things.values():
        if thing.promise.override_by is not None:
            assert thing.promise.override_by == catalog.departments["XZSP"].label.zh


def test_the_calendar_knows_three_years(pack: LoadedPack) -> None:
    calendar = read_calendar(pack.data["calendar"])
    assert sorted(calendar.years) == [2024, 2025, 2026]
    assert {year: len(each.off) for year, each in calendar.years.items()} == {2024: 28, 2025: 28, 2026: 33}
