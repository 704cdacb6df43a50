"""Prints at kiosks: which one prints, and since when it does not know what came out."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.add_column("prints", sa.Column("terminal", sa.String(64)))
    op.add_column("prints", sa.Column("doubted_at", INSTANT))


def downgrade() -> None:
    op.drop_column("prints", "doubted_at")
    op.drop_column("prints", "terminal")
