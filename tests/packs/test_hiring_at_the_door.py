"""The pack written from the page alone, through the kiosk's door: every answer as the door publishes it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.running import RunningSandbox, run_sandbox
from server.doors import DOORS
from tests.http.test_journey import agree_to_all, multipart, page, signature
from tests.http.world import Sitting, enrol_kiosk
from tests.packs.test_hiring import PACK
from tests.services.county import County
from web.app import create_app
from web.settings import DoorSettings

TYPED = {"insured_before": False, "begins_on": "2026-11-02", "post": "厨师", "contract_term": "open"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def county(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[County]:
    with County(f"sqlite:///{tmp_path / 'onething.sqlite'}", sandbox, tmp_path, PACK) as made:
        yield made


@pytest.fixture
def owner(county: County) -> Sitting:
    sitting = Sitting(create_app(county.ports, DoorSettings(), DOORS), enrol_kiosk(county.ports, "7"))
    sitting.sign_in(county.card("owner", "owner"))
    return sitting


def test_guide_chart_and_plan(owner: Sitting) -> None:
    assert [each["code"] for each in owner.get("/things")["things"]] == ["E-ONBOARD"]
    assert len(owner.get("/things/E-ONBOARD/guide")["matters"]) == 9
    assert b"<svg" in owner.ask("GET", "/things/E-ONBOARD/flow-chart").get_data()
    answers = {"hiring.hours_system": "flexible", "hiring.by_commitment": False}
    plan = owner.post("/things/E-ONBOARD/plans", {"answers": answers})
    chosen = {each["code"] for each in plan["matters"] if each["chosen"]}
    assert {"NOTICE", "HOURS-GENERAL"} <= chosen


def test_three_employees_with_special_hours_are_hired_at_a_kiosk(owner: Sitting, county: County) -> None:
    answers = {"hiring.hours_system": "flexible", "hiring.by_commitment": False}
    draft = owner.post("/drafts", {"thing": "E-ONBOARD", "answers": answers})
    where = f"/drafts/{draft['id']}"
    owner.put(f"{where}/counts", {"role": "employees", "number": 3})
    agree_to_all(owner, owner.get(where))
    for number, person in enumerate(("one", "two")):
        card = {"role": f"employees[{number}]", "card": county.card("spare", person)}
        agree_to_all(owner, owner.post(f"{where}/authorisations", card))
    draft = owner.post(f"{where}/declined-authorisations", {"role": "employees"})
    assert {each["role"]: each["state"] for each in draft["authorisations"]} == {
        "employees[0]": "proven",
        "employees[1]": "proven",
        "employees[2]": "declined",
    }
    owner.put(f"{where}/values", {"values": typed(county, draft)})
    draft = owner.get(where)
    for each in draft["materials"]:
        if each["state"] == "to_submit":
            body, kind = multipart(page())
            owner.post(f"{where}/materials/{each['id']}/pages", body, **{"content-type": kind})
    draft = owner.put(f"{where}/signature", signature())
    assert draft["missing"] == []
    sent = owner.ask("POST", f"{where}/submission", {}, key=secrets.token_urlsafe(24))
    assert sent.status_code == 201
    number = sent.json["case_number"]
    assert len(owner.get(f"/cases/{number}")["parts"]) == 7
    assert owner.ask("GET", f"/cases/{number}/form").get_data().startswith(b"%PDF")
    receipt = owner.get(f"/cases/{number}/receipt")
    assert "公示情况记录" in {each["zh"] for each in receipt["exempt"]}


def typed(county: County, draft: dict[str, Any]) -> dict[str, Any]:
    """What the owner types: about each employee, and everything about the one who came without a card."""
    third = county.card("spare", "three")
    values: dict[str, Any] = {
        "application.mobile": "19900000015",
        "application.delivery": "window",
        "hiring.hours_posts": "厨师三人",
        **{f"employees[2].{fact}": third[fact] for fact in ("name", "id_number", "sex")},
    }
    for number in range(3):
        values |= {f"employees[{number}].{fact}": value for fact, value in TYPED.items()}
        values[f"employees[{number}].monthly_wage"] = "5000"
    return values
