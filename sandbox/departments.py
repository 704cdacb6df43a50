"""The departments at work: they take parts, think for a while, and tell the server what they decided."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Coroutine, Iterator, Mapping
from datetime import datetime
from typing import Any

from sandbox.callbacks import Callbacks, Event
from sandbox.clock import Alarm, Clock
from sandbox.habits import Habit, Trick, next_step
from sandbox.journal import Journal
from sandbox.moods import Moods
from sandbox.parts import Part, make_event, part_from_json
from sandbox.people import CHINA_TIME
from sandbox.refusals import KeyReused, Unknown

EVERY_DEPARTMENT = "*"
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
        self._callbacks = callbacks
        self._clock = clock
        self._moods = moods
        self._journal = journal
        self._habits: dict[tuple[str, str | None], Habit] = {}
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

    def put_habit(self, department: str, habit: Habit, matter: str | None = None) -> None:
        """Takes effect on the parts held back as well; ``*`` is every department without its own."""
        self._habits[department, matter] = habit
        self._clock.ring()

    def habit_of(self, department: str, matter: str | None = None) -> Habit:
        """The matter's own habit, or the department's, or that of every department."""
        names = ((department, matter), (department, None), (EVERY_DEPARTMENT, None))
        return next((self._habits[name] for name in names if name in self._habits), Habit())

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
        habit, now = self._habit_for(part), self._clock.now()
        due_at = self._due_at(part)
        if due_at is not None and due_at <= now:
            return False
        if not habit.calls_back or self._moods.is_down(part.department):
            return True
        waiting = [event for event in part.events if not event.is_settled]
        return all(self._telling_at(part, event) > now for event in waiting)

    async def tell_once(self, part: Part, kind: str, changes: Mapping[str, Any], teller: str) -> Event:
        """Send one event of a chosen kind now, once: for tests of order, repetition and forgery."""
        event = make_event(part, kind, self._habit_for(part), self._clock.now())
        event.body.update(changes)
        await self._callbacks.send_once(part.body["callback"], teller, event)
        return event

    def _begin(self, part: Part) -> None:
        self.parts[part.key] = part
        self._by_name[part.department, part.id] = part
        self._by_name[part.department, part.reference] = part
        self._alarms[part.key] = self._clock.make_alarm()
        self._run(self._handle(part))

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _handle(self, part: Part) -> None:
        """Make each event when it is due and tell it, to the part's end; first what was left untold."""
        await self._tell_untold(part)
        held_back: Event | None = None
        while await self._is_next_due(part):
            event = self._make_next(part)
            if Trick.REORDER in self._habit_for(part).tricks and event.body["kind"] == "accepted":
                held_back = event
                continue
            if held_back is not None:
                await self._tell_in_wrong_order(part, event, held_back)
                held_back = None
                continue
            await self._tell_untold(part)

    def _habit_for(self, part: Part) -> Habit:
        return self.habit_of(part.department, str(part.body["matter"]))

    def _due_at(self, part: Part) -> datetime | None:
        """When the part's next event is due; None when nothing is, for now."""
        if part.is_over:
            return None
        step = next_step(self._habit_for(part), part.told, is_supplemented=part.is_supplemented)
        return step.pace.due_at(part.last_news_at(), part.key) if step else None

    async def _is_next_due(self, part: Part) -> bool:
        """True once the next event is due by the habit that is in force then, False once it is all over."""
        while not part.is_over:
            due_at = self._due_at(part)
            if due_at is not None and due_at <= self._clock.now():
                return True
            await self._alarms[part.key].wait(due_at)
        return False

    def _make_next(self, part: Part) -> Event:
        habit = self._habit_for(part)
        step = next_step(habit, part.told, is_supplemented=part.is_supplemented)
        if step is None:
            raise RuntimeError(f"{part.reference} was not due")
        self._events_made += 1
        event = make_event(part, step.kind, habit, self._clock.now(), self._events_made)
        part.events.append(event)
        self._note_certificate(part)
        self._save(part)
        return event

    def _telling_at(self, part: Part, event: Event) -> datetime:
        made_at = datetime.fromisoformat(event.body["at"])
        pace = self._habit_for(part).tell_after
        return pace.due_at(made_at, event.body["event_id"]) if pace else made_at

    async def _tell_untold(self, part: Part) -> None:
        """In their order; what a pulled department kept to itself is told when it calls back again."""
        for event in list(part.events):
            await self._tell(part, event)

    async def _tell(self, part: Part, event: Event) -> None:
        """Deliver one event, with whatever tricks the department plays today."""
        await self._wait_until_it_can_tell(part, event)
        if event.is_settled or not self._habit_for(part).calls_back:
            return
        tricks = self._habit_for(part).tricks
        url = part.body["callback"]
        if Trick.FORGE in tricks:
            await self._callbacks.send_once(url, part.department, event, forged=True)
        taken = await self._callbacks.deliver(url, part.department, event)
        if taken and Trick.DUPLICATE in tricks:
            await self._callbacks.send_once(url, part.department, event)
        self._save(part)

    async def _wait_until_it_can_tell(self, part: Part, event: Event) -> None:
        """Through a late habit and a system that is down; a department that is pulled tells nothing."""
        alarm = self._alarms[part.key]
        while self._habit_for(part).calls_back and not event.is_settled:
            if self._moods.is_down(part.department):
                await alarm.wait(self._moods.up_at(part.department))
            elif (telling_at := self._telling_at(part, event)) > self._clock.now():
                await alarm.wait(telling_at)
            else:
                return

    async def _tell_in_wrong_order(self, part: Part, later: Event, earlier: Event) -> None:
        telling = self._run(self._tell(part, later))
        await asyncio.sleep(self._habit_for(part).after_seconds)
        await self._tell(part, earlier)
        await telling

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
        self._journal.write("part", part.key, part.to_json())
