"""Which single happening (起) a report tells of: where, on what day, of what sort; and whether two reports tell of two.

Topics hold together by their words, and two explosions in one city share nearly all of them. What keeps two happenings
apart is what an officer would look at: the house or the district that is named, the day on which it happened, the sort
of event, and that a report says itself that it is another one. A report that names none of these is never another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from analysis.casualties import counts, toll_of
from analysis.happenings import Happening, happenings_in, sorts_of
from analysis.places import gazetteer, names_abroad, place_spans, places_in
from analysis.segment import sentences
from domain.times import DAY

LEAD = 3  # sentences after the title that say what happened
MOST_READ = 50  # reports of a happening, the first, in which the names of its places are looked for
READ = 600  # characters of a report in which the names of its places are looked for
NEAR = 18  # characters from the name of a house to what happened there
REMEMBERED_FOR = 7  # days: one that is named may be so long ago
QUOTED = 160  # characters of a sentence that are shown

# Of these a place has one for days, and each bulletin of it tells of something else.
_LASTING = frozenset(
    {Happening.EPIDEMIC, Happening.QUAKE, Happening.STORM, Happening.WATER, Happening.OUTAGE, Happening.AIR}
)
# What is said in one clause with a happening where it only goes on about it (爆炸事故调查组成立).
_GOES_ON = re.compile(
    "调查|善后|追责|问责|发布会|通报|后续|复产|赔偿|追悼|头七|默哀|约谈|整改|排查|检查|警示|教训|防范|预防|预案|救治|收治|接诊|捐|慰问|"
    "心理|复盘|原因|家属|起诉|批捕|被控|刑拘|培训|部署|举一反三|吸取|历次|质疑|争议|回应|现场|伤者|遇难者|此前|曾|后(?=$|[，。])|记者|隐患|风险|防止|避免|杜绝|严防|以防"
)
_CLAUSE = re.compile("[，。；：！？,;:!?]")
_AGAIN = re.compile(
    "又一(?:家|起|处|座|所|栋|幢|辆|艘|化工|工厂|厂|企业|小区|学校|煤矿|工地|商场|仓库|居民楼)|又(?:再)?(?:发生|突发|有?一起)|再(?:次|度)?(?:发生|突发|起火|爆炸)|"
    "另(?:一|外一)(?:家|起|处|座|所|栋|企业|工厂|化工|小区|学校)|第[二三四五六]起|接连发生|连续发生"
)
_THIS = re.compile("这是|此次|本次|该起|该次|上述")  # what is said of the one that is told of
_BEGINS = re.compile("一(?![共起直些样切度律家])[\u4e00-\u9fff]|一家|[两二三四五六七八九十0-9]+[名辆车]")
_HAPPENS = "发生(?!后|以来|地|率|变化)|突发|突然"
_NOT_SAID_OF = "召开|通报|消息|获悉|举行|介绍|发布|起诉"
_NAMED_DAY = re.compile(
    rf"(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(?<!\d)(\d{{1,2}})日(?:(?!\d日|{_NOT_SAID_OF})[^。；！？]){{0,24}}?(?:{_HAPPENS})"
)
_SAID_DAY = re.compile(
    rf"([今昨前])(?:天|日|早|晨|晚|夜|凌晨)(?:(?!{_NOT_SAID_OF})[^。；！？]){{0,24}}?"
    rf"(?:{_HAPPENS}|(?:爆炸|爆燃|起火|火灾|坍塌|垮塌|泄漏|侧翻|相撞|追尾|踩踏|中毒)(?=$|[，！!。]|致|造成|已|\d|[一二三四五六七八九十两]+[死人]))"
)
_AGO = {"今": 0, "昨": 1, "前": 2}

_STOPS = re.compile(
    r"[^\u4e00-\u9fffA-Za-z0-9]|\d+[年月日时分]|[的在于和与及因被将据称许]|位于|地处|发生|突发|赶到|赶赴|通报|惊现|"
    "[今昨前][天日早晨晚夜]|凌晨|早上|上午|中午|下午|傍晚|晚上|晚间|深夜|"
    "市(?!场|政)|省|(?<=[\u4e00-\u9fff])县|(?<![园小社厂校矿景片新])区(?!域)"
)
_HOUSES = (
    "化工厂|工厂|厂房|厂|有限公司|公司|集团|煤矿|铁矿|矿山|矿井|矿|小区|公寓|花园|商场|超市|市场|大厦|广场|酒店|宾馆|饭店|餐馆|餐厅|火锅店|"
    "烧烤店|浴室|网吧|中学|小学|幼儿园|大学|学院|学校|医院|养老院|敬老院|福利院|影院|影城|仓库|码头|加油站|加气站|隧道|大桥|工地|车站|游乐园|景区"
)
_ENDS = {
    "house": _HOUSES,
    "area": "园区|开发区|工业园|工业区|街道|镇|乡|村",
    "road": "高速(?:公路)?|国道|省道|大道|大街|路",
}
_SITES = {sort: re.compile(f"([\u4e00-\u9fffA-Za-z0-9]{{2,9}}?)(?:{ends})") for sort, ends in _ENDS.items()}
# One that is not named: 一家蜡烛厂, 某小区, 该厂.
_UNNAMED = re.compile(
    f"(?<!第)(?:[一两二三四五六七八九十数多]|某|该|这|本|当地)[家座栋幢处个所间起]?[\u4e00-\u9fff]{{0,6}}?(?:{'|'.join(_ENDS.values())})"
)
# What a house makes or is, beside its name: 恒昌化工有限公司 and 恒昌厂 are one.
_GENERIC = re.compile(
    "(?:化工|化学|有限|责任|股份|科技|实业|食品|机械|纺织|家具|塑料|电子|建材|烟花|爆竹|花炮|鞭炮|制药|药业|医药|生物|新材料|材料|精细|能源|钢铁|金属|"
    "五金|服装|制衣|木材|木业|印刷|造纸|涂料|油漆|农药|化肥|橡胶|轮胎|焦化|石化|水泥|铸造|锻造|电池|锂电|粮油|饲料|肉类|冷库|物流|商贸|贸易|人民|中心|"
    "实验|中医|妇幼|职业|大型|小型|居民|老旧|民营|私营|地下|工业|经济|高新|技术|产业|循环|生产|加工|制造|分|总|新|旧|老)+$"
)
# A city that no gazetteer knows is not the office's.
_SOME_CITY = re.compile("[\u4e00-\u9fff](?<![我全本该各城都超夜股门])[市县](?![场民政委区值])")
_BESIDE = re.compile("附近|旁|周边|对面|通往|送|转|宿舍|教授|专家|负责人")  # what makes a house that is named another


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What a report says of the happening that it tells of. `sites` are (sort of name, name proper): ("house", 恒昌).

    `lead` is what is read of the report, in which the names of another are looked for; `begins` that its title tells
    of something new (一工厂爆炸).
    """

    sentence: str
    told_on: date
    sorts: frozenset[int]
    sites: frozenset[tuple[str, str]]
    days: frozenset[date]
    again: bool
    begins: bool
    dead: int
    lead: str


