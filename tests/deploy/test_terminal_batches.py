"""A release goes to one kiosk, to one in each hall, to all; the batch before may hold it back."""

from datetime import UTC, datetime, timedelta

import pytest

from deploy.updates.batches import Gate, Report, find_objections

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GATE = Gate(timedelta(hours=24), 0.75)


def _report(terminal: str, batch: str, hall: str = "A", **more: object) -> Report:
    given = {
        "terminal": terminal,
        "hall": hall,
        "update_channel": batch,
        "version": "1.1.0",
        "version_since_at": (NOW - timedelta(hours=30)).isoformat(),
        "health": "ok",
    }
    return Report.of({**given, **more})


def _objections(batch: str, *reports: Report) -> list[str]:
    return find_objections("1.1.0", batch, reports, NOW, GATE)


def test_one_kiosk_that_is_well_with_it_opens_the_halls() -> None:
    rest = (_report("2", "early"), _report("3", "stable"))
    assert _objections("test", *rest) == []
    assert _objections("early", _report("1", "test"), *rest) == []
    assert _objections("early", *rest) == ["no kiosk is in the batch test"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "1.0.0"},
        {"health": "down"},
        {"health": "silent"},
        {"version_since_at": (NOW - timedelta(hours=23)).isoformat()},
    ],
)
def test_a_batch_that_is_not_well_for_long_enough_holds_it_back(wrong: dict[str, object]) -> None:
    rest = (_report("2", "early"), _report("3", "stable"))
    (objection,) = _objections("early", _report("1", "test", **wrong), *rest)
    assert "0 of 1" in objection


def test_a_share_of_the_batch_is_enough_but_no_kiosk_may_have_gone_back() -> None:
    early = [_report(str(number), "early") for number in range(3)]
    slow = _report("slow", "early", health="silent")
    assert _objections("stable", *early, slow) == []
    back = _report("back", "early", version="1.0.0", given_up=["1.1.0"])
    assert _objections("stable", *early, back) == ["went back from it: back"]


def test_no_hall_is_changed_as_a_whole() -> None:
    tested = _report("1", "test", "Z")
    single = _report("9", "early", "small hall with one kiosk")
    full = [_report("2", "early", "B"), _report("3", "early", "B")]
    assert _objections("early", tested, single) == []
    assert _objections("early", tested, *full) == ["in B every kiosk would be changed at once"]
    with pytest.raises(ValueError, match="not in"):
        _objections("everybody", tested)
