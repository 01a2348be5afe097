"""Finding articles, and personal data in them."""

import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import mark_read, search_articles
from domain.article import SourceTier
from domain.bigrams import indexed, runs
from domain.person import Actor
from domain.query import ArticleFilter, Order
from domain.search import Phrase, Search, read_search
from domain.steps.sources import AddSource
from store import search
from store.database import open_database, sqlite_url


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


def searched(database, typed, now, **how):
    return search_articles(database, read_search(typed, now), **how).articles


def titles(found):
    return [article.title for article in found]


def test_title_counts_more_than_text(database, stream, now):
    assert titles(searched(database, "化工园区 爆炸", now))[-1] == "市民关心空气质量"


def test_newest_first_when_asked(database, stream, now):
    ids = [article.id for article in searched(database, "化工园区", now, order=Order.TIME)]
    assert ids == sorted(ids, reverse=True) and len(ids) == 3


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (ArticleFilter(tier="province"), {"外地化工园区爆炸演练"}),
        (ArticleFilter(place="临江"), {"江北化工园区发生爆炸", "市民关心空气质量"}),
    ],
)
def test_search_is_narrowed_by_filters(database, stream, now, chosen, expected):
    assert set(titles(searched(database, "化工园区", now, chosen=chosen))) == expected


def test_what_is_read_is_left_out_when_only_unread_is_asked(database, stream, now):
    found = searched(database, "爆炸", now)
    mark_read(database, [found[0].id])
    unread = searched(database, "爆炸", now, chosen=ArticleFilter(unread=True, since=now - timedelta(days=3)))
    assert len(unread) == len(found) - 1


@pytest.mark.parametrize("query", ["AND OR NOT", "a:b", "' OR 1=1", "爆炸 NOT 化工", "不会有的词"])
def test_words_of_the_searchs_own_language_are_only_words_that_nothing_holds(database, stream, now, query):
    assert searched(database, query, now) == []


@pytest.mark.parametrize("query", ["化工*", '化工"', "化工 * （", "（化工）", "化工|", "|化工", "或 化工"])
def test_signs_around_a_word_change_nothing(database, stream, now, query):
    assert titles(searched(database, query, now)) == titles(searched(database, "化工", now)) != []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("工园", {"江北化工园区发生爆炸", "市民关心空气质量", "外地化工园区爆炸演练"}),
        ("园区 空气", {"市民关心空气质量"}),
        ("演练|空气", {"外地化工园区爆炸演练", "市民关心空气质量"}),
        ("演练 或 空气", {"外地化工园区爆炸演练", "市民关心空气质量"}),
        ("爆炸 -演练", {"江北化工园区发生爆炸", "市民关心空气质量"}),
        ("爆炸 -“居民 询问”", {"江北化工园区发生爆炸", "外地化工园区爆炸演练", "市民关心空气质量"}),
        ("“爆炸后，居民”", {"市民关心空气质量"}),
        ("标题:爆炸", {"江北化工园区发生爆炸", "外地化工园区爆炸演练"}),
        ("标题：爆炸 -标题:演练", {"江北化工园区发生爆炸"}),
        ("爆炸 来源:邻省", {"外地化工园区爆炸演练"}),
        ("爆炸 地区:临江", {"江北化工园区发生爆炸", "市民关心空气质量"}),
        ("来源:邻省", {"外地化工园区爆炸演练"}),
        ("来源:日报 时间:2026-11-20 -空气", {"江北化工园区发生爆炸"}),
        ("爆炸 时间:2026-11-01至2026-11-19", set()),
        ("时间:2026-11-20 -演练", {"江北化工园区发生爆炸", "市民关心空气质量"}),
        ("夜场第3", {"图书馆夜场第3场"}),
        ("馆", {f"图书馆夜场第{i}场" for i in range(12)}),
    ],
)
def test_what_is_typed_finds_what_it_says(database, stream, now, typed, expected):
    assert set(titles(searched(database, typed, now))) == expected


def test_phrase_that_stands_nowhere_is_looked_for_word_by_word_and_says_so(database, stream, now):
    found = search_articles(database, read_search("爆炸化工园区", now))
    assert found.apart and set(found.words) == {"爆炸", "化工", "园区"} and len(found.articles) == 3
    assert not search_articles(database, read_search("化工园区爆炸", now)).apart


PIECES = st.text(alphabet="江北化工园 ，。“1２aAé\n-", max_size=12)


@given(st.lists(st.tuples(PIECES, PIECES), min_size=1, max_size=8), st.data())
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_search_finds_what_a_substring_search_finds(new_database, tmp_path_factory, texts, data):
    folder = tmp_path_factory.mktemp("s")
    shutil.copy2(new_database, folder)
    whole = "".join(data.draw(st.sampled_from(texts)))
    start = data.draw(st.integers(0, len(whole)))
    wanted = runs(whole[start : start + data.draw(st.integers(1, 5))]) or runs(data.draw(PIECES))
    opened = open_database(sqlite_url(folder))
    with opened.write() as connection:
        index = [(i, indexed(title), indexed(body)) for i, (title, body) in enumerate(texts)]
        search.add(connection, index)
        if wanted:
            asked = Search(((Phrase(tuple(wanted)),),))
            found = set(search.find(connection, asked, 100, Order.TIME))
            assert found == {
                i for i, text in enumerate(texts) if any(" ".join(wanted) in " ".join(runs(part)) for part in text)
            }
    opened.close()
    shutil.rmtree(folder)


def test_message_with_a_phone_number_is_marked(database, publisher, now):
    execute(
        database,
        AddSource(publisher.feed("/m", [("反映停水", "请联系13812345678", "2026-11-20T08:00:00+08:00")])),
        Actor("李敏"),
        now,
    )
    Collector(database, now).round(now)
    assert searched(database, "停水", now)[0].personal


def test_thousands_of_articles_are_read_alike_one_by_one_and_in_helpers(now):
    from desk.topics.understand import MANY, segmented, segmented_all
    from domain.article import Article

    items = [Article(str(i), f"滨河花园停水第{i}天", f"居民反映停水{i}小时。", "", now, now) for i in range(MANY)]
    together = segmented_all(items)
    assert [s.article.key for s in together] == [i.key for i in items]
    assert together[7] == segmented(items[7])
