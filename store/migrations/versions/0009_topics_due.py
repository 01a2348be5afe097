"""Topics whose articles have changed since the collector last looked at them, so that an interrupted look goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0005"


def upgrade() -> None:
    op.create_table("topic_due", sa.Column("topic_id", sa.Integer(), primary_key=True, autoincrement=False))
