"""Storing what came in, some articles at a time, so that whoever works beside is never kept waiting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from desk.collecting.turns import Turns
from store import articles
from store.articles import Segmented
from store.database import Connection

STORED_TOGETHER = 50  # articles in one transaction: some 10 ms


def store_articles(turns: Turns, source_id: int, prepared: Iterable[Segmented]) -> int:
    """Keep new articles of a source; how many were. Those that somebody stored meanwhile are left out.

    What has been stored stays when the rest fails: it is known the next time.
    """
    source, new = iter(prepared), 0
    while some := list(islice(source, STORED_TOGETHER)):
        with turns.write() as connection:
            new += add_new(connection, source_id, some)
    return new


def add_new(connection: Connection, source_id: int, items: Sequence[Segmented]) -> int:
    """Keep those articles that nobody has stored meanwhile; how many were new."""
    keys = {item.key for item in articles.unknown(connection, source_id, [item.article for item in items])}
    fresh = [item for item in items if item.article.key in keys]
    articles.add(connection, source_id, fresh)
    return len(fresh)
