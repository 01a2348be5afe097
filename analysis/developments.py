"""Turns of another kind in what is told of a running case (新动向), by a small grammar of who does what.

What is denied, forbidden, rehearsed or remembered is no turn: “严禁阻挠记者采访”, “不存在瞒报”.
"""

from __future__ import annotations

import re
from datetime import date

from analysis.casualties import toll_of
from analysis.segment import sentences
from domain.concern import DevelopmentKind
from domain.development import Fact

LOOKED_AT = 12  # first sentences of an article
LEAD = 4  # … in which it says how many died
QUOTED = 160  # characters of a sentence that are shown

_PEOPLE = "(?:家属|亲属|业主|村民|居民|住户|群众|家长|工人|职工|员工|商户|网友|市民|患者|学生|司机|农民工|遇难者|死者|伤者|公众|舆论|媒体|乘客|消费者)"
_TOLD = "(?:数字|人数|数据|通报|公告|说法|伤亡|死因|真相|结论|结果|原因|回应|调查)"
_OFFICE = (
    "(?:书记|市长|县长|区长|州长|镇长|乡长|局长|厅长|处长|科长|主任|校长|院长|官员|干部|领导|发言人|负责人|民警|城管)"
)
_HURT = "(?:死亡|身亡|遇难|罹难|死者|遗体|伤者|受伤|失联|重伤|抢救无效|不治)"

