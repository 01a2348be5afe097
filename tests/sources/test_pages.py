"""List pages: everything they name comes in the end, whatever one of the pages does, and in time in proportion."""

import re
import time
from datetime import timedelta

import pytest

from desk.collecting.collect import Collector
from desk.collecting.sourcework import find_offers, list_sources
from desk.execute import execute
from domain.person import Actor
from domain.steps.sources import AddSource
from sources.listing import links_of, propose

BASE = "http://x.gov.example/tz/"


def add_page(database, url, now, name, pattern):
    execute(database, AddSource(url, name, kind="page", options={"pattern": pattern}), Actor("李敏"), now)


def listing(numbers, extra=""):
    rows = "".join(
        f'<li><a href="/art/{i}.html">关于第{i}号事项的通知公告</a><span>2026-11-20</span></li>' for i in numbers
    )
    return f"<html><head><title>通知公告</title></head><body><ul>{rows}</ul>{extra}</body></html>".encode()


def article(i):
    return f"<html><body><h1>公告{i}</h1><p>第{i}号事项已经办理完毕，特此公告，请各有关单位知悉并遵照执行。</p></body></html>".encode()


@pytest.fixture
def site(publisher):
    publisher.pages["/robots.txt"] = (404, {}, b"")

    def publish(numbers, extra=""):
        publisher.pages["/tz/"] = (200, {}, listing(numbers, extra))
        for i in numbers:
            publisher.pages[f"/art/{i}.html"] = (200, {}, article(i))
        return publisher.base + "/tz/"

    return publish


@pytest.fixture
def collected(database, now):
    collectors = []

    def begin(url):
        add_page(database, url, now, "通知", r"/art/\d+")
        collectors.append(Collector(database, now))
        return collectors[0]

    yield begin
    for collector in collectors:
        collector.close()


def asked(publisher, path):
    return sum(each == path for each, _ in publisher.asked)


def test_long_list_that_does_not_change_comes_whole_over_the_next_rounds(database, site, collected, publisher, now):
    collector = collected(site(range(45)))
    assert [collector.round(now + timedelta(minutes=i)).new for i in range(4)] == [20, 20, 5, 0]
    assert all(asked(publisher, f"/art/{i}.html") == 1 for i in range(45))
    with database.read() as connection:
        from store import sources

        assert sources.all_sources(connection)[0].etag  # when all is read, the list is asked for by its mark again


def test_rest_of_a_long_list_is_due_at_once(database, site, collected, now):
    collector = collected(site(range(25)))
    collector.round(now)
    assert collector.round(now + timedelta(minutes=2), due_only=True).new == 5


BAD = {
    "blank": (200, {}, b""),
    "spaces": (200, {}, b" \n "),
    "zeros": (200, {}, b"\x00" * 99),
    "gone": (404, {}, b""),
    "broken": (500, {}, b""),
    "packed": (200, {"Content-Encoding": "gzip"}, b"no gzip"),
    "elsewhere": (302, {"Location": "http://[x"}, b""),
}


@pytest.mark.parametrize("bad", BAD)
def test_page_of_one_article_costs_its_neighbours_nothing_and_comes_later(
    database, site, collected, publisher, now, bad
):
    collector = collected(site([1, 2, 3, 4]))
    publisher.pages["/art/2.html"] = BAD[bad]
    report = collector.round(now)
    assert (report.new, report.failed) == (3, 0)
    assert "有 1 篇" in list_sources(database, now)[0].said
    collector.round(now + timedelta(seconds=20))
    assert asked(publisher, "/art/2.html") == 1  # not asked at every turn
    publisher.pages["/art/2.html"] = (200, {}, article(2))
    assert collector.round(now + timedelta(hours=7)).new == 1
    assert "篇" not in list_sources(database, now)[0].said


def test_pages_that_always_fail_keep_nobody_waiting(database, site, collected, publisher, now):
    collector = collected(site(range(45)))
    for i in range(22):
        publisher.pages[f"/art/{i}.html"] = (404, {}, b"")
    assert sum(collector.round(now + timedelta(hours=7 * i)).new for i in range(3)) == 23


@pytest.mark.parametrize(
    "href", ["http://[x", "//[", "http://x:99999999/", "javascript:void(0)", "http://\ud800", "", "http://"]
)
def test_link_that_is_no_address_costs_the_page_nothing(database, site, collected, now, href):
    extra = f'<a href="{href}">一个写坏了的链接在这里</a>'.encode("utf-8", "replace").decode()
    collector = collected(site([1, 2, 3], extra))
    report = collector.round(now)
    assert (report.new, report.failed) == (3, 0)


