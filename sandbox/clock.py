"""Sandbox time: real time plus an offset that only grows, so that thirty days pass in a minute."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from weakref import WeakSet

from sandbox.journal import Journal
from sandbox.people import CHINA_TIME

# Whoever reads the file looks at it once a second.
READERS_SEE_WITHIN_SECONDS = 1.2


class MovedBack(Exception):
    """Time does not run backwards: what was dated later would already have happened."""


class Clock:
    """The sandbox's clock, which the journal remembers: what was dated later must not come to lie ahead.

    With a file, the offset is kept there in whole seconds for others to read. ``today`` makes the sandbox
    begin on that day instead of the machine's.
    """

    def __init__(self, journal: Journal, file: Path | None = None, today: date | None = None) -> None:
        self._journal = journal
        self._file = file
        self._moving = asyncio.Lock()
        self._alarms: WeakSet[Alarm] = WeakSet()
        seconds = max([_read_offset(file), *journal.list_entries("clock")])
        if file is not None:
            _write_offset(file, seconds)
        self._offset = timedelta(seconds=seconds)
        self._other_day = (today - self.now().date()) if today else timedelta()

    @property
    def offset_seconds(self) -> int:
        return int(self._offset.total_seconds())

    def now(self) -> datetime:
        return datetime.now(CHINA_TIME) + self._offset

    def today(self) -> date:
        """The day that registers believe it is."""
        return self.now().date() + self._other_day

    async def forward(self, by: timedelta) -> None:
        """Returns when it has moved; with a file, its readers are moved first.

        Raises ``MovedBack`` for less than nothing.
        """
        if by < timedelta():
            raise MovedBack
        async with self._moving:
            offset = self._offset + timedelta(seconds=round(by.total_seconds()))
            if self._file is not None:
                # To a reader who is behind, an event of ours would be from the future.
                _write_offset(self._file, int(offset.total_seconds()))
                await asyncio.sleep(READERS_SEE_WITHIN_SECONDS)
            self._journal.write("clock", "offset_seconds", lambda: int(offset.total_seconds()))
            self._offset = offset
        self.ring()

    def make_alarm(self) -> Alarm:
        alarm = Alarm(self)
        self._alarms.add(alarm)
        return alarm

    def ring(self) -> None:
        """Have everybody who waits look again."""
        for alarm in list(self._alarms):
            alarm.ring()


class Alarm:
    """What one task waits at: a moment of sandbox time, or being rung before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, until: datetime | None = None) -> None:
        """Return when it rings, when the clock is moved, or at ``until``; None waits for a ring only."""
        self._rung.clear()
        seconds = None if until is None else (until - self._clock.now()).total_seconds()
        if seconds is not None and seconds <= 0:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)

    async def sleep_until(self, at: datetime) -> None:
        """Return at that moment of sandbox time and not before, however often it rings."""
        while self._clock.now() < at:
            await self.wait(at)


def _read_offset(file: Path | None) -> int:
    if file is None or not file.exists():
        return 0
    return int(file.read_text("utf-8").strip() or "0")


def _write_offset(file: Path, seconds: int) -> None:
    """A reader finds the old offset or the new one, never half of one."""
    draft = file.with_name(file.name + ".new")
    draft.write_text(f"{seconds}\n", "utf-8")
    os.replace(draft, file)
