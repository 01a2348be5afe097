"""Keeping articles (信息), each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, String, bindparam, case, cast, func, or_, select

from domain.article import NO_REACTIONS, Article, Reactions, SourceTier, StoredArticle
from domain.query import ArticleFilter
from domain.search import Search
from store import search
from store.schema import article, source, topic

_CHUNK = 500  # bound parameters in one statement


@dataclass(frozen=True, slots=True)
class Segmented:
    """A new article with the words of it that carry meaning, and what it is found by (domain/bigrams.py), by spaces.

    `personal` says that it holds personal data (个人信息).
    """

    article: Article
    title_words: str
    text_words: str
    title_index: str
    text_index: str
    personal: bool = False


def conditions(chosen: ArticleFilter | None) -> list[ColumnElement[bool]]:
    """What a filter asks for, as conditions on the article table; none for None."""
    if chosen is None:
        return []
    conditions: list[ColumnElement[bool]] = []
    if chosen.since:
        conditions.append(article.c.published_at >= chosen.since)
    if chosen.until:
        conditions.append(article.c.published_at < chosen.until)
    if chosen.source_id is not None:
        conditions.append(article.c.source_id == chosen.source_id)
    if chosen.topic_id is not None:
        conditions.append(article.c.topic_id == chosen.topic_id)
    if chosen.unread:
        conditions.append(~article.c.read)
    if chosen.tier:
        conditions.append(article.c.source_id.in_(select(source.c.id).where(source.c.tier == chosen.tier)))
    if chosen.place:
        conditions.append(_about(chosen.place))
    return conditions


def asked_for(asked: Search) -> list[ColumnElement[bool]]:
    """What a search asks for beside what stands in the text: sources, places and times, as conditions."""
    conditions = [
        or_(
            article.c.source_id.in_(select(source.c.id).where(source.c.name.icontains(name, autoescape=True))),
            article.c.publisher.icontains(name, autoescape=True),
        )
        for name in asked.sources
    ]
    conditions += map(_about, asked.places)
    if asked.since:
        conditions.append(article.c.published_at >= asked.since)
    if asked.until:
        conditions.append(article.c.published_at < asked.until)
    return conditions


def _about(place: str) -> ColumnElement[bool]:
    """Whether an article is about a place: by its source, its topic or its title."""
    own = source.c.place.contains(place, autoescape=True)
    named = cast(topic.c.places, String).contains(f'"{place}', autoescape=True)
    return or_(
        article.c.source_id.in_(select(source.c.id).where(own)),
        article.c.topic_id.in_(select(topic.c.id).where(named)),
        article.c.title.contains(place, autoescape=True),
    )


class Came(NamedTuple):
    """One article as counting needs it; `near_duplicate`: it repeats another (转载)."""

    id: int
    published_at: datetime
    near_duplicate: bool
    tier: SourceTier


def _select() -> Select[Any]:
    of_source = (source.c.name.label("source_name"), source.c.tier, source.c.place)
    return select(article, *of_source).join(source)


def _stored(row: Row[Any]) -> StoredArticle:
    return StoredArticle(
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
        place=row.place,
        reactions=Reactions(row.comments, row.likes, row.views),
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
    ids = list(range(first, first + len(items)))
    rows: list[dict[str, object]] = []
    for id, item in zip(ids, items):
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
                **asdict(a.reactions),
            }
        )
    connection.execute(article.insert(), rows)
    search.add(connection, [(id, item.title_index, item.text_index) for id, item in zip(ids, items)])
    return ids


def react(connection: Connection, source_id: int, items: Iterable[Article]) -> None:
    """Keep how many people reacted by now to articles that are known."""
    said = {item.key: item.reactions for item in items if item.reactions != NO_REACTIONS}
    keys, counts = list(said), (article.c.comments, article.c.likes, article.c.views)
    changed = []
    for i in range(0, len(keys), _CHUNK):
        known = select(article.c.id, article.c.key, *counts).where(
            article.c.source_id == source_id, article.c.key.in_(keys[i : i + _CHUNK])
        )
        for id, key, *before in connection.execute(known):
            now = said[key]
            if Reactions(*before) != now:
                changed.append({"of": id, "said": now.comments, "liked": now.likes, "viewed": now.views})
    if changed:
        change = article.update().where(article.c.id == bindparam("of"))
        counted = change.values(comments=bindparam("said"), likes=bindparam("liked"), views=bindparam("viewed"))
        connection.execute(counted, changed)


def mark_read(connection: Connection, ids: Sequence[int], read: bool = True) -> None:
    """Mark articles as read, or as unread again."""
    for i in range(0, len(ids), _CHUNK):
        connection.execute(article.update().where(article.c.id.in_(ids[i : i + _CHUNK])).values(read=read))


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


def with_near_duplicates(connection: Connection, ids: Sequence[int]) -> list[tuple[int, bool]]:
    """(id, whether a person placed it) of articles and of those that carry their text."""
    query = select(article.c.id, article.c.fixed).where(or_(article.c.id.in_(ids), article.c.repeats.in_(ids)))
    return [(row.id, row.fixed) for row in connection.execute(query.order_by(article.c.id))]


def get(connection: Connection, id: int) -> StoredArticle | None:
    """One article."""
    row = connection.execute(_select().where(article.c.id == id)).first()
    return _stored(row) if row else None


class ArticleWords(NamedTuple):
    """An article as placing it needs it: whose it is and what words it has, without its text."""

    id: int
    title: str
    title_words: str
    text_words: str
    published_at: datetime
    source: str
    topic_id: int | None
    repeats: int | None
    fixed: bool


class Member(NamedTuple):
    """An article of a topic as counting needs it."""

    id: int
    published_at: datetime
    repeats: int | None
    source: str
    tier: SourceTier
    people: float = 0.0  # who reacted (`Reactions.people`)


def _select_words() -> Select[Any]:
    name = case((article.c.publisher != "", article.c.publisher), else_=source.c.name).label("source")
    some = (article.c.id, article.c.title, article.c.title_words, article.c.text_words, article.c.published_at)
    return select(*some, name, article.c.topic_id, article.c.repeats, article.c.fixed).join(source)


def waiting(connection: Connection, limit: int, since: datetime | None = None) -> list[ArticleWords]:
    """Articles that have no topic yet, the oldest `limit`; of those published since a moment, where asked."""
    query = _select_words().where(article.c.topic_id.is_(None))
    if since is not None:
        query = query.where(article.c.published_at >= since)
    rows = connection.execute(query.order_by(article.c.published_at, article.c.id).limit(limit))
    return [ArticleWords(*row) for row in rows]


def count_waiting(connection: Connection) -> int:
    """How many articles have no topic yet."""
    return int(
        connection.execute(select(func.count()).select_from(article).where(article.c.topic_id.is_(None))).scalar_one()
    )


def oldest_waiting(connection: Connection) -> datetime | None:
    """When the oldest article that has no topic yet was published."""
    oldest: datetime | None = connection.execute(
        select(func.min(article.c.published_at)).where(article.c.topic_id.is_(None))
    ).scalar()
    return oldest


def placed_since(connection: Connection, since: datetime, most: int) -> Iterator[ArticleWords]:
    """The newest `most` articles with a topic published since a moment, in the order they came."""
    newest = select(article.c.id).where(article.c.published_at >= since, article.c.topic_id.is_not(None))
    newest = newest.order_by(article.c.published_at.desc(), article.c.id.desc()).limit(most)
    query = _select_words().where(article.c.id.in_(newest))
    for row in connection.execution_options(yield_per=500).execute(query.order_by(article.c.id)):
        yield ArticleWords(*row)


def members(connection: Connection, topic_ids: Sequence[int]) -> dict[int, list[Member]]:
    """The articles of each topic by time, without their texts."""
    by_topic: dict[int, list[Member]] = {id: [] for id in topic_ids}
    tiers = {tier.code: tier for tier in SourceTier}
    of = {
        row.id: (row.name, tiers[row.tier])
        for row in connection.execute(select(source.c.id, source.c.name, source.c.tier))
    }
    counts = (article.c.comments, article.c.likes, article.c.views)
    some = (article.c.id, article.c.published_at, article.c.repeats, article.c.publisher, *counts)
    for i in range(0, len(topic_ids), _CHUNK):
        query = select(article.c.topic_id, article.c.source_id, *some).where(
            article.c.topic_id.in_(topic_ids[i : i + _CHUNK])
        )
        for topic_id, source_id, id, at, repeats, publisher, *reacted in connection.execute(
            query.order_by(article.c.published_at, article.c.id)
        ):
            name, tier = of[source_id]
            people = Reactions(*reacted).people if any(reacted) else 0.0
            by_topic[topic_id].append(Member(id, at, repeats, publisher or name, tier, people))
    return by_topic


def fetched(connection: Connection, topic_ids: Sequence[int]) -> list[tuple[int, datetime, int | None]]:
    """(id, when it came, whose text it repeats) of the articles of some topics, by when they were published.

    Near-duplicates under the same headline are left out; under another one they may tell of something else in the words
    of one form.
    """
    first = article.alias()
    query = select(article.c.id, article.c.fetched_at, article.c.repeats)
    query = query.join(first, first.c.id == article.c.repeats, isouter=True)
    query = query.where(article.c.topic_id.in_(topic_ids))
    query = query.where(or_(article.c.repeats.is_(None), article.c.title != first.c.title))
    order = article.c.published_at, article.c.id
    return [(id, at, repeats) for id, at, repeats in connection.execute(query.order_by(*order))]


def placed_by_people(connection: Connection, topic_ids: Sequence[int]) -> dict[int, list[tuple[int, bool]]]:
    """(id, whether a person placed it) of the articles of each topic."""
    by_topic: dict[int, list[tuple[int, bool]]] = {id: [] for id in topic_ids}
    query = select(article.c.topic_id, article.c.id, article.c.fixed).where(article.c.topic_id.in_(topic_ids))
    for topic_id, id, fixed in connection.execute(query.order_by(article.c.published_at, article.c.id)):
        by_topic[topic_id].append((id, fixed))
    return by_topic


def marks(connection: Connection, topic_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By which it is seen whether the articles of topics changed: how many, and the sum of their ids; none, (0, 0)."""
    counts = dict.fromkeys(topic_ids, (0, 0))
    for i in range(0, len(topic_ids), _CHUNK):
        query = select(article.c.topic_id, func.count(), func.sum(article.c.id))
        query = query.where(article.c.topic_id.in_(topic_ids[i : i + _CHUNK])).group_by(article.c.topic_id)
        for topic_id, count, total in connection.execute(query):
            counts[topic_id] = (int(count), int(total))
    return counts


