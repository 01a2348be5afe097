"""What a headline is about, as learned from our own examples: how likely each reason of a concern is, and by which words.

A linear model over pairs and triples of characters and over words; the places are left out, so that no city is a reason.
It was fitted by `analysis/concern_training.py`; here it is only used, with numpy alone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analysis.places import CALLED_AFTER, place_spans
from analysis.segment import cut
from domain.concern import ReasonCode

EXAMPLES = Path(__file__).parent / "data" / "concern_examples"
FITTED = Path(__file__).parent / "data" / "concern_model.npz"
NONE = "none"  # the class of what no office need answer
CLASSES = (*(code.code for code in ReasonCode), NONE)
LONGEST = 60  # characters of a title that are looked at
GRAMS = (1, 2, 3)
PLACE = "□"  # what stands for a place; nothing that holds it is a feature
NAMED = 3  # words that a ground names

_FIGURE = re.compile(r"[0-9０-９][0-9０-９.,]*|[一二两三四五六七八九十百千万]+(?=[名人死伤岁个例余位口])")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Learned:
    """How likely a title tells of each reason (0–1, in the order of ReasonCode), and the words that speak most for it."""

    chances: tuple[float, ...]
    words: tuple[str, ...]

    @property
    def any(self) -> float:
        """How likely it tells of one of them."""
        return sum(self.chances)


UNREAD = Learned(tuple(0.0 for _ in ReasonCode), ())  # of what was not looked at


def plain(title: str, own: tuple[str, ...] = ()) -> str:
    """A title as the model reads it: without its places, a figure is a figure."""
    title = title[:LONGEST].lower()
    for start, end in reversed(place_spans(title, own)):
        title = title[:start] + PLACE + title[end:]
    return _SPACE.sub(" ", _FIGURE.sub("0", CALLED_AFTER.sub(PLACE, title))).strip()


def features(title: str, own: tuple[str, ...] = ()) -> Iterator[str]:
    """The features of a title: its characters alone, in pairs and in triples, and its words (marked by a tab)."""
    said = plain(title, own)
    framed = f"^{said}$"
    for size in GRAMS:
        for at in range(len(framed) - size + 1):
            gram = framed[at : at + size]
            if PLACE not in gram:
                yield gram
    for word in cut(said):
        if PLACE not in word and len(word) > 1:
            yield f"\t{word}"


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted model: features by number, the rarity of each, and its weight for each class."""

    names: list[str]
    numbers: dict[str, int]
    rarity: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]  # one row for each reason among concerns, and one for being any × features
    bias: npt.NDArray[np.float32]

    def read(self, title: str, own: tuple[str, ...] = ()) -> Learned:
        """What a title tells of."""
        counted = Counter(n for f in features(title, own) if (n := self.numbers.get(f)) is not None)
        ids = np.fromiter(counted, dtype=np.int64, count=len(counted))
        values = (1 + np.log(np.fromiter(counted.values(), dtype=np.float32, count=len(counted)))) * self.rarity[ids]
        values /= max(float(np.sqrt(values @ values)), 1e-9)
        shares = self.weights[:, ids] * values
        scores = 1 / (1 + np.exp(-(shares.sum(axis=1) + self.bias)))
        which = scores[:-1] / scores[:-1].sum()
        best = int(which.argmax())
        words = self._decisive(ids, shares[-1] + shares[best])
        return Learned(tuple(float(part * scores[-1]) for part in which), words)

    def _decisive(self, ids: npt.NDArray[np.int64], shares: npt.NDArray[np.float32]) -> tuple[str, ...]:
        """The words, or parts of words, that spoke most for a concern and its kind; none inside another."""
        said: list[str] = []
        for at in np.argsort(-shares, kind="stable").tolist():
            name = self.names[int(ids[at])].strip("\t^$ ")
            if shares[at] <= 0 or len(said) == NAMED:
                break
            if len(name) > 1 and name != "0" and not any(name in other or other in name for other in said):
                said.append(name)
        return tuple(said)


@lru_cache(maxsize=1)
def model() -> Model:
    """The model as it was fitted."""
    with np.load(FITTED, allow_pickle=False) as stored:
        names = stored["features"].tobytes().decode("utf-8").split("\n")
        weights = stored["weights"].astype(np.float32) * stored["scale"].astype(np.float32)[:, None]
        rarity, bias = stored["rarity"].astype(np.float32), stored["bias"].astype(np.float32)
    return Model(names, {name: i for i, name in enumerate(names)}, rarity, weights, bias)


def fitted_from() -> str:
    """The fingerprint of the examples that the model was fitted from."""
    with np.load(FITTED, allow_pickle=False) as stored:
        return str(stored["examples"])


def read_titles(titles: Sequence[str], own: tuple[str, ...] = ()) -> list[Learned]:
    """What titles tell of, in order."""
    known = model()
    return [known.read(title, own) for title in titles]


def examples() -> list[tuple[str, str]]:
    """(class, title) of every example, in the order of the files' names."""
    code_of: dict[str, str] = {}
    for file in sorted(EXAMPLES.glob("*.tsv")):
        for line in file.read_text("utf-8").splitlines():
            code, _, rest = line.partition("\t")
            title = rest.partition("\t")[2].strip()
            if code in CLASSES and title:
                code_of[title] = code
    return [(code, title) for title, code in code_of.items()]


def fingerprint(known: Sequence[tuple[str, str]]) -> str:
    """By which it is seen whether a model belongs to these examples."""
    return hashlib.sha256("\n".join(f"{code}\t{title}" for code, title in known).encode()).hexdigest()
