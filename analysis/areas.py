"""Sorting a topic into an area of government work (领域): word rules first, then a classifier; both say why."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.segment import content_words, cut
from domain.area import AREAS, OTHER

DATA = Path(__file__).parent / "data"
LEAST_SHARE = 0.2  # of a topic's articles that must bear the area's words
TITLE_COUNTS = 3
FIRM = 2.0  # weight of words per article from which the rules are sure of themselves
CLEAR = 1.5  # times as much as the second that the first area's words must weigh for the rules alone to decide
LEAST_CHANCE = 0.16  # the classifier's, below which it does not know; evenly spread would be 0.03
LEAD = 400  # characters of a text that are looked at
NAMED = 3  # words that a ground names


@lru_cache(maxsize=1)
def area_words() -> dict[str, tuple[str, ...]]:
    """The words of each area, from data/areas.toml."""
    table = tomllib.loads((DATA / "areas.toml").read_text("utf-8"))
    return {area: tuple(table[area].split()) for area in AREAS if area in table}


def area_of(articles: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """(area, why in plain words) of a topic given as (title, text) pairs; 其他 when none fits."""
    score: Counter[str] = Counter()
    bearing: Counter[str] = Counter()
    words: dict[str, Counter[str]] = {}
    for title, text in articles:
        lead = text[:LEAD]
        for area, lexicon in area_words().items():
            hits = {word: TITLE_COUNTS * (word in title) + (word in lead) for word in lexicon}
            here = sum(hits.values())
            if here:
                score[area] += min(here, 8)
                bearing[area] += 1
                words.setdefault(area, Counter()).update(hits)
    ranked = [item for item in score.most_common() if bearing[item[0]] >= LEAST_SHARE * len(articles)]
    # One passing word decides nothing: 金融 in a school's name, 隔离 in 隔离栏.
    firm = bool(ranked) and ranked[0][1] >= FIRM * len(articles)
    if firm and (len(ranked) == 1 or ranked[0][1] >= CLEAR * ranked[1][1]):
        return ranked[0][0], _said(words[ranked[0][0]])
    guess, ground = _guess(articles)
    if guess != OTHER and (not firm or guess in {area for area, _ in ranked[:3]}):
        return guess, ground
    return (ranked[0][0], _said(words[ranked[0][0]])) if firm else (OTHER, "没有哪个领域的词多次出现")


def _said(hits: Counter[str]) -> str:
    return f"提到{'、'.join(word for word, count in hits.most_common(NAMED) if count)}"


@lru_cache(maxsize=1)
def _classifier() -> tuple[Any, Any]:
    """TF-IDF of words and logistic regression, trained on data/area_examples.txt; loaded when first needed."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    lines = (DATA / "area_examples.txt").read_text("utf-8").splitlines()
    examples = [line.partition("|") for line in lines if line and not line.startswith("#")]
    lexicon = [(area, " ".join(words)) for area, words in area_words().items()]
    texts = [text for _, _, text in examples] + [text for _, text in lexicon]
    areas = [area for area, _, _ in examples] + [area for area, _ in lexicon]
    vectors = TfidfVectorizer(analyzer=_words, sublinear_tf=True)
    model = LogisticRegression(C=20, max_iter=400)
    model.fit(vectors.fit_transform(texts), areas)
    return vectors, model


def _words(text: str) -> list[str]:
    return content_words(cut(text))


def _guess(articles: Sequence[tuple[str, str]]) -> tuple[str, str]:
    vectors, model = _classifier()
    text = "。".join(f"{title}。{title}。{text[:LEAD]}" for title, text in articles[:8])
    row = vectors.transform([text])
    chances = model.predict_proba(row)[0]
    best = int(chances.argmax())
    if chances[best] < LEAST_CHANCE or not row.nnz:
        return OTHER, ""
    worth = row.multiply(model.coef_[best]).tocoo()
    names = vectors.get_feature_names_out()
    told = [names[i] for _, i in sorted(zip(-worth.data, worth.col)) if model.coef_[best][i] > 0][:NAMED]
    if len(told) < 2:
        return OTHER, ""
    return str(model.classes_[best]), f"与该领域的例子用词相近：{'、'.join(told)}"
