"""Which deadlines are of a rule that starts again after each publication (持续发布), the office's own ones too."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("deadline", sa.Column("repeats", sa.Boolean(), nullable=False, server_default=sa.false()))
    # The clock of such a rule is the only one that was counted from the last publication, and says so.
    op.execute("UPDATE deadline SET repeats = true WHERE code = 'updates' OR how LIKE '从上次发布%'")
