"""Collecting: rounds over the sources; what is new is stored, understood and flagged. The only writer of articles."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from desk.understand import COLLECTOR, Understanding, segmented_all
from domain.article import Article, Source, SourceTier
from sources.polling import KINDS, Fetcher, Result
from sources.rhythm import jittered, next_interval, retry_interval
from sources.spreadsheets import Table, articles_of
from store import articles, record, sources
from store.database import Database

KNOWN = 2000  # newest keys of a list page, so that only new articles are fetched
IDLE = timedelta(minutes=5)  # without anything asked, heat is brought up to date so often


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


def spare_garbage_collection() -> None:
    """Look for garbage cycles rarely, in a process that does nothing but collect.

    The window of topics is millions of small objects without cycles; looking through them again and again took
    a fifth of the time of placing.
    """
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


class Collector:
    """Collects round after round with the active topics in memory; rebuilt from the store at start."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._fetcher: Fetcher | None = None
        self._chance = random.Random(0)
        self._understood_at: datetime | None = None
        self._understanding = Understanding(database, now)

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

    def understand(self, now: datetime) -> tuple[int, list[int]]:
        """Bring topics, heat and concerns up to date without asking any source. (topics touched, new concerns)"""
        return self._understanding.update(now)

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
        prepared = segmented_all(fresh)
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
    prepared = segmented_all(fresh)  # which takes its time, with nobody waiting to write
    with database.write() as connection:
        articles.add(connection, id, prepared)
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
