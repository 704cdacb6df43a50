"""Results gathered in one place, and the ways in which they reach the citizen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from onething.domain.cases import CaseView


class IssueWay(StrEnum):
    """How a result reaches the citizen."""

    WINDOW = "window"
    COURIER = "courier"
    E_LICENCE = "e_licence"
    PRINT = "print"


class ResultState(StrEnum):
    """Where one result is."""

    READY = "ready"
    ON_THE_WAY = "on_the_way"
    TO_PRINT = "to_print"
    ISSUED = "issued"


class ShipmentState(StrEnum):
    """Where one parcel is; ``refused`` when the courier will not take it."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    REFUSED = "refused"

    @property
    def is_final(self) -> bool:
        return self in (
            ShipmentState.DELIVERED,
            ShipmentState.RETURNED,
            ShipmentState.LOST,
            ShipmentState.REFUSED,
        )


# What a parcel's end makes of the results in it: what came back, or never went, may be issued again.
RESULT_AFTER: Mapping[ShipmentState, ResultState] = MappingProxyType(
    {
        ShipmentState.DELIVERED: ResultState.ISSUED,
        ShipmentState.RETURNED: ResultState.READY,
        ShipmentState.REFUSED: ResultState.READY,
        # The department makes a lost one again; it is handed out in place of the first.
        ShipmentState.LOST: ResultState.READY,
    }
)


class Withheld(StrEnum):
    """Why a result cannot be issued now."""

    FEE_UNPAID = "fee_unpaid"
    PARTS_OPEN = "parts_open"
    ON_THE_WAY = "on_the_way"
    TO_PRINT = "to_print"
    ISSUED = "issued"


@dataclass(frozen=True)
class Result:
    """One document, or with an empty ``document`` the decision itself, that a part brought.

    ``receiver`` is the blind index of whoever took it; ``place`` numbers a part's results.
    """

    id: str
    case_id: str
    part: str
    place: int
    matter: str
    department: str
    document: str
    of_role: str | None
    identifier: str | None
    division: str
    completed_at: datetime
    state: ResultState = ResultState.READY
    way: IssueWay | None = None
    issued_at: datetime | None = None
    issued_by: str | None = None
    receiver: str | None = None


@dataclass(frozen=True)
class Shipment:
    """One parcel; ``address`` (name, mobile, address) is sealed where it is kept."""

    id: str
    case_id: str
    results: tuple[str, ...]
    address: Mapping[str, str]
    division: str
    opened_at: datetime
    state: ShipmentState = ShipmentState.WAITING
    waybill: str | None = None
    moved_at: datetime | None = None
    trace: tuple[Mapping[str, Any], ...] = ()
    looks: int = 0  # how often the courier was asked where it is


class PrintOutcome(StrEnum):
    """What a kiosk says of a print; ``printed`` only on its printer's own word."""

    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


# A kiosk gives a document up after three minutes: whose word is not here by then was lost, or it was killed.
KIOSK_PRINT_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class PrintJob:
    """A result waiting for a printer: the hall's, or that of the kiosk ``terminal``.

    ``printed_at`` is None while it does, ``printed_by`` when it failed; ``doubted_at`` is when the kiosk
    said that it cannot know.
    """

    id: str
    case_id: str
    result: str
    division: str
    queued_at: datetime
    queued_by: str
    printed_at: datetime | None = None
    printed_by: str | None = None
    terminal: str | None = None
    doubted_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.printed_at is None

    def may_be_settled(self, now: datetime) -> bool:
        """Whether people may say what came of it: not while a kiosk is still at it."""
        if self.terminal is None or self.doubted_at is not None:
            return self.is_open
        return self.is_open and now - self.queued_at >= KIOSK_PRINT_LASTS


_BUSY = {
    ResultState.ON_THE_WAY: Withheld.ON_THE_WAY,
    ResultState.TO_PRINT: Withheld.TO_PRINT,
    ResultState.ISSUED: Withheld.ISSUED,
}


def find_withheld(result: Result, view: CaseView, *, owes_fee: bool, partial: bool) -> Withheld | None:
    """Why a result cannot be issued now, or None when it can.

    ``owes_fee``: the part's own fee is still to be paid. Results come together when every part has ended,
    or one by one when the citizen has asked for it (``partial``).
    """
    if result.state in _BUSY:
        return _BUSY[result.state]
    if owes_fee:
        return Withheld.FEE_UNPAID
    if not view.all_parts_final and not partial:
        return Withheld.PARTS_OPEN
    return None


def is_released(result: Result, view: CaseView, *, owes_fee: bool, partial: bool) -> bool:
    """Whether a result may be seen by its citizen, in whichever way it was, is or will be handed over."""
    as_ready = replace(result, state=ResultState.READY)
    return find_withheld(as_ready, view, owes_fee=owes_fee, partial=partial) is None
