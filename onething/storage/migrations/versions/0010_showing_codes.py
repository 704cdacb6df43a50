"""Showing codes: what a phone shows for a minute, by the digest of its token."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
INDEX = "ix_showing_codes_session_expires_at"
OWNER = "fk_showing_codes_session"


def upgrade() -> None:
    op.create_table(
        "showing_codes",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("licence", sa.String(64)),
        sa.Column("used_at", INSTANT),
        sa.Column("used_by", sa.String(80)),
        sa.PrimaryKeyConstraint("id", name="pk_showing_codes"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name=OWNER, ondelete="CASCADE"),
    )
    op.create_index(INDEX, "showing_codes", ["session", "expires_at"])


def downgrade() -> None:
    op.drop_table("showing_codes")
