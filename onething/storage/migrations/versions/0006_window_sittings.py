"""The clerk at whose window a citizen sits."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("clerk", sa.String(64)))


def downgrade() -> None:
    op.drop_column("sessions", "clerk")
