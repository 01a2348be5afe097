"""Naming a topic: the headline nearest its core, cleaned, and the words that stand for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.brief import briefs_of
from analysis.segment import carries_meaning
from analysis.terms import Terms
from analysis.vectors import Weights

KEYWORDS = 5
LONGEST_NAME = 40  # characters
KEPT_FROM = 0.85  # share of the best headline's worth from which a topic keeps the name it has
LOCAL_COUNTS = 1.5  # worth of a headline that names the office's own place
OF_THE_TRADE = 0.2  # what a word of the reporters' trade counts for
# Words of reporting and of office prose that say nothing of the matter; beside the stop words.
TRADE = frozenset(
    "记者 报道 消息 表示 进行 开展 工作 情况 问题 相关 有关 方面 召开 会议 发布 通报 介绍 指出 强调 要求 采访 获悉 近日 日前 "
    "目前 今年 全面 加强 推进 推动 落实 组织 提供 实现 发展 建设 重要 举行 出席 回应 网友 视频 图片 新闻 热搜 关注 "
    "单位 部门 人员 时间 希望 反映 尊敬 领导 谢谢 你好 您好 解决 盼望 来源 编辑 客户端 公众号 新增 累计 截至 个省 个市 个县 个区 全国 全市 全省".split()
)

_BRACKETS = re.compile(r"【[^】]*】|\[[^\]]{0,12}\]|^[#＃]|[#＃]$|[#＃](?=[:：])")
_TAIL = re.compile(
    r"[\s　]*[-—–_|丨｜][-—–_|丨｜\s]*[^-—–_|丨｜\s]{2,12}(?:网|报|新闻|日报|晚报|客户端|频道|社|台|门户)?$"
)
_CALL = re.compile(r"^(?:速看|转发|紧急扩散|扩散|最新|刚刚|突发|重磅|注意|提醒|关注|快讯|好消息|热)[!！:：|丨，,]\s*")
_LURE = re.compile(r"[!！?？]{2,}|(?:看哭了|太可怕了|惊呆了|速看|不看后悔|真相竟是)[!！?？]*")


@dataclass(frozen=True, slots=True)
class Headline:
    """A candidate name: a title with its terms, how often its text was carried, whether it names this place."""

    title: str
    terms: Terms
    carried: int = 0
    local: bool = False


def clean_headline(title: str) -> str:
    """A headline without 【】, tags, calls, lures and the source's name at its end; never empty."""
    text = _BRACKETS.sub("", title).strip() or title.strip(" 【】[]#＃")
    text = _CALL.sub("", text)
    shorter = _TAIL.sub("", text)
    text = shorter if len(shorter) >= 8 else text
    text = _LURE.sub("", text)
    text = re.sub(r"\s+", " ", text).strip(" 　,，。:：;；、-—|丨")
    if len(text) > LONGEST_NAME:
        text = text[: LONGEST_NAME - 1] + "…"
    return text or title.strip()[:LONGEST_NAME] or "（无标题）"


def name_of(headlines: Sequence[Headline], weights: Weights, current: str = "") -> str:
    """The cleaned headline nearest the core of its topic. `headlines` must not be empty.

    A topic that has a name keeps it while it is a headline nearly as apt as the best.
    """
    vectors = weights.vectors(weights.counts(briefs_of([headline.terms for headline in headlines])))
    core = np.zeros(weights.size)
    for vector in vectors:
        core[vector.ids] += vector.values
    names = [clean_headline(headline.title) for headline in headlines]

    def worth(i: int) -> float:
        near = float(core[vectors[i].ids] @ vectors[i].values) / len(vectors)
        apt = 1.0 if 8 <= len(names[i]) <= 30 else 0.85
        return near * apt * (1 + 0.05 * min(headlines[i].carried, 5)) * (LOCAL_COUNTS if headlines[i].local else 1.0)

    worths = [worth(i) for i in range(len(headlines))]
    best = max(range(len(headlines)), key=lambda i: (worths[i], -i))
    kept = max((w for w, name in zip(worths, names) if name == current), default=0.0)
    return current if kept and kept >= KEPT_FROM * worths[best] else names[best]


def keywords_of(terms: Sequence[Terms], weights: Weights) -> tuple[str, ...]:
    """Up to five words that stand for the topic: frequent in it, rare elsewhere, in its titles."""
    texts: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for article in terms:
        texts.update({word for word in (*article.text, *article.title) if carries_meaning(word)})
        titles.update({word for word in article.title if carries_meaning(word)})
    score = {
        word: count * weights.idf(word) * (1.0 + titles[word] / len(terms)) * (OF_THE_TRADE if word in TRADE else 1.0)
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