def of_topics(connection: Connection, topic_ids: Sequence[int]) -> dict[int, list[StoredArticle]]:
    """The articles of each topic, by time."""
    by_topic: dict[int, list[StoredArticle]] = {id: [] for id in topic_ids}
    for i in range(0, len(topic_ids), _CHUNK):
        query = _select().where(article.c.topic_id.in_(topic_ids[i : i + _CHUNK]))
        for row in connection.execute(query.order_by(article.c.published_at, article.c.id)):
            by_topic[row.topic_id].append(_stored(row))
    return by_topic


def titles(connection: Connection, topic_ids: Sequence[int]) -> dict[int, list[str]]:
    """The titles of the articles of topics, by time."""
    titles_of: dict[int, list[str]] = {}
    for i in range(0, len(topic_ids), _CHUNK):
        query = select(article.c.topic_id, article.c.title).where(article.c.topic_id.in_(topic_ids[i : i + _CHUNK]))
        for topic_id, title in connection.execute(query.order_by(article.c.published_at, article.c.id)):
            titles_of.setdefault(topic_id, []).append(title)
    return titles_of


class Headline(NamedTuple):
    """What is needed to see whether an article carries a title: of which source, when, where."""

    source_id: int
    published_at: datetime
    title: str
    url: str


def headlines(connection: Connection, source_ids: Sequence[int], since: datetime) -> list[Headline]:
    """The headlines of some sources since a moment, the oldest first; without their texts, which are long."""
    asked = select(article.c.source_id, article.c.published_at, article.c.title, article.c.url)
    asked = asked.where(article.c.source_id.in_(source_ids), article.c.published_at >= since)
    rows = connection.execute(asked.order_by(article.c.published_at, article.c.id))
    return [Headline(*row) for row in rows] if source_ids else []


