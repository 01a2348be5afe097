"""How many were killed, hurt, taken ill or lost: a grammar of figures, and what of it does not count."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from analysis.casualties import number, together, toll_of
from analysis.grading import graded

NUMERALS = "零一二三四五六七八九"


def chinese(n: int) -> str:
    """1–99 as one writes them."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 1 else NUMERALS[tens]) * bool(tens) + "十" * bool(tens) + (NUMERALS[ones] if ones else "")


@given(some.integers(1, 99))
def test_chinese_numerals_are_numbers(n):
    assert number(chinese(n)) == number(str(n)) == n


@given(
    some.integers(1, 99),
    some.integers(1, 99),
    some.booleans(),
    some.sampled_from(
        [
            "一工厂爆炸致{dead}死{hurt}伤",
            "事故造成{dead}人死亡，{hurt}人受伤",
            "已有{dead}名工人遇难，{hurt}人受伤送医",
            "遇难人数升至{dead}人，{hurt}人受伤",
            "火灾致{dead}人死亡{hurt}人受伤",
        ]
    ),
)
def test_the_dead_and_the_hurt_are_told_apart(dead, hurt, in_words, form):
    said = chinese if in_words else str
    toll = toll_of([form.format(dead=said(dead), hurt=said(hurt))])
    assert (toll.dead, toll.hurt) == (dead, hurt)


@given(some.text(max_size=60))
def test_any_text_is_read(text):
    toll = toll_of([text])
    assert min(toll.dead, toll.missing, toll.heavy, toll.hurt, toll.ill) >= 0


@pytest.mark.parametrize(
    ("text", "dead", "missing"),
    [
        ("夫妻双双溺亡", 2, 0),
        ("村民被马蜂蜇80多针后身亡", 0, 0),
        ("员工连上24小时班后猝死", 0, 0),
        ("男子喝3斤白酒后身亡", 0, 0),
        ("6小学生溺亡", 6, 0),
        ("3家人遇难", 3, 0),
        ("小区保洁被货梯挤死", 1, 0),
        ("老人遛弯时被烈犬咬死", 1, 0),
        ("被人打死也不说", 0, 0),
        ("一家五口在家中身亡", 5, 0),
        ("客船载有46人，全部遇难", 46, 0),
        ("发现6具遗体", 6, 0),
        ("三名被困矿工均无生命体征", 3, 0),
        ("4人失联", 0, 4),
        ("死亡人数增至17", 17, 0),
        ("5名青年溺亡", 5, 0),
        ("七旬老人身亡", 0, 0),
        ("最小遇难者7岁", 0, 0),
    ],
)
def test_families_pairs_and_remains(text, dead, missing):
    toll = toll_of([text])
    assert (toll.dead, toll.missing) == (dead, missing)


@pytest.mark.parametrize(
    "text",
    [
        "网传爆炸致12人死亡系谣言",
        "模拟车祸致5人受伤的应急演练举行",
        "矿难十周年：当年夺走31人生命，29人死亡",
        "去年全市交通事故致120人死亡",
        "如果决堤将造成上万人死亡",
        "致3人死亡案一审宣判",
        "爆燃未造成人员伤亡",
    ],
)
def test_what_did_not_happen_now_does_not_count(text):
    assert not toll_of([text]).any


@pytest.mark.parametrize(
    ("text", "said"),
    [("17名学生饭后送医", True), ("多名老人被困烧伤", True), ("一名学生送医", False), ("30名学生获奖", False)],
)
def test_several_pupils_or_old_people_hurt_together(text, said):
    assert bool(together(text)) is said


@pytest.mark.parametrize(
    ("text", "index", "document"),
    [
        ("化工厂爆炸致12死", 1, "493号第三条"),
        ("酒席食物中毒1人死亡", 2, "突发公共卫生"),
        ("7.1级地震", 0, "地震应急预案"),
        ("6.1级地震", 3, "密集地区初判为重大"),
        ("一滑翔机坠毁", None, ""),
        ("东航客机坠毁", 0, "民用航空器"),
        ("男子持刀伤人致3人死亡", 2, "参照"),
        ("爆炸直接经济损失6000万元", 1, "493号"),
        ("遏制重特大事故，防范重大事故隐患", None, ""),
    ],
)
def test_each_kind_of_event_is_graded_by_its_document(text, index, document):
    found = graded([text])
    assert (found.index if found else None) == index
    assert document in (found.words if found else "")


