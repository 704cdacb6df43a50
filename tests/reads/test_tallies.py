"""Added up over any life of a case, the counters are what a plain look at all its events gives."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onething.domain.cases import CaseView, Event, EventKind, IllegalMove, PartState, apply, fold
from onething.domain.clocks import Rules, day_of, project
from onething.domain.plan import make_plan
from onething.domain.records import Case, Part
from onething.domain.statistics import Kept, waiting_of
from onething.domain.tallies import (
    Counted,
    Measure,
    Standing,
    Tally,
    submission_counts,
    tallies_of,
)
from onething.domain.values import Origin, Value
from onething.domain.working_days import WorkingCalendar, Year
from onething.packs.reading import load_pack

CATALOG = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian").catalog
assert CATALOG is not None
THING = CATALOG.get_thing("P-NEWBORN")
PLAN = make_plan(CATALOG, "P-NEWBORN").to_json()
CALENDAR = WorkingCalendar({2026: Year(frozenset(), frozenset()), 2027: Year(frozenset(), frozenset())})
RULES = Rules(THING, PLAN["waits_for"], CALENDAR)
BEGUN = datetime(2026, 3, 2, 1, tzinfo=UTC)
COUNTS = {"values": 30, "prefilled": 24, "papers_exempt": 3, "papers_handed_in": 0, "visits_saved": 4}
WANTS = [{"zh": "请补充"}]
DATA: dict[EventKind, dict[str, Any]] = {
    EventKind.SUPPLEMENT_WANTED: {"wants": WANTS},
    EventKind.SUPPLEMENT_ASKED: {"until_on": "2026-12-31"},
    EventKind.PART_SUSPENDED: {"cause": "hearing"},
    EventKind.PART_EXTENDED: {"days": 3},
    EventKind.RATED: {"level": "satisfied"},
    EventKind.DISPUTE_OPENED: {"source": "birth_register"},
    EventKind.DISPUTE_SETTLED: {"outcome": "corrected"},
}
LIKELY = (
    EventKind.ACCEPTED,
    EventKind.PART_DISPATCHED,
    EventKind.PART_ACCEPTED,
    EventKind.PART_COMPLETED,
    EventKind.PART_COMPLETED,
    EventKind.CASE_CLOSED,
)
KINDS = st.sampled_from([*LIKELY, *(kind for kind in EventKind if kind is not EventKind.SUBMITTED)])
ACTS = st.lists(
    st.tuples(st.integers(0, 4), st.lists(st.tuples(KINDS, st.integers(0, 9)), min_size=1, max_size=6)),
    min_size=5,
    max_size=40,
)


def _begin() -> tuple[Case, CaseView, list[Event]]:
    matters = [matter["code"] for matter in PLAN["matters"] if matter["chosen"]]
    parts = tuple(
        Part(f"part-{code}", code, THING.matters[code].department, PartState.WAITING) for code in matters
    )
    told = [{"id": part.id, "matter": part.matter} for part in parts]
    event = Event(1, EventKind.SUBMITTED, BEGUN, data={"parts": told, "counts": COUNTS})
    case = Case(
        id="case",
        number="XJ26000001",
        thing=THING.code,
        holder="0" * 32,
        draft="draft",
        revision=1,
        plan=PLAN,
        division="411523",
        terminal=None,
        submitted_at=BEGUN,
        answered_by=date(2026, 3, 9),
        state="received",
        sequence=1,
        parts=parts,
        lead=THING.lead,
    )
    view = fold([event])
    return project(RULES, case, None, view), view, [event]


def _try(view: CaseView, at: datetime, kind: EventKind, which: int) -> tuple[CaseView, Event] | None:
    part = list(view.parts)[which % len(view.parts)] if kind.value.startswith("part_") else None
    data = DATA.get(kind, {"material": "x", "visit": "v", "at": at.isoformat(), "parts": [], "reason": {}})
    event = Event(view.sequence + 1, kind, at, part, data)
    try:
        return apply(view, event), event
    except (IllegalMove, KeyError):
        return None


def _lived(acts: list[tuple[int, list[tuple[EventKind, int]]]]) -> tuple[Case, list[Event], Counter[Counted]]:
    """The case, all its events, and the tallies of its acts added up."""
    case, view, events = _begin()
    counted: Counter[Counted] = Counter(tallies_of(None, case, events))
    at = BEGUN
    for days, tried in acts:
        at += timedelta(days=days, hours=1)
        before, moved = view, []
        for kind, which in tried:
            found = _try(view, at, kind, which)
            if found:
                view = found[0]
                moved.append(found[1])
        if moved:
            after = project(RULES, case, before, view)
            for key, amount in tallies_of(case, after, moved).items():
                counted[key] += amount
            case, events = after, [*events, *moved]
    return case, events, counted


def _plain_flows(case: Case, events: list[Event]) -> Counter[tuple[date, str, Measure, str]]:
    """Events counted one by one, each by its own kind."""
    parts = {part.id: part for part in case.parts}
    found: Counter[tuple[date, str, Measure, str]] = Counter()
    for event in events:
        day, owner = day_of(event.at), parts[event.part].department if event.part else case.lead
        if event.kind.value in {measure.value for measure in Measure}:
            said = event.data.get("level") or event.data.get("source") or event.data.get("outcome") or ""
            found[day, owner, Measure(event.kind.value), said] += 1
        if event.kind is EventKind.SUBMITTED:
            found.update({(day, owner, Measure(name), ""): n for name, n in COUNTS.items() if n})
        if event.kind in (EventKind.PART_COMPLETED, EventKind.PART_DENIED):
            due_on = parts[event.part or ""].due_on
            found[day, owner, _kept("part", due_on, day), ""] += 1
        if event.kind is EventKind.CASE_CLOSED:
            had = case.results_at or event.at
            found[day, owner, _kept("closed", case.due_on, day_of(had)), ""] += 1
            found[day, owner, Measure.WAITED, day_of(BEGUN).isoformat()] += 1
    return found


def _kept(what: str, due_on: date | None, day: date) -> Measure:
    if due_on is None:
        return Measure(f"{what}_no_limit")
    return Measure(f"{what}_{'late' if day > due_on else 'early' if day < due_on else 'on_time'}")


@settings(max_examples=120, deadline=None)
@given(ACTS)
def test_tallies_of_acts_add_up_to_the_events(acts: list[tuple[int, list[tuple[EventKind, int]]]]) -> None:
    case, events, counted = _lived(acts)
    flows = Counter(
        {
            (t.day, t.department, t.measure, t.bucket): n
            for t, n in counted.items()
            if isinstance(t, Tally) and n
        }
    )
    assert flows == _plain_flows(case, events)


@settings(max_examples=120, deadline=None)
@given(ACTS)
def test_what_stands_open_is_what_the_case_and_its_parts_show(
    acts: list[tuple[int, list[tuple[EventKind, int]]]],
) -> None:
    case, _events, counted = _lived(acts)
    standing = {each: n for each, n in counted.items() if isinstance(each, Standing) and n}
    assert all(amount > 0 for amount in standing.values())
    of_parts = [part for part in case.parts if not part.state.is_final]
    running = [part for part in of_parts if part.due_on or part.state is not PartState.WAITING]
    clocks = Counter((p.department, p.due_on, p.warn_on, p.paused_on is not None) for p in running)
    assert clocks == {
        (each.department, each.due_on, each.warn_on, each.paused): amount
        for each, amount in standing.items()
        if each.of == "part"
    }
    of_case = [each for each in standing if each.of == "case"]
    assert [each.state for each in of_case] == ([] if case.closed_at else [case.state])


def test_histories_reach_the_end() -> None:
    """The laws above would hold for cases that never move."""
    kinds = [EventKind.PART_DISPATCHED, EventKind.PART_ACCEPTED, EventKind.PART_COMPLETED]
    round_of_all = [(kind, which) for which in range(10) for kind in kinds]
    acts = [
        (1, [(EventKind.ACCEPTED, 0)]),
        *((1, round_of_all) for _ in range(9)),
        (1, [(EventKind.CASE_CLOSED, 0)]),
    ]
    case, _events, counted = _lived(acts)
    assert case.state == "closed"
    assert not any(isinstance(each, Standing) and amount for each, amount in counted.items())
    assert sum(n for t, n in counted.items() if isinstance(t, Tally) and t.measure is Measure.WAITED) == 1


def test_shares_count_only_what_has_a_limit() -> None:
    assert Kept(3, 1, 0, 7).share == 1
    assert Kept(2, 1, 1, 0).share == 0.75
    assert Kept(0, 0, 0, 7).share is None


def _waited(*days: int) -> list[tuple[Tally, int]]:
    """Cases that took so many days, all of them submitted on a Monday."""
    begun = date(2026, 3, 2)
    return [
        (
            Tally(
                begun + timedelta(days=each), "411523", "WJ", "P-NEWBORN", Measure.WAITED, begun.isoformat()
            ),
            1,
        )
        for each in days
    ]


def test_waiting_times_are_the_middle_and_nine_in_ten() -> None:
    waiting = waiting_of(_waited(0, 0, 1, 1, 2, 2, 3, 3, 4, 16), CALENDAR.between)
    assert waiting is not None
    assert (waiting.median_days, waiting.p90_days, waiting.cases) == (2, 4, 10)
    longest = waiting_of(_waited(1, 1, 1, 1, 16), CALENDAR.between)
    assert longest is not None
    assert (longest.median_days, longest.p90_days) == (1, 12)  # working days: 18 March is the twelfth


def test_too_few_cases_tell_no_waiting_time() -> None:
    assert waiting_of(_waited(1, 2, 3, 4), CALENDAR.between) is None


def test_a_submission_counts_what_it_saved() -> None:
    values = [Value("a", Origin.TYPED), Value("b", Origin.REGISTER), Value("c", Origin.COMPUTED)]
    materials = [{"state": "met"}, {"state": "inside"}, {"state": "to_submit"}, {"state": "to_submit"}]
    counts = submission_counts(THING, materials, values, {"marriage"})
    assert counts == {
        "values": 3,
        "prefilled": 2,
        "papers_exempt": 2,
        "papers_handed_in": 1,
        "visits_saved": 4,
    }
