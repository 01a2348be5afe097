"""A shift at the desk: the real window with its collector, hour after hour of a replay; one JSON object.

Usage: soak.py --hours H --speed S [--articles AN_HOUR] [--days D] [--keep FOLDER] [--pace SECONDS] [--idle SECONDS]
H hours of the fictional city's news are published on loopback by a clock that runs S times as fast, after D days of
it have been read; meanwhile the window is worked at through its own widgets (shift.py). Between two laps it is let
be and counted: references to None, True and False, Qt objects, timers, threads, open files, memory. At the end the
window is opened once more by a clock of ordinary speed and left alone, in front and minimised, for the CPU it takes.
Exit code 1 if a limit was passed; `missed` says which. The peer is the bare window of the same library, left alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.city import City, CityPublisher
from benchmarks.steadiness import after_warm_up, course, slope
from benchmarks.tiny import arguments
from domain.times import Clock

MEMORY_LIMIT = 2.0  # MB an hour, of the wall clock and of the replay
IDLE_LIMIT = 1.0  # per cent of a core
LONG_ENOUGH = 600.0  # seconds of samples from which a slope in MB an hour means something
# A short form has limits of its own, for a leak that shows within minutes: 4 MB a minute.
MEMORY_JUMP = 100.0  # MB that no shift may end with more than it began with, however short
SHORT, SHORT_MEMORY_LIMIT = 45.0, 240.0  # seconds of samples; MB an hour
FEWEST = 6  # samples from which a course can be told from chance
IDLE_SHORT, SHORT_IDLE_LIMIT = 10.0, 3.0  # seconds; per cent of a core
BRIEF_IDLE_LIMIT = 25.0  # of less than that, where one look at the store weighs: something never rests
OVERDUE, PATIENCE = 2.0, 120.0  # of the seconds it should take, and seconds more, until a window hangs
REFERENCES_LIMIT = 1000  # references that may be fewer at the end of a run, by what happens to be shown

BARE = """
import sys, time, psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app, window, me = QApplication([]), QMainWindow(), psutil.Process()
window.resize(1280, 800)
window.show()
used = []
look = lambda: used.append(sum(me.cpu_times()[:2]))
QTimer.singleShot(1000, look)
QTimer.singleShot(1000 + int(float(sys.argv[1]) * 1000), lambda: (look(), print((used[1] - used[0]) / float(sys.argv[1]) * 100), app.quit()))
app.exec()
"""


def prepare(folder: Path, city: City, base: str, start: datetime, days: float) -> int:
    """A store that has heard the city's news for some days, calm till the last hours; how many articles."""
    from desk.collecting.collect import Collector
    from desk.execute import execute
    from desk.topics.understand import segmented_all
    from domain.article import Article
    from domain.person import Actor
    from domain.steps.office import SetOffice
    from store import articles, sources
    from store.database import open_database, sqlite_url

    database = open_database(sqlite_url(folder))
    execute(database, SetOffice("临江市政府新闻办", ("临江",), ("国家",), "王强"), Actor("李敏"), start)
    with database.write() as connection:
        ids = [
            sources.add(connection, "feed", f"{base}/{i}", feed.name, feed.tier) for i, feed in enumerate(city.feeds)
        ]
    told = city.go_on(start - timedelta(hours=6), calm=True) + city.go_on(start)
    for i, id in enumerate(ids):
        mine = [Article(r.key, r.title, r.text, "", r.at, r.at) for r in told if r.feed == i]
        prepared = segmented_all(mine)
        with database.write() as connection:
            articles.add(connection, id, prepared)
            sources.change(connection, id, interval_minutes=10.0, due_at=start)
    collector = Collector(database, start)
    collector.understand(start)
    collector.close()
    database.close()
    return len(told)


