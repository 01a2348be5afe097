"""Finding which places a topic is about: the office's own names first, then the provinces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

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
LEAST_SHARE = 0.25  # of a topic's articles that must name a place
_CLASHES = ("河南岸", "海南岸", "江西路", "南京西路", "上海路", "北京路", "北京时间", "湖南路", "中山东路")


def places_of(articles: Sequence[tuple[str, str]], own_places: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """(places, whether one is the office's own) of a topic given as (title, text) pairs.

    The office's own names count when the title names them, or the beginning of the text does.
    """
    named: Counter[str] = Counter()
    for title, text in articles:
        lead = f"{title}\n{text[:300]}"
        for clash in _CLASHES:
            lead = lead.replace(clash, "")
        for place in {*own_places, *PROVINCES}:
            if place in lead:
                named[place] += 2 if place in title else 1
    bar = LEAST_SHARE * len(articles)
    found = [place for place, count in named.most_common() if count >= bar]
    own = [place for place in found if place in own_places]
    return tuple((own + [place for place in found if place not in own])[:MOST]), bool(own)
