"""The province's numbers for our words, with the trap that satisfaction runs both ways."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from onething.connectors.province import codes
from onething.connectors.province.client import rating_body, step_body
from onething.domain.cases import Event, EventKind
from onething.domain.province_steps import (
    Procedure,
    ProvinceCase,
    ProvinceStep,
    ProvinceTask,
    StepStatus,
    steps_of,
)
from onething.domain.ratings import Channel, Level, Occasion, Rating, reasons_by_level

AT = datetime(2026, 11, 20, 17, 30, 5, tzinfo=UTC)
CASE = ProvinceCase(
    "XX-261121-89D-JV2Q", "411523", "P-NEWBORN", "新生儿出生一件事", "WJ", "kiosk", "person", 10, AT,
    (ProvinceTask("part-1", "HUKOU", None, "出生登记", "GA"),),
)  # fmt: skip


def made_rating(level: Level, *reasons: str, matter: str | None = None) -> Rating:
    return Rating(
        "rating-1", "case-1", "service", 2, "P-NEWBORN", matter, "WJ", Occasion.RESULT, Channel.KIOSK,
        level, reasons, True, "a" * 32, "411523", AT, "说明",
    )  # fmt: skip


def test_satisfaction_runs_one_way_in_the_standard_and_the_other_in_the_exchange() -> None:
    assert codes.SATISFACTION_GB[Level.VERY_SATISFIED] == "1"
    assert codes.SATISFACTION_EXCHANGE[Level.VERY_SATISFIED] == "5"
    assert codes.SATISFACTION_GB[Level.VERY_DISSATISFIED] == "5"
    assert codes.SATISFACTION_EXCHANGE[Level.VERY_DISSATISFIED] == "1"
    for level in Level:
        assert int(codes.SATISFACTION_GB[level]) + int(codes.SATISFACTION_EXCHANGE[level]) == 6


def test_every_word_of_ours_has_a_number() -> None:
    assert set(codes.STATUS) == set(StepStatus)
    assert set(codes.PROCEDURE) == set(Procedure)
    assert {codes.rating_channel(channel) for channel in Channel} == set("1234567")
    for level, reasons in reasons_by_level().items():
        numbers = codes.options(level, tuple(reason.code for reason in reasons))
        assert len(set(numbers)) == len(reasons) >= 5
        assert all(number[0] == codes.SATISFACTION_EXCHANGE[level] for number in numbers)


def test_times_are_china_s() -> None:
    assert codes.moment(AT) == "20261121T013005"


def test_a_kiosk_is_another_channel_and_a_window_its_own() -> None:
    assert (codes.case_channel("kiosk"), codes.case_channel("window")) == ("9", "1")
    assert (codes.case_type(0), codes.case_type(10)) == ("1", "2")


def test_a_rating_goes_out_in_the_exchange_s_fields_and_without_its_rater() -> None:
    body = rating_body(made_rating(Level.DISSATISFIED, "visits", matter="HUKOU"), CASE, is_closed=True)
    assert body["satisfaction"] == "2"
    assert body["evalDetail"] == ["205"]
    assert (body["pf"], body["assessNumber"], body["anonymous"], body["proStatus"]) == ("5", "2", "2", "3")
    assert body["taskName"] == "出生登记"
    assert "a" * 32 not in str(body)


def test_a_step_of_a_part_names_its_department_and_one_of_the_whole_the_lead() -> None:
    of_part = step_body(CASE, ProvinceStep(3, StepStatus.SUSPENDED, AT, "part-1", Procedure.OTHER))
    assert (of_part["deptCode"], of_part["status"], of_part["specialProcedure"]) == ("GA", "11", "2")
    assert step_body(CASE, ProvinceStep(2, StepStatus.ACCEPTED, AT))["deptCode"] == "WJ"


def events(*kinds: EventKind) -> list[Event]:
    return [Event(number, kind, AT, None, {}) for number, kind in enumerate(kinds, 1)]


def test_steps_are_numbered_without_a_gap_and_the_rest_is_left_out() -> None:
    steps = steps_of(
        events(
            EventKind.SUBMITTED,
            EventKind.SUPPLEMENT_WANTED,
            EventKind.SUPPLEMENT_ASKED,
            EventKind.SUPPLEMENT_GIVEN,
            EventKind.ACCEPTED,
            EventKind.PART_DISPATCHED,
            EventKind.WARNED,
            EventKind.SUPPLEMENT_LAPSED,
            EventKind.PART_EXTENDED,
            EventKind.CASE_CLOSED,
            EventKind.RATED,
        )
    )
    assert [step.number for step in steps] == [1, 2, 3, 4, 5, 6]
    assert [codes.STATUS[step.status] for step in steps] == ["02", "06", "02", "05", "12", "10"]
    assert steps[4].procedure is Procedure.EXTENSION


@pytest.mark.parametrize("end", [EventKind.REFUSED, EventKind.SUPPLEMENT_LAPSED])
def test_a_case_that_never_began_is_not_accepted(end: EventKind) -> None:
    assert codes.STATUS[steps_of(events(EventKind.SUBMITTED, end))[-1].status] == "07"
