"""Full-text search: SQLite FTS5 over pairs of characters (domain/bigrams.py); the only place bound to one database.

The index keeps no texts. Ranking looks at the newest CANDIDATES that match: ranking all matches of a common word among
a million articles takes 0.4 s, this takes 0.02 s, and whoever searches news wants the new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, and_, column, literal_column, not_, or_, select, table, text

from domain.bigrams import phrase
from domain.query import Order
from domain.search import Phrase, Search
from store.schema import article

CANDIDATES = 2000
TITLE_COUNTS = 4.0
_words = table("article_words", column("rowid"))
_score: ColumnElement[float] = literal_column(f"bm25(article_words, {TITLE_COUNTS}, 1.0)")
# What the tokens are is our affair: only spaces part them, and case is folded already.
INDEX = "CREATE VIRTUAL TABLE article_words USING fts5(title, body, content='', tokenize='ascii')"


def create_index(connection: Connection) -> None:
    """Make the search table."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(INDEX))


def add(connection: Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Index articles given as (id, title, text), each as `bigrams.indexed`."""
    given = [{"id": id, "title": title, "body": body} for id, title, body in rows]
    if given and connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO article_words(rowid, title, body) VALUES (:id, :title, :body)"), given)


def find(
    connection: Connection,
    asked: Search,
    limit: int,
    order: Order = Order.RELEVANCE,
    conditions: Sequence[ColumnElement[bool]] = (),
) -> list[int]:
    """Ids of the articles that hold what is asked for and meet the conditions on `article`.

    By relevance (BM25, the title counting four times), or the newest first. What only leaves words out is looked for
    among the newest CANDIDATES that meet the conditions.
    """
    if not asked.groups:
        return _others(connection, asked, limit, conditions)
    if connection.dialect.name != "sqlite":
        held = [or_(*map(_held, group)) for group in asked.groups] + [not_(_held(one)) for one in asked.without]
        query = select(article.c.id).where(*held, *conditions).order_by(article.c.id.desc())
        return list(connection.execute(query.limit(limit)).scalars())
    match = text("article_words MATCH :terms").bindparams(terms=expression(asked))
    newest = select(_words.c.rowid.label("id"), _score.label("score")).where(match)
    if conditions:
        newest = newest.join_from(_words, article, article.c.id == _words.c.rowid).where(*conditions)
    newest = newest.order_by(_words.c.rowid.desc())
    if order is Order.TIME:
        return list(connection.execute(newest.with_only_columns(_words.c.rowid).limit(limit)).scalars())
    matches = newest.limit(CANDIDATES).subquery()
    return list(connection.execute(select(matches.c.id).order_by(matches.c.score).limit(limit)).scalars())


def expression(asked: Search) -> str:
    """What is asked for, in the language of FTS5; it holds letters, digits and its own signs, nothing else."""
    wanted = " AND ".join(f"({_any(group)})" for group in asked.groups)
    return f"({wanted}) NOT ({_any(asked.without)})" if asked.without else wanted


def _any(phrases: Sequence[Phrase]) -> str:
    return " OR ".join(map(_phrase, phrases))


def _phrase(one: Phrase) -> str:
    row, begun = phrase(one.runs)
    return f'{"title : " if one.title else ""}"{" ".join(row)}"{" *" if begun else ""}'


def _held(one: Phrase) -> ColumnElement[bool]:
    within = article.c.title if one.title else article.c.title + "\n" + article.c.text
    return and_(*(within.icontains(run, autoescape=True) for run in one.runs))


def _others(connection: Connection, asked: Search, limit: int, conditions: Sequence[ColumnElement[bool]]) -> list[int]:
    """The newest that meet the conditions, without those that hold what is to be left out."""
    newest = select(article.c.id).where(*conditions).order_by(article.c.published_at.desc(), article.c.id.desc())
    ids = list(connection.execute(newest.limit(CANDIDATES if asked.without else limit)).scalars())
    if asked.without and ids:
        unwanted = Search((asked.without,))
        some = [*conditions, article.c.id.in_(ids)]
        left_out = set(find(connection, unwanted, CANDIDATES, Order.TIME, some))
        ids = [id for id in ids if id not in left_out]
    return ids[:limit]
