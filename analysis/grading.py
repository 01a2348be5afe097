"""How grave an emergency is by what an article says: as named, by the level of response, or by its casualties.

Each kind of event by its own document: 生产安全事故 after 国务院令第493号, article 3; 食物中毒 after the annex of
国家突发公共卫生事件应急预案; 地震 after 国家地震应急预案; where no document sets a number, 493号 serves for comparison
and the ground says so (参照). Those missing count with the dead, as 分级标准 has it (含失踪).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.casualties import DENIED, Toll, counts, toll_of
from analysis.happenings import EventClass, Happening, happenings_in
from analysis.places import names_abroad
from domain.concern import EventGrade

RANKED = (EventGrade.I, EventGrade.II, EventGrade.III, EventGrade.IV)
GRADE_SIGNS = (
    "突发", "事故", "火灾", "响应", "死", "遇难", "身亡", "丧生", "重伤", "罹难", "遗体", "牺牲", "溺亡", "生命体征", "伤", "失联",
    "失踪", "中毒", "损失", "级地震", "坠毁", "坠机", "失事", "遇害", "生还", "没了", "被埋", "呕吐", "腹泻", "离世", "去世", "殉职", "坠亡",
    "送医", "住院", "入院", "就医", "晕倒", "昏迷", "不适", "发热", "发烧", "头晕", "流鼻血", "皮疹", "红疹", "过敏", "拉肚子", "感染", "高烧", "恶心",
    "骨折", "受害", "就诊", "患病", "发病", "溺", "殒命", "丧命", "毙命", "被害", "摔亡", "不治", "没救", "没跑", "没逃", "逃生", "没能救出", "灭门", "落水",
    "被卷走", "被砍", "被捅", "被撞", "被咬", "下落不明", "全没", "危重", "垂危", "坠落", "空难",
)  # fmt: skip

_NAMES = [grade.label for grade in RANKED]
_NAMED = re.compile(
    r"(特别重大|重大|较大|一般)(?:级别)?(?:突发事件|生产安全(?:责任)?事故|安全(?:责任)?事故|责任事故|交通事故|事故|火灾|刑事案件|食品安全事故|突发公共卫生事件|突发公共卫生)(?!隐患|风险|苗头)"
)
_PREVENTED = re.compile("防范|遏制|杜绝|坚决防止|隐患|避免|不发生|防止|严防|零发生")
_RESPONSE = re.compile(r"([ⅠⅡⅢⅣ]|I{1,3}V?|IV|一|二|三|四)级(?:[^，。；！？]{0,8})?响应")
_LEVELS = {"Ⅰ": 0, "I": 0, "一": 0, "Ⅱ": 1, "II": 1, "二": 1, "Ⅲ": 2, "III": 2, "三": 2, "Ⅳ": 3, "IV": 3, "四": 3}
# A response to weather that is only forecast, and one that ends, say nothing of what happened.
_FORECAST = re.compile("气象|防汛|防台|防御|预警|预报|防风|抗旱|解除|终止|结束|降为|调整为|下调|低温|冰冻|重污染")
_RUMOUR = re.compile(f"{DENIED.pattern}|网传")
_MAGNITUDE = re.compile(r"(\d(?:\.\d)?)级(?:地震|左右地震|强震)|地震(?:震级)?(\d\.\d)级")
_AIRLINER = re.compile(r"客机|航班|机上|乘客|[Mm][Uu]\d{4}|[A-Z]{2}\d{4}|波音|空客|东航|南航|国航")
_CRASHED = re.compile("坠毁|坠机|失事|空难|坠落")
_SAFE = re.compile(
    "滑翔|通航|轻型|教练机|农用|小型飞机|航拍|热气球|模拟|返航|备降|训练|无人机|战机|战斗机|直升机|电影|纪录片|虚惊"
)


@dataclass(frozen=True, slots=True)
class Graded:
    """How grave an article says that a happening is: 0 for Ⅰ … 3 for Ⅳ, and how it says so."""

    index: int
    words: str


def graded(sentences: Sequence[str]) -> Graded | None:
    """The gravest grade that the sentences of an article speak of; None where they name none and no casualties."""
    believed = [sentence for sentence in sentences if not _RUMOUR.search(sentence) and not _far(sentence)]
    kinds = happenings_in("\n".join(believed[:4]))
    grades = [*_named(believed), *_responses(believed), *_shaken(believed), *_crashed(believed)]
    if (hurt := by_toll(toll_of(believed), kinds)) is not None:
        grades.append(hurt)
    return min(grades, key=lambda item: item.index, default=None)


def by_toll(toll: Toll, kinds: Iterable[Happening]) -> Graded | None:
    """The grade by casualties and loss, after the document for that kind of event; None below its lowest bar."""
    known = frozenset(kinds)
    if Happening.FOOD in known and Happening.EPIDEMIC not in known and (poisoned := _poisoned(toll)) is not None:
        return poisoned
    lost = toll.dead + toll.missing
    bars = ((300, 1000), (50, 500), (10, 100)) if Happening.QUAKE in known else ((30, 100), (10, 50), (3, 10))
    for index, (dead, hurt) in enumerate(bars):
        if lost >= dead or (toll.heavy >= hurt and Happening.QUAKE not in known):
            said = f"死亡失踪 {lost} 人" if toll.missing else f"死亡 {toll.dead} 人"
            return Graded(index, f"{said if lost >= dead else f'重伤 {toll.heavy} 人'}（{_document(known)}）")
    if _accident(known):
        for index, loss in enumerate((10_000, 5_000, 1_000)):
            if toll.loss >= loss:
                return Graded(index, f"直接经济损失 {toll.loss:.0f} 万元（{_document(known)}）")
    if toll.any:
        said = f"死亡 {lost} 人" if lost else f"受伤 {max(toll.hurt, toll.ill)} 人"
        return Graded(3, f"{said}（{_document(known)}）")
    return None


def _poisoned(toll: Toll) -> Graded | None:
    document = "国家突发公共卫生事件应急预案"
    many = max(toll.ill, toll.hurt)
    if toll.dead >= 10 or (toll.dead and many > 100):
        return Graded(1, f"中毒死亡 {toll.dead} 人（{document}）")
    if toll.dead:
        return Graded(2, f"中毒且有死亡病例（{document}）")
    return Graded(2, f"中毒 {many} 人（{document}）") if many > 100 else None


def _accident(kinds: frozenset[Happening]) -> bool:
    return any(kind.event_class is EventClass.ACCIDENT for kind in kinds)


def _document(kinds: frozenset[Happening]) -> str:
    if Happening.QUAKE in kinds:
        return "国家地震应急预案"
    others = {kind.event_class for kind in kinds} - {EventClass.ACCIDENT}
    if _accident(kinds) and not others:
        return EventClass.ACCIDENT.document
    return "按伤亡人数参照国务院令第493号"


def _named(told: Sequence[str]) -> Iterator[Graded]:
    for sentence in told:
        names = _NAMED.findall(sentence)
        if names and not _PREVENTED.search(sentence) and counts(sentence):
            yield from (Graded(_NAMES.index(name), f"称{name}") for name in names)


def _responses(told: Sequence[str]) -> Iterator[Graded]:
    for sentence in told:
        levels = [level for level in _RESPONSE.findall(sentence) if level in _LEVELS]
        if levels and not _FORECAST.search(sentence) and counts(sentence):
            yield from (Graded(_LEVELS[level], f"已启动{level}级响应") for level in levels)


def _shaken(told: Sequence[str]) -> Iterator[Graded]:
    for sentence in told:
        sizes = _MAGNITUDE.findall(sentence)
        for hit in sizes if sizes and counts(sentence) else ():
            size = float(hit[0] or hit[1])
            if size >= 7:
                yield Graded(0, f"地震 {size} 级（国家地震应急预案，初判）")
            elif size >= 5:
                initial = "密集地区初判为重大" if size >= 6 else "较密集地区初判为较大"
                yield Graded(3, f"地震 {size} 级，报道未见伤亡；人口{initial}（国家地震应急预案）")


def _crashed(told: Sequence[str]) -> Iterator[Graded]:
    if not any(_CRASHED.search(sentence) for sentence in told):
        return
    whole = "\n".join(sentence for sentence in told if counts(sentence) and not _SAFE.search(sentence))
    if _CRASHED.search(whole) and _AIRLINER.search(whole):
        yield Graded(0, "客机失事（国家处置民用航空器飞行事故应急预案，初判）")


def _far(sentence: str) -> bool:
    return bool(names_abroad(sentence))