def page(
    connection: Connection,
    offset: int,
    limit: int,
    chosen: ArticleFilter | None = None,
    latest: datetime | None = None,
) -> list[StoredArticle]:
    """A page of the stream, newest first; what is dated after `latest`, by a clock that was wrong, comes last."""
    wanted = conditions(chosen)
    query = _select().where(*wanted).order_by(article.c.published_at.desc(), article.c.id.desc())
    if latest is None:
        return [_stored(row) for row in connection.execute(query.offset(offset).limit(limit))]
    # Two questions, each by the index of time, where one ordered by both would read every row.
    timely, late = article.c.published_at <= latest, article.c.published_at > latest
    rows = [_stored(row) for row in connection.execute(query.where(timely).offset(offset).limit(limit))]
    if len(rows) == limit or connection.execute(select(article.c.id).where(late, *wanted).limit(1)).first() is None:
        return rows
    before = connection.execute(select(func.count()).select_from(article).where(timely, *wanted)).scalar_one()
    rest = query.where(late).offset(max(0, offset - before)).limit(limit - len(rows))
    return rows + [_stored(row) for row in connection.execute(rest)]


def count_after(connection: Connection, moment: datetime) -> int:
    """How many articles are dated after a moment."""
    return int(
        connection.execute(
            select(func.count()).select_from(article).where(article.c.published_at > moment)
        ).scalar_one()
    )


def by_ids(connection: Connection, ids: Sequence[int]) -> list[StoredArticle]:
    """Articles in the order of their ids as given."""
    rows: dict[int, StoredArticle] = {}
    for i in range(0, len(ids), _CHUNK):
        some = connection.execute(_select().where(article.c.id.in_(ids[i : i + _CHUNK])))
        rows.update((row.id, _stored(row)) for row in some)
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
    by_topic: dict[int, list[datetime]] = {id: [] for id in topic_ids}
    query = select(article.c.topic_id, article.c.published_at).where(
        article.c.topic_id.in_(topic_ids), article.c.published_at >= since
    )
    for row in connection.execute(query):
        by_topic[row.topic_id].append(row.published_at)
    return by_topic


def first_links(connection: Connection, topic_ids: Sequence[int]) -> dict[int, str]:
    """The address of each topic's first article."""
    links: dict[int, str] = {}
    for i in range(0, len(topic_ids), _CHUNK):
        query = select(article.c.topic_id, article.c.url).where(article.c.topic_id.in_(topic_ids[i : i + _CHUNK]))
        for row in connection.execute(query.order_by(article.c.published_at.desc(), article.c.id.desc())):
            links[row.topic_id] = row.url
    return links
