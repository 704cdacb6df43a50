"""What becomes of a case after its parts: results, ratings, disputes, needs, approvals, the province."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from onething.domain.approvals import Approval, ApprovalState
from onething.domain.disputes import Dispute, DisputeState
from onething.domain.listing import Place
from onething.domain.needs import Need, NeedKey, NeedState
from onething.domain.province_steps import ProvinceCase, ProvinceStep
from onething.domain.ratings import (
    Rating,
    RatingAppeal,
    RatingState,
    Rectification,
    RectificationState,
)
from onething.domain.results import PrintJob, Result, ResultState, Shipment, ShipmentState


class Results(Protocol):
    """Results, parcels and what waits for a printer."""

    def add_all(self, results: Sequence[Result]) -> None: ...

    def list_of(self, case_id: str) -> Sequence[Result]: ...

    def list_identified(self, holder: str) -> Sequence[Result]:
        """All that this person's cases brought with an identifier, the last first."""
        ...

    def save(self, result: Result, was: ResultState) -> bool:
        """Whether the result was still in that state; so for every ``save`` here."""
        ...

    def ask_partial(self, case_id: str, by: str, at: datetime) -> None: ...

    def is_partial_asked(self, case_id: str) -> bool: ...

    def add_shipment(self, shipment: Shipment) -> None: ...

    def find_shipment(self, shipment_id: str) -> Shipment | None: ...

    def list_shipments(self, case_id: str) -> Sequence[Shipment]: ...

    def save_shipment(self, shipment: Shipment, was: Shipment) -> bool:
        """Whether the parcel's state and the count of looks were still those."""
        ...

    def add_print(self, job: PrintJob) -> None: ...

    def find_print(self, print_id: str) -> PrintJob | None: ...

    def list_prints(self, case_id: str) -> Sequence[PrintJob]: ...

    def list_waiting_prints(self, limit: int = 100) -> Sequence[PrintJob]: ...

    def save_print(self, job: PrintJob, was: PrintJob) -> bool:
        """Whether it still waited, for the same printer and as little doubted."""
        ...


class Ratings(Protocol):
    """Ratings, appeals against them, and the putting right of low ones."""

    def add(self, rating: Rating) -> None:
        """Raises ``Conflict`` when the service has a rating of this number already."""
        ...

    def find(self, rating_id: str) -> Rating | None: ...

    def list_of(self, case_id: str) -> Sequence[Rating]: ...

    def save(self, rating: Rating, was: RatingState) -> bool: ...

    def add_appeal(self, appeal: RatingAppeal) -> None: ...

    def find_appeal(self, appeal_id: str) -> RatingAppeal | None: ...

    def find_appeal_of(self, rating_id: str) -> RatingAppeal | None: ...

    def list_open_appeals(self, limit: int = 100, after: Place | None = None) -> Sequence[RatingAppeal]: ...

    def save_appeal(self, appeal: RatingAppeal) -> bool:
        """Whether it was still undecided."""
        ...

    def add_rectification(self, rectification: Rectification) -> None: ...

    def find_rectification(self, rectification_id: str) -> Rectification | None: ...

    def find_rectification_of(self, rating_id: str) -> Rectification | None: ...

    def list_rectifications(self, case_id: str) -> Sequence[Rectification]: ...

    def list_open_rectifications(
        self, department: str | None, limit: int = 100, after: Place | None = None
    ) -> Sequence[Rectification]: ...

    def list_unwarned(self, today: date, limit: int) -> Sequence[Rectification]:
        """Open rectifications past their day that nobody was warned of."""
        ...

    def save_rectification(self, rectification: Rectification, was: RectificationState) -> bool: ...


class Disputes(Protocol):
    """Disputes over shared data."""

    def add(self, dispute: Dispute) -> None:
        """Raises ``Conflict`` when this value has an open dispute already."""
        ...

    def find(self, dispute_id: str) -> Dispute | None: ...

    def list_of_owner(self, owner: str) -> Sequence[Dispute]: ...

    def list_of_case(self, case_id: str) -> Sequence[Dispute]: ...

    def list_open(self, department: str, limit: int = 100) -> Sequence[Dispute]: ...

    def list_unwarned(self, today: date, limit: int) -> Sequence[Dispute]:
        """Open ones past their day that nobody was warned of."""
        ...

    def save(self, dispute: Dispute, was: DisputeState) -> bool: ...

    def draft_became(self, draft_id: str, case_id: str) -> int: ...


class DataNeeds(Protocol):
    """The county's list of data-sharing needs."""

    def add_all(self, needs: Sequence[Need]) -> None: ...

    def find(self, key: NeedKey) -> Need | None: ...

    def list_all(self) -> Sequence[Need]: ...

    def list_not_agreed(self, thing: str) -> Collection[NeedKey]: ...

    def save(self, need: Need, was: NeedState) -> bool: ...

    def mark(self, key: NeedKey, *, is_current: bool) -> None: ...


class Approvals(Protocol):
    """Approvals on their way to supervising departments."""

    def add_all(self, approvals: Sequence[Approval]) -> None: ...

    def find(self, approval_id: str) -> Approval | None: ...

    def list_of(self, case_id: str) -> Sequence[Approval]: ...

    def list_inbox(
        self, supervisor: str, state: ApprovalState, limit: int = 100, after: Place | None = None
    ) -> Sequence[Approval]: ...

    def save(self, approval: Approval, was: ApprovalState) -> bool: ...


class ProvinceReports(Protocol):
    """How far each case was reported to the province."""

    def get_reported(self, case_id: str) -> int: ...

    def put_reported(self, case_id: str, reported: int, at: datetime) -> None: ...

    def note_refusal(self, case_id: str, reason: str, at: datetime) -> bool:
        """Whether no refusal was noted before."""
        ...

    def list_refused(self, limit: int = 100) -> Sequence[tuple[str, int, datetime, str]]: ...


@dataclass(frozen=True)
class Tracking:
    """Where a parcel is now, and the stations it passed: each a time and a sentence in zh and en."""

    state: ShipmentState
    trace: tuple[Mapping[str, Any], ...] = ()


class Courier(Protocol):
    """The courier; every act raises ``DeliveryFailed``."""

    def send(self, shipment: Shipment, sender: Mapping[str, str], contents: Sequence[str]) -> str:
        """Order a parcel once (its id is the idempotency key); the waybill's number."""
        ...

    def track(self, waybill: str) -> Tracking: ...


class Province(Protocol):
    """The province's unified intake and rating system; every act raises ``DeliveryFailed``."""

    def report_case(self, case: ProvinceCase) -> None:
        """The first step of a case; the case and the step's number are the idempotency key."""
        ...

    def report_step(self, case: ProvinceCase, step: ProvinceStep) -> None:
        """A later step; ``DeliveryFailed`` with the reason ``out_of_order`` when one before it is missing."""
        ...

    def report_rating(self, rating: Rating, case: ProvinceCase, *, is_closed: bool) -> str:
        """The province's reference."""
        ...

    def report_appeal(self, reference: str, appeal: RatingAppeal) -> None:
        """What became of an appeal against the rating of this reference."""
        ...


@dataclass(frozen=True)
class ApprovalNotice:
    """What a supervising department is told of one approval: no personal values."""

    approval: Approval
    case_number: str
    thing: str
    documents: Sequence[Mapping[str, Any]]
    callback: str


class Supervisors(Protocol):
    """Departments that supervise what was approved."""

    def send(self, notice: ApprovalNotice) -> str:
        """Tell of an approval once (its id is the idempotency key); the supervisor's reference.

        Raises ``DeliveryFailed``.
        """
        ...
