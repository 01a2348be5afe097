"""A clock that was wrong once: it is told, and nothing stays hidden or on top for ever."""

from datetime import timedelta

import pytest

from desk.collecting.collect import Collector
from desk.collecting.rounds import keep_round
from desk.collecting.sourcework import list_sources
from desk.execute import execute
from desk.office.care import examine
from desk.topics.monitor import article_page, list_topics
from domain.person import Actor
from domain.steps.sources import AddSource
from domain.times import parse_moment
from sources.rhythm import LONGEST_ASKED, LONGEST_WAIT, has_come
from store import sources

WRONG_CLOCK = parse_moment("2036-11-20T12:00")


def add_source(database, where, who, now, name=""):
    return execute(database, AddSource(where, name), Actor(who), now)


UNDATED = (
    '<rss version="2.0"><channel><title>源</title>'
    "<item><title>{0}供水管道爆裂抢修</title><guid>{0}1</guid><description>{0}供水管道爆裂，正在抢修。</description></item>"
    "<item><title>{0}供水管道爆裂居民停水</title><guid>{0}2</guid><description>{0}供水管道爆裂，居民停水。</description></item>"
    "</channel></rss>"
)


@pytest.mark.parametrize("longest", [LONGEST_ASKED, LONGEST_WAIT])
def test_a_time_that_is_further_off_than_any_wait_has_come(now, longest):
    assert has_come(WRONG_CLOCK, now, longest)
    assert has_come(now + longest + timedelta(seconds=1), now, longest)
    assert not has_come(now + longest, now, longest)
    assert not has_come(now + timedelta(seconds=1), now, longest)


def test_a_source_that_waits_until_2036_is_asked(database, publisher, now):
    id = add_source(database, publisher.feed("/a", []), "李敏", now)
    with database.write() as connection:
        sources.change(connection, id, wait_until=WRONG_CLOCK, due_at=WRONG_CLOCK)
    collector = Collector(database, now)
    assert len(collector.round(now, due_only=True).sources) == 1
    with database.write() as connection:
        sources.change(connection, id, wait_until=now + timedelta(hours=1), due_at=now)
    assert not collector.round(now, due_only=True).sources, "what the publisher asked for is kept"
    collector.close()


@pytest.mark.parametrize("minutes", [0, 30])  # with no heat yet, and with some
def test_after_a_round_in_2036_doctor_tells_and_nothing_stays_on_top(database, publisher, now, tmp_path, minutes):
    wrong, now = WRONG_CLOCK + timedelta(minutes=minutes), now + timedelta(minutes=minutes)
    publisher.pages["/a"] = (200, {}, UNDATED.format("东城区").encode())
    add_source(database, publisher.base + "/a", "李敏", now, "东城报")
    collector = Collector(database, wrong)
    keep_round(database, collector.round(wrong), wrong)
    collector.close()
    clock = {check.name: check for check in examine(database, tmp_path, now)}["时钟"]
    assert not clock.good
    for word in ("2036", "东城报", "2 条信息", "1 个话题", "核对时钟"):
        assert word in clock.told, word
    publisher.pages["/b"] = (200, {}, UNDATED.format("西城区").replace("供水管道爆裂", "公交线路调整").encode())
    add_source(database, publisher.base + "/b", "李敏", now, "西城报")
    collector = Collector(database, now)
    keep_round(database, collector.round(now, due_only=True), now)
    collector.close()
    assert {view.source.checked_at for view in list_sources(database, now)} == {now}
    titles = [topic.name for topic in list_topics(database, now=now)]
    assert len(titles) == 2 and "西城" in titles[0], titles
    read = [article.title for article in article_page(database, 0, 9, now=now)]
    assert ["西城" in title for title in read] == [True, True, False, False]
    paged = [article.title for at in range(4) for article in article_page(database, at, 1, now=now)]
    assert paged == read
    clock = {check.name: check for check in examine(database, tmp_path, now)}["时钟"]
    assert not clock.good and "最近一轮" not in clock.told and "下次采集" not in clock.told


def test_a_right_clock_is_told_as_right(database, publisher, now, tmp_path):
    add_source(database, publisher.feed("/a", [("供水恢复", "已恢复", "2026-11-20T03:00:00Z")]), "李敏", now)
    Collector(database, now).round(now)
    assert {check.name: check for check in examine(database, tmp_path, now)}["时钟"].good
