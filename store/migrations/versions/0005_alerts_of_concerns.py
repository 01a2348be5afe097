"""Reminders of new and escalating concerns beside those of deadlines."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.rename_table("alert", "alert_before")
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(60), nullable=False, unique=True),
        sa.Column("concern_id", sa.Integer(), sa.ForeignKey("concern.id"), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False, server_default=""),
    )
    op.execute(
        "INSERT INTO alert (id, at, key, concern_id, level, text, held) "
        "SELECT a.id, a.at, 'deadline:' || a.deadline_id || ':' || a.level, d.concern_id, a.level, a.text, a.held "
        "FROM alert_before a JOIN deadline d ON d.id = a.deadline_id"
    )
    op.drop_table("alert_before")