@dataclass(slots=True)
class Told:
    """All that was told of one happening, report by report."""

    first: date
    sorts: set[int] = field(default_factory=set)
    sites: set[tuple[str, str]] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    dead: set[int] = field(default_factory=set)
    again: bool = False
    leads: list[str] = field(default_factory=list)

    def add(self, one: Occurrence) -> None:
        """Take a report in."""
        self.sorts |= one.sorts
        self.sites |= one.sites
        self.days |= one.days
        self.dead |= {one.dead} - {0}
        self.again |= one.again
        if len(self.leads) < MOST_READ:
            self.leads.append(one.lead)

    def knows(self, name: str) -> bool:
        """Whether one of its first reports says a name."""
        return any(name in lead for lead in self.leads)

    @property
    def last_day(self) -> date:
        """The latest day on which it can have happened."""
        return max({self.first, *self.days})


def occurrence_of(title: str, text: str, told_on: date, own: tuple[str, ...]) -> Occurrence | None:
    """The happening that a report tells of; None where it tells of none, or of one that is not here."""
    telling = [sentence for sentence in (title, *sentences(text[:READ], LEAD)) if _tells(sentence)]
    if not telling or not of_here(title, text, own):
        return None
    return Occurrence(
        telling[0][:QUOTED],
        told_on,
        sorts_of(telling[0]),
        frozenset(site for sentence in telling for site in _sites(sentence, own)),
        frozenset(day for sentence in telling for day in _days(sentence, told_on)),
        any(_AGAIN.search(sentence) and not _THIS.search(sentence) for sentence in telling),
        bool(_BEGINS.search(title)),
        toll_of(telling).dead,
        "".join(sentence for sentence in (title, *sentences(text[:READ])) if counts(sentence)),
    )


