"""The departments that supervise what was approved (审管衔接): they acknowledge it and later check it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from aiohttp import web

from sandbox.callbacks import Callbacks, Event
from sandbox.clock import Alarm, Clock
from sandbox.envelope import UNKNOWN_TARGET, envelope, incomplete, key_of, key_reused, read_json
from sandbox.journal import Journal
from sandbox.moods import Moods
from sandbox.pace import Pace, read_pace
from sandbox.refusals import KeyReused

KINDS = ("acknowledged", "finding")


class Finding(StrEnum):
    """What a later check finds."""

    OK = "ok"
    RECTIFY = "rectify"
    REVOKE = "revoke"


_WORDS: Mapping[Finding, tuple[str, str]] = {
    Finding.OK: ("现场检查符合许可条件", "The check found everything as it was approved"),
    Finding.RECTIFY: ("责令限期整改", "To be put right within a time limit"),
    Finding.REVOKE: ("不再符合许可条件,建议撤销", "No longer as approved: to be revoked"),
}


@dataclass(frozen=True)
class Habit:
    """How soon a supervisor acknowledges and checks, and what it finds.

    Without ``find_after`` the check comes after five working days, or after two where a promise stood
    in for a paper.
    """

    acknowledge_after: Pace = Pace("seconds", 0.5, 0.5)
    find_after: Pace | None = None
    result: Finding = Finding.OK
    zh: str | None = None
    en: str | None = None

    def pace_of(self, kind: str, *, on_commitment: bool) -> Pace:
        if kind == "acknowledged":
            return self.acknowledge_after
        days = 2.0 if on_commitment else 5.0
        return self.find_after or Pace("working_days", days, days)

    def finding(self) -> dict[str, str]:
        zh, en = _WORDS[self.result]
        return {"result": self.result, "zh": self.zh or zh, "en": self.en or en}

    def to_json(self) -> dict[str, Any]:
        find_after = self.find_after.to_json() if self.find_after else None
        paces = {"acknowledge_after": self.acknowledge_after.to_json(), "find_after": find_after}
        return {**paces, **self.finding()}


def read_habit(current: Habit, data: Mapping[str, Any]) -> Habit:
    """The habit changed by the given keys; raises ValueError."""
    changes: dict[str, Any] = {}
    for name, value in data.items():
        match name:
            case "acknowledge_after" | "find_after":
                changes[name] = read_pace(value)
            case "result":
                changes[name] = Finding(value)
            case "zh" | "en" if isinstance(value, str):
                changes[name] = value
            case _:
                raise ValueError(f"no habit is {name} {value!r}")
    return replace(current, **changes)


@dataclass
class Approval:
    """An approval to be supervised, as it was sent, and what the supervisor has told about it."""

    reference: str
    department: str
    key: str
    body: Mapping[str, Any]
    taken_at: str
    events: list[Event] = field(default_factory=list)
    deliveries: int = 1

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def last_news_at(self) -> datetime:
        return datetime.fromisoformat(self.events[-1].body["at"] if self.events else self.taken_at)


class Supervisors:
    """Every supervising department's list; what the journal holds is gone on with after a restart."""

    def __init__(self, callbacks: Callbacks, clock: Clock, moods: Moods, journal: Journal) -> None:
        self._callbacks = callbacks
        self._clock = clock
        self._moods = moods
        self._journal = journal
        self._habits: dict[str, Habit] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.approvals: dict[str, Approval] = {}

    def start(self) -> None:
        for entry in self._journal.list_entries("approval"):
            events = [Event(**event) for event in entry["events"]]
            self._begin(Approval(**{**entry, "events": events}))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def habit_of(self, department: str) -> Habit:
        return self._habits.get(department, Habit())

    def put_habit(self, department: str, habit: Habit) -> None:
        self._habits[department] = habit
        self._clock.ring()

    def take(self, department: str, key: str, body: Mapping[str, Any]) -> Approval:
        """Keep an approval, once for each key; raises ``KeyReused``."""
        known = self.approvals.get(key)
        if known is None:
            reference = f"{department}-S{uuid.uuid4().hex[:11].upper()}"
            known = Approval(reference, department, key, body, _text(self._clock.now()))
            self._save(known)
            self._begin(known)
        elif (known.department, known.body) != (department, body):
            raise KeyReused
        else:
            known.deliveries += 1
            self._save(known)
        return known

    def is_quiet(self) -> bool:
        """Nothing is due that was not done, and nothing was done that was not told."""
        now = self._clock.now()
        return all(self._is_quiet(approval, now) for approval in self.approvals.values())

    def _is_quiet(self, approval: Approval, now: datetime) -> bool:
        if self._moods.is_down(approval.department):
            return True
        due_at = self._due_at(approval)
        is_due = due_at is not None and due_at <= now
        return not is_due and all(event.is_settled for event in approval.events)

    def _begin(self, approval: Approval) -> None:
        self.approvals[approval.key] = approval
        task = asyncio.create_task(self._supervise(approval, self._clock.make_alarm()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _supervise(self, approval: Approval, alarm: Alarm) -> None:
        for event in list(approval.events):
            await self._tell(approval, event, alarm)
        while (due_at := self._due_at(approval)) is not None:
            if due_at > self._clock.now():
                await alarm.wait(due_at)
                continue
            event = Event(self._make_body(approval, due_at))
            approval.events.append(event)
            self._save(approval)
            await self._tell(approval, event, alarm)

    def _due_at(self, approval: Approval) -> datetime | None:
        """When the next event is due; None once the check has been told."""
        if len(approval.events) == len(KINDS):
            return None
        kind = KINDS[len(approval.events)]
        on_commitment = bool(approval.body.get("on_commitment"))
        pace = self.habit_of(approval.department).pace_of(kind, on_commitment=on_commitment)
        return pace.due_at(approval.last_news_at(), approval.key)

    def _make_body(self, approval: Approval, at: datetime) -> dict[str, Any]:
        kind = KINDS[len(approval.events)]
        body = {
            "event_id": str(uuid.uuid4()),
            "item": approval.body["item"],
            "kind": kind,
            "at": _text(at),
        }
        finding = {"finding": self.habit_of(approval.department).finding()} if kind == "finding" else {}
        return {**body, **finding}

    async def _tell(self, approval: Approval, event: Event, alarm: Alarm) -> None:
        while self._moods.is_down(approval.department):
            await alarm.wait(self._moods.up_at(approval.department))
        if not event.is_settled:
            await self._callbacks.deliver(approval.body["callback"], approval.department, event)
            self._save(approval)

    def _save(self, approval: Approval) -> None:
        self._journal.write("approval", approval.key, approval.to_json)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


class SupervisorsDoor:
    """Where approvals are handed over."""

    def __init__(self, supervisors: Supervisors, moods: Moods, codes: Container[str]) -> None:
        self._supervisors = supervisors
        self._moods = moods
        self._codes = codes

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/supervisors/{target}/approvals", self.post_approval)

    async def post_approval(self, request: web.Request) -> web.StreamResponse:
        """202 and a reference; the same key again, the same answer."""
        target = request.match_info["target"]
        if target not in self._codes:
            return envelope(UNKNOWN_TARGET, "没有这个部门", status=404)
        body, key = await read_json(request), key_of(request)

        async def answer() -> web.StreamResponse:
            needed = ("item", "case_number", "matter", "callback")
            missing = [name for name in needed if not isinstance(body.get(name), str)]
            if missing or not key:
                return incomplete(missing[0] if missing else "Idempotency-Key")
            try:
                taken = self._supervisors.take(target, key, body)
            except KeyReused:
                return key_reused()
            return envelope(0, "ok", {"reference": taken.reference}, status=202)

        return await self._moods.answer_in_mood(target, request, answer)
