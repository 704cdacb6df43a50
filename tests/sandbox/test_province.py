"""The province takes cases and steps in their order and its own codes, and ratings in theirs."""

import itertools
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from sandbox.running import RunningSandbox, run_sandbox
from tests.sandbox.far_side import Caller

CASES, STEPS = "/province/v1/cases", "/province/v1/steps"
RATINGS, APPEALS = "/province/v1/ratings", "/province/v1/rating-appeals"
_NUMBERS = itertools.count(1)


@pytest.fixture
def province(sandbox: RunningSandbox) -> Caller:
    """The province of the module's sandbox: each test speaks of cases of its own."""
    return Caller(sandbox)


@pytest.fixture
def case() -> dict[str, Any]:
    parts = [
        {"partNo": "part-0001", "taskCode": None, "taskName": "户口登记", "deptCode": "GA"},
        {"partNo": "part-0002", "taskCode": "442199806003", "taskName": "参保登记", "deptCode": "YB"},
    ]
    return {
        "projectNo": f"XX-{next(_NUMBERS):04d}",
        "sequence": 1,
        "areaCode": "411523",
        "thingCode": "P-NEWBORN",
        "thingName": "新生儿出生一件事",
        "projectType": "2",
        "channel": "9",
        "applicantType": "1",
        "applyTime": "20261123T101500",
        "parts": parts,
    }


def step(case: dict[str, Any], sequence: int, status: str, part: str | None = None) -> dict[str, Any]:
    return {
        "projectNo": case["projectNo"],
        "sequence": sequence,
        "partNo": part,
        "status": status,
        "stepTime": "20261124T090000",
        "deptCode": "GA",
        "specialProcedure": None,
    }


def rating(case: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "areaCode": "411523",
        "deptCode": "GA",
        "taskCode": None,
        "taskName": "户口登记",
        "projectNo": case["projectNo"],
        "proStatus": "3",
        "pf": "5",
        "userProp": "1",
        "anonymous": "2",
        "satisfaction": "5",
        "evalDetail": ["501", "502"],
        "writingEvaluation": None,
        "assessNumber": "1",
        "assessTime": "20261130T160000",
        **changes,
    }


def test_a_case_and_its_steps_arrive_in_their_order(
    province: Caller, sandbox: RunningSandbox, case: dict[str, Any]
) -> None:
    steps = [step(case, 2, "05"), step(case, 3, "12", "part-0001"), step(case, 4, "10", "part-0001")]
    receipts = [province.post(CASES, case)] + [province.post(STEPS, each) for each in steps]
    assert [status for status, _ in receipts] == [200] * 4
    assert len({answer["data"]["receipt"] for _, answer in receipts}) == 4
    (kept,) = [each for each in sandbox.get_province()["cases"] if each["case"]["body"] == case]
    assert [each["body"] for each in kept["steps"]] == steps


def test_a_repetition_gets_the_same_receipt_and_is_counted(
    province: Caller, sandbox: RunningSandbox, case: dict[str, Any]
) -> None:
    first, again = province.post(CASES, case), province.post(CASES, case)
    assert first == again
    assert province.post(STEPS, step(case, 2, "05")) == province.post(STEPS, step(case, 2, "05"))
    (kept,) = [each for each in sandbox.get_province()["cases"] if each["case"]["body"] == case]
    assert (kept["case"]["deliveries"], [each["deliveries"] for each in kept["steps"]]) == (2, [2])


def test_the_same_number_with_another_content_is_refused(province: Caller, case: dict[str, Any]) -> None:
    province.post(CASES, case)
    province.post(STEPS, step(case, 2, "05"))
    assert province.post(CASES, case | {"thingName": "别的事"})[0] == 422
    assert province.post(STEPS, step(case, 2, "07"))[0] == 422


def test_a_step_out_of_turn_says_which_is_expected(province: Caller, case: dict[str, Any]) -> None:
    status, answer = province.post(STEPS, step(case, 2, "05"))
    assert (status, answer["data"]) == (409, {"expected": 1})
    province.post(CASES, case)
    status, answer = province.post(STEPS, step(case, 4, "12"))
    assert (status, answer["code"], answer["data"]) == (409, 40901, {"expected": 2})


@pytest.mark.parametrize("end", ["07", "10", "13"])
def test_after_the_end_nothing_more_is_taken(province: Caller, case: dict[str, Any], end: str) -> None:
    province.post(CASES, case)
    assert province.post(STEPS, step(case, 2, end, "part-0001"))[0] == 200
    status, answer = province.post(STEPS, step(case, 3, "12", "part-0001"))
    assert (status, answer["data"]) == (409, {"ended": end})
    assert province.post(STEPS, step(case, 3, "12", "part-0002"))[0] == 200
    assert province.post(STEPS, step(case, 4, end))[0] == 200
    assert province.post(STEPS, step(case, 5, "12", "part-0002"))[1]["data"] == {"ended": end}


