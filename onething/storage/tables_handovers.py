"""The table of hand-overs between kiosks and phones."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from onething.storage.columns import Instant
from onething.storage.tables import metadata

handovers = Table(
    "handovers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("session", String(64), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("holder", String(64), nullable=False),
    Column("draft", String(64), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("shown_at", Instant, nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
    Column("material", String(80)),
    Column("taken_at", Instant),
    Column("taken_by", String(64)),
    Column("ended_at", Instant),
    Column("end_cause", String(32)),
    Index("ix_handovers_session_shown_at", "session", "shown_at"),
    Index("ix_handovers_taken_by_shown_at", "taken_by", "shown_at"),
)
