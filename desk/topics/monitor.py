"""Looking at what was heard: topics, articles, the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analysis.segment import query_words
from domain.article import StoredArticle
from domain.concern import Concern
from domain.errors import ExportError, NotFoundError
from domain.files import whole_file
from domain.query import ArticleFilter, Order, TopicFilter
from domain.record import canonical
from domain.search import Phrase, Search
from domain.times import DAY
from domain.topic import HourlyReports, SummarySentence, Topic, TopicChange
from store import articles, cases, looks, record, search, topics
from store.database import Connection, Database

NEAR_IN_TIME = timedelta(days=3)  # topics whose days lie this near may be related


@dataclass(frozen=True, slots=True)
class Curve:
    """Reports per hour from `start`: a topic's own and near-duplicates; bursts as (first, last) hour; our responses."""

    start: datetime | None
    own: tuple[int, ...]
    duplicates: tuple[int, ...]
    bursts: tuple[tuple[int, int], ...]
    responded: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic with its articles, summary, curve and concern; `told_by` is that of the matter it belongs to without being one."""

    topic: Topic
    articles: list[StoredArticle]
    summary: list[SummarySentence]
    held: str
    concern: Concern | None
    curve: Curve
    changes: list[TopicChange]
    related: list[tuple[Topic, tuple[str, ...]]]
    told_by: Concern | None = None

    @property
    def at_case(self) -> Concern | None:
        """The concern at which it is worked on, its own or that of its matter."""
        return self.concern or self.told_by

    @property
    def why_not(self) -> str:
        """What kept it from being a concern; empty where it is one."""
        if self.concern is not None:
            return ""
        if self.held:
            return self.held
        if not self.topic.area:
            return "刚有报道，采集程序下一次看话题时判断"
        return "当时没有记下原因，有新报道时会重新判断；现在就要办的，点“转为关切…”"


def list_topics(
    database: Database,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
    chosen: TopicFilter | None = None,
    now: datetime | None = None,
) -> list[Topic]:
    """Topics, pinned first, then by heat; of those alike, what a wrong clock dated after `now` last."""
    with database.read() as connection:
        return topics.listing(connection, since, until, limit, chosen, now + DAY if now else None)


def topic_view(database: Database, topic_id: int) -> TopicView:
    """One topic with everything; an id that was merged leads on. Raises NotFoundError."""
    with database.read() as connection:
        topic = topics.get(connection, topic_id)
        members = articles.of_topics(connection, [topic.id])[topic.id]
        concern = cases.of_topic(connection, topic.id)
        told_by = None if concern else _told_by(connection, topic.id)
        at_case = concern or told_by
        responses = cases.responses(connection, at_case.id) if at_case else []
        return TopicView(
            topic,
            members,
            topics.summary(connection, topic.id),
            topics.held(connection, topic.id),
            concern,
            _curve(topics.hours(connection, topic.id), [r.published_at for r in responses]),
            list(reversed(topics.changes(connection, topic.id))),
            _related(topic, topics.listing(connection, topic.first_at - NEAR_IN_TIME, topic.last_at + NEAR_IN_TIME)),
            told_by,
        )


def _told_by(connection: Connection, topic_id: int) -> Concern | None:
    """The concern of the matter that a topic belongs to; of one that went into another, that other."""
    id = looks.matters(connection, [topic_id]).get(topic_id)
    while id is not None:
        concern = cases.get(connection, id)
        if concern.merged_into is None:
            return concern
        id = concern.merged_into
    return None


def _curve(hours: HourlyReports | None, responded: list[datetime]) -> Curve:
    if hours is None:
        return Curve(None, (), (), (), tuple(responded))
    return Curve(hours.start, hours.own, hours.carried, hours.bursts, tuple(responded))


def _related(topic: Topic, others: list[Topic]) -> list[tuple[Topic, tuple[str, ...]]]:
    """Topics of the same days that share keywords, and which; most shared first."""
    shared = [(t, tuple(w for w in t.keywords if w in topic.keywords)) for t in others if t.id != topic.id]
    return sorted([pair for pair in shared if len(pair[1]) >= 2], key=lambda pair: -len(pair[1]))[:10]


def held_back(database: Database, since: datetime) -> list[tuple[Topic, str]]:
    """Topics that have reasons but were not flagged, and why; the hottest first."""
    with database.read() as connection:
        return topics.held_back(connection, since)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, and the words to be marked in it; `apart` says that no text holds them as they were typed,
    and what is there holds the words that they are made of."""

    articles: list[StoredArticle]
    words: tuple[str, ...]
    apart: bool = False


