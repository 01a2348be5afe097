"""Which pieces of personal data one with the right has let stand in a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("draft", sa.Column("allowed", sa.JSON(), nullable=False, server_default="[]"))
