"""Showing codes by the digest of their token; nothing in them says who somebody is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, update

from onething.domain.showing_codes import ShowingCode, ShowingKind
from onething.storage import tables_showing_codes as tables
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared

_C = tables.showing_codes.c
_CODES = KeptRows(tables.showing_codes, ShowingCode, reads={"kind": ShowingKind})
_CODE = Prepared(_CODES.select(_C.id == bindparam("wanted")))
_USE = Prepared(
    update(tables.showing_codes)
    .values({"used_at": bindparam("at"), "used_by": bindparam("by")})
    .where(_C.id == bindparam("wanted"), _C.used_at.is_(None), _C.expires_at > bindparam("now"))
)
_FORGET = Prepared(
    delete(tables.showing_codes).where(
        _C.session == bindparam("of_session"), _C.expires_at <= bindparam("now")
    )
)


class DatabaseShowingCodes:
    """``ShowingCodes``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, code: ShowingCode) -> None:
        _CODES.add(self._connection, self._sealer, [code])

    def find(self, digest: str) -> ShowingCode | None:
        return _CODES.find(self._connection, self._sealer, _CODE, wanted=digest)

    def use(self, digest: str, at: datetime, by: str) -> ShowingCode | None:
        read = _USE.change(self._connection, wanted=digest, at=at, now=at, by=by[:80])
        return self.find(digest) if read == 1 else None

    def forget_old(self, session: str, now: datetime) -> int:
        return _FORGET.change(self._connection, of_session=session, now=now)
