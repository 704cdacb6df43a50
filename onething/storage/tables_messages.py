"""Tables of messages: what was told, what became of it on each way, what people want, what they allowed."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from onething.storage.columns import Instant, JsonText
from onething.storage.tables import metadata

messages = Table(
    "messages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("about", String(80), nullable=False),
    Column("link", String(255), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("division", String(12), nullable=False, index=True),
    Column("holder", String(64)),
    Column("end", String(8), nullable=False),
    Column("until_on", Date),
    Column("read_at", Instant),
    Column("sealed_to", LargeBinary),
    Index("ix_messages_holder_created_at", "holder", "created_at", "id"),
)
Index(
    "ix_messages_unread",
    messages.c.holder,
    sqlite_where=text("read_at IS NULL"),
    postgresql_where=text("read_at IS NULL"),
)

message_sends = Table(
    "message_sends",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("message", String(64), ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("way", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("moved_at", Instant, nullable=False),
    Column("provider_id", String(128)),
    Column("reason", String(64)),
    UniqueConstraint("message", "way"),
)

message_preferences = Table(
    "message_preferences",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("ways", JsonText, nullable=False),
    Column("lang", String(8), nullable=False),
    Column("saved_at", Instant, nullable=False),
)

# What a user of WeChat has allowed by tapping: one message for each tap. It goes with the account.
message_subscriptions = Table(
    "message_subscriptions",
    metadata,
    Column("id", String(160), primary_key=True),
    Column(
        "account",
        String(64),
        ForeignKey("phone_accounts.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("template", String(80), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("sealed_address", LargeBinary),
)
