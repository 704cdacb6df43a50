"""The console's accounts and sessions; second factors are sealed, passwords are hashes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.sql.dml import Update

from onething.domain.staff import Failures, Role, SecondFactor, Staff, StaffSession, Stage
from onething.storage import tables_staff as tables
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert

_PLAIN = (
    "id", "login", "name", "roles", "department", "hall", "created_at", "disabled_at", "password_given",
    "second_factor_at", "signed_in_at", "division",
)  # fmt: skip
_CHANGING = (
    "name", "roles", "department", "hall", "disabled_at", "password_given", "second_factor_at",
    "signed_in_at",
)  # fmt: skip
_S = tables.staff.c
_SELECT = select(*(_S[name] for name in _PLAIN))
_FIND = Prepared(_SELECT.where(_S.id == bindparam("wanted")))
_FIND_LOGIN = Prepared(_SELECT.where(_S.login == bindparam("wanted")))
_ALL = Prepared(_SELECT.order_by(_S.login))
_INSERT = RowInsert(tables.staff, _PLAIN)
_SAVE = Prepared(
    update(tables.staff)
    .where(_S.id == bindparam("wanted"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_P = tables.staff_proofs.c
_INSERT_PROOF = RowInsert(tables.staff_proofs, ("staff", "password_hash", "sealed_factor"))
_PROOF = Prepared(select(_P.password_hash, _P.sealed_factor).where(_P.staff == bindparam("wanted")))


def _set_proof(column: str) -> Update:
    return (
        update(tables.staff_proofs)
        .where(_P.staff == bindparam("wanted"))
        .values({column: bindparam(f"new_{column}")})
    )


_SET_PASSWORD = Prepared(_set_proof("password_hash"))
_SET_FACTOR = Prepared(_set_proof("sealed_factor"))
_SESSION = ("id", "staff", "stage", "method", "started_at", "seen_at", "ended_at", "end_cause")
_N = tables.staff_sessions.c
_INSERT_SESSION = RowInsert(tables.staff_sessions, (*_SESSION, "token_digest"))
_FIND_SESSION = Prepared(
    select(*(_N[name] for name in _SESSION)).where(_N.token_digest == bindparam("wanted"))
)
_TOUCH = Prepared(
    update(tables.staff_sessions)
    .values(seen_at=bindparam("now"))
    .where(_N.id == bindparam("wanted"), _N.ended_at.is_(None))
)
_ENDED = update(tables.staff_sessions).values(ended_at=bindparam("now"), end_cause=bindparam("cause"))
_END = Prepared(_ENDED.where(_N.id == bindparam("wanted"), _N.ended_at.is_(None)))
_END_ALL = Prepared(_ENDED.where(_N.staff == bindparam("wanted"), _N.ended_at.is_(None)))
_F = tables.staff_failures.c
_FAILURES = Prepared(
    select(_F["count"], _F.last_at, _F.locked_until).where(_F.login_digest == bindparam("wanted"))
)
_FIRST_FAILURE = RowInsert(
    tables.staff_failures, ("login_digest", "count", "last_at", "locked_until"), once=True
)
_SET_FAILURES = Prepared(
    update(tables.staff_failures)
    .where(_F.login_digest == bindparam("wanted"))
    .values(
        {"count": bindparam("new_count"), "last_at": bindparam("last"), "locked_until": bindparam("until")}
    )
)


_PURGE_SESSIONS = Prepared(delete(tables.staff_sessions).where(_N.seen_at < bindparam("before")))
_PURGE_FAILURES = Prepared(delete(tables.staff_failures).where(_F.last_at < bindparam("before")))


class DatabaseStaff:
    """``StaffAccounts``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, staff: Staff, password_hash: str | None) -> None:
        """Raises ``Conflict`` when the login is taken."""
        _INSERT(self._connection, [[_column(staff, name) for name in _PLAIN]])
        _INSERT_PROOF(self._connection, [(staff.id, password_hash, None)])

    def save(self, staff: Staff) -> None:
        values = {f"new_{name}": _column(staff, name) for name in _CHANGING}
        _SAVE.change(self._connection, wanted=staff.id, **values)

    def find(self, staff_id: str) -> Staff | None:
        row = _FIND.row(self._connection, wanted=staff_id)
        return _staff(row) if row else None

    def find_by_login(self, login: str) -> Staff | None:
        row = _FIND_LOGIN.row(self._connection, wanted=login)
        return _staff(row) if row else None

    def list_all(self) -> Sequence[Staff]:
        """By login."""
        return [_staff(row) for row in _ALL.rows(self._connection)]

    def find_password(self, staff_id: str) -> str | None:
        row = _PROOF.row(self._connection, wanted=staff_id)
        return row[0] if row else None

    def set_password(self, staff_id: str, password_hash: str) -> None:
        _SET_PASSWORD.change(self._connection, wanted=staff_id, new_password_hash=password_hash)

    def find_second_factor(self, staff_id: str) -> SecondFactor | None:
        row = _PROOF.row(self._connection, wanted=staff_id)
        if row is None or row[1] is None:
            return None
        held = self._sealer.open("staff_proofs", staff_id, "sealed_factor", row[1])
        return SecondFactor(held["secret"], held["last_step"], frozenset(held["recovery"]))

    def set_second_factor(self, staff_id: str, factor: SecondFactor | None) -> None:
        """None takes it away: the person enrols a new one at the next sign-in."""
        sealed = None
        if factor is not None:
            held = {
                "secret": factor.secret,
                "last_step": factor.last_step,
                "recovery": sorted(factor.recovery),
            }
            sealed = self._sealer.seal("staff_proofs", staff_id, "sealed_factor", held)
        _SET_FACTOR.change(self._connection, wanted=staff_id, new_sealed_factor=sealed)


