"""Naming a topic: the headline nearest its centroid, cleaned, and the words that stand for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from analysis.places import regions_of
from analysis.segment import carries_meaning
from analysis.vectors import Counts, Weights
from domain.titles import pairs_of, shared

Numbers = npt.NDArray[np.int64]

KEYWORDS = 5
LONGEST_NAME = 40  # characters
KEPT_FROM = 0.85  # share of the best headline's worth from which a topic keeps the name it has
SAME_BUT_FOR_FIGURES = (
    0.65  # share of the pairs of characters, figures left out, from which two headlines tell the same
)
LOCAL_COUNTS = 1.5  # worth of a headline that names the office's own place
OF_THE_TRADE = 0.2  # what a word of the reporters' trade counts for
# Words of reporting and of office prose that say nothing of the matter; beside the stop words.
TRADE = frozenset(
    "记者 报道 消息 表示 进行 开展 工作 情况 问题 相关 有关 方面 召开 会议 发布 通报 介绍 指出 强调 要求 采访 获悉 近日 日前 "
    "目前 今年 全面 加强 推进 推动 落实 组织 提供 实现 发展 建设 重要 举行 出席 回应 网友 视频 图片 新闻 热搜 关注 "
    "单位 部门 人员 时间 希望 反映 尊敬 领导 谢谢 你好 您好 解决 盼望 来源 编辑 客户端 公众号 新增 累计 截至 个省 个市 个县 个区 全国 全市 全省".split()
)

# How many people, as a headline gives it, none too (无新增): what changes from one report of a matter to the next.
_FIGURE = re.compile(r"(?:\d{1,6}|[一二两三四五六七八九十百千]{1,5})(?=\s?余?[例人名死伤具])|无(?=新增)")
_DAY = re.compile(r"\d{1,2}\s?[月日]|\s")  # changes too
_TAG = re.compile(r"【|\[[^\]]{0,12}\]|^[#＃]|[#＃]$|[#＃](?=[:：])")
_DASHES = frozenset("-—–_|丨｜")  # between a headline and the name of its source
_NAME_LENGTHS = range(2, 13)
_OUTLETS = ("网", "报", "新闻", "日报", "晚报", "客户端", "频道", "社", "台", "门户")
_CALL = re.compile(r"^(?:速看|转发|紧急扩散|扩散|最新|刚刚|突发|重磅|注意|提醒|关注|快讯|好消息|热)[!！:：|丨，,]\s*")
_LURE = re.compile(r"[!！?？]{2,}|(?:看哭了|太可怕了|惊呆了|速看|不看后悔|真相竟是)[!！?？]*")


def _without_tags(title: str) -> str:
    """A headline without 【…】, […] and the # around a tag."""
    kept, at, last, start = [], 0, title.rfind("】"), 0
    while tag := _TAG.search(title, start):
        if tag[0] == "【" and tag.start() > last:
            start = tag.end()  # it is never closed
            continue
        kept.append(title[at : tag.start()])
        at = start = title.index("】", tag.start()) + 1 if tag[0] == "【" else tag.end()
    return "".join([*kept, title[at:]])


def _without_source(text: str) -> str:
    """A headline without dashes and a name of two to twelve characters, or of so many and 网, 日报 …, at its end."""
    last = text[-1:] if text.endswith("\n") else ""
    text = text.removesuffix(last)
    start = len(text)
    while start and len(text) - start <= 16 and not (text[start - 1] in _DASHES or text[start - 1].isspace()):
        start -= 1
    name = text[start:]
    sizes = {len(name), *(len(name) - len(outlet) for outlet in _OUTLETS if name.endswith(outlet))}
    if not any(size in _NAME_LENGTHS for size in sizes):
        return text + last
    end = start
    while end and (text[end - 1] in _DASHES or text[end - 1].isspace()):
        end -= 1
    return (text[:end] if any(character in _DASHES for character in text[end:start]) else text) + last


@dataclass(frozen=True, slots=True)
class Headline:
    """A candidate name: a title, cleaned, with its words, and what its article says (`Weights.counts`).

    `duplicates` is how often others repeated its text; `local`: whether it names this place.
    """

    title: str
    words: Sequence[str]
    counts: Counts
    duplicates: int = 0
    local: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """What a topic is called, and the words that stand for it."""

    name: str
    keywords: tuple[str, ...]


def clean_headline(title: str) -> str:
    """A headline without 【】, tags, calls, lures and the source's name at its end; never empty."""
    text = _without_tags(title).strip() or title.strip(" 【】[]#＃")
    text = _CALL.sub("", text)
    shorter = _without_source(text)
    text = shorter if len(shorter) >= 8 else text
    text = _LURE.sub("", text)
    text = re.sub(r"\s+", " ", text).strip(" 　,，。:：;；、-—|丨")
    if len(text) > LONGEST_NAME:
        text = text[: LONGEST_NAME - 1] + "…"
    return text or title.strip()[:LONGEST_NAME] or "（无标题）"


def figures_in(title: str) -> tuple[str, ...]:
    """How many people a headline tells of, figure by figure as it is written."""
    return tuple(_FIGURE.findall(title))


def labels_of(topics: Sequence[tuple[Sequence[Headline], str]], weights: Weights) -> list[Label]:
    """The label of each topic, given as its headlines (one at least) and the name that it has, empty for none."""
    names, keywords = names_of(topics, weights), keywords_of([headlines for headlines, _ in topics], weights)
    return [Label(name, words) for name, words in zip(names, keywords)]


