"""Tallies: what an act adds to the counters, as a pure function of the case before and after and its events.

Boards and statistics are sums over these counters, never counts over cases. Adding up ``tallies_of``
over a case's whole life gives the same as counting its events, in any order of acts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from onething.domain.cases import CaseState, Event, EventKind, PartState
from onething.domain.catalog import Thing
from onething.domain.clocks import day_of
from onething.domain.records import Case, Part
from onething.domain.values import Origin, Value


class Measure(StrEnum):
    """What is counted by day; the bucket, where there is one, is said beside it."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPPLEMENT_ASKED = "supplement_asked"
    CLOSED_EARLY = "closed_early"
    CLOSED_ON_TIME = "closed_on_time"
    CLOSED_LATE = "closed_late"
    CLOSED_NO_LIMIT = "closed_no_limit"
    WAITED = "waited"  # bucket: the day of submission, so that each reader may count its own days
    PART_DISPATCHED = "part_dispatched"
    PART_EARLY = "part_early"
    PART_ON_TIME = "part_on_time"
    PART_LATE = "part_late"
    PART_NO_LIMIT = "part_no_limit"
    PART_DENIED = "part_denied"  # among the ended, whether early or late
    PART_STOPPED = "part_stopped"
    PART_WITHDRAWN = "part_withdrawn"
    PART_SUSPENDED = "part_suspended"
    PART_EXTENDED = "part_extended"
    RESULT_ISSUED = "result_issued"
    RATED = "rated"  # bucket: the level, 1 to 5
    RECTIFIED = "rectified"
    ORDER_ISSUED = "order_issued"
    ORDER_ANSWERED = "order_answered"
    DISPUTE_OPENED = "dispute_opened"  # bucket: the source
    DISPUTE_SETTLED = "dispute_settled"  # bucket: the outcome
    VALUES = "values"
    PREFILLED = "prefilled"
    PAPERS_EXEMPT = "papers_exempt"
    PAPERS_HANDED_IN = "papers_handed_in"
    VISITS_SAVED = "visits_saved"


@dataclass(frozen=True, order=True)
class Tally:
    """A counter of one day (Asia/Shanghai); ``department`` leads the case or holds the part."""

    day: date
    division: str
    department: str
    thing: str
    measure: Measure
    bucket: str = ""


@dataclass(frozen=True, order=True)
class Standing:
    """How many open cases (``of`` is "case") or parts ("part") stand under one clock.

    Their colour is decided when it is read: everything it depends on but the day is in here. Parts are
    not told apart by thing and state, so that these counts stay some hundreds at any number of cases.
    """

    of: str
    division: str
    department: str
    thing: str
    state: str
    due_on: date | None
    warn_on: date | None
    paused: bool


Counted = Tally | Standing


@dataclass(frozen=True, order=True)
class SourceAnswered:
    """How a source answered: ``outcome`` as in ``situation.Outcome``, ``reason`` when it was unavailable."""

    source: str
    outcome: str
    reason: str = ""


_PLAIN: Mapping[EventKind, Measure] = MappingProxyType(
    {
        EventKind.SUBMITTED: Measure.SUBMITTED,
        EventKind.ACCEPTED: Measure.ACCEPTED,
        EventKind.REFUSED: Measure.REFUSED,
        EventKind.WITHDRAWN: Measure.WITHDRAWN,
        EventKind.SUPPLEMENT_ASKED: Measure.SUPPLEMENT_ASKED,
        EventKind.PART_DISPATCHED: Measure.PART_DISPATCHED,
        EventKind.PART_DENIED: Measure.PART_DENIED,
        EventKind.PART_STOPPED: Measure.PART_STOPPED,
        EventKind.PART_WITHDRAWN: Measure.PART_WITHDRAWN,
        EventKind.PART_SUSPENDED: Measure.PART_SUSPENDED,
        EventKind.PART_EXTENDED: Measure.PART_EXTENDED,
        EventKind.RESULT_ISSUED: Measure.RESULT_ISSUED,
        EventKind.RATED: Measure.RATED,
        EventKind.RECTIFIED: Measure.RECTIFIED,
        EventKind.ORDER_ISSUED: Measure.ORDER_ISSUED,
        EventKind.ORDER_ANSWERED: Measure.ORDER_ANSWERED,
        EventKind.DISPUTE_OPENED: Measure.DISPUTE_OPENED,
        EventKind.DISPUTE_SETTLED: Measure.DISPUTE_SETTLED,
    }
)
_BUCKETS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.RATED: "level",
        EventKind.DISPUTE_OPENED: "source",
        EventKind.DISPUTE_SETTLED: "outcome",
    }
)
_CLOSED = (Measure.CLOSED_EARLY, Measure.CLOSED_ON_TIME, Measure.CLOSED_LATE, Measure.CLOSED_NO_LIMIT)
_ENDED = (Measure.PART_EARLY, Measure.PART_ON_TIME, Measure.PART_LATE, Measure.PART_NO_LIMIT)
# What the submission's own event says was saved: names in its ``counts``.
_COUNTS = (
    Measure.VALUES,
    Measure.PREFILLED,
    Measure.PAPERS_EXEMPT,
    Measure.PAPERS_HANDED_IN,
    Measure.VISITS_SAVED,
)


