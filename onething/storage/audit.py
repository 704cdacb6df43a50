"""Audit rows, each with its own keyed digest; ids and blind indexes only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from onething.domain.records import AuditRow
from onething.storage import tables
from onething.storage.columns import write_canonical_json
from onething.storage.keyring import MacKey
from onething.storage.statements import Prepared, RowInsert

# The columns that the digest covers, in the order it covers them.
CONTENT = (
    "at", "actor", "actor_kind", "action", "purpose", "subject", "terminal", "case_id", "result", "detail",
    "division", "on_behalf_of",
)  # fmt: skip
_T = tables.audit.c
_INSERT = RowInsert(tables.audit, (*CONTENT, "digest"))
_OF_SUBJECT = Prepared(
    select(*(_T[name] for name in CONTENT))
    .where(_T.subject == bindparam("wanted"))
    .order_by(_T.at.desc(), _T.id.desc())
    .limit(bindparam("at_most"))
)


class DatabaseAudit:
    """``Audit``. Rows are only ever added; the chain of seals is put on later, see ``audit_chain``.

    ``principal`` is written to every row: whoever acts here does so on that person's behalf.
    """

    def __init__(
        self, connection: Connection, key: MacKey, division: str, principal: str | None = None
    ) -> None:
        self._connection = connection
        self._key = key
        self._division = division
        self._principal = principal

    def add(self, row: AuditRow) -> None:
        self.add_all([row])

    def add_all(self, rows: Sequence[AuditRow]) -> None:
        """Several in one statement."""
        contents = [self._content(row) for row in rows]
        _INSERT.later(self._connection, [(*content, digest_of(self._key, content)) for content in contents])

    def list_of_subject(self, subject: str, limit: int = 100) -> Sequence[AuditRow]:
        """Newest first."""
        return [_row(row) for row in _OF_SUBJECT.rows(self._connection, wanted=subject, at_most=limit)]

    def _content(self, row: AuditRow) -> tuple[Any, ...]:
        return (
            row.at, row.actor, row.actor_kind, row.action, row.purpose, row.subject, row.terminal, row.case,
            row.result, row.detail, self._division, row.on_behalf_of or self._principal,
        )  # fmt: skip


def digest_of(key: MacKey, content: Sequence[Any]) -> str:
    """Keyed digest of a row's content, hex: who may write to the table can still not make one."""
    return key.mac(b"audit-row:" + write_canonical_json(_comparable(content))).hex()


def _comparable(content: Sequence[Any]) -> list[Any]:
    # Microseconds are what both databases keep; isoformat leaves them out when they are nought.
    # On nobody's behalf is left out: rows from before that was written keep their digest.
    whole = content if content[-1] is not None else content[:-1]
    return [content[0].isoformat(timespec="microseconds"), *whole[1:]]


def _row(row: tuple[Any, ...]) -> AuditRow:
    named = dict(zip(CONTENT, row, strict=True))
    del named["division"]
    return AuditRow(case=named.pop("case_id"), **named)
