"""How sources are asked: by their rhythm, politely, and never given up for good."""

import asyncio
import gzip
import threading
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.collect import Collector
from desk.sourcework import add_source, list_sources
from domain.article import SourceState
from domain.errors import FetchError
from sources import http
from sources.http import Reach, Web
from sources.rhythm import FASTEST, LONGEST_RETRY, SLOWEST, jittered, next_interval, retry_interval

NEWS = [("临江新闻一则", "内容", "2026-11-20T08:00:00+08:00")]


@given(st.integers(1, 10_000), st.integers(0, 500))
def test_interval_stays_between_two_minutes_and_twelve_hours(minutes, new):
    assert FASTEST <= next_interval(timedelta(minutes=minutes), new) <= SLOWEST


def test_busy_source_is_asked_more_often_and_a_quiet_one_less():
    usual = timedelta(minutes=30)
    assert next_interval(usual, 10) < next_interval(usual, 1) < usual < next_interval(usual, 0)


@given(st.integers(1, 1000))
def test_failing_source_is_always_tried_again(failures):
    assert timedelta(0) < retry_interval(failures) <= LONGEST_RETRY
    assert retry_interval(failures, timedelta(hours=9)) == timedelta(hours=9)


@given(st.floats(0, 1))
def test_jitter_moves_by_a_tenth_at_most(chance):
    hour = timedelta(hours=1)
    assert abs(jittered(hour, chance) - hour) <= timedelta(minutes=6, seconds=1)


def test_only_sources_whose_time_has_come_are_asked(database, publisher, now):
    add_source(database, publisher.feed("/a", NEWS), "李敏", now)
    collector = Collector(database, now)
    collector.round(now, due_only=True)
    asked = len(publisher.asked)
    assert collector.round(now + timedelta(seconds=30), due_only=True).sources == []
    assert len(publisher.asked) == asked
    assert len(collector.round(now + timedelta(hours=1), due_only=True).sources) == 1


def test_publisher_that_asks_for_patience_gets_it(database, publisher, now):
    publisher.pages["/a"] = (429, {"Retry-After": "3600"}, b"")
    add_source(database, publisher.base + "/a", "李敏", now)
    collector = Collector(database, now)
    assert collector.round(now).failed == 1
    assert collector.round(now + timedelta(minutes=30)).sources == []
    publisher.feed("/a", NEWS)
    assert collector.round(now + timedelta(minutes=61)).new == 1


def test_address_gone_for_good_is_paused_with_a_notice(database, publisher, now):
    publisher.pages["/a"] = (410, {}, b"")
    add_source(database, publisher.base + "/a", "李敏", now)
    collector = Collector(database, now)
    collector.round(now)
    (view,) = list_sources(database, now)
    assert view.state is SourceState.PAUSED and "410" in view.said
    assert collector.round(now + timedelta(days=1)).sources == []


def test_address_moved_for_good_is_stored_and_one_moved_for_now_is_not(database, publisher, now):
    new, later = publisher.feed("/new", NEWS), publisher.feed("/later", NEWS)
    publisher.pages["/old"] = (301, {"Location": "/new"}, b"")
    publisher.pages["/now"] = (302, {"Location": "/later"}, b"")
    for path in ("/old", "/now"):
        add_source(database, publisher.base + path, "李敏", now)
    Collector(database, now).round(now)
    assert {v.source.url for v in list_sources(database, now)} == {new, publisher.base + "/now"}
    assert later.endswith("/later")


def test_slow_source_holds_up_no_round_and_its_news_come_with_a_later_one(database, publisher, now, monkeypatch):
    free = threading.Event()
    add_source(database, publisher.feed("/quick", NEWS), "李敏", now, "快")
    add_source(database, publisher.feed("/slow", [("慢源的新闻", "内容", NEWS[0][2])]), "李敏", now, "慢")
    follow = Web._follow

    async def held(self, url, *rest):
        if url.endswith("/slow"):
            await asyncio.to_thread(free.wait, 20)
        return await follow(self, url, *rest)

    monkeypatch.setattr(Web, "_follow", held)
    collector = Collector(database, now)
    started = time.monotonic()
    assert collector.round(now, patience=1.0).new == 1
    assert time.monotonic() - started < 10
    free.set()
    assert collector.round(now + timedelta(seconds=20), due_only=True).new == 1


def test_source_that_comes_back_is_well_again(database, publisher, now):
    publisher.pages["/a"] = (500, {}, b"")
    add_source(database, publisher.base + "/a", "李敏", now)
    collector = Collector(database, now)
    for i in range(3):
        collector.round(now + timedelta(hours=i))
    assert "连续出错 3 次" in list_sources(database, now)[0].said
    publisher.feed("/a", NEWS)
    collector.round(now + timedelta(hours=9))
    assert list_sources(database, now)[0].source.failures == 0


def test_no_more_than_two_connections_to_one_host(publisher, now, monkeypatch):
    at_once, most = 0, 0
    follow = Web._follow

    async def counted(self, *rest):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        found = await follow(self, *rest)
        at_once -= 1
        return found

    monkeypatch.setattr(Web, "_follow", counted)
    url = publisher.feed("/a", NEWS)

    async def many():
        web = Web()
        await asyncio.gather(*(web.get(f"{url}") for _ in range(12)))
        await web.close()

    asyncio.run(many())
    assert most == 2


@pytest.mark.parametrize(
    ("here", "target", "refused"),
    [
        (Reach.PUBLIC, Reach.INTRANET, True),
        (Reach.PUBLIC, Reach.MACHINE, True),
        (Reach.PUBLIC, Reach.LINK, True),
        (Reach.INTRANET, Reach.INTRANET, False),
        (Reach.INTRANET, Reach.MACHINE, True),
        (Reach.MACHINE, Reach.LINK, True),
        (Reach.INTRANET, Reach.PUBLIC, False),
    ],
)
def test_redirects_lead_outward_only(monkeypatch, here, target, refused):
    async def reach(host):
        return {"here.example": here, "there.example": target}[host]

    monkeypatch.setattr(http, "_reach", reach)

    async def step():
        web = Web()
        try:
            await web._check_step("http://here.example/", "http://there.example/")
        finally:
            await web.close()

    if refused:
        with pytest.raises(FetchError, match="内部网络"):
            asyncio.run(step())
    else:
        asyncio.run(step())


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1"])
def test_inside_addresses_are_known(address):
    assert http._reach_of(address) > Reach.PUBLIC


def test_bomb_is_cut_before_it_unfolds(publisher):
    publisher.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 60_000_000))

    async def get():
        web = Web()
        try:
            await web.get(publisher.base + "/bomb")
        finally:
            await web.close()

    with pytest.raises(FetchError, match="20 MB"):
        asyncio.run(get())
