"""Disputes over shared data (争议处理): what a register says and the citizen says is not so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class DisputeState(StrEnum):
    """Open, or settled by the department that supplies the value."""

    OPEN = "open"
    CORRECTED = "corrected"
    EXPLAINED = "explained"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # the citizen went back to the register's value

    @property
    def is_settled(self) -> bool:
        return self is not DisputeState.OPEN


OUTCOMES = (DisputeState.CORRECTED, DisputeState.EXPLAINED, DisputeState.REJECTED)


@dataclass(frozen=True)
class Dispute:
    """One value called wrong; it belongs to a draft, and to the case that the draft becomes.

    ``claim`` is sealed where it is kept: ``register`` what the source said, ``citizen`` what the
    citizen says, ``corrected`` what the source says now. ``evidence`` holds ids of kept files.
    """

    id: str
    owner: str
    thing: str
    fact: str
    source: str
    department: str
    holder: str
    division: str
    opened_at: datetime
    due_on: date
    claim: Mapping[str, Any]
    evidence: tuple[str, ...] = ()
    case_id: str | None = None
    state: DisputeState = DisputeState.OPEN
    reason: Mapping[str, str] | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    warned_at: datetime | None = None
