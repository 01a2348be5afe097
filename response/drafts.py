"""Beginning a draft from a template, comparing versions, and finding what was said before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from string import Formatter

from domain.concern import Disposition
from domain.errors import InputError
from domain.response import ResponseKind


@dataclass(frozen=True, slots=True)
class TemplateFields:
    """What a template is filled with: from the case and its articles."""

    title: str
    place: str
    when: str
    unit: str
    reported: Sequence[tuple[str, str]]  # (sentence, source) of what the sources report
    referred: str = ""  # to whom the matter was handed over, and when, as it was entered under 协同


class Change(Enum):
    """What became of a stretch of text from one version to the next."""

    KEPT = "kept"
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comparison, and what became of it."""

    kind: Change
    text: str


_UNKNOWN = "【地点】【时间】【责任单位】"
_OLD = "【预案/响应】【为什么出台】"  # of earlier templates, in drafts that were begun from them
# What each of the six ways (国办发〔2016〕80号, 做好研判处置) brings to the 处置结果 of an answer. It asks for what was
# done and found, and asserts none of it: nothing of that was entered yet.
_WAYS = {
    Disposition.SUGGESTION: "对这条建议，研究和采纳的情况是：【采纳哪些、哪些没有采纳、为什么】。",
    Disposition.HARDSHIP: "对反映的困难，【是否已解决，谁办、怎么办、何时办好】。",
    Disposition.GRAVE_MATTER: "调查处置到哪一步：【填写】。调查结果【何时、在哪里公布】。",
    Disposition.MISUNDERSTANDING: "对大家关心的疑问，解释如下：【填写】。",
    Disposition.WRONG_VIEW: "有关事实如下：【填写】。",
    Disposition.FALSEHOOD: "网传的说法是：【填写】。核查的结论和依据是：【是否属实，依据什么】。{referred}",
}

TEMPLATES: dict[ResponseKind, str] = {
    ResponseKind.AUTHORITATIVE: "事实真相：{首发时间}有报道称，{经过}。截至【时间】，{责任单位}核实的情况是：【填写】。\n有关政策措施：【启动了什么预案或响应】，正在采取的措施有：【填写】。\n处置结果：{处置结果}下一次发布时间：【填写】。",
    ResponseKind.ANSWER: "事实真相：关于“{关切}”，{责任单位}核查的情况是：【填写】。\n有关政策措施：依据【文件名和条款】，【填写】。\n处置结果：{处置结果}",
    ResponseKind.PRESS_CONFERENCE: "发布会口径\n一、发布内容：{首发时间}有报道称，{经过}。已核实的情况：【填写】。\n二、采取的措施：【填写】。\n三、处置结果和下一步：{处置结果}\n四、可能的提问与回答：【填写】。",
    ResponseKind.EXPLANATION: "政策背景：【为什么出台】。\n主要内容：【规定了什么，谁适用】。\n落实措施：【怎么办理，找谁】。\n工作进展：目前【填写】。\n后续考虑：下一步【填写】。",
    ResponseKind.UPDATE: "已知情况：截至【时间】，【填写】。\n正在做：【填写】。\n下次发布时间：【填写】。",
}


NOTES = "【据媒体报道，供核实，发布前删去】"
PLACEHOLDERS = frozenset(re.findall("【[^】]*】", "".join([*TEMPLATES.values(), *_WAYS.values(), _UNKNOWN, _OLD]))) | {
    NOTES
}
# What a template may name, in braces, and what it was called in templates of earlier versions.
NAMES = {
    "关切": "title",
    "地点": "place",
    "经过": "happening",
    "首发时间": "when",
    "责任单位": "unit",
    "处置结果": "way",
}


def in_chinese(template: str) -> str:
    """A template of an earlier version with the names as they are called now; one of today as it is."""
    for name, old in NAMES.items():
        template = re.sub(rf"(?<!\{{)\{{{old}\}}(?!\}})", f"{{{name}}}", template)
    return template


def checked_template(text: str) -> str:
    """An office's own template, if it can be filled. Raises InputError with what is wrong."""
    text = in_chinese(text)
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        raise InputError("模板里的花括号不成对。要写花括号本身，请写两个。") from error
    odd = next((name for _, name, how, turned in parts if how or turned), None)
    if odd is not None:  # how wide, how many digits: what is filled in is text
        raise InputError(f"模板里的名称只写名称本身，如 {{关切}}，后面不要加冒号或叹号：“{odd}”。")
    unknown = sorted({str(name) for _, name, _, _ in parts} - set(NAMES))
    if unknown:
        raise InputError(
            f"模板里有不认识的名称“{{{unknown[0]}}}”。可用的有：{'、'.join(f'{{{name}}}' for name in NAMES)}。"
        )
    return text.strip()


def begun(kind: ResponseKind, way: Disposition, case: TemplateFields, own: str = "") -> str:
    """A draft to begin with: the template (the office's own where it has one), filled, and what is reported as notes."""
    place = case.place or "【地点】"
    happening = case.title if case.title.startswith(place) else f"{place}发生{case.title.removeprefix('发生')}"
    values = {
        "关切": case.title,
        "地点": place,
        "经过": happening,
        "首发时间": case.when or "【时间】",
        "责任单位": case.unit or "【责任单位】",
        "处置结果": _WAYS[way].format(referred=f"线索已{case.referred}。" if case.referred else ""),
    }
    text = in_chinese(own or TEMPLATES[kind]).format(**values)
    reported = "\n".join(f"· {sentence}（{source}）" for sentence, source in case.reported)
    return f"{text}\n\n{NOTES}\n{reported}" if reported else text


def compared(old: str, new: str) -> list[Piece]:
    """What changed between two versions, character by character."""
    pieces = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.KEPT, old[a:b]))
            continue
        if b > a:
            pieces.append(Piece(Change.DROPPED, old[a:b]))
        if d > c:
            pieces.append(Piece(Change.ADDED, new[c:d]))
    return pieces
