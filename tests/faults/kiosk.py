"""A kiosk that knocks over real HTTP, one connection for each request, and knocks again."""

import http.client
import json
import random
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.http.kiosk_signing import Kiosk
from tests.patience import Patience

GIVE_UP_SECONDS = 60.0
AGAIN_SECONDS = 0.03


@dataclass(frozen=True)
class Answer:
    """What came back; ``body`` is JSON, or empty."""

    status: int
    headers: Mapping[str, str]
    text: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.text) if self.text else None


@dataclass
class Door:
    """The kiosk before one server's door."""

    kiosk: Kiosk
    port: int
    token: str = field(default="", repr=False)

    def ask(self, method: str, path: str, body: bytes = b"", key: str = "", timeout: float = 20.0) -> Answer:
        """One signed request below /kiosk/v1; ``OSError`` or ``HTTPException`` when the line breaks."""
        headers = {"content-type": "application/json"} if body else {}
        if key:
            headers["idempotency-key"] = key
        target = f"/kiosk/v1{path}"
        authority = f"127.0.0.1:{self.port}"
        signed = self.kiosk.sign(method, target, body, authority=authority, headers=headers)
        if self.token:
            signed["citizen-session"] = self.token
        return exchange(self.port, method, target, body, signed, timeout)

    def submit(self, draft: str, key: str) -> Answer:
        return self.ask("POST", f"/drafts/{draft}/submission", b"{}", key)


def exchange(
    port: int, method: str, target: str, body: bytes, headers: Mapping[str, str], timeout: float = 20.0
) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, target, body or None, dict(headers))
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


class Rivals:
    """Four clients who submit one draft with one key, each until it is answered."""

    COUNT = 4

    def __init__(self, door: Door, draft: str) -> None:
        self.draft = draft
        self.key = secrets.token_urlsafe(24)
        self.answers: list[Any] = []
        self.unexpected: list[str] = []
        self.broken = 0
        self._counting = threading.Lock()
        self._door = door
        self._threads = [threading.Thread(target=self._knock) for _ in range(self.COUNT)]

    def run(self) -> "Rivals":
        """Until all four are answered, or refused."""
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            thread.join()
        return self

    def _knock(self) -> None:
        patience = Patience(GIVE_UP_SECONDS)
        while patience.lasts():
            try:
                answer = self._door.submit(self.draft, self.key)
            except (OSError, http.client.HTTPException):
                with self._counting:
                    self.broken += 1
            else:
                if answer.status == 201:
                    self.answers.append(answer.body)
                    return
                if answer.status != 503:
                    self.unexpected.append(f"{answer.status} {answer.text.decode()[:300]}")
                    return
            time.sleep(AGAIN_SECONDS * random.random())
        self.unexpected.append("no answer in time")
