"""What people decided about topics is done in the collector's window as in the store, and taken back in both."""

from __future__ import annotations

from datetime import timedelta

import pytest

from analysis.brief import briefs_of
from analysis.terms import terms_of
from analysis.topics import Document, TopicWindow
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.flagging import COLLECTOR
from desk.topics.following import follow
from desk.topics.monitor import list_topics, topic_view
from domain.person import Actor
from domain.steps.sources import AddSource
from domain.steps.topics import MergeTopics, SplitTopic, UndoTopicChange
from domain.topic import ChangeKind, TopicChange
from store import articles, topics

FIRE = [
    ("江北仓库起火 消防到场扑救", "江北区一仓库今晨起火，浓烟滚滚，消防救援人员到场扑救，周边居民疏散。"),
    ("江北仓库火灾明火已扑灭", "江北区仓库火灾明火已被消防扑灭，起火原因正在调查，周边居民陆续返回。"),
]
HEATING = [
    ("滨河花园暖气不热 居民测温十四度", "滨河花园小区供暖一周暖气不热，居民测得室温只有十四度，热力公司称正在调试。")
]
OFFICER = Actor("李敏")


class Window(TopicWindow):
    """A window that remembers what it was told to move."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[list[int], int, bool]] = []

    def move(self, articles, topic, fixed=True):
        self.told.append((list(articles), topic, fixed))
        super().move(articles, topic, fixed)


@pytest.fixture
def window(now):
    """Articles 1 and 2 in one topic, 3 in another."""
    made = Window()
    briefs = briefs_of([terms_of(*item) for item in [*FIRE, *HEATING]])
    made.place([Document(i + 1, brief, now + timedelta(minutes=i)) for i, brief in enumerate(briefs)])
    assert made.topic_of(1) == made.topic_of(2) != made.topic_of(3)
    return made


def change(now, kind, before, after, moved, stayed, **more):
    return TopicChange(7, now, "李敏", kind, before, after, moved, stayed=stayed, **more)


def test_what_a_split_left_is_held_in_the_window_too(window, now):
    home = window.topic_of(1)
    split = change(now, ChangeKind.SPLIT, home, 900, ((2, False),), ((1, False),))
    followed = follow(window, {}, [split])
    assert window.told == [([2], 900, True), ([1], home, True)]
    assert followed.changes == {7: False} and followed.topics == {home, 900}


def test_what_is_taken_back_is_held_only_where_a_person_had_put_it_before(window, now):
    home = window.topic_of(1)
    split = change(now, ChangeKind.SPLIT, home, 900, ((2, True),), ((1, False),), undone=True)
    follow(window, {7: False}, [split])
    assert window.told == [([2], home, True), ([1], home, False)]


def test_what_stayed_and_went_elsewhere_since_is_left_there(window, now):
    fire, heating = window.topic_of(1), window.topic_of(3)
    window.move([1], 901)
    window.told.clear()
    merge = change(now, ChangeKind.MERGE, heating, fire, ((3, False),), ((1, False), (2, False)), undone=True)
    follow(window, {7: False}, [merge])
    assert window.topic_of(1) == 901 and ([2], fire, False) in window.told


def test_machines_own_moves_and_those_undone_before_they_were_seen_are_not_done_again(window, now):
    own = TopicChange(8, now, COLLECTOR, ChangeKind.JOINED, 1, 2, ((1, False),))
    gone = change(now, ChangeKind.MERGE, 1, 2, ((1, False),), (), undone=True)
    assert follow(window, {}, [own, gone]).topics == frozenset() and window.told == []


@pytest.fixture
def collected(database, publisher, now):
    at = "2026-11-20T0{}:00:00+08:00"
    items = [(*item, at.format(i)) for i, item in enumerate([*FIRE, *HEATING])]
    execute(database, AddSource(publisher.feed("/a", items), "甲报"), OFFICER, now)
    collector = Collector(database, now)
    collector.round(now)
    yield collector
    collector.close()


def held(database) -> dict[int, bool]:
    """Which articles a person holds where they are."""
    with database.read() as connection:
        return {id: fixed for ids in articles.placed_by_people(connection, [t.id for t in topics.listing(connection)]).values() for id, fixed in ids}  # fmt: skip


def test_undone_merge_lets_go_of_what_was_there_before_it(database, collected, now):
    before = held(database)
    fire, heating = (t.id for t in sorted(list_topics(database), key=lambda t: -t.articles))
    (merged,) = execute(database, MergeTopics(fire, (heating,)), OFFICER, now)
    assert all(held(database).values()) and not any(before.values())
    execute(database, UndoTopicChange(merged), OFFICER, now)
    assert held(database) == before


def test_undone_split_lets_go_of_what_was_left(database, collected, now):
    before = held(database)
    fire = max(list_topics(database), key=lambda t: t.articles).id
    execute(database, SplitTopic(fire, (topic_view(database, fire).articles[0].id,)), OFFICER, now)
    with database.read() as connection:
        (split,) = topics.changes(connection, fire)
    execute(database, UndoTopicChange(split.id), OFFICER, now)
    collected.understand(now + timedelta(minutes=5))
    assert held(database) == before
