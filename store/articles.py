"""Keeping articles (信息), each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, String, bindparam, cast, func, or_, select

from domain.article import Article, SourceTier
from store import search
from store.schema import article, source, topic

_CHUNK = 500  # bound parameters in one statement


@dataclass(frozen=True, slots=True)
class Stored:
    """An article with what is known of it: its source, words and topic."""

    id: int
    source_id: int
    source: str
    tier: SourceTier
    title: str
    text: str
    url: str
    published_at: datetime
    fetched_at: datetime
    date_note: str
    title_words: str
    text_words: str
    topic_id: int | None
    repeats: int | None
    read: bool = False
    personal: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Segmented:
    """A new article with its words, separated by spaces: those that carry meaning, and those it is found by.

    `personal` says that it holds personal data (个人信息).
    """

    article: Article
    title_words: str
    text_words: str
    title_index: str
    text_index: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles of the stream to show; what is None or empty is not asked for."""

    since: datetime | None = None
    until: datetime | None = None
    source_id: int | None = None
    tier: str = ""
    place: str = ""
    topic_id: int | None = None
    unread: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the article table."""
        found: list[ColumnElement[bool]] = []
        if self.since:
            found.append(article.c.published_at >= self.since)
        if self.until:
            found.append(article.c.published_at < self.until)
        if self.source_id is not None:
            found.append(article.c.source_id == self.source_id)
        if self.topic_id is not None:
            found.append(article.c.topic_id == self.topic_id)
        if self.unread:
            found.append(~article.c.read)
        if self.tier:
            found.append(article.c.source_id.in_(select(source.c.id).where(source.c.tier == self.tier)))
        if self.place:
            own = source.c.place.contains(self.place, autoescape=True)
            named = cast(topic.c.places, String).contains(f'"{self.place}', autoescape=True)
            spoken = article.c.title.contains(self.place, autoescape=True)
            found.append(
                or_(
                    article.c.source_id.in_(select(source.c.id).where(own)),
                    article.c.topic_id.in_(select(topic.c.id).where(named)),
                    spoken,
                )
            )
        return found


class Came(NamedTuple):
    """One article as counting needs it; `carried`: it repeats another (转载)."""

    id: int
    published_at: datetime
    carried: bool
    tier: SourceTier


def _select() -> Select[Any]:
    return select(article, source.c.name.label("source_name"), source.c.tier).join(source)


def _stored(row: Row[Any]) -> Stored:
    return Stored(
        id=row.id,
        source_id=row.source_id,
        source=row.publisher or row.source_name,
        tier=SourceTier.of(row.tier),
        title=row.title,
        text=row.text,
        url=row.url,
        published_at=row.published_at,
        fetched_at=row.fetched_at,
        date_note=row.date_note,
        title_words=row.title_words,
        text_words=row.text_words,
        topic_id=row.topic_id,
        repeats=row.repeats,
        read=row.read,
        personal=row.personal,
        fixed=row.fixed,
    )


def unknown(connection: Connection, source_id: int, articles: Sequence[Article]) -> list[Article]:
    """The articles that this source has not given before, each key once."""
    fresh = {item.key: item for item in reversed(articles)}
    keys = list(fresh)
    for i in range(0, len(keys), _CHUNK):
        chunk = keys[i : i + _CHUNK]
        known = select(article.c.key).where(article.c.source_id == source_id, article.c.key.in_(chunk))
        for key in connection.execute(known).scalars():
            del fresh[key]
    return sorted(fresh.values(), key=lambda item: item.published_at)


def add(connection: Connection, source_id: int, items: Sequence[Segmented]) -> list[int]:
    """Keep new articles and index them; their ids in order."""
    if not items:
        return []
    # One writer at a time holds the lock, so the ids that follow are free.
    first = int(connection.execute(select(func.max(article.c.id))).scalar() or 0) + 1
    rows = []
    for id, item in enumerate(items, first):
        a = item.article
        rows.append(
            {
                "id": id,
                "source_id": source_id,
                "key": a.key,
                "title": a.title,
                "text": a.text,
                "url": a.url,
                "publisher": a.publisher,
                "published_at": a.published_at,
                "fetched_at": a.fetched_at,
                "date_note": a.date_note,
                "title_words": item.title_words,
                "text_words": item.text_words,
                "personal": item.personal,
            }
        )
    connection.execute(article.insert(), rows)
    ids = [row["id"] for row in rows]
    search.add(connection, [(id, item.title_index, item.text_index) for id, item in zip(ids, items)])
    return ids


def mark_read(connection: Connection, ids: Sequence[int], read: bool = True) -> None:
    """Mark articles as read, or as unread again."""
    for i in range(0, len(ids), _CHUNK):
        connection.execute(article.update().where(article.c.id.in_(ids[i : i + _CHUNK])).values(read=read))


def count_unread(connection: Connection, since: datetime) -> int:
    """How many articles published since a moment nobody has read."""
    query = select(func.count()).select_from(article).where(~article.c.read, article.c.published_at >= since)
    return int(connection.execute(query).scalar_one())


def place(connection: Connection, placed: Iterable[tuple[int, int, int | None]]) -> None:
    """Put articles into topics: (article, topic, the article it repeats)."""
    rows = [{"of": id, "to": topic_id, "repeating": repeats} for id, topic_id, repeats in placed]
    if rows:
        change = article.update().where(article.c.id == bindparam("of"))
        connection.execute(change.values(topic_id=bindparam("to"), repeats=bindparam("repeating")), rows)


def move(connection: Connection, ids: Sequence[int], topic_id: int, fixed: bool | None = None) -> None:
    """Put articles into another topic; `fixed` says whether a person did.

    None stands for the machine, which leaves those that a person placed where they are.
    """
    for i in range(0, len(ids), _CHUNK):
        change = article.update().where(article.c.id.in_(ids[i : i + _CHUNK]))
        if fixed is None:
            connection.execute(change.where(~article.c.fixed).values(topic_id=topic_id))
        else:
            connection.execute(change.values(topic_id=topic_id, fixed=fixed))


def with_carriers(connection: Connection, ids: Sequence[int]) -> list[tuple[int, bool]]:
    """(id, whether a person placed it) of articles and of those that carry their text."""
    query = select(article.c.id, article.c.fixed).where(or_(article.c.id.in_(ids), article.c.repeats.in_(ids)))
    return [(row.id, row.fixed) for row in connection.execute(query.order_by(article.c.id))]


def get(connection: Connection, id: int) -> Stored | None:
    """One article."""
    row = connection.execute(_select().where(article.c.id == id)).first()
    return _stored(row) if row else None


def unplaced(connection: Connection) -> list[Stored]:
    """Articles that have no topic yet, by time."""
    query = _select().where(article.c.topic_id.is_(None)).order_by(article.c.published_at, article.c.id)
    return [_stored(row) for row in connection.execute(query)]


def placed_since(connection: Connection, since: datetime) -> list[Stored]:
    """Articles with a topic published since a moment, in the order they were placed."""
    query = _select().where(article.c.topic_id.is_not(None), article.c.published_at >= since)
    return [_stored(row) for row in connection.execute(query.order_by(article.c.id))]


def of_topics(connection: Connection, topic_ids: Sequence[int]) -> dict[int, list[Stored]]:
    """The articles of each topic, by time."""
    found: dict[int, list[Stored]] = {id: [] for id in topic_ids}
    for i in range(0, len(topic_ids), _CHUNK):
        query = _select().where(article.c.topic_id.in_(topic_ids[i : i + _CHUNK]))
        for row in connection.execute(query.order_by(article.c.published_at, article.c.id)):
            found[row.topic_id].append(_stored(row))
    return found


def page(connection: Connection, offset: int, limit: int, chosen: Filter | None = None) -> list[Stored]:
    """A page of the stream, newest first."""
    query = _select().order_by(article.c.published_at.desc(), article.c.id.desc()).offset(offset).limit(limit)
    return [_stored(row) for row in connection.execute(query.where(*(chosen.conditions() if chosen else [])))]


def by_ids(connection: Connection, ids: Sequence[int]) -> list[Stored]:
    """Articles in the order of their ids as given."""
    rows = {row.id: _stored(row) for row in connection.execute(_select().where(article.c.id.in_(ids)))}
    return [rows[id] for id in ids if id in rows]


def intake(connection: Connection, start: datetime, end: datetime) -> list[Came]:
    """What was published in [start, end), without the texts."""
    query = (
        select(article.c.id, article.c.published_at, article.c.repeats, source.c.tier)
        .join(source)
        .where(article.c.published_at >= start, article.c.published_at < end)
    )
    return [
        Came(row.id, row.published_at, row.repeats is not None, SourceTier.of(row.tier))
        for row in connection.execute(query)
    ]


def times(connection: Connection, start: datetime, end: datetime) -> list[tuple[datetime, bool]]:
    """(published, whether it repeats another) of the articles in [start, end)."""
    query = select(article.c.published_at, article.c.repeats).where(
        article.c.published_at >= start, article.c.published_at < end
    )
    return [(row.published_at, row.repeats is not None) for row in connection.execute(query)]


def count(connection: Connection, start: datetime | None = None, end: datetime | None = None) -> int:
    """How many articles were published in [start, end)."""
    query = select(func.count()).select_from(article)
    if start is not None:
        query = query.where(article.c.published_at >= start)
    if end is not None:
        query = query.where(article.c.published_at < end)
    return int(connection.execute(query).scalar_one())


def count_fetched(connection: Connection, since: datetime) -> int:
    """How many articles came in since a moment."""
    query = select(func.count()).select_from(article).where(article.c.fetched_at >= since)
    return int(connection.execute(query).scalar_one())


def times_of_topics(connection: Connection, topic_ids: Sequence[int], since: datetime) -> dict[int, list[datetime]]:
    """When the articles of each topic were published, since a moment."""
    found: dict[int, list[datetime]] = {id: [] for id in topic_ids}
    query = select(article.c.topic_id, article.c.published_at).where(
        article.c.topic_id.in_(topic_ids), article.c.published_at >= since
    )
    for row in connection.execute(query):
        found[row.topic_id].append(row.published_at)
    return found


def first_links(connection: Connection, topic_ids: Sequence[int]) -> dict[int, str]:
    """The address of each topic's first article."""
    found: dict[int, str] = {}
    for i in range(0, len(topic_ids), _CHUNK):
        query = select(article.c.topic_id, article.c.url).where(article.c.topic_id.in_(topic_ids[i : i + _CHUNK]))
        for row in connection.execute(query.order_by(article.c.published_at.desc(), article.c.id.desc())):
            found[row.topic_id] = row.url
    return found
