"""How fast feeds are parsed, and whether the fast path gives what feedparser gives: one JSON object.

Usage: parsing.py [--articles N] [--texts FILE ...] [--feeds FILE ...]; without --feeds they are made from the texts,
half of them with HTML. The peer is feedparser alone on the same bytes in the same run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import feedparser

from benchmarks.corpus import CorpusText, draw
from benchmarks.throughput import rss
from benchmarks.tiny import arguments
from domain.errors import SourceError
from sources import fastfeeds
from sources.feeds import read_feed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--feeds", type=Path, nargs="*", default=[])
    args = arguments(parser, articles=160)
    now = datetime.now(UTC)
    bodies = [path.read_bytes() for path in args.feeds]
    if not bodies:
        texts = list(draw(args.articles, 400, args.texts))
        marked = [
            CorpusText(t.title, f"<p>{t.body[:200]}</p><p>{t.body[200:]}<br/><a href='http://x/'>详情</a></p>")
            for t in texts
        ]
        for i in range(0, len(texts), 40):
            chosen = (texts if i % 80 else marked)[i : i + 40]
            bodies.append(rss(f"源{i}", chosen, now).encode())
    size = sum(map(len, bodies)) / 1e6

    def ours() -> list[object]:
        found: list[object] = []
        for body in bodies:
            try:
                found.append(read_feed(body, None, now))
            except SourceError as error:
                found.append(str(error))
        return found

    ours()
    began = time.perf_counter()
    fast = ours()
    fast_s = time.perf_counter() - began
    began = time.perf_counter()
    for body in bodies:
        feedparser.parse(body)
    peer_s = time.perf_counter() - began
    with patch.object(fastfeeds, "parse", return_value=None):
        slow = ours()
    found = {
        "feeds": len(bodies),
        "mb": round(size, 1),
        "mb_per_s": round(size / fast_s, 1),
        "peer_feedparser_mb_per_s": round(size / peer_s, 1),
        "ratio": round(peer_s / fast_s, 1),
        "same_articles_as_through_feedparser": fast == slow,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
