"""What the life of terminals asks of the world: its rows, its keys, and its lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from onething.domain.enrolment_codes import EnrolmentCode
from onething.domain.fleet import (
    Alert,
    Configuration,
    Intake,
    Outcome,
    TerminalCommand,
    TerminalEvent,
    TerminalReport,
)
from onething.domain.listing import Page
from onething.domain.records import Terminal


class EnrolmentCodes(Protocol):
    """Codes given out, and how often somebody tried one."""

    def add(self, code: EnrolmentCode) -> None:
        """Raises ``Conflict`` when a live code begins with the same four characters."""
        ...

    def count_attempt(self, code: str, now: datetime, most: int) -> EnrolmentCode | None:
        """The live code, one attempt added; None when there is none, or it had as many attempts already."""
        ...

    def use(self, code_id: str, used_by: str, at: datetime) -> bool:
        """Whether nobody had used it before."""
        ...

    def end(self, code_id: str, outcome: str, at: datetime) -> None:
        """Its secret is gone with this."""
        ...

    def end_all_of(self, terminal: str, outcome: str, at: datetime) -> None: ...

    def list_lapsed(self, now: datetime) -> Sequence[EnrolmentCode]:
        """Live ones past their time."""
        ...

    def list_of(self, terminal: str, limit: int = 20) -> Sequence[EnrolmentCode]:
        """Newest first."""
        ...

    def count_try(self, scope: str, minute_at: datetime) -> int:
        """How many tries there were in this minute, this one too."""
        ...

    def purge_tries(self, before: datetime) -> int: ...


class Configurations(Protocol):
    """Every revision of every terminal's settings."""

    def add(self, configuration: Configuration) -> None:
        """Raises ``Conflict`` when somebody else made this revision."""
        ...

    def find(self, terminal: str, revision: int) -> Configuration | None: ...

    def list_of(self, terminal: str, limit: int = 20) -> Sequence[Configuration]:
        """Newest first."""
        ...

    def report(
        self, terminal: str, revision: int, outcome: Outcome, at: datetime, reason: str, detail: str
    ) -> bool:
        """Whether there is such a revision."""
        ...


class TerminalCommands(Protocol):
    """What terminals were told to do."""

    def add(self, command: TerminalCommand) -> None: ...

    def find(self, command_id: str) -> TerminalCommand | None: ...

    def list_open(self, terminal: str, now: datetime) -> Sequence[TerminalCommand]:
        """Waiting and sent ones that have not expired, oldest first."""
        ...

    def list_of(self, terminal: str, limit: int = 50) -> Sequence[TerminalCommand]:
        """Newest first."""
        ...

    def list_lapsed(self, now: datetime) -> Sequence[TerminalCommand]:
        """Open ones past their time."""
        ...

    def list_with_attachments(self, before: datetime) -> Sequence[TerminalCommand]:
        """Those that ended before that time with a log or a picture."""
        ...

    def save(self, command: TerminalCommand, was: str) -> bool:
        """Whether the command still was in that state."""
        ...


class TerminalReports(Protocol):
    """The last heartbeat of each terminal."""

    def find(self, terminal: str) -> TerminalReport | None: ...

    def find_beside_orders(self, terminal: str, now: datetime) -> tuple[TerminalReport | None, bool]:
        """The report, and whether commands are open for the terminal; both in one question."""
        ...

    def put(self, report: TerminalReport, was: int | None) -> None:
        """Write over the one with that counter, or the first; raises ``Conflict`` when it has moved on."""
        ...

    def list_newly_silent(self, before: datetime) -> Sequence[tuple[Terminal, datetime]]:
        """Terminals in service not heard since before that time and not marked yet, and when they were."""
        ...

    def mark_silent(self, terminal: str, heard_at: datetime) -> bool:
        """Whether it was not heard meanwhile."""
        ...


