"""What can be wrong with a year of working days as somebody uploads it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onething.domain.working_days import WorkingCalendar, Year

_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
# Festivals by the moon fall on another day each year: somewhere in these days one must be off.
_MOON = (
    ("春节", "the Spring Festival", (1, 20), (2, 24), 3),
    ("清明", "Qingming", (4, 4), (4, 6), 1),
    ("端午", "the Dragon Boat Festival", (5, 25), (6, 28), 1),
)


@dataclass(frozen=True)
class ListedDay:
    """A day as it is written, and on which line of the file."""

    text: str
    line: int

    @property
    def day(self) -> date | None:
        """The date, or None when it is none."""
        try:
            return date.fromisoformat(self.text) if len(self.text) == 10 else None
        except ValueError:
            return None


@dataclass(frozen=True)
class ListedYear:
    """One year of an uploaded file: days off, make-up working days, and whose notice it is."""

    year: int
    off: tuple[ListedDay, ...]
    work: tuple[ListedDay, ...]
    notice: str
    line: int

    def to_year(self) -> Year:
        """The year as the clocks use it; only for one without problems."""
        return Year(_days(self.off), _days(self.work))


@dataclass(frozen=True)
class CalendarProblem:
    """One mistake: its line in the file, a stable reason, and a sentence in two languages."""

    line: int
    reason: str
    zh: str
    en: str


def check_calendar(years: Sequence[ListedYear]) -> list[CalendarProblem]:
    """Every mistake of every year, by line."""
    problems = [problem for year in years for problem in _problems_of(year)]
    seen: set[int] = set()
    for year in years:
        if year.year in seen:
            problems.append(
                CalendarProblem(
                    year.line,
                    "year_twice",
                    f"{year.year}年写了两次",
                    f"the year {year.year} is there twice",
                )
            )
        seen.add(year.year)
    return sorted(problems, key=lambda problem: problem.line)


def changes_between(year: int, before: Year | None, after: Year) -> tuple[list[date], list[date]]:
    """Days that become working days, and days that become days off, when a year is put in place."""
    old = WorkingCalendar({year: before} if before else {})
    new = WorkingCalendar({year: after})
    changed = [day for day in _days_of(year) if old.is_working(day) != new.is_working(day)]
    return [day for day in changed if new.is_working(day)], [
        day for day in changed if not new.is_working(day)
    ]


def count_working_days(year: int, days: Year | None) -> int:
    """How many working days a year has."""
    calendar = WorkingCalendar({year: days} if days else {})
    return sum(calendar.is_working(day) for day in _days_of(year))


def _problems_of(year: ListedYear) -> Iterator[CalendarProblem]:
    yield from _bad_days(year)
    off, work = _days(year.off), _days(year.work)
    yield from _overlapping(year, off)
    yield from _saying_nothing(year, off)
    # What is missing is only told of a list whose days can be read.
    if all(each.day for each in year.off):
        yield from _missing(year, off)
    if len(work) > sum(day.weekday() < 5 for day in off):
        yield CalendarProblem(
            year.line,
            "too_many_make_up_days",
            f"{year.year}年调休上班的天数比放假占用的工作日还多",
            f"{year.year} has more make-up working days than weekdays off",
        )


def _bad_days(year: ListedYear) -> Iterator[CalendarProblem]:
    for listed in (year.off, year.work):
        seen: set[str] = set()
        for each in listed:
            if each.day is None:
                yield CalendarProblem(
                    each.line,
                    "bad_date",
                    f"“{each.text}”不是日期，要写成 {year.year}-05-01 的形式",
                    f"'{each.text}' is no date; write it like {year.year}-05-01",
                )
            elif each.day.year != year.year:
                yield CalendarProblem(
                    each.line,
                    "outside_the_year",
                    f"{each.text} 不在{year.year}年",
                    f"{each.text} is not in {year.year}",
                )
            elif each.text in seen:
                yield CalendarProblem(
                    each.line, "listed_twice", f"{each.text} 列了两次", f"{each.text} is listed twice"
                )
            seen.add(each.text)


def _overlapping(year: ListedYear, off: frozenset[date]) -> Iterator[CalendarProblem]:
    for each in year.work:
        if each.day in off:
            yield CalendarProblem(
                each.line,
                "off_and_work",
                f"{each.text} 既是放假又是上班",
                f"{each.text} is both off and worked",
            )


def _saying_nothing(year: ListedYear, off: frozenset[date]) -> Iterator[CalendarProblem]:
    """A weekday is worked anyway; a weekend is off anyway, unless it lies within a longer holiday."""
    for each in year.work:
        if each.day and each.day.weekday() < 5 and each.day not in off:
            yield CalendarProblem(
                each.line,
                "works_anyway",
                f"{each.text} 是星期{_WEEKDAYS[each.day.weekday()]}，本来就上班",
                f"{each.text} is a weekday and worked anyway",
            )
    for each in year.off:
        if each.day and not any(day.weekday() < 5 for day in _span(each.day, off)):
            yield CalendarProblem(
                each.line,
                "off_anyway",
                f"{each.text} 是星期{_WEEKDAYS[each.day.weekday()]}，前后没有连着的放假日，本来就休息",
                f"{each.text} is a weekend day with no holiday beside it, off anyway",
            )


def _missing(year: ListedYear, off: frozenset[date]) -> Iterator[CalendarProblem]:
    """The public holidays that every year has (国务院令第795号): some by date, some somewhere in a span."""
    for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)):
        fixed = date(year.year, month, day)
        # The second of May is one since 2025.
        if fixed not in off and not (fixed.month == 5 and day == 2 and year.year < 2025):
            yield CalendarProblem(
                year.line,
                "holiday_missing",
                f"{fixed} 是法定节假日，放假名单里没有",
                f"{fixed} is a public holiday and not among the days off",
            )
    for zh, en, first, last, wanted in _MOON:
        span = [day for day in off if date(year.year, *first) <= day <= date(year.year, *last)]
        if len(span) < wanted:
            yield CalendarProblem(
                year.line,
                "holiday_missing",
                f"{year.year}年没有{zh}的放假日",
                f"{year.year} has no days off for {en}",
            )


def _span(day: date, off: frozenset[date]) -> Iterator[date]:
    """The days off around one, in a row."""
    for step in (timedelta(days=-1), timedelta(days=1)):
        near = day
        while near in off:
            yield near
            near += step


def _days(listed: Iterable[ListedDay]) -> frozenset[date]:
    return frozenset(each.day for each in listed if each.day)


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
