"""Reading feeds, dates and text as publishers really write them."""

import html
import re
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

import nh3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from domain.article import Article, article_key, storable
from domain.errors import SourceError
from domain.times import CHINA, parse_moment
from sources import fastfeeds
from sources.clean import clean_text, clean_title
from sources.dates import published_at, read_date
from sources.feeds import article_of, legal, parsed, read_feed, without_prolog
from sources.links import web_address

NOW = parse_moment("2026-11-20T12:00")


def rss(items: str, declaration: str = '<?xml version="1.0"?>') -> str:
    return f"{declaration}<rss version='2.0'><channel><title>国标</title>{items}</channel></rss>"


@pytest.mark.parametrize("declaration", ['<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-8"?>', ""])
def test_gbk_bytes_come_out_right_whatever_they_declare(declaration):
    body = rss("<item><title>郑州地铁五号线恢复运营</title><guid>1</guid></item>", declaration).encode("gbk")
    assert read_feed(body, None, NOW).articles[0].title == "郑州地铁五号线恢复运营"


def test_entities_are_not_expanded():
    text = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "哈哈">]>' + rss("<item><title>题&a;</title></item>", "")
    assert "哈哈" not in read_feed(text.encode(), None, NOW).articles[0].title


def test_web_page_is_refused_with_what_to_do():
    with pytest.raises(SourceError, match="网页"):
        read_feed(b"<!doctype html><html><body>login</body></html>", None, NOW)


def test_items_with_one_guid_become_one_article():
    items = "".join(f"<item><title>第{i}条</title><guid>same</guid></item>" for i in range(50))
    assert len(read_feed(rss(items).encode(), None, NOW).articles) == 1


def test_script_and_remote_content_leave_only_text():
    assert clean_text("<p>你好<script>alert(1)</script></p><img src='http://x/'><p>再见</p>") == "你好\n再见"


def test_invisible_characters_are_removed():
    assert clean_text("正常\u202e反向\u200b零宽\ufeff") == "正常反向零宽"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Fri, 20 Nov 2026 02:30:00 GMT", datetime(2026, 11, 20, 2, 30, tzinfo=UTC)),
        ("2026-11-20T10:30:00+08:00", datetime(2026, 11, 20, 2, 30, tzinfo=UTC)),
        ("2019年6月29日", datetime(2019, 6, 29, tzinfo=CHINA)),
        ("11-19 10:30", datetime(2026, 11, 19, 10, 30, tzinfo=CHINA)),
        ("12-31 10:30", datetime(2025, 12, 31, 10, 30, tzinfo=CHINA)),
        ("3小时前", NOW - timedelta(hours=3)),
        ("昨天 08:15", datetime(2026, 11, 19, 8, 15, tzinfo=CHINA)),
        ("今天凌晨12:30", datetime(2026, 11, 20, 0, 30, tzinfo=CHINA)),
        ("2026年11月19日 凌晨12点30分", datetime(2026, 11, 19, 0, 30, tzinfo=CHINA)),
        ("2026年11月19日 上午12:30", datetime(2026, 11, 19, 12, 30, tzinfo=CHINA)),
    ],
)
def test_dates_as_publishers_write_them(raw, expected):
    assert published_at(raw, NOW) == (expected, "")


