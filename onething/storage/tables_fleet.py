"""Tables of terminals' lives: codes and tries, configurations, commands, reports, alerts, events, intakes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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

_LIVE = text("ended_at IS NULL")
_OPEN = text("closed_at IS NULL")
_TO_SETTLE = text("settled_at IS NULL")


def _id() -> Column[str]:
    return Column("id", String(64), primary_key=True)


def _terminal(*, primary_key: bool = False) -> Column[str]:
    owner = ForeignKey("terminals.id", ondelete="CASCADE")
    return Column("terminal", String(64), owner, primary_key=primary_key, nullable=False)


def _division() -> Column[str]:
    return Column("division", String(12), nullable=False, index=True)


enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    _id(),
    Column("code", String(4), nullable=False),
    _terminal(),
    Column("sealed_secret", LargeBinary),
    Column("issued_by", String(120), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("used_at", Instant),
    Column("used_by", String(64)),
    Column("ended_at", Instant),
    Column("outcome", String(16)),
    Index("uq_enrolment_codes_live", "code", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index("ix_enrolment_codes_terminal_issued_at", "terminal", "issued_at"),
)

# How often somebody tried in one minute: by address and in all. Rows of past minutes are swept away.
enrolment_tries = Table(
    "enrolment_tries",
    metadata,
    Column("scope", String(80), primary_key=True),
    Column("minute_at", Instant, primary_key=True),
    Column("amount", Integer, nullable=False),
)

# For codes that work while the server is out of reach: the terminal's own secret, and how many were given.
terminal_offline = Table(
    "terminal_offline",
    metadata,
    _terminal(primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("counter", Integer, nullable=False),
)

terminal_configurations = Table(
    "terminal_configurations",
    metadata,
    _id(),
    _terminal(),
    Column("revision", Integer, nullable=False),
    Column("settings", JsonText, nullable=False),
    Column("signature", String(128), nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("outcome", String(16)),
    Column("outcome_at", Instant),
    Column("reason", String(64)),
    Column("detail", Text),
    UniqueConstraint("terminal", "revision"),
)

terminal_commands = Table(
    "terminal_commands",
    metadata,
    _id(),
    _terminal(),
    Column("kind", String(32), nullable=False),
    Column("arguments", JsonText, nullable=False),
    Column("reason", Text, nullable=False),
    Column("issued_by", String(120), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("signature", String(128), nullable=False),
    _division(),
    Column("state", String(16), nullable=False),
    Column("sent_at", Instant),
    Column("ended_at", Instant),
    Column("detail", Text),
    Column("attachment", String(64)),
    Index("ix_terminal_commands_terminal_issued_at", "terminal", "issued_at"),
    Index("ix_terminal_commands_open", "terminal", "expires_at", sqlite_where=_LIVE, postgresql_where=_LIVE),
)

# One row a terminal, written over by each heartbeat; no index but the key, so that PostgreSQL can write the
# new row beside the old one (HOT) and nothing grows.
terminal_reports = Table(
    "terminal_reports",
    metadata,
    _terminal(primary_key=True),
    Column("boot_id", String(64), nullable=False),
    Column("left_boot_id", String(64)),
    Column("counter", BigInteger, nullable=False),
    Column("signed_at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("body", JsonText, nullable=False),
    Column("health", String(16), nullable=False),
    Column("health_reason", String(120), nullable=False),
    Column("health_since_at", Instant, nullable=False),
    Column("conditions", JsonText, nullable=False),
    Column("is_silent", Boolean, nullable=False),
)

terminal_alerts = Table(
    "terminal_alerts",
    metadata,
    _id(),
    _terminal(),
    Column("kind", String(32), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("reason", String(120), nullable=False),
    Column("opened_at", Instant, nullable=False),
    _division(),
    Column("closed_at", Instant),
    Column("seen_by", String(120)),
    Column("seen_at", Instant),
    Index(
        "uq_terminal_alerts_open",
        "terminal",
        "kind",
        "subject",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    Index("ix_terminal_alerts_opened_at", "opened_at", "id"),
    Index("ix_terminal_alerts_terminal_opened_at", "terminal", "opened_at"),
)

terminal_events = Table(
    "terminal_events",
    metadata,
    _id(),
    _terminal(),
    Column("at", Instant, nullable=False),
    Column("kind", String(48), nullable=False),
    Column("actor", String(120), nullable=False),
    _division(),
    Column("detail", JsonText, nullable=False),
    Index("ix_terminal_events_terminal_at", "terminal", "at", "id"),
)

intakes = Table(
    "intakes",
    metadata,
    _id(),
    _terminal(),
    Column("item", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    _division(),
    Column("sealed_item", LargeBinary),
    Column("sealed_content", LargeBinary),
    Column("settled_by", String(120)),
    Column("settled_at", Instant),
    Column("note", Text),
    UniqueConstraint("terminal", "item"),
    Index("ix_intakes_to_settle", "received_at", "id", sqlite_where=_TO_SETTLE, postgresql_where=_TO_SETTLE),
)
