"""Dispatching and settling cases of five parts: the worker and the departments' reports, until all ended."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import structlog

from onething.domain.cases import Event, EventKind, PartState, fold
from onething.domain.clocks import day_of, project
from onething.domain.plan import make_plan
from onething.domain.records import Case, Part
from onething.domain.tallies import tallies_of
from onething.ports import Ports, Settings
from onething.services import handling
from onething.services.casework import rules_of
from onething.services.moving_on import delivery_job
from onething.storage import statements, transactions
from onething.storage.blind_index import KeyedIndex
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords
from onething.system import SystemChance, SystemClock
from onething.worker import Worker

from ..conftest import postgres_url
from ..properties.case_life import CALENDAR, Desks, OneCatalog
from ..properties.test_plan_laws import CATALOG
from .rows import Row

CASES = 1000
THING = "P-NEWBORN"
PARTS = 5


def measure() -> list[Row]:
    """One row for each database."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [_measure("SQLite", f"sqlite:///{folder}/bench.sqlite", Path(folder))]
    with contextmanager(postgres_url.__wrapped__)() as url, tempfile.TemporaryDirectory() as folder:
        rows.append(_measure("PostgreSQL", url, Path(folder)))
    return rows


def _measure(name: str, url: str, folder: Path) -> Row:
    migrate(url)
    ports = _ports(url, folder)
    with (folder / "log").open("w") as log:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
        _submit_all(ports)
        with _database_seconds() as spent:
            started = time.monotonic()
            acts = _settle_all(ports)
            took = time.monotonic() - started
    _must_all_have_ended(ports)
    ports.records.close()
    share = sum(spent) / took
    note = f"{took:.0f} s for {acts} acts, {took / acts * 1000:.1f} ms each; {share:.0%} of it the database's"
    return Row(
        f"{CASES} cases of {PARTS} parts dispatched and settled on {name}",
        None,
        CASES / took,
        "cases/s",
        note,
    )


def _ports(url: str, folder: Path) -> Ports:
    """The services over this database; departments answer at once, in this process."""
    assert CATALOG is not None
    KeyRing.make(folder / "keys.json")
    keyring = KeyRing.load(folder / "keys.json")
    given: dict[str, Any] = {
        "clock": SystemClock(),
        "chance": SystemChance(),
        "index": KeyedIndex(keyring),
        "records": DatabaseRecords(url, keyring),
        "catalogs": OneCatalog(CATALOG),
        "departments": Desks(),
        "supervisors": Desks(),
        "working_days": CALENDAR,
        "settings": Settings(window_accepts=False),
    }
    needed = {each.name: None for each in fields(Ports) if each.default is MISSING}
    return Ports(**{**needed, **given})


def _submit_all(ports: Ports) -> None:
    _revision, catalog = ports.catalogs.current()
    plan = make_plan(catalog, THING)
    if len(plan.chosen) != PARTS:
        raise ValueError(f"{THING} has {len(plan.chosen)} parts")
    thing, stored = catalog.get_thing(THING), plan.to_json()
    for number in range(CASES):
        parts = tuple(
            Part(ports.chance.id(), code, thing.matters[code].department, PartState.WAITING)
            for code in plan.chosen
        )
        _submit(ports, number, parts, stored, plan.order.waves[0])


def _submit(
    ports: Ports, number: int, parts: tuple[Part, ...], plan: dict[str, Any], first: Sequence[str]
) -> None:
    now = ports.clock.now()
    told = [{"id": part.id, "matter": part.matter} for part in parts]
    events = [Event(1, EventKind.SUBMITTED, now, data={"parts": told}), Event(2, EventKind.ACCEPTED, now)]
    thing = ports.catalogs.current()[1].get_thing(THING)
    case = Case(
        id=ports.chance.id(),
        number=f"XJ26{number:06d}",
        thing=THING,
        holder=f"{number:032x}",
        draft=f"draft-{number}",
        revision=1,
        plan=plan,
        division="411523",
        terminal=None,
        submitted_at=now,
        answered_by=CALENDAR.after(day_of(now), 5)[0],
        state="received",
        sequence=1,
        parts=parts,
        lead=thing.lead,
    )
    case = project(rules_of(ports, thing, case), case, None, fold(events))
    with ports.records.act() as uow:
        uow.cases.add(case, events, {})
        uow.tallies.add(tallies_of(None, case, events), case.id)
        for part in parts:
            if part.matter in first:
                uow.jobs.add(delivery_job(ports, part.id, now))


def _settle_all(ports: Ports) -> int:
    """Deliver what is due and report on what was delivered, until nothing is; returns how many acts."""
    worker = Worker(ports, "bench")
    desks = ports.departments
    assert isinstance(desks, Desks)
    acts, reported = 0, set()
    while True:
        while claimed := worker.work_once():
            acts += claimed
        fresh = [part for part in desks.taken if part not in reported]
        if not fresh:
            return acts
        for part in fresh:
            reported.add(part)
            _report(ports, part, "accepted")
            _report(ports, part, "completed")
            acts += 2


def _report(ports: Ports, part: str, kind: str) -> None:
    with ports.records.read() as uow:
        case = uow.cases.find_by_part(part)
    assert case is not None
    department = next(each.department for each in case.parts if each.id == part)
    told = {"part": part, "event_id": f"{part}-{kind}", "kind": kind, "at": ports.clock.now().isoformat()}
    handling.take_event(ports, department, told | ({"result": {}} if kind == "completed" else {}))


def _must_all_have_ended(ports: Ports) -> None:
    with ports.records.read() as uow:
        query = "SELECT state, count(*) FROM cases GROUP BY state"
        states = dict(uow.connection.exec_driver_sql(query).fetchall())
    if states != {"closed": CASES}:
        raise ValueError(f"not all have ended: {states}")


@contextmanager
def _database_seconds() -> Iterator[list[float]]:
    """Seconds in the database's driver meanwhile: statements, their rows, commits and waits."""
    spent: list[float] = []
    send, fetch = statements.send, statements.fetch_all
    statements.send = transactions.send = _timed(send, spent)
    statements.fetch_all = _timed(fetch, spent)
    try:
        yield spent
    finally:
        statements.send = transactions.send = send
        statements.fetch_all = fetch


def _timed(call: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        started = time.monotonic()
        try:
            return call(*arguments)
        finally:
            spent.append(time.monotonic() - started)

    return timed
