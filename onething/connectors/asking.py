"""Asking one source in time: a deadline, one retry or hedge, and a breaker for each source."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from onething.connectors.breaker import Breaker
from onething.connectors.exchange import ExchangeFailed

HEDGE_AFTER_S = 0.25

Attempt = Callable[[], Coroutine[Any, Any, bytes]]
Answer = TypeVar("Answer")


class Asking:
    """The rules under which every source is asked, with one breaker for each source."""

    def __init__(
        self,
        *,
        hedge_after_s: float = HEDGE_AFTER_S,
        make_breaker: Callable[[str], Breaker] = Breaker,
    ) -> None:
        self._hedge_after_s = hedge_after_s
        self._make_breaker = make_breaker
        self._breakers: dict[str, Breaker] = {}
        self._usual_s: dict[str, float] = {}

    def breaker_of(self, source: str) -> Breaker:
        """The source's breaker; only to be called on the loop."""
        if source not in self._breakers:
            self._breakers[source] = self._make_breaker(source)
        return self._breakers[source]

    async def ask(
        self, source: str, attempt: Attempt, read: Callable[[bytes], Answer], deadline_s: float
    ) -> Answer:
        """The first answer within the deadline, as ``read`` understands it.

        Raises ``ExchangeFailed``: slow, down, breaker_open, or what ``read`` found wrong.
        """
        breaker = self.breaker_of(source)
        if not breaker.admit():
            raise ExchangeFailed("breaker_open")
        try:
            answer = read(await self._ask_in_time(source, attempt, deadline_s))
        except ExchangeFailed as failure:
            _settle(breaker, failure)
            raise
        except BaseException:
            breaker.abandoned()
            raise
        breaker.succeeded()
        return answer

    async def _ask_in_time(self, source: str, attempt: Attempt, deadline_s: float) -> bytes:
        started = time.monotonic()
        try:
            async with asyncio.timeout(deadline_s):
                body = await ask_hedged(attempt, self.late_after_s(source))
        except TimeoutError as error:
            raise ExchangeFailed("slow") from error
        self._note_pace(source, time.monotonic() - started)
        return body

    def late_after_s(self, source: str) -> float:
        """When a source is late by its own standard: one that is always slow is not asked twice for it."""
        return max(self._hedge_after_s, 2 * self._usual_s.get(source, 0.0))

    def _note_pace(self, source: str, took_s: float) -> None:
        usual = self._usual_s.get(source, took_s)
        self._usual_s[source] = usual + (took_s - usual) / 8


def _settle(breaker: Breaker, failure: ExchangeFailed) -> None:
    """A wrong record is one person's trouble: the source itself is up."""
    if failure.reason == "wrong_record":
        breaker.succeeded()
    else:
        breaker.failed(failure.reason)


async def ask_hedged(attempt: Attempt, hedge_after_s: float) -> bytes:
    """At most two attempts: the second when the first is late, or at once when its connection failed."""
    first = asyncio.create_task(attempt())
    tasks = [first]
    try:
        await asyncio.wait(tasks, timeout=hedge_after_s)
        if first.done() and not _connection_failed(first):
            return first.result()
        tasks.append(asyncio.create_task(attempt()))
        return await _first_good(tasks)
    finally:
        await _call_off([task for task in tasks if not task.done()])


async def _call_off(tasks: list[asyncio.Task[bytes]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.gather(*tasks, return_exceptions=True)


async def _first_good(tasks: list[asyncio.Task[bytes]]) -> bytes:
    """The first answer that is not a failed connection; when all failed, the last failure."""
    pending = set(tasks)
    while True:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        settled = [task for task in done if not _connection_failed(task)] or ([] if pending else list(done))
        if settled:
            return settled[0].result()


def _connection_failed(task: asyncio.Task[bytes]) -> bool:
    failure = task.exception() if task.done() else None
    return isinstance(failure, ExchangeFailed) and failure.reason == "down"
