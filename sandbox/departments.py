"""The departments at work: they take parts, think for a while, and tell the server what they decided."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sandbox.callbacks import Callbacks, Event
from sandbox.clock import Alarm, Clock
from sandbox.habits import EVERY_DEPARTMENT, Habit, next_step, read_usual_habits
from sandbox.journal import Journal
from sandbox.moods import Moods
from sandbox.parts import Part, make_event, part_from_json
from sandbox.people import CHINA_TIME
from sandbox.refusals import KeyReused, Unknown
from sandbox.telling import Telling

PULLED_AT_ONCE = 100


class PartOver(Exception):
    """The part was decided or withdrawn: nothing more is taken for it."""

    def __init__(self, part: Part) -> None:
        super().__init__(part.reference)
        self.state = "withdrawn" if part.withdrawn_at else part.told[-1]


class CursorUnknown(Exception):
    """A pull's cursor was never given out."""


def _births_named(facts: Mapping[str, Any]) -> Iterator[tuple[str, datetime]]:
    """The birth that a part's facts speak of; a time without an offset is China's."""
    try:
        at = datetime.fromisoformat(str(facts["child.birth_at"]))
        yield str(facts["mother.id_number"]), at if at.tzinfo else at.replace(tzinfo=CHINA_TIME)
    except (KeyError, ValueError):
        return


