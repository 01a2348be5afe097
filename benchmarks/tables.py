"""How long a table of many rows takes to be read and stored, and in how much memory: one JSON object.

Usage: tables.py [--rows N] [--length CHARACTERS] [--xlsx] [--file FILE] [--texts FILE ...]
The file is made first (and kept, with --file); its texts differ. Half of the rows are stored, then the import is
stopped and gone on with. Topics are not looked at.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from corpus import draw
from tiny import arguments

from desk.collecting.tableimport import Imported, import_table, open_table
from desk.topics.monitor import article_count
from sources.tableparts import Progress
from store.database import Database, open_database, sqlite_url

HEADINGS = ("序号", "工单编号", "标题", "内容", "受理时间")


def rows(count: int, length: int, texts: list[Path]) -> Iterator[tuple[str, ...]]:
    """Messages to a hotline, a minute apart."""
    begun = datetime(2024, 1, 1)  # noqa: DTZ001 - as tables write it
    for i, text in enumerate(draw(count, length, texts), 1):
        at = begun + timedelta(minutes=i % 1_000_000)
        yield str(i), f"GD{i:012d}", f"{text.title}{i}", f"{text.body}（{i}）", f"{at:%Y-%m-%d %H:%M}"


def write(path: Path, count: int, length: int, texts: list[Path]) -> None:
    """A table of so many rows, CSV or XLSX by its name."""
    if path.suffix == ".xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("工单")
        sheet.append(HEADINGS)
        for row in rows(count, length, texts):
            sheet.append(row)
        book.save(path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        out.writerows(rows(count, length, texts))


class Watch:
    """The most memory that this process, and this with those it started, had at once, in megabytes."""

    def __init__(self) -> None:
        self.own = self.whole = 0.0
        self._ended = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._ended.wait(0.2):
            own = me.memory_info().rss
            whole = own
            for child in me.children(recursive=True):
                try:
                    whole += child.memory_info().rss
                except psutil.Error:
                    continue
            self.own, self.whole = max(self.own, own / 1e6), max(self.whole, whole / 1e6)


def measured(database: Database, path: Path, half: float) -> tuple[Imported, Imported, float, float]:
    """(the import until it was stopped, the rest, seconds of both)"""
    now = datetime.now(UTC)
    share = 0.0

    def told(progress: Progress) -> None:
        nonlocal share
        share = progress.share
        if os.isatty(2):
            print(f"\r{share:.1%}", end="", file=sys.stderr)

    began = time.perf_counter()
    first = import_table(database, path, open_table(path), now, told, lambda: share >= half)
    middle = time.perf_counter()
    rest = import_table(database, path, open_table(path), now, told)
    return first, rest, middle - began, time.perf_counter() - middle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--length", type=int, default=370)
    parser.add_argument("--xlsx", action="store_true")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    args = arguments(parser, rows=1_200, length=60)
    with tempfile.TemporaryDirectory() as name:
        path = args.file or Path(name) / ("rows.xlsx" if args.xlsx else "rows.csv")
        if not path.exists():
            write(path, args.rows, args.length, args.texts)
        database = open_database(sqlite_url(Path(name)))
        watch = Watch()
        first, rest, first_s, rest_s = measured(database, path, 0.5)
        watch.end()
        stored = article_count(database)
        database.close()
        print(
            json.dumps(
                {
                    "mb": round(path.stat().st_size / 1e6, 1),
                    "rows": rest.rows - 1,
                    "stored": stored,
                    "failed": args.rows - stored if not args.file else 0,
                    "stopped_at": first.rows,
                    "went_on_from": rest.begun_at,
                    "seconds": round(first_s + rest_s, 1),
                    "rows_per_second": round(stored / (first_s + rest_s)),
                    "peak_rss_mb": round(watch.own),
                    "peak_rss_with_helpers_mb": round(watch.whole),
                }
            )
        )


if __name__ == "__main__":
    main()
