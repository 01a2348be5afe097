"""Naming a topic: the headline nearest its core, cleaned, and the words that stand for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.vectors import Terms, Vector, Weights

KEYWORDS = 5
LONGEST_NAME = 40  # characters

_BRACKETS = re.compile(r"【[^】]*】|\[[^\]]{0,12}\]|^[#＃]|[#＃]$|[#＃](?=[:：])")
_TAIL = re.compile(
    r"[\s　]*[-—–_|丨｜][-—–_|丨｜\s]*[^-—–_|丨｜\s]{2,12}(?:网|报|新闻|日报|晚报|客户端|频道|社|台|门户)?$"
)
_CALL = re.compile(r"^(?:速看|转发|紧急扩散|扩散|最新|刚刚|突发|重磅|注意|提醒|关注|快讯|好消息|热)[!！:：|丨，,]\s*")
_LURE = re.compile(r"[!！?？]{2,}|(?:看哭了|太可怕了|惊呆了|速看|不看后悔|真相竟是)[!！?？]*")


@dataclass(frozen=True, slots=True)
class Headline:
    """A candidate name: an article's title with its terms, and how often its text was carried."""

    title: str
    terms: Terms
    carried: int = 0


def clean_headline(title: str) -> str:
    """A headline without 【】, tags, calls, lures and the source's name at its end; never empty."""
    text = _BRACKETS.sub("", title).strip()
    text = _CALL.sub("", text)
    shorter = _TAIL.sub("", text)
    text = shorter if len(shorter) >= 8 else text
    text = _LURE.sub("", text)
    text = re.sub(r"\s+", " ", text).strip(" 　,，。:：;；、-—|丨")
    if len(text) > LONGEST_NAME:
        text = text[: LONGEST_NAME - 1] + "…"
    return text or title.strip()[:LONGEST_NAME] or "（无标题）"


def name_of(headlines: Sequence[Headline], weights: Weights) -> str:
    """The cleaned headline nearest the core of its topic. `headlines` must not be empty."""
    vectors = [weights.vector(headline.terms) for headline in headlines]
    core: Counter[str] = Counter()
    for vector in vectors:
        core.update(vector)

    def worth(i: int) -> float:
        near = sum(value * core[term] for term, value in vectors[i].items()) / len(vectors)
        length = len(clean_headline(headlines[i].title))
        apt = 1.0 if 8 <= length <= 30 else 0.85
        return near * apt * (1 + 0.05 * min(headlines[i].carried, 5))

    best = max(range(len(headlines)), key=lambda i: (worth(i), -i))
    return clean_headline(headlines[best].title)


def keywords_of(terms: Sequence[Terms], weights: Weights) -> tuple[str, ...]:
    """Up to five words that stand for the topic: frequent in it, rare elsewhere, in its titles."""
    texts: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for article in terms:
        texts.update(set(article.text) | set(article.title))
        titles.update(set(article.title))
    score: Vector = {
        word: count * weights.idf(word) * (1.0 + titles[word] / len(terms))
        for word, count in texts.items()
        if count * 4 >= len(terms) or titles[word]
    }
    chosen: list[str] = []
    for word in sorted(score, key=lambda word: (-score[word], word)):
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
        if len(chosen) == KEYWORDS:
            break
    return tuple(chosen)
