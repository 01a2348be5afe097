"""What a merge or split held where it was, so that the collector holds it too and taking it back lets it go."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("topic_change", sa.Column("stayed", sa.JSON(), nullable=False, server_default="[]"))
