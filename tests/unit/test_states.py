"""docs/states.md and the code tell the same story; folds keep their laws."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.cases import (
    PART_MOVES,
    CaseState,
    Event,
    EventKind,
    IllegalMove,
    PartState,
    apply,
    fold,
)
from onething.services.wording import CASE_STATE, EVENT, PART_STATE

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


def test_every_event_has_words() -> None:
    assert {kind.value for kind in EventKind} == EVENT.keys()


def submitted(count: int) -> Event:
    parts = [{"id": f"p{n}", "matter": f"M{n}"} for n in range(count)]
    return Event(1, EventKind.SUBMITTED, NOW, data={"parts": parts})


@given(st.lists(st.tuples(st.sampled_from(list(EventKind)), st.sampled_from(["p0", "p1", "p2", None]))))
def test_only_moves_of_the_table_are_applied_and_a_final_part_stays(
    moves: list[tuple[EventKind, str | None]],
) -> None:
    events = [submitted(3)]
    view = fold(events)
    for kind, part in moves:
        event = Event(view.sequence + 1, kind, NOW, part)
        before = view
        try:
            view = apply(view, event)
        except IllegalMove:
            continue
        events.append(event)
        assert before.state is not CaseState.CLOSED
        for name, old in before.parts.items():
            new = view.parts[name]
            if new.state is not old.state:
                assert PART_MOVES[kind][old.state] is new.state
                assert not old.state.is_final
    assert fold(events) == view


def test_two_writers_cannot_both_win() -> None:
    view = fold([submitted(1)])
    apply(view, Event(2, EventKind.PART_DISPATCHED, NOW, "p0"))
    with pytest.raises(IllegalMove):
        apply(view, Event(3, EventKind.PART_DISPATCHED, NOW, "p0"))


def test_a_case_begins_with_its_submission() -> None:
    with pytest.raises(IllegalMove):
        fold([])
    with pytest.raises(IllegalMove):
        apply(fold([submitted(1)]), submitted(1))
