"""One case for each subject and matter."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEX = "ix_case_claims_case_id"


def upgrade() -> None:
    op.create_table(
        "case_claims",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("matter", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("subject", "matter", name="pk_case_claims"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_claims_case_id", ondelete="CASCADE"),
    )
    op.create_index(INDEX, "case_claims", ["case_id"])


def downgrade() -> None:
    op.drop_table("case_claims")
