"""Tables of phones: accounts of providers, phones signed in, their tokens, steps outward, refusals."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from onething.storage.columns import Instant
from onething.storage.tables import metadata


def _id() -> Column[str]:
    return Column("id", String(64), primary_key=True)


def _sign_in(*, nullable: bool) -> Column[str]:
    owner = ForeignKey("phone_sign_ins.id", ondelete="CASCADE")
    return Column("sign_in", String(64), owner, nullable=nullable, index=True)


phone_accounts = Table(
    "phone_accounts",
    metadata,
    _id(),
    Column("provider", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("division", String(12), nullable=False, index=True),
    Column("holder", String(64), index=True),
    Column("sealed_person", LargeBinary),
    Column("bound_at", Instant),
    UniqueConstraint("provider", "subject"),
)

phone_sign_ins = Table(
    "phone_sign_ins",
    metadata,
    _id(),
    Column("account", String(64), ForeignKey("phone_accounts.id", ondelete="CASCADE"), nullable=False),
    Column("device", String(60), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("session", String(64)),
    Column("ended_at", Instant),
    Column("end_cause", String(32)),
    Index("ix_phone_sign_ins_account_started_at", "account", "started_at"),
)

phone_tokens = Table(
    "phone_tokens",
    metadata,
    _id(),
    _sign_in(nullable=False),
    Column("kind", String(16), nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("used_at", Instant),
    Column("salt", String(64)),
    Column("used_under", String(64)),
)

phone_steps = Table(
    "phone_steps",
    metadata,
    _id(),
    Column("sealed_kept", LargeBinary),
    Column("expires_at", Instant, nullable=False, index=True),
    _sign_in(nullable=True),
    Column("used_at", Instant),
)

# How often a code or token was refused in one minute: by address and in all. Past minutes are swept away.
phone_refusals = Table(
    "phone_refusals",
    metadata,
    Column("scope", String(80), primary_key=True),
    Column("minute_at", Instant, primary_key=True),
    Column("amount", Integer, nullable=False),
)
