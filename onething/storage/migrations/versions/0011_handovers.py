"""Hand-overs between kiosks and phones, by the digest of the code that was shown."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")

INDEXES = (
    ("ix_handovers_draft", ["draft"]),
    ("ix_handovers_shown_at", ["shown_at"]),
    ("ix_handovers_session_shown_at", ["session", "shown_at"]),
    ("ix_handovers_taken_by_shown_at", ["taken_by", "shown_at"]),
)


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("draft", sa.String(64), nullable=False),
        sa.Column("shown_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("material", sa.String(80)),
        sa.Column("taken_at", INSTANT),
        sa.Column("taken_by", sa.String(64)),
        sa.Column("ended_at", INSTANT),
        sa.Column("end_cause", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sa.UniqueConstraint("token", name="uq_handovers_token"),
        _owner("session", "sessions"),
        _owner("draft", "drafts"),
    )
    for name, columns in INDEXES:
        op.create_index(name, "handovers", columns)


def _owner(column: str, owners: str) -> sa.ForeignKeyConstraint:
    name = f"fk_handovers_{column}"
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("handovers")
