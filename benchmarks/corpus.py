"""Articles to measure on: sentences of real texts put together anew, with titles, so that any number can be made.

Give --texts the files to draw from (.csv, .jsonl, .md, .txt); without, the demo's items are used.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.segment import sentences


@dataclass(frozen=True, slots=True)
class CorpusText:
    """An article made for measuring."""

    title: str
    body: str


def draw(count: int, length: int, files: list[Path], seed: int = 1) -> Iterator[CorpusText]:
    """`count` articles of about `length` characters; the same for the same seed."""
    chance = random.Random(seed)
    pool = [s for s in _sentences(files) if 8 <= len(s) <= 200]
    for i in range(count):
        # Neighbouring sentences stay together, so that articles have subjects and resemble each other in part.
        start = chance.randrange(len(pool))
        body: list[str] = []
        at = start
        while sum(map(len, body)) < length:
            body.append(pool[at % len(pool)])
            at = at + 1 if chance.random() < 0.8 else chance.randrange(len(pool))
        title = re.sub(r"[。！？]$", "", pool[start])[:28]
        yield CorpusText(f"{title}（{i}）" if chance.random() < 0.3 else title, "".join(body)[: int(length * 1.2)])


def _sentences(files: list[Path]) -> Iterator[str]:
    if not files:
        from demo.publisher import read_feeds

        for feed in read_feeds():
            for item in feed.items:
                yield item.title
                yield from sentences(item.text)
    for path in files:
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as lines:
                for row in csv.DictReader(lines):
                    yield from sentences(f"{row.get('title', '')}\n{row.get('summary', '')}")
        elif path.suffix == ".jsonl":
            for line in path.read_text("utf-8").splitlines():
                row = json.loads(line)
                yield from sentences(f"{row.get('title', '')}\n{row.get('text', '')}")
        else:
            yield from sentences(path.read_text("utf-8"))