_GRAMMAR: tuple[tuple[DevelopmentKind, str], ...] = (
    (
        DevelopmentKind.REPORTERS,
        r"(?:记者|媒体人?|摄像|采访)[^，。；]{0,12}(?:被拦|遭拦|阻拦|阻挠|阻止|阻碍|推搡|驱赶|殴打|被打|打伤|抢夺|抢走|夺走|强行带离|带离|扣留|扣押|围堵|威胁|拒之门外|不让|禁止入内|无法进入|删除(?:素材|视频|照片))"
        r"|(?:阻拦|阻挠|阻止|驱赶|推搡|殴打|扣留|围堵|威胁|不让|拒绝)[^，。；]{0,4}(?:记者|媒体|采访|拍摄)|记协[^。]{0,14}(?:声明|发声|谴责|关注|呼吁)|(?:保障|捍卫|尊重|侵犯)[^，。；]{0,6}采访权|正当采访",
    ),
    (
        DevelopmentKind.DOUBT,
        rf"(?:质疑|怀疑|不相信|不认可|追问|存疑|不信)[^，。；]{{0,16}}{_TOLD}|{_TOLD}[^，。；]{{0,10}}(?:遭|被|受到|引发?|引起)[^，。；]{{0,6}}质疑|{_TOLD}[^，。；]{{0,10}}(?:对不上|不符|前后矛盾|自相矛盾|有出入|不一致|存疑|漏洞百出|避重就轻|打架)"
        r"|(?:瞒报|谎报|少报|漏报|隐瞒)[^，。；]{0,8}(?:伤亡|死亡|人数|遇难|数字|事故|病例|实情|真相)|(?:涉嫌|疑似|举报|被指|存在)[^，。；]{0,6}(?:瞒报|谎报|少报)|(?:到底|究竟|实际)[^，。；]{0,6}(?:死了|死亡|伤亡|多少人)",
    ),
    (
        DevelopmentKind.OFFICIAL,
        rf"{_OFFICE}[^。；]{{0,24}}(?:引争议|惹争议|引发争议|引热议|引发热议|引发不满|失言|雷人|不当言论|言论不当|道歉|致歉|停职|免职|被免|撤职|怒怼|回怼|态度傲慢|笑场|打官腔|扬言|辱骂)|(?:争议|不当|雷人)言论[^。；]{{0,14}}{_OFFICE}",
    ),
    (
        DevelopmentKind.VICTIM,
        rf"(?:又有|再有|再次|又一|再添|新增|另有)[^，。；]{{0,10}}{_HURT}|{_HURT}[^，。；]{{0,6}}(?:人数)?(?:增至|升至|上升至|增加到|上升到|增加至)|第[0-9一二三四五六七八九十]+[名位具][^，。；]{{0,4}}(?:遇难|遗体|死者|受害)|(?:抢救无效|伤重不治|医治无效)",
    ),
    (
        DevelopmentKind.DEMAND,
        rf"{_PEOPLE}[^，。；]{{0,12}}(?:要求|呼吁|讨要|索赔|请求|联名|上访|聚集|拉横幅|拉起横幅|维权|讨说法|要说法|讨公道|起诉|提起诉讼|堵路|堵门|静坐|递交)|(?:要求|呼吁|盼)[^，。；]{{0,10}}(?:公开|公布|道歉|赔偿|问责|彻查|搬迁|赔付|说明真相|给个说法|追究)[^，。；]{{0,8}}",
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _GRAMMAR)
_NO_TURN = re.compile(
    r"严禁|不得|禁止任何|决不允许|绝不允许|不允许|不存在|未发现|没有发现|并未|并非|未曾|从未|否认|不实|谣言|辟谣|假消息|演练|演习|纪念(?!馆|碑|堂)|周年|往年|去年(?!入职|入学|入住|结婚|退休)|依法保障|防止|杜绝|避免|如有|一旦|凡"
)
# An office or a meeting that demands something of others is no demand of the people.
_ORDERED = re.compile(
    r"(?:会议|省委|市委|县委|区委|政府|国务院|部门|厅|局|委员会|安委办|领导|书记|省长|市长|指挥部|通知|方案)"
    rf"(?!门前|门口|大院|大门|家属院)(?:(?!{_PEOPLE})[^。；]){{0,12}}(?:要求|强调|呼吁|指出)"
)

# What is told of each kind, in what words: a turn is told again when it says something of which nobody spoke before.
_SAID: dict[DevelopmentKind, dict[str, str]] = {
    DevelopmentKind.REPORTERS: {
        "阻拦": "拦|阻挠|阻止|阻碍|驱赶|拒|不让|禁止|无法进入",
        "打人": "推搡|殴打|被打|打伤|抢|夺",
        "扣人": "带离|扣留|扣押|围堵|威胁",
        "删除": "删除",
        "发声": "记协|采访权|正当采访",
    },
    DevelopmentKind.DOUBT: {
        "人数": "数字|人数|伤亡|多少人|死了",
        "瞒报": "瞒报|谎报|少报|漏报|隐瞒",
        "原因": "死因|原因|真相|结论|结果|调查",
        "通报": "通报|公告|说法|回应|数据",
    },
    DevelopmentKind.OFFICIAL: {
        **{one: one for one in _OFFICE.strip("(?:)").split("|")},
        "言论": "言论|失言|雷人|怒怼|回怼|扬言|辱骂|争议|热议|不满",
        "处分": "停职|免职|被免|撤职",
        "道歉": "道歉|致歉",
        "态度": "傲慢|笑场|打官腔",
    },
    DevelopmentKind.DEMAND: {
        "公开": "公开|公布|真相|说法|名单",
        "赔偿": "赔|讨要",
        "问责": "问责|彻查|追究",
        "道歉": "道歉",
        "搬迁": "搬迁",
        "聚集": "聚集|拉横幅|拉起横幅|上访|联名|堵路|堵门|静坐|维权",
        "起诉": "起诉|诉讼",
    },
}
_WORDS = {kind: {about: re.compile(words) for about, words in some.items()} for kind, some in _SAID.items()}
_MORE = re.compile("又有|再有|再次|又一|再添|新增|另有|第[0-9一二三四五六七八九十]+[名位具]|抢救无效|不治|医治无效")
_IN_ALL = re.compile("[增升加]至|上升到|增加到|累计|总数|已致|已造成|共")


def developments_in(sentence: str) -> frozenset[DevelopmentKind]:
    """The kinds of turn that a sentence tells of."""
    if _NO_TURN.search(sentence):
        return frozenset()
    kinds = {kind for kind, pattern in _PATTERNS if pattern.search(sentence)}
    if DevelopmentKind.DEMAND in kinds and _ORDERED.search(sentence):
        kinds.discard(DevelopmentKind.DEMAND)
    return frozenset(kinds)


def turns_of(title: str, text: str, day: date) -> dict[DevelopmentKind, tuple[str, frozenset[Fact]]]:
    """Of each kind of turn that an article of a day tells of: the first sentence that does, and all that is said of it."""
    turns: dict[DevelopmentKind, tuple[str, frozenset[Fact]]] = {}
    for sentence in (title, *sentences(text, LOOKED_AT)):
        for kind in sorted(developments_in(sentence), key=lambda kind: kind.code):
            first, facts = turns.get(kind, (sentence[:QUOTED], frozenset[Fact]()))
            turns[kind] = first, facts | facts_in(kind, sentence, day)
    return turns


def facts_in(kind: DevelopmentKind, sentence: str, day: date) -> frozenset[Fact]:
    """What a sentence that tells of a turn says: how many victims there are by now, else of what it speaks.

    That there is one more without saying how many in all is another fact on another day.
    """
    if kind is not DevelopmentKind.VICTIM:
        said = {(about, 0) for about, words in _WORDS.get(kind, {}).items() if words.search(sentence)}
        return frozenset(said or {(kind.code, 0)})
    toll = toll_of([sentence])
    figures = {"dead": toll.dead, "missing": toll.missing, "hurt": max(toll.hurt, toll.ill)}
    if _MORE.search(sentence) and not _IN_ALL.search(sentence):
        figures = {}
    return frozenset((about, many) for about, many in figures.items() if many) or frozenset({(f"more:{day}", 0)})


def victims_in(title: str, text: str) -> tuple[str, frozenset[Fact]]:
    """(the sentence, what it says) where an article says how many are dead or missing by now; empty where it does not."""
    best, said = 0, ("", frozenset[Fact]())
    for sentence in (title, *sentences(text, LEAD)):
        toll = toll_of([sentence])
        if toll.dead + toll.missing > best and (_IN_ALL.search(sentence) or not _MORE.search(sentence)):
            best = toll.dead + toll.missing
            figures = (("dead", toll.dead), ("missing", toll.missing))
            said = sentence[:QUOTED], frozenset((about, many) for about, many in figures if many)
    return said
