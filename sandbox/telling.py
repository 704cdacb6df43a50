"""How departments' events reach the server: in order and at once, or late, twice, out of order, or never."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from sandbox.callbacks import Callbacks, Event
from sandbox.clock import Alarm, Clock
from sandbox.habits import Habit, Trick
from sandbox.moods import Moods
from sandbox.parts import Part


class Telling:
    """One teller for each part that has something untold; ``save`` keeps what became of it."""

    def __init__(
        self,
        callbacks: Callbacks,
        clock: Clock,
        moods: Moods,
        habit_for: Callable[[Part], Habit],
        save: Callable[[Part], None],
    ) -> None:
        self._callbacks = callbacks
        self._clock = clock
        self._moods = moods
        self._habit_for = habit_for
        self._save = save
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self, part: Part, alarm: Alarm) -> None:
        """Have everything told that is untold; ``alarm`` rings when there is more or things changed."""
        if part.key not in self._busy and self._list_untold(part):
            self._busy.add(part.key)
            self._run(self._tell_all(part, alarm))

    async def tell_once(self, part: Part, event: Event, teller: str) -> None:
        """One attempt now, signed by ``teller``, whatever the habits are."""
        await self._callbacks.send_once(part.body["callback"], teller, event)

    def is_quiet(self, part: Part) -> bool:
        """Nothing waits to be told that could be told by now."""
        if self._moods.is_down(part.department):
            return True
        now = self._clock.now()
        return all(self._telling_at(part, event) > now for event in self._list_untold(part))

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _list_untold(self, part: Part) -> list[Event]:
        """In their order; a department that is pulled has nothing to tell."""
        if not self._habit_for(part).calls_back:
            return []
        return [event for event in part.events if not event.is_settled]

    async def _tell_all(self, part: Part, alarm: Alarm) -> None:
        while untold := self._list_untold(part):
            reorders = Trick.REORDER in self._habit_for(part).tricks
            if not reorders or untold[0].body["kind"] != "accepted":
                await self._tell(part, untold[0], alarm)
            elif len(untold) > 1:
                await self._tell_in_wrong_order(part, untold[0], untold[1], alarm)
            elif part.is_over:
                await self._tell(part, untold[0], alarm)
            else:
                await alarm.wait()
        self._busy.discard(part.key)

    async def _tell_in_wrong_order(self, part: Part, earlier: Event, later: Event, alarm: Alarm) -> None:
        telling = self._run(self._tell(part, later, alarm))
        await asyncio.sleep(self._habit_for(part).after_seconds)
        await self._tell(part, earlier, alarm)
        await telling

    async def _tell(self, part: Part, event: Event, alarm: Alarm) -> None:
        """Deliver one event, with whatever tricks the department plays today."""
        await self._wait_until_it_can(part, event, alarm)
        habit, url = self._habit_for(part), part.body["callback"]
        if event.is_settled or not habit.calls_back:
            return
        if Trick.FORGE in habit.tricks:
            await self._callbacks.send_once(url, part.department, event, forged=True)
        taken = await self._callbacks.deliver(url, part.department, event)
        if taken and Trick.DUPLICATE in habit.tricks:
            await self._callbacks.send_once(url, part.department, event)
        self._save(part)

    async def _wait_until_it_can(self, part: Part, event: Event, alarm: Alarm) -> None:
        """Through a habit of telling late, and while the department's system is down."""
        while self._habit_for(part).calls_back and not event.is_settled:
            if self._moods.is_down(part.department):
                await alarm.wait(self._moods.up_at(part.department))
            elif (telling_at := self._telling_at(part, event)) > self._clock.now():
                await alarm.wait(telling_at)
            else:
                return

    def _telling_at(self, part: Part, event: Event) -> datetime:
        made_at = datetime.fromisoformat(event.body["at"])
        pace = self._habit_for(part).tell_after
        return pace.due_at(made_at, event.body["event_id"]) if pace else made_at
