"""Tables of the second check: codes sent, what sittings have proven, and numbers proven once."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from onething.storage.columns import Instant
from onething.storage.tables import metadata

step_up_codes = Table(
    "step_up_codes",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("session", String(64), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("person", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("known_by", String(16), nullable=False),
    Column("sent_at", Instant, nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
    Column("sealed_mobile", LargeBinary),
    Column("guesses", Integer, nullable=False),
    Column("used_at", Instant),
    Index("ix_step_up_codes_session_sent_at", "session", "sent_at"),
)

step_up_proofs = Table(
    "step_up_proofs",
    metadata,
    Column("id", String(64), ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("level", String(32), nullable=False),
    Column("by", String(16), nullable=False),
    Column("proven_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False),
)

proven_mobiles = Table(
    "proven_mobiles",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("proven_at", Instant, nullable=False, index=True),
    Column("sealed_mobile", LargeBinary, nullable=False),
)