class Departments:
    """Every department's desk; what the journal holds is gone on with after a restart."""

    def __init__(self, callbacks: Callbacks, clock: Clock, moods: Moods, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._telling = Telling(callbacks, clock, moods, self._habit_for, self._save)
        self._habits: dict[tuple[str, str | None], Habit] = {}
        self._habits_put_at = clock.now()
        self._alarms: dict[str, Alarm] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._certified: set[tuple[str, datetime]] = set()
        self._by_name: dict[tuple[str, str], Part] = {}
        self._events_made = 0
        self.parts: dict[str, Part] = {}

    def start(self) -> None:
        """Go on with the parts of the journal."""
        for entry in self._journal.list_entries("part"):
            part = part_from_json(entry)
            self._events_made = max([self._events_made, *(event.number for event in part.events)])
            self._note_certificate(part)
            self._begin(part)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._telling.stop()

    def put_habit(self, department: str, habit: Habit, matter: str | None = None) -> None:
        """Takes effect on the parts held back as well; ``*`` is every department without its own."""
        self._habits[department, matter] = habit
        self._look_again()

    def habit_of(self, department: str, matter: str | None = None) -> Habit:
        """The matter's own habit (``P-VETERAN/HUKOU``, then ``HUKOU``), the department's, or everybody's."""
        code = matter.rpartition("/")[2] if matter else None
        names = ((department, matter), (department, code), (department, None), (EVERY_DEPARTMENT, None))
        return next((self._habits[name] for name in names if name in self._habits), Habit())

    def _look_again(self) -> None:
        """Everybody by the new habits from now on, those too who now call back what they kept."""
        self._habits_put_at = self._clock.now()
        self._clock.ring()
        for part in self.parts.values():
            self._telling.tell(part, self._alarms[part.key])

    def put_usual_habits(self) -> None:
        """Every department at its usual pace, instead of half a second; what was set before is forgotten."""
        self._habits = dict(read_usual_habits())
        self._look_again()

    def list_habits(self) -> list[dict[str, Any]]:
        return [
            {"department": department, "matter": matter, **habit.to_json()}
            for (department, matter), habit in self._habits.items()
        ]

    def take_part(self, department: str, key: str, body: dict[str, Any]) -> Part:
        """Keep the part and begin to handle it; the same key again gives the same part."""
        known = self.parts.get(key)
        if known is not None:
            if (known.department, known.body) != (department, body):
                raise KeyReused(key)
            known.deliveries += 1
            self._save(known)
            return known
        reference = f"{department}-{uuid.uuid4().hex[:12].upper()}"
        part = Part(reference, department, key, body, self._clock.now().isoformat(timespec="milliseconds"))
        self._save(part)
        self._begin(part)
        return part

    def take_supplement(self, department: str, name: str, key: str, body: dict[str, Any]) -> Part:
        """Keep what was given later; raises ``Unknown``, ``PartOver`` and ``KeyReused``."""
        part = self.get_part(department, name)
        for known in part.supplements:
            if known["key"] == key:
                if (known["materials"], known["facts"]) != (body["materials"], body["facts"]):
                    raise KeyReused(key)
                return part
        if part.is_over:
            raise PartOver(part)
        given_at = self._clock.now().isoformat(timespec="milliseconds")
        content = {"materials": body["materials"], "facts": body["facts"]}
        part.supplements.append({"key": key, "at": given_at, **content})
        self._save(part)
        self._alarms[part.key].ring()
        return part

    def withdraw(self, department: str, name: str) -> Part:
        """Stop handling the part, again without effect; raises ``Unknown`` and ``PartOver``."""
        part = self.get_part(department, name)
        if part.withdrawn_at is None:
            if part.is_over:
                raise PartOver(part)
            part.withdrawn_at = self._clock.now().isoformat(timespec="milliseconds")
            self._save(part)
            self._alarms[part.key].ring()
        return part

    def list_events_after(self, department: str, cursor: str) -> tuple[list[dict[str, Any]], str]:
        """The bodies of at most 100 events, oldest first, and the cursor behind them.

        The pulling side shows by its cursor what it has taken; raises ``CursorUnknown``.
        """
        if cursor and not (cursor.isdecimal() and int(cursor) <= self._events_made):
            raise CursorUnknown(cursor)
        after = int(cursor or 0)
        own = [part for part in self.parts.values() if part.department == department]
        for part in own:
            self._note_pulled(part, after)
        events = sorted((event for part in own for event in part.events), key=lambda event: event.number)
        page = [event for event in events if event.number > after][:PULLED_AT_ONCE]
        return [event.body for event in page], str(page[-1].number if page else after)

    def get_part(self, department: str, name: str) -> Part:
        """By the id that the delivery named or by the department's reference; raises ``Unknown``."""
        part = self._by_name.get((department, name))
        if part is None:
            raise Unknown(name)
        return part

    def find_part(self, reference: str) -> Part | None:
        return self._by_name.get((reference.rpartition("-")[0], reference))

    def certified_births(self) -> frozenset[tuple[str, datetime]]:
        """Mother's number and time of birth of every child with a birth certificate from here."""
        return frozenset(self._certified)

    def is_quiet(self) -> bool:
        """Nothing is due that was not done, and nothing was done that was not told."""
        return all(self._is_quiet(part) for part in self.parts.values())

    def _is_quiet(self, part: Part) -> bool:
        due_at = self._due_at(part)
        is_due = due_at is not None and due_at <= self._clock.now()
        return not is_due and self._telling.is_quiet(part)

    async def tell_once(self, part: Part, kind: str, changes: Mapping[str, Any], teller: str) -> Event:
        """Send one event of a chosen kind now, once: for tests of order, repetition and forgery."""
        event = make_event(part, kind, self._habit_for(part), self._clock.now())
        event.body.update(changes)
        await self._telling.tell_once(part, event, teller)
        return event

    def _begin(self, part: Part) -> None:
        self.parts[part.key] = part
        self._by_name[part.department, part.id] = part
        self._by_name[part.department, part.reference] = part
        self._alarms[part.key] = self._clock.make_alarm()
        task = asyncio.create_task(self._handle(part))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, part: Part) -> None:
        """Make each event when it is due, to the part's end; first tell what was left untold."""
        alarm = self._alarms[part.key]
        self._telling.tell(part, alarm)
        while await self._is_next_due(part, alarm):
            self._make_next(part)
            alarm.ring()
            self._telling.tell(part, alarm)

    def _habit_for(self, part: Part) -> Habit:
        return self.habit_of(part.department, f"{part.body['thing']}/{part.body['matter']}")

    def _due_at(self, part: Part) -> datetime | None:
        """When the part's next event is due; None when nothing is, for now."""
        if part.is_over:
            return None
        step = next_step(self._habit_for(part), part.told, is_supplemented=part.is_supplemented)
        return step.pace.due_at(part.last_news_at(), part.key) if step else None

    async def _is_next_due(self, part: Part, alarm: Alarm) -> bool:
        """True once the next event is due by the habit that is in force then, False once it is all over."""
        while not part.is_over:
            due_at = self._due_at(part)
            if due_at is not None and due_at <= self._clock.now():
                return True
            await alarm.wait(due_at)
        return False

    def _make_next(self, part: Part) -> None:
        habit = self._habit_for(part)
        step = next_step(habit, part.told, is_supplemented=part.is_supplemented)
        if step is None:
            raise RuntimeError(f"{part.reference} was not due")
        # However far the clock was moved, it happened when it was due, and not before it was to be so.
        at = max(step.pace.due_at(part.last_news_at(), part.key), self._habits_put_at)
        self._events_made += 1
        part.events.append(make_event(part, step.kind, habit, at, self._events_made))
        self._note_certificate(part)
        self._save(part)

    def _note_pulled(self, part: Part, up_to: int) -> None:
        news = [event for event in part.events if event.number <= up_to and not event.delivered]
        for event in news:
            event.delivered = True
        if news:
            self._save(part)

    def _note_certificate(self, part: Part) -> None:
        if part.body["matter"] == "BIRTH-CERT" and part.is_completed:
            self._certified.update(_births_named(part.facts))

    def _save(self, part: Part) -> None:
        self._journal.write("part", part.key, part.to_json)
