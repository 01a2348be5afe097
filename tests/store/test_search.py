"""Finding articles, and personal data in them."""

from datetime import timedelta

import pytest

from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import mark_read, search_articles
from domain.article import SourceTier
from domain.person import Actor
from domain.query import ArticleFilter, Order
from domain.steps.sources import AddSource


@pytest.fixture
def stream(database, publisher, now):
    items = [
        ("江北化工园区发生爆炸", "消防已到场。", "2026-11-20T08:00:00+08:00"),
        ("市民关心空气质量", "化工园区爆炸后，居民询问空气质量。" + "其他内容。" * 40, "2026-11-20T09:00:00+08:00"),
        *((f"图书馆夜场第{i}场", "阅读。", f"2026-11-01T{i:02d}:00:00+08:00") for i in range(12)),
    ]
    execute(
        database, AddSource(publisher.feed("/a", items), "临江日报", SourceTier.CITY, place="临江"), Actor("李敏"), now
    )
    execute(database, AddSource(publisher.feed("/b", [("外地化工园区爆炸演练", "演练。", "2026-11-20T10:00:00+08:00")]), "邻省网", SourceTier.PROVINCE), Actor("李敏"), now)  # fmt: skip
    Collector(database, now).round(now)


def titles(found):
    return [article.title for article in found]


def test_title_counts_more_than_text(database, stream):
    assert titles(search_articles(database, "化工园区 爆炸"))[-1] == "市民关心空气质量"


def test_newest_first_when_asked(database, stream):
    ids = [article.id for article in search_articles(database, "化工园区", order=Order.TIME)]
    assert ids == sorted(ids, reverse=True) and len(ids) == 3


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (ArticleFilter(tier="province"), {"外地化工园区爆炸演练"}),
        (ArticleFilter(place="临江"), {"江北化工园区发生爆炸", "市民关心空气质量"}),
    ],
)
def test_search_is_narrowed_by_filters(database, stream, chosen, expected):
    assert set(titles(search_articles(database, "化工园区", chosen=chosen))) == expected


def test_what_is_read_is_left_out_when_only_unread_is_asked(database, stream, now):
    found = search_articles(database, "爆炸")
    mark_read(database, [found[0].id])
    unread = search_articles(database, "爆炸", chosen=ArticleFilter(unread=True, since=now - timedelta(days=3)))
    assert len(unread) == len(found) - 1


@pytest.mark.parametrize("query", ['"', "AND OR NOT", "*", "a:b", "' OR 1=1", "（）", " ", "爆炸 NOT 化工"])
def test_words_of_the_searchs_own_language_are_only_words_that_nothing_holds(database, stream, query):
    assert search_articles(database, query) == []


@pytest.mark.parametrize("query", ["化工*", '化工"', "-化工", "化工 * （"])
def test_signs_around_a_word_change_nothing(database, stream, query):
    assert titles(search_articles(database, query)) == titles(search_articles(database, "化工")) != []


def test_message_with_a_phone_number_is_marked(database, publisher, now):
    execute(
        database,
        AddSource(publisher.feed("/m", [("反映停水", "请联系13812345678", "2026-11-20T08:00:00+08:00")])),
        Actor("李敏"),
        now,
    )
    Collector(database, now).round(now)
    assert search_articles(database, "停水")[0].personal


def test_thousands_of_articles_are_read_alike_one_by_one_and_in_helpers(now):
    from desk.topics.understand import MANY, segmented, segmented_all
    from domain.article import Article

    items = [Article(str(i), f"滨河花园停水第{i}天", f"居民反映停水{i}小时。", "", now, now) for i in range(MANY)]
    together = segmented_all(items)
    assert [s.article.key for s in together] == [i.key for i in items]
    assert together[7] == segmented(items[7])
