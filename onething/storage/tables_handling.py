"""Tables of joint handling: who a case is about, notices, originals, warnings, orders, cursors."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from onething.storage.columns import Instant, JsonText
from onething.storage.tables import metadata

case_people = Table(
    "case_people",
    metadata,
    Column("case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),  # id_number, phone, name, uscc
    Column("digest", String(64), primary_key=True),
    Index("ix_case_people_kind_digest", "kind", "digest"),
)

notice_numbers = Table(
    "notice_numbers",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("number", String(120), nullable=False, unique=True),
    Column("case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("part", String(64)),
    Column("data", JsonText, nullable=False),
    Column("issued_by", String(120), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("division", String(12), nullable=False, index=True),
)

originals = Table(
    "originals",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("material", String(80), nullable=False),
    Column("copies", Integer, nullable=False),
    Column("received_by", String(120), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("returned_by", String(120)),
    Column("returned_at", Instant),
)

# One row for each warning that was ever given: the key makes a second one impossible.
warnings = Table(
    "warnings",
    metadata,
    Column("case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("clock", String(64), primary_key=True),  # a part's id, "case" or "answer"
    Column("level", String(16), primary_key=True),  # near, overdue
    Column("due_on", Date, primary_key=True),
    Column("warned_at", Instant, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("number", String(120), nullable=False, unique=True),
    Column("case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("part", String(64)),
    Column("department", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("issued_by", String(120), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("answer", Text),
    Column("answered_by", String(120)),
    Column("answered_at", Instant),
    Column("division", String(12), nullable=False, index=True),
    Index("ix_orders_department_answered_at", "department", "answered_at"),
)

pull_cursors = Table(
    "pull_cursors",
    metadata,
    Column("department", String(64), primary_key=True),
    Column("cursor", String(200), nullable=False),
    Column("pulled_at", Instant, nullable=False),
)
