"""The table of showing codes; they go with the sitting that showed them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from onething.storage.columns import Instant
from onething.storage.tables import metadata

showing_codes = Table(
    "showing_codes",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("session", String(64), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("licence", String(64)),
    Column("used_at", Instant),
    Column("used_by", String(80)),
    Index("ix_showing_codes_session_expires_at", "session", "expires_at"),
)