def of_here(title: str, text: str, own: tuple[str, ...]) -> bool:
    """Whether a report tells of one of the office's places, or names no place at all."""
    placed = places_in(title, text[:READ], own)
    if placed:
        return any(mine for _, mine in placed)
    return not own or not any(_SOME_CITY.search(sentence) for sentence in (title, *sentences(text[:READ], 1)))


def is_another(one: Occurrence, told: Told) -> bool:
    """Whether a report tells of another happening than all that was told of one."""
    if one.days and min(one.days) > told.last_day:
        return True  # even where it happened before: it has happened again
    if one.sorts and told.sorts and not one.sorts & told.sorts:
        return True
    if (apart := _elsewhere(one.sites, told)) is not None:
        return apart
    if one.again and not told.again:
        return True
    later = one.told_on > told.last_day
    return later and one.begins and 0 < one.dead < max(told.dead, default=0) and one.dead not in told.dead


def _elsewhere(sites: Collection[tuple[str, str]], told: Told) -> bool | None:
    """Whether a report names other houses, districts or roads than all reports of a happening; None where it cannot be
    said, since one of them names none.
    """
    for sort in ("house", "district", *_ENDS):
        ours = [name for of, name in sites if of == sort]
        theirs = [name for of, name in told.sites if of == sort]
        if ours and theirs:
            one = any(any(_alike(name, other) for other in theirs) or told.knows(name) for name in ours)
            if not one or sort == "house":
                return not one
    return None


def _alike(one: str, other: str) -> bool:
    """Whether two names may be one: 恒昌 and 恒昌新源."""
    return one in other or other in one or any(one[i : i + 2] in other for i in range(len(one) - 1))


def _tells(sentence: str) -> bool:
    """Whether a sentence tells of a sudden happening, as of what has happened now."""
    at = _event(sentence)
    if at is None or not counts(sentence) or names_abroad(sentence):
        return False
    start = max((hit.end() for hit in _CLAUSE.finditer(sentence, 0, at)), default=0)
    end = hit.start() if (hit := _CLAUSE.search(sentence, at)) else len(sentence)
    return not _GOES_ON.search(sentence[start:end])


def _event(sentence: str) -> int | None:
    """Where a sentence says what happened; None where it tells of nothing sudden."""
    kinds = happenings_in(sentence) - _LASTING
    return min((hit.start() for kind in kinds if (hit := re.search(kind.words, sentence))), default=None)


def _sites(sentence: str, own: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The houses, areas and roads where it happened, by their names proper, and the districts."""
    event = _event(sentence) or 0
    plain = _UNNAMED.sub(lambda hit: "|" * len(hit[0]), sentence)
    for start, end in place_spans(sentence, own):
        if start < event:
            yield from _district(sentence[start:end], own)
        plain = plain[:start] + "|" * (end - start) + plain[end:]
    plain = _STOPS.sub(lambda hit: "|" * len(hit[0]), plain)
    for sort, pattern in _SITES.items():
        for hit in pattern.finditer(plain, 0, event):
            name = _GENERIC.sub("", hit[1])
            between = sentence[hit.end() : event]
            if len(name) >= 2 and len(between) <= NEAR and not _BESIDE.search(between):
                yield sort, name


def _district(name: str, own: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """A district or county, as (district, its name without 区, 县 or 市); nothing for a city or for what is all the office's."""
    short = name.rstrip("区县市旗") if len(name) > 2 else name
    if name in own or short in own:
        if name[-1:] in "区县旗":
            yield "district", short
        return
    codes = {place.code for place in gazetteer().get(name, ())}
    if codes and all(len(code) == 6 for code in codes):
        yield "district", short


def _days(sentence: str, told_on: date) -> Iterator[date]:
    """The days, of the last ones, on which a sentence says that it happened."""
    lately = [told_on - back * DAY for back in range(REMEMBERED_FOR)]
    for named in _NAMED_DAY.findall(sentence):
        year, month, day = (int(part or 0) for part in named)
        for one in lately:
            if one.day == day and month in (0, one.month) and year in (0, one.year):
                yield one
    if hit := _SAID_DAY.search(sentence):
        yield told_on - _AGO[hit[1]] * DAY


def groups_of(seed: Told, reports: Sequence[Occurrence], known: Sequence[Told] = ()) -> list[int]:
    """Of each report which happening it tells of: 0 for the first, the next for those `known`, then for what is new."""
    groups = [seed, *known]
    numbers = []
    for one in reports:
        number = next((i for i, group in enumerate(groups) if not is_another(one, group)), len(groups))
        if number == len(groups):
            groups.append(Told(min(one.days, default=one.told_on)))
        groups[number].add(one)
        numbers.append(number)
    return numbers
