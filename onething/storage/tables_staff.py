"""The console's tables: accounts, sessions, failures, uploaded calendars and packs; the audit's indexes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from onething.storage.columns import Instant, JsonText
from onething.storage.tables import audit, metadata


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(64), primary_key=True, nullable=False)


def _division() -> Column[str]:
    return Column("division", String(12), nullable=False, index=True)


staff = Table(
    "staff",
    metadata,
    _id(),
    Column("login", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("roles", JsonText, nullable=False),
    Column("department", String(64)),
    Column("hall", Text),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("password_given", Boolean, nullable=False),
    Column("second_factor_at", Instant),
    Column("signed_in_at", Instant),
    _division(),
)

# Apart from the account, so that listing accounts never reads a hash or a secret.
staff_proofs = Table(
    "staff_proofs",
    metadata,
    Column("staff", String(64), ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("password_hash", Text),
    Column("sealed_factor", LargeBinary),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    _id(),
    Column("token_digest", String(128), nullable=False, unique=True),
    Column("staff", String(64), ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("stage", String(32), nullable=False),
    Column("method", String(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("end_cause", String(32)),
)

staff_failures = Table(
    "staff_failures",
    metadata,
    Column("login_digest", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Instant),
    Column("locked_until", Instant),
)

calendars = Table(
    "calendars",
    metadata,
    _id(),
    Column("year", Integer, nullable=False),
    Column("off", JsonText, nullable=False),
    Column("work", JsonText, nullable=False),
    Column("notice", Text, nullable=False),
    Column("uploaded_by", String(120), nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    _division(),
    Index("ix_calendars_year_uploaded_at", "year", "uploaded_at"),
)

catalog_uploads = Table(
    "catalog_uploads",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("data", JsonText),
    Column("problems", JsonText, nullable=False),
    Column("uploaded_by", String(120), nullable=False),
    Column("uploaded_at", Instant, nullable=False, index=True),
    Column("published_as", Integer),
    _division(),
)

# The audit is looked through by who did it and by which case; both walk newest first.
Index("ix_audit_actor_id", audit.c.actor, audit.c.id)
Index("ix_audit_case_id_id", audit.c.case_id, audit.c.id)
