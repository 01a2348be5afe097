"""How sources are asked: by their rhythm, politely, and never given up for good."""

import asyncio
import gzip
import json
import threading
import time
import zlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.collecting import collect
from desk.collecting.collect import Collector
from desk.collecting.sourcework import find_offers, list_sources
from desk.execute import execute
from domain.article import SourceState
from domain.errors import FetchError, InputError, SourceError
from domain.person import Actor
from domain.steps.sources import AddSource
from sources.http import Web
from sources.opml import read_opml
from sources.polling import Fetcher
from sources.reach import Reach
from sources.rhythm import FASTEST, LONGEST_RETRY, SLOWEST, jittered, next_interval, retry_interval
from store import articles

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
    execute(database, AddSource(publisher.feed("/a", NEWS)), Actor("李敏"), now)
    collector = Collector(database, now)
    collector.round(now, due_only=True)
    asked = len(publisher.asked)
    assert collector.round(now + timedelta(seconds=30), due_only=True).sources == []
    assert len(publisher.asked) == asked
    assert len(collector.round(now + timedelta(hours=1), due_only=True).sources) == 1


def test_publisher_that_asks_for_patience_gets_it(database, publisher, now):
    publisher.pages["/a"] = (429, {"Retry-After": "3600"}, b"")
    execute(database, AddSource(publisher.base + "/a"), Actor("李敏"), now)
    collector = Collector(database, now)
    assert collector.round(now).failed == 1
    assert collector.round(now + timedelta(minutes=30)).sources == []
    publisher.feed("/a", NEWS)
    assert collector.round(now + timedelta(minutes=61)).new == 1


def test_address_gone_for_good_is_paused_with_a_notice(database, publisher, now):
    publisher.pages["/a"] = (410, {}, b"")
    execute(database, AddSource(publisher.base + "/a"), Actor("李敏"), now)
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
        execute(database, AddSource(publisher.base + path), Actor("李敏"), now)
    Collector(database, now).round(now)
    assert {v.source.url for v in list_sources(database, now)} == {new, publisher.base + "/now"}
    assert later.endswith("/later")


def test_slow_source_holds_up_no_round_and_its_news_come_with_a_later_one(database, publisher, now, monkeypatch):
    free = threading.Event()
    execute(database, AddSource(publisher.feed("/quick", NEWS), "快"), Actor("李敏"), now)
    execute(
        database, AddSource(publisher.feed("/slow", [("慢源的新闻", "内容", NEWS[0][2])]), "慢"), Actor("李敏"), now
    )
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
    execute(database, AddSource(publisher.base + "/a"), Actor("李敏"), now)
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
def test_redirects_lead_outward_only(here, target, refused):
    addresses = {
        Reach.PUBLIC: "93.184.216.34",
        Reach.INTRANET: "10.1.2.3",
        Reach.MACHINE: "127.0.0.1",
        Reach.LINK: "169.254.169.254",
    }

    async def resolve(host):
        return [addresses[{"here.example": here, "there.example": target}[host]]]

    async def step():
        web = Web(resolve)
        try:
            await web._check_step("http://here.example/", "http://there.example/")
        finally:
            await web.close()

    if refused:
        with pytest.raises(FetchError, match="内部网络"):
            asyncio.run(step())
    else:
        asyncio.run(step())


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


