"""Approvals on their way to the departments that supervise afterwards (审管衔接)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ApprovalState(StrEnum):
    """How far an approval is with its supervising department."""

    WAITING = "waiting"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    FOUND = "found"


class CheckResult(StrEnum):
    """What a later check found."""

    OK = "ok"
    RECTIFY = "rectify"
    REVOKE = "revoke"


@dataclass(frozen=True)
class Approval:
    """One completed part that a supervising department must know of.

    ``to_check``: it was granted on a commitment, so that the supervisor has to look.
    """

    id: str
    case_id: str
    part: str
    matter: str
    approved_by: str
    supervisor: str
    to_check: bool
    division: str
    approved_at: datetime
    state: ApprovalState = ApprovalState.WAITING
    sent_at: datetime | None = None
    reference: str | None = None
    acknowledged_at: datetime | None = None
    found_at: datetime | None = None
    result: CheckResult | None = None
    finding: Mapping[str, str] | None = None
