"""Flagging topics as concerns (关切): rules that say why, with evidence; a suggestion, people judge.

The five reasons are those of 国办发〔2016〕61号; what to watch most closely is item 2 of the 2019
work points. Tone alone never flags anything.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.casualties import DENIED, counts, together
from analysis.concern_model import UNREAD, Learned, read_titles
from analysis.grading import GRADE_SIGNS, RANKED, Graded, graded
from analysis.happenings import Happening, happenings_in
from analysis.places import is_bulletin, place_spans
from analysis.segment import sentences
from domain.concern import AttentionGrade, EventGrade, Evidence, Reason, ReasonCode, Suggestion
from domain.learning import NO_WEIGHTS, OfficeWeights
from domain.topic import Heat, HeatPart

EVIDENCE_FROM = 2.0  # weight of the words in one sentence that makes it evidence
MOST_EVIDENCE = 3
LOOKED_AT = 12  # first sentences of an article
LEAD_SENTENCES = 4  # in which an article says who was hurt
QUOTED = 160  # characters of a sentence that are shown as evidence
GRADE_LIMIT = 1500  # characters in which an article says how grave a happening is
GRAVE_HEAT, LOCAL_HEAT = 45.0, 12.0
LEAST_REPORTS = 2  # independent ones, for reasons other than an emergency …
STRONG, TRUSTED = 2.4, 80.0  # … but one is enough where its evidence weighs so much and its source's tier does
LEAST_SHARE = 0.25  # of the topic's texts that must give evidence

LIKELY = 0.5  # how likely a concern a topic must be, by its titles and words together
LEAST_CHANCE = 0.15  # of a reason that titles are like, below which it is not named …
LEAST_PART = 0.3  # … and its part of all that a topic is like
WORD_WEIGHS, WORDS_MOST = 0.7, 2.5  # what the words of a sentence add to the odds for each of their weight, at most
TOGETHER_WEIGHS = 2.0  # what is added where two or more pupils, patients or old people are ill or hurt
SECOND_EMERGENCY = 0.4  # what part of it must be an emergency where another reason leads: hours hang on it
SURE_EMERGENCY = 0.8  # how like an emergency titles alone must be for one report to be enough
UNPLACED_WEIGHS = 2.0  # taken off where no place is named: of such headlines one in twelve concerns anybody
LEAST_OF_HURT = 0.05  # how like an emergency titles must be where somebody was hurt, or is in danger
KIND_WEIGHS = 0.5  # what is added where a title names a kind of happening …
ACUTE_WEIGHS = 1.5  # … and one that is sudden, or counts cases …
GRADE_WEIGHS = 1.0  # … and where casualties or a grade are told
ANSWERED_WEIGHS = 0.5  # … and where a title says that an authority, or who serves the public, answers for something
LEAST_NEAR = 0.3  # how near comes what only wants heat
LOOKED_LIKE = 5  # titles of a topic, those most like a concern, that say what it is like

# Kinds of happening that put people in danger by themselves, with no figure told.
_DANGER = frozenset(Happening) - {
    Happening.EPIDEMIC, Happening.FOOD, Happening.LEAK, Happening.OUTAGE, Happening.STORM, Happening.WATER
}  # fmt: skip
_ANSWERS = "(?:再|再次|也|均|作出|已)?(?:回应|通报|致歉|道歉|否认|澄清|发布(?:情况)?(?:说明|声明|通报))"
_ANSWERED = re.compile(
    "(?:官方|警方|当地|局|[省市县区镇乡村]|街道|社区|居委会?|村委会?|部门|[委办院校方]|协会|银行|公司|客服|集团|大学|学院|中学|小学|"
    f"幼儿园|公交|地铁|铁路|机场|航空|物业|景区){_ANSWERS}"
)
_EMERGENCY = tuple(ReasonCode).index(ReasonCode.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Text:
    """One article of the topic that says something of its own."""

    article_id: int
    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Bearing:
    """The sentence of an article that bears most on a reason, what it weighs, and its words with what each weighs."""

    code: ReasonCode
    weight: float
    sentence: str
    words: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One article as the rules see it: whose it is, and what of it bears on a reason or a grade."""

    article_id: int
    source: str
    bearings: tuple[Bearing, ...]
    graded: Graded | None
    title: str = ""
    learned: Learned = UNREAD
    together: str = ""


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
    listed: bool = False  # whether it stood on a hot list
    unplaced: bool = False  # whether it is local only as everything at home is, for an office of the whole country
    own: OfficeWeights = NO_WEIGHTS  # what the office's own decisions add, as far as a person accepted it


