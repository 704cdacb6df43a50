"""Messages: what was told, what became of it on each way, what people want, what they allowed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")

INDEXES = (
    ("ix_messages_created_at", "messages", ["created_at"]),
    ("ix_messages_division", "messages", ["division"]),
    ("ix_messages_holder_created_at", "messages", ["holder", "created_at", "id"]),
    ("ix_message_subscriptions_account", "message_subscriptions", ["account"]),
)


def _id(longest: int = 64) -> sa.Column[str]:
    return sa.Column("id", sa.String(longest), nullable=False)


def _owner(table: str, column: str, owners: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    _make_messages()
    _make_wishes()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_messages_unread", "messages", ["holder"], sqlite_where=unread, postgresql_where=unread
    )


def _make_messages() -> None:
    op.create_table(
        "messages",
        _id(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("link", sa.String(255), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("division", sa.String(12), nullable=False),
        sa.Column("holder", sa.String(64)),
        sa.Column("end", sa.String(8), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.Column("read_at", INSTANT),
        sa.Column("sealed_to", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_table(
        "message_sends",
        _id(),
        sa.Column("message", sa.String(64), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("moved_at", INSTANT, nullable=False),
        sa.Column("provider_id", sa.String(128)),
        sa.Column("reason", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_message_sends"),
        sa.UniqueConstraint("message", "way", name="uq_message_sends_message_way"),
        _owner("message_sends", "message", "messages"),
    )


def _make_wishes() -> None:
    op.create_table(
        "message_preferences",
        _id(),
        sa.Column("ways", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_preferences"),
    )
    op.create_table(
        "message_subscriptions",
        _id(160),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("template", sa.String(80), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("sealed_address", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_message_subscriptions"),
        _owner("message_subscriptions", "account", "phone_accounts"),
    )


def downgrade() -> None:
    for table in ("message_subscriptions", "message_preferences", "message_sends", "messages"):
        op.drop_table(table)
