"""Results gathered in one place and handed over, on both databases, with the sandbox's courier."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from onething.domain.actors import Actor
from onething.domain.cases import EventKind
from onething.domain.errors import NotFound
from onething.domain.people import citizen_check_character
from onething.domain.staff import RoleMissing
from onething.domain.values import Origin, Value
from onething.ports import Once
from onething.services import handling, issuing, paying
from onething.services.outcome_refusals import (
    BadAddress,
    CardNotChecked,
    NoELicence,
    NotPrinting,
    ResultWithheld,
    WrongReceiver,
)
from tests.services.county import County
from tests.services.office import (
    CLERK,
    NUMBER,
    citizen,
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

ADDRESS = {"name": "陈𠮷䶮", "mobile": "199 0000 0001", "address": "河南省新县某路1号"}
_OTHER_17 = "41159919850512033"
OTHER_NUMBER = _OTHER_17 + citizen_check_character(_OTHER_17)


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished, track_seconds=60) as made:
        made.sandbox.put_courier(transit_after={"seconds": 0}, deliver_after={"seconds": 0}, ends="delivered")
        yield made


def results(county: County, number: str, actor: Actor = CLERK) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = issuing.list_results(county.ports, actor, number)["results"]
    return found


def ready(county: County, number: str) -> list[str]:
    return [each["id"] for each in results(county, number) if each["withheld"] is None]


def hand_out(county: County, number: str, *ids: str, **how: Any) -> dict[str, Any]:
    given = {"card_checked": True, "receiver": NUMBER, **how}
    return issuing.hand_out(county.ports, CLERK, number, results=ids, **given)


def done(county: County) -> str:
    """A birth whose first two parts are all it has, both completed, one with an e-licence."""
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    complete(county, number, "BIRTH-CERT", documents=[licence("birth_certificate")])
    complete(county, number, "VACCINE")
    return number


def test_results_wait_for_each_other_unless_the_citizen_asks(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    assert results(county, number) == []
    complete(county, number, "BIRTH-CERT", documents=[licence("birth_certificate")])
    (first,) = results(county, number)
    assert (first["zh"], first["state"], first["withheld"]) == ("出生医学证明", "ready", "parts_open")
    with pytest.raises(ResultWithheld) as held:
        hand_out(county, number, first["id"])
    assert [(error.field, error.reason) for error in held.value.fields] == [(first["id"], "parts_open")]
    assert issuing.ask_partial(county.ports, citizen(county), number)["partial_asked"]
    hand_out(county, number, first["id"])
    assert results(county, number)[0]["state"] == "issued"


def test_a_matter_without_a_document_has_its_decision_to_hand_over(county: County) -> None:
    number = done(county)
    assert [each["zh"] for each in results(county, number)] == ["出生医学证明", "预防接种证"]


def test_a_result_is_handed_out_once_against_the_card(county: County) -> None:
    number = done(county)
    ids = ready(county, number)
    with pytest.raises(CardNotChecked):
        hand_out(county, number, *ids, card_checked=False)
    with pytest.raises(WrongReceiver):
        hand_out(county, number, *ids, receiver=OTHER_NUMBER)
    with pytest.raises(NotFound):
        hand_out(county, number, "another-case-s")
    hand_out(county, number, *ids)
    with pytest.raises(ResultWithheld) as held:
        hand_out(county, number, ids[0])
    assert held.value.fields[0].reason == "issued"
    (issued,) = told(county, number, EventKind.RESULT_ISSUED)
    assert (issued["way"], sorted(issued["results"])) == ("window", sorted(ids))
    assert NUMBER not in str(told(county, number, EventKind.RESULT_ISSUED))


def test_somebody_else_takes_it_with_a_mandate_and_is_kept_blind(county: County) -> None:
    number = done(county)
    hand_out(county, number, *ready(county, number), receiver=OTHER_NUMBER, mandate_seen=True)
    with county.ports.records.read() as uow:
        receivers = {each.receiver for each in uow.results.list_of(find(county, number).id)}
        rows = uow.audit.list_of_subject(find(county, number).holder)
    assert receivers == {county.ports.index.of_number(OTHER_NUMBER)}
    (row,) = [row for row in rows if row.action == "results_handed_out"]
    assert row.detail["mandate_seen"]
    assert OTHER_NUMBER not in str(row)


def test_a_retry_hands_out_once(county: County) -> None:
    number = done(county)
    ids, once = ready(county, number), Once("key-1", "0" * 64)
    first = hand_out(county, number, *ids, once=once)
    assert hand_out(county, number, *ids, once=once) == first
    assert kinds(county, number).count("result_issued") == 1


def test_only_a_clerk_hands_out_and_a_stranger_finds_nothing(county: County) -> None:
    number = done(county)
    for actor in (officer("WJ"), citizen(county)):
        with pytest.raises(RoleMissing):
            issuing.hand_out(county.ports, actor, number, results=["x"], card_checked=True, receiver=NUMBER)
    stranger = Actor("session-2", "citizen", holder="b" * 32)
    for act in (issuing.list_results, issuing.ask_partial):
        with pytest.raises(NotFound):
            act(county.ports, stranger, number)
    with pytest.raises(NotFound):
        issuing.list_results(county.ports, officer("GA"), number)
    assert results(county, number, officer("WJ"))


def test_an_unpaid_fee_keeps_back_its_own_result_and_no_other(county: County) -> None:
    number = planted(county, "P-HOUSE-TRANSFER")
    complete_all(county, number)
    held = {each["matter"]: each["withheld"] for each in results(county, number)}
    unpaid = [matter for matter, why in held.items() if why == "fee_unpaid"]
    assert unpaid
    assert set(held.values()) == {None, "fee_unpaid"}
    matter = unpaid[0]
    paying.record_payment(county.ports, CLERK, number, matter, proof="缴款书 2026-1")
    now = {each["matter"]: each["withheld"] for each in results(county, number)}
    assert now[matter] is None


def test_an_e_licence_is_issued_by_its_identifier(county: County) -> None:
    number = done(county)
    certificate, vaccination = results(county, number)
    assert (certificate["is_e_licence"], vaccination["is_e_licence"]) == (True, False)
    with pytest.raises(NoELicence):
        issuing.issue_e_licence(
            county.ports, citizen(county), number, results=[certificate["id"], vaccination["id"]]
        )
    issuing.issue_e_licence(county.ports, citizen(county), number, results=[certificate["id"]])
    assert [each["state"] for each in results(county, number)] == ["issued", "ready"]


def test_an_identifier_with_a_wrong_check_character_is_no_e_licence(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT"])
    document = licence("birth_certificate")
    wrong = {**document, "identifier": document["identifier"][:-1] + "*"}
    complete(county, number, "BIRTH-CERT", documents=[wrong])
    with pytest.raises(NoELicence):
        issuing.issue_e_licence(county.ports, CLERK, number, results=ready(county, number))


def test_a_print_counts_once_it_came_out(county: County) -> None:
    number = done(county)
    first, second = ready(county, number)
    issuing.queue_print(county.ports, citizen(county), number, results=[first, second])
    assert {each["state"] for each in results(county, number)} == {"to_print"}
    waiting = {each["result"]: each["id"] for each in issuing.list_waiting_prints(county.ports, CLERK)}
    issuing.note_printed(county.ports, CLERK, waiting[first])
    issuing.note_printed(county.ports, CLERK, waiting[second], came_out=False)
    assert [each["state"] for each in results(county, number)] == ["issued", "ready"]
    with pytest.raises(NotPrinting):
        issuing.note_printed(county.ports, CLERK, waiting[first])
    assert issuing.list_waiting_prints(county.ports, CLERK) == []


def send(county: County, number: str, **changes: str) -> dict[str, Any]:
    address = {**ADDRESS, **changes}
    return issuing.send_by_courier(
        county.ports, citizen(county), number, results=ready(county, number), address=address
    )


def parcel(county: County, number: str) -> dict[str, Any]:
    shipments: list[dict[str, Any]] = issuing.list_results(county.ports, CLERK, number)["shipments"]
    return shipments[-1]


def look(county: County, *, until: str, number: str) -> dict[str, Any]:
    """Let the courier's and our own time pass until the parcel is there."""
    for _ in range(20):
        forward(county, seconds=61)
        work(county)
        if parcel(county, number)["state"] == until:
            break
        time.sleep(0.05)
    return parcel(county, number)


