"""When a late rectification or dispute was warned of."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
UNWARNED = "settled_at IS NULL AND warned_at IS NULL"
TABLES = ("rectifications", "disputes")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("warned_at", INSTANT))
        op.create_index(
            f"ix_{table}_unwarned",
            table,
            ["due_on", "id"],
            sqlite_where=sa.text(UNWARNED),
            postgresql_where=sa.text(UNWARNED),
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_unwarned", table)
        op.drop_column(table, "warned_at")
