"""Tone (倾向) of texts by a scored list of words with what negates and stresses them; shown to people, it flags nothing.

A tone is somebody's attitude: praise and thanks are 正, complaint, blame and mourning 负. Who only says what happened,
however bad, or what officials plan, is 中. Every text's tone comes with the sentence and the words that made it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.lexicon import Finder
from analysis.segment import sentences
from domain.tone import Tone, ToneSentence, ToneShares

LOOKED_AT = 8  # first sentences of an article
LONGEST = 400  # characters of a sentence that are looked through
QUOTED = 120  # characters of a sentence that are shown
STRONG, WEAK = 1.0, 0.5
TITLE_COUNTS = 2.0  # as often as a sentence of the text
TONED = 1.0  # sum from which a text is not neutral …
CLEAR = 0.3  # … and the part of all that was said that must remain where it says both
STRESSED, SOFTENED, TURNED = 1.5, 0.5, -0.6
BEFORE = 5  # characters before a word in which it is negated or stressed
MOST_SHOWN = 3  # sentences of each tone that are kept of a topic
NAMED = 3  # words that are named of a sentence

# What is prevented, dealt with or dealt out in a programme is nobody's complaint.
_NOT_SAID = re.compile(
    r"(?:防止|避免|杜绝|严禁|严查|严防|防范|整治|治理|打击|破解|消除|化解|减少|纠治|查处|拒绝|远离|如何|接受|受理)\S{0,4}$"
)
_NEGATED = re.compile(r"(?:不是|并非|并不|不再|不太|不够|没有|从未|从不|毫不|毫无|不算|谈不上|难言|缺乏|[不没未无])$")
_STRESSED = re.compile(
    r"(?:非常|十分|特别|极其|极度|极为|万分|严重|强烈|太|真是|真|最|更|竟|居然|竟然|实在|多次|屡|频频|集体|纷纷)$"
)
_SOFTENED = re.compile(r"(?:有点|有些|略|稍|一点|不太|个别)$")
_PROGRAMME = re.compile(
    r"召开|会议|座谈|部署|动员|印发|出台|意见》|办法》|条例|方案|通知|工作|专项|行动|整治|培训|宣讲|开展|推进|督查|检查组|征集|热线开通|渠道|平台|办理|机制|制度|体系|规划|建设|论坛|活动周|选举|慰问"
)
_ASKED = re.compile(r"[?？]")
_CLAUSE = re.compile(r"[，,。；;：:、！!？?\s“”\"（）()《》]")
# Words that hold one of ours and mean another thing.
_MEANT_OTHERWISE = re.compile(
    r"投诉(?:热线|电话|渠道|平台|举报电话|量(?:下降|减少))|举报(?:电话|热线|平台|奖励|有奖)|不满(?=\d|[一二三四五六七八九十]|周岁|足)|担心受怕|好人(?=榜|县|市)"
    r"|批评(?:与|和)自我批评|文学批评|温暖(?=的气候|过冬)|英雄(?=联盟)|困难(?:群众|家庭|职工|学生|户|党员|企业)"
    r"|问题(?:楼盘整改|清单|线索|整改)|爱心(?=树)|满意度(?:调查|测评|问卷)|义务(?=教育|兵)|奉献(?=杯)|天堂(?=寨|镇|村)"
    r"|套路(?=贷)|内幕(?=交易)|造假(?=案|罪)|丰收(?=节)|增收(?=节支)"
)


# How people complain or praise without any such word: what was waited for in vain, promised, said over and over.
_COMPLAINS = re.compile(
    r"(?<![一二两三四五六七八九十几多半0-9])[一二两三四五六七八九十几多半0-9]++(?:年|个月|天|周|次|趟|回|遍|个?小时|多月|多年)[^，。；？！]{0,6}(?:没(?:人|有|修|办|给|见|通|来|退|动|到|装|管|解决)|仍未|仍没|还没|不见|不给|不修|不理|不退|白)"
    r"|说好的?[^。；]{0,16}(?:却|结果)|(?:说|称|承诺|答应|宣称|号称|保证)[^，。；]{0,10}(?:却|可是?)|一([涨拖推降改换罚停砍催])再\1|([踢推扯骗转])来\2去|说([没停关封断改拆涨])就\3|(?:成了?|沦为|变成)(?:摆设|空文|泡影|笑话|闹剧|鬼城|臭水沟|垃圾场|提款机)"
    r"|(?:怎能|岂能|难道|何必|还有没有|还要[^，。]{0,6}多久|要等到?(?:何时|什么时候|哪年))|连[^，。；]{1,8}都(?:没|不|办不)|(?:没了?|无)(?:活路|出路|着落|下文|动静|影儿?|门路|回音|音讯|说法)|白(?:干|跑|交|等|花|忙)(?:了|一)?"
    r"|(?:叫|喊|直呼|大呼|连呼|直喊)(?:苦|冤|坑|太?贵|太?难|受不了|伤不起|吃不消)|(?:气|愁|逼|坑|害|累)(?:哭|坏|死|疯|惨|垮)|当[^，。]{0,4}(?:韭菜|猴耍|儿戏|傻子|摇钱树|皮球)|拉(?:起)?横幅|集体(?:上访|请愿|抵制|退)|查清真相|讨回|不买账|直摇头|生意[^，。]{0,4}黄"
)
_PRAISES = re.compile(
    r"(?:笑|乐)得|竖起?[^，。]{0,2}拇指|敲锣打鼓|奔走相告|打(?:了)?满分|(?:好评|掌声)(?:不断|如潮)|不收[^，。；]{0,8}(?:一分钱|分文)|再也不用[^，。]{1,10}(?:了|跑|愁|等)|(?:终于|总算)[^，。]{0,8}(?:了|盼)[^，。]{0,8}(?:高兴|开心|乐|甜)|(?:越来越|更加?)(?:好|美|方便|漂亮|舒心|有奔头)"
)


@dataclass(frozen=True, slots=True)
class Toned:
    """The tone of one text; of one that is not neutral the sentence that says most, and its words."""

    tone: Tone
    sentence: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    finder: Finder
    weights: tuple[float, ...]


@lru_cache(maxsize=1)
def word_weights() -> Mapping[str, float]:
    """The words with what each weighs, from data/tone_words.toml: above 0 praise, below it complaint."""
    table = tomllib.loads((Path(__file__).parent / "data" / "tone_words.toml").read_text("utf-8"))
    return {
        word: sign * weight
        for kind, sign in (("positive", 1), ("negative", -1))
        for strength, weight in (("weak", WEAK), ("strong", STRONG))
        for word in table[kind][strength].split()
    }


@lru_cache(maxsize=1)
def _words() -> _Words:
    weights = word_weights()
    return _Words(Finder(weights), tuple(weights.values()))


def tones_of(texts: Sequence[tuple[str, str]]) -> list[Toned]:
    """The tones of texts given as (title, text), in order."""
    said = [[part[:LONGEST] for part in (title, *sentences(text, LOOKED_AT))] for title, text in texts]
    known = _words()
    flat = [sentence for some in said for sentence in some]
    hits_of: list[list[tuple[int, int]]] = [[] for _ in flat]
    hits = known.finder.find(flat)
    for at, start, word in zip(hits.text.tolist(), hits.start.tolist(), hits.word.tolist()):
        hits_of[at].append((start, word))
    toned, at = [], 0
    for some in said:
        toned.append(_toned(some, hits_of[at : at + len(some)]))
        at += len(some)
    return toned


def tone_of(title: str, text: str = "") -> Toned:
    """The tone of one text."""
    return tones_of([(title, text)])[0]


def shares_of(toned: Sequence[Toned], ids: Sequence[int], sources: Sequence[str]) -> ToneShares:
    """The shares of a topic's texts, with the newest different sentences of each tone; all in order of time."""
    counts = {tone: sum(one.tone is tone for one in toned) for tone in Tone}
    said: dict[tuple[Tone, str], ToneSentence] = {}
    for one, id, source in zip(reversed(toned), reversed(ids), reversed(sources)):
        if one.tone is not Tone.NEUTRAL and sum(tone is one.tone for tone, _ in said) < MOST_SHOWN:
            said.setdefault((one.tone, one.sentence), ToneSentence(id, one.tone, one.sentence, source, one.words))
    return ToneShares(counts[Tone.POSITIVE], counts[Tone.NEUTRAL], counts[Tone.NEGATIVE], tuple(said.values()))