def test_a_parcel_is_ordered_followed_and_delivered(county: County) -> None:
    number = done(county)
    send(county, number)
    assert parcel(county, number)["state"] == "waiting"
    with pytest.raises(ResultWithheld):
        hand_out(county, number, results(county, number)[0]["id"])
    work(county)
    on_its_way = parcel(county, number)
    assert on_its_way["state"] == "accepted"
    assert on_its_way["waybill"].startswith("XX")
    assert on_its_way["receiver_masked"] == "陈*䶮"
    (order,) = [s for s in county.sandbox.list_shipments() if s["waybill"] == on_its_way["waybill"]]
    assert order["body"]["to"] == {**ADDRESS, "mobile": "19900000001"}
    assert order["body"]["contents"] == ["出生医学证明", "预防接种证"]
    assert look(county, until="delivered", number=number)["state"] == "delivered"
    assert {each["state"] for each in results(county, number)} == {"issued"}
    moves = [each["state"] for each in told(county, number, EventKind.SHIPMENT_MOVED)]
    assert (moves[0], moves[-1]) == ("waiting", "delivered")
    assert kinds(county, number)[-1] == "result_issued"
    assert "某路" not in str(told(county, number, EventKind.SHIPMENT_MOVED))


def test_a_parcel_that_came_back_is_sent_again(county: County) -> None:
    county.sandbox.put_courier(ends="returned")
    number = done(county)
    send(county, number)
    work(county)
    assert look(county, until="returned", number=number)["state"] == "returned"
    assert {each["state"] for each in results(county, number)} == {"ready"}
    county.sandbox.put_courier(ends="delivered")
    send(county, number)
    work(county)
    assert look(county, until="delivered", number=number)["state"] == "delivered"
    assert len(issuing.list_results(county.ports, CLERK, number)["shipments"]) == 2


