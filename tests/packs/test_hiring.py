"""A pack written by a person who was shown only the page for authors, taken from the check to departments.

The pack in ``hiring/`` stands as it was written: a role that repeats, two kinds of registration of which
one is chosen, two procedures decided by an answer, seven calendar days of public notice, and two matters
that are chosen and handled together. Nothing in the program knows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from onething.cli.catalog import problems_of
from onething.domain.catalog import Catalog
from onething.domain.errors import BadFields, NotFound, WrongPerson
from onething.domain.plan import Plan, make_plan
from onething.domain.records import Session
from onething.domain.situation import Outcome, Right, Situation
from onething.packs.reading import load_pack
from onething.services import attaching, authorising, filling, following
from onething.worker import Worker
from sandbox.running import RunningSandbox, run_sandbox
from tests.services.county import County, field, material
from tests.services.test_pages import page

PACK = Path(__file__).parent / "hiring"
ORDINARY = {"JOB-DIRECT", "CONTRACT-FILE", "PENSION", "MEDICAL", "FUND"}
CAREFUL = {"hiring.hours_system": "flexible", "hiring.by_commitment": False}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    pack = load_pack(PACK)
    assert problems_of(pack) == []
    assert pack.catalog is not None
    return pack.catalog


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def county(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[County]:
    with County(f"sqlite:///{tmp_path / 'onething.sqlite'}", sandbox, tmp_path, PACK) as made:
        yield made


def planned(catalog: Catalog, **situation: Any) -> Plan:
    return make_plan(catalog, "E-ONBOARD", Situation(**situation))


def how_met(plan: Plan, name: str) -> tuple[str, str]:
    each = next(each for each in plan.materials if each.material == name)
    return each.how.value, each.state


def test_what_is_ordinary_runs_in_three_steps(catalog: Catalog) -> None:
    plan = planned(catalog)
    assert set(plan.chosen) == ORDINARY
    assert [set(wave) for wave in plan.order.waves] == [
        {"JOB-DIRECT"},
        {"CONTRACT-FILE", "PENSION", "MEDICAL"},
        {"FUND"},
    ]
    assert [code for code, _ in plan.end.excluded] == ["FUND"]


def test_an_answer_chooses_the_procedure_and_brings_the_seven_days(catalog: Catalog) -> None:
    quick = planned(catalog, known={"hiring.hours_system": "flexible"})
    careful = planned(catalog, known=CAREFUL)
    assert "HOURS-COMMIT" in quick.chosen
    assert "NOTICE" not in quick.chosen
    assert {"NOTICE", "HOURS-GENERAL"} <= set(careful.chosen)
    assert careful.order.waits_for["HOURS-GENERAL"] == ("NOTICE",)
    assert (careful.end.path, careful.end.path_calendar_days) == (("NOTICE", "HOURS-GENERAL"), 7)
    assert how_met(careful, "notice") == ("inside", "inside")
    assert how_met(quick, "commitment") == ("commitment", "met")


def test_bound_matters_come_together_and_one_registration_stays(catalog: Catalog) -> None:
    plan = planned(catalog, chosen=frozenset({"JOB-DISPATCH"}))
    assert {"JOB-DIRECT", "JOB-DISPATCH"} & set(plan.chosen) == {"JOB-DISPATCH"}
    assert {"PENSION", "MEDICAL"} <= set(plan.chosen)
    assert not plan.conflicts
    assert "employees[0].post" not in plan.form  # only the other kind of registration wants it


def test_a_commitment_leaves_out_what_the_register_never_proved(catalog: Catalog) -> None:
    """The enterprise's licence is asked for when neither the register nor a card gives the right."""
    plan = planned(catalog, known=CAREFUL, outcomes={"business_register:representative": Outcome.NOT_HELD})
    assert how_met(plan, "licence") == ("submit", "to_submit")
    assert "enterprise.uscc" in {each.fact for each in plan.ask}


