"""What is kept, as plain data: terminals, sessions, drafts, cases, files, jobs, audit rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from onething.domain.cases import PartState
from onething.domain.phones import is_phone
from onething.domain.terminals import TerminalState


@dataclass(frozen=True)
class Revision:
    """A published catalog: ``data`` is the pack as plain JSON, ``digest`` its SHA-256 in hex."""

    number: int
    digest: str
    data: Mapping[str, Any]
    published_by: str
    published_at: datetime


@dataclass(frozen=True)
class Terminal:
    """A kiosk from its planning to its retirement, after which its row stays.

    ``public_key`` is its Ed25519 key, 32 raw bytes, once one has come with a code; ``next_key`` is accepted
    beside it until it is first used. ``configuration`` is the wanted revision, 0 for none, and
    ``expected_devices`` what it says should be there. ``replaces`` and ``replaced_by`` are ids of other
    terminals. ``key_made_at`` is None for a key that does not run out.
    """

    id: str
    number: str
    hall: str
    public_key: bytes | None
    division: str
    enrolled_at: datetime | None
    state: TerminalState = TerminalState.ACTIVE
    state_since_at: datetime | None = None
    hall_en: str = ""
    key_made_at: datetime | None = None
    next_key: bytes | None = None
    configuration: int = 0
    expected_devices: tuple[str, ...] = ()
    replaces: str | None = None
    replaced_by: str | None = None
    stolen_at: datetime | None = None


@dataclass(frozen=True)
class Session:
    """A citizen at a kiosk, on a phone, or at a window where ``clerk`` (a staff account) types for them.

    ``holder`` is the blind index of their number; ``card`` is sealed; ``terminal`` is the kiosk or, at a
    window or on a phone, what ``window_of`` and ``domain.phones.place_of`` say. With a ``mandate`` somebody
    else sits there on the holder's behalf, for the one-things in ``scope`` only: a clerk, or on a phone
    ``agent``, the blind index of that person's number.
    """

    id: str
    terminal: str
    holder: str
    card: Mapping[str, Any]
    assurance: str
    started_at: datetime
    expires_at: datetime
    division: str
    ended_at: datetime | None = None
    end_cause: str | None = None
    clerk: str | None = None
    mandate: str | None = None
    scope: tuple[str, ...] | None = None
    agent: str | None = None

    @property
    def actor(self) -> str:
        """Who acts, as the audit names them: a clerk, an agent, or the citizen's own session."""
        return self.clerk or self.agent or self.id

    @property
    def actor_kind(self) -> str:
        """``staff`` at a window, ``agent`` by a mandate, else ``citizen``."""
        if self.clerk:
            return "staff"
        return "agent" if self.mandate else "citizen"

    def may_touch(self, thing: str) -> bool:
        """Whether this one-thing is any of this sitting's business."""
        return self.scope is None or thing in self.scope

    @property
    def channel(self) -> str:
        """By which way a case comes in: ``window``, ``phone`` or ``kiosk``."""
        if self.clerk:
            return "window"
        return "phone" if is_phone(self.terminal) else "kiosk"


_WINDOW = "window:"


def window_of(clerk: str) -> str:
    """The place of a clerk's window, where a kiosk has its id."""
    return f"{_WINDOW}{clerk}"


def find_clerk(place: str | None) -> str | None:
    """The clerk whose window this place is; None for a kiosk."""
    return place.removeprefix(_WINDOW) if place and place.startswith(_WINDOW) else None


@dataclass(frozen=True)
class Draft:
    """What a person is filling in: one for each one-thing, holder and subject.

    ``progress`` holds choice, consent, outcomes, rights and counts, never personal values;
    ``values`` are sealed for each role: role to fact to ``Value.to_json()``.
    """

    id: str
    thing: str
    holder: str
    subject: str
    revision: int
    division: str
    created_at: datetime
    updated_at: datetime
    version: int = 0
    state: str = "open"
    progress: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredFile:
    """One kept page or signature; its bytes are in the file store, encrypted."""

    id: str
    owner: str
    material: str
    sha256: str
    media_type: str
    size: int
    width: int
    height: int
    created_at: datetime


@dataclass(frozen=True)
class Part:
    """The row of one part; all but its first three are projections of the events (``domain.clocks``)."""

    id: str
    matter: str
    department: str
    state: PartState
    due_on: date | None = None
    statutory_on: date | None = None
    warn_on: date | None = None
    paused_on: date | None = None
    dispatched_at: datetime | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """The row of a case; ``state``, ``sequence`` and its days are projections of its events.

    ``results_at`` is when the last part that the promise speaks of had its end; ``settle_on`` the day
    on which time alone takes the next step of its reception.
    """

    id: str
    number: str
    thing: str
    holder: str
    draft: str
    revision: int
    plan: Mapping[str, Any]
    division: str
    terminal: str | None
    submitted_at: datetime
    answered_by: date
    state: str
    sequence: int
    parts: tuple[Part, ...]
    due_on: date | None = None
    lead: str = ""
    channel: str = "kiosk"
    warn_on: date | None = None
    paused_on: date | None = None
    accepted_at: datetime | None = None
    results_at: datetime | None = None
    closed_at: datetime | None = None
    settle_on: date | None = None


@dataclass(frozen=True)
class Job:
    """Durable work: a due-time row claimed under a lease and retried with back-off."""

    id: str
    kind: str
    payload: Mapping[str, Any]
    due_at: datetime
    attempts: int = 0
    state: str = "waiting"
    last_error: str | None = None


@dataclass(frozen=True)
class JobQueue:
    """How many jobs of one kind are in one state, and when the first of them was due."""

    kind: str
    state: str
    number: int
    due_at: datetime


@dataclass(frozen=True)
class AuditRow:
    """Who did what to whose data, for which purpose; ids and blind indexes only.

    ``on_behalf_of`` is the principal's blind index when somebody acted by a mandate.
    """

    at: datetime
    actor: str
    actor_kind: str
    action: str
    purpose: str
    subject: str | None = None
    terminal: str | None = None
    case: str | None = None
    result: str = "ok"
    detail: Mapping[str, Any] = field(default_factory=dict)
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class StaffCall:
    """Somebody at a kiosk asks for a person."""

    id: str
    terminal: str
    screen: str
    reason: str | None
    called_at: datetime
