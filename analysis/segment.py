"""Cutting Chinese text into words (分词), and keeping the ones that carry meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

STOP_WORDS = frozenset((Path(__file__).parent / "data" / "stopwords.txt").read_text("utf-8").split())

_NUMBER = re.compile(r"[\d.,:%％]+|[第零〇一二两三四五六七八九十百千万亿几]+[个名位人次年月日号时分元例天届条项家]*")
FIGURES_BEGIN = frozenset(
    "0123456789０１２３４５６７８９.,:%％第零〇一二两三四五六七八九十百千万亿几"
)  # with which a figure begins
_WORD = re.compile(r"[\w·]+")
LONGEST_CACHED = 40  # characters of a word that is worth remembering
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?[”」』）)]?")
_AROUND = " 　\t\r\n”」』"


def _engine() -> tuple[Callable[[str], list[str]], Callable[[str], list[tuple[str, str]]]]:
    """jieba's algorithm and dictionary in Rust; jieba itself where no wheel exists (same cuts). It cuts, and tags."""
    try:
        import rjieba

        return rjieba.cut, rjieba.tag
    except ImportError:
        import logging

        import jieba
        import jieba.posseg

        jieba.setLogLevel(logging.WARNING)
        return jieba.lcut, lambda text: [(pair.word, pair.flag) for pair in jieba.posseg.lcut(text)]


_cut, _tag = _engine()


def cut(text: str) -> list[str]:
    """All words of a text in order, punctuation included."""
    return _cut(text)


def query_words(query: str) -> list[str]:
    """The words that a query is made of."""
    return [word for word in map(str.lower, _cut(query)) if _WORD.fullmatch(word)]


@lru_cache(maxsize=400_000)
def tag_of(word: str) -> str:
    """The part of speech of one word, in jieba's tag set ('x' when it has none)."""
    tags = _tag(word)
    return tags[0][1] if len(tags) == 1 else "x"


@lru_cache(maxsize=400_000)
def carries_meaning(word: str) -> bool:
    """Whether a word tells texts apart: no stop word, single character, bare number or particle."""
    if len(word) < 2 or word in STOP_WORDS or is_figure(word):
        return False
    return bool(_WORD.fullmatch(word)) and tag_of(word)[:1] not in "upcdryeo"


def is_figure(word: str) -> bool:
    """Whether a word is a number, with its unit or without."""
    return bool(_NUMBER.fullmatch(word))


class _StoredWords(dict[str, str]):
    """Word → the word as it is kept, empty for one that is not; a cache, quicker than a call for each word."""

    def __missing__(self, word: str) -> str:
        if len(self) > 400_000:
            self.clear()
        stored = word.lower() if carries_meaning(word) or (is_figure(word) and _WORD.search(word)) else ""
        if len(word) <= LONGEST_CACHED:
            self[word] = stored
        return stored


_kept = _StoredWords()


def kept(words: Iterable[str]) -> list[str]:
    """The words and figures by which a text that was cut into words is told apart, in order, as they are stored."""
    return list(filter(None, map(_kept.__getitem__, words)))


def kept_words(text: str) -> list[str]:
    """The words and figures of a text by which it is told apart, in order, as they are stored."""
    return kept(_cut(text))


def content_words(words: Iterable[str]) -> list[str]:
    """The words that carry meaning: no stop words, single characters, bare numbers or particles."""
    return [word.lower() for word in words if carries_meaning(word)]


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each whole sentence of a text goes, its closing mark included; found as they are asked for."""
    for match in _SENTENCE.finditer(text):
        raw = match[0]
        kept = raw.strip(_AROUND)
        if len(kept) > 1:
            start = match.start() + len(raw) - len(raw.lstrip(_AROUND))
            yield start, start + len(kept)


def sentences(text: str, most: int | None = None) -> list[str]:
    """The whole sentences of a text, in order, with their closing mark; the first `most` where asked."""
    return [text[start:end] for start, end in islice(sentence_spans(text), most)]