def test_no_text_takes_longer_than_in_proportion():
    began = time.monotonic()
    for word in (
        "被紧急",
        "紧急被",
        "已均被",
        "一",
        "死亡",
        "经抢救无效",
        "余人",
        "12345",
        "疑似疑",
        "喝完喝",
        "被困",
        "多名学生",
    ):
        toll_of([f"一小区火灾有人受伤5人{word * 60}转走"])
        together(f"多名学生{word * 60}")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "sentence",
    [
        "厂房爆炸已造成31人死亡，为防止次生灾害连夜排险",
        "烈士陵园路一酒店火灾致12人遇难",
        "化工厂爆炸致31人死亡，涉事企业曾因虚假评估被罚",
        "化工厂爆炸致31人死亡并非谣言",
    ],
)
def test_what_else_a_sentence_says_takes_no_dead_back(sentence):
    assert toll_of([sentence]).dead in (12, 31)


@pytest.mark.parametrize(
    ("sentence", "dead", "hurt"),
    [
        ("临江市一加油站发生爆炸 3名加油站员工死亡", 3, 0),
        ("火车站坍塌 4名车站工作人员遇难", 4, 0),
        ("工地塔吊倒塌 9名起重机工人遇难", 9, 0),
        ("3名保定籍工人遇难", 3, 0),
        ("2名一线消防员牺牲", 2, 0),
        ("3名长期住院患者死亡", 3, 3),
        ("2名律师遇害", 2, 0),
        ("客车侧翻 12名公共汽车乘客受伤", 0, 12),
        ("地震 30名周边居民送医", 0, 30),
        ("2名实习期护士受伤", 0, 2),
        ("停产3周死亡证明补办", 0, 0),
        ("地铁2号线3站受伤乘客获赔", 0, 0),
        # A figure that is part of a name counts nobody.
        ("临江49中学生坠亡", 0, 0),
        ("21中女生遇害", 0, 0),
        ("初二3班学生坠亡", 0, 0),
        ("95后辅警牺牲", 0, 0),
        ("301医院医生去世", 0, 0),
        ("985高校博士坠亡", 0, 0),
        ("211大学生溺亡", 0, 0),
        ("56路公交司机猝死", 0, 0),
        ("130斤女子猝死", 0, 0),
        ("10万粉丝网红去世", 0, 0),
        ("2孩母亲坠亡", 0, 0),
        ("游客在三亚溺亡", 0, 0),
        ("5中学生溺亡", 5, 0),
        ("三兄妹在三亚溺亡", 3, 0),
        ("12中暑死亡", 12, 0),
    ],
)
def test_who_they_were_takes_no_victim_from_the_count(sentence, dead, hurt):
    found = toll_of([sentence])
    assert (found.dead, found.hurt) == (dead, hurt)


UNITS = [
    "岁男子",
    "岁的患者",
    "日凌晨",
    "日在医院",
    "米处",
    "米外",
    "天后",
    "元",
    "层楼",
    "辆车",
    "号楼",
    "点",
    "年前",
    "公里外",
    "个月后",
    "楼",
]
FATES = ["死亡", "遇难", "重伤", "危重", "伤势危重", "受伤", "失联", "失踪", "中毒", "住院"]


@given(some.integers(2, 99), some.sampled_from(UNITS), some.sampled_from(FATES), some.booleans())
def test_age_a_day_and_a_distance_are_no_casualties(n, unit, fate, in_words):
    told = toll_of([f"一名{chinese(n) if in_words else n}{unit}{fate}。"])
    assert max(told.dead, told.missing, told.heavy, told.hurt, told.ill) <= 1


@given(
    some.integers(1, 99),
    some.sampled_from(["人", "名工人", "名伤者伤势", "例", "人被砍成", "名学生"]),
    some.sampled_from(["重伤", "危重"]),
)
def test_the_badly_hurt_are_counted_however_they_are_told_of(n, who, fate):
    assert toll_of([f"造成{n}{who}{fate}。"]).heavy == n
