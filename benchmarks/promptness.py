"""In how many rounds a matter is flagged, from the one that brought its first report: one JSON object.

Usage: promptness.py [--news FILE.csv] [--hotlists FOLDER [--days N]] [--every MINUTES] [--places NAME …]
The articles come round by round by their own clock into the real understanding, as the collector has it: the demo's
story; a table of news (pubDate, title, summary, infoSource); hot lists of days, a list a day told in four rounds.
1 is the very round that brought the first report of the topic that was flagged. What is no emergency needs a second
report by the rules, so of each it is also counted from its newest report (`waited`), which is what the tool itself adds.
The peer, in the same run: an office that looks up at the third report. Exit 1 where emergencies took over 1 round at
the median or over 2 at most, or anything waited at the median.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.scores import percentile
from benchmarks.tiny import arguments
from demo.publisher import read_feeds
from desk.collecting.segmenting import segmented_all
from desk.execute import execute
from desk.topics.understand import Understanding
from domain.article import Article, SourceTier
from domain.concern import ReasonCode
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.times import CHINA
from store import articles, cases, sources
from store.database import Database, open_database, sqlite_url

START = datetime(2026, 11, 16, tzinfo=CHINA)
MEDIAN_LIMIT, EMERGENCY_LIMIT = 1, 2
LOOKS_UP_AT = 3  # reports at which the peer looks up
Flagged = tuple[int, int, int, bool, str]
Told = tuple[datetime, str, SourceTier, str, str]  # when, source, tier, title, text


def demo() -> Iterator[Told]:
    """The demo's story."""
    for feed in read_feeds():
        for item in feed.items:
            yield START + item.after, feed.name, feed.tier, item.title, item.text


def news(path: Path) -> Iterator[Told]:
    """A table of news."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["pubDate"]).replace(tzinfo=CHINA)
            yield at, row["infoSource"], SourceTier.PORTAL, row["title"], row["summary"]


def hotlists(folder: Path, days: int) -> Iterator[Told]:
    """Hot lists, the titles of a day spread over it in their order."""
    for path in sorted(folder.glob("*.json"))[-days:]:
        titles = [item["title"] for item in json.loads(path.read_text("utf-8"))]
        day = datetime.fromisoformat(path.stem).replace(tzinfo=CHINA)
        for i, title in enumerate(titles):
            yield day + timedelta(hours=6 + 6 * (4 * i // len(titles)) * 0.9), "热榜", SourceTier.PORTAL, title, ""


def rounds_to_flag(told: Sequence[Told], places: tuple[str, ...], every: timedelta) -> list[Flagged]:
    """Of each concern: rounds until it was flagged, from its first report and from its newest; rounds until the peer
    looks up, 0 for never; whether it is an emergency; its title.
    """
    with tempfile.TemporaryDirectory() as name:
        database = open_database(sqlite_url(Path(name)))
        try:
            return _played(database, sorted(told, key=lambda one: one[0]), places, every)
        finally:
            database.close()


def _played(database: Database, told: Sequence[Told], places: tuple[str, ...], every: timedelta) -> list[Flagged]:
    first = told[0][0]
    execute(database, SetOffice(places=places), Actor("benchmark"), first)
    understanding, found, of_source = Understanding(database, first), [], dict[str, int]()
    round_of = dict[int, int]()  # article → the round that brought it
    with_round = groupby(enumerate(told), key=lambda one: (one[1][0] - first) // every)
    for number, (_, some) in enumerate(with_round, 1):
        brought = list(some)
        now = (brought[-1][1][0] + every).astimezone(UTC)
        with database.write() as connection:
            for i, (at, source, tier, title, text) in brought:
                if source not in of_source:
                    of_source[source] = sources.add(connection, "feed", f"http://x/{len(of_source)}", source, tier)
                prepared = segmented_all([Article(f"k{i}", title, text, "", at.astimezone(UTC), now)])
                for id in articles.add(connection, of_source[source], prepared):
                    round_of[id] = number
        flagged = understanding.update(now).flagged
        with database.read() as connection:
            for id in flagged:
                concern = cases.get(connection, id)
                came = sorted(
                    round_of[member.id] for member in articles.members(connection, [concern.topic_id])[concern.topic_id]
                )
                third = came[LOOKS_UP_AT - 1] if len(came) >= LOOKS_UP_AT else 0
                emergency = any(reason.code is ReasonCode.EMERGENCY for reason in concern.reasons)
                looks_up = third - came[0] + 1 if third else 0
                found.append((number - came[0] + 1, number - came[-1] + 1, looks_up, emergency, concern.title))
    return found


def figures(found: Sequence[Flagged]) -> dict[str, Any]:
    """The distribution of rounds, of all and of emergencies, with those that took longest."""
    rounds, urgent = [one[0] for one in found], [one[0] for one in found if one[3]]
    late = sorted((one for one in found if one[0] > EMERGENCY_LIMIT), reverse=True)
    return {
        "concerns": len(found),
        "in_the_first_round": sum(one == 1 for one in rounds),
        "median": percentile(rounds, 50) if rounds else None,
        "waited_median": percentile([one[1] for one in found], 50) if found else None,
        "waited_most": max((one[1] for one in found), default=None),
        "emergencies": len(urgent),
        "emergency_median": percentile(urgent, 50) if urgent else None,
        "emergency_most": max(urgent, default=None),
        "peer_later": sum(not one[2] or one[2] > one[0] for one in found),
        "late": [f"{one[0]}{'（突发）' if one[3] else ''} {one[4]}" for one in late[:10]],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", type=Path)
    parser.add_argument("--hotlists", type=Path)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--every", type=float, default=30.0, help="minutes of a round")
    parser.add_argument(
        "--places", nargs="*", default=["湖北", "河北"], help="of the office that hears news and hot lists"
    )
    args = arguments(parser, every=240.0)
    every, places = timedelta(minutes=args.every), tuple(args.places)
    out = {"demo": figures(rounds_to_flag(list(demo()), ("临江",), every))}
    if args.news:
        out["news"] = figures(rounds_to_flag(list(news(args.news)), places, every))
    if args.hotlists:
        out["hotlists"] = figures(rounds_to_flag(list(hotlists(args.hotlists, args.days)), places, every))
    missed = [
        name
        for name, of in out.items()
        if (of["emergency_median"] or 0) > MEDIAN_LIMIT
        or (of["emergency_most"] or 0) > EMERGENCY_LIMIT
        or (of["waited_median"] or 0) > MEDIAN_LIMIT
    ]
    print(json.dumps({**out, "missed": missed}, ensure_ascii=False))
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
