"""Every table. Personal values are in columns named ``sealed_...``; look-up columns are blind."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from onething.storage.columns import Instant, JsonText, RowNumber

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str = "id", *, primary_key: bool = True) -> Column[str]:
    return Column(name, String(64), primary_key=primary_key, nullable=False)


def _division() -> Column[str]:
    # Indexed and in no key: a city may serve many counties from one installation.
    return Column("division", String(12), nullable=False, index=True)


def _sealed_values(name: str, owner: str, owners: str) -> Table:
    return Table(
        name,
        metadata,
        Column(owner, String(64), ForeignKey(f"{owners}.id", ondelete="CASCADE"), primary_key=True),
        Column("role", String(80), primary_key=True),
        Column("retention", String(32), primary_key=True),
        Column("sealed_values", LargeBinary, nullable=False),
    )


revisions = Table(
    "revisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("data", JsonText, nullable=False),
    Column("published_by", String(120), nullable=False),
    Column("published_at", Instant, nullable=False),
    _division(),
)

terminals = Table(
    "terminals",
    metadata,
    _id(),
    Column("number", String(64), nullable=False, unique=True),
    Column("hall", Text, nullable=False),
    Column("public_key", LargeBinary, unique=True),
    Column("enrolled_at", Instant),
    _division(),
    Column("state", String(16), nullable=False, server_default="active"),
    Column("state_since_at", Instant),
    Column("hall_en", Text, nullable=False, server_default=""),
    Column("key_made_at", Instant),
    Column("next_key", LargeBinary),
    Column("configuration", Integer, nullable=False, server_default="0"),
    Column("expected_devices", JsonText, nullable=False, server_default="[]"),
    Column("replaces", String(64)),
    Column("replaced_by", String(64)),
    Column("stolen_at", Instant),
)

terminal_nonces = Table(
    "terminal_nonces",
    metadata,
    _id("terminal"),
    Column("nonce", String(128), primary_key=True),
    Column("used_at", Instant, nullable=False, index=True),
)

sessions = Table(
    "sessions",
    metadata,
    _id(),
    Column("token_digest", String(128), nullable=False, unique=True),
    Column("terminal", String(64), nullable=False, index=True),
    Column("holder", String(64), nullable=False, index=True),
    Column("sealed_card", LargeBinary, nullable=False),
    Column("assurance", String(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("end_cause", String(32)),
    Column("clerk", String(64)),
    Column("mandate", String(64)),
    _division(),
)

drafts = Table(
    "drafts",
    metadata,
    _id(),
    Column("thing", String(64), nullable=False),
    Column("holder", String(64), nullable=False, index=True),
    Column("subject", String(64), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(32), nullable=False),
    Column("progress", JsonText, nullable=False),
    _division(),
)
Index(
    "uq_drafts_open",
    drafts.c.thing,
    drafts.c.holder,
    drafts.c.subject,
    unique=True,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)

draft_values = _sealed_values("draft_values", "draft_id", "drafts")

files = Table(
    "files",
    metadata,
    _id(),
    Column("owner", String(64), nullable=False, index=True),
    Column("material", String(80), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    _division(),
)

cases = Table(
    "cases",
    metadata,
    _id(),
    Column("number", String(64), nullable=False, unique=True),
    Column("thing", String(64), nullable=False),
    Column("holder", String(64), nullable=False),
    Column("draft", String(64), nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("plan", JsonText, nullable=False),
    Column("terminal", String(64)),
    Column("submitted_at", Instant, nullable=False),
    Column("answered_by", Date, nullable=False),
    Column("state", String(32), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("due_on", Date),
    Column("lead", String(64), nullable=False, server_default=""),
    Column("channel", String(16), nullable=False, server_default="kiosk"),
    Column("warn_on", Date),
    Column("paused_on", Date),
    Column("accepted_at", Instant),
    Column("results_at", Instant),
    Column("closed_at", Instant),
    Column("settle_on", Date),
    _division(),
    Index("ix_cases_holder_submitted_at", "holder", "submitted_at"),
    Index("ix_cases_state_due_on", "state", "due_on", "id"),
    Index("ix_cases_state_answered_by", "state", "answered_by", "id"),
    Index("ix_cases_settle_on", "settle_on"),
)

parts = Table(
    "parts",
    metadata,
    _id(),
    Column("case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("matter", String(64), nullable=False),
    Column("department", String(64), nullable=False),
    Column("state", String(32), nullable=False),
    Column("due_on", Date),
    Column("statutory_on", Date),
    Column("warn_on", Date),
    Column("paused_on", Date),
    Column("dispatched_at", Instant),
    Column("accepted_at", Instant),
    Column("ended_at", Instant),
    _division(),
    Index("ix_parts_department_state_due_on", "department", "state", "due_on", "id"),
    Index("ix_parts_state_warn_on", "state", "warn_on", "id"),
)

case_events = Table(
    "case_events",
    metadata,
    Column("case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("part", String(64)),
    Column("data", JsonText, nullable=False),
)

case_values = _sealed_values("case_values", "case_id", "cases")

jobs = Table(
    "jobs",
    metadata,
    _id(),
    Column("kind", String(64), nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", String(32), nullable=False),
    Column("last_error", Text),
    Column("leased_by", String(120)),
    Column("leased_until", Instant),
    _division(),
    Index("ix_jobs_state_due_at", "state", "due_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("actor", String(120), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("body_digest", String(128), nullable=False),
    Column("begun_at", Instant, nullable=False, index=True),
    Column("sealed_answer", LargeBinary),
)

partner_events = Table(
    "partner_events",
    metadata,
    Column("department", String(64), primary_key=True),
    Column("event_id", String(128), primary_key=True),
    Column("taken_at", Instant, nullable=False),
)

partner_nonces = Table(
    "partner_nonces",
    metadata,
    Column("partner", String(64), primary_key=True),
    Column("nonce", String(128), primary_key=True),
    Column("used_at", Instant, nullable=False, index=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", RowNumber, Identity(), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("actor_kind", String(32), nullable=False),
    Column("action", String(64), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("subject", String(64)),
    Column("terminal", String(64)),
    Column("case_id", String(64)),
    Column("result", String(64), nullable=False),
    Column("detail", JsonText, nullable=False),
    _division(),
    Column("on_behalf_of", String(64)),
    Column("digest", String(64), nullable=False),
    Column("position", RowNumber, unique=True),
    Column("seal", String(64)),
    Index("ix_audit_subject_at", "subject", "at"),
)
Index(
    "ix_audit_unsealed",
    audit.c.id,
    sqlite_where=text("position IS NULL"),
    postgresql_where=text("position IS NULL"),
)

staff_calls = Table(
    "staff_calls",
    metadata,
    _id(),
    Column("terminal", String(64), nullable=False, index=True),
    Column("screen", String(120), nullable=False),
    Column("reason", Text),
    Column("called_at", Instant, nullable=False),
    Column("answered_at", Instant),
    _division(),
)
