"""The server's commands: verified, done at most once, never under a citizen's session, and reported."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from terminal_client.agent.journal import Journal, Result
from terminal_client.canonical import is_signed, to_canonical
from terminal_client.identity import Identity

KINDS = (
    "self_test",
    "reprint_last",
    "restart_browser",
    "reboot",
    "upload_logs",
    "screenshot",
    "rotate_key",
    "wipe",
    "suspend",
)
WAITS_FOR_CITIZEN = ("restart_browser", "reboot", "screenshot", "self_test")
# these end the program or its key, so that their result is told first
TOLD_FIRST = ("reboot", "wipe")
LONGEST_DETAIL = 2000

log = logging.getLogger(__name__)


class CommandRefused(Exception):
    """This kiosk does not do that now; the message says why."""


@dataclass(frozen=True)
class Command:
    """One command of the server's, its signature verified."""

    id: str
    kind: str
    arguments: Mapping[str, Any]
    expires_at: datetime


@dataclass(frozen=True)
class Done:
    """What a command brought: a text for the technician, and a file in base64 where there is one."""

    detail: str = ""
    attachment: str | None = field(default=None, repr=False)


Act = Callable[[Command], Done]


class Commands:
    """Takes commands out of heartbeats; `acts` does each kind, `is_free` says whether nobody is served."""

    def __init__(
        self, identity: Identity, journal: Journal, acts: Mapping[str, Act], is_free: Callable[[], bool]
    ) -> None:
        self._identity = identity
        self._journal = journal
        self._acts = acts
        self._is_free = is_free
        self._waiting: dict[str, Command] = {}

    def take(self, given: Mapping[str, Any], now: datetime) -> None:
        """Do a command, or keep it until the citizen has gone. JournalFailed: then nothing was done."""
        identifier = str(given.get("id", ""))
        if not identifier or identifier in self._waiting:
            return
        command = self._verify(given)
        if command is None:
            self._note(identifier, str(given.get("kind")), Result(identifier, "refused", "bad signature"))
        elif command.kind not in self._acts:
            self._note(identifier, command.kind, Result(identifier, "refused", "not known to this kiosk"))
        else:
            self._waiting[identifier] = command
        self.step(now)

    def step(self, now: datetime) -> None:
        """Do what waits and may be done now; drop what has waited too long."""
        for command in list(self._waiting.values()):
            if now >= command.expires_at:
                del self._waiting[command.id]
                self._note(command.id, command.kind, Result(command.id, "expired"))
            elif command.kind not in WAITS_FOR_CITIZEN or self._is_free():
                del self._waiting[command.id]
                self._do(command)

    def _do(self, command: Command) -> None:
        if not self._journal.begin(command.id, command.kind):
            return
        if command.kind in TOLD_FIRST:
            self._journal.end(Result(command.id, "done", "begun"))
        try:
            done = self._acts[command.kind](command)
            result = Result(command.id, "done", done.detail[:LONGEST_DETAIL], done.attachment)
        except CommandRefused as error:
            result = Result(command.id, "refused", str(error)[:LONGEST_DETAIL])
        except Exception as error:
            log.exception("the command %s failed", command.kind)
            result = Result(command.id, "failed", type(error).__name__)
        if command.kind != "wipe" or result.outcome != "done":
            self._journal.end(result)

    def _note(self, identifier: str, kind: str, result: Result) -> None:
        if self._journal.begin(identifier, kind):
            self._journal.end(result)

    def _verify(self, given: Mapping[str, Any]) -> Command | None:
        members = {name: value for name, value in given.items() if name != "signature"}
        message = to_canonical({**members, "terminal": self._identity.terminal})
        if not is_signed(self._identity.server_key, str(given.get("signature", "")), message):
            log.warning("a command without the server's signature was not done")
            return None
        try:
            expires_at = datetime.fromisoformat(given["expires_at"])
            arguments = dict(given.get("arguments") or {})
            return Command(str(given["id"]), str(given["kind"]), arguments, expires_at)
        except (KeyError, TypeError, ValueError):
            return None