@pytest.mark.parametrize("raw", ["Mon, 01 Jan 2099 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "不是日期", ""])
def test_unusable_date_becomes_the_fetch_time_and_is_marked(raw):
    moment, note = published_at(raw, NOW)
    assert moment == NOW and "采集时间" in note


@pytest.mark.parametrize(
    ("encoding", "title"), [("gb18030", "郑州地铁五号线恢复运营"), ("big5", "臨江地鐵恢復營運，市長說明")]
)
@pytest.mark.parametrize("declared", ["", ' encoding="utf-8"', ' encoding="iso-8859-1"'])
def test_characters_come_out_right_by_what_the_bytes_are(encoding, title, declared):
    body = rss(f"<item><title>{title}</title><guid>1</guid></item>", f'<?xml version="1.0"{declared}?>')
    coded = body.replace("国标", "").encode(encoding)
    assert read_feed(coded, None, NOW).articles[0].title == title


def test_one_broken_byte_leaves_utf8_readable():
    body = rss("<item><title>郑州地铁五号线恢复运营</title><guid>1</guid></item>").encode()
    assert "恢复运营" in read_feed(body.replace("郑".encode(), b"\xe9\x83"), None, NOW).articles[0].title


def test_relative_links_are_of_the_feeds_address():
    body = rss("<item><title>公告</title><link>/a/1.html</link><guid isPermaLink='false'>1</guid></item>").encode()
    assert read_feed(body, None, NOW, "http://x.example/rss.xml").articles[0].url == "http://x.example/a/1.html"


def test_guid_that_is_no_address_is_no_link():
    body = rss("<item><title>公告</title><guid>20261120-1</guid></item>").encode()
    assert read_feed(body, None, NOW, "http://x.example/rss.xml").articles[0].url == ""


words = st.text(st.sampled_from("临江通报 <>&;:/'\"a1-—\n\t。，"), max_size=30)
links = st.sampled_from(
    ["", "http://x.example/1?a=1&b=2", "/a/1.html", "javascript:alert(1)", " https://x.example/二 "]
)
dates = st.sampled_from(
    ["", "Fri, 20 Nov 2026 02:30:00 GMT", "2026-11-20 10:30", "3小时前", "2026-11-20T10:30:00+08:00"]
)


@given(
    st.lists(st.tuples(words, words, links, dates, words, st.booleans()), max_size=4), st.sampled_from(["rss", "atom"])
)
@example([("", "&a;", "", "", "", False)], "rss")
def test_fast_path_gives_what_feedparser_gives_or_steps_aside(items, form):
    def part(name, text, cdata=False, extra=""):
        inner = f"<![CDATA[{text.replace(']]>', '')}]]>" if cdata else escape(text)
        return f"<{name}{extra}>{inner}</{name}>"

    rows = []
    for title, text, link, date, guid, cdata in items:
        if form == "rss":
            rows.append(
                "<item>" + part("title", title, cdata) + part("link", link) + part("guid", guid)
                + part("description", text, cdata) + part("pubDate", date) + "</item>"
            )  # fmt: skip
        else:
            rows.append(
                "<entry>" + part("title", title, cdata) + f"<link href={quoteattr(link)}/>" + part("id", guid)
                + part("summary", text, cdata, ' type="html"') + part("updated", date) + "</entry>"
            )  # fmt: skip
    head, tail = {
        "rss": ('<rss version="2.0"><channel><title>源</title>', "</channel></rss>"),
        "atom": ('<feed xmlns="http://www.w3.org/2005/Atom"><title>源</title>', "</feed>"),
    }[form]
    xml = head + "".join(rows) + tail
    fast = fastfeeds.parse(xml)
    if fast is not None:
        base = "http://x.example/"
        slow = [article_of(entry, NOW, base) for entry in parsed(xml)[1]]
        assert [article_of(entry, NOW, base) for entry in fast[1]] == slow


@given(st.binary(max_size=60), st.integers(0, 400), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_broken_feeds_are_read_or_refused_but_never_crash(noise, at, encoding):
    body = rss("<item><title>郑州地铁</title><guid>1</guid><pubDate>昨天 08:15</pubDate></item>").encode(encoding)
    with suppress(SourceError):
        read_feed(body[:at] + noise + body[at:], None, NOW)


THREE = "".join(
    f"<item><title>第{i}条</title><guid>{i}</guid><link>http://x.example/{i}</link>%s</item>" % ("%s" if i == 1 else "")
    for i in range(3)
)


@pytest.mark.parametrize(
    "odd",
    [
        "<pubDate>0001-01-01T00:00:00</pubDate>", "<pubDate>9999-12-31T23:59:59-08:00</pubDate>",
        "<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>", f"<pubDate>{'9' * 5000}天前</pubDate>",
        "<pubDate>99999999999天前</pubDate>", f"<pubDate>{'1' * 100_000}</pubDate>",
        "<link>http://[x</link>", "<link>http://x:99999999/</link>", "<link>http://\u2100.example/</link>",
        "<link>&#xD800;</link>", "<description>&#xD800;</description>", "<description>&#0;</description>",
        "<description>&#99999999999;</description>", f"<description>&#{'9' * 6000};</description>",
        "<description>&amp;#xD800; &amp;#" + "9" * 6000 + ";</description>", "<description>\x00\x0b\ufffe</description>",
        "<published_parsed a='1'/>", "<links a='1'/><link>x</link>", "<guidislink a='1'/>", "<content_detail/>",
        "<source><title a='1'/></source>", "<description><![CDATA[<!DOCTYPE a [ <item> ]]></description>",
    ],
)  # fmt: skip
def test_odd_item_costs_its_neighbours_nothing(odd):
    feed = read_feed(rss(THREE % odd).encode("utf-8", "surrogatepass"), None, NOW, "http://x.example/rss")
    assert {"第0条", "第2条"} <= {item.title for item in feed.articles}
    assert len(feed.articles) + feed.skipped == 3


def test_item_that_cannot_be_read_is_counted_and_its_neighbours_are_read(monkeypatch):
    whole = parsed

    def choke(text):
        if "第1" in text:
            raise AssertionError("broken markup makes feedparser's parts raise")
        return whole(text)

    monkeypatch.setattr("sources.feeds.parsed", choke)
    items = "".join(f"<item><title>第{i}条</title><guid>{i}</guid></item>" for i in range(40))
    feed = read_feed((rss(items) + "<").encode(), None, NOW)
    assert len(feed.articles) == 29 and feed.skipped == 11 and "11 条" in feed.notice


def test_document_type_inside_cdata_is_text():
    items = "".join(f"<item><title>第{i}条</title><description><![CDATA[<!DOCTYPE html>]]></description></item>" for i in range(3))  # fmt: skip
    assert len(read_feed(rss(items).encode(), None, NOW).articles) == 3


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE rss>", '<!DOCTYPE rss PUBLIC "-//x//>" \'>\'>', "<!DOCTYPE rss [<!ENTITY a \"]>\"> <!-- ' -->]>",
        "<!doctype rss [ <?pi ]> ?> ] >", "<!-- <rss> --><?a?>\n<!DOCTYPE rss [ %x; ]><!-- -->", "\ufeff \n",
    ],
)  # fmt: skip
def test_what_stands_before_the_first_element_is_passed_over(prolog):
    text = prolog + rss("<item><title>公告</title></item>", "")
    assert without_prolog(text) == rss("<item><title>公告</title></item>", "")


# Texts that make a careless reader look at everything again for each of their pieces.
HOSTILE = [
    "<!DOCTYPE rss [" + "<!---->" * 30 + '"<rss>', "<!DOCTYPE rss [" + "<!--" * 60_000, "<!DOCTYPE rss [" + '"' * 99_999,
    "<!DOCTYPE [" + "[]" * 90_000, "<!--" * 60_000, "<?" * 90_000, "\n" * 200_000, "<script>" * 50_000,
    "<script" * 50_000, "<br" * 90_000, "<" * 200_000, "&" * 200_000, "&#" * 99_999, "&#" + "1" * 200_000,
    "<a ='" * 50_000, '<a b="' * 50_000, "<a " + "x " * 99_000, "<a " + "=" * 199_000, "<!-- >" * 40_000,
    "<div>" * 50_000, "<b><i><u>" * 20_000, "".join(f"<font size={i}>" for i in range(15_000)), "<table>x" * 30_000,
    "</" * 99_000, "<![CDATA[" * 25_000, " " * 200_000, "\u3000x" * 99_000, "1" * 200_000, "1-" * 99_000,
    "2026年" * 60_000, "今天 " * 60_000, "<item>" * 40_000, "<item/>" * 40_000, "<rss><item>" * 20_000, "]]>" * 60_000,
    "<title>" * 30_000, "<x:y " * 50_000, "<feed " * 50_000, "<" + "a" * 200_000, "<" + "a:" * 90_000, "[" * 200_000,
    '{"a":' * 40_000, "[1," * 60_000, '{"items":[' + "{}," * 60_000, "charset=" * 25_000, "<meta " * 30_000,
]  # fmt: skip


@pytest.mark.parametrize("read", [clean_text, clean_title, without_prolog, legal, lambda t: read_date(t, NOW)])
def test_no_text_takes_longer_than_in_proportion(read):
    for text in HOSTILE:
        began = time.process_time()
        read(text)
        assert time.process_time() - began < 2.0, text[:20]


@pytest.mark.parametrize(
    "wrapped", ["%s", "<rss version='2.0'><channel><item><title>%s</title></item></channel></rss>"]
)
def test_no_feed_takes_longer_than_in_proportion(wrapped):
    for text in HOSTILE:
        some = wrapped % text[: len(text) // 4]
        began = time.process_time()
        with suppress(SourceError):
            read_feed(some.encode(), None, NOW)
        assert time.process_time() - began < 0.6, text[:20]


@pytest.mark.parametrize("title", ["don&#146;t", "don\x92t", "donâ\x80\x99t"])
def test_windows_leftovers_are_mended_alike_by_both_paths(title):
    xml = f"<rss version='2.0'><channel><title>源</title><item><title>{title}</title></item></channel></rss>"
    fast = fastfeeds.parse(xml)
    assert fast is not None and fast[1][0]["title"] == parsed(xml)[1][0]["title"] == "don’t"


def test_entry_of_atom_whose_only_address_is_its_id_links_there():
    def link(id, head=""):
        xml = f"<feed xmlns='http://www.w3.org/2005/Atom'{head}><entry><title>公告</title><id>{id}</id></entry></feed>"
        return read_feed(xml.encode(), None, NOW, "http://x.example/feed").articles[0].url

    assert link("http://x.example/1") == "http://x.example/1"
    assert link("/a/1.html") == "http://x.example/a/1.html"
    assert link("1.html", " xml:base='http://y.example/a/'") == "http://y.example/a/1.html"
    assert link("urn:uuid:1") == link("20261120-1") == link("tag:x.example,2026:1") == ""


@given(st.text(st.characters(), max_size=40), st.text(max_size=700), st.text(st.characters(), max_size=40))
def test_every_article_can_be_stored_and_written_down(title, guid, publisher):
    key = article_key(guid, "", title, "")
    item = Article(key, title, title + "\ud800\x00", "http://x/\ud800", NOW, NOW, publisher)
    assert item.key == key and len(key) <= 400
    for text in (item.key, item.title, item.text, item.url, item.publisher):
        etree.Element("a").text = text.encode().decode()


@given(st.text(max_size=900), st.text(max_size=900))
def test_keys_of_two_guids_differ_wherever_the_guids_do(one, other):
    same = storable(one) == storable(other)
    assert same or not (one and other) or article_key("x" * 390 + one, "", "", "") != article_key("x" * 390 + other, "", "", "")  # fmt: skip


@pytest.mark.parametrize("year", [1, 33, 1899, 2200, 9999])
def test_year_that_cannot_be_reckoned_with_becomes_the_fetch_time(year):
    item = Article("k", "公告", "", "", datetime(year, 6, 1, tzinfo=UTC), NOW)
    assert item.published_at == NOW and item.date_note


said_dates = st.text(max_size=120) | st.from_regex(r"[0-9年月日T:+./ -]{1,60}", fullmatch=True)


@given(said_dates, st.timedeltas(-timedelta(days=300), timedelta(days=40)))
def test_any_words_are_a_date_near_enough_or_none(raw, later):
    now = NOW + later
    moment, note = published_at(raw, now)
    assert note or 1990 <= moment.year <= 2026


@given(
    st.text(st.sampled_from("http:/[]@?#%&;\\. x\ud800\u2100ａ1:9"), max_size=40),
    st.sampled_from(["", "http://x.example/a/"]),
)
def test_any_words_are_an_address_that_opens_or_none(said, base):
    url = web_address(said, base)
    assert url == "" or (urlsplit(url).hostname and urlsplit(url).scheme in ("http", "https"))


@pytest.mark.parametrize(
    "name", ["idna", "punycode", "undefined", "unicode_escape", "utf-7", "a\x00b", "é", "x" * 9999]
)
def test_names_of_codecs_that_are_no_encodings_are_not_believed(name):
    body = rss("<item><title>郑州地铁五号线恢复运营</title></item>").encode()
    assert read_feed(body, name, NOW, "", name).articles[0].title == "郑州地铁五号线恢复运营"


html_pieces = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b>", "</b>", "临江", "文 ", "&amp;", "&lt;", "&#146;", "<br/>", "&nbsp;", '<a href="x>y">',
         "</a>", "<", ">", "< b", "&", "&copy", "<img src=a>", "<!-- c -->", '"', "'", "\n", "<script>alert(1)</script>",
         "&#x4e00;", "</tr>", "&hellip;", "&foo;", "<h1>", "</h1>", "=", "<3", "<style>p{}</style>"]
    ),
    max_size=12,
)  # fmt: skip


@given(html_pieces)
def test_text_of_html_is_what_a_browsers_parser_makes_of_it(pieces):
    raw = "".join(pieces)
    marked = re.sub(r"<(br/|/p|/tr|/h1)>", r"\n<\1>", re.sub(r"<(script|style)>.*?</\1>", " ", raw))
    seen = html.unescape(nh3.clean(marked, tags=set(), attributes={}))
    lines = [re.sub(r"[ \xa0]+", " ", line).strip() for line in seen.split("\n")]
    assert clean_text(raw) == "\n".join(filter(None, lines))


def test_fast_path_steps_aside_for_an_entry_inside_a_picture():
    xml = "<rss version='2.0'><channel><title>源</title><image>%s</image></channel></rss>"
    assert fastfeeds.parse(xml % "<item></item>") is None
    assert fastfeeds.parse(xml % "<title>图</title>") == ("源", [])
