"""Tables of results, parcels, ratings, disputes, data-sharing needs, approvals, reports to the province."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from onething.storage.columns import Instant, JsonText
from onething.storage.tables import metadata


def _id() -> Column[str]:
    return Column("id", String(64), primary_key=True, nullable=False)


def _division() -> Column[str]:
    return Column("division", String(12), nullable=False, index=True)


def _case(*, nullable: bool = False) -> Column[str]:
    key = ForeignKey("cases.id", ondelete="CASCADE")
    return Column("case_id", String(64), key, nullable=nullable, index=True)


def _unwarned(table: str) -> Index:
    """Late rows that nobody was warned of: a sweep looks for them again and again."""
    only = text("settled_at IS NULL AND warned_at IS NULL")
    return Index(f"ix_{table}_unwarned", "due_on", "id", sqlite_where=only, postgresql_where=only)


results = Table(
    "results",
    metadata,
    _id(),
    _case(),
    Column("part", String(64), nullable=False),
    Column("place", Integer, nullable=False),
    Column("matter", String(64), nullable=False),
    Column("department", String(64), nullable=False),
    Column("document", String(80), nullable=False),
    Column("of_role", String(80)),
    Column("identifier", String(200)),
    _division(),
    Column("completed_at", Instant, nullable=False),
    Column("state", String(32), nullable=False),
    Column("way", String(32)),
    Column("issued_at", Instant),
    Column("issued_by", String(120)),
    Column("receiver", String(64)),
    UniqueConstraint("part", "place"),
)

partial_issues = Table(
    "partial_issues",
    metadata,
    Column(
        "case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, nullable=False
    ),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", String(120), nullable=False),
    _division(),
)

shipments = Table(
    "shipments",
    metadata,
    _id(),
    _case(),
    Column("results", JsonText, nullable=False),
    Column("sealed_address", LargeBinary, nullable=False),
    _division(),
    Column("opened_at", Instant, nullable=False),
    Column("state", String(32), nullable=False),
    Column("waybill", String(64), unique=True),
    Column("moved_at", Instant),
    Column("sealed_trace", LargeBinary, nullable=False),
    Column("looks", Integer, nullable=False),
)

prints = Table(
    "prints",
    metadata,
    _id(),
    _case(),
    Column("result", String(64), nullable=False),
    _division(),
    Column("queued_at", Instant, nullable=False),
    Column("queued_by", String(120), nullable=False),
    Column("printed_at", Instant),
    Column("printed_by", String(120)),
    Column("terminal", String(64)),
    Column("doubted_at", Instant),
    Index("ix_prints_printed_at_queued_at", "printed_at", "queued_at"),
)

ratings = Table(
    "ratings",
    metadata,
    _id(),
    _case(),
    Column("service", String(160), nullable=False),
    Column("number", Integer, nullable=False),
    Column("thing", String(64), nullable=False),
    Column("matter", String(64)),
    Column("department", String(64), nullable=False),
    Column("occasion", String(32), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("level", String(32), nullable=False),
    Column("reasons", JsonText, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("holder", String(64)),
    _division(),
    Column("rated_at", Instant, nullable=False),
    Column("sealed_comment", LargeBinary),
    Column("state", String(32), nullable=False),
    Column("follows", String(64)),
    Column("reference", String(200)),
    UniqueConstraint("service", "number"),
    Index("ix_ratings_department_rated_at", "department", "rated_at"),
)

rating_appeals = Table(
    "rating_appeals",
    metadata,
    _id(),
    Column("rating", String(64), ForeignKey("ratings.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("appealed_by", String(120), nullable=False),
    Column("appealed_at", Instant, nullable=False),
    Column("ground", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    _division(),
    Column("decided_by", String(120)),
    Column("decided_at", Instant),
    Column("excluded", Boolean),
    Column("decision", Text),
    Index("ix_rating_appeals_decided_at_appealed_at", "decided_at", "appealed_at"),
)

rectifications = Table(
    "rectifications",
    metadata,
    _id(),
    Column("rating", String(64), ForeignKey("ratings.id", ondelete="CASCADE"), nullable=False, unique=True),
    _case(),
    Column("department", String(64), nullable=False),
    _division(),
    Column("opened_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", String(32), nullable=False),
    Column("called_at", Instant),
    Column("called_by", String(120)),
    Column("sealed_call_note", LargeBinary),
    Column("finding", String(32)),
    Column("remedy", String(32)),
    Column("sealed_finding_text", LargeBinary),
    Column("remedy_on", Date),
    Column("settled_at", Instant),
    Column("settled_by", String(120)),
    Column("warned_at", Instant),
    Index("ix_rectifications_department_state_due_on", "department", "state", "due_on"),
    Index("ix_rectifications_state_due_on", "state", "due_on"),
    _unwarned("rectifications"),
)

disputes = Table(
    "disputes",
    metadata,
    _id(),
    Column("owner", String(64), nullable=False, index=True),
    Column("thing", String(64), nullable=False),
    Column("fact", String(160), nullable=False),
    Column("source", String(64), nullable=False),
    Column("department", String(64), nullable=False),
    Column("holder", String(64), nullable=False, index=True),
    _division(),
    Column("opened_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("sealed_claim", LargeBinary, nullable=False),
    Column("evidence", JsonText, nullable=False),
    _case(nullable=True),
    Column("state", String(32), nullable=False),
    Column("reason", JsonText),
    Column("settled_at", Instant),
    Column("settled_by", String(120)),
    Column("warned_at", Instant),
    Index("ix_disputes_department_state_due_on", "department", "state", "due_on"),
    _unwarned("disputes"),
    Index("ix_disputes_source_opened_at", "source", "opened_at"),
)

Index(
    "uq_disputes_open",
    disputes.c.owner,
    disputes.c.fact,
    unique=True,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)

data_needs = Table(
    "data_needs",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("fact", String(160), primary_key=True),
    Column("thing", String(64), primary_key=True),
    Column("matter", String(64), primary_key=True),
    Column("department", String(64), nullable=False),
    Column("state", String(32), nullable=False),
    _division(),
    Column("since_revision", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(120), nullable=False),
    Column("number", String(120)),
    Column("reason", Text),
    Column("is_current", Boolean, nullable=False),
    Index("ix_data_needs_thing_state", "thing", "state"),
    Index("ix_data_needs_department_state", "department", "state"),
)

approvals = Table(
    "approvals",
    metadata,
    _id(),
    _case(),
    Column("part", String(64), nullable=False),
    Column("matter", String(64), nullable=False),
    Column("approved_by", String(64), nullable=False),
    Column("supervisor", String(64), nullable=False),
    Column("to_check", Boolean, nullable=False),
    _division(),
    Column("approved_at", Instant, nullable=False),
    Column("state", String(32), nullable=False),
    Column("sent_at", Instant),
    Column("reference", String(200)),
    Column("acknowledged_at", Instant),
    Column("found_at", Instant),
    Column("result", String(32)),
    Column("finding", JsonText),
    UniqueConstraint("part", "supervisor"),
    Index("ix_approvals_supervisor_state_approved_at", "supervisor", "state", "approved_at"),
)

province_reports = Table(
    "province_reports",
    metadata,
    Column(
        "case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, nullable=False
    ),
    Column("reported", Integer, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("refused_at", Instant, index=True),
    Column("refusal", String(120)),
    _division(),
)
