"""The courier, the province and the supervisors of the sandbox, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from onething.connectors.courier import check as courier_check
from onething.connectors.courier.http import HttpCourier
from onething.connectors.exchange import Exchange, Reply
from onething.connectors.gateway import GatewayTokens
from onething.connectors.handing_over import read_answer
from onething.connectors.loop import BackgroundLoop
from onething.connectors.province import check as province_check
from onething.connectors.province.client import Receipt
from onething.connectors.province.http import HttpProvince
from onething.connectors.supervisors import check as supervisors_check
from onething.connectors.supervisors.http import HttpSupervisors
from onething.domain.approvals import Approval
from onething.domain.province_steps import ProvinceCase, ProvinceStep, StepStatus
from onething.domain.ratings import Ground, Level, RatingAppeal
from onething.domain.results import Shipment, ShipmentState
from onething.ports import DeliveryFailed
from onething.ports.results import ApprovalNotice
from sandbox.running import RunningSandbox, run_sandbox
from tests.connectors.test_province_codes import AT, CASE, made_rating

ADDRESS = {"name": "陈𠮷䶮", "mobile": "19900000001", "address": "新县某路1号"}
SENDER = {"name": "新县政务服务大厅", "mobile": "19900000000", "address": "新县某路2号"}
CLOSED_PORT = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture
def gateway(world: RunningSandbox, loop: BackgroundLoop) -> Iterator[Exchange]:
    yield Exchange(world.url, GatewayTokens.load(world.token_file), loop)
    for target in ("courier", "province", "SJ"):
        world.put_mood(target, "ok")


def parcel(name: str) -> Shipment:
    return Shipment(name, "case-1", ("result-1",), ADDRESS, "411523", AT)


def of_case(number: str) -> ProvinceCase:
    return replace(CASE, number=number)


def test_a_parcel_is_ordered_once_and_followed_to_its_end(gateway: Exchange, world: RunningSandbox) -> None:
    world.put_courier(transit_after={"seconds": 0}, deliver_after={"working_days": 1}, ends="delivered")
    courier = HttpCourier(gateway)
    waybill = courier.send(parcel("shipment-1"), SENDER, ["居民户口簿"])
    assert courier.send(parcel("shipment-1"), SENDER, ["居民户口簿"]) == waybill
    (there,) = [each for each in world.list_shipments() if each["waybill"] == waybill]
    assert (there["body"]["to"], there["deliveries"]) == (ADDRESS, 2)
    assert courier.track(waybill).state is ShipmentState.IN_TRANSIT
    world.end_shipment(waybill, "returned")
    told = courier.track(waybill)
    assert told.state is ShipmentState.RETURNED
    assert [station["zh"] for station in told.trace][0] == "已揽收"


def test_an_address_the_courier_cannot_use_is_final(gateway: Exchange) -> None:
    nowhere = replace(parcel("shipment-2"), address={**ADDRESS, "address": ""})
    with pytest.raises(DeliveryFailed, match="refused") as failed:
        HttpCourier(gateway).send(nowhere, SENDER, ["居民户口簿"])
    assert not failed.value.retryable


def test_a_case_and_its_steps_arrive_in_order_and_once(gateway: Exchange, world: RunningSandbox) -> None:
    province, case = HttpProvince(gateway), of_case("XX-1")
    accepted = ProvinceStep(2, StepStatus.ACCEPTED, AT)
    handled = ProvinceStep(3, StepStatus.IN_HANDLING, AT + timedelta(hours=1), "part-1")
    with pytest.raises(DeliveryFailed, match="out_of_order") as early:
        province.report_step(case, accepted)
    assert early.value.retryable
    province.report_case(case)
    province.report_case(case)
    with pytest.raises(DeliveryFailed, match="out_of_order"):
        province.report_step(case, handled)
    province.report_step(case, accepted)
    province.report_step(case, accepted)
    province.report_step(case, handled)
    (there,) = [p for p in world.get_province()["cases"] if p["case"]["body"]["projectNo"] == "XX-1"]
    assert there["case"]["deliveries"] == 2
    assert [(step["body"]["status"], step["deliveries"]) for step in there["steps"]] == [("05", 2), ("12", 1)]


def test_a_rating_and_its_exclusion_reach_the_exchange(gateway: Exchange, world: RunningSandbox) -> None:
    province = HttpProvince(gateway)
    rating = replace(made_rating(Level.VERY_DISSATISFIED, "attitude", "speed"), id="rating-of-the-exchange")
    reference = province.report_rating(rating, of_case("XX-2"), is_closed=True)
    assert province.report_rating(rating, of_case("XX-2"), is_closed=True) == reference
    appeal = RatingAppeal(
        "appeal-1", rating.id, "officer-1", AT, Ground.MALICIOUS, "同一人重复恶意差评", "411523",
        "supervisor-1", AT, excluded=True,
    )  # fmt: skip
    province.report_appeal(reference, appeal)
    (there,) = [r for r in world.get_province()["ratings"] if r["receipt"] == reference]
    assert (there["body"]["satisfaction"], there["body"]["evalDetail"]) == ("1", ["102", "104"])
    assert there["excluded"]


def test_an_approval_is_taken_once_by_its_supervisor(gateway: Exchange, world: RunningSandbox) -> None:
    approval = Approval("approval-1", "case-1", "part-1", "FOOD", "XZSP", "SJ", True, "411523", AT)
    notice = ApprovalNotice(approval, "XX-3", "E-RESTAURANT", (), f"{CLOSED_PORT}/nobody")
    supervisors = HttpSupervisors(gateway)
    reference = supervisors.send(notice)
    assert supervisors.send(notice) == reference
    (there,) = [each for each in world.list_approvals() if each["key"] == "approval-1"]
    assert (there["department"], there["deliveries"]) == ("SJ", 2)
    assert there["body"]["on_commitment"] is True


@pytest.mark.parametrize(("mood", "reason"), [("down", "down"), ("wrong_json", "bad_answer")])
def test_a_bad_mood_may_pass(gateway: Exchange, world: RunningSandbox, mood: str, reason: str) -> None:
    world.put_mood("province", mood)
    with pytest.raises(DeliveryFailed, match=reason) as failed:
        HttpProvince(gateway).report_case(of_case(f"XX-{mood}"))
    assert failed.value.retryable


def test_nobody_there_may_pass(world: RunningSandbox, loop: BackgroundLoop) -> None:
    away = Exchange(CLOSED_PORT, GatewayTokens.load(world.token_file), loop)
    with pytest.raises(DeliveryFailed, match="down") as failed:
        HttpCourier(away).track("XX123456789015")
    assert failed.value.retryable


@pytest.mark.parametrize(
    ("status", "body", "reason", "retryable"),
    [
        (401, b"", "refused_by_gateway", True),
        (409, b"", "out_of_order", True),
        (429, b"", "down", True),
        (302, b"", "bad_answer", True),
        (200, b'{"code":40401}', "bad_answer", True),
        (404, b"", "refused", False),
        (422, b"", "refused", False),
    ],
)
def test_what_may_pass_is_told_from_what_will_not(
    status: int, body: bytes, reason: str, retryable: bool
) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        read_answer(Reply(status, body), Receipt)
    assert (failed.value.reason, failed.value.retryable) == (reason, retryable)


def test_checks_say_how_things_stand_and_change_nothing(gateway: Exchange, world: RunningSandbox) -> None:
    before = (world.list_shipments(), len(world.get_province()["cases"]), len(world.list_approvals()))
    world.put_mood("courier", "error_text")
    assert not courier_check.check(gateway).ok
    assert province_check.check(gateway).ok
    assert [each.ok for each in supervisors_check.check(gateway, ["SJ", "NOBODY"])] == [True, False]
    assert before == (world.list_shipments(), len(world.get_province()["cases"]), len(world.list_approvals()))