def _toned(said: Sequence[str], hits: Sequence[Sequence[tuple[int, int]]]) -> Toned:
    """The tone of a text whose title is its first sentence."""
    up = down = 0.0
    best: dict[bool, tuple[float, str, tuple[str, ...]]] = {}
    for i, (sentence, here) in enumerate(zip(said, hits)):
        for praises, score, words in _scores(sentence, here):
            score *= TITLE_COUNTS if i == 0 else 1.0
            if praises:
                up += score
            else:
                down += score
            if score > best.get(praises, (0.0, "", ()))[0]:
                best[praises] = score, sentence[:QUOTED], words
    if max(up, down) < TONED or abs(up - down) < CLEAR * (up + down):
        return Toned(Tone.NEUTRAL)
    _, sentence, words = best[up > down]
    return Toned(Tone.POSITIVE if up > down else Tone.NEGATIVE, sentence, words)


def _scores(sentence: str, hits: Sequence[tuple[int, int]]) -> list[tuple[bool, float, tuple[str, ...]]]:
    """(whether it praises, how much, by which words) of a sentence; empty where it is neutral."""
    known = _words()
    other = [match.span() for match in _MEANT_OTHERWISE.finditer(sentence)] if hits else []
    summed = {True: 0.0, False: 0.0}
    words: dict[bool, list[str]] = {True: [], False: []}
    end = 0
    for start, word in sorted(hits, key=lambda hit: (hit[0], -known.finder.lengths[hit[1]])):
        text = known.finder.words[word]
        if start < end or any(a <= start < b for a, b in other):
            continue  # inside a longer word
        end = start + len(text)
        weight = known.weights[word] * _turned(
            sentence[max(0, start - BEFORE) : start], sentence[max(0, start - 8) : start]
        )
        if weight:
            summed[weight > 0] += abs(weight)
            words[weight > 0].append(text)
    for praises, pattern in ((True, _PRAISES), (False, _COMPLAINS)):
        if said := pattern.search(sentence):
            summed[praises] += STRONG
            words[praises].append(said[0])
    if summed[False] and _ASKED.search(sentence):
        summed[False] += WEAK  # a question that complains
    programme = bool(_PROGRAMME.search(sentence))
    return [
        (praises, total, tuple(words[praises][:NAMED]))
        for praises, total in summed.items()
        if total >= (2 * STRONG if programme else WEAK)
    ]


def _turned(before: str, further: str) -> float:
    """What a word counts for by what stands before it in its clause."""
    clause = _CLAUSE.split(before)[-1]
    if _NOT_SAID.search(_CLAUSE.split(further)[-1]):
        return 0.0
    if _SOFTENED.search(clause):
        return SOFTENED
    if _NEGATED.search(clause):
        return TURNED
    return STRESSED if _STRESSED.search(clause) else 1.0
