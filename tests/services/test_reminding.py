"""A department that is late to put a rating right or to answer a dispute is warned of once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from onething.domain.listing import Filters
from onething.domain.values import Origin, Value
from onething.services import (
    answering_disputes,
    casefiles,
    disputing,
    rating,
    rectifying,
    supervision,
)
from onething.services.reminding import remind_of_answers
from tests.services.county import County
from tests.services.office import (
    CLERK,
    SUPERVISOR,
    citizen,
    complete,
    forward,
    kinds,
    office,
    officer,
    planted,
)

LONG = 60  # days: past every limit


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        yield made


def rated(county: County, *, named: bool) -> str:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    complete(county, number, "BIRTH-CERT", "VACCINE")
    rating.rate(
        county.ports,
        citizen(county),
        number,
        level="dissatisfied",
        channel="kiosk",
        reasons=["visits"],
        comment="跑了三趟",
        named=named,
    )
    return number


def orders_of(county: County, number: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = casefiles.view_case_for_staff(county.ports, CLERK, number)["orders"]
    return found


def is_warned(county: County) -> list[bool]:
    return [each["is_warned"] for each in rectifying.list_open(county.ports, SUPERVISOR).rows]


def test_a_late_rectification_is_warned_of_and_ordered_once(county: County) -> None:
    number = rated(county, named=True)
    assert remind_of_answers(county.ports) == 0
    forward(county, days=LONG)
    assert is_warned(county) == [False]
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: remind_of_answers(county.ports), range(4)))
    assert remind_of_answers(county.ports) == 0
    assert is_warned(county) == [True]
    (order,) = orders_of(county, number)
    assert order["department"] == "WJ"
    assert "差评整改逾期" in order["reason"]
    assert kinds(county, number).count("warned") == 1


def test_an_anonymous_rating_s_case_is_not_given_away(county: County) -> None:
    number = rated(county, named=False)
    before = kinds(county, number)
    forward(county, days=LONG)
    assert remind_of_answers(county.ports) == 1
    assert remind_of_answers(county.ports) == 0
    assert is_warned(county) == [True]
    assert orders_of(county, number) == []
    assert kinds(county, number) == before


def test_what_was_put_right_in_time_is_not_warned_of(county: County) -> None:
    rated(county, named=True)
    (open_one,) = rectifying.list_open(county.ports, officer("WJ")).rows
    rectifying.call_back(county.ports, officer("WJ"), open_one["id"], reached=True, note="已致歉")
    rectifying.settle(
        county.ports,
        officer("WJ"),
        open_one["id"],
        finding=rectifying.Finding.JUSTIFIED,
        remedy=rectifying.Remedy.DONE,
        words=rectifying.Label("已增开窗口", ""),
    )
    forward(county, days=LONG)
    assert remind_of_answers(county.ports) == 0


def test_a_late_answer_to_a_dispute_is_warned_of_once_in_a_draft_and_in_a_case(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    disputing.dispute_in_draft(
        county.ports, session, draft["id"], fact="child.birth_hospital", value="新县中医院"
    )
    value = Value("新县妇幼保健院", Origin.REGISTER, "birth_register", "2026-11-01")
    number = planted(county, values={"child": {"birth_hospital": value}})
    disputing.dispute_in_case(
        county.ports, citizen(county), number, fact="child.birth_hospital", value="新县中医院"
    )
    forward(county, days=LONG)
    assert remind_of_answers(county.ports) == 2
    assert remind_of_answers(county.ports) == 0
    listed = supervision.list_disputes(county.ports, SUPERVISOR, Filters(), None, 30).rows
    assert [each.is_warned for each in listed] == [True, True]
    (order,) = orders_of(county, number)
    assert "数据异议逾期" in order["reason"]
    (first, *_) = answering_disputes.list_open(county.ports, officer("WJ"))
    assert first["is_late"]
