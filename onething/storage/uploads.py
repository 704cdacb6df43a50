"""Uploads in pieces; of two pieces that want the same place only one gets it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from onething.domain.uploads import Piece, Purpose, Upload
from onething.ports import Conflict
from onething.storage import tables_uploads as tables
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert

_U = tables.uploads.c
_UPLOADS = KeptRows(tables.uploads, Upload, sealed=("outcome",), reads={"purpose": Purpose})
_UPLOAD = Prepared(_UPLOADS.select(_U.id == bindparam("wanted")))
_OPEN = Prepared(
    select(func.count()).where(
        _U.holder == bindparam("of_holder"), _U.expires_at > bindparam("now"), _U.sealed_outcome.is_(None)
    )
)
_APPEND = Prepared(
    update(tables.uploads)
    .values({"received": _U.received + bindparam("size")})
    .where(_U.id == bindparam("wanted"), _U.received == bindparam("stands_at"))
)
_REMOVE = Prepared(delete(tables.uploads).where(_U.id == bindparam("wanted")))
_PURGE = Prepared(delete(tables.uploads).where(_U.expires_at < bindparam("before")))

_P = tables.upload_pieces.c
_ADD_PIECE = RowInsert(tables.upload_pieces, ("upload", "at", "file", "size"))
_PIECES = Prepared(
    select(_P.upload, _P.at, _P.file, _P.size).where(_P.upload == bindparam("wanted")).order_by(_P.at)
)
_FORGET_PIECES = Prepared(delete(tables.upload_pieces).where(_P.upload == bindparam("wanted")))


class DatabaseUploads:
    """``Uploads``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, upload: Upload) -> None:
        _UPLOADS.add(self._connection, self._sealer, [upload])

    def find(self, upload_id: str) -> Upload | None:
        return _UPLOADS.find(self._connection, self._sealer, _UPLOAD, wanted=upload_id)

    def count_open(self, holder: str, now: datetime) -> int:
        row = _OPEN.row(self._connection, of_holder=holder, now=now)
        return int(row[0]) if row else 0

    def add_piece(self, piece: Piece) -> None:
        stands = {"wanted": piece.upload, "stands_at": piece.at, "size": piece.size}
        if _APPEND.change(self._connection, **stands) != 1:
            raise Conflict(f"the upload {piece.upload} does not stand at {piece.at}")
        _ADD_PIECE(self._connection, [(piece.upload, piece.at, piece.file, piece.size)])

    def list_pieces(self, upload_id: str) -> Sequence[Piece]:
        return [Piece(*row) for row in _PIECES.rows(self._connection, wanted=upload_id)]

    def settle(self, upload: Upload) -> None:
        _UPLOADS.save(self._connection, self._sealer, upload)
        _FORGET_PIECES.change(self._connection, wanted=upload.id)

    def remove(self, upload_id: str) -> None:
        _REMOVE.change(self._connection, wanted=upload_id)

    def purge(self, before: datetime) -> int:
        return _PURGE.change(self._connection, before=before)
