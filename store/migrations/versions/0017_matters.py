"""Which concern a topic belongs to (事件), how near a topic came to being one, and where the hot lists had it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("topic", sa.Column("matter", sa.Integer()))
    op.add_column("topic", sa.Column("nearness", sa.Float(), nullable=False, server_default="0"))
    op.create_index("topic_by_matter", "topic", ["matter"])
