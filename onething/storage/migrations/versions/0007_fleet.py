"""Terminals' lives: states, codes, configurations, commands, reports, alerts, events, intakes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# SQLite has no instants: ISO 8601 text in UTC, of fixed width.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
LIVE, OPEN, TO_SETTLE = "ended_at IS NULL", "closed_at IS NULL", "settled_at IS NULL"

INDEXES = (
    ("uq_enrolment_codes_live", "enrolment_codes", ["code"], LIVE, True),
    ("ix_enrolment_codes_terminal_issued_at", "enrolment_codes", ["terminal", "issued_at"], None, False),
    ("ix_terminal_commands_division", "terminal_commands", ["division"], None, False),
    ("ix_terminal_commands_terminal_issued_at", "terminal_commands", ["terminal", "issued_at"], None, False),
    ("ix_terminal_commands_open", "terminal_commands", ["terminal", "expires_at"], LIVE, False),
    ("ix_terminal_alerts_division", "terminal_alerts", ["division"], None, False),
    ("uq_terminal_alerts_open", "terminal_alerts", ["terminal", "kind", "subject"], OPEN, True),
    ("ix_terminal_alerts_opened_at", "terminal_alerts", ["opened_at", "id"], None, False),
    ("ix_terminal_alerts_terminal_opened_at", "terminal_alerts", ["terminal", "opened_at"], None, False),
    ("ix_terminal_events_division", "terminal_events", ["division"], None, False),
    ("ix_terminal_events_terminal_at", "terminal_events", ["terminal", "at", "id"], None, False),
    ("ix_intakes_division", "intakes", ["division"], None, False),
    ("ix_intakes_to_settle", "intakes", ["received_at", "id"], TO_SETTLE, False),
)


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(64), nullable=False, primary_key=True)


def _terminal(table: str) -> sa.Column[str]:
    owner = sa.ForeignKey("terminals.id", name=f"fk_{table}_terminal", ondelete="CASCADE")
    return sa.Column("terminal", sa.String(64), owner, nullable=False)


def _division() -> sa.Column[str]:
    return sa.Column("division", sa.String(12), nullable=False)


def upgrade() -> None:
    _change_terminals()
    _make_enrolment()
    _make_orders()
    _make_watch()
    _make_intakes()
    for name, table, columns, where, unique in INDEXES:
        only = sa.text(where) if where else None
        op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)


def _change_terminals() -> None:
    with op.batch_alter_table("terminals") as batch:
        batch.alter_column("public_key", existing_type=sa.LargeBinary(), nullable=True)
        batch.alter_column("enrolled_at", existing_type=INSTANT, nullable=True)
        batch.add_column(sa.Column("state", sa.String(16), nullable=False, server_default="active"))
        batch.add_column(sa.Column("state_since_at", INSTANT))
        batch.add_column(sa.Column("hall_en", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("key_made_at", INSTANT))
        batch.add_column(sa.Column("next_key", sa.LargeBinary()))
        batch.add_column(sa.Column("configuration", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("expected_devices", sa.Text(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("replaces", sa.String(64)))
        batch.add_column(sa.Column("replaced_by", sa.String(64)))
        batch.add_column(sa.Column("stolen_at", INSTANT))
        batch.create_unique_constraint("uq_terminals_public_key", ["public_key"])
    op.execute(
        "UPDATE terminals SET state = 'suspended', state_since_at = suspended_at"
        " WHERE suspended_at IS NOT NULL"
    )
    with op.batch_alter_table("terminals") as batch:
        batch.drop_column("suspended_at")


def _make_enrolment() -> None:
    op.create_table(
        "enrolment_codes",
        _id(),
        sa.Column("code", sa.String(4), nullable=False),
        _terminal("enrolment_codes"),
        sa.Column("sealed_secret", sa.LargeBinary()),
        sa.Column("issued_by", sa.String(120), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("used_at", INSTANT),
        sa.Column("used_by", sa.String(64)),
        sa.Column("ended_at", INSTANT),
        sa.Column("outcome", sa.String(16)),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_codes"),
    )
    op.create_table(
        "enrolment_tries",
        sa.Column("scope", sa.String(80), nullable=False),
        sa.Column("minute_at", INSTANT, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "minute_at", name="pk_enrolment_tries"),
    )
    op.create_table(
        "terminal_offline",
        _terminal("terminal_offline"),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("terminal", name="pk_terminal_offline"),
    )


def _make_orders() -> None:
    op.create_table(
        "terminal_configurations",
        _id(),
        _terminal("terminal_configurations"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("outcome_at", INSTANT),
        sa.Column("reason", sa.String(64)),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_terminal_configurations"),
        sa.UniqueConstraint("terminal", "revision", name="uq_terminal_configurations_terminal_revision"),
    )
    op.create_table(
        "terminal_commands",
        _id(),
        _terminal("terminal_commands"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.String(120), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        _division(),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("detail", sa.Text()),
        sa.Column("attachment", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_terminal_commands"),
    )


def _make_watch() -> None:
    op.create_table(
        "terminal_reports",
        _terminal("terminal_reports"),
        sa.Column("boot_id", sa.String(64), nullable=False),
        sa.Column("left_boot_id", sa.String(64)),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.Column("heard_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("health", sa.String(16), nullable=False),
        sa.Column("health_reason", sa.String(120), nullable=False),
        sa.Column("health_since_at", INSTANT, nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("terminal", name="pk_terminal_reports"),
    )
    op.create_table(
        "terminal_alerts",
        _id(),
        _terminal("terminal_alerts"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(120), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        _division(),
        sa.Column("closed_at", INSTANT),
        sa.Column("seen_by", sa.String(120)),
        sa.Column("seen_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_terminal_alerts"),
    )
    op.create_table(
        "terminal_events",
        _id(),
        _terminal("terminal_events"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        _division(),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_terminal_events"),
    )


def _make_intakes() -> None:
    op.create_table(
        "intakes",
        _id(),
        _terminal("intakes"),
        sa.Column("item", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        _division(),
        sa.Column("sealed_item", sa.LargeBinary()),
        sa.Column("sealed_content", sa.LargeBinary()),
        sa.Column("settled_by", sa.String(120)),
        sa.Column("settled_at", INSTANT),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_intakes"),
        sa.UniqueConstraint("terminal", "item", name="uq_intakes_terminal_item"),
    )


def downgrade() -> None:
    for name, table, _columns, _where, _unique in reversed(INDEXES):
        op.drop_index(name, table)
    for table in (
        "intakes", "terminal_events", "terminal_alerts", "terminal_reports", "terminal_commands",
        "terminal_configurations", "terminal_offline", "enrolment_tries", "enrolment_codes",
    ):  # fmt: skip
        op.drop_table(table)
    with op.batch_alter_table("terminals") as batch:
        batch.add_column(sa.Column("suspended_at", INSTANT))
        batch.drop_constraint("uq_terminals_public_key", type_="unique")
    op.execute("UPDATE terminals SET suspended_at = state_since_at WHERE state = 'suspended'")
    op.execute("DELETE FROM terminals WHERE public_key IS NULL OR enrolled_at IS NULL")
    with op.batch_alter_table("terminals") as batch:
        batch.alter_column("public_key", existing_type=sa.LargeBinary(), nullable=False)
        batch.alter_column("enrolled_at", existing_type=INSTANT, nullable=False)
        for name in (
            "state", "state_since_at", "hall_en", "key_made_at", "next_key", "configuration",
            "expected_devices", "replaces", "replaced_by", "stolen_at",
        ):  # fmt: skip
            batch.drop_column(name)
