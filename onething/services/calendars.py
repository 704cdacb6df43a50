"""Working-day calendars: what an uploaded year would change, and putting it in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onething.domain.actors import Actor
from onething.domain.calendar_checks import (
    CalendarProblem,
    ListedYear,
    changes_between,
    check_calendar,
    count_working_days,
)
from onething.domain.catalog import CatalogError
from onething.domain.dictionary import Label
from onething.domain.errors import NotFound, Refusal
from onething.domain.records import AuditRow
from onething.domain.working_days import SHANGHAI, Year
from onething.ports import Ports
from onething.ports.staff import UploadedYear


class CalendarRefused(Refusal):
    """The file cannot be taken; ``problems`` names every mistake with its line. Nothing was changed."""

    reason = "calendar_refused"
    text = Label("日历文件有问题，没有采用", "The calendar has mistakes and was not taken")

    def __init__(self, problems: Sequence[CalendarProblem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


@dataclass(frozen=True)
class ProposedYear:
    """What one uploaded year would change: days that become worked, days that become off."""

    year: int
    notice: str
    working_days: int
    working_days_before: int
    known_before: bool
    now_worked: tuple[date, ...]
    now_off: tuple[date, ...]


@dataclass(frozen=True)
class KnownYear:
    """A year as the clocks count it; ``upload`` is None when it comes from the catalog."""

    year: int
    days: Year
    working_days: int
    notice: str
    upload: UploadedYear | None


def propose(ports: Ports, name: str, content: bytes) -> tuple[ProposedYear, ...]:
    """What a file would change, by year; raises ``CalendarRefused``."""
    before = _years_now(ports)
    return tuple(_proposed(listed, before.get(listed.year)) for listed in _read(ports, name, content))


def upload(ports: Ports, by: Actor, name: str, content: bytes) -> tuple[ProposedYear, ...]:
    """Put the years of a file in place, read again; raises ``CalendarRefused``.

    Due dates that an event has fixed stay as they are; what is fixed from now on counts by these days.
    """
    listed = _read(ports, name, content)
    before = _years_now(ports)
    now = ports.clock.now()
    with ports.records.act() as uow:
        for each in listed:
            year = each.to_year()
            uow.calendars.add(
                UploadedYear(
                    id=ports.chance.id(),
                    year=each.year,
                    off=tuple(sorted(year.off)),
                    work=tuple(sorted(year.work)),
                    notice=each.notice[:500],
                    uploaded_by=by.id,
                    uploaded_at=now,
                )
            )
            detail = {"year": each.year, "off": len(year.off), "work": len(year.work)}
            uow.audit.add(AuditRow(now, by.id, by.kind, "calendar_uploaded", "working days", detail=detail))
    return tuple(_proposed(each, before.get(each.year)) for each in listed)


def list_years(ports: Ports) -> Sequence[KnownYear]:
    """Every known year: what was uploaded first, else what the catalog says."""
    with ports.records.read() as uow:
        uploaded = {each.year: each for each in uow.calendars.list_current()}
    known = {year: (days, None) for year, days in _catalog_years(ports).items()}
    years = {**known, **{year: (_year(each), each) for year, each in uploaded.items()}}
    return [
        KnownYear(year, days, count_working_days(year, days), each.notice if each else "", each)
        for year, (days, each) in sorted(years.items())
    ]


def get_year(ports: Ports, year: int) -> KnownYear:
    """One year; raises ``NotFound`` for one that nobody has uploaded or published."""
    for each in list_years(ports):
        if each.year == year:
            return each
    raise NotFound


def list_history(ports: Ports) -> Sequence[UploadedYear]:
    """Every upload, newest first."""
    with ports.records.read() as uow:
        return uow.calendars.list_history()


def find_missing_year(ports: Ports) -> int | None:
    """The first year, of this one and from October on the next, that nobody has given days for."""
    today = ports.clock.now().astimezone(SHANGHAI).date()
    wanted = [today.year, today.year + 1] if today.month >= 10 else [today.year]
    known = {each.year for each in list_years(ports)}
    return next((year for year in wanted if year not in known), None)


def _read(ports: Ports, name: str, content: bytes) -> Sequence[ListedYear]:
    read = ports.calendar_reader.read(name, content)
    problems = [*read.problems, *check_calendar(read.years)]
    if not problems and not read.years:
        problems = [CalendarProblem(1, "no_year", "文件里没有任何年份", "there is no year in the file")]
    if problems:
        raise CalendarRefused(sorted(problems, key=lambda problem: problem.line))
    return read.years


def _proposed(listed: ListedYear, before: Year | None) -> ProposedYear:
    after = listed.to_year()
    worked, off = changes_between(listed.year, before, after)
    return ProposedYear(
        year=listed.year,
        notice=listed.notice,
        working_days=count_working_days(listed.year, after),
        working_days_before=count_working_days(listed.year, before),
        known_before=before is not None,
        now_worked=tuple(worked),
        now_off=tuple(off),
    )


def _years_now(ports: Ports) -> Mapping[int, Year]:
    return {each.year: each.days for each in list_years(ports)}


def _catalog_years(ports: Ports) -> Mapping[int, Year]:
    try:
        return ports.working_days.published_years()
    except CatalogError:
        return {}


def _year(uploaded: UploadedYear) -> Year:
    return Year(frozenset(uploaded.off), frozenset(uploaded.work))