def test_page_that_computes_for_ever_ends_its_process_and_not_ours(
    database, site, collected, publisher, now, monkeypatch
):
    """A pattern that looks back for ever holds the interpreter it runs in; it must not be ours."""
    from sources import workers

    monkeypatch.setattr(workers, "LIMITS", workers.Limits(1.0, 512, 20.0))
    site([1])
    publisher.pages["/tz/"] = (200, {}, f'<a href="/art/{"a" * 60}.html">关于一个事项的通知公告</a>'.encode())
    add_page(database, publisher.base + "/tz/", now, "坏", r"/art/(a|a)*$")
    collector = collected(publisher.feed("/feed", [("好的", "一条", "2026-11-20T08:00:00+08:00")]))
    began = time.process_time()
    collector.round(now)
    assert "算了 1 秒" in {view.source.name: view.said for view in list_sources(database, now)}["坏"]
    assert time.process_time() - began < 5


def test_article_page_that_ends_its_process_stops_the_round_of_this_list_only(
    database, site, collected, publisher, now, monkeypatch
):
    from sources import workers

    monkeypatch.setattr(workers, "LIMITS", workers.Limits(1.0, 512, 30.0))
    collector = collected(site(range(6)))
    for i in range(4):  # a page of four million elements, of which a tree would take gigabytes
        publisher.pages[f"/art/{i}.html"] = (200, {}, b"<b>" * 5_000_000)
    first = collector.round(now)
    assert first.failed == 0
    hours = [timedelta(hours=7 * i) for i in range(1, 5)]
    assert first.new + sum(collector.round(now + later).new for later in hours) == 2


ROWS = [
    lambda n: "<p>" + "".join(f'<a href="/art/{i}.html">关于第{i}号事项的通知</a>2026-11-20 ' for i in range(n)) + "</p>",
    lambda n: "".join(f'<li><a href="/art/{i}.html">关于第{i}号事项的通知</a><span>11-20</span></li>' for i in range(n)),
    lambda n: "<div>" * 200 + "".join(f'<a href="/art/{i}.html">第{i}号事项通知</a>' for i in range(n)),
    lambda n: "".join(f'<script>1</script>文字<a href="/art/{i}.html">第{i}号事项通知</a>' for i in range(n)),
    lambda n: f'<a href="/art/1.html">{"文字 <b>1</b>" * n * 9}</a>',
    lambda n: f'<a href="/art/1.html" title="{"1" * n * 20}">{"1" * n * 20}</a>',
    lambda n: "".join(f'<a href="/art/{i}.html" title="{"12-31 " * 30}">{"20261120 " * 30}</a>' for i in range(n)),
    lambda n: "<p>" + "文字" * n * 20 + "".join(f'<a href="/art/{i}.html"><i>第{i}号事项</i>通知</a>' for i in range(n)),
]  # fmt: skip


@pytest.mark.parametrize("row", range(len(ROWS)))
@pytest.mark.parametrize(
    "look", [lambda page: links_of(page, BASE, {"selector": "a"}), lambda page: propose(page, BASE)]
)
def test_list_of_many_links_takes_time_in_proportion(look, row):
    def seconds(n):
        page = ROWS[row](n)
        began = time.process_time()
        look(page)
        return time.process_time() - began

    seconds(10)  # which loads what it needs
    if seconds(2_000) > 0.1:
        # Twice as many take twice as long, not four times; a machine that is busy is asked again.
        ratios = (seconds(2_000) / seconds(1_000) for _ in range(5))
        assert any(ratio < 3.0 for ratio in ratios)


def test_text_around_a_link_is_that_of_its_row():
    page = """<table><tr><td><a href="/a/1.html"><img></a></td><td><a href="/a/1.html">关于<b>供暖</b>的通知</a></td>
    <td>2026-11-20</td></tr><tr><td><a href="/a/2.html" title="关于停水的完整标题">关于停水…</a></td><td>昨天 08:15</td></tr></table>
    <p>前言 2020-01-01 <a href="/a/3.html#x">关于停电的通知</a><!-- 2019-01-01 --><?x 2018-01-01?>（11-19）<script>2017-01-01</script></p>"""
    links = links_of(page, BASE, {"pattern": r"/a/\d"})[1]
    assert [(re.sub(r".*/", "", link.url), link.title, link.date) for link in links] == [
        ("1.html", "关于供暖的通知", "2026-11-20"),
        ("2.html", "关于停水的完整标题", "昨天 08:15"),
        ("3.html", "关于停电的通知", "2020-01-01"),
    ]


def test_broken_links_do_not_keep_a_page_from_being_offered(site, publisher, now):
    url = site([1, 2, 3], '<a href="http://[x">一个写坏了的链接</a>')
    assert find_offers(url, now)[-1].kind == "page"
