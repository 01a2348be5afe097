"""Placing what has no topic yet: which articles are next, and where the window puts them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.topics import Document, Move, Placement, TopicWindow
from desk.topics.restoring import PART
from domain.times import DAY
from store import articles
from store.articles import ArticleWords
from store.database import Database

BACKLOG = 2_000  # articles from which today's go first


@dataclass(frozen=True, slots=True)
class Placed:
    """Where articles went, what the reclustering that followed moved, and the id from which topics are new."""

    articles: Sequence[ArticleWords]
    placements: Sequence[Placement]
    moves: Sequence[Move]
    first_new: int


def next_part(database: Database, window: TopicWindow, now: datetime) -> list[ArticleWords]:
    """What is placed next: the oldest first; of a backlog today's first, for it may be grave.

    The window goes with what waits, so that what belongs together meets in it whenever it came.
    """
    with database.read() as connection:
        clock = min(now, articles.oldest_waiting(connection) or now)
        part = articles.waiting(connection, PART)
        if len(part) > BACKLOG:
            part = articles.waiting(connection, PART, now - DAY) or part
    window.expire(clock)
    return part


def place(
    window: TopicWindow, part: Sequence[ArticleWords], ready: Sequence[Document], worked_on: Collection[int]
) -> Placed:
    """Place some articles in the window and recluster it; what is worked on as a case keeps its topic."""
    first_new = window.next_topic_id
    placements = window.place(ready)
    window.keep(worked_on)
    return Placed(part, placements, window.recluster(), first_new)
