"""Statistics: what the counters say about a stretch of days, for the whole and for each department."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from onething.domain.clocks import Colour
from onething.domain.tallies import Measure, SourceAnswered, Tally
from onething.domain.working_days import SHANGHAI

FEWEST_WAITED = 5  # fewer would tell about single people
WAITING_SPAN = timedelta(days=30)


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both counted."""

    first: date
    last: date

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """A calendar month; raises ``ValueError`` when there is none."""
        first = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(first, following - timedelta(days=1))

    @classmethod
    def before(cls, today: date, span: timedelta = WAITING_SPAN) -> Period:
        """The days of a span that ends today."""
        return cls(today - span + timedelta(days=1), today)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the one after the last, in the county's time."""
        following = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), SHANGHAI), datetime.combine(following, time(), SHANGHAI)


@dataclass(frozen=True)
class Kept:
    """How limits were kept; what has no limit is counted apart and is in no share."""

    early: int = 0
    on_time: int = 0
    late: int = 0
    no_limit: int = 0

    @property
    def ended(self) -> int:
        return self.early + self.on_time + self.late + self.no_limit

    @property
    def share(self) -> float | None:
        """The share that ended within its limit; None when nothing with a limit ended."""
        limited = self.early + self.on_time + self.late
        return (self.early + self.on_time) / limited if limited else None


@dataclass(frozen=True)
class OpenClocks:
    """Open cases (``of`` is "case", by lead and state) or parts ("part", by department) of one colour."""

    of: str
    department: str
    state: str
    colour: Colour


@dataclass(frozen=True)
class Colours:
    """How many open clocks show which colour."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    grey: int = 0

    @property
    def open(self) -> int:
        return self.green + self.yellow + self.red + self.grey


@dataclass(frozen=True)
class CaseNumbers:
    """What became of whole cases in the period."""

    submitted: int = 0
    accepted: int = 0
    refused: int = 0
    withdrawn: int = 0
    supplements: int = 0
    closed: Kept = Kept()


@dataclass(frozen=True)
class Saved:
    """What was filled in by itself, and which papers and ways were saved."""

    values: int = 0
    prefilled: int = 0
    papers_exempt: int = 0
    papers_handed_in: int = 0
    visits: int = 0

    @property
    def prefill_share(self) -> float | None:
        return self.prefilled / self.values if self.values else None

    @property
    def exempt_share(self) -> float | None:
        papers = self.papers_exempt + self.papers_handed_in
        return self.papers_exempt / papers if papers else None


@dataclass(frozen=True)
class Rated:
    """Ratings that count, by level (``ratings.Level``), and how low ones were put right."""

    levels: Mapping[str, int] = field(default_factory=dict)
    rectifications_open: int = 0
    rectifications_settled: int = 0
    rectifications_overdue: int = 0

    @property
    def total(self) -> int:
        return sum(self.levels.values())

    @property
    def satisfied_share(self) -> float | None:
        """The share of the three upper levels."""
        upper = ("very_satisfied", "satisfied", "basically_satisfied")
        return sum(self.levels.get(each, 0) for each in upper) / self.total if self.total else None


@dataclass(frozen=True)
class DepartmentNumbers:
    """One department's parts in the period, and its open clocks now."""

    department: str
    dispatched: int = 0
    kept: Kept = Kept()
    denied: int = 0
    suspended: int = 0
    extended: int = 0
    orders: int = 0
    orders_answered: int = 0
    open: Colours = Colours()
    rated: Rated = Rated()


@dataclass(frozen=True)
class ThingNumbers:
    """One one-thing's cases in the period, and how long they took of late."""

    thing: str
    submitted: int = 0
    closed: Kept = Kept()
    waiting: Waiting | None = None


@dataclass(frozen=True)
class Waiting:
    """Working days from handing in to the end, of ``cases`` that ended: the middle one, and nine in ten."""

    median_days: int
    p90_days: int
    cases: int


@dataclass(frozen=True)
class SourceHealth:
    """How a source answered; ``reasons`` are those of unavailable ones."""

    source: str
    found: int = 0
    not_held: int = 0
    unavailable: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """The share of calls that were answered; holding nothing is an answer."""
        asked = self.found + self.not_held + self.unavailable
        return (self.found + self.not_held) / asked if asked else None


@dataclass(frozen=True)
class Disputed:
    """What became of values that people said are wrong, for one source, by the disputes' states."""

    source: str
    states: Mapping[str, int]

    @property
    def opened(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True)
class Statistics:
    """Everything of a period, ready to be shown, exported or printed."""

    period: Period
    today: date
    cases: CaseNumbers
    open_cases: Colours
    departments: tuple[DepartmentNumbers, ...]
    things: tuple[ThingNumbers, ...]
    saved: Saved
    rated: Rated
    sources: tuple[SourceHealth, ...] = ()
    disputes: tuple[Disputed, ...] = ()
    staff_calls: int = 0
    staff_calls_answered: int = 0


Sums = Mapping[Measure, int]