class Alerts(Protocol):
    """Conditions with beginning and end; one open row for each terminal, kind and subject."""

    def open(self, alert: Alert) -> bool:
        """Whether it was not open already."""
        ...

    def close(self, terminal: str, kind: str, subject: str, at: datetime) -> bool: ...

    def close_all_of(self, terminal: str, at: datetime) -> int: ...

    def mark_seen(self, alert_id: str, by: str, at: datetime) -> bool: ...

    def find(self, alert_id: str) -> Alert | None: ...

    def list_of(self, terminal: str, limit: int = 50) -> Sequence[Alert]:
        """Open ones first, then newest first."""
        ...


class TerminalEvents(Protocol):
    """Terminals' histories; rows are only ever added."""

    def add(self, event: TerminalEvent) -> None: ...

    def list_of(self, terminal: str, limit: int = 100) -> Sequence[TerminalEvent]:
        """Newest first."""
        ...


class Intakes(Protocol):
    """What kiosks took in while the server was away."""

    def add(self, intake: Intake) -> bool:
        """Whether this terminal had not sent this item before."""
        ...

    def find(self, intake_id: str) -> Intake | None: ...

    def find_item(self, terminal: str, item: str) -> Intake | None: ...

    def save(self, intake: Intake, was: str) -> bool:
        """Whether it still was in that state."""
        ...

    def list_to_settle(self, limit: int = 100) -> Sequence[Intake]:
        """Longest waiting first."""
        ...


class ItemUnreadable(Exception):
    """A sealed item that is not sealed to this server, or was changed on its way."""


class FleetKeys(Protocol):
    """The server's own keys towards terminals: Ed25519 to sign with, X25519 to be sealed to."""

    @property
    def public_key(self) -> bytes:
        """32 raw bytes, by which terminals verify configurations and commands."""
        ...

    @property
    def outbox_key(self) -> bytes:
        """32 raw bytes, to which terminals seal what waits in their outbox."""
        ...

    def sign(self, message: bytes) -> str:
        """Ed25519 (RFC 8032), base64."""
        ...

    def is_signed(self, message: bytes, signature: bytes, public_key: bytes) -> bool:
        """Whether that Ed25519 key signed the message; False for what is no key or no signature."""
        ...

    def open_item(self, sealed: bytes, terminal: str, item: str) -> bytes:
        """Ephemeral X25519 key, nonce, AES-256-GCM under HKDF-SHA-256; raises ``ItemUnreadable``."""
        ...


@dataclass(frozen=True)
class FleetFilters:
    """What the list of terminals is narrowed to; None leaves all in. ``state`` and ``hall`` as kept."""

    hall: str | None = None
    state: str | None = None
    alert: str | None = None
    division: str | None = None


@dataclass(frozen=True)
class FleetRow:
    """A terminal, its last report if it ever spoke, its settings, and its open alerts."""

    terminal: Terminal
    report: TerminalReport | None
    settings: Mapping[str, Any]
    alerts: Sequence[Alert]


@dataclass(frozen=True)
class FleetStanding:
    """How one terminal stands: its state, and the health and versions that it told of when it was heard."""

    hall: str
    state: str
    health: str | None
    heard_at: datetime | None
    versions: Mapping[str, Any]


class FleetReads(Protocol):
    """Lists of terminals and alerts."""

    def terminals(self, filters: FleetFilters, cursor: str | None = None, limit: int = 50) -> Page[FleetRow]:
        """By number; retired ones only when asked for; raises ``BadCursor``."""
        ...

    def standings(self, division: str | None) -> Sequence[FleetStanding]:
        """Every terminal that is not retired, by hall: no more than is counted."""
        ...

    def count_open_alerts(self, division: str | None) -> int: ...

    def find(self, terminal: str) -> FleetRow | None: ...

    def alerts(
        self, *, only_open: bool, division: str | None, cursor: str | None = None, limit: int = 50
    ) -> Page[tuple[Alert, str, str]]:
        """Newest first, each with the terminal's number and hall; raises ``BadCursor``."""
        ...
