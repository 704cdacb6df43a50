"""Tables of acting together: invitations to authorise, mandates to act for another."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from onething.storage.columns import Instant, JsonText
from onething.storage.tables import metadata


def _id() -> Column[str]:
    return Column("id", String(64), primary_key=True)


def _division() -> Column[str]:
    return Column("division", String(12), nullable=False, index=True)


invitations = Table(
    "invitations",
    metadata,
    _id(),
    Column("draft", String(64), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    Column("thing", String(64), nullable=False),
    Column("role", String(64), nullable=False),
    Column("sender", String(64), nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("code", String(64), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    _division(),
    Column("state", String(16), nullable=False),
    Column("invited", String(64)),
    Column("is_known", Boolean, nullable=False),
    Column("sealed_said", LargeBinary, nullable=False),
    Column("opened_at", Instant),
    Column("answered_at", Instant),
    Column("wrong_people", Integer, nullable=False),
    Index("ix_invitations_draft_made_at", "draft", "made_at"),
    Index("ix_invitations_invited_made_at", "invited", "made_at"),
)

mandates = Table(
    "mandates",
    metadata,
    _id(),
    Column("kind", String(16), nullable=False),
    Column("principal", String(64), nullable=False),
    Column("agent", String(64)),
    Column("things", JsonText, nullable=False),
    Column("matters", JsonText, nullable=False),
    Column("granted_by", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    _division(),
    Column("code", String(64), index=True),
    Column("taken_at", Instant),
    Column("revoked_at", Instant),
    Column("sealed_people", LargeBinary, nullable=False),
    Index("ix_mandates_principal_made_at", "principal", "made_at"),
    Index("ix_mandates_agent_made_at", "agent", "made_at"),
)