def ready(county: County, session: Session) -> dict[str, Any]:
    """Three employees: two with their own card on the reader, one without; everything typed and signed."""
    draft = county.open(session, "E-ONBOARD")
    draft = filling.count(county.ports, session, draft["id"], "employees", 3)
    draft = county.fetch(session, county.agree(session, draft))
    for number, person in enumerate(("one", "two")):
        draft = authorising.authorise(
            county.ports, session, draft["id"], f"employees[{number}]", county.card("spare", person)
        )
    draft = county.fetch(session, authorising.decline(county.ports, session, draft["id"], "employees"))
    third = county.card("spare", "three")
    values: dict[str, Any] = {
        "employees[2].name": third["name"],
        "employees[2].id_number": third["id_number"],
        "employees[2].sex": "2",
        "application.mobile": "19900000015",
    }
    for number in range(3):
        values |= {
            f"employees[{number}].insured_before": False,
            f"employees[{number}].begins_on": "2026-11-02",
            f"employees[{number}].post": "服务员",
            f"employees[{number}].contract_term": "fixed",
            f"employees[{number}].monthly_wage": "4200",
        }
    draft = filling.fill(county.ports, session, draft["id"], values)
    attaching.add_paper(county.ports, session, draft["id"], "contract", page())
    return county.sign(session, draft)


def words_of(form: bytes) -> str:
    document = pypdfium2.PdfDocument(form)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_three_employees_from_the_card_to_the_departments(county: County) -> None:
    session = county.sign_in("owner", "owner")
    draft = ready(county, session)
    assert draft["missing"] == []
    assert draft["form"]["repeats"] == [
        {"role": "employees", "zh": "新录用员工", "en": "New employee", "count": 3, "least": 1, "most": 30}
    ]
    assert [each["role"] for each in draft["form"]["sections"]] == [
        "enterprise",
        "employees[0]",
        "employees[1]",
        "employees[2]",
        "hiring",
        "application",
    ]
    assert field(draft, "enterprise.uscc")["source"]["id"] == "business_register"
    assert field(draft, "employees[1].name")["state"] == "card"
    assert field(draft, "employees[2].name")["state"] == "typed"
    answer = county.submit(session, draft)
    assert {part["matter_zh"] for part in answer["receipt"]["parts"]} == {
        "就业登记（单位直接招用）",
        "劳动用工备案",
        "企业职工参保登记（养老、失业、工伤）",
        "职工基本医疗保险参保登记（增员）",
        "住房公积金缴存登记（职工账户设立）",
    }
    form = following.get_form(county.ports, session, answer["case_number"])
    assert form.startswith(b"%PDF")
    text = "".join(words_of(form).split())
    for said in ("新录用员工1", "新录用员工2", "新录用员工3", "许安", "许宁", "欧阳小禾"):
        assert said in text
    assert [each["zh"] for each in answer["receipt"]["handed_in"]] == ["劳动合同"]
    assert [each["zh"] for each in answer["receipt"]["exempt"]] == ["录用员工名册", "社会保险参保证明"]
    Worker(county.ports, "test").work_once()
    (part,) = [p["body"] for p in county.sandbox.list_parts() if p["body"]["thing"] == "E-ONBOARD"]
    assert part["matter"] == "JOB-DIRECT"
    names = [part["facts"][f"employees[{number}].name"] for number in range(3)]
    assert names == ["许安", "许宁", "欧阳小禾"]
    assert not any("wage" in key for key in part["facts"])  # another matter's need, not this one's


def test_nobody_is_asked_about_without_their_card(county: County) -> None:
    session = county.sign_in("owner", "owner")
    draft = ready(county, session)
    third = county.card("spare", "three")["id_number"]
    assert draft["missing"] == []
    assert not [call for call in county.sandbox.list_calls() if third in str(call)]


