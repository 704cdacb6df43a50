"""What a database error means to the rules: a lost race, a database that is away, or a mistake of ours."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import psycopg
from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.engine import ExceptionContext

from onething.ports import Conflict
from onething.storage.refusals import RecordsUnavailable
from onething.storage.schema import metadata

# The constraints that rivals meet. Any other broken constraint is a mistake and stays an error.
RACES = frozenset(
    {
        "uq_drafts_open",
        "pk_drafts",
        "pk_cases",
        "uq_cases_number",
        "uq_cases_draft",
        "pk_case_events",
        "pk_revisions",
        "pk_terminals",
        "uq_terminals_number",
        "uq_terminals_public_key",
        "uq_enrolment_codes_live",
        "uq_terminal_configurations_terminal_revision",
        "pk_terminal_reports",
        "uq_audit_position",
        "uq_ratings_service_number",
        "uq_rating_appeals_rating",
        "uq_disputes_open",
        "uq_staff_login",
        "pk_case_claims",
        "uq_phone_accounts_provider_subject",
        "pk_message_preferences",
        "pk_message_subscriptions",
    }
)
# serialization_failure, deadlock_detected
_LOST = ("40001", "40P01")
# lock_not_available, query_canceled, insufficient_resources, operator_intervention, system_error
_AWAY = ("55P03", "57", "53", "58", "08")
_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
}
_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


def refuse(context: ExceptionContext) -> None:
    """For SQLAlchemy's ``handle_error``: raise what the rules know instead of the driver's error."""
    raise_refusal(context.original_exception)


def raise_refusal(error: BaseException) -> None:
    """Raise ``Conflict`` or ``RecordsUnavailable`` from a driver's error, if it means that."""
    refusal = _refusal_for(error)
    if refusal is not None:
        raise refusal from error


def _refusal_for(error: BaseException) -> Exception | None:
    name = _constraint_of(error)
    if name is not None:
        return Conflict(name) if name in RACES else None
    state = getattr(error, "sqlstate", None) or ""
    if state in _LOST:
        return Conflict("the database chose another writer")
    if state.startswith(_AWAY) or _is_away(error):
        return RecordsUnavailable(type(error).__name__)
    return None


def _constraint_of(error: BaseException) -> str | None:
    """The name of the constraint that was broken."""
    if isinstance(error, psycopg.IntegrityError):
        return error.diag.constraint_name or ""
    if isinstance(error, sqlite3.IntegrityError):
        broken = _SQLITE_UNIQUE.match(str(error))
        return _SQLITE_NAMES.get(broken.group(1), "") if broken else ""
    return None


def _is_away(error: BaseException) -> bool:
    if isinstance(error, sqlite3.DatabaseError):
        # The low byte is the kind of error, the rest says more about it.
        return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _SQLITE_AWAY
    return isinstance(error, psycopg.OperationalError) and error.sqlstate is None


def _names_by_columns() -> Iterator[tuple[str, str]]:
    """SQLite names the columns of a broken constraint, not the constraint."""
    for table in metadata.tables.values():
        unique = [
            part for part in table.constraints if isinstance(part, PrimaryKeyConstraint | UniqueConstraint)
        ]
        indexes = [index for index in table.indexes if index.unique]
        for part in (*unique, *indexes):
            yield ", ".join(f"{table.name}.{column.name}" for column in part.columns), _name_of(part)


def _name_of(part: PrimaryKeyConstraint | UniqueConstraint | Index) -> str:
    if part.name:
        return str(part.name)
    raise ValueError("a constraint without a name")


_SQLITE_NAMES = dict(_names_by_columns())
