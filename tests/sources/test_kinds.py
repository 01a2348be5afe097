"""Sources of every kind, each from a real server or a real file."""

import json
import os

import pytest

from desk.collecting.collect import Collector
from desk.collecting.sourcework import export_sources, find_offers, list_sources, ranks_of
from desk.execute import execute
from desk.topics.monitor import article_page
from domain.article import SourceState, SourceTier
from domain.errors import SourceError
from domain.person import Actor
from domain.steps.sources import AddSource, ChangeSources, ImportSources, RemoveSources
from domain.times import china
from sources.feeds import read_feed
from sources.hotlists import read_hotlist
from sources.listing import Link, links_of, propose
from sources.pages import read_article

LIST = """<html><head><title>临江市政府 通知公告</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/xxgk/">信息公开</a><a href="/hd/">互动</a></div>
<ul class="list">
<li><a href="/art/2026/11/20/art_12_301.html" title="关于做好寒潮防御工作的紧急通知">关于做好寒潮防御工作的…</a><span>2026-11-20</span></li>
<li><a href="/art/2026/11/19/art_12_300.html">江北大桥夜间封闭施工公告</a><span>2026-11-19</span></li>
<li><a href="/art/2026/11/18/art_12_299.html">临江市供暖服务电话一览</a><span>2026-11-18</span></li>
</ul><div class="foot"><a href="/about.html">关于我们网站</a></div></body></html>"""
PAGE = """<html><head><title>{title}</title>{meta}</head><body><div class="nav">首页 信息公开</div><h1>{title}</h1>
<div class="info">发布时间：2026-11-20 09:30　来源：临江市气象局　浏览次数：12</div>
<div class="content"><p>受强冷空气影响，我市今夜起气温骤降，最低气温将达零下四度。</p>
<p>请各单位做好供水管道防冻和困难群众取暖工作，值班电话保持畅通。</p></div></body></html>"""


def pages(publisher, robots=b""):
    publisher.pages["/tz/"] = (200, {"Content-Type": "text/html"}, LIST.encode())
    publisher.pages["/robots.txt"] = (200 if robots else 404, {}, robots)
    for i in (299, 300, 301):
        day = i - 281
        body = PAGE.format(title=f"公告{i}", meta="").encode("gb18030")
        publisher.pages[f"/art/2026/11/{day}/art_12_{i}.html"] = (200, {"Content-Type": "text/html"}, body)


def test_articles_of_a_list_page_are_proposed_by_the_form_of_their_addresses():
    best = propose(LIST, "http://www.linjiang.example/tz/")[0]
    assert best.links[0].title == "关于做好寒潮防御工作的紧急通知"
    assert len(best.links) == 3 and best.links[1].date == "2026-11-19"


@pytest.mark.parametrize("options", [{"selector": "ul.list li a"}, {"pattern": r"/art/\d+/"}])
def test_list_page_is_read_by_selector_or_pattern(options):
    title, links = links_of(LIST, "http://www.linjiang.example/tz/", options)
    assert title == "临江市政府 通知公告" and len(links) == 3
    assert links[1].url == "http://www.linjiang.example/art/2026/11/19/art_12_300.html"


def test_article_page_gives_text_date_and_source_line(now):
    link = Link("http://x/1.html", "寒潮防御紧急通知", "11-20")
    article = read_article(PAGE.format(title="寒潮防御紧急通知", meta=""), link, now)
    assert "零下四度" in article.text and "浏览次数" not in article.text
    assert article.publisher == "临江市气象局"
    assert china(article.published_at).strftime("%Y-%m-%d %H:%M") == "2026-11-20 09:30"


def test_government_meta_names_date_and_source(now):
    meta = '<meta name="PubDate" content="2026-11-20 08:15"><meta name="ContentSource" content="市政府办">'
    article = read_article(PAGE.format(title="通知", meta=meta), Link("http://x/1", "通知公告一则", ""), now)
    assert article.publisher == "市政府办" and china(article.published_at).hour == 8


def test_list_page_is_collected_and_its_articles_are_fetched_once(database, publisher, now):
    pages(publisher)
    execute(
        database, AddSource(publisher.base + "/tz/", kind="page", options={"pattern": r"/art/\d+/"}), Actor("李敏"), now
    )
    collector = Collector(database, now)
    assert collector.round(now).new == 3
    asked = len(publisher.asked)
    publisher.pages["/tz/"] = (200, {}, LIST.replace("2026-11-18", "2026-11-17").encode())
    assert collector.round(now).new == 0
    assert len([path for path, _ in publisher.asked[asked:] if path.startswith("/art/")]) == 0
    assert {a.source for a in article_page(database, 0, 9)} == {"临江市气象局"}


def test_robots_txt_is_respected_for_pages(database, publisher, now):
    pages(publisher, b"User-agent: *\nDisallow: /tz/")
    execute(
        database, AddSource(publisher.base + "/tz/", kind="page", options={"pattern": r"/art/\d+/"}), Actor("李敏"), now
    )
    report = Collector(database, now).round(now)
    assert report.failed == 1 and "robots.txt" in str(report.sources[0][3])


