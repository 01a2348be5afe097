"""How long an officer's step takes while a collector takes in articles on the same database: one JSON object.

Usage: beside.py --articles N [--texts FILE …] [--seconds S] [--import]. A real collector (`main.py collect --watch`)
reads feeds on loopback, some 200 new articles a round, round after round until N are in; with --import it is
`main.py import` of a table of N. This process does an officer's steps through the desk's verbs, one after another with
a short breath between. The peer, in the same run: the same steps for S seconds with no collector. Exit code 1 if a
limit was passed; `missed` says which.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.corpus import draw
from benchmarks.scores import percentile
from benchmarks.tiny import arguments
from desk.cases.writing import keep_typing
from desk.collecting.collect import Collector
from desk.collecting.segmenting import segmented_all
from desk.execute import execute
from desk.topics.monitor import article_count, verify_record
from domain.article import Article, SourceTier
from domain.concern import ClockBasis, EventGrade
from domain.errors import InputError, StepError, WenyingError
from domain.person import Actor
from domain.response import ResponseKind, Unsaved
from domain.steps.cases import JudgeConcern
from domain.steps.drafts import ApproveDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.step import Step as OfficeStep
from domain.steps.topics import FlagTopic, MergeTopics, PinTopic, RenameTopic, UndoTopicChange
from store import articles, cases, sources, topics
from store.database import Connection, Database, open_database, sqlite_url

MAIN = Path(__file__).resolve().parent.parent / "main.py"
LENGTH = 500  # characters of an article
BREATH = 0.03  # seconds between two steps
DAYS = 14  # that the table's articles are spread over
FEEDS, A_ROUND = 20, 200  # articles that the feeds bring in a round
P99_LIMIT = 100.0  # ms
COLLECTED = 0.95  # of the articles: two drawn alike within a feed are one
BUSY = 5  # times as much is allowed in the tests, whose machine does other work
Step = tuple[str, Callable[[], object]]


def write_table(path: Path, number: int, texts: list[Path], now: datetime) -> None:
    """A table of articles, as an office gets it."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["标题", "正文", "时间", "编号"])
        for i, text in enumerate(draw(number, LENGTH, texts)):
            at = now - timedelta(days=DAYS) * (1 - i / number)
            rows.writerow([text.title, text.body, at.isoformat(), f"n{i}"])


def seed(database: Database, number: int, texts: list[Path], now: datetime) -> list[int]:
    """Articles understood before, so that there are topics to work on; the topics."""
    items = [
        Article(f"k{i}", text.title, text.body, "", now - timedelta(minutes=i % 600), now)
        for i, text in enumerate(draw(number, LENGTH, texts, seed=2))
    ]
    with database.write() as connection:
        source = sources.add(connection, "feed", "http://x/a", "临江日报", SourceTier.CITY)
        sources.change(connection, source, paused=True)
        articles.add(connection, source, segmented_all(items))
    collector = Collector(database, now)
    collector.understand(now)
    collector.close()
    with database.read() as connection:
        return topics.active_ids(connection, now - timedelta(days=30))


