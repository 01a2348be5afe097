"""Flagging topics as concerns (关切): rules that say why, with evidence; a suggestion, people judge.

The five reasons are those of 国办发〔2016〕61号; what to watch most closely is item 2 of the 2019
work points. Tone alone never flags anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.segment import sentences
from domain.concern import AttentionGrade, EventGrade, Evidence, Reason, ReasonCode, Suggestion
from domain.topic import Heat, HeatPart

EVIDENCE_FROM = 2.0  # weight of the words in one sentence that makes it evidence
MOST_EVIDENCE = 3
LOOKED_AT = 12  # first sentences of an article
GRAVE_HEAT, LOCAL_HEAT = 45.0, 12.0
LEAST_REPORTS = 2  # independent ones, for reasons other than an emergency …
STRONG, TRUSTED = 2.4, 80.0  # … but one is enough where its evidence weighs so much and its source's tier does
LEAST_SHARE = 0.25  # of the topic's texts that must give evidence

_FIGURE = r"(\d+|[一二两三四五六七八九十]{1,3})"
_DEATHS = re.compile(
    rf"(?:死亡|遇难|身亡|丧生)(?:人数)?(?:[^\d，。；！？]{{0,4}}){_FIGURE}\s*[人例名]"
    # "363例死亡9例" tells of 9 dead, "12人死亡3人受伤" of 12.
    rf"|{_FIGURE}\s*[人例名](?:[^\d，。；！？]{{0,3}})(?:死亡|遇难|身亡|丧生)"
    r"(?!\s*\d+\s*[人例名](?!受伤|重伤|轻伤|失踪|被困|失联))"
)
_HEAVY = re.compile(
    rf"重伤(?:[^\d，。；！？]{{0,4}}){_FIGURE}\s*[人例名]|{_FIGURE}\s*[人例名](?:[^\d，。；！？]{{0,3}})重伤"
)
# A sentence that denies what is rumoured says nothing of what happened; one that passes it on, nothing of its size.
_DENIED = re.compile("谣|不实|不属实|编造|捏造|虚假|并非事实")
_RUMOUR = re.compile(f"{_DENIED.pattern}|网传")
_SAID_GRADE = re.compile(
    r"(特别重大|重大|较大|一般)(?:突发事件|生产安全事故|安全事故|事故|火灾|突发公共卫生事件|突发公共卫生)"
)
_RESPONSE_LEVEL = re.compile(r"([ⅠⅡⅢⅣ]|I{1,3}V?|IV|一|二|三|四)级(?:应急)?响应")
_LEVELS = {
    "Ⅰ": "I",
    "I": "I",
    "一": "I",
    "Ⅱ": "II",
    "II": "II",
    "二": "II",
    "Ⅲ": "III",
    "III": "III",
    "三": "III",
    "Ⅳ": "IV",
    "IV": "IV",
    "四": "IV",
}


@dataclass(frozen=True, slots=True)
class Text:
    """One article of the topic that says something of its own."""

    article_id: int
    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules know of a topic beside its texts."""

    topic_id: int
    heat: Heat
    area: str
    local: bool
    events: tuple[str, ...]
    reports: int
    ease: float = 1.0  # what the bars of heat are multiplied by while an event it touches lasts


Lexicon = Mapping[ReasonCode, Mapping[str, float]]


@lru_cache(maxsize=1)
def concern_words() -> Lexicon:
    """The weighted words of each reason, from data/concern_words.toml."""
    table = tomllib.loads((Path(__file__).parent / "data" / "concern_words.toml").read_text("utf-8"))
    return {code: table[code.code] for code in ReasonCode}


def with_own(own: Mapping[str, Mapping[str, float]]) -> Lexicon:
    """The words as the office changed them: {reason: {word: weight}}; a weight of 0 drops a word."""
    return {
        code: {word: w for word, w in {**words, **own.get(code.code, {})}.items() if w > 0}
        for code, words in concern_words().items()
    }


def suggest(standing: Standing, texts: Sequence[Text], lexicon: Lexicon | None = None) -> Suggestion:
    """What the rules make of a topic: reasons with evidence, a grade with its ground, or why it is held back."""
    lexicon = lexicon or concern_words()
    found = [told for code in ReasonCode if (told := _reason(code, lexicon[code], standing, texts)) is not None]
    reasons = tuple(reason for reason, _ in found)
    emergency = any(reason.code is ReasonCode.EMERGENCY for reason in reasons)
    grade, ground = suggested_grade(texts) if emergency else (EventGrade.NONE, "没有突发事件的迹象")
    return Suggestion(
        standing.topic_id,
        reasons,
        grade,
        ground,
        _attention(standing.heat),
        _held_back(standing, reasons, max(weight for _, weight in found)) if reasons else "",
    )


