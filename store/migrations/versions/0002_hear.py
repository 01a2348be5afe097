"""What hearing well needs: rhythm and notices of sources, reading marks, personal data marks, ranks, a new index."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SOURCE = (
    ("tags", sa.JSON(), "[]"),
    ("place", sa.String(60), ""),
    ("encoding", sa.String(30), ""),
    ("options", sa.JSON(), "{}"),
    ("notice", sa.Text(), ""),
)


def upgrade() -> None:
    for name, kind, default in _SOURCE:
        op.add_column("source", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("source", sa.Column("interval_minutes", sa.Float(), nullable=True))
    for name in ("due_at", "wait_until", "new_at"):
        op.add_column("source", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ("read", "personal"):
        op.add_column("article", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("article_by_read", "article", ["read", "published_at"])
    op.create_index("article_by_source", "article", ["source_id", "published_at"])
    op.create_index("article_by_fetch", "article", ["fetched_at"])
    op.create_table(
        "ranking",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("source.id"), nullable=False),
        sa.Column("key", sa.String(420), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("heat", sa.Float(), nullable=True),
    )
    op.create_index("ranking_by_item", "ranking", ["source_id", "key", "at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE article_words")
        op.execute("CREATE VIRTUAL TABLE article_words USING fts5(title, body, content='')")
        op.execute(
            "INSERT INTO article_words(rowid, title, body) SELECT id, title_words, text_words FROM article ORDER BY id"
        )
