"""Every topic says what kept it from being a concern; the nearest misses are listed until somebody takes them up."""

from __future__ import annotations

import pytest

from desk.cases.reading import list_concerns, read_case
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import held_back, list_topics, topic_view
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic, SplitTopic
from domain.times import DAY
from store import looks, topics
from store.looks import Begun

WHO = Actor("李敏")
AT = "2026-11-20T08:40:00+08:00"
ITEMS = [
    ("临江化工园区一厂房发生爆炸 3人死亡", "临江化工园区一厂房发生爆炸，造成3人死亡，消防救援人员已到现场。", AT),
    ("海口一游泳馆坍塌致3死9伤", "海口一游泳馆坍塌，造成3人死亡9人受伤。", AT),
    ("临江图书馆延长开放到晚上十点", "市民读书有了新去处。", AT),
]


@pytest.fixture
def heard(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), WHO, now)
    execute(database, AddSource(publisher.feed("/a", ITEMS), "临江日报"), WHO, now)
    collector = Collector(database, now)
    collector.round(now)
    return collector


def of(database, word):
    return next(topic for topic in list_topics(database) if word in topic.name)


def test_every_topic_says_what_kept_it(heard, database):
    views = [topic_view(database, topic.id) for topic in list_topics(database)]
    assert len(views) == 3
    assert all(bool(view.why_not) is (view.concern is None) for view in views)
    assert "样本不足" in topic_view(database, of(database, "海口").id).why_not


def test_topic_that_nobody_has_looked_at_says_so(heard, database, now):
    with database.write() as connection:
        looks.begin(connection, [Begun(900, "刚来的报道", "临江日报", now)])
    assert "下一次看话题时" in topic_view(database, 900).why_not


def test_part_split_off_says_why_after_the_next_look(heard, database, publisher, now):
    publisher.feed("/a", [*ITEMS, ("海口游泳馆坍塌9伤者送医救治", "海口一游泳馆坍塌，9名伤者送医。", AT)])
    heard.round(now + DAY / 12)
    whole = topic_view(database, of(database, "海口").id)
    assert len(whole.articles) == 2
    new = execute(database, SplitTopic(whole.topic.id, (whole.articles[0].id,)), WHO, now + DAY / 12)
    assert topic_view(database, new).why_not
    heard.round(now + DAY / 6)
    assert topic_view(database, new).held


def test_what_was_taken_up_is_no_miss_any_more(heard, database, now):
    topic = of(database, "海口")
    assert [t.id for t, _ in held_back(database, now - DAY)] == [topic.id]
    assert 0 < held_back(database, now - DAY)[0][0].nearness < 1
    execute(database, FlagTopic(topic.id, "领导批示"), WHO, now)
    heard.round(now + DAY / 12)
    assert held_back(database, now - DAY) == []


def test_what_belongs_to_a_concern_comes_after_the_misses(heard, database, now):
    (concern, _), *_ = list_concerns(database)
    far, books = of(database, "海口"), of(database, "图书馆")
    with database.write() as connection:
        looks.belongs(connection, books.id, concern.id)
        topics.change(connection, books.id, nearness=1.0)
    assert [(t.id, t.matter) for t, _ in held_back(database, now - DAY)] == [(far.id, None), (books.id, concern.id)]


def test_topic_of_a_matter_that_is_taken_up_is_a_matter_of_its_own(heard, database, now):
    topic, (concern, _) = of(database, "图书馆"), list_concerns(database)[0]
    with database.write() as connection:
        looks.belongs(connection, topic.id, concern.id)
    id = execute(database, FlagTopic(topic.id, "群众来信"), WHO, now)
    with database.read() as connection:
        assert looks.topics_of(connection, [concern.id])[concern.id] == []
        assert topics.get(connection, read_case(database, id).concern.topic_id).id == topic.id
