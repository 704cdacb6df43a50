"""Time in the sandbox: it can be moved on and not back, and what has become due happens at once."""

import os
import signal
import urllib.error
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onething.system import MovedClock
from sandbox.running import RunningSandbox, run_sandbox
from tests.sandbox.far_side import Caller, Listener, wait_until

PART = {"part": "part-0001", "case_number": "XX-1", "thing": "P-NEWBORN", "matter": "SS-CARD", "facts": {}}


def refused(act: Any) -> int:
    with pytest.raises(urllib.error.HTTPError) as error:
        act()
    error.value.close()
    return int(error.value.code)


def test_days_pass_at_once_and_never_back(own: RunningSandbox) -> None:
    before = own.now()
    assert abs(before - datetime.now(UTC)) < timedelta(seconds=5)
    assert timedelta(days=3) <= own.move_clock(forward_days=3) - before < timedelta(days=3, seconds=5)
    new_year = "2031-01-01T09:00:00+08:00"
    moved = own.move_clock(at=new_year) - datetime.fromisoformat(new_year)
    assert timedelta() <= moved < timedelta(seconds=3)
    assert refused(lambda: own.move_clock(at="2030-12-31T09:00:00+08:00")) == 422
    assert refused(lambda: own.move_clock(forward_days=-1)) == 422
    assert own.now() >= datetime.fromisoformat(new_year)


@pytest.mark.parametrize(
    "wrong",
    [{}, {"at": "2031-01-01T09:00:00"}, {"at": "tomorrow"}, {"forward_days": "3"}, {"forward_days": 9999}]
    + [{"forward_days": 1, "forward_seconds": 1}, {"forward_years": 1}],
)
def test_a_move_that_makes_no_sense_is_refused(sandbox: RunningSandbox, wrong: dict[str, Any]) -> None:
    before = sandbox.now()
    assert refused(lambda: sandbox.move_clock(**wrong)) == 422
    assert sandbox.now() - before < timedelta(seconds=5)


def test_a_decision_that_takes_weeks_is_there_when_the_weeks_have_passed(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("RS", accept_after={"working_minutes": 30}, decide_after={"working_days": 10})
    caller.post("/departments/RS/parts", PART | {"callback": listener.url}, "key-0001")
    own.wait_until_quiet()
    assert listener.kinds == []
    own.move_clock(forward_days=3)
    own.wait_until_quiet()
    assert listener.kinds == ["accepted"]
    own.move_clock(forward_days=16)
    own.wait_until_quiet()
    assert listener.kinds == ["accepted", "completed"]
    accepted_at, decided_at = (datetime.fromisoformat(event["at"]) for event in listener.told)
    assert decided_at - accepted_at == timedelta(days=14)


def test_one_leap_over_all_the_weeks_dates_each_step_when_it_was_due(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_department("RS", accept_after={"working_minutes": 30}, decide_after={"working_days": 10})
    caller.post("/departments/RS/parts", PART | {"callback": listener.url}, "key-0001")
    own.move_clock(forward_days=90)
    own.wait_until_quiet()
    accepted_at, decided_at = (datetime.fromisoformat(event["at"]) for event in listener.told)
    assert decided_at - accepted_at == timedelta(days=14)
    assert own.now() - decided_at > timedelta(days=70)


def test_registers_answer_as_of_the_moved_day(own: RunningSandbox, caller: Caller) -> None:
    purpose = {"case": "draft-1", "thing": "P-NEWBORN", "matters": [], "actor": "s", "reason": "出生登记"}
    asked = {"self.id_number": own.get_person("chen", "mother")["card"]["id_number"]}
    body = {"asked": asked, "purpose": purpose}
    before = caller.post("/registers/population_register/records", body)[1]["data"]
    own.move_clock(forward_days=40)
    after = caller.post("/registers/population_register/records", body)[1]["data"]
    days = [datetime.fromisoformat(record["as_of"]).date() for record in (before, after)]
    assert days[1] - days[0] == timedelta(days=40)


def test_the_server_s_clock_is_never_behind_what_it_is_told(tmp_path: Path) -> None:
    file = tmp_path / "clock.txt"
    server = MovedClock(file)
    with run_sandbox(tmp_path, "--clock-file", str(file)) as sandbox:
        listener = Listener(sandbox)
        server.now()
        sandbox.put_department("RS", accept_after={"seconds": 86400})
        Caller(sandbox).post("/departments/RS/parts", PART | {"callback": listener.url}, "key-0001")
        sandbox.move_clock(forward_days=2)
        wait_until(lambda: bool(listener.told))
        assert datetime.fromisoformat(listener.told[0]["at"]) <= server.now()
        listener.close()
    assert file.read_text() == "172800\n"


def test_the_offset_outlives_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "clock.txt"
    with run_sandbox(tmp_path, "--clock-file", str(file)) as sandbox:
        sandbox.move_clock(forward_days=30)
        ahead = sandbox.now() - datetime.now(UTC)
        os.kill(sandbox.pid, signal.SIGKILL)
    with run_sandbox(tmp_path, "--clock-file", str(file)) as again:
        assert abs((again.now() - datetime.now(UTC)) - ahead) < timedelta(seconds=2)
