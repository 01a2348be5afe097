"""A kind of 新动向 is told again when it says something else: what each says is kept, and how grave another happening is."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.rename_table("development", "development_before")
    op.create_table(
        "development",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("concern_id", sa.Integer(), sa.ForeignKey("concern.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("became", sa.Integer()),
        sa.Column("says", sa.JSON(), nullable=False),
        sa.Column("grade", sa.String(10), nullable=False),
    )
    op.create_index("development_by_concern", "development", ["concern_id"])
    op.execute(
        "INSERT INTO development (id, concern_id, kind, found_at, evidence, state, became, says, grade) "
        "SELECT id, concern_id, kind, found_at, evidence, state, became, '[]', 'none' FROM development_before"
    )
    op.drop_table("development_before")
