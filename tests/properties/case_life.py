"""A case's life over a real database, moved by anything: the machine that hypothesis drives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from onething.domain.cases import CaseState, Event, EventKind, PartState, fold
from onething.domain.catalog import Catalog
from onething.domain.clocks import Rules, day_of, project, ready_at
from onething.domain.plan import Plan
from onething.domain.records import Case, Part
from onething.domain.working_days import WorkingCalendar, Year
from onething.ports import DeliveryFailed, PartDelivery, Ports, Settings
from onething.services.casework import rules_of
from onething.storage.blind_index import KeyedIndex
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords
from onething.system import SystemChance
from onething.worker import LEASE_SECONDS, Worker

NATIONAL_DAY = Year(frozenset(date(2026, 10, day) for day in range(1, 8)), frozenset({date(2026, 10, 10)}))
CALENDAR = WorkingCalendar({2026: NATIONAL_DAY, 2027: Year(frozenset(), frozenset())})


class Killed(BaseException):
    """The worker ends here, as with kill -9: nothing after this line runs."""


@dataclass
class HandClock:
    at: datetime = datetime(2026, 9, 25, 2, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass
class Desks:
    """Departments that note each request under its key; the next ones may fail, or kill who asks."""

    taken: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)

    def deliver(self, delivery: PartDelivery) -> str:
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "down":
            raise DeliveryFailed("down", retryable=True)
        if trouble == "killed_before":
            raise Killed
        self.taken[delivery.part] += 1
        if trouble == "killed_after":
            raise Killed
        if trouble == "answer_lost":
            raise DeliveryFailed("slow", retryable=True)
        return f"reference-{delivery.part}"

    def supplement(self, *_: Any) -> None:
        """Taken."""

    def withdraw(self, *_: Any) -> None:
        """Taken."""

    def send(self, *_: Any) -> str:
        """A supervising department takes an approval."""
        return "taken"

    def pull(self, _department: str, after: str) -> tuple[Sequence[Mapping[str, Any]], str]:
        return (), after


class OneCatalog:
    """The catalog of every revision."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def current(self) -> tuple[int, Catalog]:
        return 1, self.catalog

    def get(self, _revision: int) -> Catalog:
        return self.catalog


