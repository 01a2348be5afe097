"""Search by pairs of characters (domain/bigrams.py as it was then), which finds what words missed across their borders."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"

_RUN = re.compile(r"[^\W_]+")


def _indexed(text: str) -> str:
    runs = _RUN.findall(unicodedata.normalize("NFKC", text).casefold())
    return " ".join([run[i : i + 2] for run in runs for i in range(len(run))])


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    op.execute("DROP TABLE article_words")
    op.execute("CREATE VIRTUAL TABLE article_words USING fts5(title, body, content='', tokenize='ascii')")
    last, add = 0, sa.text("INSERT INTO article_words(rowid, title, body) VALUES (:id, :title, :body)")
    some = sa.text("SELECT id, title, text FROM article WHERE id > :last ORDER BY id LIMIT 500")
    while rows := connection.execute(some, {"last": last}).all():
        connection.execute(
            add, [{"id": i, "title": _indexed(title), "body": _indexed(text)} for i, title, text in rows]
        )
        last = rows[-1].id
