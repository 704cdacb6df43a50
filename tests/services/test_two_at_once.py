"""Two people, or two workers, do the same thing at the same moment: one is first, nothing is double."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from onething.domain.cases import EventKind
from onething.domain.catalog import Label
from onething.domain.errors import Refusal
from onething.domain.ratings import Finding, Remedy
from onething.services import appealing, issuing, rating, rectifying
from onething.services.province_reporting import report_case
from onething.services.shipping import TRACK_SHIPMENT, track_shipment
from tests.services.county import County
from tests.services.office import (
    CLERK,
    NUMBER,
    SUPERVISOR,
    citizen,
    complete,
    find,
    forward,
    kinds,
    office,
    officer,
    planted,
    told,
    work,
)


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished, track_seconds=60) as made:
        yield made


def closed(county: County) -> str:
    number = planted(county, chosen=["VACCINE"])
    complete(county, number, "VACCINE")
    return number


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """The reasons of those that were refused; each act begins when all are ready."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str | None:
        ready.wait(timeout=10)
        try:
            act()
        except Refusal as refused:
            return refused.reason
        return None

    with ThreadPoolExecutor(len(acts)) as threads:
        return [reason for reason in threads.map(run, acts) if reason is not None]


def test_two_clerks_hand_out_one_result(county: County) -> None:
    number = closed(county)
    (result,) = issuing.list_results(county.ports, CLERK, number)["results"]

    def hand_out() -> None:
        given = {"results": [result["id"]], "card_checked": True, "receiver": NUMBER}
        issuing.hand_out(county.ports, CLERK, number, **given)

    assert at_once(*[hand_out] * 4) == ["result_withheld"] * 3
    assert kinds(county, number).count("result_issued") == 1


def test_a_window_and_a_courier_do_not_both_take_it(county: County) -> None:
    number = closed(county)
    (result,) = issuing.list_results(county.ports, CLERK, number)["results"]
    address = {"name": "陈𠮷䶮", "mobile": "19900000001", "address": "新县某路1号"}
    ids, ports = [result["id"]], county.ports
    refused = at_once(
        lambda: issuing.hand_out(ports, CLERK, number, results=ids, card_checked=True, receiver=NUMBER),
        lambda: issuing.send_by_courier(ports, citizen(county), number, results=ids, address=address),
        lambda: issuing.queue_print(ports, citizen(county), number, results=ids),
    )
    assert refused == ["result_withheld"] * 2
    shown = issuing.list_results(ports, CLERK, number)
    taken = [shown["results"][0]["state"] == "issued", bool(shown["shipments"]), bool(shown["prints"])]
    assert sum(taken) == 1


def test_one_touch_becomes_one_rating(county: County) -> None:
    number = closed(county)

    def rate() -> None:
        rating.rate(county.ports, citizen(county), number, level="dissatisfied", channel="kiosk")

    assert at_once(*[rate] * 4) == ["already_rated"] * 3
    assert len(rectifying.list_open(county.ports, SUPERVISOR).rows) == 1


def test_a_rating_is_settled_or_excluded_once(county: County) -> None:
    number = closed(county)
    low = rating.rate(county.ports, citizen(county), number, level="dissatisfied", channel="kiosk")
    made = appealing.appeal(county.ports, officer("WJ"), low["id"], ground="mistaken", reason="评的不是本局")

    def settle() -> None:
        said = {"finding": Finding.JUSTIFIED, "remedy": Remedy.DONE, "words": Label("已整改", "Done")}
        rectifying.settle(county.ports, officer("WJ"), low["rectification"]["id"], **said)

    def decide(excluded: bool) -> Callable[[], Any]:
        return lambda: appealing.exclude(
            county.ports, SUPERVISOR, made["id"], excluded=excluded, reason="查实"
        )

    assert at_once(*[settle] * 3) == ["already_settled"] * 2
    assert at_once(decide(True), decide(False), decide(True)) == ["already_settled"] * 2
    assert kinds(county, number).count("rectified") == 1
    assert sum(each.get("excluded", False) for each in told(county, number, EventKind.RATED)) <= 1


def test_workers_that_report_one_case_together_keep_its_order(county: County) -> None:
    number = closed(county)
    case = {"case": find(county, number).id}
    at_once(*[lambda: report_case(county.ports, case)] * 4)
    (there,) = [
        each for each in county.sandbox.get_province()["cases"] if each["case"]["body"]["projectNo"] == number
    ]
    assert [step["body"]["status"] for step in there["steps"]] == ["05", "12", "10", "10"]
    with county.ports.records.read() as uow:
        assert uow.province_reports.get_reported(case["case"]) == 5


def test_a_look_that_comes_twice_is_one_look(county: County) -> None:
    """As when a worker dies after it has looked and before it could say so."""
    county.sandbox.put_courier(transit_after={"working_days": 1}, deliver_after={"working_days": 1})
    number = closed(county)
    (result,) = issuing.list_results(county.ports, CLERK, number)["results"]
    address = {"name": "陈𠮷䶮", "mobile": "19900000001", "address": "新县某路1号"}
    issuing.send_by_courier(county.ports, citizen(county), number, results=[result["id"]], address=address)
    work(county)
    (shipment,) = issuing.list_results(county.ports, CLERK, number)["shipments"]
    look = {"shipment": shipment["id"], "look": 1}
    forward(county, seconds=61)
    at_once(*[lambda: track_shipment(county.ports, look)] * 4)
    track_shipment(county.ports, look)
    with county.ports.records.read() as uow:
        looks = [job.payload["look"] for job in uow.jobs.list_unfinished() if job.kind == TRACK_SHIPMENT]
    assert sorted(looks) == [1, 2]  # the one in the table, and the next: no second chain of looks
