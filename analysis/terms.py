"""The terms of an article: its words and figures, and the pairs of characters of its title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from analysis.segment import kept_words

Ids = npt.NDArray[np.int32]
Values = npt.NDArray[np.float32]

TEXT_LIMIT = 2000  # characters; news says what matters first
_PAIR = "\x02"  # marks a character pair, so that it never meets a word
# Who says it and that it is said: what titles share by this, of quite different matters, makes no topic of them.
_SAYS = frozenset("警方 官方 校方 院方 店方 园方 通报 回应 辟谣 发声 说明 事件".split())
_SAID = re.compile(
    "(?:(?:警方|官方|校方|院方|店方|园方|当地|多方|各方)(?:再次|最新|紧急|深夜|凌晨)?)?(?:情况)?(?:通报|回应|辟谣|发声)|情况说明|事件"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The words and figures of one article that tell it apart, with the title's apart, and its title's pairs."""

    title: tuple[str, ...]
    text: tuple[str, ...]
    pairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A batch of articles as numbers into its own list of different terms, in order; the first `words` are no pairs.

    Of each article the text's, the title's and the title's pairs; `sizes` (articles × 3) says how many of each.
    """

    terms: tuple[str, ...]
    words: int
    ids: Ids
    sizes: npt.NDArray[np.int64]


def terms_of(title: str, text: str) -> Terms:
    """The terms of one article, cut into words here; the title's pairs of characters as well."""
    return terms_of_words(title, kept_words(title), kept_words(text[:TEXT_LIMIT]))


def terms_of_words(title: str, title_words: Iterable[str], text_words: Iterable[str]) -> Terms:
    """The terms of an article whose words are known already (from the store)."""
    runs = re.sub(r"[\W_]+", " ", _SAID.sub(" ", title.lower())).split()
    pairs = tuple([_PAIR + run[i : i + 2] for run in runs for i in range(len(run) - 1)])
    return Terms(tuple([word for word in title_words if word not in _SAYS]), tuple(text_words), pairs)


def is_pair(term: str) -> bool:
    """Whether a term is a pair of characters of the title, not a word."""
    return term.startswith(_PAIR)


def numbered(batch: Sequence[Terms]) -> Numbered:
    """The terms of articles by number, into one list for the batch; `sizes` has a row (title, text, pairs) for each."""
    sizes = np.array([(len(a.text), len(a.title), len(a.pairs)) for a in batch], dtype=np.int64).reshape(-1, 3)
    words = dict.fromkeys(chain.from_iterable([part for a in batch for part in (a.text, a.title)]))
    pairs = dict.fromkeys(chain.from_iterable([a.pairs for a in batch]))
    terms = (*words, *pairs)
    number = {term: i for i, term in enumerate(terms)}
    all_in_order = chain.from_iterable([part for a in batch for part in (a.text, a.title, a.pairs)])
    ids = np.fromiter(map(number.__getitem__, all_in_order), dtype=np.int32, count=int(sizes.sum()))
    return Numbered(terms, len(words), ids, sizes)
