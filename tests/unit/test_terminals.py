"""Codes that show every slip, heartbeats in and out of order, and what a terminal's word of health is."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from onething.domain.enrolment_codes import draw_code, qr_text, spaced, split_code
from onething.domain.fleet import AlertKind, TerminalReport
from onething.domain.fleet_health import (
    SILENT_AFTER,
    HealthWord,
    conditions_of,
    health_at,
    judge,
    lost_abilities,
)
from onething.domain.heartbeats import Arrival, judge_arrival
from onething.domain.terminals import CROCKFORD, check_words

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CODES = st.integers(0, 2**32).map(lambda seed: draw_code(random.Random(seed).choice))
EXPECTED = ("id_card", "receipt_printer")
STATES = ("absent", "connecting", "ready", "busy", "degraded", "stale", "error")


def is_whole(code: str) -> bool:
    """Crockford's check, reckoned apart from the code that draws it."""
    value = 0
    for sign in code[:-1]:
        value = (value * 32 + CROCKFORD.index(sign)) % 37
    return value == "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U".index(code[-1])


@given(CODES)
def test_a_drawn_code_is_whole_and_typed_with_letters_and_digits(code: str) -> None:
    assert is_whole(code)
    assert len(code) == 16
    assert set(code) <= set(CROCKFORD)
    assert [len(part) for part in split_code(code)] == [4, 11]
    assert spaced(code).replace("-", "") == code


@given(CODES, st.integers(0, 15), st.sampled_from(CROCKFORD))
def test_one_wrong_character_shows(code: str, place: int, sign: str) -> None:
    slipped = code[:place] + sign + code[place + 1 :]
    assert is_whole(slipped) == (slipped == code)


@given(CODES, st.integers(0, 13))
def test_two_swapped_neighbours_show(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_whole(swapped) == (swapped == code)


def test_the_text_of_the_qr() -> None:
    text = qr_text("0123456789ABCDEF", "https://hall.example:8443", "")
    assert text == "ONETHING-ENROL:1:0123456789ABCDEF:https://hall.example:8443:-"


def test_the_words_of_a_key() -> None:
    assert check_words(bytes(32)) == "CSM7-NBFR"


def last(**changes: Any) -> TerminalReport:
    fields: dict[str, Any] = {
        "terminal": "t",
        "boot_id": "now",
        "left_boot_id": "before",
        "counter": 10,
        "signed_at": NOW,
        "heard_at": NOW,
        "body": {},
        "health": "ok",
        "health_reason": "",
        "health_since_at": NOW,
    }
    return TerminalReport(**{**fields, **changes})


@given(
    st.sampled_from(["now", "before", "another"]),
    st.integers(0, 20),
    st.integers(-100, 100).map(lambda seconds: NOW + timedelta(seconds=seconds)),
)
def test_every_heartbeat_is_one_of_four(boot_id: str, counter: int, signed_at: datetime) -> None:
    found = judge_arrival(last(), boot_id, counter, signed_at)
    if counter > 10:
        assert found is (Arrival.CLONE if boot_id == "before" else Arrival.NEW)
    elif (boot_id, signed_at) == ("another", NOW):
        assert found is Arrival.CLONE
    elif signed_at <= NOW:
        assert found is Arrival.REPLAY
    elif (counter, boot_id) == (10, "now"):
        assert found is Arrival.RETRY
    else:
        assert found is Arrival.CLONE


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3)), max_size=30))
def test_one_machine_is_never_taken_for_two(steps: list[tuple[bool, int]]) -> None:
    """However often it starts again and however many of its heartbeats are lost on the way."""
    report, boot, counter, at = last(counter=0, boot_id="boot-0", left_boot_id=None), 0, 0, NOW
    for restarts, lost in steps:
        boot, counter, at = boot + restarts, counter + lost, at + timedelta(seconds=30)
        found = judge_arrival(report, f"boot-{boot}", counter, at)
        assert found is Arrival.NEW
        left = report.boot_id if report.boot_id != f"boot-{boot}" else report.left_boot_id
        report = last(counter=counter, boot_id=f"boot-{boot}", left_boot_id=left, signed_at=at)


BODIES = st.fixed_dictionaries(
    {"devices": st.dictionaries(
        st.sampled_from(["id_card", "receipt_printer", "scanner", "lamp"]),
        st.fixed_dictionaries(
            {"state": st.sampled_from(STATES)},
            optional={"paper": st.sampled_from(["ok", "near_end", "out", "unknown"])},
        ),
    )},
    optional={
        "updating": st.booleans(),
        "clock_offset_ms": st.integers(-200_000, 200_000),
        "disk_free_mib": st.integers(0, 1000),
        "outbox": st.fixed_dictionaries({"oldest_age_seconds": st.integers(0, 2000)}),
    },
)  # fmt: skip


@given(BODIES)
def test_a_terminal_is_well_when_nothing_is_wrong_and_never_else(body: dict[str, Any]) -> None:
    conditions = conditions_of(body, EXPECTED, 1)
    word, reason = judge(body, conditions)
    if body.get("updating"):
        assert word is HealthWord.UPDATING
    else:
        assert (word is HealthWord.OK) == (not conditions) == (not reason)
        reader = body["devices"].get("id_card", {"state": "absent"})
        if reader["state"] in ("absent", "error", "stale") and word is not HealthWord.CLOCK_WRONG:
            assert word is HealthWord.DOWN
    assert len({(each.kind, each.subject) for each in conditions}) == len(conditions)


@given(BODIES)
def test_what_is_lost_is_what_does_not_work(body: dict[str, Any]) -> None:
    lost = {label.en for label in lost_abilities(body, EXPECTED, is_heard=True)}
    printer = body["devices"].get("receipt_printer", {"state": "absent"})
    works = printer["state"] in ("ready", "busy", "degraded", "connecting") and printer.get("paper") != "out"
    assert ("Get a printed receipt" in lost) is not works
    unheard = {label.en for label in lost_abilities(body, EXPECTED, is_heard=False)}
    assert {"Begin with an ID card", "Get a printed receipt"} <= unheard


def test_silence_is_a_matter_of_time_only() -> None:
    report = last()
    assert health_at(report, NOW + SILENT_AFTER).word is HealthWord.OK
    silent = health_at(report, NOW + SILENT_AFTER + timedelta(seconds=1))
    assert (silent.word, silent.since_at) == (HealthWord.SILENT, NOW)


def test_what_is_not_reported_is_missing() -> None:
    [missing] = conditions_of({"devices": {"id_card": {"state": "ready"}}}, EXPECTED, 1)
    assert (missing.kind, missing.subject, missing.reason) == (
        AlertKind.DEVICE_DOWN,
        "receipt_printer",
        "not_reported",
    )