def test_one_card_stands_for_one_employee_and_a_fewer_count_forgets(county: County) -> None:
    session = county.sign_in("owner", "owner")
    draft = county.open(session, "E-ONBOARD")
    draft = filling.count(county.ports, session, draft["id"], "employees", 2)
    ports, draft_id, card = county.ports, draft["id"], county.card("spare", "one")
    authorising.authorise(ports, session, draft_id, "employees[1]", card)
    with pytest.raises(WrongPerson):
        authorising.authorise(ports, session, draft_id, "employees[0]", card)
    for nobody in ("employees[2]", "employees", "employees[x]"):
        with pytest.raises(NotFound):
            authorising.authorise(ports, session, draft_id, nobody, county.card("spare", "two"))
    filling.count(ports, session, draft_id, "employees", 1)
    draft = filling.count(ports, session, draft_id, "employees", 2)
    states = {each["role"]: each["state"] for each in draft["authorisations"]}
    assert states["employees[1]"] == Right.OPEN.value
    assert field(draft, "employees[1].name")["value"] is None
    with pytest.raises(BadFields):
        filling.count(ports, session, draft_id, "employees", 31)


def test_two_employees_are_not_one_person(county: County) -> None:
    session = county.sign_in("owner", "owner")
    draft = county.open(session, "E-ONBOARD")
    filling.count(county.ports, session, draft["id"], "employees", 2)
    number = county.card("spare", "three")["id_number"]
    typed = {"employees[0].id_number": number, "employees[1].id_number": number}
    with pytest.raises(BadFields) as refused:
        filling.fill(county.ports, session, draft["id"], typed)
    assert [(each.field, each.reason) for each in refused.value.fields] == [
        ("employees[1].id_number", "same_person")
    ]
    draft = filling.view_draft(county.ports, session, draft["id"])
    assert field(draft, "employees[0].id_number")["value"] == number
    assert field(draft, "employees[1].id_number")["value"] is None


def test_unticking_takes_its_questions_and_what_rests_on_it_is_told(county: County) -> None:
    session = county.sign_in("owner", "owner")
    draft = county.open(session, "E-ONBOARD")
    draft = filling.choose(county.ports, session, draft["id"], sorted(ORDINARY - {"FUND"}))
    assert "proof" not in {each["id"] for each in draft["materials"]}
    assert not {each["code"] for each in draft["matters"] if each["chosen"]} & {"FUND"}
    draft = filling.choose(county.ports, session, draft["id"], ["JOB-DISPATCH"])
    assert {"JOB-DISPATCH", "PENSION", "MEDICAL"} <= {
        each["code"] for each in draft["matters"] if each["chosen"]
    }
    with pytest.raises(KeyError):
        field(draft, "employees[0].post")


def test_the_alternatives_at_the_kiosk(county: County) -> None:
    session = county.sign_in("owner", "owner")
    draft = county.open(session, "E-ONBOARD")
    draft = filling.fill(county.ports, session, draft["id"], {"hiring.hours_system": "flexible"})
    assert material(draft, "commitment")["state"] == "met"
    draft = filling.fill(county.ports, session, draft["id"], {"hiring.by_commitment": False})
    assert material(draft, "plan")["state"] == "to_submit"
    assert material(draft, "notice")["how"] == "inside"


def test_the_clerk_of_the_enterprise_needs_the_representative(county: County) -> None:
    session = county.sign_in("spare", "four")
    draft = county.open(session, "E-ONBOARD", answers={"application.by_agent": True})
    assert draft["holder"]["role"] == "agent"
    assert "representative" in {each["role"] for each in draft["authorisations"]}
    draft = county.fetch(session, county.agree(session, draft))
    assert county.sandbox.list_calls() == []
    draft = authorising.authorise(
        county.ports, session, draft["id"], "representative", county.card("owner", "owner")
    )
    draft = county.fetch(session, draft)
    assert field(draft, "enterprise.name")["value"] == "新县山里人家餐馆"