Lexicon = Mapping[ReasonCode, Mapping[str, float]]


@lru_cache(maxsize=1)
def concern_words() -> Lexicon:
    """The weighted words of each reason, from data/concern_words.toml."""
    table = tomllib.loads((Path(__file__).parent / "data" / "concern_words.toml").read_text("utf-8"))
    return {code: table[code.code] for code in ReasonCode}


def with_own(own: Mapping[str, Mapping[str, float]]) -> Lexicon:
    """The words as the office changed them: {reason: {word: weight}}; a weight of 0 drops a word."""
    return {
        code: {word: w for word, w in {**words, **own.get(code.code, {})}.items() if w > 0 and word}
        for code, words in concern_words().items()
    }


# A sentence that tells of no emergency though it has the words: denied, or likened to one.
_LIKENED = "(?:就像|好像|像是|如同|仿佛|犹如|宛如|像)[^，。；！？]{0,8}(?:爆炸|地震|打仗|塌方)[^，。；！？]{0,3}(?:一样|似的|一般|般|声|声响)"
_NONE_HERE = re.compile(f"{DENIED.pattern}|{_LIKENED}")


class Evidencing:
    """A lexicon made ready to be looked for in many texts at once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.words = tuple(dict.fromkeys([*(word for code in ReasonCode for word in lexicon[code]), *GRADE_SIGNS]))
        number = {word: i for i, word in enumerate(self.words)}
        # Of each word the reasons it is one of, its place among that reason's words, and its weight there.
        self._uses: list[list[tuple[int, int, float]]] = [[] for _ in self.words]
        for i, code in enumerate(ReasonCode):
            for place, (word, weight) in enumerate(lexicon[code].items()):
                self._uses[number[word]].append((i, place, weight))
        self._signs = frozenset(number[word] for word in GRADE_SIGNS)
        self._weights = tuple(tuple(lexicon[code].items()) for code in ReasonCode)

    def bearings(self, sentences: Sequence[str], words: Sequence[Iterable[int]]) -> tuple[Bearing, ...]:
        """What bears on each reason, of sentences and the numbers of the different words that stand in each."""
        best: dict[int, tuple[float, str, list[int]]] = {}
        for sentence, here in zip(sentences, words):
            uses_of: dict[int, list[tuple[int, float]]] = {}
            for word in here:
                for code, place, weight in self._uses[word]:
                    uses_of.setdefault(code, []).append((place, weight))
            for code, uses in uses_of.items():
                uses.sort()
                weight = sum(weight for _, weight in uses)
                if weight < EVIDENCE_FROM or (code == _EMERGENCY and _NONE_HERE.search(sentence)):
                    continue
                known = best.get(code)
                if known is None or (weight, -len(sentence)) > (known[0], -len(known[1])):
                    best[code] = weight, sentence, [place for place, _ in uses]
        codes = tuple(ReasonCode)
        return tuple(
            Bearing(codes[code], weight, sentence[:QUOTED], tuple(self._weights[code][place] for place in places))
            for code, (weight, sentence, places) in sorted(best.items())
        )

    def may_grade(self, words: Iterable[int]) -> bool:
        """Whether one of these words is among those without which nothing says how grave a happening is."""
        return not self._signs.isdisjoint(words)

    def report(self, text: Text) -> Report:
        """One article as the rules see it."""
        said = [text.title, *sentences(text.text, LOOKED_AT)]
        words = [[i for i, word in enumerate(self.words) if word in sentence] for sentence in said]
        learned, grade = read_titles([text.title])[0], grade_of(text.title, text.text)
        return Report(
            text.article_id, text.source, self.bearings(said, words), grade, text.title, learned, _together(said)
        )


def _together(said: Sequence[str]) -> str:
    return next(filter(None, map(together, said[: 1 + LEAD_SENTENCES])), "")


def suggest(standing: Standing, reports: Sequence[Report]) -> Suggestion:
    """What the rules make of a topic: reasons with evidence, a grade with its ground, or why it is held back."""
    bearing: dict[ReasonCode, list[tuple[Bearing, Report]]] = {}
    for report in reports:
        for item in report.bearings:
            bearing.setdefault(item.code, []).append((item, report))
    reason_of = {
        code: _reason(code, bearing[code], standing)
        for code in ReasonCode
        if len(bearing.get(code, ())) >= max(1.0, LEAST_SHARE * len(reports))
    }
    worded = frozenset(reason_of)
    like = _like(reports)
    ill = next((report for report in reports if report.together), None)
    heaviest = max((weight for _, weight in reason_of.values()), default=0.0)
    hurt = any(report.graded is not None for report in reports)
    danger = any(happenings_in(one.title) & _DANGER and counts(one.title) for one in reports[:LOOKED_LIKE])
    kinds = frozenset[Happening]().union(*(happenings_in(report.title) for report in reports[:LOOKED_LIKE]))
    sudden = bool(kinds - {Happening.EPIDEMIC}) or any(is_bulletin(report.title) for report in reports[:LOOKED_LIKE])
    odds = TOGETHER_WEIGHS * (ill is not None) + GRADE_WEIGHS * hurt
    odds += ACUTE_WEIGHS if sudden else KIND_WEIGHS * bool(kinds)
    odds += ANSWERED_WEIGHS * any(_answers(report.title) for report in reports[:LOOKED_LIKE])
    kind = max(zip(like.chances, reversed(range(len(ReasonCode))), ReasonCode))[2]
    habit = standing.own.of(kind, standing.area)
    odds += max(0.0, habit) if hurt or ill is not None else habit  # no habit silences that people were hurt
    likely = _likely(like.any, heaviest, odds - UNPLACED_WEIGHS * standing.unplaced)
    for code, chance in zip(ReasonCode, like.chances):
        part = SECOND_EMERGENCY if code is ReasonCode.EMERGENCY and code is not kind else LEAST_PART
        if code not in reason_of and chance >= max(LEAST_CHANCE, part * like.any) and likely >= LIKELY:
            reason_of[code] = _learned_reason(code, likely, reports, standing), 0.0
    if ill is not None and ReasonCode.EMERGENCY not in reason_of:
        words = f"多人一起出事：{ill.together}"
        evidence = (Evidence(ill.article_id, ill.title[:QUOTED], ill.source),)
        reason_of[ReasonCode.EMERGENCY] = Reason(ReasonCode.EMERGENCY, words, evidence), 0.0
    if (hurt or danger) and ReasonCode.EMERGENCY not in reason_of and like.chances[_EMERGENCY] >= LEAST_OF_HURT:
        reason_of[ReasonCode.EMERGENCY] = (
            _learned_reason(ReasonCode.EMERGENCY, likely, reports, standing),
            0.0,
        )
    order = sorted(reason_of, key=lambda code: -like.chances[tuple(ReasonCode).index(code)])
    reasons = tuple(reason_of[code][0] for code in order)
    emergency = ReasonCode.EMERGENCY in reason_of
    grade, ground = _gravest(reports) if emergency else (EventGrade.NONE, "没有突发事件的迹象")
    at_once = emergency and (
        ill is not None or ReasonCode.EMERGENCY in worded or like.chances[_EMERGENCY] >= SURE_EMERGENCY
    )
    held, near = _held_back(standing, reasons, heaviest, likely, at_once)
    return Suggestion(standing.topic_id, reasons, grade, ground, _attention(standing.heat), held, near, likely, kind)


@lru_cache(maxsize=8192)
def _answers(title: str) -> bool:
    """Whether a title says that an authority, a place or a house that serves the public answers for something."""
    return bool(_ANSWERED.search(title)) or any(re.match(_ANSWERS, title[end:]) for _, end in place_spans(title, ()))


def _like(reports: Sequence[Report]) -> Learned:
    """What the titles of a topic are like: the third that is most like a concern, for a large topic has many sides."""
    ranked = sorted(reports, key=lambda report: -report.learned.any)
    first = ranked[: min(LOOKED_LIKE, -(-len(ranked) // 3))]
    return Learned(tuple(sum(part) / len(first) for part in zip(*(report.learned.chances for report in first))), ())


def _likely(chance: float, weight: float, more: float) -> float:
    """How likely a topic is a concern (0–1): by what its titles are like, and by the words of the office together."""
    odds = math.log(max(chance, 1e-4) / max(1 - chance, 1e-4))
    odds += min(WORDS_MOST, WORD_WEIGHS * weight) + more
    return 1 / (1 + math.exp(-odds))


def _learned_reason(code: ReasonCode, likely: float, reports: Sequence[Report], standing: Standing) -> Reason:
    """A reason that the titles are like, with the chance that decided, of titles and words together, and the words."""
    at = tuple(ReasonCode).index(code)
    first = sorted(reports, key=lambda report: (-report.learned.chances[at], report.article_id))[:MOST_EVIDENCE]
    words = "、".join(dict.fromkeys(word for report in first[:1] for word in report.learned.words))
    ground = f"标题像这一类（把握 {likely:.0%}{f'，看{words}' if words else ''}）"
    if standing.local:
        ground += "，涉及本地"
    return Reason(code, ground, tuple(Evidence(r.article_id, r.title[:QUOTED], r.source) for r in first))


def _reason(code: ReasonCode, bearing: list[tuple[Bearing, Report]], standing: Standing) -> tuple[Reason, float]:
    """A reason with its evidence, and what its heaviest sentence weighs."""
    used = {word: weight for item, _ in bearing for word, weight in item.words}
    heaviest = sorted(bearing, key=lambda pair: (-pair[0].weight, pair[1].article_id))
    said = "、".join(sorted(used, key=lambda word: -used[word])[:4])
    ground = f"{len(bearing)} 篇提到{said}"
    if standing.local:
        ground += "，涉及本地"
    if standing.events:
        ground += f"，正值“{'、'.join(standing.events)}”"
    evidence = tuple(Evidence(r.article_id, item.sentence, r.source) for item, r in heaviest[:MOST_EVIDENCE])
    return Reason(code, ground, evidence), heaviest[0][0].weight


def _held_back(
    standing: Standing, reasons: Sequence[Reason], heaviest: float, likely: float, at_once: bool
) -> tuple[str, float]:
    """(why a topic is not flagged, how near it came: 0–1); empty and 1 if it is.

    A local emergency is flagged at once, on one report, and so is what stands on a hot list; other matters need
    independent reports, unless a source of weight says something as weighty as that the city's buses and metro stop,
    and heat; a major event in its window lowers the bar; what is not local must be very hot.
    """
    if not reasons or likely < LIKELY:
        return f"不像要回应的事（把握 {likely:.0%}，{LIKELY:.0%} 起才列）", likely / LIKELY * (
            0.9 if standing.local else 0.4
        )
    if standing.local and (at_once or standing.listed):
        return "", 1.0
    weighty = standing.local and heaviest >= STRONG and standing.heat.parts.get(HeatPart.TIER, 0.0) >= TRUSTED
    if standing.reports < LEAST_REPORTS and not weighty and not (standing.listed and not standing.local):
        return f"只有 {standing.reports} 篇独立报道，样本不足", 0.8 if standing.local else 0.4
    bar = LOCAL_HEAT if standing.local else GRAVE_HEAT
    bar *= standing.ease
    if standing.heat.value < bar:
        where = "本地话题" if standing.local else "不涉及本地，非本地话题"
        return f"{where}热度 {standing.heat.value:.0f}，未到 {bar:.0f}", max(
            LEAST_NEAR, min(0.99, standing.heat.value / bar)
        )
    return "", 1.0


def suggested_grade(texts: Sequence[Text]) -> tuple[EventGrade, str]:
    """The grade that texts speak of, and the ground for it."""
    return _gravest([Report(text.article_id, text.source, (), grade_of(text.title, text.text)) for text in texts])


def _gravest(reports: Sequence[Report]) -> tuple[EventGrade, str]:
    graded = [(report.graded, report.source) for report in reports if report.graded is not None]
    if not graded:
        return EventGrade.IV, "有突发事件迹象，报道未见伤亡人数和级别"
    said, source = min(graded, key=lambda item: item[0].index)
    return RANKED[said.index], f"{source}报道{said.words}"


def grade_of(title: str, text: str) -> Graded | None:
    """The gravest grade that an article speaks of; see `grading`."""
    return graded([title, *sentences(text[:GRADE_LIMIT])])


def _attention(heat: Heat) -> AttentionGrade:
    """舆情等级 suggested by heat; the office's own thresholds come with its settings."""
    value = heat.value
    if value >= 75:
        return AttentionGrade.RED
    if value >= 55:
        return AttentionGrade.ORANGE
    return AttentionGrade.YELLOW if value >= 35 else AttentionGrade.BLUE
