"""Verifying the record: entries a second over N entries; one JSON object.

Usage: record.py --entries N. The peer is hashlib alone over the same amount of text.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tiny import arguments
from domain.record import GENESIS, canonical, chained
from store.database import open_database, sqlite_url
from store.record import verify
from store.schema import record

BATCH = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    args = arguments(parser, entries=1000)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(sqlite_url(Path(folder)))
        previous, at, rows, size = GENESIS, datetime(2026, 1, 1, tzinfo=UTC), [], 0
        for i in range(1, args.entries + 1):
            change = {
                "state": "open",
                "version": i % 7,
                "title": "关于滨河花园供暖情况的回应",
                "link": "https://x.gov.cn/1",
            }
            before = {"state": "flagged"}
            entry = chained(
                i, at + timedelta(seconds=i), "李敏", "拟稿", f"concern:{i % 900}", before, change, previous
            )
            previous = entry.hash
            size += len(canonical(change)) + 200
            rows.append({name: getattr(entry, name) for name in entry.__slots__})
            if len(rows) == BATCH or i == args.entries:
                with database.write() as connection:
                    connection.execute(record.insert(), rows)
                rows = []
        started = time.perf_counter()
        with database.read() as connection:
            count, misfit = verify(connection)
        seconds = time.perf_counter() - started
        assert misfit is None
        text = b"x" * (size // args.entries)
        started = time.perf_counter()
        for _ in range(args.entries):
            hashlib.sha256(text).hexdigest()
        peer = time.perf_counter() - started
        database.close()
    print(
        json.dumps(
            {
                "entries": count,
                "seconds": round(seconds, 2),
                "entries_per_second": round(count / seconds),
                "peer": "hashlib.sha256 alone",
                "peer_seconds": round(peer, 2),
                "times_the_peer": round(seconds / peer, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
