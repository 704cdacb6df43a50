"""A new revision is published while a case runs: the case lives on as it was submitted, untouched."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from onething.domain.clocks import day_of
from onething.domain.needs import NeedState
from onething.domain.records import Case
from onething.packs.reading import read_catalog
from onething.services import filling, following, handling, issuing, publishing
from onething.worker import Worker
from sandbox.results import issue_result
from tests.services.county import County
from tests.services.office import CLERK, find
from tests.services.ready_made import pack

OLD_ORDER = (("BIRTH-CERT", "VACCINE"), ("HUKOU",), ("MED-INS", "SS-CARD"))


def changed() -> dict[str, Any]:
    """The county's pack with everything changed that a running birth could stumble over."""
    data = copy.deepcopy(dict(pack().data))
    matters = data["things"]["P-NEWBORN"]["matters"]
    del matters["VACCINE"]
    matters["HUKOU"] |= {"department": "MZ", "facts": [*matters["HUKOU"]["facts"], "mother.mobile"]}
    matters["HUKOU"]["limits"]["promised"] = "3 wd"
    matters["SS-CARD"]["fee"] = {
        "amount_fen": 1500,
        "basis": "收费标准",
        "paid_at": {"zh": "综合窗口", "en": "Service window"},
    }
    matters["SS-CARD"]["after"] = [{"matter": "MED-INS", "reason": {"zh": "先参保", "en": "Insured first"}}]
    return data


def publish(county: County, data: Mapping[str, Any]) -> int:
    """Publish as an editor does; every process sees it."""
    ports = county.ports
    done = publishing.publish(
        ports.records, ports.clock, data, read_catalog, "editor", needs=NeedState.AGREED
    )
    county.look_again()
    return done.number


def test_a_running_case_keeps_what_it_began_with(county: County) -> None:
    session = county.sign_in()
    number = county.submit(session, county.ready_birth(session))["case_number"]
    Worker(county.ports, "test").work_once()
    before, seen = find(county, number), following.view_case(county.ports, session, number)
    assert publish(county, changed()) == before.revision + 1
    assert find(county, number) == before
    assert following.view_case(county.ports, session, number) == seen
    for matters in OLD_ORDER:
        assert sent_out(county, number) == set(matters)
        for matter in matters:
            complete(county, find(county, number), matter)
        Worker(county.ports, "test").work_once()
    case = find(county, number)
    assert (case.state, case.revision, case.plan) == ("closed", before.revision, before.plan)
    assert case.due_on == before.due_on
    the_registration_was_the_old_one(county, case)
    results = issuing.list_results(county.ports, CLERK, number)["results"]
    assert {each["matter"] for each in results} == {matter for wave in OLD_ORDER for matter in wave}
    assert {each["withheld"] for each in results} == {None}, "the new fee is for new cases"


def sent_out(county: County, number: str) -> set[str]:
    """The matters whose parts departments hold and have not decided."""
    return {part.matter for part in find(county, number).parts if part.state == "dispatched"}


def delivered(county: County, part: str) -> dict[str, Any]:
    (held,) = county.sandbox.list_parts(part=part)
    return {"department": held["department"], **held["body"]}


def complete(county: County, case: Case, matter: str) -> None:
    part = next(part for part in case.parts if part.matter == matter)
    body = delivered(county, part.id)
    event = {
        "event_id": f"{part.id}-completed",
        "part": part.id,
        "kind": "completed",
        "at": county.ports.clock.now().isoformat(),
        "result": issue_result("P-NEWBORN", matter, part.id, body["facts"]),
    }
    handling.take_event(county.ports, body["department"], event)


def the_registration_was_the_old_one(county: County, case: Case) -> None:
    """The old department, the old limit, and nothing that only the new revision asks for."""
    part = next(part for part in case.parts if part.matter == "HUKOU")
    body = delivered(county, part.id)
    assert (part.department, body["department"]) == ("GA", "GA")
    assert "mother.mobile" not in body["facts"]
    assert part.dispatched_at is not None
    ten_days, _ = county.ports.working_days.after(day_of(part.dispatched_at), 10)
    assert part.due_on == ten_days


def test_who_comes_afterwards_gets_the_new_revision(county: County) -> None:
    session = county.sign_in()
    county.submit(session, county.ready_birth(session))
    new = publish(county, changed())
    draft = filling.open_draft(county.ports, session, "P-NEWBORN", None, {})
    assert draft["revision"] == new
    assert "VACCINE" not in {each["code"] for each in draft["matters"]}
