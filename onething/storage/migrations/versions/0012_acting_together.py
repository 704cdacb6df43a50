"""Invitations to authorise, mandates to act for another, and on whose behalf an audited act was done."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")

INDEXES = (
    ("ix_invitations_code", "invitations", ["code"]),
    ("ix_invitations_expires_at", "invitations", ["expires_at"]),
    ("ix_invitations_division", "invitations", ["division"]),
    ("ix_invitations_draft_made_at", "invitations", ["draft", "made_at"]),
    ("ix_invitations_invited_made_at", "invitations", ["invited", "made_at"]),
    ("ix_mandates_code", "mandates", ["code"]),
    ("ix_mandates_expires_at", "mandates", ["expires_at"]),
    ("ix_mandates_division", "mandates", ["division"]),
    ("ix_mandates_principal_made_at", "mandates", ["principal", "made_at"]),
    ("ix_mandates_agent_made_at", "mandates", ["agent", "made_at"]),
)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def upgrade() -> None:
    _make_invitations()
    _make_mandates()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.add_column("audit", _text("on_behalf_of", 64, nullable=True))


def _make_invitations() -> None:
    op.create_table(
        "invitations",
        _text("id", 64),
        _text("draft", 64),
        _text("thing", 64),
        _text("role", 64),
        _text("sender", 64),
        _text("token", 64),
        _text("code", 64),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        _text("division", 12),
        _text("state", 16),
        _text("invited", 64, nullable=True),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.Column("sealed_said", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", INSTANT),
        sa.Column("answered_at", INSTANT),
        sa.Column("wrong_people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name="fk_invitations_draft", ondelete="CASCADE"),
        sa.UniqueConstraint("token", name="uq_invitations_token"),
    )


def _make_mandates() -> None:
    op.create_table(
        "mandates",
        _text("id", 64),
        _text("kind", 16),
        _text("principal", 64),
        _text("agent", 64, nullable=True),
        sa.Column("things", sa.Text(), nullable=False),
        sa.Column("matters", sa.Text(), nullable=False),
        _text("granted_by", 64),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        _text("division", 12),
        _text("code", 64, nullable=True),
        sa.Column("taken_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        sa.Column("sealed_people", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mandates"),
    )


def downgrade() -> None:
    op.drop_column("audit", "on_behalf_of")
    for table in ("mandates", "invitations"):
        op.drop_table(table)
