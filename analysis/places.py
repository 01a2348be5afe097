"""Finding which places a topic is about: the office's own names first, then the provinces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.segment import sentences

# GB/T 2260, the 34 units of provincial level by the names that news uses.
PROVINCES = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "台湾",
    "香港",
    "澳门",
]
MOST = 3
LEAST_SHARE = 0.25  # of a topic's articles that must be about a place
LEAD = 2  # sentences in which an article says where it happens
_CLASHES = ("河南岸", "海南岸", "江西路", "南京西路", "上海路", "北京路", "北京时间", "湖南路", "中山东路")


def places_of(articles: Sequence[tuple[str, str]], own_places: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """(places, whether one is the office's own) of a topic given as (title, text) pairs."""
    own = set(own_places)
    named: Counter[str] = Counter()
    for title, text in articles:
        named.update(_about(title, text, own))
    bar = LEAST_SHARE * len(articles)
    found = [place for place, count in named.most_common() if count >= bar]
    local = [place for place in found if place in own]
    return tuple((local + [place for place in found if place not in own])[:MOST]), bool(local)


def _about(title: str, text: str, own: set[str]) -> set[str]:
    """Where one article happens: what its title names, else where its beginning says first.

    News of a case in another province names the city where the patient has been; that does not make
    it news of that city.
    """
    if in_title := _named(title, own):
        return in_title
    for sentence in sentences(text)[:LEAD]:
        if found := _named(sentence, own):
            return found
    return set()


def _named(words: str, own: set[str]) -> set[str]:
    for clash in _CLASHES:
        words = words.replace(clash, "")
    return {place for place in own.union(PROVINCES) if place in words}