def tallies_of(before: Case | None, after: Case, events: Iterable[Event]) -> Mapping[Counted, int]:
    """What an act adds to the counters; ``before`` is None for the submission, ``events`` are the act's own.

    Amounts are never 0. A standing count that the act leaves gets -1, the one it enters +1.
    """
    counted: Counter[Counted] = Counter()
    for event in events:
        for tally, amount in _of_event(after, event):
            counted[tally] += amount
    counted.update(_standings(after))
    if before is not None:
        counted.subtract(_standings(before))
    return {key: amount for key, amount in counted.items() if amount}


def submission_counts(
    thing: Thing, materials: Iterable[Mapping[str, Any]], values: Iterable[Value], attached: Collection[str]
) -> dict[str, int]:
    """What a submission saved its people, for the ``counts`` of its event.

    ``materials`` are those of the plan as JSON, ``attached`` the ids of those handed in on paper. A value
    counts as prefilled unless it was typed; a paper as exempt when the plan met it without one.
    """
    origins = [value.origin for value in values]
    exempt = [each for each in materials if each["state"] in ("met", "inside")]
    before, now = (thing.before_after and thing.before_after.visits) or (0, 0)
    return {
        Measure.VALUES.value: len(origins),
        Measure.PREFILLED.value: sum(origin is not Origin.TYPED for origin in origins),
        Measure.PAPERS_EXEMPT.value: len(exempt),
        Measure.PAPERS_HANDED_IN.value: len(attached),
        Measure.VISITS_SAVED.value: max(before - now, 0),
    }


def standing_of_case(case: Case) -> Standing | None:
    """The clock a case stands under, None once it has ended; before acceptance it is the answer's day."""
    if CaseState(case.state).is_final:
        return None
    paused = case.paused_on is not None or case.state == CaseState.SUPPLEMENT.value
    due_on = case.due_on or case.answered_by
    return Standing("case", case.division, case.lead, case.thing, case.state, due_on, case.warn_on, paused)


def standing_of_part(case: Case, part: Part) -> Standing | None:
    """The clock a part stands under; None once it has ended, and while it waits for others' results."""
    if part.state.is_final or (part.state is PartState.WAITING and part.due_on is None):
        return None
    paused = part.paused_on is not None
    return Standing("part", case.division, part.department, "", "", part.due_on, part.warn_on, paused)


def _standings(case: Case) -> Counter[Counted]:
    of_parts = (standing_of_part(case, part) for part in case.parts)
    return Counter(standing for standing in (standing_of_case(case), *of_parts) if standing is not None)


def _of_event(case: Case, event: Event) -> Iterator[tuple[Tally, int]]:
    measure = _PLAIN.get(event.kind)
    if measure is not None:
        bucket = str(event.data.get(_BUCKETS.get(event.kind, ""), ""))
        yield _tally(case, event, measure, bucket), 1
    if event.kind is EventKind.SUBMITTED:
        for each in _COUNTS:
            if amount := event.data.get("counts", {}).get(each.value, 0):
                yield _tally(case, event, each), amount
    elif event.kind is EventKind.CASE_CLOSED:
        # The promise speaks of the results; a part outside it (a card being made) may end later.
        had = case.results_at or event.at
        yield _tally(case, event, _CLOSED[_timeliness(case.due_on, day_of(had))]), 1
        yield _tally(case, event, Measure.WAITED, day_of(case.submitted_at).isoformat()), 1
    elif event.kind in (EventKind.PART_COMPLETED, EventKind.PART_DENIED):
        part = next(part for part in case.parts if part.id == event.part)
        yield _tally(case, event, _ENDED[_timeliness(part.due_on, day_of(event.at))]), 1


def _timeliness(due_on: date | None, day: date) -> int:
    """0 before the day, 1 on it, 2 after it, 3 when there is none."""
    if due_on is None:
        return 3
    return 0 if day < due_on else 1 if day == due_on else 2


def _tally(case: Case, event: Event, measure: Measure, bucket: str = "") -> Tally:
    part = next((part for part in case.parts if part.id == event.part), None)
    department = part.department if part else case.lead
    return Tally(day_of(event.at), case.division, department, case.thing, measure, bucket)
