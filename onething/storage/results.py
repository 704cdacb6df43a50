"""Results, who asked for them one by one, the parcels they go in, and what waits for a printer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from onething.domain.results import IssueWay, PrintJob, Result, ResultState, Shipment, ShipmentState
from onething.storage import tables_results as kept
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert
from onething.storage.tables import cases

_R, _S, _P, _A = kept.results.c, kept.shipments.c, kept.prints.c, kept.partial_issues.c
_RESULTS = KeptRows(kept.results, Result, reads={"state": ResultState, "way": IssueWay})
_SHIPMENTS = KeptRows(
    kept.shipments,
    Shipment,
    sealed=("address", "trace"),
    reads={"state": ShipmentState, "results": tuple, "trace": tuple},
)
_PRINTS = KeptRows(kept.prints, PrintJob)

_RESULTS_OF = Prepared(
    _RESULTS.select(_R.case_id == bindparam("wanted")).order_by(_R.completed_at, _R.part, _R.place)
)
_IDENTIFIED = Prepared(
    _RESULTS.select(
        _R.identifier.is_not(None),
        _R.case_id.in_(select(cases.c.id).where(cases.c.holder == bindparam("of_holder")).scalar_subquery()),
    ).order_by(_R.completed_at.desc(), _R.part, _R.place)
)
_SHIPMENT = Prepared(_SHIPMENTS.select(_S.id == bindparam("wanted")))
_SHIPMENTS_OF = Prepared(_SHIPMENTS.select(_S.case_id == bindparam("wanted")).order_by(_S.opened_at, _S.id))
_PRINT = Prepared(_PRINTS.select(_P.id == bindparam("wanted")))
_PRINTS_OF = Prepared(_PRINTS.select(_P.case_id == bindparam("wanted")).order_by(_P.queued_at, _P.id))
_WAITING = Prepared(
    _PRINTS.select(_P.printed_at.is_(None)).order_by(_P.queued_at, _P.id).limit(bindparam("at_most"))
)
_ASK_PARTIAL = RowInsert(kept.partial_issues, ("case_id", "asked_at", "asked_by", "division"), once=True)
_PARTIAL = Prepared(select(_A.asked_at).where(_A.case_id == bindparam("wanted")))


class DatabaseResults:
    """``Results``."""

    def __init__(self, connection: Connection, sealer: Sealer, division: str) -> None:
        self._connection = connection
        self._sealer = sealer
        self._division = division

    def add_all(self, results: Sequence[Result]) -> None:
        _RESULTS.add(self._connection, self._sealer, results)

    def list_of(self, case_id: str) -> Sequence[Result]:
        """In the order in which they came."""
        return _RESULTS.all(self._connection, self._sealer, _RESULTS_OF, wanted=case_id)

    def list_identified(self, holder: str) -> Sequence[Result]:
        """All that this person's cases brought with an identifier, the last first."""
        return _RESULTS.all(self._connection, self._sealer, _IDENTIFIED, of_holder=holder)

    def save(self, result: Result, was: ResultState) -> bool:
        """Whether the result was still in that state."""
        return _RESULTS.save(self._connection, self._sealer, result, state=was)

    def ask_partial(self, case_id: str, by: str, at: datetime) -> None:
        """Nothing happens when it was asked before."""
        _ASK_PARTIAL(self._connection, [(case_id, at, by, self._division)])

    def is_partial_asked(self, case_id: str) -> bool:
        return _PARTIAL.row(self._connection, wanted=case_id) is not None

    def add_shipment(self, shipment: Shipment) -> None:
        _SHIPMENTS.add(self._connection, self._sealer, [shipment])

    def find_shipment(self, shipment_id: str) -> Shipment | None:
        return _SHIPMENTS.find(self._connection, self._sealer, _SHIPMENT, wanted=shipment_id)

    def list_shipments(self, case_id: str) -> Sequence[Shipment]:
        """Oldest first."""
        return _SHIPMENTS.all(self._connection, self._sealer, _SHIPMENTS_OF, wanted=case_id)

    def save_shipment(self, shipment: Shipment, was: Shipment) -> bool:
        """Whether the parcel's state and the count of looks were still those."""
        return _SHIPMENTS.save(self._connection, self._sealer, shipment, state=was.state, looks=was.looks)

    def add_print(self, job: PrintJob) -> None:
        _PRINTS.add(self._connection, self._sealer, [job])

    def find_print(self, print_id: str) -> PrintJob | None:
        return _PRINTS.find(self._connection, self._sealer, _PRINT, wanted=print_id)

    def list_prints(self, case_id: str) -> Sequence[PrintJob]:
        """Oldest first."""
        return _PRINTS.all(self._connection, self._sealer, _PRINTS_OF, wanted=case_id)

    def list_waiting_prints(self, limit: int = 100) -> Sequence[PrintJob]:
        """Longest waiting first."""
        return _PRINTS.all(self._connection, self._sealer, _WAITING, at_most=limit)

    def save_print(self, job: PrintJob, was: PrintJob) -> bool:
        """Whether it still waited, for the same printer and as little doubted."""
        expected = {"printed_at": None, "terminal": was.terminal, "doubted_at": was.doubted_at}
        return _PRINTS.save(self._connection, self._sealer, job, **expected)
