"""The departments: they take parts, think for a while, and tell the server what they decided."""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sandbox.callbacks import Callbacks, Event
from sandbox.people import CHINA_TIME
from sandbox.results import FactsMissing, issue_result

DEFAULT_DENIAL = {"code": "conditions_not_met", "zh": "不符合办理条件", "en": "The conditions are not met"}


class KeyReused(Exception):
    """The same idempotency key came with another body."""


class Decision(StrEnum):
    """What a department does with the parts that reach it."""

    COMPLETE = "complete"
    DENY = "deny"
    HOLD = "hold"


class Trick(StrEnum):
    """What can go wrong with a department's own sending."""

    DUPLICATE = "duplicate"
    REORDER = "reorder"
    FORGE = "forge"


@dataclass(frozen=True)
class Habit:
    """How a department works today: its decision, its pace in seconds, its reason and its tricks."""

    decide: Decision = Decision.COMPLETE
    after_seconds: float = 0.5
    reason: dict[str, str] | None = None
    tricks: tuple[Trick, ...] = ()


@dataclass
class Part:
    """A part that a department holds, with everything it was sent and everything it has told."""

    reference: str
    department: str
    key: str
    body: dict[str, Any]
    events: list[Event] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.body["part"])

    @property
    def is_completed(self) -> bool:
        return any(event.body["kind"] == "completed" for event in self.events)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def _births_named(facts: Mapping[str, Any]) -> Iterator[tuple[str, datetime]]:
    """The birth that a part's facts speak of; a time without an offset is China's."""
    try:
        at = datetime.fromisoformat(str(facts["child.birth_at"]))
        yield str(facts["mother.id_number"]), at if at.tzinfo else at.replace(tzinfo=CHINA_TIME)
    except (KeyError, ValueError):
        return


class Departments:
    """Every department's desk; with a file, parts outlive a restart and are gone on with."""

    def __init__(self, callbacks: Callbacks, file: Path | None = None) -> None:
        self._callbacks = callbacks
        self._file = file
        self._habits: dict[str, Habit] = {}
        self._habit_changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._certified: set[tuple[str, datetime]] = set()
        self.parts: dict[str, Part] = {}

    def start(self) -> None:
        """Go on with the parts of the file."""
        if self._file is not None and self._file.exists():
            for entry in json.loads(self._file.read_text("utf-8")):
                events = [Event(**event) for event in entry.pop("events")]
                part = Part(**entry, events=events)
                self.parts[part.key] = part
                self._note_certificate(part)
                self._run(self._handle(part))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._callbacks.close()

    def put_habit(self, department: str, habit: Habit) -> None:
        """Takes effect on the parts held back as well."""
        self._habits[department] = habit
        self._habit_changed.set()
        self._habit_changed = asyncio.Event()

    def habit_of(self, department: str) -> Habit:
        return self._habits.get(department, Habit())

    def take_part(self, department: str, key: str, body: dict[str, Any]) -> Part:
        """Keep the part and begin to handle it; the same key again gives the same part."""
        known = self.parts.get(key)
        if known is not None:
            if (known.department, known.body) != (department, body):
                raise KeyReused(key)
            return known
        part = Part(f"{department}-{uuid.uuid4().hex[:12].upper()}", department, key, body)
        self.parts[key] = part
        self._save()
        self._run(self._handle(part))
        return part

    def find_part(self, reference: str) -> Part | None:
        return next((part for part in self.parts.values() if part.reference == reference), None)

    def certified_births(self) -> frozenset[tuple[str, datetime]]:
        """Mother's number and time of birth of every child with a birth certificate from here."""
        return frozenset(self._certified)

    def _note_certificate(self, part: Part) -> None:
        if part.body["matter"] == "BIRTH-CERT" and part.is_completed:
            self._certified.update(_births_named(part.body["facts"]))

    async def tell_once(self, part: Part, kind: str, event_id: str | None) -> Event:
        """Send one event of a chosen kind now, once: for tests of order and repetition."""
        event = self._make_event(part, kind)
        if event_id:
            event.body["event_id"] = event_id
        await self._callbacks.send_once(part.body["callback"], part.department, event)
        return event

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, part: Part) -> None:
        """Accept, think, decide; events that were made before a restart are only delivered."""
        habit = self.habit_of(part.department)
        if not part.events:
            await asyncio.sleep(habit.after_seconds)
            part.events.append(self._make_event(part, "accepted"))
            self._save()
        if Trick.REORDER not in habit.tricks:
            await self._tell(part, part.events[0])
        if len(part.events) == 1:
            part.events.append(await self._decide(part))
            self._note_certificate(part)
            self._save()
        if Trick.REORDER in habit.tricks:
            self._run(self._tell(part, part.events[1]))
            await asyncio.sleep(habit.after_seconds)
            await self._tell(part, part.events[0])
            return
        await self._tell(part, part.events[1])

    async def _decide(self, part: Part) -> Event:
        """The final event, once the department no longer holds the part back."""
        while True:
            habit = self.habit_of(part.department)
            if habit.decide is Decision.HOLD:
                await self._habit_changed.wait()
                continue
            await asyncio.sleep(habit.after_seconds)
            if self.habit_of(part.department) == habit:
                return self._make_event(part, "denied" if habit.decide is Decision.DENY else "completed")

    def _make_event(self, part: Part, kind: str) -> Event:
        """The event's body; a completion without the facts it needs becomes a denial that names them."""
        reason, result = None, None
        if kind == "completed":
            try:
                result = issue_result(part.body["thing"], part.body["matter"], part.id, part.body["facts"])
            except FactsMissing as missing:
                kind, reason = "denied", _reason_for(missing)
        elif kind == "denied":
            reason = self.habit_of(part.department).reason or DEFAULT_DENIAL
        at = datetime.now(CHINA_TIME).isoformat(timespec="milliseconds")
        body = {"event_id": str(uuid.uuid4()), "part": part.id, "kind": kind, "at": at}
        return Event({**body, "reason": reason, "result": result})

    async def _tell(self, part: Part, event: Event) -> None:
        """Deliver one event, with whatever tricks the department plays today."""
        if event.delivered or event.refused:
            return
        tricks = self.habit_of(part.department).tricks
        url = part.body["callback"]
        if Trick.FORGE in tricks:
            await self._callbacks.send_once(url, part.department, event, forged=True)
        taken = await self._callbacks.deliver(url, part.department, event)
        if taken and Trick.DUPLICATE in tricks:
            await self._callbacks.send_once(url, part.department, event)
        self._save()

    def _save(self) -> None:
        """Write all parts; a crash leaves the old file or the new one, never half of one."""
        if self._file is None:
            return
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps([part.to_json() for part in self.parts.values()]), "utf-8")
        os.replace(draft, self._file)


def _reason_for(missing: FactsMissing) -> dict[str, str]:
    names = "、".join(missing.missing)
    return {"code": "facts_missing", "zh": f"缺少信息:{names}", "en": f"Facts are missing: {names}"}


def read_habit(current: Habit, data: dict[str, Any]) -> Habit:
    """The habit changed by the given keys; raises ValueError for an unknown decision or trick."""
    changes: dict[str, Any] = {key: data[key] for key in ("reason", "after_seconds") if key in data}
    if "decide" in data:
        changes["decide"] = Decision(data["decide"])
    if "tricks" in data:
        changes["tricks"] = tuple(Trick(trick) for trick in data["tricks"])
    return replace(current, **changes)
