"""Matters: which topics are one line, in what order, and how they are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office.overview import overview
from desk.reporting.ledger import ledger
from desk.topics.folding import count_new, fold, list_matters
from desk.topics.monitor import list_topics
from domain.concern import Concern, Reason, ReasonCode
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import DAY
from domain.topic import Heat, Topic
from store import looks

AT = "2026-11-20T08:40:00+08:00"
ITEMS = [
    ("临江化工园区一厂房发生爆炸 3人死亡", "临江化工园区一厂房发生爆炸，造成3人死亡，消防救援人员已到现场。", AT),
    ("临江市图书馆延长开放到晚上十点", "市民读书有了新去处。", AT),
    ("园区周边空气质量监测结果公布", "监测点各项指标正常。", AT),
]


@pytest.fixture
def told(now):
    def made(id, name, places=("临江",), hours=0):
        at = now - timedelta(hours=hours)
        return Topic(id, name, (), Heat({}, True), 2, 1, 0, at, at, "临江日报", "", places, True)

    return made


def names(matters):
    return [[topic.name for topic in matter.topics] for matter in matters]


def test_topics_of_one_happening_are_one_before_there_is_a_concern(told):
    blast, again = told(1, "临江一厂房爆炸"), told(2, "临江爆炸厂房周边居民疏散")
    other = told(3, "临江图书馆延长开放")
    assert names(fold([blast, other, again], {})) == [[blast.name, again.name], [other.name]]


def test_the_same_kind_elsewhere_or_much_later_is_another_matter(told):
    blast = told(1, "临江一厂房爆炸")
    assert len(fold([blast, told(2, "江北一厂房爆炸", ("江北",))], {})) == 2
    assert len(fold([blast, told(2, "临江一厂房爆炸", hours=24 * 40)], {})) == 2
    assert len(fold([blast, told(2, "一厂房爆炸", ())], {})) == 2


def test_two_fires_of_a_city_are_one_only_in_the_same_words(told):
    fire = told(1, "临江一商场起火")
    assert len(fold([fire, told(2, "临江商场起火原因查明")], {})) == 1
    assert len(fold([fire, told(2, "临江东郊货车着火已扑灭")], {})) == 2


def test_concern_holds_its_topics_and_its_own_stands_first(told, now):
    first, hot = told(1, "临江一厂房爆炸"), told(2, "园区空气监测结果")
    concern = replace(Concern.by_hand(1, "临江爆炸", Reason(ReasonCode.EMERGENCY, "", ()), now, now), id=7)
    (matter,) = fold([hot, first], {1: concern, 2: concern})
    assert matter.lead is first and matter.name == "临江爆炸" and matter.articles == 4


@pytest.fixture
def heard(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", ITEMS), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    with database.write() as connection:
        air = next(t.id for t in list_topics(database) if "空气" in t.name)
        looks.belongs(connection, air, 1)


def test_matter_is_one_in_the_list_the_overview_and_the_ledger(heard, database, now):
    matters = list_matters(database, now=now)
    assert sorted(map(len, names(matters))) == [1, 2]
    whole = next(matter for matter in matters if matter.concern)
    assert whole.articles == 2 and whole.sources == 1
    seen = overview(database, now, now - DAY, now.date())
    assert [hot.matter.name for hot in seen.hot] == [matter.name for matter in matters]
    assert max(sum(hot.curve) for hot in seen.hot) == 2
    assert [waiting.heat for waiting in seen.waiting] == [whole.heat]
    assert seen.new_matters == 2
    assert [row.reports for row in ledger(database, now)] == [2]


def test_what_belongs_to_an_older_matter_is_nothing_new(heard, database, now):
    with database.read() as connection:
        assert count_new(connection, now - DAY) == 2
        assert count_new(connection, now + DAY) == 0


def test_two_crashes_are_two_and_one_epidemic_or_quake_of_a_province_is_one(told):
    assert len(fold([told(1, "邯郸一轿车撞上货车致3人死亡"), told(2, "邯郸一轿车撞上护栏致2人死亡")], {})) == 2
    cases = [told(1, "苏州新增本土确诊12例", ("苏州",)), told(2, "南京新增本土确诊3例", ("南京",))]
    assert len(fold([*cases, told(3, "苏州地铁部分区段停运", ("苏州",))], {})) == 1
    assert len(fold([told(1, "福州震感明显", ("福州",)), told(2, "厦门震感强烈", ("厦门",))], {})) == 1
    assert len(fold([told(1, "客机坠毁现场", ("广西",)), told(2, "客机坠毁航线途经云南", ("云南",))], {})) == 1


def test_what_goes_on_with_a_known_happening_is_nothing_new(database, publisher, now):
    execute(database, SetOffice(places=("南京",)), Actor("李敏"), now)  # so that none of it becomes a concern
    first = ("临江一厂房爆炸", "临江一厂房发生爆炸。", "2026-11-20T02:00:00+08:00")
    later = ("爆炸声传出后临江多所小学提前放学", "家长陆续来接孩子。", "2026-11-20T11:00:00+08:00")
    execute(database, AddSource(publisher.feed("/a", [first, later]), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    assert len(list_topics(database)) == 2 and not list_matters(database)[0].concern
    with database.read() as connection:
        assert count_new(connection, now - timedelta(hours=5)) == 0