def test_site_offers_its_declared_feed_before_its_list(publisher, now):
    pages(publisher)
    feed = publisher.feed("/rss/tz.xml", [("临江寒潮", "降温", "2026-11-20T08:00:00+08:00")])
    head = f'<head><link rel="alternate" type="application/rss+xml" href="{feed}">'
    publisher.pages["/tz/"] = (200, {}, LIST.replace("<head>", head).encode())
    offers = find_offers(publisher.base + "/tz/", now)
    assert [offer.kind for offer in offers][:2] == ["feed", "page"] and offers[0].url == feed


def test_json_feed_is_read_like_any_feed(now):
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "临江发布",
            "items": [
                {"id": "1", "title": "公告", "content_text": "水压 < 0.2 兆帕", "url": "/a", "date_published": "2026-11-20T08:00:00+08:00"},
                {"id": "2", "content_html": "<p>没有标题的一条</p>"},
            ],
        }
    )  # fmt: skip
    feed = read_feed(body.encode(), None, now, "http://x.example/feed.json")
    assert feed.articles[0].text == "水压 < 0.2 兆帕" and feed.articles[0].url == "http://x.example/a"
    assert feed.articles[1].title == "没有标题的一条"


HOT = {"data": {"list": [{"word": f"话题{i}", "num": f"{90 - i}.5万", "url": f"/hot/{i}"} for i in range(5)]}}


def test_hot_list_is_found_in_json_without_being_told(now):
    feed = read_hotlist(json.dumps(HOT), {}, "榜", "http://x.example/", now)
    assert [a.title for a in feed.articles][:2] == ["话题0", "话题1"]
    assert feed.articles[0].url == "http://x.example/hot/0"
    assert (feed.ranks[1].rank, feed.ranks[1].heat) == (2, 895_000)


def test_item_that_moves_on_a_hot_list_is_one_article_with_its_history(database, publisher, now):
    publisher.pages["/hot"] = (200, {}, json.dumps(HOT).encode())
    id = execute(database, AddSource(publisher.base + "/hot", "热榜", kind="hotlist"), Actor("李敏"), now)
    collector = Collector(database, now)
    assert collector.round(now).new == 5
    HOT2 = {"data": {"list": HOT["data"]["list"][::-1]}}
    publisher.pages["/hot"] = (200, {}, json.dumps(HOT2).encode())
    assert collector.round(now).new == 0
    key = read_hotlist(json.dumps(HOT), {}, "", "", now).articles[0].key
    assert [rank.rank for _, rank in ranks_of(database, id, key)] == [1, 5]


def test_folder_gives_its_whole_files_and_names_the_broken_one(database, tmp_path, now):
    folder = tmp_path / "导出"
    folder.mkdir()
    (folder / "热线.csv").write_text("标题,内容\n小区停水,三天没水\n", "gb18030")
    (folder / "坏.xlsx").write_bytes(b"not a table")
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    (folder / "正在写.csv").write_text("标题,内容\n写了一半", "utf-8")
    execute(database, AddSource(str(folder)), Actor("李敏"), now)
    collector = Collector(database, now)
    assert collector.round(now).new == 1
    (view,) = list_sources(database, now)
    assert view.source.kind == "folder" and "坏.xlsx" in view.said
    assert collector.round(now).sources[0][1:3] == (0, 0)


def test_opml_out_and_in_keeps_names_tiers_and_tags(database, tmp_path, now, publisher):
    url = publisher.feed("/a", [])
    execute(
        database, AddSource(url, "临江日报", SourceTier.CITY, place="临江", tags=("党报", "重点")), Actor("李敏"), now
    )
    path = tmp_path / "o.opml"
    assert export_sources(database, path).count == 1
    (view,) = list_sources(database, now)
    pass

    execute(database, RemoveSources((view.source.id,)), Actor("李敏"), now)
    assert execute(database, ImportSources(path), Actor("李敏"), now) == (1, 0)
    source = list_sources(database, now)[0].source
    assert (source.name, source.tier, source.place, source.tags) == (
        "临江日报",
        SourceTier.CITY,
        "临江",
        ("党报", "重点"),
    )


def test_encoding_of_one_source_can_be_overridden(database, publisher, now):
    xml = '<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><item><title>臨江地鐵恢復營運</title></item></channel></rss>'
    publisher.pages["/b5"] = (200, {}, xml.encode("big5"))
    url = publisher.base + "/b5"
    id = execute(database, AddSource(url), Actor("李敏"), now)
    execute(database, ChangeSources((id,), encoding="big5"), Actor("李敏"), now)
    Collector(database, now).round(now)
    assert article_page(database, 0, 1)[0].title == "臨江地鐵恢復營運"


def test_page_without_articles_says_what_to_do():
    with pytest.raises(SourceError, match="重新识别"):
        links_of("<html><body><p>空</p></body></html>", "http://x/", {"pattern": "/art/"})


def test_silent_source_is_told_with_its_usual_rhythm(database, publisher, now):
    items = [(f"第{i}条新闻内容", "", f"2026-11-15T{8 + i:02d}:00:00+08:00") for i in range(8)]
    execute(database, AddSource(publisher.feed("/a", items), "停更的源"), Actor("李敏"), now)
    Collector(database, now).round(now)
    (view,) = list_sources(database, now)
    assert view.state is SourceState.SILENT and "平时约每 1 小时 一条" in view.said
