"""Chains audit rows in batches, behind the acts, and finds what was changed since.

Each row carries its own keyed digest from the start. The sealer gives rows a position and a seal,
which covers the seal before it: editing, deleting or reordering sealed rows shows at the row. A
tail that was cut off shows only against an anchor kept elsewhere (``AuditHead``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from onething.ports import Conflict
from onething.storage import tables
from onething.storage.audit import CONTENT, digest_of
from onething.storage.keyring import MacKey
from onething.storage.statements import Prepared
from onething.storage.unit_of_work import DatabaseRecords

_T = tables.audit.c
_HEAD = Prepared(
    select(_T.position, _T.seal).where(_T.position.is_not(None)).order_by(_T.position.desc()).limit(1)
)
_AT = Prepared(select(_T.position, _T.seal).where(_T.position == bindparam("wanted")))
_UNSEALED = Prepared(
    select(_T.id, _T.digest).where(_T.position.is_(None)).order_by(_T.id).limit(bindparam("at_most"))
)
_SEAL = Prepared(
    update(tables.audit)
    .values(position=bindparam("new_position"), seal=bindparam("new_seal"))
    .where(_T.id == bindparam("wanted"), _T.position.is_(None))
)
_TAIL = Prepared(select(func.count(), func.min(_T.at).label("oldest")).where(_T.position.is_(None)))
_ROWS = (*(_T[name] for name in CONTENT), _T.id, _T.digest, _T.position, _T.seal)
_SEALED_ROWS = Prepared(
    select(*_ROWS).where(_T.position > bindparam("after")).order_by(_T.position).limit(bindparam("at_most"))
)
_UNSEALED_ROWS = Prepared(
    select(*_ROWS)
    .where(_T.position.is_(None), _T.id > bindparam("after"))
    .order_by(_T.id)
    .limit(bindparam("at_most"))
)
_START = "0" * 64
_AT_ONCE = 1000


@dataclass(frozen=True)
class AuditHead:
    """The end of the chain: how many rows are sealed, and the last seal in hex. Anchor it elsewhere."""

    position: int
    seal: str


@dataclass(frozen=True)
class BrokenRow:
    """The first row that is not as it was written; ``reason``: edited, missing, resealed or cut."""

    position: int | None
    row: int | None
    reason: str


@dataclass(frozen=True)
class UnsealedTail:
    """Rows that wait for their seal, and since when the oldest does."""

    rows: int
    oldest_at: datetime | None


def seal_audit(records: DatabaseRecords, limit: int = 1000) -> int:
    """Seal up to ``limit`` rows in one act; how many. None when another sealer was faster."""
    key = records.sealer.keyring.audit
    try:
        with records.act() as uow:
            return _seal_some(uow.connection, key, limit)
    except Conflict:
        return 0


def _seal_some(connection: Connection, key: MacKey, limit: int) -> int:
    head = _head(connection)
    position, seal = head.position, head.seal
    sealed = []
    for row, digest in _UNSEALED.rows(connection, at_most=limit):
        position, seal = position + 1, _next_seal(key, position + 1, seal, digest)
        sealed.append({"wanted": row, "new_position": position, "new_seal": seal})
    return _SEAL.change_each(connection, sealed)


def find_head(records: DatabaseRecords) -> AuditHead:
    """Position 0 when nothing is sealed yet."""
    with records.read() as uow:
        return _head(uow.connection)


def find_tail(records: DatabaseRecords) -> UnsealedTail:
    """What an alarm watches: a long or an old tail means that no sealer works."""
    with records.read() as uow:
        rows, oldest = _TAIL.rows(uow.connection)[0]
    return UnsealedTail(rows, oldest)


def find_broken(
    records: DatabaseRecords, anchor: AuditHead | None = None, *, after: int = 0
) -> BrokenRow | None:
    """The first row edited, deleted, resealed, or cut off since ``anchor``; None when all is well.

    ``after`` is a position whose seal is taken as it is: only what follows is read again.
    """
    return _broken_seal(records, anchor, after) or _broken_tail(records)


def _broken_seal(records: DatabaseRecords, anchor: AuditHead | None, after: int) -> BrokenRow | None:
    key = records.sealer.keyring.audit
    head = _head_at(records, after) if after else AuditHead(0, _START)
    if head is None:
        return BrokenRow(after, None, "missing")
    for content, row, digest, position, seal in _rows(records, _SEALED_ROWS, place_of=-2, after=after):
        if position != head.position + 1:
            return BrokenRow(head.position + 1, None, "missing")
        if digest_of(key, content) != digest:
            return BrokenRow(position, row, "edited")
        head = AuditHead(position, _next_seal(key, position, head.seal, digest))
        if head.seal != seal or (anchor and anchor.position == position and anchor.seal != seal):
            return BrokenRow(position, row, "resealed")
    if anchor and anchor.position > head.position:
        return BrokenRow(head.position + 1, None, "cut")
    return None


def _broken_tail(records: DatabaseRecords) -> BrokenRow | None:
    key = records.sealer.keyring.audit
    for content, row, digest, *_ in _rows(records, _UNSEALED_ROWS, place_of=-4, after=-1):
        if digest_of(key, content) != digest:
            return BrokenRow(None, row, "edited")
    return None


def _rows(
    records: DatabaseRecords, statement: Prepared, *, place_of: int, after: int
) -> Iterator[tuple[Sequence[Any], int, str, int, str]]:
    """Content, id, digest, position and seal of each row; ``place_of`` is the column they are sorted by.

    In batches, each a read of its own: the whole takes longer than one unit of work may.
    """
    while True:
        with records.read() as uow:
            rows = statement.rows(uow.connection, after=after, at_most=_AT_ONCE)
        for *content, row, digest, position, seal in rows:
            yield content, row, digest, position, seal
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1][place_of]


def _head(connection: Connection) -> AuditHead:
    row = _HEAD.row(connection)
    return AuditHead(*row) if row else AuditHead(0, _START)


def _head_at(records: DatabaseRecords, position: int) -> AuditHead | None:
    with records.read() as uow:
        row = _AT.row(uow.connection, wanted=position)
    return AuditHead(*row) if row else None


def _next_seal(key: MacKey, position: int, before: str, digest: str) -> str:
    return key.mac(f"audit-seal:{position}:{before}:{digest}".encode()).hex()
