"""From text to topics: articles of 500 characters, against the time plain jieba needs to segment them; one JSON object.

Usage: understanding.py --articles N [--texts FILE …] [--peer-articles N]

Both are measured in one process and run, jieba on the first --peer-articles of the same texts and by share.
"""

from __future__ import annotations

import argparse
import json
import logging
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.brief import Brief, briefs_of
from analysis.centroid import Named
from analysis.happenings import sorts_of
from analysis.parallel import Helpers
from analysis.places import regions_of
from analysis.terms import terms_of
from benchmarks.corpus import CorpusText, draw
from benchmarks.tiny import arguments

LENGTH = 500  # characters of an article
ROUND = 1000  # articles that come together
DAYS = 7  # over which the articles are spread, so that all stay in the window


def _read(texts: list[CorpusText]) -> list[tuple[Brief, Named]]:
    briefs = briefs_of([terms_of(text.title, text.body) for text in texts])
    return [(brief, Named(regions_of(text.title), sorts_of(text.title))) for brief, text in zip(briefs, texts)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--peer-articles", type=int, default=1_000)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    args = arguments(parser, articles=400, peer_articles=20)
    # Here, and not above, for a helper process imports what stands above.
    import jieba

    from analysis.topics import Document, TopicWindow
    from desk.collecting.collect import spare_garbage_collection

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    sample = list(islice(draw(args.articles, LENGTH, args.texts), args.peer_articles))
    started = time.perf_counter()
    for text in sample:
        jieba.lcut(text.title)
        jieba.lcut(text.body)
    peer = (time.perf_counter() - started) / len(sample) * args.articles

    window, step = TopicWindow(), timedelta(days=DAYS) / args.articles
    at, id, rounds = datetime(2026, 1, 1, tzinfo=UTC), 0, []
    texts = list(draw(args.articles, LENGTH, args.texts))
    spare_garbage_collection()  # as the collector's own process does
    begun = time.perf_counter()
    helpers = Helpers()
    read = helpers.read(_read, texts)
    while id < len(texts):
        started = time.perf_counter()
        documents = [
            Document(id + i, brief, at + (id + i) * step, named) for i, (brief, named) in enumerate(islice(read, ROUND))
        ]
        window.place(documents)
        id += len(documents)
        rounds.append((time.perf_counter() - started) / len(documents) * ROUND)
    window.recluster()
    seconds = time.perf_counter() - begun
    helpers.close()
    tenth = max(1, len(rounds) // 20)
    early, late = rounds[tenth : 2 * tenth] or rounds[:1], rounds[-tenth:]
    print(
        json.dumps(
            {
                "articles": id,
                "seconds": round(seconds, 2),
                "peer": "jieba segmenting alone",
                "peer_seconds": round(peer, 2),
                "share_of_peer": round(seconds / peer, 3),
                "last_round_of_1000_seconds": round(rounds[-1], 3),
                "growth_from_5_percent_of_the_window_to_all": round(sum(late) / sum(early) * len(early) / len(late), 2),
                "topics": len({window.topic_of(i) for i in range(id)}),
                "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