def run_window(folder: Path, clock: Clock, seconds: float, *options: str) -> dict[str, Any]:
    """The window in a process of its own, for about so many seconds; what it told, how it ended, what it complained of.

    One that does not end by itself is killed, which counts as a crash.
    """
    environment = {**os.environ, "WENYING_PERSON": "李敏", "PYTHONFAULTHANDLER": "1"}
    told = folder / "told.json"
    told.unlink(missing_ok=True)
    now, speed = clock.now().isoformat(), str(clock.speed)
    command = [
        sys.executable,
        str(Path(__file__).with_name("atwindow.py")),
        str(folder),
        str(told),
        now,
        speed,
        *options,
    ]
    with (
        (folder / "stderr.txt").open("w+b") as errors,
        subprocess.Popen(command, env=environment, stderr=errors) as ran,
    ):
        try:
            code = ran.wait(seconds * OVERDUE + PATIENCE)
        except subprocess.TimeoutExpired:
            ran.kill()
            code = ran.wait()
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
    found: dict[str, Any] = json.loads(told.read_text("utf-8")) if told.exists() else {"samples": [], "faults": []}
    return {**found, "exit_code": code, "complained": said}


def errors_in(folder: Path, said: str) -> list[str]:
    """What the log calls an error, and what was written to the error stream beside it."""
    lines: list[str] = []
    for path in sorted(folder.glob("wenying.log*")):
        lines += [
            line
            for line in path.read_text("utf-8", "replace").splitlines()
            if " ERROR " in line or " CRITICAL " in line
        ]
    return lines + [line for line in said.splitlines() if "Error" in line or "Traceback" in line or "Fatal" in line]


def grown_kinds(kinds: list[dict[str, int]]) -> dict[str, int]:
    """Of which classes there were more after the last lap than half-way."""
    early, late = kinds[len(kinds) // 2], kinds[-1]
    return {name: count - early.get(name, 0) for name, count in late.items() if count > early.get(name, 0)}


def only_grows(samples: list[dict[str, Any]], what: str) -> bool:
    """Whether a count that should stay never came back in the last third to what it was at the most in the first.

    Of few samples: whether there were more after every lap.
    """
    if len(samples) < FEWEST:
        return len(samples) > 2 and all(after[what] > before[what] for before, after in pairwise(samples))
    third = len(samples) // 3
    early, late = [s[what] for s in samples[:third]], [s[what] for s in samples[-third:]]
    return bool(min(late) > max(early))


def judged(found: dict[str, Any], speed: float) -> dict[str, Any]:
    """The figures of a shift, and which limits were passed."""
    samples = after_warm_up(found["samples"]) if found["samples"] else []
    out: dict[str, Any] = {"laps": len(found["samples"]), "cases_worked": found.get("cases_worked", 0)}
    missed = []
    if not samples:
        return {**out, "missed": ["no samples"]}
    span = samples[-1]["at"] - samples[0]["at"]
    for what in ("memory_mb", "collector_memory_mb"):
        grown = slope(samples, what)
        out[what] = {
            **course(samples, what),
            "mb_an_hour": round(grown, 2),
            "mb_an_hour_of_replay": round(grown / speed, 2),
        }
        limit = MEMORY_LIMIT if span >= LONG_ENOUGH else SHORT_MEMORY_LIMIT if span >= SHORT else inf
        if grown > limit or out[what]["late"] - out[what]["early"] > MEMORY_JUMP:
            missed.append(what)
    for what in ("threads", "files", "qt_objects", "timers", "collector_threads", "collector_files"):
        out[what] = course(samples, what)
        if out[what]["late"] > out[what]["early"] * 1.05 + 3 or only_grows(samples, what):
            missed.append(what)
    for what in ("references_none", "references_true", "references_false"):
        out[what] = course(samples, what)
        if out[what]["late"] < out[what]["early"] - REFERENCES_LIMIT:
            missed.append(what)
    out["qt_objects_grown"] = grown_kinds(found["kinds"])
    out["longest_stall_ms"] = found["longest_stall_ms"]
    out["stalls_over_100_ms"] = found["stalls"]
    out["idle_at_speed_percent"] = round(sum(s["idle_percent"] for s in samples) / len(samples), 2)
    return {**out, "missed": missed}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=8.0, help="of the replay")
    parser.add_argument("--speed", type=float, default=16.0)
    parser.add_argument("--articles", type=int, default=60, help="an hour of the replay")
    parser.add_argument("--days", type=float, default=14.0, help="read beforehand")
    parser.add_argument("--pace", type=float, default=0.12, help="seconds between two steps of the officer")
    parser.add_argument("--rest", type=float, default=8.0, help="seconds of rest between two laps")
    parser.add_argument(
        "--idle", type=float, default=60.0, help="seconds left alone at the end, in front and minimised"
    )
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
    args = arguments(parser, hours=0.1, speed=30.0, articles=24, days=1.2, pace=0.01, rest=0.5, idle=6.0)
    with tempfile.TemporaryDirectory() as name:
        folder = args.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        start = datetime.now(UTC).replace(microsecond=0)
        city = City(start - timedelta(days=args.days), args.articles)
        clock = Clock.starting(start, 0)
        publisher = CityPublisher(city, clock)
        read = prepare(folder, city, publisher.base, start, args.days)
        publisher.clock = clock = Clock.starting(start, args.speed)
        began = time.monotonic()
        seconds = args.hours * 3600 / args.speed
        shift = run_window(folder, clock, seconds, str(seconds), str(args.pace), str(args.rest))
        took = time.monotonic() - began
        publisher.clock = clock = Clock.starting(clock.now(), 1.0)
        alone = run_window(folder, clock, args.idle, "idle", str(args.idle))
        publisher.close()
        bare = subprocess.run(
            [sys.executable, "-c", BARE, str(args.idle / 2)], capture_output=True, text=True, check=True
        )
        errors = errors_in(folder, shift["complained"] + alone["complained"])
    found = report(args, read, city.told - read, took, shift, alone, float(bare.stdout), errors)
    print(json.dumps(found, ensure_ascii=False))
    sys.exit(bool(found["missed"]))