def feed_of(number):
    items = "".join(f"<item><title>临江新闻第{i}条</title><guid>{i}</guid></item>" for i in range(number))
    return f'<rss version="2.0"><channel><title>源</title>{items}</channel></rss>'.encode()


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_packed_answer_that_breaks_off_loses_nothing(database, publisher, now, encoding):
    whole = (gzip if encoding == "gzip" else zlib).compress(feed_of(50))
    url = publisher.base + "/cut"
    publisher.pages["/cut"] = (200, {"Content-Encoding": encoding}, whole[: len(whole) // 2])
    execute(database, AddSource(url, "断的"), Actor("李敏"), now)
    collector = Collector(database, now)
    assert collector.round(now).failed == 1
    assert "没有传完" in list_sources(database, now)[0].said
    publisher.pages["/cut"] = (200, {"Content-Encoding": encoding}, whole)
    assert collector.round(now + timedelta(hours=1)).new == 50


def test_feed_that_breaks_off_is_read_again_though_it_says_nothing_changed(database, publisher, now):
    url, whole = publisher.base + "/cut", feed_of(50)
    publisher.pages["/cut"] = (200, {}, whole[: len(whole) // 2])
    execute(database, AddSource(url, "断的"), Actor("李敏"), now)
    collector = Collector(database, now)
    assert 10 < collector.round(now).new < 50
    assert "没有到结尾" in list_sources(database, now)[0].said
    publisher.pages["/cut"] = (200, {}, whole)
    collector.round(now + timedelta(hours=1))
    assert "结尾" not in list_sources(database, now)[0].said
    assert collector.round(now + timedelta(hours=2)).duplicates == 0  # 304 from now on


@pytest.mark.parametrize("after", [b"", b"\0" * 512, b"\r\n"], ids=["nothing", "zeros", "a line"])
def test_packed_answer_of_several_members_is_read_whole(database, publisher, now, after):
    body = feed_of(10)
    packed = gzip.compress(body[:300]) + gzip.compress(body[300:]) + after
    publisher.pages["/two"] = (200, {"Content-Encoding": "gzip"}, packed)
    execute(database, AddSource(publisher.base + "/two", "两段"), Actor("李敏"), now)
    assert Collector(database, now).round(now).new == 10


@pytest.mark.parametrize("name", ["ETag", "Last-Modified", "Set-Cookie"])
def test_header_that_cannot_be_sent_back_is_not(database, publisher, now, name):
    url = publisher.base + "/odd"
    odd = "k=临江".encode().decode("latin-1")
    publisher.pages["/odd"] = (200, {name: odd}, feed_of(3))
    publisher.pages["/there"] = (302, {"Location": "/odd", name: odd}, b"")
    execute(database, AddSource(publisher.base + "/there", "怪的"), Actor("李敏"), now)
    execute(database, AddSource(url, "也怪"), Actor("李敏"), now)
    collector = Collector(database, now)
    assert [collector.round(now + timedelta(hours=h)).failed for h in range(3)] == [0, 0, 0]


@pytest.mark.parametrize("order", [1, -1], ids=["newest first", "oldest first"])
def test_of_a_feed_without_end_both_ends_are_read_and_the_office_is_told(database, publisher, now, order):
    items = [f"<item><title>临江新闻第{i}条</title><guid>{i}</guid></item>" for i in range(700)]
    body = f'<rss version="2.0"><channel><title>源</title>{"".join(items[::order])}</channel></rss>'
    publisher.pages["/long"] = (200, {}, body.encode())
    execute(database, AddSource(publisher.base + "/long", "长的"), Actor("李敏"), now)
    assert Collector(database, now).round(now).new == 500
    assert "200 条没有读" in list_sources(database, now)[0].said
    with database.read() as connection:
        keys = {item.title for item in articles.by_ids(connection, list(range(1, 501)))}
    assert {"临江新闻第0条", "临江新闻第699条"} <= keys


def test_source_that_would_fill_the_disk_waits_a_day(database, publisher, now, monkeypatch):
    monkeypatch.setattr(collect, "CHARACTERS_A_DAY", 1000)
    url = publisher.feed("/much", [(f"临江新闻第{i}条", "内容" * 300, "2026-11-20T03:00:00Z") for i in range(3)])
    execute(database, AddSource(url, "多的"), Actor("李敏"), now)
    collector = Collector(database, now)
    assert collector.round(now).new == 3
    assert "明天再采" in list_sources(database, now)[0].said
    publisher.feed("/much", [("临江新闻又一条", "内容", "2026-11-20T03:00:00Z")])
    assert collector.round(now + timedelta(hours=20), due_only=True).new == 0
    assert collector.round(now + timedelta(hours=25), due_only=True).new == 1
    assert "明天再采" not in list_sources(database, now)[0].said


def test_source_that_fills_its_memory_is_named_and_the_others_go_on(database, publisher, now):
    bomb = b'{"version":"https://jsonfeed.org/version/1","items":[' + b"[[]]," * 3_900_000 + b"1]}"
    publisher.pages["/bomb"] = (200, {}, bomb)
    execute(database, AddSource(publisher.base + "/bomb", "出格的"), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", NEWS), "好的"), Actor("李敏"), now)
    report = Collector(database, now).round(now)
    assert (report.new, report.failed) == (1, 1)
    said = {view.source.name: view.said for view in list_sources(database, now)}
    assert "512 MB" in said["出格的"] and "MB" not in said["好的"]


def test_fetcher_that_is_let_go_of_takes_its_thread_along():
    fetcher = Fetcher()
    thread = fetcher._thread
    del fetcher
    thread.join(5)
    assert not thread.is_alive()


def test_half_a_character_costs_no_source_and_no_item(database, publisher, now):
    rows = [{"title": f"临江新闻{i}\ud800b", "url": f"http://x.example/{i}"} for i in range(3)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "\udfff", "items": rows}
    publisher.pages["/list"] = (200, {}, json.dumps(rows).encode())
    publisher.pages["/feed"] = (200, {}, json.dumps(feed).encode())
    execute(database, AddSource(publisher.base + "/list", kind="hotlist"), Actor("李敏"), now)
    execute(database, AddSource(publisher.base + "/feed"), Actor("李敏"), now)
    report = Collector(database, now).round(now)
    assert (report.new, report.failed) == (6, 0)


def test_items_that_were_skipped_are_told_of_on_the_page(database, publisher, now):
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [1, {"title": "临江新闻"}, None]}
    publisher.pages["/feed"] = (200, {}, json.dumps(feed).encode())
    execute(database, AddSource(publisher.base + "/feed"), Actor("李敏"), now)
    assert Collector(database, now).round(now).new == 1
    assert "有 2 条" in list_sources(database, now)[0].said


def test_what_cannot_be_stored_is_the_fault_of_its_source(database, publisher, now, monkeypatch):
    for name in ("坏", "好"):
        execute(database, AddSource(publisher.feed(f"/{ord(name)}", NEWS), name), Actor("李敏"), now)
    keep = Collector._keep

    def choking(self, result, now):
        if result.source.name == "坏":
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        return keep(self, result, now)

    monkeypatch.setattr(Collector, "_keep", choking)
    collector = Collector(database, now)
    report = collector.round(now)
    assert (report.new, report.failed) == (1, 1)
    assert "存不下来" in {view.source.name: view.said for view in list_sources(database, now)}["坏"]


def test_outlines_that_are_no_addresses_are_left_out(tmp_path):
    said = ["http://x.example/a", "http://[x", "ftp://x/", "http://x.example/&#xD800;b", "http://x:99999999/"]
    rows = "".join(f'<outline xmlUrl="{url}" title="源&#0;"/>' for url in said)
    path = tmp_path / "源.opml"
    path.write_text(f"<opml><body>{rows}</body></opml>", "utf-8")
    assert [outline.url for outline in read_opml(path)] == ["http://x.example/a", "http://x.example/\ufffdb"]


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 50, b"<opml/>", b"{}", b"<opml><body><outline", b"<!DOCTYPE a [" * 9999]
)
def test_file_that_is_no_list_is_refused_with_a_sentence(tmp_path, body):
    path = tmp_path / "源.opml"
    path.write_bytes(body)
    with pytest.raises(InputError, match="没有添加任何信源"):
        read_opml(path)


@pytest.mark.parametrize(
    "body", [b"{", b"[1,", b'{"a": "\\ud800"}', b"<", b"<a>", b"<html><a href='http://[x'>x</a>", b"\xff"]
)
def test_address_that_offers_nothing_is_refused_with_a_sentence(publisher, now, body):
    publisher.pages["/"] = (200, {}, body)
    with pytest.raises(SourceError):
        find_offers(publisher.base + "/", now)
