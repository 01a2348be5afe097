"""Collecting: rounds over the sources; what is new is stored, understood and flagged. The only writer of articles."""

from __future__ import annotations

import gc
import logging
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import inf

from analysis.parallel import Helpers
from desk.cases.developments import Developments
from desk.collecting.segmenting import segmenting
from desk.collecting.storing import store_articles
from desk.collecting.turns import Turns
from desk.topics.understand import COLLECTOR, Understanding
from domain.article import Article, Source
from domain.errors import InputError, StoreError, WenyingError
from domain.times import china_day
from sources.polling import KINDS, Fetcher, Result
from sources.rhythm import LONGEST_ASKED, LONGEST_WAIT, has_come, jittered, next_interval, retry_interval
from store import articles, record, sources
from store.database import Database

log = logging.getLogger(__name__)

KNOWN = 2000  # newest keys of a list page, so that only new articles are fetched
AT_ONCE = 0.2  # seconds that a round waits for the sources while there is a backlog to work off
CHARACTERS_A_DAY = 20_000_000  # of new text from one source, as much as its twenty fullest answers; more waits a day
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
    placed: int = 0  # of what waited to be placed, since it began to be worked off
    waiting: int = 0  # articles that wait to be placed, when more came than a round can take
    unfinished: bool = False  # articles or topics wait: the next round need not
    seconds: float = 0.0
    longest_write: float = 0.0  # seconds that the store was held at once


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
        self._helpers = Helpers()
        self._turns = Turns(database)
        self._understanding = Understanding(database, now, self._helpers)
        self._developments = Developments(database, self._turns)
        self._placed = 0
        self._unfinished = False
        self._given: dict[int, tuple[date, int]] = {}  # source → the day, and the characters of its new text

    def round(
        self,
        now: datetime,
        only: int | None = None,
        due_only: bool = False,
        patience: float | None = None,
        understanding: float = inf,
    ) -> RoundReport:
        """Read the sources, keep what is new, and bring topics, heat and concerns up to date.

        `due_only` asks only those whose time has come; after `patience` seconds the round goes on without
        the slow ones, whose answers come with a later round; after `understanding` seconds it leaves what
        else waits to be understood to the next, and says that it is `unfinished`.
        """
        started = time.perf_counter()
        report = RoundReport()
        with self._database.read() as connection:
            asked = [
                (
                    replace(source, memory=sources.remembered(connection, source.id))
                    if KINDS[source.kind].remembers
                    else source,
                    sources.keys(connection, source.id, KNOWN) if KINDS[source.kind].asks_known else frozenset(),
                )
                for source in sources.all_sources(connection)
                if _wanted(source, now, only, due_only)
            ]
        self._fetcher = self._fetcher or Fetcher(self._database.passwords.reveal)
        self._fetcher.ask(asked, now)
        for result in self._fetcher.results(AT_ONCE if self._unfinished and patience is not None else patience):
            new, known, fault = self._kept(result, now)
            report.sources.append((result.source, new, known, fault))
            report.new += new
            report.duplicates += known
            report.failed += bool(fault)
        idle = now - self._understood_at if self._understood_at else IDLE
        if report.sources or self._unfinished or not timedelta(0) <= idle < IDLE:
            self._understand(now, understanding, report)
            self._understood_at = now
        report.seconds = time.perf_counter() - started
        report.longest_write = max(self._turns.take_longest(), self._understanding.turns.take_longest())
        return report

    def understand(
        self, now: datetime, tell: Callable[[int, int], None] | None = None, every: float = 5.0
    ) -> tuple[int, list[int]]:
        """Bring topics, heat and concerns up to date without asking any source. (topics touched, new concerns)

        `tell` is told every so many seconds how many articles have been placed, and of how many.
        """
        touched, flagged = 0, list[int]()
        while True:
            report = RoundReport()
            self._understand(now, every if tell else inf, report)
            touched += report.topics
            flagged += report.flagged
            if not report.unfinished:
                return touched, flagged
            if tell:
                tell(report.placed, report.placed + report.waiting)

    def _understand(self, now: datetime, seconds: float, report: RoundReport) -> None:
        looked = self._understanding.update(now, seconds)
        if looked.done:
            self._developments.look(now)
        self._placed += looked.placed
        report.topics, report.flagged, report.understood = looked.topics, looked.flagged, True
        report.placed, report.waiting = self._placed, looked.waiting
        report.unfinished = self._unfinished = not looked.done
        if looked.done:
            self._placed = 0
            self._helpers.close()

    def close(self) -> None:
        """Let go of the network and of the helper processes."""
        self._helpers.close()
        if self._fetcher:
            self._fetcher.close()
            self._fetcher = None

    def _kept(self, result: Result, now: datetime) -> tuple[int, int, str | None]:
        """Store what one source gave; (new, known before, fault). What cannot be kept is this source's fault alone."""
        try:
            return *self._keep(result, now), result.fault
        except StoreError:
            raise  # the store's fault, and so that of all
        except Exception as error:
            log.exception("what source %s gave could not be kept", result.source.id)
            fault = "这个信源的内容存不下来，其他信源不受影响。详情在数据文件夹的 wenying.log 里。"
            fault = str(error) if isinstance(error, WenyingError) else fault
            self._keep_fault(replace(result, reading=None, fault=fault), now)
            return 0, 0, fault

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
        new = store_articles(self._turns, source.id, segmenting(fresh, self._helpers))
        interval = next_interval(
            timedelta(minutes=source.interval_minutes) if source.interval_minutes else None, len(fresh)
        )
        again = reading.again or jittered(interval, self._chance.random())
        notice = reading.notice
        if self._too_much(source.id, fresh, now):
            again = timedelta(days=1)
            notice = (
                f"一天里给了 {CHARACTERS_A_DAY // 10_000} 万字以上的新内容，明天再采。请看它的内容是否正常。{notice}"
            )
        changes: dict[str, object] = {
            "checked_at": now,
            "succeeded_at": now,
            "failures": 0,
            "fault": None,
            "wait_until": None,
            "notice": notice,
            "etag": got.etag,
            "last_modified": got.last_modified,
            "interval_minutes": interval.total_seconds() / 60,
            "due_at": now + again,
        }
        if given:
            changes["newest_at"] = max(item.published_at for item in given)
        if fresh:
            changes["new_at"] = now
        moved_to = ""
        with suppress(InputError):  # a publisher that says *** of its own secrets is asked where it was
            moved_to = self._database.passwords.put_away(got.moved_to, source.url) if got.moved_to else ""
        with self._turns.write() as connection:
            articles.react(connection, source.id, given)
            sources.keep_ranks(connection, source.id, feed.ranks if feed else (), now)
            if reading.memory is not None:
                sources.remember(connection, source.id, reading.memory)
            if moved_to and sources.move(connection, source.id, moved_to):
                changes["notice"] = f"发布方已把地址永久改为 {moved_to}，已照改。"
                before, after = {"url": source.url}, {"url": moved_to}
                record.append(connection, now, COLLECTOR, "信源改址", f"source:{source.id}", before, after)
            sources.change(connection, source.id, **changes)
        return new, len(given) - new

    def _too_much(self, source: int, fresh: Sequence[Article], now: datetime) -> bool:
        """Whether a source has given more new text today than any office reads; it would fill the disk."""
        day, given = self._given.get(source, (china_day(now), 0))
        given = (given if day == china_day(now) else 0) + sum(len(item.text) for item in fresh)
        self._given[source] = (china_day(now), given)
        return given > CHARACTERS_A_DAY

    def _keep_fault(self, result: Result, now: datetime) -> None:
        """Say what went wrong and when to try again; an address given up by its publisher is paused."""
        source, error = result.source, result.error
        failures = source.failures + 1
        asked = error.retry_after if error else None
        again = now + jittered(retry_interval(failures, asked), self._chance.random())
        gone = bool(error and error.gone)
        with self._turns.write() as connection:
            sources.change(
                connection,
                source.id,
                checked_at=now,
                failures=failures,
                fault=result.fault,
                due_at=again,
                wait_until=now + min(asked, LONGEST_ASKED) if asked else None,
                **({"paused": True, "notice": result.fault} if gone else {}),
            )
            if gone:
                record.append(
                    connection, now, COLLECTOR, "停采信源", f"source:{source.id}", None, {"why": result.fault}
                )


def _wanted(source: Source, now: datetime, only: int | None, due_only: bool) -> bool:
    """Whether a round asks a source. A table came as a file once; there is nothing to ask again."""
    if source.kind not in KINDS or (only is not None and source.id != only):
        return False
    if only is None and source.paused:
        return False
    if not has_come(source.wait_until, now, LONGEST_ASKED):
        return False
    return not due_only or has_come(source.due_at, now, LONGEST_WAIT)
