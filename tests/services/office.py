"""A case put straight into the records, and the people of the office who carry it to its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import Event, EventKind, PartState, fold
from onething.domain.clocks import day_of, project
from onething.domain.e_licence_identifier import ELicenceIdentifier
from onething.domain.people import citizen_check_character
from onething.domain.plan import make_plan
from onething.domain.records import Case, Part
from onething.domain.situation import Situation
from onething.domain.values import Origin, Value
from onething.services import handling
from onething.services.casework import rules_of
from onething.services.moving_on import delivery_job
from onething.services.province_jobs import note_events
from onething.storage.schema import metadata
from onething.storage.unit_of_work import DatabaseRecords
from onething.worker import Worker
from tests.services.county import County

CLERK = Actor("clerk-1", "staff", roles=frozenset({"clerk"}))
SUPERVISOR = Actor("chief", "staff", roles=frozenset({"supervisor"}))
# Invented: division 411599 does not exist.
_FIRST_17 = "41159919900307022"
NUMBER = _FIRST_17 + citizen_check_character(_FIRST_17)
_LICENCE_KIND = "SANDBOX0000000000000A"


class HandClock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at


def officer(department: str) -> Actor:
    return Actor(f"officer-{department}", "staff", department, frozenset({"department"}))


def citizen(county: County) -> Actor:
    return Actor("session-1", "citizen", terminal="terminal-1", holder=county.ports.index.of_number(NUMBER))


@contextmanager
def office(furnished: County, **settings: Any) -> Iterator[County]:
    """The county with nothing in it but its catalog, for one test.

    Every department works at the console, and the clock stands until the test moves it.
    """
    _, catalog = furnished.ports.catalogs.current()
    before = furnished.ports
    changed = replace(before.settings, without_system=frozenset(catalog.departments), **settings)
    furnished.ports = replace(before, clock=HandClock(), settings=changed)
    _empty(furnished)
    yield furnished
    furnished.ports = before
    for target in ("courier", "province"):
        furnished.sandbox.put_mood(target, "ok")


def _empty(county: County) -> None:
    records = county.ports.records
    assert isinstance(records, DatabaseRecords)
    with records.act() as uow:
        for table in reversed(metadata.sorted_tables):
            if table.name not in ("revisions", "terminals", "data_needs"):
                uow.connection.exec_driver_sql(f'DELETE FROM "{table.name}"')


def forward(county: County, **by: float) -> None:
    clock = county.ports.clock
    assert isinstance(clock, HandClock)
    clock.at += timedelta(**by)


def planted(
    county: County,
    thing: str = "P-NEWBORN",
    chosen: Sequence[str] | None = None,
    values: Mapping[str, Mapping[str, Value]] | None = None,
    *,
    accepted: bool = True,
    applicant: str = NUMBER,
) -> str:
    """The number of a case, as a submission would have made it: accepted, or waiting for the window."""
    ports = county.ports
    revision, catalog = ports.catalogs.current()
    plan = make_plan(catalog, thing, Situation(chosen=frozenset(chosen) if chosen else None))
    declared, now = catalog.get_thing(thing), ports.clock.now()
    parts = tuple(
        Part(ports.chance.id(), code, declared.matters[code].department, PartState.WAITING)
        for code in plan.chosen
    )
    events = [
        Event(1, EventKind.SUBMITTED, now, data={"parts": [{"id": p.id, "matter": p.matter} for p in parts]}),
        Event(2, EventKind.ACCEPTED, now, data={"by": "submission"}),
    ][: 2 if accepted else 1]
    view = fold(events)
    case = Case(
        ports.chance.id(), ports.chance.case_number(day_of(now)), thing, ports.index.of_number(applicant),
        ports.chance.id(), revision, plan.to_json(), "411523", "terminal-1", now, day_of(now),
        view.state.value, view.sequence, parts, lead=declared.lead,
    )  # fmt: skip
    sealed = {r: {f: v.to_json() for f, v in facts.items()} for r, facts in (values or {}).items()}
    own = {"name": "陈𠮷䶮", "id_number": applicant}
    person = {fact: Value(value, Origin.CARD).to_json() for fact, value in own.items()}
    with ports.records.act() as uow:
        case = project(rules_of(ports, declared, case), case, None, view)
        uow.cases.add(case, events, {plan.holder: person, **sealed})
        note_events(ports, uow, case.id, events, now)
        for matter in plan.order.waves[0] if accepted else ():
            part = next(each for each in parts if each.matter == matter)
            uow.jobs.add(delivery_job(ports, part.id, now))
    work(county)
    return case.number


def work(county: County, *, rounds: int = 30) -> None:
    """The worker does what is due now, until nothing is."""
    worker = Worker(county.ports, "office")
    for _ in range(rounds):
        if not worker.work_once():
            return


def complete(county: County, number: str, *matters: str, documents: Sequence[Mapping[str, Any]] = ()) -> None:
    """The departments complete parts, one after the other."""
    for matter in matters:
        case = find(county, number)
        department = next(part.department for part in case.parts if part.matter == matter)
        result = {"facts": {}, "documents": list(documents)}
        report = {"kind": "completed", "result": result}
        forward(county, seconds=1)
        handling.decide(county.ports, officer(department), number, matter, report)
        work(county)


def complete_all(county: County, number: str) -> None:
    """Every part, in the order in which they go out."""
    while open_parts := [p for p in find(county, number).parts if p.state is PartState.DISPATCHED]:
        for part in open_parts:
            complete(county, number, part.matter)


def find(county: County, number: str) -> Case:
    with county.ports.records.read() as uow:
        case = uow.cases.find_by_number(number)
    assert case is not None
    return case


def kinds(county: County, number: str) -> list[str]:
    """What happened to a case, in order."""
    with county.ports.records.read() as uow:
        return [event.kind.value for event in uow.cases.list_events(find(county, number).id)]


def told(county: County, number: str, kind: EventKind) -> list[Mapping[str, Any]]:
    """What the events of one kind say."""
    with county.ports.records.read() as uow:
        events = uow.cases.list_events(find(county, number).id)
    return [event.data for event in events if event.kind is kind]


def licence(document: str = "hukou_book", of: str = "child") -> dict[str, str]:
    """A document that its department issued as an e-licence."""
    identifier = str(ELicenceIdentifier(_LICENCE_KIND, "411599000", "A1B2C3", 1))
    return {"document": document, "of": of, "identifier": identifier}
