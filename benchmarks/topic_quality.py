"""How well the production pipeline groups labelled articles: B-cubed and AMI, as one JSON object.

Usage: topic_quality.py FILE.jsonl [--background FILE.jsonl] [--order time|shuffle:SEED]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.brief import briefs_of
from analysis.places import regions_of
from analysis.terms import terms_of
from analysis.topics import Document, TopicWindow
from benchmarks.scores import adjusted_mutual_information, bcubed

ROUND = 50  # articles that come in one round
START = datetime(2020, 1, 1, tzinfo=UTC)


def read(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--background", type=Path)
    parser.add_argument("--order", default="time")
    args = parser.parse_args()
    articles = read(args.file) + (read(args.background) if args.background else [])
    for i, article in enumerate(articles):
        moment = datetime.fromisoformat(str(article["time"])) if article.get("time") else START + timedelta(minutes=i)
        article["at"] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if args.order.startswith("shuffle:"):
        random.Random(int(args.order.partition(":")[2])).shuffle(articles)
        for i, article in enumerate(articles):
            article["at"] = START + timedelta(minutes=i)
    elif any(article.get("time") for article in articles):
        articles.sort(key=lambda article: article["at"])

    started = time.perf_counter()
    window = TopicWindow()
    # As the collector does: round by round, with a repair after each.
    for start in range(0, len(articles), ROUND):
        some = articles[start : start + ROUND]
        briefs = briefs_of([terms_of(str(a["title"]), str(a["text"])) for a in some])
        window.place(
            Document(start + i, brief, a["at"], regions_of(str(a["title"])))
            for i, (a, brief) in enumerate(zip(some, briefs))
        )
        window.repair()
    seconds = time.perf_counter() - started

    labelled = [i for i, article in enumerate(articles) if article.get("cluster") is not None]
    found = [window.topic_of(i) or 0 for i in labelled]
    truth = [articles[i]["cluster"] for i in labelled]
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
