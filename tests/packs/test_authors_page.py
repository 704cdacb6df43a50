"""The worked example of the page for authors is a whole one-thing that passes the check and plans."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from onething.cli.catalog import problems_of, source_table
from onething.domain.catalog import Catalog
from onething.domain.plan import Plan, make_plan
from onething.domain.situation import Situation
from onething.packs.reading import load_pack

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("packs") / "with-example"
    shutil.copytree(ROOT / "catalog" / "xinxian", folder)
    page = (ROOT / "docs" / "catalog.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        name, _, act = block.splitlines()[0].removeprefix("# ").partition(": ")
        path = folder / name
        path.write_text((path.read_text(encoding="utf-8") if act == "add" else "") + block, encoding="utf-8")
    pack = load_pack(folder)
    assert problems_of(pack) == []
    assert pack.catalog is not None
    return pack.catalog


def test_the_page_lists_what_the_gateway_tells(catalog: Catalog) -> None:
    page = (ROOT / "docs" / "catalog.md").read_text(encoding="utf-8")
    listed = page.partition("<!-- sources of catalog/xinxian -->\n")[2].partition("\n<!-- end")[0]
    assert listed.splitlines() == list(source_table(catalog))


def test_insurance_comes_after_the_registration_it_rests_on(catalog: Catalog) -> None:
    plan = plan_with(catalog)
    assert set(plan.order.waves[0]) == {"JOB-NEW"}
    assert plan.order.waits_for["MEDICAL"] == ("JOB-NEW",)  # bound with the one that says so


def plan_with(catalog: Catalog, **situation: object) -> Plan:
    return make_plan(catalog, "E-STAFF", Situation(**situation))  # type: ignore[arg-type]


def test_each_employee_is_asked_once_however_many_matters_want_it(catalog: Catalog) -> None:
    plan = plan_with(catalog, counts={"employees": 2})
    asked = [each.fact for each in plan.ask]
    assert sorted(key for key in asked if key.startswith("employees")) == [
        "employees[0].id_number",
        "employees[0].name",
        "employees[1].id_number",
        "employees[1].name",
    ]
    assert len(plan.wanted_by["employees[1].name"]) == 4
    assert not any(key.startswith("enterprise.") for key in asked)


def test_the_answer_chooses_between_the_alternatives(catalog: Catalog) -> None:
    paper = plan_with(catalog)
    platform = plan_with(catalog, known={"staffing.by_platform": True})
    assert "CONTRACT-PAPER" in paper.chosen
    assert "contract" in {each.material for each in paper.materials}
    assert "CONTRACT-PLATFORM" in platform.chosen
    assert "contract" not in {each.material for each in platform.materials}
    assert paper.end.path_calendar_days == 20


def test_bound_matters_come_together_and_a_base_is_always_chosen(catalog: Catalog) -> None:
    plan = plan_with(catalog, chosen=frozenset({"PENSION"}))
    assert {"PENSION", "MEDICAL", "JOB-NEW"} <= set(plan.chosen)
    assert {"JOB-NEW", "JOB-CHANGE"} - set(plan.chosen) == {"JOB-CHANGE"}
