"""Collecting: a round from the sources to flagged concerns. The only writer of articles and topics."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from analysis.areas import area_of
from analysis.concerns import Standing, Text, suggest
from analysis.duplicates import sketch_of
from analysis.heat import CARRIER_COUNTS, Attention, heat_at
from analysis.labels import Headline, keywords_of, name_of
from analysis.places import places_of
from analysis.segment import content_words, cut, index_words
from analysis.summary import Told, summarise
from analysis.topics import CONTINUED, Document, TopicWindow
from analysis.vectors import TEXT_LIMIT, Weights, terms_of_words
from desk.office import Office, office
from domain.article import Article, Source, SourceTier
from domain.concern import Concern, ConcernState, EventGrade, ReasonCode, Suggestion
from domain.event import MajorEvent
from domain.personal import has_personal
from domain.times import china_day, floor_hour
from domain.topic import Topic
from sources.polling import KINDS, Fetcher, Result
from sources.rhythm import jittered, next_interval, retry_interval
from sources.spreadsheets import Table, articles_of
from store import articles, cases, record, sources, topics
from store.articles import Segmented, Stored
from store.database import Database

REFRESHED = timedelta(days=3)  # topics with news in this time get their heat anew each round
HEAT_WINDOW = timedelta(days=15)
LOOKED_AT = 40  # newest texts of a topic that name, summary and flags rest on
KNOWN = 2000  # newest keys of a list page, so that only new articles are fetched
PERSONAL_LIMIT = 20_000  # characters looked through for personal data
IDLE = timedelta(minutes=5)  # without anything asked, heat is brought up to date so often
SAME_EVENT = 0.4  # share of a clause of the evidence that a concern's topic is about
COLLECTOR = "采集程序"


@dataclass(slots=True)
class RoundReport:
    """What a round gave: per source name (new, known, fault), and the flagged concerns."""

    sources: list[tuple[Source, int, int, str | None]] = field(default_factory=list)
    new: int = 0
    duplicates: int = 0
    failed: int = 0
    topics: int = 0
    flagged: list[int] = field(default_factory=list)
    understood: bool = False
    seconds: float = 0.0


class Collector:
    """Collects round after round with the active topics in memory; rebuilt from the store at start."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._fetcher: Fetcher | None = None
        self._chance = random.Random(0)
        self._understood_at: datetime | None = None
        with database.read() as connection:
            self._window = TopicWindow(topics.next_id(connection))
            known = articles.placed_since(connection, now - CONTINUED)
        self._window.restore((_document(item), item.topic_id or 0, item.repeats) for item in known)

    def round(
        self, now: datetime, only: int | None = None, due_only: bool = False, patience: float | None = None
    ) -> RoundReport:
        """Read the sources, keep what is new, and bring topics, heat and concerns up to date.

        `due_only` asks only those whose time has come; after `patience` seconds the round goes on without
        the slow ones, whose answers come with a later round.
        """
        started = time.perf_counter()
        report = RoundReport()
        with self._database.read() as connection:
            asked = [
                (source, sources.keys(connection, source.id, KNOWN) if KINDS[source.kind].asks_known else frozenset())
                for source in sources.all_sources(connection)
                if _wanted(source, now, only, due_only)
            ]
        self._fetcher = self._fetcher or Fetcher()
        self._fetcher.ask(asked, now)
        for result in self._fetcher.results(patience):
            new, known = self._keep(result, now)
            report.sources.append((result.source, new, known, result.fault))
            report.new += new
            report.duplicates += known
            report.failed += bool(result.fault)
        if report.sources or self._understood_at is None or now - self._understood_at >= IDLE:
            report.topics, report.flagged = self.understand(now)
            report.understood = True
            self._understood_at = now
        report.seconds = time.perf_counter() - started
        return report

    def close(self) -> None:
        """Let go of the network."""
        if self._fetcher:
            self._fetcher.close()
            self._fetcher = None

    def _keep(self, result: Result, now: datetime) -> tuple[int, int]:
        """Store what one source gave; (new, known before)."""
        source, reading = result.source, result.reading
        if reading is None:
            self._keep_fault(result, now)
            return 0, 0
        feed, got = reading.feed, reading.got
        given: Sequence[Article] = feed.articles if feed else ()
        with self._database.read() as connection:
            fresh = articles.unknown(connection, source.id, given)
        prepared = [segmented(item) for item in fresh]
        interval = next_interval(
            timedelta(minutes=source.interval_minutes) if source.interval_minutes else None, len(fresh)
        )
        changes: dict[str, object] = {
            "checked_at": now,
            "succeeded_at": now,
            "failures": 0,
            "fault": None,
            "wait_until": None,
            "notice": reading.notice,
            "etag": got.etag,
            "last_modified": got.last_modified,
            "interval_minutes": interval.total_seconds() / 60,
            "due_at": now + jittered(interval, self._chance.random()),
        }
        if given:
            changes["newest_at"] = max(item.published_at for item in given)
        if fresh:
            changes["new_at"] = now
        with self._database.write() as connection:
            articles.add(connection, source.id, prepared)
            sources.keep_ranks(connection, source.id, feed.ranks if feed else (), now)
            if got.moved_to and sources.move(connection, source.id, got.moved_to):
                changes["notice"] = f"发布方已把地址永久改为 {got.moved_to}，已照改。"
                before, after = {"url": source.url}, {"url": got.moved_to}
                record.append(connection, now, COLLECTOR, "信源改址", f"source:{source.id}", before, after)
            sources.change(connection, source.id, **changes)
        return len(fresh), len(given) - len(fresh)

    def _keep_fault(self, result: Result, now: datetime) -> None:
        """Say what went wrong and when to try again; an address given up by its publisher is paused."""
        source, error = result.source, result.error
        failures = source.failures + 1
        asked = error.retry_after if error else None
        again = now + jittered(retry_interval(failures, asked), self._chance.random())
        gone = bool(error and error.gone)
        with self._database.write() as connection:
            sources.change(
                connection,
                source.id,
                checked_at=now,
                failures=failures,
                fault=result.fault,
                due_at=again,
                wait_until=now + asked if asked else None,
                **({"paused": True, "notice": result.fault} if gone else {}),
            )
            if gone:
                record.append(
                    connection, now, COLLECTOR, "停采信源", f"source:{source.id}", None, {"why": result.fault}
                )

    def understand(self, now: datetime) -> tuple[int, list[int]]:
        """Place what has no topic yet; refresh the active topics; flag. (topics touched, new concerns)"""
        self._window.forget(now)
        with self._database.read() as connection:
            waiting = articles.unplaced(connection)
            active = topics.active_ids(connection, now - REFRESHED)
            intake = _hours(articles.times(connection, now - HEAT_WINDOW, now + timedelta(hours=1)))
            events = [event for event in topics.events(connection) if event.active(china_day(now))]
        placed = self._window.place(_document(item) for item in waiting)
        touched = sorted({*active, *(placement.topic_id for placement in placed)})
        particulars = office(self._database)
        flagged: list[int] = []
        with self._database.write() as connection:
            articles.place(connection, [(p.article_id, p.topic_id, p.repeats) for p in placed])
            for topic_id, members in articles.of_topics(connection, touched).items():
                if not members:
                    continue
                topic, summary, suggestion = self._seen(topic_id, members, intake, events, particulars, now)
                known = cases.of_topic(connection, topic_id)
                if known is None and suggestion.flagged and (known := self._same_event(connection, suggestion, now)):
                    held = f"说的可能是关切 {known.id}“{known.title}”同一件事，已归在那里"
                    topics.save(connection, topic, summary, held)
                else:
                    topics.save(connection, topic, summary, suggestion.held)
                if known is None and suggestion.flagged:
                    flagged.append(_flag(connection, topic, suggestion, now))
                elif known is not None and known.state is ConcernState.FLAGGED and suggestion.flagged:
                    _raise_grade(connection, known, suggestion, now)
        return len(touched), flagged

    def _same_event(self, connection: Connection, suggestion: Suggestion, now: datetime) -> Concern | None:
        """The recent concern whose emergency a topic speaks of, when it has no other reason to be flagged."""
        codes = {reason.code for reason in suggestion.reasons}
        if ReasonCode.EMERGENCY not in codes or codes - {ReasonCode.EMERGENCY, ReasonCode.SUPERIOR}:
            return None
        evidence = suggestion.reasons[0].evidence
        best, found = 0.0, None
        for known in cases.listing(connection):
            if known.found_at >= now - CONTINUED and known.is_emergency:
                share = max(
                    self._window.speaks_of(known.topic_id, clause)
                    for item in evidence
                    for clause in re.split("[，；：]", item.sentence)
                )
                if share > best:
                    best, found = share, known
        return found if best >= SAME_EVENT else None

    def _seen(
        self,
        topic_id: int,
        members: list[Stored],
        intake: dict[datetime, float],
        events: Sequence[MajorEvent],
        particulars: Office,
        now: datetime,
    ) -> tuple[Topic, list[dict[str, object]], Suggestion]:
        """A topic as it stands now, with its summary and what the rules make of it."""
        own = [item for item in members if item.repeats is None] or members[:1]
        recent = own[-LOOKED_AT:]
        pairs = [(item.title, item.text) for item in recent]
        today = [item for item in members if item.published_at > now - timedelta(days=1)]
        touching = tuple(
            event.name
            for event in events
            if 3 * sum(bool(event.touches(f"{t}\n{x[:600]}")) for t, x in pairs) >= len(pairs)
        )
        heat = heat_at(
            Attention(
                _hours((item.published_at, item.repeats is not None) for item in members),
                intake,
                [tier.weight for tier in {item.source: item.tier for item in today}.values()],
                sum(item.published_at > now - REFRESHED for item in own),
                bool(touching),
            ),
            now,
        )
        carried = Counter(item.repeats for item in members)
        weights: Weights = self._window.weights
        terms = [terms_of_words(i.title, i.title_words.split(), i.text_words.split()) for i in recent]
        name = name_of([Headline(i.title, t, carried[i.id]) for i, t in zip(recent, terms)], weights)
        area, _ = area_of(pairs)
        places, local = places_of(pairs, particulars.places)
        summary = summarise([Told(i.id, i.text, i.source, i.published_at) for i in recent])
        topic = Topic(
            topic_id,
            name,
            keywords_of(terms, weights),
            heat,
            len(members),
            len({i.source for i in members}),
            len(members) - len(own),
            members[0].published_at,
            members[-1].published_at,
            members[0].source,
            area,
            places,
            local,
            touching,
        )
        standing = Standing(topic_id, heat, area, local, touching, len(own))
        suggestion = suggest(standing, [Text(i.id, i.title, i.text, i.source) for i in recent])
        told: list[dict[str, object]] = [
            {"article": s.article_id, "text": s.text, "source": s.source, "at": s.at.isoformat()} for s in summary
        ]
        return topic, told, suggestion