def _reason(
    code: ReasonCode, weights: Mapping[str, float], standing: Standing, texts: Sequence[Text]
) -> tuple[Reason, float] | None:
    """A reason with its evidence, and what its heaviest sentence weighs; None where there is none."""
    evidence: list[tuple[float, Evidence]] = []
    bearing, used = 0, set[str]()
    for text in texts:
        scored = []
        for sentence in [text.title, *sentences(text.text)[:LOOKED_AT]]:
            if code is ReasonCode.EMERGENCY and _DENIED.search(sentence):
                continue
            words = [word for word in weights if word in sentence]
            weight = sum(weights[word] for word in words)
            if weight >= EVIDENCE_FROM:
                scored.append((weight, sentence, words))
        if scored:
            weight, sentence, words = max(scored, key=lambda item: (item[0], -len(item[1])))
            bearing += 1
            used.update(words)
            evidence.append((weight, Evidence(text.article_id, sentence[:160], text.source)))
    if not evidence or bearing < LEAST_SHARE * len(texts):
        return None
    evidence.sort(key=lambda item: (-item[0], item[1].article_id))
    said = "、".join(sorted(used, key=lambda word: -weights[word])[:4])
    ground = f"{bearing} 篇提到{said}"
    if standing.local:
        ground += "，涉及本地"
    if standing.events:
        ground += f"，正值“{'、'.join(standing.events)}”"
    return Reason(code, ground, tuple(item for _, item in evidence[:MOST_EVIDENCE])), evidence[0][0]


def _held_back(standing: Standing, reasons: Sequence[Reason], heaviest: float) -> str:
    """Why a topic with reasons is not flagged; empty if it is.

    A local emergency is flagged at once, on one report; other matters need independent reports, unless a source
    of weight says something as weighty as that the city's buses and metro stop, and heat; a major event in its window lowers the bar; what is not local must be very hot.
    """
    emergency = any(reason.code is ReasonCode.EMERGENCY for reason in reasons)
    if standing.local and emergency:
        return ""
    weighty = standing.local and heaviest >= STRONG and standing.heat.parts.get(HeatPart.TIER, 0.0) >= TRUSTED
    if standing.reports < LEAST_REPORTS and not weighty:
        return f"只有 {standing.reports} 篇独立报道，样本不足"
    bar = LOCAL_HEAT if standing.local else GRAVE_HEAT
    bar *= standing.ease
    if standing.heat.value < bar:
        where = "本地话题" if standing.local else "不涉及本地，非本地话题"
        return f"{where}热度 {standing.heat.value:.0f}，未到 {bar:.0f}"
    return ""


def _number(figure: str) -> int:
    if figure.isdigit():
        return int(figure)
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
    tens, ten, ones = figure.partition("十")
    if not ten:
        return digits.get(figure, 0)
    return digits.get(tens, 1) * 10 + digits.get(ones, 0)


def _most(pattern: re.Pattern[str], text: str) -> int:
    return max((_number(next(filter(None, hit))) for hit in pattern.findall(text)), default=0)


def suggested_grade(texts: Sequence[Text]) -> tuple[EventGrade, str]:
    """The grade that the reports speak of: as named, by the level of response, or by casualties.

    Casualties after 生产安全事故报告和调查处理条例 (国务院令第493号), article 3: deaths from 30, 10, 3;
    heavy injuries from 100, 50, 10.
    """
    ranked = [EventGrade.I, EventGrade.II, EventGrade.III, EventGrade.IV]
    found: list[tuple[int, str]] = []
    for text in texts:
        told = [text.title, *sentences(text.text[:1500])]
        whole = "\n".join(sentence for sentence in told if not _RUMOUR.search(sentence))
        for name in _SAID_GRADE.findall(whole):
            index = next(i for i, grade in enumerate(ranked) if grade.label == name)
            found.append((index, f"{text.source}报道称{name}"))
        for level in _RESPONSE_LEVEL.findall(whole):
            if level in _LEVELS:
                index = [grade.code for grade in ranked].index(_LEVELS[level])
                found.append((index, f"{text.source}报道已启动{level}级响应"))
        deaths, heavy = _most(_DEATHS, whole), _most(_HEAVY, whole)
        for index, (many_dead, many_hurt) in enumerate(((30, 100), (10, 50), (3, 10))):
            if deaths >= many_dead or heavy >= many_hurt:
                counted = f"死亡 {deaths} 人" if deaths >= many_dead else f"重伤 {heavy} 人"
                found.append((index, f"{text.source}报道{counted}（国务院令第493号第三条）"))
                break
    if not found:
        return EventGrade.IV, "有突发事件迹象，报道未见伤亡人数和级别"
    index, ground = min(found, key=lambda item: item[0])
    return ranked[index], ground


def _attention(heat: Heat) -> AttentionGrade:
    """舆情等级 suggested by heat; the office's own thresholds come with its settings."""
    value = heat.value
    if value >= 75:
        return AttentionGrade.RED
    if value >= 55:
        return AttentionGrade.ORANGE
    return AttentionGrade.YELLOW if value >= 35 else AttentionGrade.BLUE
