"""What can happen to a case and its parts, and where it leads. docs/states.md shows the tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class EventKind(StrEnum):
    """What can happen to a case or to one of its parts."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPPLEMENT_WANTED = "supplement_wanted"
    SUPPLEMENT_ASKED = "supplement_asked"
    SUPPLEMENT_GIVEN = "supplement_given"
    SUPPLEMENT_LAPSED = "supplement_lapsed"
    FOLLOW_GIVEN = "follow_given"
    WITHDRAWN = "withdrawn"
    CASE_CLOSED = "case_closed"

    PART_DISPATCHED = "part_dispatched"
    PART_ACCEPTED = "part_accepted"
    PART_SUSPENDED = "part_suspended"
    PART_RESUMED = "part_resumed"
    PART_EXTENDED = "part_extended"
    PART_BOOKED = "part_booked"
    PART_COMPLETED = "part_completed"
    PART_DENIED = "part_denied"
    PART_STOPPED = "part_stopped"
    PART_WITHDRAWN = "part_withdrawn"
    VISIT_ARRANGED = "visit_arranged"
    VISIT_SIGNED = "visit_signed"

    FEE_PAID = "fee_paid"
    RESULT_ISSUED = "result_issued"
    SHIPMENT_MOVED = "shipment_moved"
    RATED = "rated"
    RECTIFIED = "rectified"
    WARNED = "warned"
    ORDER_ISSUED = "order_issued"
    ORDER_ANSWERED = "order_answered"
    OVERSIGHT_SENT = "oversight_sent"
    OVERSIGHT_ACKNOWLEDGED = "oversight_acknowledged"
    OVERSIGHT_FOUND = "oversight_found"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_SETTLED = "dispute_settled"


class PartState(StrEnum):
    """Where one department's share of a case stands."""

    WAITING = "waiting"
    DISPATCHED = "dispatched"
    IN_HANDLING = "in_handling"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    DENIED = "denied"
    STOPPED = "stopped"  # what it waited for was not granted
    WITHDRAWN = "withdrawn"

    @property
    def is_final(self) -> bool:
        return self in _FINAL_PARTS


_FINAL_PARTS = frozenset((PartState.COMPLETED, PartState.DENIED, PartState.STOPPED, PartState.WITHDRAWN))


class CaseState(StrEnum):
    """Where the whole case stands."""

    RECEIVED = "received"
    SUPPLEMENT = "supplement"  # waits for the citizen, before it is accepted
    ACCEPTED = "accepted"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_final(self) -> bool:
        return self in (CaseState.CLOSED, CaseState.REFUSED, CaseState.WITHDRAWN)


CASE_MOVES: Mapping[EventKind, Mapping[CaseState, CaseState]] = MappingProxyType(
    {
        EventKind.ACCEPTED: {CaseState.RECEIVED: CaseState.ACCEPTED},
        EventKind.REFUSED: {CaseState.RECEIVED: CaseState.REFUSED},
        EventKind.SUPPLEMENT_WANTED: {
            CaseState.RECEIVED: CaseState.RECEIVED,
            CaseState.ACCEPTED: CaseState.ACCEPTED,
        },
        EventKind.SUPPLEMENT_ASKED: {
            CaseState.RECEIVED: CaseState.SUPPLEMENT,
            CaseState.ACCEPTED: CaseState.ACCEPTED,
        },
        EventKind.SUPPLEMENT_GIVEN: {
            CaseState.SUPPLEMENT: CaseState.RECEIVED,
            CaseState.ACCEPTED: CaseState.ACCEPTED,
        },
        EventKind.SUPPLEMENT_LAPSED: {
            CaseState.SUPPLEMENT: CaseState.REFUSED,
            CaseState.ACCEPTED: CaseState.ACCEPTED,
        },
        EventKind.FOLLOW_GIVEN: {CaseState.ACCEPTED: CaseState.ACCEPTED},
        EventKind.WITHDRAWN: {
            CaseState.RECEIVED: CaseState.WITHDRAWN,
            CaseState.SUPPLEMENT: CaseState.WITHDRAWN,
            CaseState.ACCEPTED: CaseState.WITHDRAWN,
        },
        EventKind.CASE_CLOSED: {CaseState.ACCEPTED: CaseState.CLOSED},
    }
)

PART_MOVES: Mapping[EventKind, Mapping[PartState, PartState]] = MappingProxyType(
    {
        EventKind.PART_DISPATCHED: {PartState.WAITING: PartState.DISPATCHED},
        EventKind.PART_ACCEPTED: {PartState.DISPATCHED: PartState.IN_HANDLING},
        EventKind.PART_SUSPENDED: {PartState.IN_HANDLING: PartState.SUSPENDED},
        EventKind.PART_RESUMED: {PartState.SUSPENDED: PartState.IN_HANDLING},
        EventKind.PART_EXTENDED: {PartState.IN_HANDLING: PartState.IN_HANDLING},
        EventKind.PART_BOOKED: {
            state: state
            for state in (
                PartState.WAITING,
                PartState.DISPATCHED,
                PartState.IN_HANDLING,
                PartState.SUSPENDED,
            )
        },
        EventKind.PART_COMPLETED: {PartState.IN_HANDLING: PartState.COMPLETED},
        EventKind.PART_DENIED: {
            PartState.DISPATCHED: PartState.DENIED,
            PartState.IN_HANDLING: PartState.DENIED,
        },
        EventKind.PART_STOPPED: {PartState.WAITING: PartState.STOPPED},
        EventKind.PART_WITHDRAWN: {
            PartState.WAITING: PartState.WITHDRAWN,
            PartState.DISPATCHED: PartState.WITHDRAWN,
            PartState.IN_HANDLING: PartState.WITHDRAWN,
            PartState.SUSPENDED: PartState.WITHDRAWN,
        },
    }
)

# These may come before the acceptance too; every other move of a part needs an accepted case.
BEFORE_ACCEPTANCE = frozenset((EventKind.PART_BOOKED, EventKind.PART_WITHDRAWN))

# These change no state; they may also come after the end.
NOTES = frozenset(
    (
        EventKind.FEE_PAID,
        EventKind.RESULT_ISSUED,
        EventKind.SHIPMENT_MOVED,
        EventKind.RATED,
        EventKind.RECTIFIED,
        EventKind.WARNED,
        EventKind.ORDER_ISSUED,
        EventKind.ORDER_ANSWERED,
        EventKind.OVERSIGHT_SENT,
        EventKind.OVERSIGHT_ACKNOWLEDGED,
        EventKind.OVERSIGHT_FOUND,
        EventKind.DISPUTE_OPENED,
        EventKind.DISPUTE_SETTLED,
    )
)

# One appointment of several departments: only while the case is being handled.
VISITS = frozenset((EventKind.VISIT_ARRANGED, EventKind.VISIT_SIGNED))
