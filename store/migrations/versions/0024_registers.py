"""The registers beside the ledger (政务公开台账), looks at the office's own channels, and reminders that are of no concern."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.Column("noted", sa.JSON(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("register_entry_by_kind", "register_entry", ["kind", "waits"])
    op.create_table(
        "channel_look",
        sa.Column("entry_id", sa.Integer(), sa.ForeignKey("register_entry.id"), primary_key=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("updated_on", sa.Date()),
        sa.Column("links", sa.Integer(), nullable=False),
        sa.Column("dead", sa.JSON(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
    )
    op.create_table(
        "carried",
        sa.Column("response_id", sa.Integer(), sa.ForeignKey("response.id"), primary_key=True),
        sa.Column("entry_id", sa.Integer(), sa.ForeignKey("register_entry.id"), primary_key=True),
        sa.Column("carried_on", sa.Date(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.rename_table("alert", "alert_before")
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(60), nullable=False, unique=True),
        sa.Column("concern_id", sa.Integer(), sa.ForeignKey("concern.id")),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False, server_default=""),
        sa.Column("entry_id", sa.Integer(), sa.ForeignKey("register_entry.id")),
    )
    op.execute(
        "INSERT INTO alert (id, at, key, concern_id, level, text, held) "
        "SELECT id, at, key, concern_id, level, text, held FROM alert_before"
    )
    op.drop_table("alert_before")
