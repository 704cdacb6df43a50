"""A clerk's sitting for somebody who let them help: by which mandate."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("mandate", sa.String(64)))


def downgrade() -> None:
    op.drop_column("sessions", "mandate")
