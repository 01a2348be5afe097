"""Checking a draft (自查): what is missing, unsourced, contradictory, hollow, too long or personal; each with a reason.

A check is one function and one line in CHECKS; it gives findings with their place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from domain.errors import StepError
from domain.personal import mask_personal, open_personal
from domain.response import Channel, ResponseKind
from response.drafts import PLACEHOLDERS
from response.parts import untold

LONGEST_SENTENCE = 60  # characters
HOLLOW_SHARE = 0.04  # share of the text's characters in set phrases from which it reads as 空话套话
LENGTHS = {  # characters that a channel bears
    Channel.WEIBO: 2000,
    Channel.WECHAT: 20_000,
    Channel.DOUYIN: 1000,
    Channel.APP: 5000,
    Channel.HOTLINE: 1000,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A point to look at: where in the text [start, end), what it is, and what to do."""

    check: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class DraftToCheck:
    """A text to be checked, with what it is checked against.

    `sources` are the texts of the case's articles; `said` the office's earlier responses (title, text); `places`
    what places the body names, as (where, name); `own` the office's own place names, which need no source; `allowed`
    the personal data that may stand.
    """

    kind: ResponseKind
    title: str
    body: str
    sources: Sequence[str] = ()
    said: Sequence[tuple[str, str]] = ()
    channel: Channel | None = None
    places: Sequence[tuple[int, str]] = ()
    own: Sequence[str] = ()
    allowed: Sequence[str] = ()


_ABSOLUTE = re.compile(
    "绝对|百分之百|100%|彻底解决|完全没有|完全不实|完全不存在|绝无|绝不[会是]|决不会|永远不会|万无一失|一律不会|保证不|从未|毫无|"
    "所有人都|零风险|肯定不会|纯属(?:谣言|捏造|虚构)|子虚乌有|根本不存在"
)
_UNPROVEN = re.compile(
    "(?:群众|居民|家属|师生|职工|村民)?(?:情绪|思想)(?:基本|总体)?稳定|(?:群众|家属|居民)(?:表示|均表示|一致)(?:理解|满意)|社会秩序(?:井然|良好|稳定)|影响不大|一切正常"
)
_HOLLOW = (
    "高度重视|第一时间|全力以赴|切实|扎实推进|进一步加强|统筹推进|狠抓落实|提高政治站位|坚决|认真贯彻|积极主动|迅速行动|周密部署|精心组织|举一反三|"
    "确保.{0,6}安全稳定|取得.{0,4}成效|再上新台阶|压实责任|强化担当|有力有序|高质量发展|全面贯彻|深入学习|凝心聚力"
)
_SLIGHTING = re.compile("刁民|别有用心|不明真相的群众|无理取闹|少数人|个别人煽动|蓄意|炒作|谣言惑众")
_FIGURE = re.compile(
    r"(?<!\d)\d++(?:\.\d++)?(?:万|亿)?(?:人|名|例|起|户|辆|栋|吨|元|万元|亿元|%|％|公里|平方米|小时|天|个|次|家|处|所)"
)
_DAY = re.compile(r"\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月(?:\d{1,2}日)?")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_COUNTED = re.compile(
    r"([一-鿿]{2,6}?)(?:共|已|为|达|约|累计|增至|合计){0,3}(\d++(?:\.\d++)?)(人|名|例|起|户|辆|栋|元|万元|%|家|处)"
)


