"""Finding articles, and personal data in them."""

from datetime import timedelta

import pytest

from desk.collect import Collector
from desk.monitor import mark_read, search_articles
from desk.sourcework import add_source
from domain.article import SourceTier
from domain.personal import find_personal, mask_personal
from store.articles import Filter
from store.search import Order


@pytest.fixture
def stream(database, publisher, now):
    items = [
        ("江北化工园区发生爆炸", "消防已到场。", "2026-11-20T08:00:00+08:00"),
        ("市民关心空气质量", "化工园区爆炸后，居民询问空气质量。" + "其他内容。" * 40, "2026-11-20T09:00:00+08:00"),
        *((f"图书馆夜场第{i}场", "阅读。", f"2026-11-01T{i:02d}:00:00+08:00") for i in range(12)),
    ]
    add_source(database, publisher.feed("/a", items), "李敏", now, "临江日报", SourceTier.CITY, place="临江")
    add_source(database, publisher.feed("/b", [("外地化工园区爆炸演练", "演练。", "2026-11-20T10:00:00+08:00")]), "李敏", now, "邻省网", SourceTier.PROVINCE)  # fmt: skip
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
        (Filter(tier="province"), {"外地化工园区爆炸演练"}),
        (Filter(place="临江"), {"江北化工园区发生爆炸", "市民关心空气质量"}),
    ],
)
def test_search_is_narrowed_by_filters(database, stream, chosen, expected):
    assert set(titles(search_articles(database, "化工园区", chosen=chosen))) == expected


def test_what_is_read_is_left_out_when_only_unread_is_asked(database, stream, now):
    found = search_articles(database, "爆炸")
    mark_read(database, [found[0].id])
    unread = search_articles(database, "爆炸", chosen=Filter(unread=True, since=now - timedelta(days=3)))
    assert len(unread) == len(found) - 1


@pytest.mark.parametrize("query", ['"', "AND OR NOT", "*", "化工*", "a:b", "' OR 1=1", "（）", " "])
def test_odd_queries_are_only_words(database, stream, query):
    search_articles(database, query)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812345678，", "电话138********，"),
        ("身份证11010519491231002X", "身份证110***************"),
        ("住3号楼2单元501室。", "住**********。"),
        ("我叫张伟，反映停水", "我叫张*，反映停水"),
        ("卡号6222021234567894", None),
        ("累计确诊830例，2026年11月20日10时", "累计确诊830例，2026年11月20日10时"),
        ("反映江南苑3号楼暖气不热", "反映江南苑3号楼暖气不热"),
    ],
)
def test_personal_data_is_masked_and_figures_of_news_are_not(text, masked):
    assert mask_personal(text) == (masked or text[:2] + "*" * 16 if masked is None else masked)


def test_message_with_a_phone_number_is_marked(database, publisher, now):
    add_source(
        database, publisher.feed("/m", [("反映停水", "请联系13812345678", "2026-11-20T08:00:00+08:00")]), "李敏", now
    )
    Collector(database, now).round(now)
    assert search_articles(database, "停水")[0].personal


def test_kinds_of_what_was_found_are_named():
    assert [item.kind for item in find_personal("姓名：王小明 邮箱a@b.cn")] == ["姓名", "邮箱"]


def test_thousands_of_articles_are_read_alike_one_by_one_and_in_helpers(now):
    from desk.understand import MANY, segmented, segmented_all
    from domain.article import Article

    items = [Article(str(i), f"滨河花园停水第{i}天", f"居民反映停水{i}小时。", "", now, now) for i in range(MANY)]
    together = segmented_all(items)
    assert [s.article.key for s in together] == [i.key for i in items]
    assert together[7] == segmented(items[7])
