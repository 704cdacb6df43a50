"""The courier: shipments that move on with the clock, come back, get lost, and are never doubled."""

import os
import signal
import urllib.error
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from sandbox.courier import make_waybill
from sandbox.running import RunningSandbox, run_sandbox
from tests.sandbox.far_side import Caller

SHIPMENTS = "/courier/v1/shipments"
DAYS = {"transit_after": {"seconds": 7200}, "deliver_after": {"working_days": 2}}


def shipment(key: str = "shipment-0001", **changes: Any) -> dict[str, Any]:
    receiver = {"name": "陈晓梅", "mobile": "19900000001", "address": "河南省信阳市新县航空路18号"}
    sender = {"name": "新县政务服务中心"}
    return {"key": key, "from": sender, "to": receiver, "contents": ["户口簿", "社会保障卡"]} | changes


def where(caller: Caller, waybill: str) -> list[str]:
    told = caller.get(f"{SHIPMENTS}/{waybill}")[1]["data"]
    states = [station["state"] for station in told["trace"]]
    assert told["state"] == states[-1]
    assert all(station["zh"] and station["en"] for station in told["trace"])
    return states


@given(st.text())
def test_a_waybill_passes_its_check_and_is_the_same_for_the_same_key(key: str) -> None:
    waybill = make_waybill(key)
    assert (waybill[:2], len(waybill)) == ("XX", 14)
    assert mod_11_10.is_valid(waybill[2:])
    assert make_waybill(key) == waybill


def test_a_shipment_moves_on_with_the_clock(own: RunningSandbox, caller: Caller) -> None:
    own.put_courier(**DAYS)
    status, answer = caller.post(SHIPMENTS, shipment())
    waybill = answer["data"]["waybill"]
    assert status == 202
    assert where(caller, waybill) == ["accepted"]
    own.move_clock(forward_seconds=7200)
    assert where(caller, waybill) == ["accepted", "in_transit"]
    own.move_clock(forward_days=6)
    assert where(caller, waybill) == ["accepted", "in_transit", "delivered"]


def test_the_same_key_is_one_shipment(own: RunningSandbox, caller: Caller) -> None:
    assert caller.post(SHIPMENTS, shipment()) == caller.post(SHIPMENTS, shipment())
    assert caller.post(SHIPMENTS, shipment(contents=["别的"]))[0] == 422
    (kept,) = own.list_shipments()
    assert (kept["deliveries"], kept["body"]["contents"]) == (2, ["户口簿", "社会保障卡"])


@pytest.mark.parametrize("state", ["returned", "lost"])
def test_one_comes_back_or_is_lost_on_the_way(own: RunningSandbox, caller: Caller, state: str) -> None:
    own.put_courier(**DAYS)
    waybill = caller.post(SHIPMENTS, shipment())[1]["data"]["waybill"]
    own.move_clock(forward_seconds=8000)
    own.end_shipment(waybill, state)
    own.move_clock(forward_days=30)
    assert where(caller, waybill) == ["accepted", "in_transit", state]
    with pytest.raises(urllib.error.HTTPError, match="409") as refused:
        own.end_shipment(waybill, "delivered")
    refused.value.close()


def test_all_that_are_sent_from_now_on_come_back(own: RunningSandbox, caller: Caller) -> None:
    own.put_courier(ends="returned")
    waybill = caller.post(SHIPMENTS, shipment())[1]["data"]["waybill"]
    own.move_clock(forward_days=1)
    assert where(caller, waybill)[-1] == "returned"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"to": None}, "to"),
        ({"to": {"name": "陈晓梅", "mobile": "19900000001"}}, "to.address"),
        ({"key": ""}, "key"),
        ({"contents": []}, "contents"),
        ({"from": {}}, "from"),
    ],
)
def test_what_can_not_be_sent_is_refused_by_name(
    sandbox: RunningSandbox, changes: dict[str, Any], named: str
) -> None:
    status, answer = Caller(sandbox).post(SHIPMENTS, shipment(**changes))
    assert (status, answer["message"]) == (400, named)


def test_an_unknown_waybill_is_not_made_up(sandbox: RunningSandbox) -> None:
    assert Caller(sandbox).get(f"{SHIPMENTS}/XX000000000000")[0] == 404


def test_shipments_are_remembered_over_a_kill(tmp_path: Path) -> None:
    state = ("--state-file", str(tmp_path / "state.jsonl"))
    with run_sandbox(tmp_path, *state) as first:
        first.put_courier(**DAYS)
        waybill = Caller(first).post(SHIPMENTS, shipment())[1]["data"]["waybill"]
        os.kill(first.pid, signal.SIGKILL)
    with run_sandbox(tmp_path, *state) as second:
        assert where(Caller(second), waybill) == ["accepted"]
        second.move_clock(forward_days=6)
        assert where(Caller(second), waybill)[-1] == "delivered"
