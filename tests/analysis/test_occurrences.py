"""Which happening a report tells of, and whether two reports tell of two: by house, district, day, sort and its own words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.occurrences import Told, groups_of, is_another, occurrence_of

OWN = ("临江", "江北区", "城南区")
DAY = date(2026, 11, 20)
NEXT = DAY + timedelta(days=1)
FIRST = (
    "临江市江北区恒昌化工厂发生爆炸 3人死亡",
    "11月20日8时许，临江市江北区恒昌化工有限公司发生爆炸，造成3人死亡，伤者已送医救治，事故原因正在调查。",
)


def read(title: str, text: str = "", day: date = NEXT):
    return occurrence_of(title, text, day, OWN)


@pytest.fixture
def told():
    first = Told(DAY)
    first.add(read(*FIRST, DAY))
    return first


def test_report_says_where_when_and_what_it_was():
    one = read(*FIRST, DAY)
    assert one.sites == {("house", "恒昌"), ("district", "江北")}
    assert one.days == {DAY} and one.dead == 3 and not one.again and not one.begins


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("11月21日15时许，临江一化工厂发生爆炸", NEXT),
        ("21日，临江一化工厂突发大火", NEXT),
        ("今晨临江一化工厂爆炸致5人死亡", NEXT),
        ("昨晚临江一小区起火", DAY),
        ("据临江发布11月21日消息，20日晚一化工厂发生爆炸", DAY),
        ("31日临江一化工厂发生爆炸", None),
        ("2月30日临江一化工厂发生爆炸", None),
    ],
)
def test_day_on_which_it_happened(said, day):
    assert read(said).days == ({day} if day else set())


def test_last_day_of_the_month_before():
    assert read("30日临江一化工厂发生爆炸", day=date(2026, 12, 1)).days == {date(2026, 11, 30)}


@pytest.mark.parametrize(
    ("said", "sites"),
    [
        ("临江一化工厂发生爆炸", set()),
        ("临江某蜡烛厂起火", set()),
        ("临江第五中学25名学生呕吐送医", {("house", "第五")}),
        ("临江滨江大道两车相撞", {("road", "滨江")}),
        ("城南区柳树村一农房起火", {("district", "城南"), ("area", "柳树")}),
        ("凌晨宏源涂料有限公司起火", {("house", "宏源")}),
        ("宏源化工厂附近一仓库起火", set()),
    ],
)
def test_places_are_known_by_their_names_proper(said, sites):
    assert read(said).sites == sites


@pytest.mark.parametrize(
    "said",
    [
        "临江化工厂爆炸事故调查组成立",
        "临江排查化工企业，防止再次发生爆炸",
        "临江举行化工厂爆炸应急演练",
        "临江化工厂爆炸遇难者家属发声",
        "网传临江又一化工厂爆炸系谣言",
        "海州市宏源化工厂爆炸31人死亡",
        "江苏盐城化工厂爆炸78人死亡",
        "临江新增确诊3例",
        "临江暴雨致多处内涝",
        "临江供暖首日",
    ],
)
def test_what_tells_of_no_sudden_happening_of_here_is_none(said):
    assert read(said) is None


@pytest.mark.parametrize(
    "title",
    [
        "临江宏源化工厂发生爆炸",
        "临江城南区一化工厂爆炸",
        "临江又一化工厂爆炸",
        "今晨临江一化工厂爆炸致5人死亡",
        "今晨临江恒昌化工厂发生爆炸",
        "临江一化工厂爆炸致1人死亡",
        "临江第五中学25名学生食物中毒送医",
    ],
)
def test_another_happening_is_known(told, title):
    assert is_another(read(title), told)


@pytest.mark.parametrize(
    "title",
    [
        "临江一化工厂爆炸",
        "临江一化工厂爆炸致3人死亡",
        "恒昌化工有限公司爆炸死亡人数升至5人",
        "临江恒昌厂爆炸致7死",
        "昨日临江一化工厂发生爆炸",
        "这是临江又一起化工厂爆炸",
        "江北区一化工厂爆炸 浓烟滚滚",
    ],
)
def test_what_goes_on_about_one_is_no_other(told, title):
    one = read(title)
    assert one is not None and not is_another(one, told)


def test_name_that_comes_out_later_makes_no_other():
    first = Told(DAY)
    first.add(read("临江化工园区一厂房发生爆炸", day=DAY))
    assert not is_another(read("临江恒昌化工厂爆炸致3人死亡"), first)


NAMES = ["恒昌", "宏源", "金鼎", "永泰", "瑞丰"]
WORDS = [
    "{}化工厂发生爆炸",
    "临江{}化工有限公司爆炸致2人死亡",
    "江北区{}厂爆炸现场浓烟滚滚，{}厂爆炸",
    "{}化工厂爆炸死亡人数升至4人",
]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=30))
def test_reports_of_several_houses_fall_into_as_many_happenings(said):
    reports = [one for house, form in said if (one := read(WORDS[form].replace("{}", NAMES[house]))) is not None]
    houses = [next(name for name in NAMES if name in one.sentence) for one in reports]
    numbers = groups_of(Told(DAY), reports)
    order = {house: i for i, house in enumerate(dict.fromkeys(houses))}
    assert numbers == [order[house] for house in houses]
