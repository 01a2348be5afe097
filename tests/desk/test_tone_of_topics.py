"""The collector keeps the tone of topics; it is listed and filtered, and flags nothing."""

from __future__ import annotations

import pytest

from desk.cases.reading import list_concerns, tone_of_case
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import list_topics
from domain.person import Actor
from domain.query import TopicFilter
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic
from domain.tone import Tone

AT = "2026-11-20T08:40:00+08:00"
ITEMS = [
    ("图书馆延长开放到晚上十点 学生点赞", "学生们纷纷点赞，直呼贴心。", AT),
    ("省运会闭幕式看台座椅太差 观众吐槽", "观众吐槽座椅恶劣，志愿者冷漠。", AT),
    ("气象台：明后两天有小雨", "气温略降。", AT),
]


@pytest.fixture
def heard(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", ITEMS), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)


def names(database, tone):
    return [topic.name for topic in list_topics(database, chosen=TopicFilter(tone=tone))]


def test_topics_are_listed_by_their_tone(heard, database):
    assert names(database, Tone.POSITIVE) == [ITEMS[0][0]]
    assert names(database, Tone.NEGATIVE) == [ITEMS[1][0]]
    assert names(database, Tone.NEUTRAL) == [ITEMS[2][0]]


def test_complaint_alone_is_no_concern(heard, database):
    assert list_concerns(database) == []


def test_concern_shows_the_tone_of_its_texts_with_the_sentences(heard, database, now):
    topic = list_topics(database, chosen=TopicFilter(tone=Tone.NEGATIVE))[0]
    id = execute(database, FlagTopic(topic.id, "领导批示"), Actor("李敏"), now)
    tone = tone_of_case(database, id)
    assert tone.negative == 1 and "座椅" in tone.said[0].sentence
