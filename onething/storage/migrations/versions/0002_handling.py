"""Acceptance, clocks, notices and who a case is about."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def _added() -> dict[str, tuple[sa.Column[object], ...]]:
    """New columns, made anew each time: a column belongs to one table."""
    return {
        "cases": (
            sa.Column("lead", sa.String(64), nullable=False, server_default=""),
            sa.Column("channel", sa.String(16), nullable=False, server_default="kiosk"),
            sa.Column("warn_on", sa.Date()),
            sa.Column("paused_on", sa.Date()),
            sa.Column("accepted_at", INSTANT),
            sa.Column("results_at", INSTANT),
            sa.Column("closed_at", INSTANT),
            sa.Column("settle_on", sa.Date()),
        ),
        "parts": (
            sa.Column("statutory_on", sa.Date()),
            sa.Column("warn_on", sa.Date()),
            sa.Column("paused_on", sa.Date()),
            sa.Column("dispatched_at", INSTANT),
            sa.Column("accepted_at", INSTANT),
            sa.Column("ended_at", INSTANT),
        ),
    }


INDEXES = (
    ("ix_cases_state_due_on", "cases", ["state", "due_on", "id"]),
    ("ix_cases_settle_on", "cases", ["settle_on"]),
    ("ix_cases_state_answered_by", "cases", ["state", "answered_by", "id"]),
    ("ix_parts_department_state_due_on", "parts", ["department", "state", "due_on", "id"]),
    ("ix_parts_state_warn_on", "parts", ["state", "warn_on", "id"]),
)


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    for name, table, indexed in INDEXES:
        op.create_index(name, table, indexed)
    _create_people()
    _create_notices()
    _create_deadlines()


def _create_people() -> None:
    op.create_table(
        "case_people",
        _case_column(primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
    )
    op.create_index("ix_case_people_kind_digest", "case_people", ["kind", "digest"])
    op.create_table(
        "originals",
        sa.Column("id", sa.String(64), primary_key=True),
        _case_column(),
        sa.Column("material", sa.String(80), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("received_by", sa.String(120), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("returned_by", sa.String(120)),
        sa.Column("returned_at", INSTANT),
    )
    op.create_index("ix_originals_case_id", "originals", ["case_id"])


def _create_notices() -> None:
    op.create_table(
        "notice_numbers",
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("number", sa.String(120), nullable=False),
        _case_column(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("part", sa.String(64)),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.String(120), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("division", sa.String(12), nullable=False),
        sa.UniqueConstraint("number", name="uq_notices_number"),
    )
    op.create_index("ix_notices_case_id", "notices", ["case_id"])
    op.create_index("ix_notices_division", "notices", ["division"])


def _create_deadlines() -> None:
    op.create_table(
        "warnings",
        _case_column(primary_key=True),
        sa.Column("clock", sa.String(64), primary_key=True),
        sa.Column("level", sa.String(16), primary_key=True),
        sa.Column("due_on", sa.Date(), primary_key=True),
        sa.Column("warned_at", INSTANT, nullable=False),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("number", sa.String(120), nullable=False),
        _case_column(),
        sa.Column("part", sa.String(64)),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.String(120), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_by", sa.String(120)),
        sa.Column("answered_at", INSTANT),
        sa.Column("division", sa.String(12), nullable=False),
        sa.UniqueConstraint("number", name="uq_orders_number"),
    )
    op.create_index("ix_orders_case_id", "orders", ["case_id"])
    op.create_index("ix_orders_division", "orders", ["division"])
    op.create_index("ix_orders_department_answered_at", "orders", ["department", "answered_at"])
    op.create_table(
        "pull_cursors",
        sa.Column("department", sa.String(64), primary_key=True),
        sa.Column("cursor", sa.String(200), nullable=False),
        sa.Column("pulled_at", INSTANT, nullable=False),
    )


def _case_column(*, primary_key: bool = False) -> sa.Column[str]:
    reference = sa.ForeignKey("cases.id", ondelete="CASCADE")
    return sa.Column("case_id", sa.String(64), reference, primary_key=primary_key, nullable=False)


def downgrade() -> None:
    for table in (
        "pull_cursors",
        "orders",
        "warnings",
        "notices",
        "notice_numbers",
        "originals",
        "case_people",
    ):
        op.drop_table(table)
    for name, table, _columns in INDEXES:
        op.drop_index(name, table)
    for table, columns in _added().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
