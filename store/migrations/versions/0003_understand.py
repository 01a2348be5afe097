"""What understanding needs: articles placed by people, traces of topics, hours of the curve, plans of events."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("article", sa.Column("fixed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("topic", sa.Column("area_ground", sa.Text(), nullable=False, server_default=""))
    op.add_column("topic", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.add_column("topic", sa.Column("hours", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("major_event", sa.Column("plan", sa.JSON(), nullable=False, server_default="{}"))
    op.create_index("article_by_repeats", "article", ["repeats"])
    op.create_table(
        "topic_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("ix_topic_change_before", "topic_change", ["before"])
    op.create_index("ix_topic_change_after", "topic_change", ["after"])
