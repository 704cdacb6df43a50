"""A case as its own citizen sees it, from the first day to the last rating, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from onething.domain.catalog import Label
from onething.domain.errors import NotFound
from onething.domain.ratings import Finding, Remedy
from onething.services import case_progress, handling, issuing, rating, rectifying, withdrawing
from tests.services.county import County
from tests.services.office import (
    citizen,
    complete,
    forward,
    licence,
    office,
    officer,
    planted,
)

PUBLISHED = json.loads((Path(__file__).resolve().parents[2] / "docs/openapi/kiosk.json").read_text("utf-8"))
VIEW = {"$ref": "#/components/schemas/CaseView", "components": PUBLISHED["components"]}


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        yield made


def view(county: County, number: str) -> dict[str, Any]:
    """What the citizen sees, as the published door promises it."""
    seen = case_progress.view_case(county.ports, citizen(county), number)
    faults = [error.message for error in jsonschema_rs.validator_for(VIEW).iter_errors(seen)]
    assert faults == []
    return seen


def part_of(seen: dict[str, Any], matter: str) -> dict[str, Any]:
    return next(part for part in seen["parts"] if part["matter"] == matter)


def test_a_late_part_is_late_to_its_citizen_and_names_who_is_responsible(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    first = part_of(view(county, number), "BIRTH-CERT")
    assert (first["colour"], first["ended"], first["may_withdraw"]) == ("green", False, True)
    assert first["due_on"] is not None
    forward(county, days=60)
    late = view(county, number)
    assert (late["colour"], part_of(late, "BIRTH-CERT")["colour"]) == ("red", "red")
    assert part_of(late, "BIRTH-CERT")["department_zh"]
    assert late["lead"]["zh"]


def test_a_clock_that_stands_says_why(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    matter = part_of(view(county, number), "BIRTH-CERT")
    department = next(part.department for part in _parts(county, number) if part.matter == matter["matter"])
    report = {"kind": "suspended", "cause": "expert_review"}
    handling.decide(county.ports, officer(department), number, "BIRTH-CERT", {"kind": "accepted"})
    handling.decide(county.ports, officer(department), number, "BIRTH-CERT", report)
    stands = view(county, number)
    assert part_of(stands, "BIRTH-CERT")["paused"]["zh"] == "专家评审"
    assert stands["paused"]["zh"] == "专家评审"
    assert part_of(stands, "BIRTH-CERT")["colour"] == "grey"


def _parts(county: County, number: str) -> Any:
    with county.ports.records.read() as uow:
        case = uow.cases.find_by_number(number)
    assert case is not None
    return case.parts


def test_results_say_how_they_can_be_had(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    complete(county, number, "BIRTH-CERT", documents=[licence("birth_certificate")])
    (waiting,) = view(county, number)["results"]
    assert (waiting["withheld"], waiting["offers"]) == ("parts_open", [])
    assert view(county, number)["may_ask_partial"] is True
    issuing.ask_partial(county.ports, citizen(county), number)
    (ready,) = view(county, number)["results"]
    assert (ready["withheld"], ready["offers"]) == (None, ["e_licence", "print"])
    assert view(county, number)["may_ask_partial"] is False
    issuing.issue_e_licence(county.ports, citizen(county), number, results=[ready["id"]])
    (taken,) = view(county, number)["results"]
    assert (taken["state"], taken["way"], taken["offers"]) == ("issued", "e_licence", [])
    assert "电子证照" in taken["how_zh"]


def test_each_service_is_rated_once_and_again_when_put_right(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    assert view(county, number)["services"] == []
    complete(county, number, "BIRTH-CERT", "VACCINE")
    services = {each["matter"]: each for each in view(county, number)["services"]}
    assert set(services) == {"BIRTH-CERT", "VACCINE", None}
    assert all(each["may_rate"] for each in services.values())
    low = {"level": "dissatisfied", "channel": "kiosk", "reasons": ["visits"], "matter": "VACCINE"}
    given = rating.rate(county.ports, citizen(county), number, **low)
    rated = _service(county, number, "VACCINE")
    assert (rated["may_rate"], rated["rated"]["level"]) == (False, "dissatisfied")
    assert rated["rated"]["rectification"]["state"] == "open"
    put_right(county, given)
    again = _service(county, number, "VACCINE")
    assert (again["may_rate"], again["rated"]["rectification"]["words_zh"]) == (True, "已增开窗口")
    rating.rate(county.ports, citizen(county), number, **{**low, "level": "satisfied"})
    last = _service(county, number, "VACCINE")
    assert (last["may_rate"], last["rated"]["level"]) == (False, "satisfied")


def _service(county: County, number: str, matter: str) -> dict[str, Any]:
    services = view(county, number)["services"]
    found: dict[str, Any] = next(each for each in services if each["matter"] == matter)
    return found


def put_right(county: County, given: dict[str, Any]) -> None:
    """The rated department calls back and settles it."""
    own, opened = officer(given["department"]), given["rectification"]["id"]
    rectifying.call_back(county.ports, own, opened, reached=True, note="已致电")
    words = Label("已增开窗口", "Another window was opened")
    rectifying.settle(county.ports, own, opened, finding=Finding.JUSTIFIED, remedy=Remedy.DONE, words=words)


def test_what_is_withdrawn_is_over_and_its_notice_is_there(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    withdrawing.withdraw(county.ports, citizen(county), number)
    seen = view(county, number)
    assert (seen["state"], seen["may_withdraw"]) == ("withdrawn", False)
    assert all(part["ended"] and not part["may_withdraw"] for part in seen["parts"])
    assert [notice["kind"] for notice in seen["notices"]] == ["withdrawn"]


def test_the_view_is_its_citizens_alone_and_each_look_is_in_the_audit(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    own = citizen(county)
    stranger = type(own)("session-2", "citizen", holder="f" * 64)
    with pytest.raises(NotFound):
        case_progress.view_case(county.ports, stranger, number)
    view(county, number)
    with county.ports.records.read() as uow:
        rows = uow.audit.list_of_subject(str(own.holder))
    assert [row.result for row in rows if row.action == "case_read"].count("ok") == 1
    assert [row.actor for row in rows if row.result == "not_found"] == ["session-2"]
