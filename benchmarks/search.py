"""How fast full-text search answers over a big store, and how fast it grows: one JSON object.

Usage: search.py --articles N [--more M] [--queries Q] [--length CHARACTERS] [--texts FILE ...]
Queries are one to three words of articles in the store. The peer, in the same run: the same queries ordered by
FTS5's own rank over all matches.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import text

from analysis.segment import content_words, cut
from benchmarks.corpus import draw
from benchmarks.scores import percentile
from benchmarks.tiny import arguments
from desk.topics.monitor import search_articles
from desk.topics.understand import segmented
from domain.article import Article, SourceTier
from domain.query import Order
from domain.search import read_search
from store import articles, sources
from store.database import Database, open_database, sqlite_url
from store.search import expression

CHUNK = 10_000  # articles that are drawn at once


def grow(database: Database, source: int, texts: list[tuple[str, str]], first: int, start: datetime) -> float:
    """Add articles as the collector does; seconds."""
    began = time.perf_counter()
    for i in range(0, len(texts), 500):
        given = [
            Article(f"k{first + i + j}", title, body, "", start + timedelta(seconds=first + i + j), start)
            for j, (title, body) in enumerate(texts[i : i + 500])
        ]
        with database.read() as connection:
            fresh = articles.unknown(connection, source, given)
        kept = [segmented(item) for item in fresh]
        with database.write() as connection:
            articles.add(connection, source, kept)
    return time.perf_counter() - began


def percentiles(times: list[float]) -> dict[str, float]:
    """Milliseconds at the middle and at the 95th percentile."""
    return {f"p{percent}_ms": round(percentile(times, percent) * 1e3, 2) for percent in (50, 95)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--more", type=int, default=10_000, help="articles added once the store is full")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--length", type=int, default=100)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    args = arguments(parser, articles=600, more=100, queries=20)
    chance, start = random.Random(7), datetime(2024, 1, 1, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as name:
        database = open_database(sqlite_url(Path(name)))
        with database.write() as connection:
            source = sources.add(connection, "feed", "http://benchmark/", "源", SourceTier.CITY)
        stream = ((item.title, item.body) for item in draw(args.articles + args.more, args.length, args.texts))
        queries: list[list[str]] = []
        stored, built = 0, 0.0
        while stored < args.articles:
            texts = list(islice(stream, min(CHUNK, args.articles - stored)))
            for title, body in chance.sample(texts, max(1, args.queries * len(texts) // args.articles)):
                words = content_words(cut(title + body))
                queries.append(chance.sample(words, min(len(words), chance.choice((1, 1, 2, 3)))))
            built += grow(database, source, texts, stored, start)
            stored += len(texts)
        more = grow(database, source, list(stream), stored, start)
        taken: dict[str, list[float]] = {"relevance": [], "time": [], "peer": []}
        for words in queries:
            for order in Order:
                began = time.perf_counter()
                search_articles(database, read_search(" ".join(words), start), 50, order)
                taken[order.value].append(time.perf_counter() - began)
            terms = expression(read_search(" ".join(words), start))
            with database.read() as connection:
                began = time.perf_counter()
                connection.execute(
                    text("SELECT rowid FROM article_words WHERE article_words MATCH :t ORDER BY rank LIMIT 50"),
                    {"t": terms},
                ).all()
                taken["peer"].append(time.perf_counter() - began)
        size = sum(path.stat().st_size for path in Path(name).iterdir())
        database.close()
    found = {
        "articles": args.articles,
        "build_s": round(built, 1),
        "add_more": args.more,
        "add_more_s": round(more, 2),
        "store_mb": round(size / 1e6),
        "queries": len(queries),
        "by_relevance": percentiles(taken["relevance"]),
        "by_time": percentiles(taken["time"]),
        "peer_fts5_rank": percentiles(taken["peer"]),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
