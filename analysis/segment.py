"""Cutting Chinese text into words (分词), and keeping the ones that carry meaning."""

from __future__ import annotations

import gc
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

AHEAD = 16  # batches that wait for helpers at most

Given = TypeVar("Given")
Made = TypeVar("Made")
STOP_WORDS = frozenset((Path(__file__).parent / "data" / "stopwords.txt").read_text("utf-8").split())

# Names of people, places, bodies and works in jieba's tag set: they tell events apart.
NAME_TAGS = ("nr", "ns", "nt", "nz", "nrt", "nrfg")
_NUMBER = re.compile(r"[\d.,:%％]+|[第零〇一二两三四五六七八九十百千万亿几]+[个名位人次年月日号时分元例天届条项家]*")
FIGURES_BEGIN = frozenset(
    "0123456789０１２３４５６７８９.,:%％第零〇一二两三四五六七八九十百千万亿几"
)  # with which a figure begins
_WORD = re.compile(r"[\w·]+")


def _engine() -> tuple[Callable[[str], list[str]], Callable[[str], list[str]], Callable[[str], list[tuple[str, str]]]]:
    """jieba's algorithm and dictionary in Rust; jieba itself where no wheel exists (same cuts)."""
    try:
        import rjieba

        return rjieba.cut, rjieba.cut_for_search, rjieba.tag
    except ImportError:
        import logging

        import jieba
        import jieba.posseg

        jieba.setLogLevel(logging.WARNING)
        return (
            jieba.lcut,
            jieba.lcut_for_search,
            lambda text: [(pair.word, pair.flag) for pair in jieba.posseg.lcut(text)],
        )


_cut, _cut_for_search, _tag = _engine()


def cut(text: str) -> list[str]:
    """All words of a text in order, punctuation included."""
    return _cut(text)


def index_words(text: str) -> list[str]:
    """The words by which a text is found: long words and the shorter ones inside them, figures too."""
    return [word for word in map(str.lower, _cut_for_search(text)) if _WORD.fullmatch(word)]


def query_words(query: str) -> list[str]:
    """The words that a text must hold to answer a query."""
    return [word for word in map(str.lower, _cut(query)) if _WORD.fullmatch(word)]


@lru_cache(maxsize=400_000)
def tag_of(word: str) -> str:
    """The part of speech of one word, in jieba's tag set ('x' when it has none)."""
    tags = _tag(word)
    return tags[0][1] if len(tags) == 1 else "x"


@lru_cache(maxsize=400_000)
def is_name(word: str) -> bool:
    """Whether a word names a person, place, body or work."""
    return tag_of(word) in NAME_TAGS


@lru_cache(maxsize=400_000)
def carries_meaning(word: str) -> bool:
    """Whether a word tells texts apart: no stop word, single character, bare number or particle."""
    if len(word) < 2 or word in STOP_WORDS or is_figure(word):
        return False
    return bool(_WORD.fullmatch(word)) and tag_of(word)[:1] not in "upcdryeo"


def is_figure(word: str) -> bool:
    """Whether a word is a number, with its unit or without."""
    return bool(_NUMBER.fullmatch(word))


class _Kept(dict[str, str]):
    """Word → the word as it is kept, empty for one that is not; a cache, quicker than a call for each word."""

    def __missing__(self, word: str) -> str:
        if len(self) > 400_000:
            self.clear()
        kept = word.lower() if carries_meaning(word) or (is_figure(word) and _WORD.search(word)) else ""
        self[word] = kept
        return kept


_kept = _Kept()


def kept_words(text: str) -> list[str]:
    """The words and figures of a text by which it is told apart, in order, as they are stored."""
    return list(filter(None, map(_kept.__getitem__, _cut(text))))


def in_helpers(read: Callable[[list[Given]], list[Made]], items: Iterable[Given], batch: int = 500) -> Iterator[Made]:
    """What `read` makes of the items of each batch, in order, made in helper processes; `read` is a function of a module.

    For thousands of texts at once: who asks goes on with the first while the next are being read, and reads a
    later batch itself rather than wait.
    """
    with ProcessPoolExecutor(max(1, (os.cpu_count() or 1) - 1), get_context("spawn"), gc.disable) as helpers:
        waiting: deque[tuple[Future[list[Made]], list[Given]]] = deque()
        source = iter(items)
        while (chunk := list(islice(source, batch))) or waiting:
            if chunk:
                waiting.append((helpers.submit(read, chunk), chunk))
            if not chunk or len(waiting) > AHEAD:
                while not waiting[0][0].done() and _read_last(read, waiting):
                    pass
                yield from waiting.popleft()[0].result()


def _read_last(
    read: Callable[[list[Given]], list[Made]], waiting: deque[tuple[Future[list[Made]], list[Given]]]
) -> bool:
    """Read the last batch that no helper has begun here; whether there was one."""
    for i in reversed(range(len(waiting))):
        future, chunk = waiting[i]
        if future.cancel():
            here: Future[list[Made]] = Future()
            here.set_result(read(chunk))
            waiting[i] = (here, chunk)
            return True
    return False


def content_words(words: Iterable[str]) -> list[str]:
    """The words that carry meaning: no stop words, single characters, bare numbers or particles."""
    return [word.lower() for word in words if carries_meaning(word)]


def sentences(text: str) -> list[str]:
    """The whole sentences of a text, in order, with their closing mark."""
    found = re.findall(r"[^。！？!?\n]+[。！？!?]?[”」』）)]?", text)
    return [sentence for raw in found if len(sentence := raw.strip(" 　\t\r\n”」』")) > 1]
