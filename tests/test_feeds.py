"""Reading feeds, dates and text as publishers really write them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.errors import SourceError
from domain.times import CHINA, parse_moment
from sources import fastfeeds
from sources.clean import clean_text
from sources.dates import published_at
from sources.feeds import _parse, article_of, read_feed

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
    body = body.replace("国标", "").encode(encoding)
    assert read_feed(body, None, NOW).articles[0].title == title


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
        slow = [article_of(entry, NOW, base) for entry in _parse(xml)[1]]
        assert [article_of(entry, NOW, base) for entry in fast[1]] == slow


@given(st.binary(max_size=60), st.integers(0, 400), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_broken_feeds_are_read_or_refused_but_never_crash(noise, at, encoding):
    body = rss("<item><title>郑州地铁</title><guid>1</guid><pubDate>昨天 08:15</pubDate></item>").encode(encoding)
    with suppress(SourceError):
        read_feed(body[:at] + noise + body[at:], None, NOW)
