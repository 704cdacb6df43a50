"""Tallies, what sources answered, and the indexes of lists."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
OPEN = "ended_at IS NULL"
WITHOUT_LIMIT = f"{OPEN} AND due_on IS NULL"

INDEXES = (
    ("ix_tallies_division", "tallies", ["division"], None),
    ("ix_tallies_day", "tallies", ["day"], None),
    ("ix_tallies_measure_thing_day", "tallies", ["measure", "thing", "day"], None),
    ("ix_standings_division", "standings", ["division"], None),
    ("ix_source_answers_division", "source_answers", ["division"], None),
    ("ix_source_answers_hour_at", "source_answers", ["hour_at"], None),
    ("ix_cases_thing_state_due_on", "cases", ["thing", "state", "due_on", "id"], None),
    ("ix_cases_lead_state_due_on", "cases", ["lead", "state", "due_on", "id"], None),
    ("ix_cases_state_closed_at", "cases", ["state", "closed_at", "id"], None),
    ("ix_parts_open_of_department", "parts", ["department", "due_on", "id"], OPEN),
    ("ix_parts_open", "parts", ["due_on", "id"], OPEN),
    (
        "ix_parts_open_by_dispatch",
        "parts",
        ["department", "dispatched_at", "id"],
        f"{OPEN} AND due_on IS NULL",
    ),
    ("ix_parts_ended_at", "parts", ["ended_at"], "ended_at IS NOT NULL"),
    ("ix_orders_issued_at", "orders", ["issued_at", "id"], None),
    ("ix_disputes_opened_at", "disputes", ["opened_at", "id"], None),
    ("ix_ratings_rated_at", "ratings", ["rated_at", "id"], None),
    ("ix_staff_calls_called_at", "staff_calls", ["called_at", "id"], None),
)
TABLES = ("tallies", "standings", "source_answers")


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("division", sa.String(12), nullable=False),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("thing", sa.String(64), nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("bucket", sa.String(80), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_tallies"),
    )
    op.create_table(
        "standings",
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("counts", sa.String(8), nullable=False),
        sa.Column("division", sa.String(12), nullable=False),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("thing", sa.String(64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("warn_on", sa.Date()),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_standings"),
    )
    op.create_table(
        "source_answers",
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("hour_at", INSTANT, nullable=False),
        sa.Column("division", sa.String(12), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_source_answers"),
    )
    for name, table, columns, where in INDEXES:
        only = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table)
    for table in TABLES:
        op.drop_table(table)