def report(
    args: argparse.Namespace,
    read: int,
    heard: int,
    took: float,
    shift: dict[str, Any],
    alone: dict[str, Any],
    bare: float,
    errors: list[str],
) -> dict[str, Any]:
    """All that was found."""
    figures = judged(shift, args.speed)
    missed = figures.pop("missed")
    crashes = {
        "window": sum(run["exit_code"] != 0 for run in (shift, alone)),
        "collector": shift.get("collector_restarts", 0) + alone.get("collector_restarts", 0),
    }
    idle = alone.get("idle_percent", {})
    missed += [f"crashes of the {who}" for who, many in crashes.items() if many]
    missed += ["errors in the log"] if errors else []
    # Beside other tests a page may be slow; what could not be done in any lap does not work.
    acts = Counter(fault.partition(",")[0] for fault in shift["faults"])
    allowed = max(1, figures.get("laps", 0) - 1) if args.tiny else 0
    missed += ["faults"] if max(acts.values(), default=0) > allowed else []
    short = args.idle >= 2 * IDLE_SHORT  # half of the time in front, half minimised
    idle_limit = IDLE_LIMIT if args.idle >= 30 and not args.tiny else SHORT_IDLE_LIMIT if short else BRIEF_IDLE_LIMIT
    missed += ["idle CPU"] if max(idle.values(), default=100.0) > idle_limit else []
    return {
        "hours_of_replay": args.hours,
        "speed": args.speed,
        "seconds": round(took),
        "articles_before": read,
        "articles_heard": heard,
        "crashes": crashes,
        "errors_in_log": len(errors),
        "errors": errors[:20],
        "faults": shift["faults"][:20],
        **figures,
        "idle_percent_of_a_core": idle,
        "peer": "a bare window of the same library, idle",
        "peer_idle_percent": round(bare, 2),
        "closed_in_s": shift.get("closed_in_s"),
        "missed": missed,
    }


if __name__ == "__main__":
    main()