class Officer:
    """An officer's steps, case after case while there are topics without one."""

    def __init__(self, database: Database, seeded: list[int]) -> None:
        self._database, self._free = database, seeded
        self._chance = random.Random(3)
        self.overtaken = 0  # steps refused because the collector had made a concern of the topic meanwhile
        self._case = self._one = self._other = self._concern = self._version = self._change = 0

    def steps(self) -> Iterator[Step]:
        """Each is done before the next is asked for."""
        while True:
            self._look_around()
            if len(self._free) < 2:  # all have cases: until the news bring others, a draft is typed
                yield "type", self._type
                continue
            if len(self._free) > 2:
                self._case, self._one, self._other = self._chance.sample(self._free, 3)
                yield "flag", self._flag
                yield "judge", self._judge
                yield from [("type", self._type)] * 3
                yield "draft", self._draft
                yield "approve", self._approve
            else:  # a case uses its topic up; the collector's news bring others
                self._one, self._other = self._free
                yield "type", self._type
            yield "rename", self._rename
            yield "pin", self._pin
            self._change = 0
            yield "merge", self._merge
            if self._change:
                yield "undo", self._undo

    def _look_around(self) -> None:
        """The topics that have no case and are no part of another."""
        with self._database.read() as connection:
            self._free = self._without_case(connection, self._free)
            if len(self._free) <= 2:
                month = datetime.now(UTC) - timedelta(days=30)
                self._free = self._without_case(connection, topics.active_ids(connection, month))
        if len(self._free) < 2 and not self._concern:
            raise SystemExit("too few topics: give more with --seeded")

    def _without_case(self, connection: Connection, ids: Sequence[int]) -> list[int]:
        known, found = cases.of_topics(connection, ids), topics.of_ids(connection, ids)
        return [id for id in ids if id in found and id not in known and topics.forwarded(connection, id) == id]

    def _do(self, step: OfficeStep, who: str = "李敏") -> Any:
        return execute(self._database, step, Actor(who), datetime.now(UTC))

    def _flag(self) -> None:
        self._concern = self._do(FlagTopic(self._case, "群众反映"))

    def _judge(self) -> None:
        self._do(JudgeConcern(self._concern, grade=EventGrade.IV, basis=ClockBasis.FOUND))

    def _type(self) -> None:
        typed = Unsaved(self._concern, "李敏", ResponseKind.ANSWER, "通报", "情况属实。", datetime.now(UTC))
        keep_typing(self._database, typed)

    def _draft(self) -> None:
        body = "情况属实，正在处理，结果将及时公布。"
        self._version = self._do(WriteDraft(self._concern, kind=ResponseKind.ANSWER, title="通报", body=body)).version

    def _approve(self) -> None:
        self._do(ReviewDraft(self._concern, self._version), "周岚")
        self._do(ApproveDraft(self._concern, self._version), "王强")

    def _rename(self) -> None:
        self._do(RenameTopic(self._one, f"第{self._concern}个话题"))

    def _pin(self) -> None:
        self._do(PinTopic(self._one, self._concern % 2 == 0))

    def _merge(self) -> None:
        try:
            (self._change,) = self._do(MergeTopics(self._one, (self._other,)))
        except (InputError, StepError):  # the collector made one topic of both, or a concern of one
            with self._database.read() as connection:
                if len(self._without_case(connection, (self._one, self._other))) == 2:
                    raise
            self.overtaken += 1

    def _undo(self) -> None:
        self._do(UndoTopicChange(self._change))


def work(todo: Iterator[Step], going: Callable[[], bool]) -> tuple[list[tuple[float, str]], list[str]]:
    """Do steps while it is going; (seconds and name of each, what failed)."""
    took, failed = [], []
    while going():
        name, step = next(todo)
        started = time.perf_counter()
        try:
            step()
        except WenyingError as error:
            failed.append(f"{name}: {error}")
        took.append((time.perf_counter() - started, name))
        time.sleep(BREATH)
    return took, failed


def told(took: list[tuple[float, str]]) -> dict[str, object]:
    """The distribution of steps, in milliseconds."""
    worst = max(took)
    return {
        "steps": len(took),
        **{
            f"p{percent}_ms": round(1000 * percentile([span for span, _ in took], percent), 1)
            for percent in (50, 95, 99)
        },
        "max_ms": round(1000 * worst[0], 1),
        "slowest": worst[1],
    }


class Memory:
    """The greatest sum of memory of a process and those it started, in MB, looked at a few times a second."""

    def __init__(self, pid: int) -> None:
        self._process, self.peak, self._at = psutil.Process(pid), 0.0, 0.0

    def look(self) -> None:
        """Look, if it is time."""
        if time.monotonic() - self._at < 0.3:
            return
        self._at = time.monotonic()
        try:
            whole = [self._process, *self._process.children(recursive=True)]
            self.peak = max(self.peak, sum(one.memory_info().rss for one in whole) / 1e6)
        except psutil.Error:
            pass


