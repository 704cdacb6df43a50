"""Phones: accounts of providers, phones signed in, their tokens, steps outward, refusals."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")

INDEXES = (
    ("ix_phone_accounts_division", "phone_accounts", ["division"]),
    ("ix_phone_accounts_holder", "phone_accounts", ["holder"]),
    ("ix_phone_sign_ins_expires_at", "phone_sign_ins", ["expires_at"]),
    ("ix_phone_sign_ins_account_started_at", "phone_sign_ins", ["account", "started_at"]),
    ("ix_phone_tokens_sign_in", "phone_tokens", ["sign_in"]),
    ("ix_phone_tokens_expires_at", "phone_tokens", ["expires_at"]),
    ("ix_phone_steps_sign_in", "phone_steps", ["sign_in"]),
    ("ix_phone_steps_expires_at", "phone_steps", ["expires_at"]),
)


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(64), nullable=False)


def _owner(table: str, column: str, owners: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    _make_accounts()
    _make_sign_ins()
    _make_tokens()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def _make_accounts() -> None:
    op.create_table(
        "phone_accounts",
        _id(),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("division", sa.String(12), nullable=False),
        sa.Column("holder", sa.String(64)),
        sa.Column("sealed_person", sa.LargeBinary()),
        sa.Column("bound_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_phone_accounts"),
        sa.UniqueConstraint("provider", "subject", name="uq_phone_accounts_provider_subject"),
    )


def _make_sign_ins() -> None:
    op.create_table(
        "phone_sign_ins",
        _id(),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("device", sa.String(60), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("session", sa.String(64)),
        sa.Column("ended_at", INSTANT),
        sa.Column("end_cause", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_phone_sign_ins"),
        _owner("phone_sign_ins", "account", "phone_accounts"),
    )


def _make_tokens() -> None:
    op.create_table(
        "phone_tokens",
        _id(),
        sa.Column("sign_in", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.Column("salt", sa.String(64)),
        sa.Column("used_under", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_phone_tokens"),
        _owner("phone_tokens", "sign_in", "phone_sign_ins"),
    )
    op.create_table(
        "phone_steps",
        _id(),
        sa.Column("sealed_kept", sa.LargeBinary()),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("sign_in", sa.String(64)),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_phone_steps"),
        _owner("phone_steps", "sign_in", "phone_sign_ins"),
    )
    op.create_table(
        "phone_refusals",
        sa.Column("scope", sa.String(80), nullable=False),
        sa.Column("minute_at", INSTANT, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "minute_at", name="pk_phone_refusals"),
    )


def downgrade() -> None:
    for table in ("phone_refusals", "phone_steps", "phone_tokens", "phone_sign_ins", "phone_accounts"):
        op.drop_table(table)
