"""What a topic is called: the headline nearest its centroid, with the newest figures."""

from __future__ import annotations

import pytest

from analysis.brief import briefs_of
from analysis.labels import Headline, clean_headline, names_of
from analysis.segment import cut
from analysis.terms import terms_of_words
from analysis.vectors import Weights


def name_of(*titles: str, current: str = "") -> str:
    """The name of a topic with these headlines, the oldest first."""
    weights = Weights()
    words = [cut(title) for title in titles]
    counts = weights.counts(briefs_of([terms_of_words(t, w, w) for t, w in zip(titles, words)]))
    return names_of([([Headline(*one) for one in zip(titles, words, counts)], current)], weights)[0]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (
            ("临江化工厂爆炸已致3人死亡", "临江化工厂爆炸已致5人死亡", "临江化工厂爆炸现场救援"),
            "临江化工厂爆炸已致5人死亡",
        ),
        (("邻省报告不明原因肺炎确诊2例", "邻省不明原因肺炎确诊病例增至121例"), "邻省不明原因肺炎确诊病例增至121例"),
        (
            ("武汉 12 日无新增新型冠状病毒感染的肺炎病例", "武汉 17 日新增 17 例新型冠状病毒感染的肺炎病例"),
            "武汉 17 日新增 17 例新型冠状病毒感染的肺炎病例",
        ),
        (("河南新增确诊9例", "河北新增确诊8例", "河南新增确诊7例"), "河南新增确诊7例"),
    ],
)
def test_name_follows_the_newest_figures(told, name):
    assert name_of(*told) == name
    assert name_of(*told, current=told[0]) == name


def test_name_without_figures_stays():
    told = ("临江化工厂发生爆炸", "临江化工厂爆炸现场救援", "临江化工厂发生爆炸5人死亡")
    assert name_of(*told, current=told[0]) == told[0]


def test_figures_of_another_province_do_not_take_the_name():
    told = ("河南新增确诊9例", "河南昨日新增确诊9例", "河北新增确诊8例")
    assert "河北" not in name_of(*told, current=told[0])


def test_headline_is_cleaned_of_calls_and_sources():
    assert clean_headline("【快讯】突发！临江化工厂发生爆炸 - 临江日报") == "临江化工厂发生爆炸"