class Life:
    """One database, and one case at a time in it."""

    def __init__(self, folder: Path) -> None:
        KeyRing.make(folder / "keys.json")
        keyring = KeyRing.load(folder / "keys.json")
        migrate(f"sqlite:///{folder / 'life.sqlite'}")
        records = DatabaseRecords(f"sqlite:///{folder / 'life.sqlite'}", keyring)
        self.clock, self.desks = HandClock(), Desks()
        given: dict[str, Any] = {
            "clock": self.clock,
            "chance": SystemChance(),
            "index": KeyedIndex(keyring),
            "records": records,
            "departments": self.desks,
            "supervisors": self.desks,
            "working_days": CALENDAR,
            "settings": Settings(retry_seconds=(1,), give_up_after_days=3650),
        }
        needed = {
            each.name: None
            for each in fields(Ports)
            if each.default is MISSING and each.default_factory is MISSING
        }
        self.ports = Ports(**{**needed, **given})
        self.case = ""

    def begin(self, catalog: Catalog, plan: Plan) -> str:
        """A case of this plan, just submitted; returns its number."""
        self.ports = replace(self.ports, catalogs=OneCatalog(catalog))
        with self.ports.records.act() as uow:
            for table in ("jobs", "cases"):
                uow.connection.exec_driver_sql(f"DELETE FROM {table}")
        self.desks.taken.clear()
        self.desks.trouble.clear()
        self.clock.at = HandClock.at
        thing, now = catalog.get_thing(plan.thing), self.clock.now()
        chance = self.ports.chance
        parts = tuple(
            Part(chance.id(), code, thing.matters[code].department, PartState.WAITING) for code in plan.chosen
        )
        told = [{"id": part.id, "matter": part.matter} for part in parts]
        event = Event(1, EventKind.SUBMITTED, now, data={"parts": told})
        case = Case(
            id=chance.id(),
            number=chance.case_number(day_of(now)),
            thing=plan.thing,
            holder="0" * 32,
            draft=chance.id(),
            revision=1,
            plan=plan.to_json(),
            division="411523",
            terminal=None,
            submitted_at=now,
            answered_by=CALENDAR.after(day_of(now), 5)[0],
            state="received",
            sequence=1,
            parts=parts,
            lead=thing.lead,
        )
        view = fold([event])
        case = project(rules_of(self.ports, thing, case), case, None, view)
        case = replace(case, settle_on=case.answered_by + timedelta(days=1))
        with self.ports.records.act() as uow:
            uow.cases.add(case, [event], {})
        self.case = case.id
        return case.number

    def work(self) -> None:
        """The worker until nothing is due; it may be killed, and its lease then runs out."""
        for _ in range(30):
            try:
                if not Worker(self.ports, self.ports.chance.id()).work_once():
                    return
            except Killed:
                self.clock.at += timedelta(seconds=LEASE_SECONDS + 1)
            else:
                self.clock.at += timedelta(seconds=2)

    def check(self) -> None:
        """What must hold after every step."""
        with self.ports.records.read() as uow:
            events = uow.cases.list_events(self.case)
            case = uow.cases.find(self.case)
            jobs = [job for job in uow.jobs.list_unfinished(500) if job.kind == "deliver_part"]
        assert case is not None
        view = fold(events)  # no illegal state: the fold refuses one
        assert not (view.state is CaseState.ACCEPTED and view.all_parts_final)
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        assert (case.state, case.sequence) == (view.state.value, view.sequence)
        rules = rules_of(self.ports, self.ports.catalogs.get(1).get_thing(case.thing), case)
        self._check_clocks(rules, case, events)
        waiting = Counter(job.payload["part"] for job in jobs)
        for part in case.parts:
            seen = view.parts[part.id]
            assert part.state is seen.state
            ready = ready_at(view, seen, rules.waits_for) is not None
            if view.state is CaseState.ACCEPTED and seen.state is PartState.WAITING:
                assert waiting[part.id] == (1 if ready else 0)  # it starts at once, and never early
            if seen.dispatched_at is not None:
                assert self.desks.taken[part.id] >= 1  # none is lost
        for event in events:
            if event.kind is EventKind.PART_DISPATCHED:
                before = fold(events[: event.sequence - 1])
                assert ready_at(before, before.parts[event.part or ""], rules.waits_for) is not None
        dispatched = Counter(event.part for event in events if event.kind is EventKind.PART_DISPATCHED)
        assert not dispatched or max(dispatched.values()) == 1  # none is doubled

    def _check_clocks(self, rules: Rules, case: Case, events: Sequence[Event]) -> None:
        """Due times as counting day by day from the events has them."""
        view = fold(events)
        stretches = [
            s for part in case.parts if _is_promised(rules, part) for s in _stretches(events, part.id)
        ]
        if view.accepted_at is not None:
            extended = max((_extended(events, p.id) for p in case.parts if _is_promised(rules, p)), default=0)
            counted = _count(day_of(view.accepted_at), rules.thing.promise.days + extended, "wd", stretches)
            assert case.due_on == counted
        for part in case.parts:
            started = ready_at(view, view.parts[part.id], rules.waits_for)
            limit = rules.thing.matters[part.matter].promised
            if started is None or limit is None:
                assert part.due_on is None
                continue
            days = ceil(limit.amount) + _extended(events, part.id)
            assert part.due_on == _count(day_of(started), days, limit.unit, _stretches(events, part.id))
            assert part.warn_on is not None
            assert part.warn_on <= part.due_on


def _is_promised(rules: Rules, part: Part) -> bool:
    return rules.thing.matters[part.matter].outside_promise is None


def _extended(events: Sequence[Event], part: str) -> int:
    return sum(e.data["days"] for e in events if e.kind is EventKind.PART_EXTENDED and e.part == part)


def _stretches(events: Sequence[Event], part: str) -> list[tuple[date, date]]:
    """The days from and until which a part stood still, of pauses that are over."""
    found, since = [], None
    for event in events:
        if event.part != part:
            continue
        if event.kind is EventKind.PART_SUSPENDED:
            since = day_of(event.at)
        elif since is not None and event.kind in (EventKind.PART_RESUMED, EventKind.PART_WITHDRAWN):
            found.append((since, day_of(event.at)))
            since = None
    return found


def _count(start_on: date, days: int, unit: str, stretches: Sequence[tuple[date, date]]) -> date:
    """The day on which so many days have gone by of which none fell into a stretch."""
    day = start_on
    while days > 0:
        day += timedelta(days=1)
        stood = any(since < day <= until for since, until in stretches)
        if not stood and (unit == "cd" or CALENDAR.is_working(day)):
            days -= 1
    return day
