"""How long a round takes from the first request to flagged concerns, over many feeds on loopback: one JSON object.

Usage: throughput.py --articles N [--feeds F] [--unchanged U] [--length CHARACTERS] [--texts FILE ...]
U of the F feeds answer 304. The peer, in the same run: fetching the same addresses 20 at a time and parsing them
with feedparser, with no decoding, storing or analysis of any kind.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import feedparser
import httpx

from benchmarks.corpus import CorpusText, draw
from benchmarks.tiny import arguments
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import article_count
from domain.article import SourceTier
from domain.person import Actor
from domain.steps.office import SetOffice
from store import sources
from store.database import open_database, sqlite_url

HERE = Path(__file__).resolve().parent


def rss(name: str, items: list[CorpusText], now: datetime) -> str:
    """A feed of articles, a minute apart."""
    rows = "".join(
        f"<item><title>{escape(item.title)}</title><guid>{name}-{len(items) - i}</guid>"
        f"<pubDate>{(now - timedelta(minutes=7 * i)).isoformat()}</pubDate>"
        f"<description>{escape(item.body)}</description></item>"
        for i, item in enumerate(items)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{name}</title>{rows}</channel></rss>'
    )


async def plain(addresses: list[str]) -> int:
    """Fetch and parse with nothing else."""
    gate = asyncio.Semaphore(20)

    async def one(client: httpx.AsyncClient, address: str) -> int:
        async with gate:
            body = (await client.get(address)).content
        return len(feedparser.parse(body).entries)

    async with httpx.AsyncClient() as client:
        return sum(await asyncio.gather(*(one(client, address) for address in addresses)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1683)
    parser.add_argument("--feeds", type=int, default=85)
    parser.add_argument("--unchanged", type=int, default=0)
    parser.add_argument("--length", type=int, default=300)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    args = arguments(parser, articles=60, feeds=6, unchanged=2)
    now = datetime.now(UTC).replace(microsecond=0)
    texts = list(draw(args.articles, args.length, args.texts))
    changing = args.feeds - args.unchanged
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        feeds = {f"/{i}.xml": rss(f"源{i}", texts[i::changing] if i < changing else [], now) for i in range(args.feeds)}
        before = {path: rss(path, [CorpusText("开播", "第一条")], now - timedelta(hours=2)) for path in feeds}
        items = folder / "items.json"
        items.write_text(json.dumps(before if args.unchanged else feeds), "utf-8")
        server = subprocess.Popen([sys.executable, HERE / "publisher.py", items], stdout=subprocess.PIPE, text=True)
        assert server.stdout
        base = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        database = open_database(sqlite_url(folder))
        execute(database, SetOffice(places=("武汉", "临江")), Actor("benchmark"), now)
        with database.write() as connection:
            for path in feeds:
                sources.add(connection, "feed", base + path, f"源{path}", SourceTier.CITY)
        collector = Collector(database, now)
        if args.unchanged:
            collector.round(now - timedelta(hours=1))
            items.write_text(json.dumps({path: feeds[path] for path in list(feeds)[:changing]}), "utf-8")
            os.kill(server.pid, signal.SIGHUP)
            time.sleep(1)
        stored = article_count(database)
        started = time.perf_counter()
        report = collector.round(now)
        took = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        new = article_count(database) - stored
        database.close()
        started = time.perf_counter()
        parsed = asyncio.run(plain([base + path for path in feeds]))
        peer = time.perf_counter() - started
        server.kill()
    found = {
        "feeds": args.feeds,
        "unchanged": args.unchanged,
        "articles": new,
        "failed": report.failed,
        "topics": report.topics,
        "flagged": len(report.flagged),
        "round_s": round(took, 2),
        "peak_rss_mb": round(peak, 1),
        "peer_fetch_and_feedparser_s": round(peer, 2),
        "peer_entries": parsed,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
