"""The model that reads headlines: it belongs to its examples, it reads like them, and it says by which words."""

from __future__ import annotations

import pytest

from analysis.concern_model import CLASSES, EXAMPLES, examples, fingerprint, fitted_from, model, plain, read_titles
from domain.concern import ReasonCode


def test_the_fitted_file_belongs_to_the_examples():
    assert fitted_from() == fingerprint(examples()), "run: python -m analysis.concern_training"


def test_every_example_has_a_class_a_grade_and_a_title():
    lines = [line for file in EXAMPLES.glob("*.tsv") for line in file.read_text("utf-8").splitlines()]
    assert lines
    for line in lines:
        code, grade, title = line.split("\t")
        assert code in CLASSES and grade in ("I", "II", "III", "IV", "-") and title.strip(), line


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("临江一化工厂爆炸致3死9伤", ReasonCode.EMERGENCY),
        ("拖欠工资两年，农民工围堵项目部讨薪", ReasonCode.PUBLIC_INTEREST),
        ("幼儿园老师虐待幼童被拘", ReasonCode.MORAL_LINE),
        ("网传临江明日封城 官方辟谣：不实", ReasonCode.MISREAD_POLICY),
        ("国务院督查组约谈临江市政府要求限期整改", ReasonCode.SUPERIOR),
    ],
)
def test_a_headline_is_read_as_its_reason(title, code):
    (read,) = read_titles([title], ("临江",))
    assert read.any > 0.5 and max(zip(read.chances, ReasonCode))[1] is code
    assert read.words and all(word in plain(title, ("临江",)) for word in read.words)


@pytest.mark.parametrize("title", ["今晚的晚霞太美了", "某歌手新专辑发布", "怎么挑西瓜", "女篮夺冠"])
def test_what_concerns_no_office_is_none(title):
    assert read_titles([title])[0].any < 0.3


@pytest.mark.parametrize(
    "title",
    [
        "一图看懂电动自行车管理办法",  # a policy explained
        "询问疏散安置点能否带宠物",  # a citizen's question
        "致十人死亡的爆炸案主犯今日宣判",  # a verdict years later
        "商场举行消防应急演练",  # a drill
        "老地震局旧址举行十周年纪念",  # a commemoration
        "居民人均可支配收入公布",  # figures
        "老街面馆不收消防员饭钱",  # a good deed
        "志愿者给隔离老人过生日",  # a light story of a grave time
    ],
)
def test_everyday_kinds_that_look_like_concerns_are_none(title):
    assert read_titles([title])[0].any < 0.4


def test_the_place_is_no_reason():
    assert read_titles(["开封发生车祸"])[0].chances == read_titles(["拉萨发生车祸"])[0].chances


def test_a_title_of_unknown_characters_is_read():
    assert 0 <= model().read("★♪").any <= 1
