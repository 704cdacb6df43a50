"""How a department tells the server what it did: signed events, tried again until they are taken."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp

from sandbox.signature import sign

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0
# A conflict is a matter of order and passes; one that stays is an answer.
CONFLICTS_AT_MOST = 30
TIME_LIMIT = aiohttp.ClientTimeout(total=15)


@dataclass
class Event:
    """One event and how its delivery stands; ``number`` is its place among all that were made here."""

    body: dict[str, Any]
    number: int = 0
    attempts: int = 0
    last_status: int | None = None
    delivered: bool = False
    refused: bool = False
    answers: list[str] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        return self.delivered or self.refused

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Callbacks:
    """Delivers events to the servers that asked for them."""

    def __init__(self, tokens: dict[str, str]) -> None:
        self._tokens = tokens
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def deliver(self, url: str, department: str, event: Event) -> bool:
        """Try until the server takes it (200: True) or refuses for good (4xx; 409 and 429 may pass)."""
        pause, conflicts = FIRST_PAUSE_SECONDS, 0
        while True:
            await self.send_once(url, department, event)
            conflicts += event.last_status == 409
            event.refused = event.refused or conflicts >= CONFLICTS_AT_MOST
            if event.is_settled:
                return event.delivered
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def send_once(self, url: str, department: str, event: Event, *, forged: bool = False) -> None:
        """One attempt; ``forged`` signs with a token that nobody gave out."""
        token = "forged" if forged else self._tokens[department]
        event.attempts += 1
        try:
            headers = sign(department, token)
            async with self._open_session().post(url, json=event.body, headers=headers) as answer:
                event.last_status = answer.status
                event.answers.append((await answer.text())[:200])
        except (aiohttp.ClientError, TimeoutError) as error:
            event.last_status = None
            log.info("event %s: %s", event.body["event_id"], type(error).__name__)
            return
        if not forged:
            event.delivered = event.last_status == 200
            event.refused = 400 <= event.last_status < 500 and event.last_status not in (409, 429)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIME_LIMIT)
        return self._session