class Feeds:
    """A publisher on loopback whose feeds hold other articles each time they are asked to."""

    def __init__(self, folder: Path, number: int, texts: list[Path]) -> None:
        self._file, self._told, self.over = folder / "feeds.json", 0, False
        self._items: list[list[str]] = [[] for _ in range(FEEDS)]
        self._texts = iter(draw(number, LENGTH, texts))
        self.go_on()
        here = Path(__file__).with_name("publisher.py")
        self._process = subprocess.Popen(
            [sys.executable, str(here), str(self._file)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.base = f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def go_on(self) -> None:
        """Publish the articles of the next round."""
        before, former = self._told, self._items
        items: list[list[str]] = [[] for _ in range(FEEDS)]
        for i, text in zip(range(A_ROUND), self._texts, strict=False):
            self._told += 1
            at = format_datetime(datetime.now(UTC))
            items[i % FEEDS].append(
                f"<item><title>{escape(text.title)}</title><guid>n{self._told}</guid><pubDate>{at}</pubDate>"
                f"<description>{escape(text.body)}</description></item>"
            )
        self.over, self._items = self._told == before, items
        shown = [own + old for own, old in zip(items, former, strict=True)]  # for a source that missed a round
        feed = '<rss version="2.0"><channel><title>源</title>{}</channel></rss>'
        self._file.write_text(json.dumps({f"/{i}": feed.format("".join(own)) for i, own in enumerate(shown)}), "utf-8")
        if self._told > A_ROUND:
            self._process.send_signal(signal.SIGHUP)
            assert self._process.stdout
            self._process.stdout.readline()

    def close(self) -> None:
        """Publish no more."""
        self._process.kill()
        self._process.wait()


class Watching:
    """A collector that watches feeds, asked for the next round as soon as one is over, until all is in."""

    def __init__(self, folder: Path, feeds: Feeds, number: int) -> None:
        self._feeds, self._left = feeds, number
        self.longest_write_ms = 0.0
        words = [sys.executable, str(MAIN), "--data", str(folder), "--json", "collect", "--watch", "--attended"]
        self.process = subprocess.Popen(
            [*words, "--at-once", "--every", "600"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout and self.process.stdin
        for line in self.process.stdout:
            told = json.loads(line)
            if "total" not in told:
                continue
            self._left -= told["new"]
            self.longest_write_ms = max(self.longest_write_ms, told["longest_write_ms"])
            over = self._left <= 0 or self._feeds.over
            if over and not told["waiting"]:
                break
            if not over:
                self._feeds.go_on()
                self.process.stdin.write("now\n")
                self.process.stdin.flush()
        self.process.stdin.close()


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that does not outlive the block, nor do those it started."""
    try:
        yield process
    finally:
        if process.poll() is None:
            for each in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
                with suppress(psutil.Error):
                    each.kill()
            process.wait()


def beside(folder: Path, args: argparse.Namespace, todo: Iterator[Step], now: datetime) -> dict[str, Any]:
    """What the officer's steps took while articles came in, and how the collector ended."""
    with ExitStack() as ending:
        watching = None
        if args.table:
            table = folder.parent / "热线.csv"
            write_table(table, args.articles, args.texts, now)
            words = [sys.executable, str(MAIN), "--data", str(folder), "--json", "import", str(table)]
            process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        else:
            feeds = Feeds(folder.parent, args.articles, args.texts)
            ending.callback(feeds.close)
            add_feeds(folder, feeds)
            watching = Watching(folder, feeds, args.articles)
            process = watching.process
        ending.enter_context(ended(process))
        memory = Memory(process.pid)

        def going() -> bool:
            memory.look()
            return process.poll() is None

        took, failed = work(todo, going)
        complaint = process.stderr.read() if process.stderr and process.returncode else ""
    return {
        "collector_exit": process.returncode,
        "collector_said": complaint[-500:],
        "collector_peak_rss_mb": round(memory.peak),
        "collector_longest_write_ms": watching.longest_write_ms if watching else None,
        "beside": told(took),
        "failures": failed[:5],
        "failed": len(failed),
    }


def add_feeds(folder: Path, feeds: Feeds) -> None:
    """The feeds as sources of the office."""
    database = open_database(sqlite_url(folder))
    with database.write() as connection:
        for i in range(FEEDS):
            sources.add(connection, "feed", f"{feeds.base}/{i}", f"第{i}个源", SourceTier.CITY)
    database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seeded", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--import", dest="table", action="store_true", help="a table instead of feeds")
    args = arguments(parser, articles=300, seeded=120, seconds=0.5)
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir()
        database = open_database(sqlite_url(folder))
        execute(database, SetOffice(places=("武汉", "临江")), Actor("benchmark"), now)
        officer = Officer(database, seed(database, args.seeded, args.texts, now))
        todo = officer.steps()
        alone_ends = time.monotonic() + args.seconds
        alone, failed_alone = work(todo, lambda: time.monotonic() < alone_ends)
        before, started = article_count(database), time.monotonic()
        found = beside(folder, args, todo, now)
        new, seconds = article_count(database) - before, time.monotonic() - started
        _, misfit = verify_record(database)
        database.close()
    limit = P99_LIMIT * (BUSY if args.tiny else 1)
    missed = ["p99"] if found["beside"]["p99_ms"] > limit else []
    missed += ["steps failed"] if found["failed"] or failed_alone else []
    missed += ["collector failed"] if found["collector_exit"] else []
    missed += ["articles are missing"] if new < args.articles * COLLECTED else []
    missed += ["record"] if misfit is not None else []
    out = {
        "articles": new,
        "articles_per_second": round(new / seconds, 1),
        **found,
        "alone": told(alone),
        "failed_alone": len(failed_alone),
        "overtaken": officer.overtaken,
        "record_verifies": misfit is None,
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "missed": missed,
    }
    print(json.dumps(out, ensure_ascii=False))
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