def test_a_courier_that_is_away_is_ordered_later_and_once(county: County) -> None:
    county.sandbox.put_mood("courier", "down")
    number = done(county)
    send(county, number)
    work(county)
    assert parcel(county, number)["state"] == "waiting"
    county.sandbox.put_mood("courier", "ok")
    forward(county, seconds=30)
    work(county)
    assert parcel(county, number)["state"] == "accepted"
    (order,) = [
        s for s in county.sandbox.list_shipments() if s["waybill"] == parcel(county, number)["waybill"]
    ]
    assert order["deliveries"] == 1


@pytest.mark.parametrize(
    "changes",
    [{"mobile": "123"}, {"name": " "}, {"address": ""}, {"address": "新县\x1b@"}, {"name": "名" * 61}],
)
def test_an_address_nobody_can_deliver_to_is_refused(county: County, changes: dict[str, str]) -> None:
    number = done(county)
    with pytest.raises(BadAddress):
        send(county, number, **changes)
    assert issuing.list_results(county.ports, CLERK, number)["shipments"] == []


def test_where_the_applicant_wanted_it_is_not_asked_twice(county: County) -> None:
    wanted = {
        "delivery_address": Value("河南省信阳市新县某路1号", Origin.TYPED),
        "mobile": Value("19900000002", Origin.TYPED),
    }
    number = planted(county, chosen=["BIRTH-CERT"], values={"application": wanted})
    complete(county, number, "BIRTH-CERT", documents=[licence("birth_certificate")])
    given = issuing.list_results(county.ports, CLERK, number)["given"]
    assert given == {"name": "陈*䶮", "mobile": "199****0002", "address": "河南省信阳市新县某路1号"}
    issuing.send_by_courier(
        county.ports, CLERK, number, results=ready(county, number), address={"mobile": "19900000003"}
    )
    work(county)
    to = county.sandbox.list_shipments()[-1]["body"]["to"]
    assert (to["name"], to["mobile"], to["address"]) == (
        "陈𠮷䶮",
        "19900000003",
        "河南省信阳市新县某路1号",
    )


def test_what_is_issued_after_a_denial_is_the_rest(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    complete(county, number, "VACCINE")
    reason = {"code": "no_record", "zh": "没有分娩记录", "en": "No record of the birth"}
    handling.decide(county.ports, officer("WJ"), number, "BIRTH-CERT", {"kind": "denied", "reason": reason})
    hand_out(county, number, *ready(county, number))
    assert [each["matter"] for each in results(county, number)] == ["VACCINE"]
