"""How fast the window opens and whether it stalls while the collector works: one JSON object.

Usage: window.py [--articles N] [--seconds S]. First paint and data are timed from the start of a new process, beside a
bare window of the same library in the same run; stalls are gaps of a 10 ms timer over S seconds while the
window reads its pages anew and a collector works.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tiny import arguments

BARE = """
import sys, time
started = float(sys.argv[1])
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
QTimer.singleShot(0, lambda: (print(time.time() - started), app.quit()))
app.exec()
"""


def prepare(folder: Path, articles: int) -> None:
    """A store with articles in topics and a source that keeps giving new ones."""
    from desk.collecting.collect import Collector
    from desk.execute import execute
    from domain.person import Actor
    from domain.steps.sources import AddSource
    from store.database import open_database, sqlite_url

    now = datetime.now(UTC)
    rows = "".join(
        f"<item><title>第{i % 97}街道{i}号楼供暖问题第{i}次反映</title><guid>{i}</guid>"
        f"<pubDate>{(now - timedelta(minutes=i)).isoformat()}</pubDate>"
        f"<description>居民反映第{i % 97}街道暖气不热，编号{i}，热力公司已受理。</description></item>"
        for i in range(min(articles, 500))
    )
    feeds = []
    for part in range(max(1, articles // 500)):
        path = folder / f"feed{part}.xml"
        path.write_text(f"<rss version='2.0'><channel><title>{part}</title>{rows}</channel></rss>", "utf-8")
        feeds.append(path)
    database = open_database(sqlite_url(folder))
    for path in feeds:
        execute(database, AddSource(str(path)), Actor("benchmark"), now)
    Collector(database, now).round(now)
    database.close()


def measure_window(folder: str, started: float, seconds: float) -> None:
    """In a process of its own: first paint, data, longest stall over some seconds with the collector."""
    from PySide6.QtCore import QTimer

    from domain.times import Clock
    from gui.app import ended, opened
    from gui.pages import PageName

    app, window = opened(Path(folder), None, Clock(), every=1.0)
    app.processEvents()
    found: dict[str, Any] = {"first_paint_s": round(time.time() - started, 3)}
    beat, last, stalls = QTimer(), [0.0], []

    def tick() -> None:
        now = time.perf_counter()
        if last[0]:
            stalls.append((now - last[0] - 0.01, time.time() - started))
        last[0] = now
        page: Any = window.pages.get(PageName.OVERVIEW)
        if "data_s" not in found and page is not None and page.hot.rows_model.rows:
            found["data_s"] = round(time.time() - started, 3)

    beat.timeout.connect(tick)
    beat.start(10)
    for i, name in enumerate([*PageName, *PageName]):
        QTimer.singleShot(int((0.2 + 0.04 * i) * seconds * 1000), lambda name=name: window.go(name))
    QTimer.singleShot(int(seconds * 1000), app.quit)
    code = app.exec()
    window.close()
    found["longest_stall_ms"] = round(1000 * max(stalls)[0], 1)
    found["stalls_over_50_ms"] = [[round(1000 * span), round(at, 1)] for span, at in stalls if span > 0.05]
    print(json.dumps(found), flush=True)
    sys.exit(ended(code, window))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    args = arguments(parser, articles=200, seconds=2.5)
    if args.measure:
        measure_window(args.measure[0], float(args.measure[1]), args.seconds)
        return
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), args.articles)
        bare, full = [], {}
        for _ in range(1 if args.tiny else 2):  # the second is warm
            bare = subprocess.run(
                [sys.executable, "-c", BARE, str(time.time())],
                capture_output=True,
                text=True,
                env=environment,
                check=True,
            ).stdout.split()
            command = [sys.executable, __file__, "--measure", folder, str(time.time())]
            command += ["--seconds", str(args.seconds)]
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
            full = json.loads(done.stdout.splitlines()[-1])
    full["bare_window_s"] = round(float(bare[0]), 3)
    print(json.dumps(full))


if __name__ == "__main__":
    main()
