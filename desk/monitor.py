"""Looking at what was heard: topics, articles, the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from analysis.segment import index_words, query_words
from domain.concern import Concern
from domain.errors import NotFoundError
from domain.event import EventKind, MajorEvent
from domain.record import Entry, first_misfit
from domain.times import floor_hour
from domain.topic import Topic
from store import articles, cases, record, search, topics
from store.articles import Filter, Stored
from store.database import Database
from store.search import Order


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic with its articles, summary, curve and concern."""

    topic: Topic
    articles: list[Stored]
    summary: list[dict[str, Any]]
    held: str
    concern: Concern | None


def list_topics(
    database: Database,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
    local_only: bool = False,
) -> list[Topic]:
    """Topics, pinned first, then by heat."""
    with database.read() as connection:
        return topics.listing(connection, since, until, limit, local_only)


def topic_view(database: Database, topic_id: int) -> TopicView:
    """One topic with everything. Raises NotFoundError."""
    with database.read() as connection:
        return TopicView(
            topics.get(connection, topic_id),
            articles.of_topics(connection, [topic_id])[topic_id],
            topics.summary(connection, topic_id),
            topics.held(connection, topic_id),
            cases.of_topic(connection, topic_id),
        )


def hourly(members: list[Stored], now: datetime, hours: int = 168) -> list[int]:
    """Articles of a topic per hour over the last `hours`, the newest last."""
    end = floor_hour(now)
    counts = [0] * hours
    for item in members:
        back = int((end - floor_hour(item.published_at)) / timedelta(hours=1))
        if 0 <= back < hours:
            counts[hours - 1 - back] += 1
    return counts


def rename_topic(database: Database, topic_id: int, name: str, who: str, now: datetime) -> None:
    """Give a topic a name that the collector respects."""
    with database.write() as connection:
        before = topics.get(connection, topic_id).name
        topics.change(connection, topic_id, name=name.strip(), renamed=True)
        record.append(connection, now, who, "话题改名", f"topic:{topic_id}", {"name": before}, {"name": name.strip()})


def pin_topic(database: Database, topic_id: int, pinned: bool, who: str, now: datetime) -> None:
    """Keep a topic at the top of the list, or let it go."""
    with database.write() as connection:
        topics.get(connection, topic_id)
        topics.change(connection, topic_id, pinned=pinned)
        record.append(
            connection, now, who, "置顶" if pinned else "取消置顶", f"topic:{topic_id}", None, {"pinned": pinned}
        )


def search_articles(
    database: Database,
    query: str,
    limit: int = 100,
    order: Order = Order.RELEVANCE,
    chosen: Filter | None = None,
) -> list[Stored]:
    """Articles that hold all the words of a query, best or newest first; where none does, all their parts."""
    conditions = chosen.conditions() if chosen else []
    with database.read() as connection:
        found = search.find(connection, query_words(query), limit, order, conditions)
        if not found:
            found = search.find(connection, index_words(query), limit, order, conditions)
        return articles.by_ids(connection, found)


def words_of(query: str) -> list[str]:
    """The words of a query as they are searched for, to be marked in what is found."""
    return query_words(query)


def mark_read(database: Database, ids: Sequence[int], read: bool = True) -> None:
    """Mark articles as read, or as unread again."""
    with database.write() as connection:
        articles.mark_read(connection, ids, read)


def article(database: Database, id: int) -> Stored:
    """One article. Raises NotFoundError."""
    with database.read() as connection:
        found = articles.get(connection, id)
    if found is None:
        raise NotFoundError(f"没有编号为 {id} 的信息。")
    return found


def article_page(database: Database, offset: int, limit: int, chosen: Filter | None = None) -> list[Stored]:
    """A page of the stream, newest first."""
    with database.read() as connection:
        return articles.page(connection, offset, limit, chosen)


def article_count(database: Database) -> int:
    """How many articles there are."""
    with database.read() as connection:
        return articles.count(connection)


def list_events(database: Database) -> list[MajorEvent]:
    """All major events by date."""
    with database.read() as connection:
        return list(topics.events(connection))


def add_event(
    database: Database,
    who: str,
    now: datetime,
    *,
    kind: EventKind,
    name: str,
    starts: date,
    ends: date,
    words: tuple[str, ...],
    all_words: tuple[str, ...] = (),
    none_words: tuple[str, ...] = (),
) -> int:
    """Add a major event: text touches it with any of `words`, all of `all_words`, none of `none_words`.

    Raises InputError.
    """
    new = MajorEvent(0, kind, name.strip(), starts, ends, words, all_words, none_words)
    with database.write() as connection:
        id = topics.add_event(connection, new)
        record.append(
            connection,
            now,
            who,
            "添加重大事件",
            f"event:{id}",
            None,
            {
                "kind": kind.code,
                "name": name,
                "starts": str(starts),
                "ends": str(ends),
                "any": list(words),
                "all": list(all_words),
                "none": list(none_words),
            },
        )
    return id


def remove_event(database: Database, id: int, who: str, now: datetime) -> None:
    """Drop a major event."""
    with database.write() as connection:
        topics.remove_event(connection, id)
        record.append(connection, now, who, "删除重大事件", f"event:{id}", None, None)


def verify_record(database: Database) -> tuple[int, int | None]:
    """(entries, the first that does not fit the chain or None)."""
    with database.read() as connection:
        found: list[Entry] = list(record.entries(connection))
        return len(found), first_misfit(found)
