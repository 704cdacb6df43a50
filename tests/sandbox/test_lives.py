"""Departments under everything at once: habits, moods, leaps of time, kills; nothing lost, nothing twice."""

import os
import signal
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sandbox.habits import ENDS
from sandbox.running import RunningSandbox, run_sandbox
from tests.sandbox.far_side import Caller, Listener

SUSPEND = {"cause": "inspection", "lasting": {"working_days": [1, 3]}}
EXTEND = {"days": 5, "reason": {"code": "complex", "zh": "情况复杂"}}
HABITS = st.fixed_dictionaries(
    {
        "decide": st.sampled_from(["hold", "complete", "hold", "deny"]),
        "decide_after": st.sampled_from([None, {"working_days": [1, 4]}, {"working_minutes": 90}]),
        "suspend": st.sampled_from([None, SUSPEND]),
        "extend": st.sampled_from([None, EXTEND]),
        "supplement": st.sampled_from([None, {"when": "before_acceptance"}, {"when": "in_handling"}]),
        "tell_after": st.sampled_from([None, {"working_days": 1}]),
        "calls_back": st.booleans(),
        "tricks": st.lists(st.sampled_from(["duplicate", "reorder", "forge"]), max_size=2, unique=True),
    }
)

pytestmark = pytest.mark.slow


class Lives(RuleBasedStateMachine):
    """Parts of one department, with the server's side as the listener; at the end all is let through."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._running: AbstractContextManager[RunningSandbox]
        self._start()
        self._listener = Listener(self._sandbox)
        self._parts: list[str] = []
        self._withdrawn: set[str] = set()

    def _start(self) -> None:
        folder = Path(self._folder.name)
        self._running = run_sandbox(folder, "--state-file", str(folder / "state.jsonl"))
        self._sandbox = self._running.__enter__()
        self._caller = Caller(self._sandbox)
        self._sandbox.put_department("*", after_seconds=0)

    @initialize(habit=HABITS)
    def begin_with_some(self, habit: dict[str, Any]) -> None:
        self.change_habit(habit)
        for _ in range(3):
            self.deliver()

    @rule()
    def deliver(self) -> None:
        part = f"part-{len(self._parts):04d}"
        body = {"part": part, "case_number": "XX-1", "thing": "P-NEWBORN", "matter": "SS-CARD"}
        body |= {"facts": {"child.sex": "2"}, "callback": self._listener.url}
        assert self._caller.post("/departments/RS/parts", body, part)[0] == 202
        self._parts.append(part)

    @rule(habit=HABITS)
    def change_habit(self, habit: dict[str, Any]) -> None:
        self._sandbox.put_department("RS", **habit, after_seconds=0)

    @rule(days=st.integers(1, 6))
    def let_days_pass(self, days: int) -> None:
        before = self._sandbox.now()
        assert (self._sandbox.move_clock(forward_days=days) - before).days == days

    @rule(days=st.sampled_from([None, 2]))
    def refuse_everything_for_a_while(self, days: int | None) -> None:
        self._listener.status = 503 if days is None else 200

    @rule(data=st.data())
    def give(self, data: st.DataObject) -> None:
        part = data.draw(st.sampled_from(self._parts))
        path = f"/departments/RS/parts/{part}/supplements"
        assert self._caller.post(path, {"facts": {"child.sex": "1"}}, f"{part}-given")[0] in (202, 409)

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        part = data.draw(st.sampled_from(self._parts))
        if self._caller.post(f"/departments/RS/parts/{part}/withdrawal", {})[0] == 202:
            self._withdrawn.add(part)

    @rule()
    def kill(self) -> None:
        before = self._sandbox.now()
        os.kill(self._sandbox.pid, signal.SIGKILL)
        self._running.__exit__(None, None, None)
        self._start()
        assert self._sandbox.now() >= before

    def teardown(self) -> None:
        try:
            self._let_all_through()
            for part in self._sandbox.list_parts():
                self._check(part)
        finally:
            self._running.__exit__(None, None, None)
            self._listener.close()
            self._folder.cleanup()

    def _let_all_through(self) -> None:
        self._listener.status = 200
        nothing = dict.fromkeys(("decide_after", "suspend", "extend", "supplement", "tell_after", "tricks"))
        self._sandbox.put_department("RS", **nothing, decide="complete", calls_back=True, after_seconds=0)
        self._sandbox.move_clock(forward_days=10)
        self._sandbox.wait_until_quiet(within_seconds=60)

    def _check(self, part: dict[str, Any]) -> None:
        made = [event["body"] for event in part["events"]]
        kinds = [event["kind"] for event in made]
        is_withdrawn = part["key"] in self._withdrawn
        assert is_withdrawn == (part["withdrawn_at"] is not None)
        assert sum(kind in ENDS for kind in kinds) == (0 if is_withdrawn else 1), kinds
        assert kinds.count("accepted") <= 1
        assert kinds.count("supplement") <= 1
        assert sorted(event["at"] for event in made) == [event["at"] for event in made]
        assert all(event["delivered"] for event in part["events"])
        told = {event["event_id"]: event for event in self._listener.told if event["part"] == part["key"]}
        assert told == {event["event_id"]: event for event in made}


def test_nothing_is_lost_or_doubled_whatever_happens() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    some = settings(max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(Lives, settings=some)
