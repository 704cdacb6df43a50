"""Each case and step at the sandbox's province, in order and once, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from onething.ports import DeliveryFailed
from onething.ports.results import Province
from onething.services import handling, withdrawing
from onething.services.province_reporting import report_case
from tests.services.county import County
from tests.services.office import citizen, complete, find, forward, office, officer, planted, work


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished, reports_to_province=True) as made:
        yield made


def statuses(county: County, number: str) -> list[str]:
    for project in county.sandbox.get_province()["cases"]:
        if project["case"]["body"]["projectNo"] == number:
            return [str(step["body"]["status"]) for step in project["steps"]]
    return []


def begin(county: County, *chosen: str) -> str:
    return planted(county, chosen=list(chosen))


def decide(county: County, number: str, matter: str, kind: str, **told: Any) -> None:
    forward(county, seconds=1)
    handling.decide(county.ports, officer("WJ"), number, matter, {"kind": kind, **told})
    work(county)


def test_a_case_is_reported_step_by_step_to_its_end(county: County) -> None:
    number = begin(county, "BIRTH-CERT", "VACCINE")
    decide(county, number, "BIRTH-CERT", "suspended", cause="expert_review")
    reason = {"code": "more_time", "zh": "情况复杂", "en": "It is complicated"}
    decide(county, number, "BIRTH-CERT", "resumed")
    decide(county, number, "BIRTH-CERT", "extended", reason=reason, days=3)
    complete(county, number, "BIRTH-CERT", "VACCINE")
    # accepted; in handling, suspended, on again, extended, done; the other's two; the whole
    assert statuses(county, number) == ["05", "12", "11", "12", "12", "10", "12", "10", "10"]


def test_a_withdrawn_case_is_returned(county: County) -> None:
    number = begin(county, "VACCINE")
    withdrawing.withdraw(county.ports, citizen(county), number, matter=None)
    work(county)
    assert statuses(county, number)[-1] == "13"


def test_while_the_province_is_away_steps_wait_and_then_come_in_order(county: County) -> None:
    county.sandbox.put_mood("province", "down")
    number = begin(county, "BIRTH-CERT", "VACCINE")
    complete(county, number, "BIRTH-CERT", "VACCINE")
    assert statuses(county, number) == []
    county.sandbox.put_mood("province", "ok")
    for _ in range(6):
        forward(county, seconds=3700)
        work(county)
    assert statuses(county, number) == ["05", "12", "10", "12", "10", "10"]
    with county.ports.records.read() as uow:
        assert uow.jobs.list_unfinished() == []


class LostAnswer:
    """A province whose first answer to each step is lost on the way."""

    def __init__(self, province: Province) -> None:
        self._province = province
        self._lost: set[int] = set()

    def report_case(self, case: Any) -> None:
        self._province.report_case(case)
        self._lose(1)

    def report_step(self, case: Any, step: Any) -> None:
        self._province.report_step(case, step)
        self._lose(step.number)

    def _lose(self, number: int) -> None:
        if number not in self._lost:
            self._lost.add(number)
            raise DeliveryFailed("slow", retryable=True)


def test_a_lost_answer_makes_no_second_step(county: County) -> None:
    county.ports = replace(county.ports, province=LostAnswer(county.ports.province))  # type: ignore[arg-type]
    number = begin(county, "VACCINE")
    complete(county, number, "VACCINE")
    for _ in range(8):
        forward(county, seconds=3700)
        work(county)
    assert statuses(county, number) == ["05", "12", "10", "10"]


def test_what_is_refused_for_good_is_shown_and_nothing_overtakes_it(county: County) -> None:
    class Refusing:
        def report_case(self, case: Any) -> None:
            raise DeliveryFailed("refused", retryable=False)

    real, county.ports = county.ports, replace(county.ports, province=Refusing())  # type: ignore[arg-type]
    number = begin(county, "VACCINE")
    case_id = find(county, number).id
    with county.ports.records.read() as uow:
        ((stuck, reported, _, why),) = uow.province_reports.list_refused()
        (parked,) = uow.jobs.list_unfinished()
    assert (stuck, reported, why, parked.state) == (case_id, 0, "refused", "parked")
    handling.decide(county.ports, officer("WJ"), number, "VACCINE", {"kind": "accepted"})
    work(county)
    with county.ports.records.read() as uow:
        assert [job.state for job in uow.jobs.list_unfinished()] == ["parked"]  # not one for each event
    county.ports = real  # mended: the next thing that happens brings everything
    complete(county, number, "VACCINE")
    assert statuses(county, number) == ["05", "12", "10", "10"]
    with county.ports.records.read() as uow:
        assert uow.province_reports.list_refused() == []


def test_a_case_that_is_gone_is_no_trouble(county: County) -> None:
    report_case(county.ports, {"case": "nowhere"})


def test_nothing_is_put_down_for_the_province_where_nobody_reports(county: County) -> None:
    county.ports = replace(county.ports, settings=replace(county.ports.settings, reports_to_province=False))
    number = begin(county, "VACCINE")
    complete(county, number, "VACCINE")
    assert statuses(county, number) == []
