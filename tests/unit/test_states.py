"""docs/states.md and the code tell the same story; folds keep their laws."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.case_kinds import CASE_MOVES, NOTES, PART_MOVES, VISITS
from onething.domain.cases import (
    CaseState,
    Event,
    EventKind,
    IllegalMove,
    PartState,
    apply,
    fold,
)
from onething.domain.terminals import STATE_WORDS, TERMINAL_MOVES, TerminalAct, TerminalState
from onething.services.state_words import CASE_STATE, EVENT, PART_STATE

PAGE = (Path(__file__).parents[2] / "docs" / "states.md").read_text("utf-8")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def rows(heading: str) -> Iterator[list[str]]:
    section = PAGE.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    for line in re.findall(r"^\|(.+)\|$", section, re.MULTILINE)[2:]:
        yield [cell.strip() for cell in line.split("|")]


def test_the_case_states_are_those_of_the_page() -> None:
    assert [row[0] for row in rows("Case")] == [state.value for state in CaseState]
    assert {row[0]: row[1] for row in rows("Case")} == {s: label.zh for s, label in CASE_STATE.items()}


def test_the_part_states_are_those_of_the_page() -> None:
    assert [row[0] for row in rows("Part (")] == [state.value for state in PartState]
    assert {row[0]: row[1] for row in rows("Part (")} == {s: label.zh for s, label in PART_STATE.items()}
    assert {row[0]: row[2] == "yes" for row in rows("Part (")} == {s.value: s.is_final for s in PartState}


def test_the_moves_are_those_of_the_page() -> None:
    told = {tuple(row) for row in rows("Moves of a part")}
    assert told == {
        (kind.value, before.value, after.value)
        for kind, moves in PART_MOVES.items()
        for before, after in moves.items()
    }


def test_the_moves_of_a_case_are_those_of_the_page() -> None:
    told = {tuple(row) for row in rows("Moves of a case")}
    assert told == {
        (kind.value, before.value, after.value)
        for kind, moves in CASE_MOVES.items()
        for before, after in moves.items()
    }


def test_the_notes_are_those_of_the_page() -> None:
    section = PAGE.split("## Notes", 1)[1].split("Only while", 1)[0]
    assert set(re.findall(r"`(\w+)`", section)) == {kind.value for kind in NOTES}
    assert set(EventKind) == {EventKind.SUBMITTED} | CASE_MOVES.keys() | PART_MOVES.keys() | NOTES | VISITS


def test_the_terminal_states_are_those_of_the_page() -> None:
    told = {row[0]: row[1] for row in rows("Terminal (")}
    assert told == {state.value: STATE_WORDS[state].zh for state in TerminalState}


def test_the_moves_of_a_terminal_are_those_of_the_page() -> None:
    told = {tuple(row) for row in rows("Moves of a terminal")}
    assert told == {
        (act.value, before.value, after.value)
        for act, moves in TERMINAL_MOVES.items()
        for before, after in moves.items()
    }
    assert set(TERMINAL_MOVES) == set(TerminalAct)


def test_what_is_retired_stays_so() -> None:
    assert not any(state.is_final for moves in TERMINAL_MOVES.values() for state in moves)


def test_every_event_has_words() -> None:
    assert {kind.value for kind in EventKind} == EVENT.keys()


def submitted(count: int) -> Event:
    parts = [{"id": f"p{n}", "matter": f"M{n}"} for n in range(count)]
    return Event(1, EventKind.SUBMITTED, NOW, data={"parts": parts})


def data_of(kind: EventKind, part: str | None) -> dict[str, object]:
    """The least an event of a kind tells."""
    told: dict[EventKind, dict[str, object]] = {
        EventKind.ACCEPTED: {"follow": [{"material": "photo", "due_on": "2026-12-01"}]},
        EventKind.SUPPLEMENT_WANTED: {"wants": [{"material": "m_id", "zh": "看不清"}]},
        EventKind.SUPPLEMENT_ASKED: {"until_on": "2026-12-08", "wants": []},
        EventKind.FOLLOW_GIVEN: {"material": "photo"},
        EventKind.PART_SUSPENDED: {"cause": "hearing"},
        EventKind.PART_EXTENDED: {"days": 5},
        EventKind.VISIT_ARRANGED: {"visit": "v", "at": "2026-12-01T09:00:00+08:00", "parts": ["p0", "p1"]},
        EventKind.VISIT_SIGNED: {"visit": "v", "finding": {"result": "passed"}},
    }
    return told.get(kind, {})


STEPS = st.lists(
    st.tuples(st.sampled_from(list(EventKind)), st.sampled_from(["p0", "p1", "p2", None])), max_size=60
)


@given(STEPS)
def test_only_moves_of_the_tables_are_applied_and_what_is_final_stays(
    moves: list[tuple[EventKind, str | None]],
) -> None:
    events = [submitted(3)]
    view = fold(events)
    for kind, part in [(EventKind.ACCEPTED, None), *moves]:
        event = Event(view.sequence + 1, kind, NOW, part, data_of(kind, part))
        before = view
        try:
            view = apply(view, event)
        except IllegalMove:
            assert view is before
            continue
        events.append(event)
        assert not before.state.is_final or kind in NOTES
        assert view.state is CASE_MOVES.get(kind, {}).get(before.state, before.state)
        for name, old in before.parts.items():
            new = view.parts[name]
            if new.state is not old.state:
                assert PART_MOVES[kind][old.state] is new.state
                assert not old.state.is_final
            assert (new.pause is not None) == (new.state is PartState.SUSPENDED)
        if view.state.is_final and view.state is not CaseState.REFUSED:
            assert view.all_parts_final
    assert fold(events) == view


def test_two_writers_cannot_both_win() -> None:
    view = fold([submitted(1), Event(2, EventKind.ACCEPTED, NOW)])
    apply(view, Event(3, EventKind.PART_DISPATCHED, NOW, "p0"))
    with pytest.raises(IllegalMove):
        apply(view, Event(4, EventKind.PART_DISPATCHED, NOW, "p0"))


def test_each_asks_once() -> None:
    view = fold([submitted(2)])
    for part in ("p0", None, "p1"):
        data = data_of(EventKind.SUPPLEMENT_WANTED, part)
        view = apply(view, Event(view.sequence + 1, EventKind.SUPPLEMENT_WANTED, NOW, part, data))
        with pytest.raises(IllegalMove):
            apply(view, Event(view.sequence + 1, EventKind.SUPPLEMENT_WANTED, NOW, part, data))
    asked = Event(view.sequence + 1, EventKind.SUPPLEMENT_ASKED, NOW, None, {"until_on": "2026-12-08"})
    view = apply(view, asked)
    assert [wanted.part for wanted in view.asked] == ["p0", None, "p1"]
    with pytest.raises(IllegalMove):
        apply(
            view, Event(view.sequence + 1, EventKind.SUPPLEMENT_ASKED, NOW, None, {"until_on": "2026-12-08"})
        )


def test_a_case_begins_with_its_submission() -> None:
    with pytest.raises(IllegalMove):
        fold([])
    with pytest.raises(IllegalMove):
        apply(fold([submitted(1)]), submitted(1))
