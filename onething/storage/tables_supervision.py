"""Tables of tallies and of what sources answered, and the indexes that lists find their rows by."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, text

from onething.storage.columns import Instant
from onething.storage.tables import cases, metadata, parts, staff_calls
from onething.storage.tables_handling import orders
from onething.storage.tables_results import disputes, ratings

# Conditions of indexes on what is open: few rows, however many have ended.
_OPEN = text("ended_at IS NULL")
_OPEN_WITHOUT_LIMIT = text("ended_at IS NULL AND due_on IS NULL")
_ENDED = text("ended_at IS NOT NULL")


def _key() -> Column[str]:
    # All that is counted apart, joined: one column to look for, and the county's code in no key of its own.
    return Column("key", String(400), primary_key=True)


def _division() -> Column[str]:
    return Column("division", String(12), nullable=False, index=True)


tallies = Table(
    "tallies",
    metadata,
    _key(),
    Column("day", Date, nullable=False),
    _division(),
    Column("department", String(64), nullable=False),
    Column("thing", String(64), nullable=False),
    Column("measure", String(32), nullable=False),
    Column("bucket", String(80), nullable=False),
    Column("amount", Integer, nullable=False),
    Index("ix_tallies_day", "day"),
    Index("ix_tallies_measure_thing_day", "measure", "thing", "day"),
)

standings = Table(
    "standings",
    metadata,
    _key(),
    Column("counts", String(8), nullable=False),
    _division(),
    Column("department", String(64), nullable=False),
    Column("thing", String(64), nullable=False),
    Column("state", String(32), nullable=False),
    Column("due_on", Date),
    Column("warn_on", Date),
    Column("paused", Boolean, nullable=False),
    Column("amount", Integer, nullable=False),
)

source_answers = Table(
    "source_answers",
    metadata,
    _key(),
    Column("hour_at", Instant, nullable=False),
    _division(),
    Column("source", String(64), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("amount", Integer, nullable=False),
    Index("ix_source_answers_hour_at", "hour_at"),
)

Index("ix_cases_thing_state_due_on", cases.c.thing, cases.c.state, cases.c.due_on, cases.c.id)
Index("ix_cases_lead_state_due_on", cases.c.lead, cases.c.state, cases.c.due_on, cases.c.id)
Index("ix_cases_state_closed_at", cases.c.state, cases.c.closed_at, cases.c.id)
Index(
    "ix_parts_open_of_department",
    parts.c.department,
    parts.c.due_on,
    parts.c.id,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("ix_parts_open", parts.c.due_on, parts.c.id, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index(
    "ix_parts_open_by_dispatch",
    parts.c.department,
    parts.c.dispatched_at,
    parts.c.id,
    sqlite_where=_OPEN_WITHOUT_LIMIT,
    postgresql_where=_OPEN_WITHOUT_LIMIT,
)
Index("ix_parts_ended_at", parts.c.ended_at, sqlite_where=_ENDED, postgresql_where=_ENDED)
Index("ix_orders_issued_at", orders.c.issued_at, orders.c.id)
Index("ix_disputes_opened_at", disputes.c.opened_at, disputes.c.id)
Index("ix_ratings_rated_at", ratings.c.rated_at, ratings.c.id)
Index("ix_staff_calls_called_at", staff_calls.c.called_at, staff_calls.c.id)
