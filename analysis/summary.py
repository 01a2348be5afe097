"""Whole sentences that tell what a topic is about, each from another article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from analysis.segment import content_words, cut, sentences
from domain.topic import SummarySentence

LOOKED_AT = 5  # first sentences of an article that may stand in the summary
SHORTEST, LONGEST = 14, 120  # characters of a usable sentence
MOST_ALIKE = 0.5  # of words shared with a sentence already chosen
_FURNITURE = re.compile(r"点击|扫码|关注我们|版权|责任编辑|原标题|转载请|本文来自|下载客户端|更多内容|^\s*（?记者")
_LEAD = re.compile(
    r"^(?:[^，。：:]{0,24}?(?:\d{1,2}月)?\d{1,2}日(?:电|讯)|本报讯|[^，。：:]{0,12}消息[，,])[\s　:：，,]*(?:[（(][^）)]{0,24}[）)])?[\s　]*"
)

_ITEM = re.compile(
    r"^(?:[①-⑳⑴-⒇⒈-⒛●■◆▪·]|[（(][一二三四五六七八九十\d]{1,2}[）)]|[一二三四五六七八九十]{1,2}、|\d{1,2}[、．.](?!\d))\s*"
)


@dataclass(frozen=True, slots=True)
class Usable:
    """A sentence that can stand alone, and its different words, separated by spaces."""

    text: str
    words: str


@dataclass(frozen=True, slots=True)
class SummaryInput:
    """What one article tells; `id` says whose sentences they are."""

    id: int
    sentences: Sequence[Usable]
    source: str
    at: datetime


def usable_sentences(text: str) -> list[str]:
    """The sentences near the beginning that can stand alone, without agency leads, numbers of lists and page furniture."""
    usable = []
    for sentence in sentences(text, LOOKED_AT):
        plain = _ITEM.sub("", _LEAD.sub("", sentence).strip())
        if SHORTEST <= len(plain) <= LONGEST and not _FURNITURE.search(plain):
            usable.append(plain)
    return usable


def usable_of(text: str) -> tuple[Usable, ...]:
    """The usable sentences of a text with their words."""
    return tuple(Usable(s, " ".join(dict.fromkeys(content_words(cut(s))))) for s in usable_sentences(text))


def summarise(articles: Sequence[SummaryInput], most: int = 3) -> list[SummarySentence]:
    """Up to `most` sentences from different articles, in time order.

    A sentence is worth what its words are worth: how many of the topic's articles use them.
    """
    candidates = [(article, s.text, frozenset(s.words.split())) for article in articles for s in article.sentences]
    use = Counter(
        chain.from_iterable({word for s in article.sentences for word in s.words.split()} for article in articles)
    )

    def worth(words: frozenset[str]) -> float:
        return sum(use[word] for word in words) / (len(words) + 4)

    chosen: list[tuple[SummaryInput, str, frozenset[str]]] = []
    for article, sentence, words in sorted(candidates, key=lambda c: (-worth(c[2]), c[0].at, c[0].id)):
        if len(chosen) == most:
            break
        if any(article.id == other.id or _alike(words, known) for other, _, known in chosen):
            continue
        chosen.append((article, sentence, words))
    chosen.sort(key=lambda c: (c[0].at, c[0].id))
    return [SummarySentence(article.id, text, article.source, article.at) for article, text, _ in chosen]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    smaller = min(len(one), len(other))
    return not smaller or len(one & other) / smaller > MOST_ALIKE
