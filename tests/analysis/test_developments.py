"""新动向: which sentences tell of a turn of which kind, and which only sound like one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from analysis.developments import developments_in, facts_in, turns_of, victims_in
from domain.concern import DevelopmentKind as Kind

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("多名记者在事故现场被不明身份人员阻拦", Kind.REPORTERS),
        ("记者采访时遭到推搡，设备被抢夺", Kind.REPORTERS),
        ("现场人员拒绝记者进入，并要求删除素材", Kind.REPORTERS),
        ("中国记协就此事发声：正当采访是记者的权利", Kind.REPORTERS),
        ("网友质疑通报中的伤亡人数", Kind.DOUBT),
        ("两次通报的死亡人数对不上", Kind.DOUBT),
        ("家属称企业瞒报死亡人数", Kind.DOUBT),
        ("这次爆炸到底死了多少人", Kind.DOUBT),
        ("区长在发布会上的一番话引发争议", Kind.OFFICIAL),
        ("应急管理局局长被停职检查", Kind.OFFICIAL),
        ("镇长就不当言论道歉", Kind.OFFICIAL),
        ("搜救人员又发现一具遗体，再有2人遇难", Kind.VICTIM),
        ("死亡人数升至9人", Kind.VICTIM),
        ("一名重伤者经抢救无效去世", Kind.VICTIM),
        ("遇难者家属要求公开调查报告", Kind.DEMAND),
        ("周边居民拉横幅，希望化工厂搬迁", Kind.DEMAND),
        ("业主联名起诉开发商", Kind.DEMAND),
        ("纪念馆坍塌事故遇难者家属要求赔偿", Kind.DEMAND),
        ("去年入职的家属代表要求公开死者名单，记者被推搡", Kind.REPORTERS),
        ("市政府门前家属要求公开真相", Kind.DEMAND),
        ("家属在县委门口要求公开", Kind.DEMAND),
        ("区政府家属院业主要求赔偿", Kind.DEMAND),
    ],
)
def test_sentence_tells_of_a_turn(sentence, kind):
    assert kind in developments_in(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "记者从市应急管理局获悉，明火已扑灭",
        "记者在现场看到，救援仍在进行",
        "区委书记到现场指挥救援",
        "市委要求彻查事故原因",
        "会议要求依法公开调查结果",
        "严禁阻挠记者采访",
        "经核查，不存在瞒报死亡人数的情况",
        "网传记者被打系谣言",
        "今天开展应急演练，模拟新增3名伤者",
        "市长看望慰问受伤群众",
        "伤者已全部送医，生命体征平稳",
        "现场处置基本结束，道路恢复通行",
    ],
)
def test_sentence_that_only_sounds_like_a_turn_is_none(sentence):
    assert developments_in(sentence) == frozenset()


def test_each_kind_comes_once_with_the_first_sentence_that_tells_of_it():
    text = "记者采访被阻拦。随后又有记者被推搡。家属要求公布名单。"
    assert [(kind, sentence) for kind, (sentence, _) in turns_of("爆炸现场", text, DAY).items()] == [
        (Kind.REPORTERS, "记者采访被阻拦。"),
        (Kind.DEMAND, "家属要求公布名单。"),
    ]


@pytest.mark.parametrize(
    ("kind", "sentence", "facts"),
    [
        (Kind.VICTIM, "死亡人数升至9人", {("dead", 9)}),
        (Kind.VICTIM, "又有1人遇难，死亡人数增至4人", {("dead", 4)}),
        (Kind.REPORTERS, "记者采访被阻拦，设备被抢夺", {("阻拦", 0), ("打人", 0)}),
        (Kind.DOUBT, "家属称企业瞒报死亡人数", {("瞒报", 0), ("人数", 0)}),
        (Kind.OFFICIAL, "镇长就不当言论道歉", {("镇长", 0), ("言论", 0), ("道歉", 0)}),
        (Kind.DEMAND, "家属要求公开名单并赔偿", {("公开", 0), ("赔偿", 0)}),
    ],
)
def test_turn_says_of_what_it_speaks(kind, sentence, facts):
    assert facts_in(kind, sentence, DAY) == facts


def test_one_more_victim_on_another_day_is_something_else():
    said = "一名重伤者经抢救无效去世"
    assert facts_in(Kind.VICTIM, said, DAY) != facts_in(Kind.VICTIM, said, DAY + timedelta(days=1))


def test_article_says_all_that_its_sentences_say():
    text = "家属要求公布名单。随后家属要求赔偿。"
    assert turns_of("爆炸现场", text, DAY) == {
        Kind.DEMAND: ("家属要求公布名单。", frozenset({("公开", 0), ("赔偿", 0)}))
    }


def test_how_many_died_is_read_where_no_turn_is_told():
    assert victims_in("临江化工厂爆炸", "事故造成5人死亡、2人失联。") == (
        "事故造成5人死亡、2人失联。",
        frozenset({("dead", 5), ("missing", 2)}),
    )
    assert victims_in("临江化工厂爆炸", "明火已经扑灭。") == ("", frozenset())
