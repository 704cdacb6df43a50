"""What the province's unified intake is told of a case: its steps in order, in our own words.

The province's numbers for them are the connector's (``connectors.province.codes``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from onething.domain.cases import Event, EventKind


class StepStatus(StrEnum):
    """Where a step leaves the case or one task of it."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    SUPPLEMENT = "supplement"
    REJECTED = "rejected"
    IN_HANDLING = "in_handling"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    RETURNED = "returned"


class Procedure(StrEnum):
    """A special procedure of a step."""

    EXTENSION = "extension"
    OTHER = "other"


@dataclass(frozen=True)
class ProvinceStep:
    """One step; ``number`` counts a case's steps from 1 without a gap, ``task`` is a part's id."""

    number: int
    status: StepStatus
    at: datetime
    task: str | None = None
    procedure: Procedure | None = None


@dataclass(frozen=True)
class ProvinceTask:
    """One part as the province lists it; ``code`` is the matter's basic code, if it has one."""

    id: str
    matter: str
    code: str | None
    name: str
    department: str


@dataclass(frozen=True)
class ProvinceCase:
    """What opens a case at the province; no personal values."""

    number: str
    division: str
    thing: str
    name: str
    lead: str
    channel: str
    audience: str
    promise_days: int
    submitted_at: datetime
    tasks: Sequence[ProvinceTask]


_STATUS: Mapping[EventKind, StepStatus] = MappingProxyType(
    {
        EventKind.SUBMITTED: StepStatus.RECEIVED,
        EventKind.ACCEPTED: StepStatus.ACCEPTED,
        EventKind.REFUSED: StepStatus.REJECTED,
        EventKind.SUPPLEMENT_ASKED: StepStatus.SUPPLEMENT,
        EventKind.SUPPLEMENT_GIVEN: StepStatus.IN_HANDLING,
        EventKind.WITHDRAWN: StepStatus.RETURNED,
        EventKind.CASE_CLOSED: StepStatus.COMPLETED,
        EventKind.PART_ACCEPTED: StepStatus.IN_HANDLING,
        EventKind.PART_SUSPENDED: StepStatus.SUSPENDED,
        EventKind.PART_RESUMED: StepStatus.IN_HANDLING,
        EventKind.PART_EXTENDED: StepStatus.IN_HANDLING,
        # Granted or denied, the handling has ended: the intake's status says no more.
        EventKind.PART_COMPLETED: StepStatus.COMPLETED,
        EventKind.PART_DENIED: StepStatus.COMPLETED,
        EventKind.PART_STOPPED: StepStatus.RETURNED,
        EventKind.PART_WITHDRAWN: StepStatus.RETURNED,
    }
)
_BEFORE_ACCEPTANCE = {
    EventKind.SUPPLEMENT_GIVEN: StepStatus.RECEIVED,
    EventKind.SUPPLEMENT_LAPSED: StepStatus.REJECTED,
}
_PROCEDURES = {EventKind.PART_EXTENDED: Procedure.EXTENSION, EventKind.PART_SUSPENDED: Procedure.OTHER}


def is_told(event: Event) -> bool:
    """Whether the province may be told of an event of this kind."""
    return event.kind in _STATUS or event.kind in _BEFORE_ACCEPTANCE


def steps_of(events: Iterable[Event]) -> tuple[ProvinceStep, ...]:
    """The steps that a case's events make: the same events always give the same numbers."""
    steps: list[ProvinceStep] = []
    is_accepted = False
    for event in events:
        is_accepted = is_accepted or event.kind is EventKind.ACCEPTED
        early = None if is_accepted else _BEFORE_ACCEPTANCE.get(event.kind)
        status = early or _STATUS.get(event.kind)
        if status is not None:
            procedure = _PROCEDURES.get(event.kind)
            steps.append(ProvinceStep(len(steps) + 1, status, event.at, event.part, procedure))
    return tuple(steps)