def import_table(database: Database, path: Path, table: Table, now: datetime) -> tuple[int, int]:
    """Keep the articles of a spreadsheet under a source of its own; (new, known before)."""
    given = articles_of(table, now)
    with database.write() as connection:
        known = next((s for s in sources.all_sources(connection) if s.url == f"table:{path.stem}"), None)
        id = (
            known.id if known else sources.add(connection, "table", f"table:{path.stem}", path.stem, SourceTier.HOTLINE)
        )
        sources.change(connection, id, paused=True, checked_at=now, succeeded_at=now)
        fresh = articles.unknown(connection, id, given)
        articles.add(connection, id, [segmented(item) for item in fresh])
    return len(fresh), len(given) - len(fresh)


def _wanted(source: Source, now: datetime, only: int | None, due_only: bool) -> bool:
    """Whether a round asks a source. A table came as a file once; there is nothing to ask again."""
    if source.kind not in KINDS or (only is not None and source.id != only):
        return False
    if only is None and source.paused:
        return False
    if source.wait_until and source.wait_until > now:
        return False
    return not due_only or source.due_at is None or source.due_at <= now


def segmented(item: Article) -> Segmented:
    """An article with its words, ready to be stored."""
    text = item.text[:TEXT_LIMIT]
    return Segmented(
        item,
        " ".join(content_words(cut(item.title))),
        " ".join(content_words(cut(text))),
        " ".join(index_words(item.title)),
        " ".join(index_words(text)),
        has_personal(f"{item.title}\n{item.text[:PERSONAL_LIMIT]}"),
    )


