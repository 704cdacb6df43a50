"""Cases to be watched over: departments without systems of their own, and days that have passed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from onething.domain.cases import fold
from onething.domain.clocks import day_of, project
from onething.domain.tallies import tallies_of
from onething.ports import Ports
from onething.services import supervising
from onething.services.casework import rules_of
from tests.console.office import Office
from tests.services.office import HandClock, find, planted
from web.current import PORTS


class SetClock(HandClock):
    """The time of day, some days away from now: sign-ins stay good while cases grow old."""

    def __init__(self) -> None:
        self.away = timedelta()

    @property
    def at(self) -> datetime:
        return datetime.now(UTC) + self.away

    @at.setter
    def at(self, moment: datetime) -> None:
        self.away = moment - datetime.now(UTC)


@contextmanager
def at_work(office: Office) -> Iterator[None]:
    """Every department works at the console; what is handed in meanwhile may lie days back."""
    before = office.ports
    _, catalog = before.catalogs.current()
    settings = replace(before.settings, without_system=frozenset(catalog.departments))
    _put(office, replace(before, clock=SetClock(), settings=settings))
    yield
    _put(office, before)


def _put(office: Office, ports: Ports) -> None:
    office.ports = office.county.ports = ports
    office.app.extensions[PORTS] = ports


def _long_ago(office: Office, working_days: int) -> timedelta:
    """How far back the day lies that has this many working days after it."""
    today = day_of(datetime.now(UTC))
    back = today
    while office.ports.working_days.between(back, today) < working_days:
        back -= timedelta(days=1)
    return today - back


def handed_in(
    office: Office, thing: str = "P-NEWBORN", chosen: Sequence[str] | None = None, *, days_ago: int = 0
) -> str:
    """A case as a submission makes it, counted too; ``days_ago`` are working days."""
    clock, ports = office.ports.clock, office.ports
    assert isinstance(clock, SetClock)
    clock.away = -_long_ago(office, days_ago)
    number = planted(office.county, thing, chosen)
    case = find(office.county, number)
    with ports.records.act() as uow:
        # What the submission alone counts: the worker's own acts were counted when they were done.
        events = uow.cases.list_events(case.id)[:2]
        declared = ports.catalogs.get(case.revision).get_thing(thing)
        submitted = project(rules_of(ports, declared, case), case, None, fold(events))
        uow.tallies.add(tallies_of(None, submitted, events), case.id)
    clock.away = timedelta()
    return number


def late_case(office: Office) -> str:
    """A birth's certificate and vaccination, handed in long ago, warned of and ordered by themselves."""
    number = handed_in(office, chosen=["BIRTH-CERT", "VACCINE"], days_ago=12)
    while supervising.warn_of_deadlines(office.ports):
        pass
    return number
