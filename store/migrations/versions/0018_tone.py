"""The tone of a topic's texts (倾向): the shares with sentences that say so, and which prevails."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("topic", sa.Column("tone", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("topic", sa.Column("leaning", sa.String(10), nullable=False, server_default=""))
