"""Results, parcels, ratings, disputes, data-sharing needs, approvals and reports to the province."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "data_needs",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.String(length=160), nullable=False),
        sa.Column("thing", sa.String(length=64), nullable=False),
        sa.Column("matter", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("since_revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "fact", "thing", "matter", name=op.f("pk_data_needs")),
    )
    op.create_index("ix_data_needs_department_state", "data_needs", ["department", "state"], unique=False)
    op.create_index(op.f("ix_data_needs_division"), "data_needs", ["division"], unique=False)
    op.create_index("ix_data_needs_thing_state", "data_needs", ["thing", "state"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("matter", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=False),
        sa.Column("supervisor", sa.String(length=64), nullable=False),
        sa.Column("to_check", sa.Boolean(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("approved_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("found_at", INSTANT, nullable=True),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_approvals_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("part", "supervisor", name=op.f("uq_approvals_part_supervisor")),
    )
    op.create_index(op.f("ix_approvals_case_id"), "approvals", ["case_id"], unique=False)
    op.create_index(op.f("ix_approvals_division"), "approvals", ["division"], unique=False)
    op.create_index(
        "ix_approvals_supervisor_state_approved_at",
        "approvals",
        ["supervisor", "state", "approved_at"],
        unique=False,
    )
    op.create_table(
        "disputes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("thing", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.String(length=160), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sealed_claim", sa.LargeBinary(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_disputes_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index(op.f("ix_disputes_case_id"), "disputes", ["case_id"], unique=False)
    op.create_index(
        "ix_disputes_department_state_due_on", "disputes", ["department", "state", "due_on"], unique=False
    )
    op.create_index(op.f("ix_disputes_division"), "disputes", ["division"], unique=False)
    op.create_index(op.f("ix_disputes_holder"), "disputes", ["holder"], unique=False)
    op.create_index(op.f("ix_disputes_owner"), "disputes", ["owner"], unique=False)
    op.create_index("ix_disputes_source_opened_at", "disputes", ["source", "opened_at"], unique=False)
    op.create_index(
        "uq_disputes_open",
        "disputes",
        ["owner", "fact"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "partial_issues",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_partial_issues_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_partial_issues")),
    )
    op.create_index(op.f("ix_partial_issues_division"), "partial_issues", ["division"], unique=False)
    op.create_table(
        "prints",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("queued_at", INSTANT, nullable=False),
        sa.Column("queued_by", sa.String(length=120), nullable=False),
        sa.Column("printed_at", INSTANT, nullable=True),
        sa.Column("printed_by", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_prints_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prints")),
    )
    op.create_index(op.f("ix_prints_case_id"), "prints", ["case_id"], unique=False)
    op.create_index(op.f("ix_prints_division"), "prints", ["division"], unique=False)
    op.create_index("ix_prints_printed_at_queued_at", "prints", ["printed_at", "queued_at"], unique=False)
    op.create_table(
        "province_reports",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("reported", sa.Integer(), nullable=False),
        sa.Column("reported_at", INSTANT, nullable=False),
        sa.Column("refused_at", INSTANT, nullable=True),
        sa.Column("refusal", sa.String(length=120), nullable=True),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_province_reports_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_province_reports")),
    )
    op.create_index(op.f("ix_province_reports_division"), "province_reports", ["division"], unique=False)
    op.create_index(op.f("ix_province_reports_refused_at"), "province_reports", ["refused_at"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("thing", sa.String(length=64), nullable=False),
        sa.Column("matter", sa.String(length=64), nullable=True),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("rated_at", INSTANT, nullable=False),
        sa.Column("sealed_comment", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("follows", sa.String(length=64), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_ratings_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("service", "number", name=op.f("uq_ratings_service_number")),
    )
    op.create_index(op.f("ix_ratings_case_id"), "ratings", ["case_id"], unique=False)
    op.create_index("ix_ratings_department_rated_at", "ratings", ["department", "rated_at"], unique=False)
    op.create_index(op.f("ix_ratings_division"), "ratings", ["division"], unique=False)
    op.create_table(
        "results",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("document", sa.String(length=80), nullable=False),
        sa.Column("of_role", sa.String(length=80), nullable=True),
        sa.Column("identifier", sa.String(length=200), nullable=True),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("completed_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=True),
        sa.Column("issued_at", INSTANT, nullable=True),
        sa.Column("issued_by", sa.String(length=120), nullable=True),
        sa.Column("receiver", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_results_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        sa.UniqueConstraint("part", "place", name=op.f("uq_results_part_place")),
    )
    op.create_index(op.f("ix_results_case_id"), "results", ["case_id"], unique=False)
    op.create_index(op.f("ix_results_division"), "results", ["division"], unique=False)
    op.create_table(
        "shipments",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("waybill", sa.String(length=64), nullable=True),
        sa.Column("moved_at", INSTANT, nullable=True),
        sa.Column("sealed_trace", sa.LargeBinary(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_shipments_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("waybill", name=op.f("uq_shipments_waybill")),
    )
    op.create_index(op.f("ix_shipments_case_id"), "shipments", ["case_id"], unique=False)
    op.create_index(op.f("ix_shipments_division"), "shipments", ["division"], unique=False)
    op.create_table(
        "rating_appeals",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("rating", sa.String(length=64), nullable=False),
        sa.Column("appealed_by", sa.String(length=120), nullable=False),
        sa.Column("appealed_at", INSTANT, nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("excluded", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rating"], ["ratings.id"], name=op.f("fk_rating_appeals_rating"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_appeals")),
        sa.UniqueConstraint("rating", name=op.f("uq_rating_appeals_rating")),
    )
    op.create_index(
        "ix_rating_appeals_decided_at_appealed_at",
        "rating_appeals",
        ["decided_at", "appealed_at"],
        unique=False,
    )
    op.create_index(op.f("ix_rating_appeals_division"), "rating_appeals", ["division"], unique=False)
    op.create_table(
        "rectifications",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("rating", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("called_at", INSTANT, nullable=True),
        sa.Column("called_by", sa.String(length=120), nullable=True),
        sa.Column("sealed_call_note", sa.LargeBinary(), nullable=True),
        sa.Column("finding", sa.String(length=32), nullable=True),
        sa.Column("remedy", sa.String(length=32), nullable=True),
        sa.Column("sealed_finding_text", sa.LargeBinary(), nullable=True),
        sa.Column("remedy_on", sa.Date(), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_rectifications_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rating"], ["ratings.id"], name=op.f("fk_rectifications_rating"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectifications")),
        sa.UniqueConstraint("rating", name=op.f("uq_rectifications_rating")),
    )
    op.create_index(op.f("ix_rectifications_case_id"), "rectifications", ["case_id"], unique=False)
    op.create_index(
        "ix_rectifications_department_state_due_on",
        "rectifications",
        ["department", "state", "due_on"],
        unique=False,
    )
    op.create_index("ix_rectifications_state_due_on", "rectifications", ["state", "due_on"])
    op.create_index(op.f("ix_rectifications_division"), "rectifications", ["division"], unique=False)


def downgrade() -> None:
    op.drop_table("rectifications")
    op.drop_table("rating_appeals")
    op.drop_table("shipments")
    op.drop_table("results")
    op.drop_table("ratings")
    op.drop_table("province_reports")
    op.drop_table("prints")
    op.drop_table("partial_issues")
    op.drop_table("disputes")
    op.drop_table("approvals")
    op.drop_table("data_needs")
