"""The window of topics as the store has it, made at the start of a collector and after a failure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from analysis.centroid import CONTINUED
from analysis.parallel import Helpers
from analysis.topics import MOST_ARTICLES, Document, TopicWindow
from desk.collecting.segmenting import documents
from store import articles, topics
from store.articles import ArticleWords
from store.database import Database

PART = 5_000  # articles that are read together


@dataclass(frozen=True, slots=True)
class Restored:
    """The window, and which of people's changes it holds already: change → whether it was undone."""

    window: TopicWindow
    followed: dict[int, bool]


def restored(database: Database, now: datetime, helpers: Helpers | None) -> Restored:
    """The window as the store has it; it begins so early that what waits to be placed finds its topics."""
    with database.read() as connection:
        clock = min(now, articles.oldest_waiting(connection) or now)
        window = TopicWindow(topics.next_id(connection))
        changes = topics.changes(connection, since=now - CONTINUED)
        known = articles.placed_since(connection, clock - CONTINUED, MOST_ARTICLES)
        window.restore((document, told.topic_id or 0, told.repeats) for told, document in _read(known, helpers))
    return Restored(window, {c.id: c.undone for c in changes})


def _read(known: Iterator[ArticleWords], helpers: Helpers | None) -> Iterator[tuple[ArticleWords, Document]]:
    while some := list(islice(known, PART)):
        yield from zip(some, documents(some, helpers))
