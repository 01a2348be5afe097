"""How long a round takes from the first request to flagged concerns: one JSON object.

Usage: throughput.py --opml ADDRESS_OR_FILE [--now ISO]. The feeds must be served by somebody, e.g. on loopback;
the peer is the plain fetching of the same addresses one after another in the same run.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from desk.collect import Collector
from desk.monitor import article_count
from desk.sourcework import import_sources, list_sources
from domain.times import Clock, parse_moment
from store.database import open_database, sqlite_url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--opml", required=True)
    parser.add_argument("--now")
    args = parser.parse_args()
    now = parse_moment(args.now) if args.now else Clock().now()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        opml = Path(args.opml)
        if args.opml.startswith("http"):
            opml = folder / "feeds.opml"
            opml.write_bytes(httpx.get(args.opml).content)
        database = open_database(sqlite_url(folder))
        import_sources(database, opml, "benchmark", now)
        addresses = [view.source.url for view in list_sources(database, now)]
        started = time.perf_counter()
        with httpx.Client() as client:
            for address in addresses:
                client.get(address)
        plain = time.perf_counter() - started
        report = Collector(database, now).round(now)
        stored = article_count(database)
        database.close()
    found = {
        "feeds": len(addresses),
        "articles": stored,
        "topics": report.topics,
        "flagged": len(report.flagged),
        "round_s": round(report.seconds, 2),
        "plain_fetch_s": round(plain, 2),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