def _document(item: Stored) -> Document:
    terms = terms_of_words(item.title, item.title_words.split(), item.text_words.split())
    return Document(item.id, terms, sketch_of(item.title, item.text), item.published_at)


def _hours(times: Iterable[tuple[datetime, bool]]) -> dict[datetime, float]:
    hours: dict[datetime, float] = {}
    for at, carried in times:
        hour = floor_hour(at)
        hours[hour] = hours.get(hour, 0.0) + (CARRIER_COUNTS if carried else 1.0)
    return hours


def _flag(connection: Connection, topic: Topic, suggestion: Suggestion, now: datetime) -> int:
    new = Concern(
        0,
        topic.id,
        topic.name,
        ConcernState.FLAGGED,
        suggestion.reasons,
        suggestion.grade,
        suggestion.grade_ground,
        suggestion.attention,
        now,
        topic.first_at,
        1,
    )
    id = cases.flag(connection, new)
    record.append(
        connection,
        now,
        COLLECTOR,
        "标记关切",
        f"concern:{id}",
        None,
        {"topic": topic.id, "title": topic.name, "reasons": [reason.words for reason in suggestion.reasons]},
    )
    return id


def _raise_grade(connection: Connection, known: Concern, suggestion: Suggestion, now: datetime) -> None:
    """Later reports speak of a graver emergency: the suggestion follows until somebody judges."""
    order = list(EventGrade)
    if order.index(suggestion.grade) >= order.index(known.suggested_grade):
        return
    cases.update(
        connection,
        known,
        suggested_grade=suggestion.grade.code,
        grade_ground=suggestion.grade_ground,
        suggested_attention=suggestion.attention.code,
        reasons=cases.reasons_json(suggestion.reasons),
    )
    before = {"grade": known.suggested_grade.code}
    after = {"grade": suggestion.grade.code, "ground": suggestion.grade_ground}
    record.append(connection, now, COLLECTOR, "调高建议等级", f"concern:{known.id}", before, after)
