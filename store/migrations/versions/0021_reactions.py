"""How many people commented on an article, liked it, viewed it (互动)."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    for name in ("comments", "likes", "views"):
        op.add_column("article", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
