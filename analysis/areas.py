"""Sorting a topic into an area of government work (领域): word rules first, then a classifier; both say why."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analysis.segment import content_words, cut
from domain.area import AREAS, OTHER

DATA = Path(__file__).parent / "data"
FITTED = DATA / "area_model.npz"
LEAST_SHARE = 0.2  # of a topic's articles that must bear the area's words
TITLE_COUNTS = 3
FIRM = 2.0  # weight of words per article from which the rules are sure of themselves
CLEAR = 1.5  # times as much as the second that the first area's words must weigh for the rules alone to decide
LEAST_CHANCE = 0.16  # the classifier's, below which it does not know; evenly spread would be 0.03
LEAD = 400  # characters of a text that are looked at
MOST_COUNTED = 8  # that an article's words count for an area
LEARNED = 8  # articles of a topic that the classifier looks at
NAMED = 3  # words that a ground names


@lru_cache(maxsize=1)
def area_words() -> dict[str, tuple[str, ...]]:
    """The words of each area, from data/areas.toml."""
    table = tomllib.loads((DATA / "areas.toml").read_text("utf-8"))
    return {area: tuple(table[area].split()) for area in AREAS if area in table}


@lru_cache(maxsize=1)
def listed_words() -> tuple[str, ...]:
    """The words of all areas, each once."""
    return tuple(dict.fromkeys(word for words in area_words().values() for word in words))


@dataclass(frozen=True, slots=True)
class AreaSigns:
    """What of one article speaks for an area: its listed words with what they count, and the classifier's features.

    A word is named by its place in `listed_words`; `features` are numbers of two bytes, one for each time.
    """

    words: tuple[tuple[int, int], ...]
    features: bytes


def counted(in_title: Iterable[int], in_lead: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """What the listed words that stand in a title and in a lead count."""
    times_listed: dict[int, int] = {}
    for word in in_title:
        times_listed[word] = TITLE_COUNTS
    for word in set(in_lead):
        times_listed[word] = times_listed.get(word, 0) + 1
    return tuple(sorted(times_listed.items()))


def features_of(title_words: Iterable[str], lead_words: Iterable[str]) -> bytes:
    """The classifier's features among the words that carry meaning; the title's count twice, as one reads it twice."""
    known = _feature_numbers()
    title = [number for word in title_words if (number := known.get(word)) is not None]
    lead = [number for word in lead_words if (number := known.get(word)) is not None]
    return np.array([*title, *title, *lead], dtype=np.uint16).tobytes()


def signs_of(title: str, text: str) -> AreaSigns:
    """What of one article speaks for an area."""
    lead, words = text[:LEAD], listed_words()
    in_title, in_lead = ([i for i, word in enumerate(words) if word in part] for part in (title, lead))
    return AreaSigns(counted(in_title, in_lead), features_of(_words(title), _words(lead)))


def areas_of(topics: Sequence[Sequence[AreaSigns]]) -> list[tuple[str, str]]:
    """(area, why in plain words) of each topic, given as what its articles show; 其他 when none fits."""
    ruled = [_ruled(signs) for signs in topics]
    open_ones = [i for i, verdict in enumerate(ruled) if not verdict.settled]
    guesses = dict(zip(open_ones, _guesses([topics[i] for i in open_ones])))
    return [(v.area, v.ground) if v.settled else _weighed(v, *guesses[i]) for i, v in enumerate(ruled)]


@dataclass(frozen=True, slots=True)
class _Ruled:
    """What the word rules make of a topic: the area and ground where they are firm, and whether that settles it.

    `first` are the areas that weigh most.
    """

    area: str
    ground: str
    firm: bool
    settled: bool
    first: tuple[str, ...]


def _ruled(articles: Sequence[AreaSigns]) -> _Ruled:
    score: Counter[str] = Counter()
    bearing: Counter[str] = Counter()
    words: dict[str, Counter[int]] = {}
    areas = _areas_of_words()
    for article in articles:
        here: Counter[int] = Counter()
        for word, count in article.words:
            for number in areas[word]:
                here[number] += count
                words.setdefault(AREAS[number], Counter())[word] += count
        for number in sorted(here):
            score[AREAS[number]] += min(here[number], MOST_COUNTED)
            bearing[AREAS[number]] += 1
    ranked = [item for item in score.most_common() if bearing[item[0]] >= LEAST_SHARE * len(articles)]
    # One passing word decides nothing: 金融 in a school's name, 隔离 in 隔离栏.
    firm = bool(ranked) and ranked[0][1] >= FIRM * len(articles)
    settled = firm and (len(ranked) == 1 or ranked[0][1] >= CLEAR * ranked[1][1])
    area, ground = (ranked[0][0], _said(ranked[0][0], words[ranked[0][0]])) if firm else (OTHER, "")
    return _Ruled(area, ground, firm, settled, tuple(area for area, _ in ranked[:3]))


def _weighed(rules: _Ruled, guess: str, ground: str) -> tuple[str, str]:
    """What the rules, which were not sure, and the classifier make of a topic together."""
    if guess != OTHER and (not rules.firm or guess in rules.first):
        return guess, ground
    return (rules.area, rules.ground) if rules.firm else (OTHER, "没有哪个领域的词多次出现")


@lru_cache(maxsize=1)
def _areas_of_words() -> tuple[tuple[int, ...], ...]:
    """Of each listed word the areas whose it is, by their place in AREAS."""
    table = area_words()
    return tuple(tuple(i for i, area in enumerate(AREAS) if word in table.get(area, ())) for word in listed_words())


def _said(area: str, hits: Counter[int]) -> str:
    words = listed_words()
    place = {word: i for i, word in enumerate(area_words()[area])}
    heaviest = sorted(hits, key=lambda number: (-hits[number], place[words[number]]))[:NAMED]
    return f"提到{'、'.join(words[number] for number in heaviest)}"


@lru_cache(maxsize=1)
def _examples() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the classifier learns from, as (area, words): data/area_examples.txt and the listed words."""
    lines = (DATA / "area_examples.txt").read_text("utf-8").splitlines()
    examples = [line.partition("|") for line in lines if line and not line.startswith("#")]
    lexicon = [(area, " ".join(words)) for area, words in area_words().items()]
    return tuple((area, tuple(_words(text))) for area, text in [*((a, t) for a, _, t in examples), *lexicon])