def names_of(topics: Sequence[tuple[Sequence[Headline], str]], weights: Weights) -> list[str]:
    """The headline nearest the centroid of each topic; its headlines stand as they came, the oldest first.

    A topic that has a name keeps it while it is a headline nearly as apt as the best. Where later headlines tell the
    same with other figures of people, the newest of them is the name.
    """
    # Of a single headline there is nothing to choose.
    several = [headlines for headlines, _ in topics if len(headlines) > 1]
    near = iter(_nearness(several, weights))
    return [
        _most_apt(headlines, next(near), current) if len(headlines) > 1 else headlines[0].title
        for headlines, current in topics
    ]


def _but_for_figures(title: str) -> frozenset[str]:
    return pairs_of(_DAY.sub("", _FIGURE.sub("", title)))


def _nearness(topics: Sequence[Sequence[Headline]], weights: Weights) -> list[list[float]]:
    """Of each headline of each topic, how near it is to the centroid: the sum of the topic's vectors."""
    headlines = list(chain.from_iterable(topics))
    if not headlines:
        return []
    vectors = weights.vectors([headline.counts for headline in headlines])
    article = np.repeat(np.arange(len(vectors)), [len(vector.ids) for vector in vectors])
    topic = np.repeat(np.arange(len(topics)), [len(some) for some in topics])
    ids = np.concatenate([vector.ids for vector in vectors])
    values = np.concatenate([vector.values for vector in vectors])
    _, entry = np.unique((topic[article] << 32) | ids, return_inverse=True)
    centroid = np.bincount(entry, weights=values)
    near = iter(np.bincount(article, weights=centroid[entry] * values, minlength=len(vectors)).tolist())
    return [[next(near) / len(some) for _ in some] for some in topics]


def _most_apt(headlines: Sequence[Headline], near: Sequence[float], current: str) -> str:
    worths = [
        near_core
        * (1.0 if 8 <= len(headline.title) <= 30 else 0.85)
        * (1 + 0.05 * min(headline.duplicates, 5))
        * (LOCAL_COUNTS if headline.local else 1.0)
        for headline, near_core in zip(headlines, near)
    ]
    best = max(range(len(headlines)), key=lambda i: (worths[i], -i))
    kept = max((worth for worth, headline in zip(worths, headlines) if headline.title == current), default=0.0)
    chosen = current if kept and kept >= KEPT_FROM * worths[best] else headlines[best].title
    return _newest_told([headline.title for headline in headlines], chosen)


def _newest_told(titles: Sequence[str], chosen: str) -> str:
    """The newest of some titles that tells what a chosen one tells, in the same places, with other figures of people."""
    if not figures_in(chosen):
        return chosen
    told, regions = _but_for_figures(chosen), regions_of(chosen)
    for title in reversed(titles):
        if title == chosen:
            break
        alike = figures_in(title) and shared(told, _but_for_figures(title)) >= SAME_BUT_FOR_FIGURES
        if alike and regions_of(title) == regions:
            return title
    return chosen


def keywords_of(topics: Sequence[Sequence[Headline]], weights: Weights) -> list[tuple[str, ...]]:
    """Up to five words that stand for each topic: frequent in it, rare elsewhere, in its titles."""
    headlines = list(chain.from_iterable(topics))
    if not headlines:
        return []
    articles = np.array([len(some) for some in topics])
    topic = np.repeat(np.arange(len(topics)), articles)
    words = [headline.counts.ids[: headline.counts.words] for headline in headlines]
    titles = [weights.numbers_of(headline.words) for headline in headlines]
    keys, texts = _tally(topic, words)
    titled, times = _tally(topic, titles)
    in_titles = np.zeros(len(keys), dtype=np.int64)
    at = np.searchsorted(titled, keys)
    met = np.flatnonzero(at < len(titled))
    met = met[titled[at[met]] == keys[met]]
    in_titles[met] = times[at[met]]
    of, number = keys >> 32, keys & 0xFFFFFFFF
    many = articles[of]
    fit = (texts * 4 >= many) | (in_titles > 0)
    of, number, texts, in_titles, many = of[fit], number[fit], texts[fit], in_titles[fit], many[fit]
    trade = np.where(np.isin(number, weights.numbers_of(sorted(TRADE))), OF_THE_TRADE, 1.0)
    score = texts * weights.idfs(number) * (1.0 + in_titles / many) * trade
    order = np.lexsort((-score, of))
    ends = np.searchsorted(of[order], np.arange(len(topics) + 1)).tolist()
    ranked, scores = number[order], score[order]
    return [_chosen(ranked[a:b], scores[a:b], weights) for a, b in pairwise(ends)]


def _tally(topic: Numbers, words: Sequence[npt.NDArray[np.integer]]) -> tuple[Numbers, Numbers]:
    """(topic and word in one number, in order; in how many of the topic's articles the word is)."""
    whose = np.repeat(topic, [len(some) for some in words])
    keys, times = np.unique((whose << 32) | np.concatenate(words), return_counts=True)
    return keys, times


def _chosen(numbers: Numbers, scores: npt.NDArray[np.float64], weights: Weights) -> tuple[str, ...]:
    """The first words by score, those of one score by the alphabet, none of them part of another."""
    chosen: list[str] = []
    start = 0
    while start < len(numbers) and len(chosen) < KEYWORDS:
        end = start + 1
        while end < len(numbers) and scores[end] == scores[start]:
            end += 1
        for word in sorted(weights.term(number) for number in numbers[start:end].tolist()):
            if len(chosen) < KEYWORDS and carries_meaning(word) and not any(word in o or o in word for o in chosen):
                chosen.append(word)
        start = end
    return tuple(chosen)