def test_a_part_that_the_case_does_not_have_is_unknown(province: Caller, case: dict[str, Any]) -> None:
    province.post(CASES, case)
    assert province.post(STEPS, step(case, 2, "05", "part-0009"))[0] == 404


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("projectNo", ""),
        ("sequence", 2),
        ("areaCode", "xin county"),
        ("projectType", "3"),
        ("channel", "kiosk"),
        ("applicantType", 1),
        ("applyTime", "2026-11-23T10:15:00+08:00"),
        ("applyTime", "20261323T101500"),
        ("parts", []),
        ("parts", [{"partNo": "part-0001", "taskCode": None, "taskName": "户口登记"}]),
        ("parts", [{"partNo": "a", "taskCode": None, "taskName": "b", "deptCode": "GA"}] * 2),
        ("applicantName", "陈晓梅"),
    ],
)
def test_a_case_in_other_words_is_refused_by_name(
    province: Caller, case: dict[str, Any], field: str, wrong: Any
) -> None:
    status, answer = province.post(CASES, case | {field: wrong})
    assert (status, answer["code"]) == (400, 40001)
    assert answer["message"].startswith(field)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("status", "completed"),
        ("status", "01"),
        ("stepTime", "20261124"),
        ("sequence", True),
        ("specialProcedure", "3"),
        ("specialProcedure", "1"),
    ],
)
def test_a_step_in_other_codes_is_refused_by_name(
    province: Caller, case: dict[str, Any], field: str, wrong: Any
) -> None:
    province.post(CASES, case)
    status, answer = province.post(STEPS, step(case, 2, "05") | {field: wrong})
    assert (status, answer["message"]) == (400, field)


def test_an_extension_is_a_special_procedure_of_a_case_in_handling(
    province: Caller, case: dict[str, Any]
) -> None:
    province.post(CASES, case)
    assert province.post(STEPS, step(case, 2, "12", "part-0001") | {"specialProcedure": "1"})[0] == 200


def test_a_satisfaction_counted_from_the_wrong_end_is_found_out(
    province: Caller, case: dict[str, Any]
) -> None:
    """5 is very satisfied here, and 1 in GB/T 39046: who mixes them up chose reasons of another level."""
    assert province.post(RATINGS, rating(case), "rating-1")[0] == 200
    status, answer = province.post(RATINGS, rating(case, satisfaction="1"), "rating-2")
    assert (status, answer["message"]) == (400, "evalDetail")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("satisfaction", 5), ("satisfaction", "0"), ("pf", "8"), ("anonymous", True), ("assessNumber", "3")]
    + [("evalDetail", ["5"]), ("proStatus", "4"), ("writingEvaluation", "长" * 501), ("areaCode", None)],
)
def test_a_rating_in_other_codes_is_refused_by_name(
    province: Caller, case: dict[str, Any], field: str, wrong: Any
) -> None:
    status, answer = province.post(RATINGS, rating(case, **{field: wrong}), "rating-3")
    assert (status, answer["message"]) == (400, field)


def test_an_appeal_excludes_the_rating_it_names(
    province: Caller, sandbox: RunningSandbox, case: dict[str, Any]
) -> None:
    receipt = province.post(RATINGS, rating(case), f"rating-{case['projectNo']}")[1]["data"]["receipt"]
    appeal = {"rating": receipt, "reason": "1", "outcome": "1", "appealTime": "20261205T100000"}
    assert province.post(APPEALS, appeal | {"rating": "HN0"}, "appeal-0")[0] == 404
    assert province.post(APPEALS, appeal | {"reason": "9"}, "appeal-0")[0] == 400
    assert province.post(APPEALS, appeal, "appeal-1") == province.post(APPEALS, appeal, "appeal-1")
    assert province.post(APPEALS, appeal | {"outcome": "2"}, "appeal-1")[0] == 422
    assert province.post(APPEALS, appeal)[0] == 400
    kept = {each["receipt"]: each for each in sandbox.get_province()["ratings"]}
    assert kept[receipt]["excluded"]


def test_it_breaks_down_like_everybody_else(
    province: Caller, sandbox: RunningSandbox, case: dict[str, Any]
) -> None:
    sandbox.put_mood("province", "down")
    with pytest.raises(OSError, match=r"closed|reset|without"):
        province.post(CASES, case)
    sandbox.put_mood("province", "ok")
    assert province.post(CASES, case)[0] == 200


def test_what_arrived_is_remembered_over_a_kill(tmp_path: Path, case: dict[str, Any]) -> None:
    state = ("--state-file", str(tmp_path / "state.jsonl"))
    with run_sandbox(tmp_path, *state) as first:
        province = Caller(first)
        receipt = province.post(CASES, case)[1]["data"]
        province.post(STEPS, step(case, 2, "05"))
        province.post(RATINGS, rating(case), "rating-1")
        before = first.get_province()
        os.kill(first.pid, signal.SIGKILL)
    with run_sandbox(tmp_path, *state) as second:
        assert second.get_province() == before
        assert Caller(second).post(CASES, case)[1]["data"] == receipt
        assert Caller(second).post(STEPS, step(case, 3, "12"))[0] == 200