@lru_cache(maxsize=1)
def _feature_numbers() -> Mapping[str, int]:
    """The words that the classifier knows, by number."""
    return {word: i for i, word in enumerate(sorted({word for _, words in _examples() for word in words}))}


@dataclass(frozen=True, slots=True)
class _Classifier:
    """The fitted classifier: rarity of each feature, weights and bias of each area."""

    areas: tuple[str, ...]
    rarity: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def _classifier() -> _Classifier:
    """As `area_training` fitted it: loading scikit-learn and fitting took a collector three seconds at each start."""
    with np.load(FITTED, allow_pickle=False) as stored:
        rarity, weights, bias = (stored[part].astype(np.float64) for part in ("rarity", "weights", "bias"))
        return _Classifier(tuple(stored["areas"].tolist()), rarity, weights, bias)


def fitted_from() -> str:
    """The fingerprint of the examples that the classifier was fitted from."""
    with np.load(FITTED, allow_pickle=False) as stored:
        return str(stored["examples"])


def examples() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the classifier learns from, as (area, words)."""
    return _examples()


def fingerprint() -> str:
    """By which it is seen whether a classifier belongs to the examples."""
    return hashlib.sha256(repr(_examples()).encode()).hexdigest()


def _words(text: str) -> list[str]:
    return content_words(cut(text))


def _guesses(topics: Sequence[Sequence[AreaSigns]]) -> list[tuple[str, str]]:
    """What the classifier makes of topics: (area, ground), 其他 where it does not know."""
    if not topics:
        return []
    learned, names, guesses = _classifier(), list(_feature_numbers()), []
    for some in topics:
        features = b"".join(article.features for article in some[:LEARNED])
        columns, counts = np.unique(np.frombuffer(features, dtype=np.uint16), return_counts=True)
        if not len(columns):
            guesses.append((OTHER, ""))
            continue
        values = (1 + np.log(counts)) * learned.rarity[columns]
        values /= np.sqrt(values @ values)
        scores = learned.weights[:, columns] @ values + learned.bias
        chances = np.exp(scores - scores.max())
        best = int(chances.argmax())
        if chances[best] / chances.sum() < LEAST_CHANCE:
            guesses.append((OTHER, ""))
            continue
        worth = values * learned.weights[best][columns]
        deciding_words = [names[c] for w, c in sorted(zip((-worth).tolist(), columns.tolist())) if w < 0][:NAMED]
        ground = f"与该领域的例子用词相近：{'、'.join(deciding_words)}"
        guesses.append((learned.areas[best], ground) if len(deciding_words) >= 2 else (OTHER, ""))
    return guesses