def search_articles(
    database: Database,
    asked: Search,
    limit: int = 100,
    order: Order = Order.RELEVANCE,
    chosen: ArticleFilter | None = None,
) -> Found:
    """Articles that answer a search, best or newest first; where none does, those that hold the words of each phrase."""
    conditions = [*articles.conditions(chosen), *articles.asked_for(asked)]
    words, apart = asked.words, False
    with database.read() as connection:
        ids = [] if asked.empty else search.find(connection, asked, limit, order, conditions)
        if not ids and (parts := _apart(asked)) != asked.groups:
            words = tuple(run for group in parts for phrase in group for run in phrase.runs)
            ids, apart = search.find(connection, replace(asked, groups=parts), limit, order, conditions), True
        return Found(articles.by_ids(connection, ids), words, apart and bool(ids))


def _apart(asked: Search) -> tuple[tuple[Phrase, ...], ...]:
    """The groups of a search with each phrase that has no other choice as the words that it is made of."""
    return tuple(
        part
        for group in asked.groups
        for part in (
            [(Phrase((word,), group[0].title),) for run in group[0].runs for word in query_words(run)]
            if len(group) == 1
            else [group]
        )
    )


def mark_read(database: Database, ids: Sequence[int], read: bool = True) -> None:
    """Mark articles as read, or as unread again."""
    with database.write() as connection:
        articles.mark_read(connection, ids, read)


def article(database: Database, id: int) -> StoredArticle:
    """One article. Raises NotFoundError."""
    with database.read() as connection:
        stored = articles.get(connection, id)
    if stored is None:
        raise NotFoundError(f"没有编号为 {id} 的信息。")
    return stored


def article_page(
    database: Database, offset: int, limit: int, chosen: ArticleFilter | None = None, now: datetime | None = None
) -> list[StoredArticle]:
    """A page of the stream, newest first; what a wrong clock dated more than a day after `now` comes last."""
    with database.read() as connection:
        return articles.page(connection, offset, limit, chosen, now + DAY if now else None)


def article_count(database: Database) -> int:
    """How many articles there are."""
    with database.read() as connection:
        return articles.count(connection)


def verify_record(database: Database) -> tuple[int, int | None]:
    """(entries, the first that does not fit the chain or None)."""
    with database.read() as connection:
        return record.verify(connection)


def export_record(database: Database, path: Path) -> int:
    """Write the record as one JSON object a line, to be verified by docs/verify_record.py; how many entries.

    The last line says how many there are and the head, so that an export that was broken off, or cut, shows.
    Raises ExportError when the file cannot be written.
    """
    count = 0
    try:
        with (
            database.read() as connection,
            whole_file(path) as partial,
            partial.open("w", encoding="utf-8", newline="\n") as out,
        ):
            for entry in record.entries(connection):
                at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
                out.write(canonical({**asdict(entry), "at": at}) + "\n")
                count += 1
            head = record.head(connection)
            out.write(canonical({"entries": count, "head": head.hash}) + "\n")
    except record.UNREADABLE as error:
        raise ExportError(
            f"留痕第 {count + 1} 条读不出来，没有导出：数据可能被别的程序改过。请保留现场，与最近的备份比对。"
        ) from error
    except OSError as error:
        raise ExportError(
            f"写不了 {path.name}。请检查位置是否可写、磁盘是否已满，文件是否正被别的程序打开。"
        ) from error
    return count
