"""The second check of a person: codes sent, what sittings have proven, and numbers proven once."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
INDEXES = (
    ("ix_step_up_codes_sent_at", "step_up_codes", ["sent_at"]),
    ("ix_step_up_codes_session_sent_at", "step_up_codes", ["session", "sent_at"]),
    ("ix_proven_mobiles_proven_at", "proven_mobiles", ["proven_at"]),
)


def _of_session(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["sessions.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "step_up_codes",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("known_by", sa.String(16), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("sealed_mobile", sa.LargeBinary()),
        sa.Column("guesses", sa.Integer(), nullable=False),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_step_up_codes"),
        _of_session("step_up_codes", "session"),
    )
    op.create_table(
        "step_up_proofs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("proven_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_step_up_proofs"),
        _of_session("step_up_proofs", "id"),
    )
    op.create_table(
        "proven_mobiles",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("proven_at", INSTANT, nullable=False),
        sa.Column("sealed_mobile", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proven_mobiles"),
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for table in ("step_up_codes", "step_up_proofs", "proven_mobiles"):
        op.drop_table(table)
