"""Full-text search over segmented Chinese: SQLite FTS5; the only place bound to one database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text


def create_index(connection: Connection) -> None:
    """Make the search table."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("CREATE VIRTUAL TABLE article_words USING fts5(title, body, content='')"))


def add(connection: Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Index articles given as (id, words of the title, words of the text), words separated by spaces."""
    if rows and connection.dialect.name == "sqlite":
        connection.execute(
            text("INSERT INTO article_words(rowid, title, body) VALUES (:id, :title, :body)"),
            [{"id": id, "title": title, "body": body} for id, title, body in rows],
        )


def find(connection: Connection, words: Sequence[str], limit: int) -> list[int]:
    """Ids of the articles that hold all the words, best first (BM25, the title counting four times)."""
    terms = " ".join('"' + word.replace('"', '""') + '"' for word in words if word.strip())
    if not terms:
        return []
    if connection.dialect.name == "sqlite":
        query = (
            "SELECT rowid FROM article_words WHERE article_words MATCH :terms "
            "ORDER BY bm25(article_words, 4.0, 1.0) LIMIT :limit"
        )
        return list(connection.execute(text(query), {"terms": terms, "limit": limit}).scalars())
    where = " AND ".join(f"title || text LIKE :w{i}" for i in range(len(words)))
    values = {f"w{i}": f"%{word}%" for i, word in enumerate(words)}
    query = f"SELECT id FROM article WHERE {where} ORDER BY published_at DESC LIMIT :limit"
    return list(connection.execute(text(query), {**values, "limit": limit}).scalars())
