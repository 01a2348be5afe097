"""Reading feeds, dates and text as publishers really write them."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import SourceError
from domain.times import CHINA, parse_moment
from sources.clean import clean_text
from sources.dates import published_at
from sources.feeds import read_feed

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
