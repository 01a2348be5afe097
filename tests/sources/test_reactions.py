"""How many people reacted, as feeds and tables say it."""

from datetime import UTC, datetime

import pytest

from domain.article import NO_REACTIONS, Reactions
from sources.feeds import read_feed
from sources.reactions import count_of
from sources.spreadsheets import read_whole

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
SLASH = 'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
RSS = '<rss version="2.0" {}><channel><title>源</title><item><title>东区停水三天</title>{}</item></channel></rss>'
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"><title>源</title>'
    "<entry><title>东区停水三天</title><thr:total>12</thr:total></entry></feed>"
)


@pytest.mark.parametrize(
    "said, count",
    [
        *[("2097", 2097), ("1,234", 1234), ("1.2万", 12_000), ("3亿次", 300_000_000), ("10万+", 100_000), (" 7 ", 7)],
        *[("", 0), ("—", 0), ("-5", 0), ("很多", 0), ("1e9", 0), (None, 0), (True, 0), ("9" * 15, 10**10)],
        *[("9" * 400, 0), ("1." + "9" * 400, 0)],
    ],
)
def test_count_is_read_as_publishers_write_it(said, count):
    assert count_of(said) == count


@pytest.mark.parametrize("more", ["", "<media:x xmlns:media='http://x.example/'/>"], ids=["plain", "by feedparser"])
def test_feed_gives_its_comments(more):
    feed = read_feed(RSS.format(SLASH, f"<slash:comments>5</slash:comments>{more}").encode(), None, NOW)
    assert [item.reactions for item in feed.articles] == [Reactions(comments=5)]


def test_atom_thread_gives_its_comments():
    assert [item.reactions for item in read_feed(ATOM.encode(), None, NOW).articles] == [Reactions(comments=12)]


def test_table_gives_comments_likes_and_views(tmp_path):
    path = tmp_path / "热线.csv"
    path.write_text("标题,点赞数,评论量,阅读量\n供暖不热已经三天,2097,,1.2万\n路灯不亮,无,0,\n", "utf-8")
    articles, _ = read_whole(path, {}, NOW)
    assert [item.reactions for item in articles] == [Reactions(likes=2097, views=12_000), NO_REACTIONS]
