"""The audit looked through and its chain verified, for the auditor at the console."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from onething.domain.records import AuditRow
from onething.ports.staff import AuditEntry, AuditQuery, ChainReport
from onething.storage import tables
from onething.storage.audit import CONTENT
from onething.storage.audit_chain import find_broken, find_head, find_tail
from onething.storage.statements import Prepared
from onething.storage.unit_of_work import DatabaseRecords

_T = tables.audit.c
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "actor": _T.actor == bindparam("actor"),
    "action": _T.action == bindparam("action"),
    "subject": _T.subject == bindparam("subject"),
    "case": _T.case_id == bindparam("case"),
    "from_at": _T.at >= bindparam("from_at"),
    "before_at": _T.at < bindparam("before_at"),
}
_LAST = 2**62
# Some seconds' worth; ``onething audit check`` reads the whole chain, however long.
AT_MOST = 100_000
_C = tables.cases.c
_NUMBER = Prepared(select(_C.id, _C.number).where(_C.id == bindparam("wanted")))
_ID = Prepared(select(_C.id).where(_C.number == bindparam("wanted")))


class DatabaseAuditSearch:
    """``AuditSearch``; each combination of filters is one statement, compiled once."""

    def __init__(self, records: DatabaseRecords) -> None:
        self._records = records
        self._statements: dict[tuple[str, ...], Prepared] = {}

    def list_rows(self, query: AuditQuery, before: int | None, limit: int) -> Sequence[AuditEntry]:
        """Newest first."""
        asked = {name: value for name in _CONDITIONS if (value := getattr(query, name)) is not None}
        statement = self._statement(tuple(asked))
        with self._records.read() as uow:
            rows = statement.rows(uow.connection, before=before or _LAST, at_most=limit, **asked)
        return [_entry(row) for row in rows]

    def case_numbers(self, ids: Collection[str]) -> Mapping[str, str]:
        """Case id to number, for those there are."""
        with self._records.read() as uow:
            found = (_NUMBER.row(uow.connection, wanted=each) for each in sorted(set(ids)))
            return {row[0]: row[1] for row in found if row}

    def find_case_id(self, number: str) -> str | None:
        """The id of a case by its number."""
        with self._records.read() as uow:
            row = _ID.row(uow.connection, wanted=number)
        return str(row[0]) if row else None

    def find_waiting(self) -> tuple[int, datetime | None]:
        """How many rows wait for their seal, and since when the oldest does."""
        tail = find_tail(self._records)
        return tail.rows, tail.oldest_at

    def verify(self) -> ChainReport:
        """The newest seals, as many as a page can wait for, and every row that waits for its seal."""
        head = find_head(self._records)
        began = max(0, head.position - AT_MOST)
        broken = find_broken(self._records, after=began)
        tail = find_tail(self._records)
        return ChainReport(
            head_position=head.position,
            head_seal=head.seal,
            checked_from=began,
            waiting=tail.rows,
            waiting_since=tail.oldest_at,
            broken_row=broken.row if broken else None,
            broken_position=broken.position if broken else None,
            broken_reason=broken.reason if broken else None,
        )

    def _statement(self, asked: tuple[str, ...]) -> Prepared:
        if asked not in self._statements:
            wanted = [_CONDITIONS[name] for name in asked]
            self._statements[asked] = Prepared(
                select(_T.id, _T.position, *(_T[name] for name in CONTENT))
                .where(_T.id < bindparam("before"), *wanted)
                .order_by(_T.id.desc())
                .limit(bindparam("at_most"))
            )
        return self._statements[asked]


def _entry(row: Sequence[Any]) -> AuditEntry:
    number, position, *content = row
    named = dict(zip(CONTENT, content, strict=True))
    del named["division"]
    return AuditEntry(number, AuditRow(case=named.pop("case_id"), **named), position)
