"""Personal data in text (个人信息): where it stands, and the text with it masked (docs/domain.md section 10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石"
    "金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
_NAME = rf"[{_SURNAMES}][\u4e00-\u9fa5]{{1,2}}"


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: what it is, and from where to where it stands; its first `shown` characters may stay."""

    kind: str
    start: int
    end: int
    shown: int = 0


def _is_identity(digits: str) -> bool:
    """Whether 18 characters are a citizen's number by its check character (GB 11643-1999)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11] == digits[-1].upper()


def _is_card(digits: str) -> bool:
    """Whether 16 to 19 digits are a bank card's by Luhn's sum (ISO/IEC 7812-1)."""
    plain = [int(d) for d in re.sub(r"\D", "", digits)][::-1]
    if not 16 <= len(plain) <= 19:
        return False
    doubled = [sum(divmod(2 * d, 10)) for d in plain[1::2]]
    return (sum(plain[::2]) + sum(doubled)) % 10 == 0


def _always(_: str) -> bool:
    return True


_NUMBER = re.compile(r"\d[\d -]{9}")  # how a long number begins, with gaps or without


def _has(*signs: str) -> Callable[[str], bool]:
    return lambda text: any(sign in text for sign in signs)


def _has_number(text: str) -> bool:
    return _NUMBER.search(text) is not None


@dataclass(frozen=True, slots=True)
class _PersonalKind:
    """What a piece is called, how many of its first characters may be shown, how it looks (group 1 is what is masked),
    and a check of what was found.

    A text that is not `likely` holds none: most texts are told quickly. No pattern has two parts side by side that
    take the same characters, so that a text of blanks is read through once.
    """

    name: str
    shown: int
    pattern: re.Pattern[str]
    likely: Callable[[str], bool]
    holds: Callable[[str], bool]


_KINDS = (
    _PersonalKind("身份证号", 3, re.compile(r"(?<![\dA-Za-z])(\d{17}[\dXx])(?![\dA-Za-z])"), _has_number, _is_identity),
    _PersonalKind("手机号", 3, re.compile(r"(?<!\d)((?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)"), _has_number, _always),
    _PersonalKind("银行卡号", 0, re.compile(r"(?<!\d)((?:\d{4}[- ]?){3,4}\d{1,4})(?!\d)"), _has_number, _is_card),
    _PersonalKind("邮箱", 1, re.compile(r"([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})"), _has("@"), _always),
    _PersonalKind("车牌号", 1, re.compile(r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?[A-HJ-NP-Z0-9]{5,6})(?![A-Z0-9])"), _always, _always),
    _PersonalKind("门牌", 0, re.compile(r"(\d{1,4}\s*(?:号楼|栋|幢|座)\s*(?:\d{1,2}\s*单元\s*)?\d{2,5}\s*[室号户]?|\d{1,2}\s*单元\s*\d{2,5}\s*[室号户]?|(?<!\d)\d{3,4}\s*室)"), _has("号楼", "栋", "幢", "座", "单元", "室"), _always),
    _PersonalKind("微信号", 0, re.compile(r"(?:微信号?|QQ号?|qq号?)\s*(?:[:：]\s*)?([A-Za-z0-9_-]{5,20})"), _has("微信", "QQ", "qq"), _always),
    _PersonalKind("姓名", 1, re.compile(rf"(?:我叫|我是|姓名|联系人|来电人|投诉人|反映人|户主|业主)\s*(?:[:：是为]\s*)?({_NAME})(?=[，,。；;：:\s（(、]|$)"), _has("我叫", "我是", "姓名", "联系人", "来电人", "投诉人", "反映人", "户主", "业主"), _always),
)  # fmt: skip


def find_personal(text: str) -> list[Found]:
    """Personal data in a text, in order, without overlaps; where kinds overlap, the first of them."""
    pieces: list[Found] = []
    for kind in _KINDS:
        if kind.likely(text):
            here = [
                Found(kind.name, *hit.span(1), kind.shown) for hit in kind.pattern.finditer(text) if kind.holds(hit[1])
            ]
            pieces = sorted(pieces + _apart(here, pieces), key=lambda item: item.start)
    return pieces


def _apart(new: list[Found], known: list[Found]) -> list[Found]:
    """Those that overlap none of the known; both in order."""
    apart, at = [], 0
    for item in new:
        while at < len(known) and known[at].end <= item.start:
            at += 1
        if at == len(known) or known[at].start >= item.end:
            apart.append(item)
    return apart


def has_personal(text: str) -> bool:
    """Whether a text holds personal data."""
    return any(kind.holds(hit[1]) for kind in _KINDS if kind.likely(text) for hit in kind.pattern.finditer(text))


def open_personal(text: str, allowed: Collection[str] = ()) -> list[Found]:
    """Personal data in a text, but for the pieces that somebody with the right has let stand."""
    return [item for item in find_personal(text) if text[item.start : item.end] not in allowed]


def mask_personal(text: str, allowed: Collection[str] = ()) -> str:
    """The text with personal data masked: the first character or three figures stay, so that one sees what it was."""
    parts, at = [], 0
    for item in open_personal(text, allowed):
        piece = text[item.start : item.end]
        parts += [text[at : item.start], piece[: item.shown], "*" * (len(piece) - item.shown)]
        at = item.end
    return "".join([*parts, text[at:]])
