"""Sorting a topic into an area of government work (领域) by transparent word rules."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from domain.area import AREAS, OTHER

LEAST_SHARE = 0.2  # of a topic's articles that must bear the area's words
TITLE_COUNTS = 3


@lru_cache(maxsize=1)
def area_words() -> dict[str, tuple[str, ...]]:
    """The words of each area, from data/areas.toml."""
    table = tomllib.loads((Path(__file__).parent / "data" / "areas.toml").read_text("utf-8"))
    return {area: tuple(table[area].split()) for area in AREAS if area in table}


def area_of(articles: Sequence[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    """(area, the words that decided) of a topic given as (title, text) pairs; 其他 when none fits."""
    score: Counter[str] = Counter()
    bearing: Counter[str] = Counter()
    words: dict[str, Counter[str]] = {}
    for title, text in articles:
        lead = text[:400]
        for area, lexicon in area_words().items():
            hits = {word: TITLE_COUNTS * (word in title) + (word in lead) for word in lexicon}
            here = sum(hits.values())
            if here:
                score[area] += min(here, 8)
                bearing[area] += 1
                words.setdefault(area, Counter()).update(hits)
    for area, _ in score.most_common():
        if bearing[area] >= LEAST_SHARE * len(articles):
            return area, tuple(word for word, count in words[area].most_common(3) if count)
    return OTHER, ()