class DatabaseStaffSessions:
    """``StaffSessions``; one that has ended stays as it ended."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, session: StaffSession, token_digest: str) -> None:
        values = [str(v) if isinstance(v := getattr(session, name), Stage) else v for name in _SESSION]
        _INSERT_SESSION(self._connection, [(*values, token_digest)])

    def find_by_token(self, token_digest: str) -> StaffSession | None:
        """Ended ones too."""
        row = _FIND_SESSION.row(self._connection, wanted=token_digest)
        if row is None:
            return None
        named = dict(zip(_SESSION, row, strict=True))
        return StaffSession(stage=Stage(named.pop("stage")), **named)

    def touch(self, session_id: str, at: datetime) -> None:
        _TOUCH.change(self._connection, wanted=session_id, now=at)

    def end(self, session_id: str, at: datetime, cause: str) -> None:
        _END.change(self._connection, wanted=session_id, now=at, cause=cause)

    def end_all_of(self, staff_id: str, at: datetime, cause: str) -> int:
        return _END_ALL.change(self._connection, wanted=staff_id, now=at, cause=cause)

    def purge(self, before: datetime) -> int:
        """Forget sessions and failures of names that nobody has used since; how many."""
        forgotten = _PURGE_SESSIONS.change(self._connection, before=before)
        return forgotten + _PURGE_FAILURES.change(self._connection, before=before)

    def get_failures(self, login_digest: str) -> Failures:
        row = _FAILURES.row(self._connection, wanted=login_digest)
        return Failures(*row) if row else Failures()

    def set_failures(self, login_digest: str, failures: Failures) -> None:
        _FIRST_FAILURE(self._connection, [(login_digest, 0, None, None)])
        _SET_FAILURES.change(
            self._connection,
            wanted=login_digest,
            new_count=failures.count,
            last=failures.last_at,
            until=failures.locked_until,
        )


def _column(staff: Staff, name: str) -> Any:
    if name == "roles":
        return sorted(str(role) for role in staff.roles)
    return getattr(staff, name)


def _staff(row: Sequence[Any]) -> Staff:
    named = dict(zip(_PLAIN, row, strict=True))
    roles = frozenset(Role(each) for each in named.pop("roles"))
    return Staff(roles=roles, **{**named, "password_given": bool(named["password_given"])})
