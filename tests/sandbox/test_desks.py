"""Departments over the wire: they ask and go on, pause, extend, tell late, break down and are pulled."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.running import RunningSandbox, run_sandbox
from tests.sandbox.far_side import Caller, Listener, wait_until

FACTS = {"child.birth_on": "2026-11-11", "child.sex": "2"}
MATERIALS = [{"material": "marriage", "how": "submit", "file": "f" * 32, "sha256": "0" * 64}]
COMPLEX = {"code": "complex", "zh": "情况复杂", "en": "It is complex"}


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest) -> None:
    if "own" in request.fixturenames:
        request.getfixturevalue("own").put_department("*", after_seconds=0.02)


def deliver(caller: Caller, listener: Listener, part: str = "part-0001", **changes: Any) -> tuple[int, Any]:
    body = {"part": part, "case_number": "XX-1", "thing": "P-NEWBORN", "matter": "HUKOU", "facts": FACTS}
    body |= {"materials": MATERIALS, "callback": listener.url} | changes
    return caller.post("/departments/GA/parts", body, part)


def supplement(caller: Caller, part: str = "part-0001", **body: Any) -> tuple[int, Any]:
    return caller.post(f"/departments/GA/parts/{part}/supplements", body, "key-0001")


def test_it_asks_once_and_goes_on_when_it_is_given(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", supplement={"when": "before_acceptance"})
    deliver(caller, listener)
    wait_until(lambda: listener.kinds == ["supplement"])
    assert listener.told[0]["wants"][0]["material"] == "marriage"
    assert own.list_parts()[0]["lacking"] == ["marriage"]
    time.sleep(0.2)
    assert listener.kinds == ["supplement"]
    status, answer = supplement(caller, materials=[{"material": "marriage", "file": "e" * 32}], facts={})
    assert (status, answer["data"]["reference"]) == (202, own.list_parts()[0]["reference"])
    wait_until(lambda: listener.kinds == ["supplement", "accepted", "completed"])
    assert own.list_parts()[0]["lacking"] == []


def test_facts_that_were_asked_for_decide(own: RunningSandbox, caller: Caller, listener: Listener) -> None:
    wants = [{"fact": "child.birth_on", "zh": "请填写出生日期", "en": "The date of birth, please"}]
    own.put_department("GA", supplement={"when": "in_handling", "wants": wants})
    deliver(caller, listener, facts={"child.sex": "2"})
    wait_until(lambda: listener.kinds == ["accepted", "supplement"])
    assert listener.told[1]["wants"] == wants
    supplement(caller, facts={"child.birth_on": "2026-11-12"})
    wait_until(lambda: listener.kinds == ["accepted", "supplement", "completed"])
    assert listener.told[2]["result"]["facts"]["child.id_number"][6:14] == "20261112"


def test_a_habit_for_one_matter_leaves_the_others_alone(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", matter="HUKOU", decide="deny", reason=COMPLEX)
    deliver(caller, listener)
    deliver(caller, listener, "part-0002", matter="HUKOU-CANCEL", thing="P-AFTER-DEATH")
    wait_until(lambda: len(listener.told) == 4)
    ends = {event["part"]: event["kind"] for event in listener.told if event["kind"] != "accepted"}
    assert ends == {"part-0001": "denied", "part-0002": "completed"}
    assert [event["reason"] for event in listener.told if event["kind"] == "denied"] == [COMPLEX]


def test_it_pauses_for_an_expert_review_and_takes_longer(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    suspend = {"cause": "expert_review", "lasting": {"working_days": 20}}
    own.put_department("GA", suspend=suspend, extend={"days": 10, "reason": COMPLEX})
    deliver(caller, listener)
    wait_until(lambda: listener.kinds == ["accepted", "suspended"])
    assert listener.told[1]["cause"] == "expert_review"
    own.move_clock(forward_days=29)
    wait_until(lambda: listener.kinds[2:] == ["resumed", "extended", "completed"])
    assert (listener.told[3]["days"], listener.told[3]["reason"]) == (10, COMPLEX)


def test_it_tells_late_what_it_decided_in_time(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", tell_after={"working_days": 2})
    deliver(caller, listener)
    wait_until(lambda: own.list_parts()[0]["events"] != [])
    own.wait_until_quiet()
    assert listener.told == []
    own.move_clock(forward_days=5)
    wait_until(lambda: listener.kinds == ["accepted", "completed"])
    told_at = datetime.fromisoformat(listener.told[1]["at"])
    assert own.now() - told_at > timedelta(days=4)


def test_it_is_down_for_days_and_then_up_by_itself(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", decide="hold")
    deliver(caller, listener)
    wait_until(lambda: listener.kinds == ["accepted"])
    own.put_mood("GA", "down", days=3)
    own.put_department("GA", decide="complete")
    with pytest.raises(OSError, match=r"closed|reset|without"):
        deliver(caller, listener, "part-0002")
    own.move_clock(forward_days=2)
    own.wait_until_quiet()
    assert listener.kinds == ["accepted"]
    own.move_clock(forward_days=1)
    wait_until(lambda: listener.kinds == ["accepted", "completed"])
    assert deliver(caller, listener, "part-0002")[0] == 202


def test_one_that_can_not_call_back_is_pulled(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", calls_back=False)
    assert caller.get("/departments/GA/events")[1]["data"] == {"events": [], "next": "0"}
    deliver(caller, listener)
    deliver(caller, listener, "part-0002")
    wait_until(lambda: all(part["is_over"] for part in own.list_parts()))
    first = caller.get("/departments/GA/events?after=0")[1]["data"]
    for part in ("part-0001", "part-0002"):
        kinds = [event["kind"] for event in first["events"] if event["part"] == part]
        assert kinds == ["accepted", "completed"]
    assert caller.get("/departments/GA/events")[1]["data"] == first
    assert caller.get(f"/departments/GA/events?after={first['next']}")[1]["data"]["events"] == []
    assert own.wait_for_parts(2)
    assert listener.told == []


def test_a_pull_gives_a_hundred_at_a_time_and_each_event_once(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", calls_back=False, after_seconds=0)
    for number in range(60):
        deliver(caller, listener, f"part-{number:04d}")
    wait_until(lambda: all(part["is_over"] for part in own.list_parts()))
    cursor, pages = "", []
    while not pages or pages[-1]:
        page = caller.get(f"/departments/GA/events?after={cursor}")[1]["data"]
        cursor, pages = page["next"], [*pages, page["events"]]
    assert [len(page) for page in pages] == [100, 20, 0]
    assert len({event["event_id"] for page in pages for event in page}) == 120


@pytest.mark.parametrize("cursor", ["x", "-1", "999"])
def test_a_cursor_that_was_never_given_out_is_refused(caller: Caller, cursor: str) -> None:
    assert caller.get(f"/departments/GA/events?after={cursor}")[0] == 400


def test_a_department_that_calls_back_again_tells_what_it_kept_to_itself(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", calls_back=False, decide="hold")
    deliver(caller, listener)
    wait_until(lambda: bool(own.list_parts()[0]["events"]))
    own.put_department("GA", calls_back=True, decide="complete")
    wait_until(lambda: listener.kinds == ["accepted", "completed"])


def test_a_part_taken_back_is_decided_no_more(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", decide="hold")
    reference = deliver(caller, listener)[1]["data"]["reference"]
    wait_until(lambda: listener.kinds == ["accepted"])
    for name in ("part-0001", "part-0001", reference):
        assert caller.post(f"/departments/GA/parts/{name}/withdrawal", {})[0] == 202
    own.put_department("GA", decide="complete")
    assert supplement(caller, facts={"a": 1})[1]["data"] == {"state": "withdrawn"}
    time.sleep(0.3)
    assert listener.kinds == ["accepted"]


def test_what_was_decided_can_not_be_taken_back_or_added_to(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    deliver(caller, listener)
    own.wait_for_parts(1)
    status, answer = caller.post("/departments/GA/parts/part-0001/withdrawal", {})
    assert (status, answer["code"], answer["data"]) == (409, 40901, {"state": "completed"})
    assert supplement(caller, facts={"child.sex": "1"})[0] == 409


def test_a_supplement_twice_is_one_and_another_under_its_key_is_refused(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", decide="hold")
    deliver(caller, listener)
    assert supplement(caller, facts={"child.sex": "1"})[0] == 202
    assert supplement(caller, facts={"child.sex": "1"})[0] == 202
    assert supplement(caller, facts={"child.sex": "2"})[0] == 422
    assert len(own.list_parts()[0]["supplements"]) == 1


@pytest.mark.parametrize(
    ("path", "key", "body", "status"),
    [
        ("/departments/GA/parts/part-0001/supplements", "key-0001", {}, 400),
        ("/departments/GA/parts/part-0001/supplements", "key-0001", {"facts": [1]}, 400),
        ("/departments/GA/parts/part-0001/supplements", "key-0001", {"materials": ["x"]}, 400),
        ("/departments/GA/parts/part-0001/supplements", None, {"facts": {"a": 1}}, 400),
        ("/departments/GA/parts/part-0009/supplements", "key-0001", {"facts": {"a": 1}}, 404),
        ("/departments/WJ/parts/part-0001/supplements", "key-0001", {"facts": {"a": 1}}, 404),
        ("/departments/XX/parts/part-0001/supplements", "key-0001", {"facts": {"a": 1}}, 404),
        ("/departments/WJ/parts/part-0001/withdrawal", None, {}, 404),
    ],
)
def test_what_a_department_can_not_take_is_refused(
    caller: Caller, listener: Listener, path: str, key: str | None, body: Any, status: int
) -> None:
    deliver(caller, listener)
    assert caller.post(path, body, key)[0] == status


def test_how_often_a_decision_was_asked_for_can_be_counted(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    references = {deliver(caller, listener)[1]["data"]["reference"] for _ in range(3)}
    deliver(caller, listener, "part-0002", case_number="XX-2")
    assert len(references) == 1
    counted = {part["key"]: part["deliveries"] for part in own.list_parts()}
    assert counted == {"part-0001": 3, "part-0002": 1}
    assert [part["key"] for part in own.list_parts(case="XX-2")] == ["part-0002"]
    assert own.list_parts(department="WJ") == []


def test_an_event_on_command_says_what_it_is_told_to(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("GA", decide="hold", after_seconds=3600)
    reference = deliver(caller, listener)[1]["data"]["reference"]
    future = {"at": "2031-01-01T09:00:00+08:00", "event_id": "e" * 32}
    event = own.send_event(reference, "completed", **future)
    assert event["last_status"] == 200
    assert {name: listener.told[0][name] for name in future} == future
    own.send_event(reference, "suspended", **{"as": "WJ", "cause": "hearing"})
    assert (listener.tellers[1], listener.told[1]["cause"]) == ("WJ", "hearing")
    assert own.list_parts()[0]["events"] == []


def test_a_server_that_says_no_for_good_is_not_asked_for_ever(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    listener.status = 422
    deliver(caller, listener)
    (part,) = own.wait_for_parts(1)
    assert [(event["attempts"], event["refused"]) for event in part["events"]] == [(1, True), (1, True)]


@pytest.fixture
def killed_in_the_middle(tmp_path: Path) -> Iterator[RunningSandbox]:
    """A sandbox whose first process was killed while it waited for a supplement and for weeks to pass."""
    state = ("--state-file", str(tmp_path / "state.jsonl"))
    with run_sandbox(tmp_path, *state) as first:
        first.put_department("GA", after_seconds=0, supplement={"when": "in_handling"}, calls_back=False)
        far = Caller(first)
        for part in ("part-0001", "part-0002"):
            body: dict[str, Any] = {"part": part, "case_number": "XX-1", "thing": "P-NEWBORN"}
            body |= {"matter": "HUKOU", "facts": FACTS, "callback": "http://127.0.0.1:9/"}
            far.post("/departments/GA/parts", body, part)
        wait_until(lambda: all(len(part["events"]) == 2 for part in first.list_parts()))
        supplement(far, part="part-0001", facts={"child.birth_on": "2026-11-13"})
        wait_until(lambda: len(first.list_parts()[0]["events"]) == 3)
        far.post("/departments/GA/parts/part-0002/withdrawal", {})
        os.kill(first.pid, signal.SIGKILL)
    with run_sandbox(tmp_path, *state) as second:
        yield second


def test_everything_is_remembered_over_a_kill(killed_in_the_middle: RunningSandbox) -> None:
    one, two = killed_in_the_middle.list_parts()
    assert [event["body"]["kind"] for event in one["events"]] == ["accepted", "supplement", "completed"]
    assert one["supplements"][0]["facts"] == {"child.birth_on": "2026-11-13"}
    assert (two["withdrawn_at"] is not None, two["is_over"]) == (True, True)
    events = Caller(killed_in_the_middle).get("/departments/GA/events")[1]["data"]
    assert len(events["events"]) == 5
    assert events["next"] == "5"
