"""Tables of uploads in pieces; the bytes are in the file store."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from onething.storage.columns import Instant
from onething.storage.tables import metadata

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("name", String(120), nullable=False),
    Column("length", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("sealed_outcome", LargeBinary),
    Index("ix_uploads_holder_expires_at", "holder", "expires_at"),
)

upload_pieces = Table(
    "upload_pieces",
    metadata,
    Column("upload", String(64), ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Integer, primary_key=True),
    Column("file", String(64), nullable=False),
    Column("size", Integer, nullable=False),
)
