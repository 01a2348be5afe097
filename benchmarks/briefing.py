"""Making a daily briefing over many articles and concerns, format by format; one JSON object.

Usage: briefing.py --articles N --concerns N. LibreOffice's own time is left out: .pdf is not made here. The peer is
reading the same rows by plain SQL. `longest_wait_ms` is how long another thread, as the window's, had to wait for
its turn meanwhile, a turn being due every 10 ms.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import text

from benchmarks.cases import fill
from benchmarks.tiny import arguments
from desk.reporting.report import make_briefing
from domain.briefing import IssueKind, Wanted
from domain.person import Actor
from domain.times import china_day
from store.database import Database, open_database, sqlite_url
from store.schema import article, topic

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOPICS = 2000
FIRST = 1_000_000  # ids of the articles, beyond those of the cases


def news(database: Database, count: int) -> None:
    """Articles of one day in TOPICS topics, each topic with its summary."""
    start = NOW - timedelta(hours=18)
    common = {"keywords": ["道路", "抢修"], "heat_parts": {}, "enough": True, "rising": 1, "hours": {}, "events": []}
    place = {"area": "城乡建设与管理", "places": ["临江"], "local": True, "held": "", "first_source": "临江日报"}
    topics, articles = [], []
    for i in range(TOPICS):
        told = [
            {
                "article": FIRST + i + TOPICS * k,
                "text": f"道路抢修第{k}天进展顺利，{i}号路段已恢复通行。",
                "source": "临江日报",
            }
            for k in range(3)
        ]
        counts = {"heat": i / TOPICS * 100, "articles": count // TOPICS, "sources": 3, "carriers": 0}
        at = {"first_at": start, "last_at": NOW}
        topics.append({"id": 10_000 + i, "name": f"{i}号路段抢修", "summary": told, **common, **place, **counts, **at})
    for k in range(count):
        moment = start + timedelta(hours=18) * k / count
        words = {"title_words": "路段 抢修", "text_words": "路段 抢修 恢复"}
        articles.append(
            {
                "id": FIRST + k,
                "source_id": 1,
                "key": f"n{k}",
                "title": f"{k % TOPICS}号路段抢修",
                "text": "路段抢修。" * 100,
                "url": f"https://x.gov.cn/{k}",
                "publisher": "",
                "topic_id": 10_000 + k % TOPICS,
                "published_at": moment,
                "fetched_at": moment,
                "date_note": "",
                **words,
            }
        )
    with database.write() as connection:
        connection.execute(topic.insert(), topics)
        connection.execute(article.insert(), articles)


class LatencyProbe(threading.Thread):
    """Asks for a turn every 10 ms and keeps the longest wait for one, in milliseconds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.longest, self.going = 0.0, True

    def run(self) -> None:
        while self.going:
            before = time.perf_counter()
            time.sleep(0.01)
            self.longest = max(self.longest, (time.perf_counter() - before - 0.01) * 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--concerns", type=int, default=300)
    args = arguments(parser, articles=600, concerns=6)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(sqlite_url(Path(folder)))
        fill(database, args.concerns)
        news(database, args.articles)
        seconds: dict[str, float] = {}
        turns = LatencyProbe()
        turns.start()
        for kind in (IssueKind.DAILY,) if args.tiny else (IssueKind.DAILY, IssueKind.MONTHLY, IssueKind.ANNUAL):
            for formats in (("docx",), ("xlsx",), ("html",), ("docx", "xlsx", "html")):
                started = time.perf_counter()
                make_briefing(database, Wanted(kind, china_day(NOW)), formats, Path(folder), Actor("李敏"), NOW)
                seconds[f"{kind.code}_{'+'.join(formats)}"] = round(time.perf_counter() - started, 2)
        turns.going = False
        started = time.perf_counter()
        with database.read() as connection:
            connection.execute(text("SELECT id, source_id, published_at, repeats FROM article")).all()
        peer = time.perf_counter() - started
        database.close()
    out = {"articles": args.articles, "concerns": args.concerns, "seconds": seconds}
    print(
        json.dumps(
            {**out, "longest_wait_ms": round(turns.longest), "peer": "plain SQL rows", "peer_seconds": round(peer, 2)}
        )
    )


if __name__ == "__main__":
    main()