def sum_by(tallies: Iterable[tuple[Tally, int]], key: Callable[[Tally], str]) -> Mapping[str, Sums]:
    """The counters added up for each word of ``key`` and measure."""
    sums: dict[str, Counter[Measure]] = defaultdict(Counter)
    for tally, amount in tallies:
        sums[key(tally)][tally.measure] += amount
    return sums


def count_colours(clocks: Iterable[tuple[OpenClocks, int]]) -> Colours:
    """How many open clocks show which colour."""
    counted: Counter[Colour] = Counter()
    for clock, amount in clocks:
        counted[clock.colour] += amount
    return Colours(**{colour.value: counted[colour] for colour in Colour})


def case_numbers(sums: Sums) -> CaseNumbers:
    """What became of whole cases."""
    return CaseNumbers(
        submitted=sums.get(Measure.SUBMITTED, 0),
        accepted=sums.get(Measure.ACCEPTED, 0),
        refused=sums.get(Measure.REFUSED, 0),
        withdrawn=sums.get(Measure.WITHDRAWN, 0),
        supplements=sums.get(Measure.SUPPLEMENT_ASKED, 0),
        closed=closed_of(sums),
    )


def closed_of(sums: Sums) -> Kept:
    """How the whole's promise was kept."""
    return Kept(
        sums.get(Measure.CLOSED_EARLY, 0),
        sums.get(Measure.CLOSED_ON_TIME, 0),
        sums.get(Measure.CLOSED_LATE, 0),
        sums.get(Measure.CLOSED_NO_LIMIT, 0),
    )


def department_numbers(
    department: str, sums: Sums, clocks: Iterable[tuple[OpenClocks, int]], rated: Rated
) -> DepartmentNumbers:
    """One department's share."""
    return DepartmentNumbers(
        department=department,
        dispatched=sums.get(Measure.PART_DISPATCHED, 0),
        kept=Kept(
            sums.get(Measure.PART_EARLY, 0),
            sums.get(Measure.PART_ON_TIME, 0),
            sums.get(Measure.PART_LATE, 0),
            sums.get(Measure.PART_NO_LIMIT, 0),
        ),
        denied=sums.get(Measure.PART_DENIED, 0),
        suspended=sums.get(Measure.PART_SUSPENDED, 0),
        extended=sums.get(Measure.PART_EXTENDED, 0),
        orders=sums.get(Measure.ORDER_ISSUED, 0),
        orders_answered=sums.get(Measure.ORDER_ANSWERED, 0),
        open=count_colours(clocks),
        rated=rated,
    )


def saved_of(sums: Sums) -> Saved:
    """What was filled in by itself, and which papers and ways were saved."""
    return Saved(
        sums.get(Measure.VALUES, 0),
        sums.get(Measure.PREFILLED, 0),
        sums.get(Measure.PAPERS_EXEMPT, 0),
        sums.get(Measure.PAPERS_HANDED_IN, 0),
        sums.get(Measure.VISITS_SAVED, 0),
    )


def by_share(departments: Iterable[DepartmentNumbers]) -> tuple[DepartmentNumbers, ...]:
    """The best first; those of whom nothing ended last; equal ones by how much they ended, then by code."""

    def place(numbers: DepartmentNumbers) -> tuple[bool, float, int, str]:
        share = numbers.kept.share
        return (share is None, -(share or 0.0), -numbers.kept.ended, numbers.department)

    return tuple(sorted(departments, key=place))


def waiting_of(tallies: Iterable[tuple[Tally, int]], between: Callable[[date, date], int]) -> Waiting | None:
    """How long cases took, from their ``Measure.WAITED`` counters; None when too few ended.

    ``between`` counts working days (``WorkingDays.between``). Percentiles are nearest ranks.
    """
    waited: Counter[int] = Counter()
    for tally, amount in tallies:
        waited[between(date.fromisoformat(tally.bucket), tally.day)] += amount
    cases = sum(waited.values())
    if cases < FEWEST_WAITED:
        return None
    days = sorted(waited)
    return Waiting(_rank(waited, days, 0.5), _rank(waited, days, 0.9), cases)


def _rank(waited: Mapping[int, int], days: Sequence[int], share: float) -> int:
    wanted = math.ceil(sum(waited.values()) * share)
    passed = 0
    for day in days:
        passed += waited[day]
        if passed >= wanted:
            return day
    return days[-1]


def health_of(answers: Iterable[tuple[SourceAnswered, int]]) -> tuple[SourceHealth, ...]:
    """One line for each source that was asked, by its code."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for answer, amount in answers:
        outcomes[answer.source][answer.outcome] += amount
        if answer.outcome == "unavailable":
            reasons[answer.source][answer.reason or "unknown"] += amount
    return tuple(
        SourceHealth(
            source,
            found=counted["found"],
            not_held=counted["not_held"],
            unavailable=counted["unavailable"],
            reasons=dict(reasons[source]),
        )
        for source, counted in sorted(outcomes.items())
    )
