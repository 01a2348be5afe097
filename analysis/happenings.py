"""What kind of sudden event (突发事件) a text tells of, after the four classes of 突发事件应对法, article 3."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum
from functools import lru_cache


class EventClass(Enum):
    """The four classes, with the document by which their grades are set."""

    ACCIDENT = ("事故灾难", "国务院令第493号第三条")
    NATURAL = ("自然灾害", "")
    HEALTH = ("公共卫生事件", "国家突发公共卫生事件应急预案")
    SECURITY = ("社会安全事件", "")

    def __init__(self, label: str, document: str) -> None:
        self.label, self.document = label, document


class Happening(Enum):
    """A kind of happening: its class, how many days one of them goes on being told of, and whether a place has at
    most one of them in that time (`single`); the words that tell of it.
    """

    EPIDEMIC = (
        EventClass.HEALTH,
        21,
        True,
        "疫情|传染病|静止管理|静态管理|静态化|封闭管理|重型患者|危重型|确诊|无症状|核酸|感染者|病例|阳性|封控|管控区|静默|方舱|密接|抗原|隔离点|集中隔离|居家隔离|解封|封城|防疫|抗疫|疫苗|新冠|肺炎|奥密克戎|变异株|流调|"
        "风险区|高风险|中风险|清零|健康码|绿码|黄码|红码|弹窗|复课|复学|停课|网课|返岗|复工|不离|非必要|传播链|零号病人|次密|大白|援沪|援鄂|线上教学|线下教学|线上授课|低风险|社会面|堂食|赋码|涉疫|染疫|感染|双阴性|甲流|流感|禽流感|鼠疫|登革热|霍乱|手足口病|猩红热|炭疽|基孔肯雅",
    )
    AIR = (
        EventClass.ACCIDENT,
        30,
        True,
        r"坠机|空难|坠毁|失事|黑匣子|飞行事故|[Mm][Uu]\d{4}|客机.{0,6}(?:事故|失联)|飞机.{0,4}(?:失联|起火|坠落)",
    )
    SHIP = (EventClass.ACCIDENT, 10, True, "沉船|沉没|翻船|船.{0,4}(?:侧翻|相撞|倾覆)|货轮|客轮")
    MINE = (EventClass.ACCIDENT, 14, True, "透水|瓦斯|矿难|煤矿.{0,6}事故|冒顶|井下")
    BLAST = (EventClass.ACCIDENT, 10, True, "爆炸|爆燃|炸了|闪爆|爆裂|巨响|音爆")
    FOREST_FIRE = (EventClass.NATURAL, 10, True, "森林火灾|山火|林火|草原火灾|山林起火")
    FIRE = (EventClass.ACCIDENT, 4, False, "火灾|起火|着火|失火|大火|火情|明火|燃烧|烧毁|火势")
    COLLAPSE = (EventClass.ACCIDENT, 14, False, "坍塌|垮塌|倒塌|塌了|塌方|塌陷|桥.{0,2}塌|坠落物|脚手架")
    LEAK = (EventClass.ACCIDENT, 7, True, "泄漏|泄露.{0,2}(?:氨|氯|气)|油罐|危化品")
    LIFT = (EventClass.ACCIDENT, 5, False, "电梯.{0,6}(?:坠|夹|困|伤|事故)|扶梯|游乐设施|过山车|缆车|索道")
    RAIL = (EventClass.ACCIDENT, 7, True, "脱轨|动车.{0,6}(?:事故|相撞)|列车.{0,6}(?:事故|脱线|撞)")
    ROAD = (
        EventClass.ACCIDENT,
        4,
        False,
        "车祸|追尾|侧翻|翻车|相撞|撞人|撞多|被撞|撞倒|肇事|交通事故|车.{0,6}(?:冲入|冲进|撞|坠)|卷车底|连撞|碾压",
    )
    STAMPEDE = (EventClass.SECURITY, 7, True, "踩踏")
    KNIFE = (
        EventClass.SECURITY,
        5,
        False,
        "持刀|砍人|砍伤|捅|行凶|伤人|刺伤|刀砍|劫持|挟持|枪击|砸抢|杀害|命案|遇害|被杀|杀人|凶杀|灭门",
    )
    QUAKE = (EventClass.NATURAL, 5, True, r"地震|震感|余震|震中|\d级震")
    SLIDE = (EventClass.NATURAL, 7, False, "滑坡|泥石流|山体|塌方|落石|雪崩|崩塌")
    WATER = (EventClass.NATURAL, 7, True, "洪水|内涝|暴雨|洪涝|山洪|决堤|溃坝|积水|汛情|强降雨|特大降雨|洪灾|水位")
    STORM = (EventClass.NATURAL, 6, True, "台风|龙卷风|大风|冰雹|飓风|雷暴|沙尘暴|暴雪|寒潮|冻雨|雪灾|干旱|大雾")
    FOOD = (
        EventClass.HEALTH,
        7,
        True,
        "食物中毒|酒席.{0,6}中毒|呕吐|腹泻|诺如|集体不适|食堂.{0,8}(?:不适|中毒|送医)|拉肚子",
    )
    POISON = (EventClass.ACCIDENT, 5, False, "中毒|窒息|一氧化碳|硫化氢|沼气")
    OUTAGE = (
        EventClass.ACCIDENT,
        4,
        True,
        "停电|停水|断水|断电|停气|缺电|限电|拉闸|缺水|大面积.{0,4}(?:中断|瘫痪)|爆管|供水中断|系统瘫痪",
    )
    WATER_DEATH = (EventClass.ACCIDENT, 4, False, "溺水|溺亡|落水|坠河|坠湖|坠江")
    FALL = (EventClass.ACCIDENT, 4, False, "坠楼|坠亡|跳楼|坠落|坠井|高坠")
    LOST = (EventClass.SECURITY, 10, False, "失踪|失联|走失|下落不明|寻人|被拐")

    def __init__(self, event_class: EventClass, days: int, single: bool, words: str) -> None:
        self.event_class, self.days, self.single, self.words = event_class, days, single, words


class Trouble(Enum):
    """What people are short of while something lasts: a matter of its own beside the happening it comes from."""

    SUPPLY = (
        21,
        True,
        "[买订送抢发].{0,3}菜|买不到|抢不到|囤货|囤菜|菜价|菜场|蔬菜|白菜|保供|物资|团购|团长|配送费|哄抬|代购|缺粮|断粮|吃不上|大礼包|猪肉|供应(?:充足|紧张|量)|抢购|超市|商超|卖场|便利店|外卖",
    )
    CARE = (14, False, "就医|急诊|急救|拒诊|拒收|救护车|看病|透析|化疗|除颤|救治无效|救助无效|配药|买药|用药|癌症患者")

    def __init__(self, days: int, single: bool, words: str) -> None:
        self.days, self.single, self.words = days, single, words


Kind = Happening | Trouble

_WEATHER = frozenset({Happening.WATER, Happening.STORM})

# What is told of a happening while it runs, by which it is known only in the place where it runs.
_COURSE = {
    EventClass.HEALTH: re.compile(
        "停运|停航|停飞|停产|停工|停业|暂停|关闭|封闭|封校|封站|管控|管制|静态管理|足不出|解控|解除|解禁|摘星|行程[卡码]|场所码|"
        r"通行证|双证明|[离返进]\S{0,4}人员|消杀|采样|筛查|出院|重症|医学观察|医疗队|医护|支援|驰援|快递|社区|小区|居委|"
        "志愿者|隔离|响应|流调|轨迹|报备|防范区|低风险|药店"
    ),
    EventClass.ACCIDENT: re.compile(
        "搜救|救援|家属|善后|遇难者|黑匣子|记录器|调查组|事故原因|初步报告|头七|哀悼|默哀|殡仪|残骸|幸存|生还|被困|获救|伤者|失联|疏散|安置|转移群众|受灾|灾民|灾后|返家|复产|专家组|医疗组|献血|血站"
    ),
}
# What is a matter of its own whatever runs in its place: a death, a fight, what people complain of every day.
_OF_ITS_OWN = re.compile(
    "死|亡|去世|离世|身故|遗体|自杀|轻生|打人|殴打|被打|投诉|举报|反映|咨询|请求|希望|噪[音声]|扰民|太吵|[灰粉扬]尘|污染|污水|搅拌|违建|"
    "非法|违规|物业|停车|装修|路灯|拖欠|欠薪|房产证|拆迁|开发商"
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Happening, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(kind.words)) for kind in Happening)


# Kinds of which one happening never is two at once; what burns may explode and fall in.
_UNLIKE = (
    frozenset(
        {Happening.BLAST, Happening.FIRE, Happening.FOREST_FIRE, Happening.LEAK, Happening.COLLAPSE, Happening.MINE}
    ),
    frozenset({Happening.ROAD, Happening.RAIL}),
    frozenset({Happening.AIR}),
    frozenset({Happening.FOOD}),
    frozenset({Happening.KNIFE}),
    frozenset({Happening.FALL, Happening.LIFT}),
    frozenset({Happening.WATER_DEATH}),
)


_EPIDEMIC = len(_UNLIKE)


def sorts_of(title: str, bare: bool = False) -> frozenset[int]:
    """The sorts of sudden event that a headline names, by number; two happenings in one place differ by them.

    An epidemic is one of them for a `bare` headline, which has nothing but its words to tell it apart (…新闻发布会); a
    text of some length names it for many reasons.
    """
    named = happenings_in(title)
    sorts = {number for number, kinds in enumerate(_UNLIKE) if named & kinds}
    return frozenset(sorts | {_EPIDEMIC} if bare and Happening.EPIDEMIC in named else sorts)


def akin(some: Collection[Kind], others: Collection[Kind]) -> bool:
    """Whether two matters may tell of one sudden event by different names: what burns explodes, a storm brings rain."""
    return any(not kinds.isdisjoint(some) and not kinds.isdisjoint(others) for kinds in (*_UNLIKE, _WEATHER))


def happenings_in(text: str) -> frozenset[Happening]:
    """The kinds of happening that a short text names."""
    return frozenset(kind for kind, pattern in _patterns() if pattern.search(text))


@lru_cache(maxsize=4096)
def kinds_in(text: str) -> frozenset[Kind]:
    """What kinds of matter a short text names: of happening, or of what people are short of in an epidemic."""
    happenings = happenings_in(text)
    if happenings <= {Happening.EPIDEMIC}:
        short_of = frozenset(trouble for trouble in Trouble if re.search(trouble.words, text))
        if short_of:
            return frozenset[Kind](short_of)
    return frozenset[Kind](happenings)


@lru_cache(maxsize=4096)
def follows_in(text: str) -> frozenset[Happening]:
    """The kinds of happening whose course a short text may tell of, where one of them runs."""
    classes = {event_class for event_class, pattern in _COURSE.items() if pattern.search(text)}
    if EventClass.HEALTH in classes and _OF_ITS_OWN.search(text):
        classes.discard(EventClass.HEALTH)
    return frozenset(kind for kind in Happening if kind.event_class in classes)
