"""A case's life: an append-only list of typed events; every state is a fold over them.

Events carry ids, codes and dates, never personal values. docs/states.md shows the tables below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class EventKind(StrEnum):
    """What can happen to a case or to one of its parts."""

    SUBMITTED = "submitted"
    PART_DISPATCHED = "part_dispatched"
    PART_ACCEPTED = "part_accepted"
    PART_COMPLETED = "part_completed"
    PART_DENIED = "part_denied"
    PART_STOPPED = "part_stopped"
    CASE_CLOSED = "case_closed"


class PartState(StrEnum):
    """Where one department's share of a case stands."""

    WAITING = "waiting"
    DISPATCHED = "dispatched"
    IN_HANDLING = "in_handling"
    COMPLETED = "completed"
    DENIED = "denied"
    STOPPED = "stopped"  # what it waited for was denied

    @property
    def is_final(self) -> bool:
        return self in (PartState.COMPLETED, PartState.DENIED, PartState.STOPPED)


class CaseState(StrEnum):
    """Where the whole case stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    CLOSED = "closed"


PART_MOVES: Mapping[EventKind, Mapping[PartState, PartState]] = MappingProxyType(
    {
        EventKind.PART_DISPATCHED: {PartState.WAITING: PartState.DISPATCHED},
        EventKind.PART_ACCEPTED: {PartState.DISPATCHED: PartState.IN_HANDLING},
        EventKind.PART_COMPLETED: {PartState.IN_HANDLING: PartState.COMPLETED},
        EventKind.PART_DENIED: {
            PartState.DISPATCHED: PartState.DENIED,
            PartState.IN_HANDLING: PartState.DENIED,
        },
        EventKind.PART_STOPPED: {PartState.WAITING: PartState.STOPPED},
    }
)


class IllegalMove(Exception):
    """An event that the state of the case or part does not allow."""

    reason = "illegal_move"


@dataclass(frozen=True)
class Event:
    """One thing that happened; ``data`` holds ids, codes and dates only."""

    sequence: int
    kind: EventKind
    at: datetime
    part: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PartView:
    """A part as the events tell it."""

    id: str
    matter: str
    state: PartState
    since_at: datetime
    reason: Mapping[str, str] | None = None
    documents: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class CaseView:
    """A case as the events tell it; ``sequence`` is that of the last event."""

    state: CaseState
    sequence: int
    submitted_at: datetime
    accepted_at: datetime | None
    parts: Mapping[str, PartView]

    @property
    def all_parts_final(self) -> bool:
        return all(part.state.is_final for part in self.parts.values())


def fold(events: Iterable[Event]) -> CaseView:
    """The state that the events lead to; raises ``IllegalMove`` when they cannot follow each other."""
    view: CaseView | None = None
    for event in events:
        view = apply(view, event)
    if view is None:
        raise IllegalMove("a case begins with its submission")
    return view


def apply(view: CaseView | None, event: Event) -> CaseView:
    """The next state after one event; raises ``IllegalMove``."""
    if event.kind is EventKind.SUBMITTED:
        return _submitted(view, event)
    if view is None or event.sequence != view.sequence + 1 or view.state is CaseState.CLOSED:
        raise IllegalMove(f"{event.kind} cannot come now")
    if event.kind is EventKind.CASE_CLOSED:
        if not view.all_parts_final:
            raise IllegalMove("parts are still open")
        return replace(view, state=CaseState.CLOSED, sequence=event.sequence)
    return _moved(view, event)


def _submitted(view: CaseView | None, event: Event) -> CaseView:
    if view is not None:
        raise IllegalMove("a case is submitted once")
    parts = {
        part["id"]: PartView(part["id"], part["matter"], PartState.WAITING, event.at)
        for part in event.data["parts"]
    }
    return CaseView(CaseState.RECEIVED, event.sequence, event.at, None, parts)


def _moved(view: CaseView, event: Event) -> CaseView:
    part = view.parts.get(event.part or "")
    if part is None:
        raise IllegalMove("no such part")
    state = PART_MOVES[event.kind].get(part.state)
    if state is None:
        raise IllegalMove(f"{event.kind} does not follow {part.state}")
    moved = replace(
        part,
        state=state,
        since_at=event.at,
        reason=event.data.get("reason"),
        documents=tuple(event.data.get("documents", ())),
    )
    accepted = event.kind in (EventKind.PART_ACCEPTED, EventKind.PART_COMPLETED)
    return replace(
        view,
        state=CaseState.ACCEPTED if accepted else view.state,
        accepted_at=view.accepted_at or (event.at if accepted else None),
        sequence=event.sequence,
        parts={**view.parts, part.id: moved},
    )
