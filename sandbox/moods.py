"""How each register, the e-licence service and each department behaves today; set while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiohttp import web

from sandbox.clock import Clock

HUGE_BYTES = 64 * 1024 * 1024
_CHUNK = b" " * 65536

Answer = Callable[[], Awaitable[web.StreamResponse]]


class MoodName(StrEnum):
    """What can be wrong with a system on the other side of a wire."""

    OK = "ok"
    SLOW = "slow"
    HANG = "hang"
    DOWN = "down"
    WRONG_PERSON = "wrong_person"
    WRONG_JSON = "wrong_json"
    WRONG_SHAPE = "wrong_shape"
    WRONG_FILE = "wrong_file"
    HUGE = "huge"
    ERROR_TEXT = "error_text"
    FLAKY = "flaky"


@dataclass(frozen=True)
class Mood:
    """A mood, how many seconds a slow or hanging answer takes, and when (sandbox time) it passes."""

    name: MoodName = MoodName.OK
    seconds: float = 3.0
    until: datetime | None = None


class Moods:
    """The moods in force, by target: a source id, a department's code, or the name of another system."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._moods: dict[str, Mood] = {}
        self._flaky_turns: dict[str, int] = {}

    def mood_of(self, target: str) -> Mood:
        mood = self._moods.get(target, Mood())
        return Mood() if mood.until is not None and mood.until <= self._clock.now() else mood

    def is_down(self, target: str) -> bool:
        return self.mood_of(target).name is MoodName.DOWN

    def up_at(self, target: str) -> datetime | None:
        """When the mood in force passes by itself; None when it does not."""
        return self.mood_of(target).until

    def put_mood(self, target: str, mood: Mood) -> None:
        self._moods[target] = mood
        self._flaky_turns.pop(target, None)
        self._clock.ring()

    def list_moods(self) -> dict[str, dict[str, object]]:
        """Every target that was ever given a mood."""
        return {
            target: {"mood": mood.name.value, "seconds": mood.seconds, "until": _text(mood.until)}
            for target, mood in ((target, self.mood_of(target)) for target in sorted(self._moods))
        }

    async def answer_in_mood(self, target: str, request: web.Request, answer: Answer) -> web.StreamResponse:
        """Let ``answer`` speak, or do what the target's mood does instead."""
        mood = self.mood_of(target)
        match mood.name:
            case MoodName.SLOW:
                await asyncio.sleep(mood.seconds)
            case MoodName.HANG:
                return await _hang(request, mood.seconds)
            case MoodName.DOWN:
                return _drop(request)
            case MoodName.FLAKY if self._is_bad_turn(target):
                return _drop(request)
            case MoodName.WRONG_JSON:
                return web.Response(text='{"code":0,"data":{"facts":[', content_type="application/json")
            case MoodName.WRONG_SHAPE:
                return web.json_response({"code": "0", "data": [1, 2, 3]})
            case MoodName.HUGE:
                return await _flood(request)
            case MoodName.ERROR_TEXT:
                return web.Response(text="<html>系统繁忙,请稍后再试</html>", content_type="text/html")
        return await answer()

    def _is_bad_turn(self, target: str) -> bool:
        turn = self._flaky_turns.get(target, 0)
        self._flaky_turns[target] = turn + 1
        return turn % 2 == 0


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


async def _hang(request: web.Request, seconds: float) -> web.StreamResponse:
    """Send the headers and the first bytes, then nothing more."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "512"})
    await response.prepare(request)
    await response.write(b'{"code":0,')
    await asyncio.sleep(seconds)
    return _drop(request, response)


def _drop(request: web.Request, response: web.StreamResponse | None = None) -> web.StreamResponse:
    """Cut the connection as a crashed system does."""
    if request.transport is not None:
        request.transport.abort()
    return response or web.Response()


async def _flood(request: web.Request) -> web.StreamResponse:
    """Send far more than anybody asked for."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    # The caller is expected to hang up long before the end.
    with suppress(ConnectionError):
        for _ in range(HUGE_BYTES // len(_CHUNK)):
            await response.write(_CHUNK)
    return response
