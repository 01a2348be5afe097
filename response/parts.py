"""What a text must say (要素), and whether it says it: by its content, not by the words that announce it.

A part is told where a sentence bears one of its signs and says something beside: what is left of the sentence without
signs, set phrases and words that say nothing has to be enough for each part that it is to tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.response import ResponseKind

ENOUGH = 6  # characters of content that telling a part takes
HEADING = 14  # characters of a line that is a heading by itself

# 河南省2019年政务公开工作要点 items 1 and 2, docs/domain.md section 4: (part, its signs).
PARTS: dict[ResponseKind, tuple[tuple[str, str], ...]] = {
    ResponseKind.EXPLANATION: (
        ("政策背景", "背景|为什么出台|起草|依据|根据|为了|针对|鉴于"),
        ("主要内容", "主要内容|规定|明确|包括|标准|适用|享受|可以|应当"),
        ("落实措施", "措施|落实|实施|办理|申请|窗口|登录|拨打|受理"),
        ("工作进展", "进展|目前|截至|已经|已有|已"),
        ("后续考虑", "下一步|接下来|后续|今后|计划|拟于|将"),
    ),
    ResponseKind.UPDATE: (
        ("已知情况", "已知|目前|截至|情况"),
        ("正在做什么", "正在|已组织|已派|进行|进驻"),
        ("下次发布时间", "下次发布|下一次发布|将于.{0,12}发布|继续发布|另行发布|再次发布"),
    ),
}
_ANSWER = (
    ("事实真相", "经核查|经调查|经查|查实|情况|发生|核实|事实|真相|原因|由于|现场"),
    ("有关政策措施", "政策|规定|措施|办法|条例|《|依据|根据|按照|启动|部署|应急|预案|检查|整治|督促|增设"),
    ("处置结果", "结果|恢复|处理|处置|整改|问责|救治|送医|解决|下一步|已|将"),
)
_TIMES = frozenset({"下次发布时间"})  # what is told by a time alone
_WHEN = re.compile(
    r"\d{1,2}\s*[时点日:：]|[一二三四五六七八九十]{1,3}[时点日]|明[天日]|今[天晚]|每\S{0,3}小时|\d+小时|同一时间"
)
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
# What announces and what fills: none of it is content.
_EMPTY = re.compile(
    "背景|为什么出台|起草|依据|根据|为了|针对|鉴于|主要内容|规定|明确|包括|标准|适用|措施|落实|实施|办理|进展|目前|截至|已经|已有|已|"
    "下一步|接下来|后续|今后|计划|拟于|将|考虑|情况|经核查|经调查|经查|核查|调查|核实|属实|事实|真相|政策|办法|按照|启动|部署|结果|"
    "处理|处置|已知|正在做什么|正在|组织|时间|"
    "有关|相关|工作|问题|方面|部门|单位|我们|我市|我县|我区|我局|本市|依法|依规|积极|认真|及时|妥善|全面|抓紧|不断|继续|进一步|"
    "进行|开展|推进|加强|做好|以及|如前所述|如上|如下|详见|上述|文件|内容|要求|精神|安排|部署到位|高度重视|第一时间|切实|扎实|"
    "请广大群众放心|敬请关注|特此通报|的|了|和|与|对|在|是|为|及|并|也|都|其|各|该|这|那|等|后|有|得到|予以|均"
)
_LETTER = re.compile(r"[\u4e00-\u9fff0-9A-Za-z]")


def parts_of(kind: ResponseKind) -> tuple[tuple[str, str], ...]:
    """The parts that a text of a kind must have, each with the words that may announce it."""
    return PARTS.get(kind, _ANSWER)


def untold(kind: ResponseKind, body: str) -> list[str]:
    """The parts that a text does not tell, in their order."""
    parts = parts_of(kind)
    sentences = _sentences(body)
    room = [_content(text) // ENOUGH for text, _ in sentences]
    found = [
        [i for i, (text, heading) in enumerate(sentences) if _bears(part, sign, text, heading)] for part, sign in parts
    ]
    told = _shared_out(found, room, [part in _TIMES for part, _ in parts])
    return [part for i, (part, _) in enumerate(parts) if i not in told]


def _bears(part: str, sign: str, text: str, heading: str) -> bool:
    if part in _TIMES and not _WHEN.search(text):
        return False
    return re.search(sign, text) is not None or re.search(f"{part}|{sign}", heading) is not None


def _sentences(body: str) -> list[tuple[str, str]]:
    """(sentence, the heading that it stands under): a short line of its own, or what stands before a colon."""
    made, heading = [], ""
    for line in body.splitlines():
        line = line.strip()
        if line and len(line) <= HEADING and not re.search("[。！？!?；;，,]", line):
            heading = line
            continue
        label, colon, _ = re.sub("：|:", "：", line).partition("：")
        if colon and len(label) <= HEADING and not re.search("[。！？!?；;，,]", label):
            heading = label
        made += [(hit[0], heading) for hit in _SENTENCE.finditer(line)]
    return made


def _content(text: str) -> int:
    """How many characters say something."""
    return len(_LETTER.findall(_EMPTY.sub("", text)))


def _shared_out(found: Sequence[Sequence[int]], room: Sequence[int], free: Sequence[bool]) -> set[int]:
    """The parts that get a sentence to be told by, so that none tells more than it has room for (augmenting paths)."""
    held: dict[int, list[int]] = {}  # by sentence, the parts that it tells
    told = {i for i, places in enumerate(found) if free[i] and places}

    def place(part: int, tried: set[int]) -> bool:
        for sentence in found[part]:
            if sentence in tried:
                continue
            tried.add(sentence)
            here = held.setdefault(sentence, [])
            if len(here) < room[sentence]:
                here.append(part)
                return True
            for i, other in enumerate(here):
                if place(other, tried):
                    here[i] = part
                    return True
        return False

    for part in range(len(found)):
        if not free[part] and place(part, set()):
            told.add(part)
    return told