_TITLES = "书记|主任|局长|市长|县长|区长|镇长|乡长|处长|院长|校长|厅长|部长|省长|州长|组长|队长|所长|发言人|负责人|指挥长|总工程师"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史"
    "陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_PERSON = re.compile(rf"(?:{_TITLES})([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=表示|说|介绍|指出|强调|透露|[，,。、（(])")
_OPEN = re.compile("|".join(sorted(map(re.escape, PLACEHOLDERS), key=len, reverse=True)))


def check(draft: DraftToCheck) -> list[Finding]:
    """All findings, by their place in the text."""
    findings = [finding for one in CHECKS for finding in one(draft)]
    return sorted(findings, key=lambda finding: (finding.start, finding.end))


def check_filled(text: str, field: str = "") -> None:
    """Nothing is signed or published in which a template's blanks stand. Raises StepError, naming them."""
    if blanks := list(dict.fromkeys(_OPEN.findall(text))):
        some = "".join(blanks[:4]) + ("等" if len(blanks) > 4 else "")
        raise StepError(f"稿中还有没填的{some}。请填好，或连同那句话删去，再签发、发布。", field)


def check_personal(text: str, allowed: Sequence[str], field: str = "") -> None:
    """No personal data leaves unless each piece was let stand with a reason. Raises StepError, naming them masked."""
    if found := open_personal(text, allowed):
        pieces = dict.fromkeys(f"{one.kind}“{mask_personal(text[one.start : one.end])}”" for one in found)
        raise StepError(
            f"稿中有个人信息没有遮盖，也没有准予公开：{'、'.join(pieces)}。"
            "请在“拟稿”页点“遮盖个人信息”另存一稿，或由有签发权的人（不是拟稿人）点“准予公开…”，逐处写明理由。",
            field,
        )


def missing_parts(draft: DraftToCheck) -> Iterator[Finding]:
    """事实、措施、结果 of a response (2019 work points item 2); background … of a 解读 (item 1)."""
    for part in untold(draft.kind, draft.body):
        yield Finding("缺要素", 0, 0, f"没有看到“{part}”。{draft.kind.label}要说清这一点。")


def unsourced(draft: DraftToCheck) -> Iterator[Finding]:
    """Figures and dates that no source of the case bears."""
    if not draft.sources:
        return
    known = "\n".join(draft.sources).replace("％", "%")
    for pattern, what in ((_FIGURE, "数字"), (_DAY, "日期")):
        for hit in pattern.finditer(draft.body):
            if hit[0].replace("％", "%") not in known:
                yield Finding("无出处", *hit.span(), f"{what}“{hit[0]}”在本件的信息里没有出处，请核实后注明来源。")


def unfilled(draft: DraftToCheck) -> Iterator[Finding]:
    """What the template left to be filled in."""
    for hit in _OPEN.finditer(draft.body):
        yield Finding("未填", *hit.span(), f"模板里的“{hit[0]}”还没有填，发布前填上或删去。")


def unknown_names(draft: DraftToCheck) -> Iterator[Finding]:
    """Places and persons that no source of the case names."""
    if not draft.sources:
        return
    known = "\n".join(draft.sources)
    for at, name in draft.places:
        if name not in known and not any(name in own or own in name for own in draft.own):
            yield Finding("地名", at, at + len(name), f"“{name}”在本件的信息里没有出现，请核实地名。")
    for hit in _PERSON.finditer(draft.body):
        if hit[1] not in known:
            yield Finding("人名", *hit.span(1), f"“{hit[1]}”在本件的信息里没有出现，请核实姓名和职务。")


def contradictions(draft: DraftToCheck) -> Iterator[Finding]:
    """Another figure for the same thing than in an earlier response of the office."""
    before: dict[tuple[str, str], tuple[str, str]] = {}
    for title, text in draft.said:
        for hit in _COUNTED.finditer(text):
            before[_thing(hit), hit[3]] = (hit[2], title)
    for hit in _COUNTED.finditer(draft.body):
        known = before.get((_thing(hit), hit[3]))
        if known and known[0] != hit[2]:
            yield Finding(
                "前后不一",
                *hit.span(),
                f"“{hit[0]}”与《{known[1]}》里的 {known[0]}{hit[3]} 不一致。如有变化，请说明截至时间。",
            )


def _thing(hit: re.Match[str]) -> str:
    return hit[1][-2:]


def absolute_words(draft: DraftToCheck) -> Iterator[Finding]:
    """Words that leave no way back."""
    for hit in _ABSOLUTE.finditer(draft.body):
        yield Finding("绝对化", *hit.span(), f"“{hit[0]}”说得太满，一旦有出入会失去信任。换成具体的事实。")


def unproven(draft: DraftToCheck) -> Iterator[Finding]:
    """What judges how people feel or how things stand, and gives nothing to see it by."""
    for hit in _UNPROVEN.finditer(draft.body):
        yield Finding(
            "无据断语", *hit.span(), f"“{hit[0]}”是断语，没有可以核对的事实。换成安置了多少人、怎么安置、谁可以求助。"
        )


def hollow(draft: DraftToCheck) -> Iterator[Finding]:
    """空话套话 by their share of the text; examples over slogans (work points item 3)."""
    hits = list(re.finditer(_HOLLOW, draft.body))
    if len(hits) >= 2 and sum(len(hit[0]) for hit in hits) >= HOLLOW_SHARE * len(draft.body):
        for hit in hits:
            yield Finding("空话套话", *hit.span(), f"全文套话偏多，“{hit[0]}”可删，换成做了什么、到哪一步、何时完成。")


def slighting(draft: DraftToCheck) -> Iterator[Finding]:
    """称谓 that slight the people who ask."""
    for hit in _SLIGHTING.finditer(draft.body):
        yield Finding("称谓", *hit.span(), f"“{hit[0]}”会伤害提问的群众，换成中性的称谓。")


def long_sentences(draft: DraftToCheck) -> Iterator[Finding]:
    """Sentences over 60 characters."""
    for hit in _SENTENCE.finditer(draft.body):
        length = len(hit[0].strip())
        if length > LONGEST_SENTENCE:
            yield Finding("长句", *hit.span(), f"这一句 {length} 字，超过 {LONGEST_SENTENCE} 字，拆成两句更好读。")


def personal_data(draft: DraftToCheck) -> Iterator[Finding]:
    """Personal data (个人信息保护法: 最小必要)."""
    for item in open_personal(draft.body, draft.allowed):
        yield Finding("个人信息", item.start, item.end, f"含{item.kind}，请遮盖；遮盖或准予公开以前，不能签发、发布。")


def too_long(draft: DraftToCheck) -> Iterator[Finding]:
    """Longer than the channel bears."""
    limit = LENGTHS.get(draft.channel) if draft.channel else None
    if limit and draft.channel and len(draft.body) > limit:
        yield Finding(
            "篇幅",
            limit,
            len(draft.body),
            f"{draft.channel.label}一般不超过 {limit} 字，现在 {len(draft.body)} 字。",
        )


CHECKS: tuple[Callable[[DraftToCheck], Iterator[Finding]], ...] = (
    missing_parts,
    unfilled,
    unsourced,
    unknown_names,
    contradictions,
    absolute_words,
    unproven,
    hollow,
    slighting,
    long_sentences,
    personal_data,
    too_long,
)
