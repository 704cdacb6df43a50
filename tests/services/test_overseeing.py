"""Approvals reach who supervises them, and what supervisors find comes back to the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from onething.domain.approvals import ApprovalState, CheckResult
from onething.domain.cases import EventKind, PartState
from onething.domain.catalog import Label
from onething.domain.errors import NotFound
from onething.domain.staff import RoleMissing
from onething.services import overseeing
from onething.services.outcome_refusals import WordsNeeded
from onething.services.report_times import FromTheFuture
from tests.services.county import County
from tests.services.office import (
    CLERK,
    complete,
    complete_all,
    find,
    forward,
    kinds,
    licence,
    office,
    officer,
    planted,
    told,
    work,
)

CHOSEN = ["SITE", "LIC-CHECK", "FOOD", "FIRE-PROMISE"]


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        yield made


def approved(county: County) -> str:
    """A restaurant with its food licence and its fire check on a promise."""
    number = planted(county, "E-RESTAURANT", CHOSEN)
    complete_all(county, number)
    return number


def inbox(county: County, department: str, state: ApprovalState) -> list[dict[str, Any]]:
    return list(overseeing.list_inbox(county.ports, officer(department), state).rows)


def report(county: County, item: str, kind: str, event: str, **more: Any) -> dict[str, str]:
    at = county.ports.clock.now().isoformat()
    body = {"event_id": event, "item": item, "kind": kind, "at": at, **more}
    return overseeing.take_report(county.ports, "XF", body)


def test_each_approval_is_in_its_supervisor_s_inbox(county: County) -> None:
    number = approved(county)
    (fire,) = inbox(county, "XF", ApprovalState.SENT)
    (food,) = inbox(county, "SJ", ApprovalState.SENT)
    assert (fire["matter"], fire["to_check"], fire["case_number"]) == ("FIRE-PROMISE", True, number)
    assert (food["matter"], food["to_check"]) == ("FOOD", False)
    assert inbox(county, "CG", ApprovalState.SENT) == []
    assert [each["supervisor"] for each in told(county, number, EventKind.OVERSIGHT_SENT)].count("XF") == 1
    with pytest.raises(RoleMissing):
        overseeing.list_inbox(county.ports, CLERK, ApprovalState.SENT)


def test_an_officer_takes_it_on_and_says_what_was_found(county: County) -> None:
    number = approved(county)
    (fire,) = inbox(county, "XF", ApprovalState.SENT)
    with pytest.raises(NotFound):
        overseeing.acknowledge(county.ports, officer("SJ"), fire["id"])
    overseeing.acknowledge(county.ports, officer("XF"), fire["id"])
    assert overseeing.acknowledge(county.ports, officer("XF"), fire["id"]) == {"status": "already_known"}
    with pytest.raises(WordsNeeded):
        overseeing.note_finding(
            county.ports, officer("XF"), fire["id"], result=CheckResult.RECTIFY, words=Label("", "")
        )
    words = Label("疏散通道堆放杂物，限期三日整改", "The escape route is blocked: three days to clear it")
    overseeing.note_finding(county.ports, officer("XF"), fire["id"], result=CheckResult.RECTIFY, words=words)
    (found,) = inbox(county, "XF", ApprovalState.FOUND)
    assert (found["result"], found["finding_zh"]) == ("rectify", words.zh)
    on_case = {each["matter"]: each for each in overseeing.view_approvals(county.ports, CLERK, number)}
    assert (on_case["FIRE-PROMISE"]["result"], on_case["FOOD"]["state"]) == ("rectify", "sent")
    last = kinds(county, number)[-2:]
    assert last == ["oversight_acknowledged", "oversight_found"]
    assert words.zh not in str(told(county, number, EventKind.OVERSIGHT_FOUND))


def test_a_report_twice_early_from_another_or_from_the_future_changes_nothing(county: County) -> None:
    number = approved(county)
    (fire,) = inbox(county, "XF", ApprovalState.SENT)
    before = kinds(county, number)
    with pytest.raises(NotFound):
        report(county, "no such item", "acknowledged", "event-00")
    with pytest.raises(NotFound):
        overseeing.take_report(
            county.ports, "SJ", {"event_id": "event-01", "item": fire["id"], "kind": "acknowledged"}
        )
    with pytest.raises(FromTheFuture):
        report(county, fire["id"], "acknowledged", "event-02", at="2099-01-01T00:00:00+08:00")
    assert kinds(county, number) == before
    finding = {"result": "ok", "zh": "符合要求", "en": "as approved"}
    assert report(county, fire["id"], "finding", "event-03", finding=finding) == {"status": "applied"}
    assert report(county, fire["id"], "finding", "event-03", finding=finding) == {"status": "already_known"}
    assert report(county, fire["id"], "acknowledged", "event-04") == {"status": "already_known"}
    assert kinds(county, number)[len(before) :] == ["oversight_acknowledged", "oversight_found"]


def test_a_supervisor_with_a_system_is_told_once_however_often_it_is_away(county: County) -> None:
    county.sandbox.put_mood("SJ", "down")
    settings = county.ports.settings
    number = planted(county, "E-RESTAURANT", ["SITE", "LIC-CHECK", "FOOD"])
    # The market's supervisor is reached by its system: its own parts are at its officers' desks already.
    complete_until(county, number, "FOOD")
    away = replace(settings, without_system=settings.without_system - {"SJ"})
    county.ports = replace(county.ports, settings=away)
    complete(county, number, "FOOD", documents=[licence("food_licence", "enterprise")])
    assert inbox(county, "SJ", ApprovalState.SENT) == []
    county.sandbox.put_mood("SJ", "ok")
    forward(county, seconds=30)
    work(county)
    assert [each["matter"] for each in inbox(county, "SJ", ApprovalState.SENT)] == ["FOOD"]
    (there,) = [each for each in county.sandbox.list_approvals() if each["body"]["case_number"] == number]
    assert (there["department"], there["deliveries"], there["body"]["on_commitment"]) == ("SJ", 1, False)
    assert there["body"]["documents"][0]["document"] == "food_licence"
    assert there["body"]["callback"].endswith("/partner/v1/departments/SJ/oversight")


def complete_until(county: County, number: str, last: str) -> None:
    """Every part but one, which is with its department then."""
    while open_parts := [p for p in find(county, number).parts if p.state is PartState.DISPATCHED]:
        others = [part.matter for part in open_parts if part.matter != last]
        if not others:
            return
        complete(county, number, others[0])
