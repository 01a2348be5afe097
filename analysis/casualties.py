"""How many a text says were killed, hurt, taken ill or lost in a happening: a small grammar of Chinese casualty figures.

Pure, and about one happening: what is denied, drilled, remembered, summed over a year, only feared, or spoken of in
court is passed over, sentence by sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LOOKED_AT = 600  # characters of a sentence

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3, "双": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
# Whole figures only, never the end of one; tried once for each, however many numerals somebody strings together.
_FIGURE = r"((?<![\d.第A-Za-z])\d{1,6}+|(?<![\d.第A-Za-z一二两三四五六七八九十百千零〇])(?![百千零〇](?![余多几名人例位]))[一二两三四五六七八九十百千零〇]{1,6}+)"
_MORE = r"(?:余|多|几)?+"
# What else is counted than people: 80多针后身亡, 3斤, 24小时.
_MEASURED = "[针刀枪拳棍棒刺两斤克吨片粒颗根支瓶杯碗盒包袋箱块件圈步轮趟晚夜秒分台架艘条匹只头亩倍平]|小时|家(?!人)|[脚掌口下](?=[^\u4e00-\u9fff]|后|才|就)"
# What may stand between a figure and what befell them: whose they were, never another fate or a reason.
_WHO = rf"(?:[人名例位个口条具]|(?=[\u4e00-\u9fff])(?![直些样旦定般切度律共线起周站期楼层点号后班路万亿强届]|公[里斤]|高校|医院|中(?!学生|[国年外毒暑枪弹])|(?<=\d\d)中学生|(?<=[一二])中学生|孩(?=[母妈父爸家之])|{_MEASURED}))(?:(?!死|遇难|身亡|[一二两三四五六七八九十]+[人名]|伤|困|救|查|拘|责|判|因|的|失联|失踪|感染|确诊|被|获|杀|级|天|日|月|年(?<!青年|少年)|岁|旬|川|次|米|元|%|进|栋|辆|间|座|户)[^\d，。；！？、：\s]){{0,8}}?"
# Figures that are part of a name: schools of a sort (985高校, 211大学), lines that are called, cities.
_NAMES = re.compile(
    "(?:985|211)(?=高校|院校|大学|本科|硕士|博士|毕业)|(?:110|119|120|122)(?=民警|接警|指挥|急救|救护|消防|调度|医生|司机|随车)"
    "|三亚|三明|三河|三门峡|三沙|三台|三水|三原|四川|四平|四会|五常|五台|五指山|五莲|六安|六盘水|六合|七台河|九江|九寨沟|九龙坡|十堰|百色|万宁|万州|"
    "万源|双流|双城|双柏|双江|双湖|双鸭山|千阳|两江|二连浩特"
)
_FELL = "死亡|遇难|身亡|丧生|罹难|溺亡|溺水身亡|溺水死亡|牺牲|殉职|毙命|坠亡|猝死|离世|去世|遇害|殒命|丧命|(?:无|没有|已无)生命体征|烧死|淹死|压死|撞死|埋死|冻死|捅死|砍死|毒死|摔亡|摔死|被害|遇害身亡|不治|没了|没救回来|没(?:能)?[跑逃]出来|未能逃生|没能救出|无生命迹象|没有生命迹象"
_DEAD = (
    re.compile(rf"{_FIGURE}\s*{_MORE}\s*(?:人|名|例|位)?死(?![亡刑者角心])"),
    re.compile(rf"{_FIGURE}\s*{_MORE}\s*{_WHO}(?:不幸|全部|已|均|当场|先后|抢救无效|经抢救无效|因公|溺水|坠楼|中毒)*(?:{_FELL})(?![\d一二两三四五六七八九十]+\s*[人例名](?!受伤|重伤|轻伤|失踪|被困|失联|伤))"),
    re.compile(rf"(?:死亡|遇难|身亡|丧生|罹难|牺牲|死者|遇难者|致死|溺亡)(?:人数|者)?(?:已|累计|共|总数)?(?:增加|上升|增|升|达|升高)?(?:至|到|为|达)?[^\d，。；！？、一二两三四五六七八九十]{{0,2}}{_FIGURE}\s*{_MORE}\s*[人例名位](?!受伤|重伤|轻伤|失踪|被困|失联|伤)"),
    re.compile(rf"{_FIGURE}\s*{_MORE}\s*(?:具|名|位)?(?:遇难者|死者)?(?:的)?遗体"),
    re.compile(rf"遗体{_FIGURE}\s*具"),
    re.compile(rf"{_FIGURE}\s*{_MORE}\s*(?:名|位)遇难者"),
    re.compile(rf"(?:死亡|遇难|罹难|身亡)(?:人数|者)(?:已|累计|共|总数|全部找到|，|\s)*(?:增加|上升|增|升|达|升高|超过|超|共计)?(?:至|到|为|达)?{_FIGURE}(?![\d级米岁名]|人(?:受伤|失踪|失联))"),
    re.compile(rf"{_FIGURE}\s*[名位人](?:失联|失踪|被埋|被困)(?:人员|者|工人|矿工|学生|船员|村民|群众)?(?:均|全部|已|确认|悉数|后|被|判定)*(?:遇难|牺牲|罹难|死亡|身亡|无生命)"),
    re.compile(rf"(?:捅死|砍死|杀死|撞死|毒死|炸死|烧死|打死|淹死|压死|致死){_FIGURE}\s*[人名个位]"),
    re.compile(rf"(?:无|没有)生命(?:迹象|体征)(?:的)?{_FIGURE}\s*[人名]"),
)  # fmt: skip
_FAMILY = re.compile(
    rf"(?:一家(?:三代|老小)?|祖孙|姐妹|兄弟|姐弟|兄妹|母女|母子|父子|父女){_FIGURE}[口人](?:[^，。；！？\d]{{0,12}}?)(?:{_FELL}|无一生还|无一幸免|死于|全没|遭灭门)"
)
_PAIR = re.compile(
    rf"(?:双双|夫妻|夫妇|母子|母女|父子|父女|祖孙|姐妹|姐弟|兄弟|兄妹|情侣)(?:俩|二人|两人)?(?:[^\d，。；！？]{{0,6}}?)(?:{_FELL})"
)
_ALL = re.compile("全部遇难|全部溺亡|全部牺牲|全部身亡|均已确认遇难|无一生还|无一幸存|全员遇难|均已遇难|无人生还")
# Of one who is not counted: 保洁被电梯挤死.
_KILLED_BY = re.compile(
    r"(?<![没差险])被[^\d，。；！？被]{0,8}?[挤砸轧撞电咬压烧烫毒打捅砍勒淹刺碾卷蜇踩炸冻掐]死(?![不也都了算])"
)
_ABOARD = re.compile(rf"{_FIGURE}\s*{_MORE}\s*[人名位]")
_HEAVY = (
    re.compile(rf"重伤(?:者)?[^\d，。；！？、一二两三四五六七八九十]{{0,3}}{_FIGURE}\s*[人例名]"),
    re.compile(
        rf"{_FIGURE}\s*{_MORE}\s*(?:{_WHO})?(?:伤者|伤员|病人|患者|被[^\d，。；！？、被]{{1,3}})?(?:伤势|病情|严重){{0,2}}"
        r"(?:重伤|重度(?!污染|雾霾|干旱|贫困|损)|危重|生命垂危)"
    ),
)
_HURT = (
    re.compile(rf"{_FIGURE}\s*{_MORE}\s*(?:人|名|例|位)?伤(?![害心情])"),
    re.compile(rf"{_FIGURE}\s*{_MORE}\s*{_WHO}(?:不同程度|轻微|全身|大面积|严重|分别|已|均|紧急|被)*(?:受伤|轻伤|重伤|送医|住院|烧伤|烫伤|骨折|入院|就医|被砍|被捅|被撞|被咬|砍伤|撞伤|刺伤|咬伤|砸伤|受害)"),
    re.compile(rf"(?:受伤|伤者|伤员|轻伤|致伤)(?:人数)?(?:已|共)?(?:增|升)?(?:至|到|为|达)?[^\d，。；！？、一二两三四五六七八九十]{{0,2}}{_FIGURE}\s*[人例名位]"),
    re.compile(rf"(?:撞|砍|捅|刺|砸|炸|烧)伤{_FIGURE}\s*{_MORE}\s*[人名位个]"),
)  # fmt: skip
_MISSING = (
    re.compile(rf"{_FIGURE}\s*{_MORE}\s*{_WHO}(?:仍|全部|已|均|被)*(?:失联|失踪|下落不明|被埋|落水失踪|被卷走)(?!身亡|遇难|死亡|获救|脱险)"),
    re.compile(rf"(?:失联|失踪|被埋)(?:人员|人数|者)?(?:增|升)?(?:至|到|为|达)?[^\d，。；！？、一二两三四五六七八九十]{{0,2}}{_FIGURE}\s*[人名位]"),
)  # fmt: skip
_SICK = "呕吐|腹泻|中毒|不适|发热|发烧|送医|住院|就医|晕倒|昏迷|头晕|流鼻血|起红疹|皮疹|过敏|上吐下泻|拉肚子|感染|入院|高烧|恶心"
_ILL = (
    re.compile(rf"{_FIGURE}\s*{_MORE}\s*{_WHO}(?:出现|发生|疑似|疑|集体|食物|煤气|一氧化碳|吃|喝|食用|喝完|吃完|误食|紧急|被|后|饭|午餐|晚餐|餐)*(?:{_SICK})"),
    re.compile(rf"(?:中毒|发病|患病|就诊)(?:人数)?(?:增|升)?(?:至|到|为|达)?[^\d，。；！？、一二两三四五六七八九十]{{0,2}}{_FIGURE}\s*[人名例]"),
)  # fmt: skip
_LOSS = re.compile(r"(?:直接)?经济损失(?:[^\d，。；！？]{0,6})(\d{1,6}(?:\.\d{1,4})?)\s*(万|亿)?余?元")
# Those of whom two that fall ill or are hurt together are always looked at.
_WEAK = "学生|师生|小学生|中学生|大学生|幼儿|儿童|孩子|孩童|娃|女童|男童|患者|病人|老人|孕妇|产妇|婴儿|新生儿|学员"
_SEVERAL = r"(?:多名|数名|数十名|数百名|部分|几名|多个|多位|集体|一批|全班|众多|若干|\d{1,5}\s*余?[名个位多]?|[两三四五六七八九十百]{1,4}余?[名个位]?)"
_TOGETHER = re.compile(
    rf"{_SEVERAL}[^，。；！？]{{0,6}}(?:{_WEAK})[^，。；！？]{{0,14}}(?:{_SICK}|受伤|烧伤|烫伤|被砍|被捅|被撞|溺水|身亡|死亡|遇难)"
    rf"|(?:{_WEAK})[^，。；！？]{{0,8}}(?:集体|多人|数人|十余人|\d+人|[两三四五六七八九十]+人)[^，。；！？]{{0,10}}(?:{_SICK}|受伤|烧伤|烫伤)"
)

# Every figure of the grammar above stands by one of these; most sentences hold none, and need not be looked through.
_BEFELL = re.compile(
    "死|亡|遇难|丧生|罹难|牺牲|殉职|毙命|[离去]世|殒命|丧命|生命|[遇被受]害|不治|没[了救能跑逃]|逃生|无一|无人生还|灭门|全没|遗体|"
    "伤|重度|危重|垂危|送医|住院|骨折|入院|就医|被[砍捅撞咬埋困卷]|失联|失踪|下落不明|溺水|经济损失|发病|患病|就诊|"
    + _SICK
)
# … and those of each kind of figure by one of these.
_KILLED = re.compile("死|亡|难|丧|牺牲|殉|毙|世|害|殒|命|不治|没|未能|遗体")
_HARMED = re.compile("伤|送医|住院|骨折|入院|就医|被[砍捅撞咬]|受害")
_BADLY = re.compile("重伤|重度|危重|垂危")
_GONE = re.compile("失联|失踪|下落不明|被埋|被卷走")
_SICKENED = re.compile(f"发病|患病|就诊|{_SICK}")

DENIED = re.compile(
    "(?<!并非)(?<!不是)谣|(?<!质疑通报)(?<!怀疑通报)不实|不属实|编造|捏造|虚假(?!评估|宣传|承诺|陈述|诉讼|材料)|并非事实"
)
_PASSED_ON = re.compile("网传|传言|据传")
_DRILL = re.compile("演练|演习|模拟|推演|实战训练")
_REMEMBERED = re.compile(
    "周年|纪念日|纪念馆|哀悼日|祭奠|当年|年前|历史上|回顾|往事|遗址|烈士|抗战|大屠杀|国家公祭|幸存者讲述|祭日|清明祭"
)
_SUMMED = re.compile(
    r"去年|全年|今年以来|每年|近[\d一二三四五六七八九十两]+年|年均|上半年|下半年|季度|同比|平均每|全国共|全球|(?:19|20)\d\d年(?!\d{1,2}月)|以来共|历年"
)
_FEARED = re.compile(
    "如果|假如|一旦|或将|险些|差点|险致|预计将|防止|避免|以防|恐致|恐有|可能造成|可致|足以|能致|会致|会导致|可导致"
)
# That more is prevented takes nothing back of what has happened; neither does where it happened, named after what is
# remembered or played.
_PREVENTING = r"(?:为了?)?(?:防止|避免|以防)(?:再次|次生|复燃|二次|事态|火势|疫情|衍生)[^，。；！？]*"
_CALLED_AFTER = r"(?:烈士陵园|纪念馆|抗战)[东西南北中]?(?:路|街|站)|遗址公园|模拟\S{0,3}馆"
_BESIDE = re.compile(f"{_PREVENTING}|{_CALLED_AFTER}")
_NONE = re.compile(
    "无人员伤亡|未造成人员伤亡|没有人员伤亡|未发现人员伤亡|无人伤亡|无人受伤|未造成伤亡|无伤亡|无人死亡|零伤亡"
)
_COURT = re.compile(
    "一审|二审|宣判|判处|判刑|被判|获刑|庭审|开庭|死刑|终审|上诉|公诉|再审|重审|执行死刑|判决|判赔|受审|伏法"
)


@dataclass(frozen=True, slots=True)
class Toll:
    """Casualties of one happening as far as they are told; `loss` in 万元. `words` is the clause with the gravest figure."""

    dead: int = 0
    missing: int = 0
    heavy: int = 0
    hurt: int = 0
    ill: int = 0
    loss: float = 0.0
    words: str = ""

    @property
    def any(self) -> bool:
        """Whether anybody is told of."""
        return bool(self.dead or self.missing or self.heavy or self.hurt or self.ill)


def number(figure: str) -> int:
    """12, 十二, 一百零三, 两: as a number; 0 for what is none.

    >>> number("二十三")
    23
    """
    if figure.isdigit():
        return int(figure)
    total = part = 0
    for char in figure:
        if char in _UNITS:
            unit = _UNITS[char]
            total, part = (total + max(part, 1) * unit, 0) if unit < 10_000 else ((total + part) * unit, 0)
        elif char in _DIGITS:
            part = _DIGITS[char]
        else:
            return 0
    return total + part


def counts(sentence: str) -> bool:
    """Whether what a sentence says of casualties happened now: not denied, drilled, remembered, summed up, feared, or in court."""
    sentence = _BESIDE.sub("", sentence)
    return not any(p.search(sentence) for p in (DENIED, _PASSED_ON, _DRILL, _REMEMBERED, _SUMMED, _FEARED, _COURT))


def toll_of(sentences: Iterable[str]) -> Toll:
    """The gravest figures of each kind that some sentences about one happening tell."""
    heads = [sentence[:LOOKED_AT] for sentence in sentences]
    tolls = [_of(sentence) for sentence in heads if _BEFELL.search(sentence) and counts(sentence)]
    whole = "".join(heads)
    if _ALL.search(whole) and counts(whole):
        aboard = _most((_ABOARD,), whole)
        if aboard:
            tolls.append(Toll(dead=aboard, words=f"{aboard} 人全部遇难"))
    if not tolls:
        return Toll()
    gravest = max(tolls, key=lambda toll: (toll.dead, toll.missing, toll.heavy, toll.hurt, toll.ill))
    return Toll(
        max(toll.dead for toll in tolls),
        max(toll.missing for toll in tolls),
        max(toll.heavy for toll in tolls),
        max(toll.hurt for toll in tolls),
        max(toll.ill for toll in tolls),
        max(toll.loss for toll in tolls),
        gravest.words,
    )


def together(sentence: str) -> str:
    """The words that tell of two or more pupils, patients or old people ill or hurt together; empty where none do."""
    victims = _TOGETHER.search(sentence[:LOOKED_AT]) if _BEFELL.search(sentence) else None
    return victims[0] if victims and counts(sentence) else ""


def _of(sentence: str) -> Toll:
    if _NONE.search(sentence):
        return Toll()
    sentence = _NAMES.sub("", sentence)
    dead = _most(_DEAD, sentence) if _KILLED.search(sentence) else 0
    if dead == 0 and _KILLED_BY.search(sentence):
        dead = 1
    if family := _FAMILY.search(sentence):
        dead = max(dead, number(family[1]))
    if _PAIR.search(sentence):
        dead = max(dead, 2)
    told = ((_BADLY, _HEAVY), (_HARMED, _HURT), (_GONE, _MISSING), (_SICKENED, _ILL))
    heavy, hurt, missing, ill = (_most(patterns, sentence) if by.search(sentence) else 0 for by, patterns in told)
    return Toll(dead, missing, heavy, max(hurt, heavy), ill, _loss(sentence), sentence[:80])


def _most(patterns: Iterable[re.Pattern[str]], text: str) -> int:
    return max((number(hit[1]) for pattern in patterns for hit in pattern.finditer(text)), default=0)


def _loss(text: str) -> float:
    return max(
        (float(amount) * (10_000 if unit == "亿" else 1 if unit else 1e-4) for amount, unit in _LOSS.findall(text)),
        default=0.0,
    )
