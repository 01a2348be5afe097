"""How well the production pipeline groups labelled articles: B-cubed and AMI, as one JSON object.

Usage: topic_quality.py [FILE.jsonl] [--background FILE.jsonl] [--order time|shuffle:SEED]
Without a file, ten happenings told three times each: enough to see that it runs, not to judge by.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.brief import briefs_of
from analysis.centroid import Named
from analysis.happenings import sorts_of
from analysis.places import regions_of
from analysis.terms import terms_of
from analysis.topics import Document, TopicWindow
from benchmarks.scores import adjusted_mutual_information, bcubed
from benchmarks.tiny import arguments

ROUND = 50  # articles that come in one round
START = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """An article; `cluster` names its event where it is labelled."""

    title: str
    text: str
    at: datetime | None = None
    cluster: object = None


def read(path: Path) -> list[Told]:
    with path.open(encoding="utf-8") as lines:
        return [_told(json.loads(line)) for line in lines if line.strip()]


def _told(item: dict[str, Any]) -> Told:
    at = datetime.fromisoformat(str(item["time"])) if item.get("time") else None
    at = at.replace(tzinfo=UTC) if at and not at.tzinfo else at
    return Told(str(item["title"]), str(item["text"]), at, item.get("cluster"))


def few() -> list[Told]:
    """Ten happenings, each told in three ways."""
    things = (
        "供暖管道",
        "跨江大桥",
        "小学食堂",
        "公交线路",
        "化工厂房",
        "自来水厂",
        "菜市场",
        "体育馆",
        "老旧小区",
        "垃圾站",
    )
    ways = ("{}今天上午出现问题，市民来电反映{}停用", "记者走访{}：停用原因正在调查", "关于{}停用的情况说明")
    return [
        Told(way.format(thing, thing), f"{way.format(thing, thing)}。{thing}将于近日恢复使用。", cluster=i)
        for way in ways
        for i, thing in enumerate(things)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--background", type=Path)
    parser.add_argument("--order", default="time")
    args = arguments(parser)
    articles = (read(args.file) if args.file else few()) + (read(args.background) if args.background else [])
    if args.order.startswith("shuffle:"):
        random.Random(int(args.order.partition(":")[2])).shuffle(articles)
        dated = [(START + timedelta(minutes=i), article) for i, article in enumerate(articles)]
    else:
        dated = [(article.at or START + timedelta(minutes=i), article) for i, article in enumerate(articles)]
        if any(article.at for article in articles):
            dated.sort(key=lambda pair: pair[0])

    started = time.perf_counter()
    window = TopicWindow()
    # As the collector does: round by round, with a recluster after each.
    for start in range(0, len(dated), ROUND):
        some = dated[start : start + ROUND]
        briefs = briefs_of([terms_of(article.title, article.text) for _, article in some])
        window.place(
            Document(start + i, brief, at, Named(regions_of(article.title), sorts_of(article.title)))
            for i, ((at, article), brief) in enumerate(zip(some, briefs))
        )
        window.recluster()
    seconds = time.perf_counter() - started

    labelled = [(i, article.cluster) for i, (_, article) in enumerate(dated) if article.cluster is not None]
    found = [window.topic_of(i) or 0 for i, _ in labelled]
    truth = [cluster for _, cluster in labelled]
    precision, recall, f1 = bcubed(found, truth)
    print(
        json.dumps(
            {
                "bcubed_precision": round(precision, 4),
                "bcubed_recall": round(recall, 4),
                "bcubed_f1": round(f1, 4),
                "ami": round(adjusted_mutual_information(found, truth), 4),
                "topics": len(set(found)),
                "truth": len(set(truth)),
                "articles_per_second": round(len(articles) / seconds, 1),
                "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
