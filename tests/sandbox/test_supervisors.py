"""Departments that supervise afterwards: they acknowledge an approval, check it, and say what they found."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from sandbox.running import RunningSandbox, run_sandbox
from tests.sandbox.far_side import Caller, Listener, wait_until

PATH = "/supervisors/SJ/approvals"


def approval(listener: Listener, **changes: Any) -> dict[str, Any]:
    body = {"item": "approval-0001", "case_number": "XX-1", "matter": "FOOD", "on_commitment": False}
    return body | {"callback": listener.url} | changes


def test_it_acknowledges_at_once_and_checks_within_days(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    status, answer = caller.post(PATH, approval(listener), "key-0001")
    assert (status, answer["data"]["reference"][:4]) == (202, "SJ-S")
    wait_until(lambda: listener.kinds == ["acknowledged"])
    assert (listener.tellers[0], listener.told[0]["item"]) == ("SJ", "approval-0001")
    own.move_clock(forward_days=3)
    own.wait_until_quiet()
    assert listener.kinds == ["acknowledged"]
    own.move_clock(forward_days=6)
    wait_until(lambda: listener.kinds == ["acknowledged", "finding"])
    assert listener.told[1]["finding"]["result"] == "ok"
    assert {"zh", "en"} < set(listener.told[1]["finding"])


def test_what_was_granted_on_a_promise_is_checked_sooner(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_supervisor("SJ", acknowledge_after={"seconds": 0}, result="revoke", zh="经营场所与承诺不符")
    caller.post(PATH, approval(listener), "key-0001")
    caller.post(PATH, approval(listener, item="approval-0002", on_commitment=True), "key-0002")
    wait_until(lambda: len(listener.told) == 2)
    own.move_clock(forward_days=4)
    own.wait_until_quiet()
    findings = [event for event in listener.told if event["kind"] == "finding"]
    assert [event["item"] for event in findings] == ["approval-0002"]
    assert (findings[0]["finding"]["result"], findings[0]["finding"]["zh"]) == (
        "revoke",
        "经营场所与承诺不符",
    )


def test_the_same_key_is_one_approval(own: RunningSandbox, caller: Caller, listener: Listener) -> None:
    body = approval(listener)
    assert caller.post(PATH, body, "key-0001") == caller.post(PATH, body, "key-0001")
    assert caller.post(PATH, approval(listener, matter="FIRE"), "key-0001")[0] == 422
    (kept,) = own.list_approvals()
    assert (kept["deliveries"], kept["body"]) == (2, body)
    wait_until(lambda: listener.kinds == ["acknowledged"])


@pytest.mark.parametrize("missing", ["item", "case_number", "matter", "callback"])
def test_an_approval_without_what_it_is_about_is_refused_by_name(
    caller: Caller, listener: Listener, missing: str
) -> None:
    status, answer = caller.post(PATH, approval(listener, **{missing: None}), "key-0001")
    assert (status, answer["message"]) == (400, missing)
    assert caller.post(PATH, approval(listener))[1]["message"] == "Idempotency-Key"
    assert caller.post("/supervisors/NOBODY/approvals", approval(listener), "key-0001")[0] == 404


def test_a_department_that_is_down_is_silent_until_it_is_up(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_supervisor("SJ", acknowledge_after={"seconds": 3600})
    caller.post(PATH, approval(listener), "key-0001")
    own.put_mood("SJ", "down", days=2)
    own.move_clock(forward_days=1)
    own.wait_until_quiet()
    assert listener.kinds == []
    own.move_clock(forward_days=1)
    wait_until(lambda: listener.kinds == ["acknowledged"])


def test_approvals_are_remembered_over_a_kill(tmp_path: Path) -> None:
    state = ("--state-file", str(tmp_path / "state.jsonl"))
    with run_sandbox(tmp_path, *state) as first:
        listener = Listener(first)
        Caller(first).post(PATH, approval(listener), "key-0001")
        wait_until(lambda: first.list_approvals()[0]["events"] != [])
        os.kill(first.pid, signal.SIGKILL)
    with run_sandbox(tmp_path, *state) as second:
        second.move_clock(forward_days=10)
        wait_until(lambda: "finding" in listener.kinds)
    listener.close()
