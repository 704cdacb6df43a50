"""A role that repeats, person by person: conditions, what is produced, papers met by data, results."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onething.cli.catalog import problems_of
from onething.domain.catalog import Catalog
from onething.domain.plan import Plan, make_plan
from onething.domain.situation import Outcome, Right, Situation
from onething.packs.reading import load_pack
from onething.services import attaching, filling, handling
from onething.worker import Worker
from sandbox.running import RunningSandbox, run_sandbox
from tests.packs.test_hiring import PACK, ready
from tests.services.county import County
from tests.services.test_pages import page

THING = "things/E-ONBOARD.yaml"
CHANGES = {
    # women tell when they were born, and each gets a number of her own from the registration
    "facts: [enterprise.uscc, employees.name, employees.id_number, employees.contract_term,": (
        "facts: [enterprise.uscc, employees.file_number, {fact: employees.birth_on, "
        "when: 'employees.sex == \"2\"'}, employees.id_number, employees.contract_term,"
    ),
    "    materials: [staff_list]\n    limits:\n": (
        "    materials: [staff_list, cards]\n    produces: {facts: [employees.file_number]}\n    limits:\n"
    ),
    "materials:\n  staff_list:": (
        "materials:\n  cards: {zh: 身份证, en: ID cards, document: id_card, of: employees, "
        "met_by: [e_licence, data: population_register, submit]}\n  staff_list:"
    ),
}
FILE_NUMBER = (
    "  file_number: {zh: 用工档案号, en: File number, type: text, sensitivity: personal}\nenterprise:\n"
)


def write_changed(folder: Path) -> Path:
    shutil.copytree(PACK, folder)
    text = (folder / THING).read_text(encoding="utf-8")
    for old, new in CHANGES.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / THING).write_text(text, encoding="utf-8")
    facts = (folder / "facts.yaml").read_text(encoding="utf-8")
    (folder / "facts.yaml").write_text(facts.replace("enterprise:\n", FILE_NUMBER), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_changed(tmp_path_factory.mktemp("packs") / "hiring")


@pytest.fixture(scope="module")
def catalog(folder: Path) -> Catalog:
    pack = load_pack(folder)
    assert problems_of(pack) == []
    assert pack.catalog is not None
    return pack.catalog


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def planned(catalog: Catalog, known: dict[str, Any] | None = None, **situation: Any) -> Plan:
    return make_plan(catalog, "E-ONBOARD", Situation(known=known or {}, counts={"employees": 2}, **situation))


def declined() -> dict[str, Right]:
    return {f"employees[{number}]": Right.DECLINED for number in range(2)}


def test_a_need_is_decided_for_each_person_by_their_own_facts(catalog: Catalog) -> None:
    plan = planned(catalog, {"employees[0].sex": "1", "employees[1].sex": "2"}, rights=declined())
    assert "employees[0].birth_on" not in plan.form
    assert "employees[1].birth_on" in plan.form


def test_what_decides_it_is_asked_of_each_person_it_is_not_known_of(catalog: Catalog) -> None:
    without = [code for code in catalog.get_thing("E-ONBOARD").matters if code != "JOB-DIRECT"]
    plan = planned(catalog, {"employees[0].sex": "1"}, rights=declined(), chosen=frozenset(without))
    asked = {each.fact for each in plan.ask}
    assert "employees[1].sex" in asked
    assert not {"employees[0].sex", "employees.sex"} & asked


def test_a_result_of_each_person_is_not_asked_and_is_waited_for(catalog: Catalog) -> None:
    plan = planned(catalog)
    assert not [key for key in plan.form if key.endswith("file_number")]
    assert "JOB-DIRECT" in plan.order.waits_for["CONTRACT-FILE"]
    filing = next(matter for matter in plan.matters if matter.code == "CONTRACT-FILE")
    assert {"employees[0].file_number", "employees[1].file_number"} <= set(filing.needs)


@pytest.mark.parametrize(
    ("licences", "records", "expected"),
    [
        (("found", "found"), (), ("e_licence", "met")),
        (("found", None), (), ("e_licence", "to_check")),
        (("found", "not_held"), (), ("data", "to_check")),
        (("found", "not_held"), ("found", "found"), ("data", "met")),
        (("found", "not_held"), ("found", "unavailable"), ("submit", "to_submit")),
    ],
)
def test_a_paper_of_several_people_is_met_for_all_or_handed_in(
    licences: tuple[str | None, ...],
    records: tuple[str, ...],
    expected: tuple[str, str],
    catalog: Catalog,
) -> None:
    calls = {f"e_licences:id_card:employees[{at}]": said for at, said in enumerate(licences)}
    calls |= {f"population_register:employees[{at}]": said for at, said in enumerate(records)}
    plan = planned(
        catalog,
        {f"employees[{at}].id_number": "x" for at in range(2)},
        rights={f"employees[{at}]": Right.PROVEN for at in range(2)},
        outcomes={call: Outcome(said) for call, said in calls.items() if said},
    )
    cards = next(each for each in plan.materials if each.material == "cards")
    assert (cards.how.value, cards.state) == expected


def test_a_department_numbers_each_person_of_the_case_and_nobody_else(
    folder: Path, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    with County(f"sqlite:///{tmp_path / 'onething.sqlite'}", sandbox, tmp_path, folder) as county:
        session = county.sign_in("owner", "owner")
        draft = ready(county, session)
        # One of the three came without a card: her birthday is typed, and all cards are handed in.
        assert [each["id"] for each in draft["missing"]] == ["employees[2].birth_on", "cards"]
        filling.fill(county.ports, session, draft["id"], {"employees[2].birth_on": "1999-03-03"})
        attaching.add_paper(county.ports, session, draft["id"], "cards", page())
        county.submit(session, draft)
        Worker(county.ports, "test").work_once()
        parts = [p["body"] for p in sandbox.list_parts() if p["body"]["matter"] == "JOB-DIRECT"]
        numbers = {f"employees[{at}].file_number": f"XX{at}" for at in range(9)}
        handling.take_event(
            county.ports,
            "RS",
            {
                "event_id": "numbered",
                "part": parts[-1]["part"],
                "kind": "completed",
                "at": "2026-11-23T10:00:00+08:00",
                "result": {"facts": {**numbers, "employees.file_number": "XX"}, "documents": []},
            },
        )
        Worker(county.ports, "test").work_once()
        filings = [p["body"] for p in sandbox.list_parts() if p["body"]["matter"] == "CONTRACT-FILE"]
    told = {key: value for key, value in filings[-1]["facts"].items() if key.endswith("file_number")}
    assert told == {f"employees[{at}].file_number": f"XX{at}" for at in range(3)}
