"""Articles at the gate that all pass, how their source stands, and what identifies one."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.article import (
    CUT,
    LONGEST_KEY,
    LONGEST_TEXT,
    NO_REACTIONS,
    Article,
    Feed,
    Reactions,
    Source,
    SourceState,
    all_storable,
    article_key,
)
from domain.times import HOUR, parse_moment

NOW = parse_moment("2026-11-20T12:00")
ARTICLE = Article("guid:1", "停水", "停水三天。", "https://x.cn/1", NOW, NOW)
SOURCE = Source(1, "feed", "https://x.cn/a", "日报", checked_at=NOW)


def test_values_within_values_are_made_storable_and_keep_their_kind():
    given_in = {"a\0": ["b\0", ("c\0", 1)], "s": {"d\0"}, "f": frozenset({"e\ud800"})}
    assert all_storable(given_in) == {"a": ["b", ("c", 1)], "s": {"d"}, "f": frozenset({"e"})}
    assert all_storable(NOW) is NOW and all_storable("好\t\n") == "好\t\n"


@pytest.mark.parametrize(
    ("name", "longest", "mark"),
    [("key", LONGEST_KEY, ""), ("title", 300, "…"), ("text", LONGEST_TEXT + len(CUT), CUT), ("publisher", 200, "…")],
)
def test_part_that_is_too_long_is_cut_with_a_mark(name, longest, mark):
    whole = "长" * longest
    assert getattr(replace(ARTICLE, **{name: whole}), name) == whole
    assert getattr(replace(ARTICLE, **{name: whole + "长"}), name) == whole[: longest - len(mark)] + mark


def test_half_an_address_leads_nowhere_and_is_left_out():
    address = "https://x.cn/" + "a" * 1987
    assert replace(ARTICLE, url=address).url == address and replace(ARTICLE, url=address + "a").url == ""


def test_article_is_storable_whatever_was_in_it():
    made = replace(ARTICLE, title="停\0水", text="三\ud800天", publisher="日\x07报", key="guid:\0")
    assert (made.title, made.text, made.publisher, made.key) == ("停水", "三天", "日报", "guid:")


def test_date_that_cannot_be_gives_way_to_when_it_was_fetched_and_says_so():
    odd = replace(ARTICLE, published_at=NOW.replace(year=2200), fetched_at=NOW + HOUR)
    assert (odd.published_at, odd.date_note) == (NOW + HOUR, "原文日期不合常理，以采集时间代替")
    assert replace(ARTICLE, published_at=NOW.replace(year=1900)).date_note == ""


@pytest.mark.parametrize(
    ("changes", "rhythm", "state"),
    [
        ({}, None, SourceState.OK),
        ({"paused": True, "fault": "连不上"}, None, SourceState.PAUSED),
        ({"checked_at": None, "fault": "连不上"}, None, SourceState.NEW),
        ({"fault": "连不上", "newest_at": NOW - 99 * HOUR}, 1.0, SourceState.FAILING),
        ({"newest_at": NOW - 6 * HOUR}, 2.0, SourceState.OK),
        ({"newest_at": NOW - 6 * HOUR - timedelta(seconds=1)}, 2.0, SourceState.SILENT),
        ({"newest_at": NOW - 3 * HOUR}, 0.5, SourceState.OK),
        ({"newest_at": NOW - 3 * HOUR - timedelta(seconds=1)}, 0.5, SourceState.SILENT),
        ({"newest_at": NOW - 99 * HOUR}, None, SourceState.OK),
        ({}, 1.0, SourceState.OK),
    ],
)
def test_source_is_silent_after_three_times_its_rhythm_and_three_hours(changes, rhythm, state):
    found = replace(SOURCE, **changes).state(NOW, rhythm)
    assert found is state and found.needs_look is (state in (SourceState.FAILING, SourceState.SILENT))


def test_what_was_not_read_is_told_all_of_it():
    odd = "有 2 条内容不正常、读不出来，已跳过，其余正常。"
    many = "内容太多，只读了开头和末尾，中间 3 条没有读。请联系发布方分栏目提供。"
    cut = "内容没有到结尾就断了，读了传来的部分，下次重新读。"
    assert Feed("日报").notice == ""
    assert Feed("日报", skipped=2).notice == odd
    assert Feed("日报", left_out=3).notice == many
    assert Feed("日报", broken_off=True).notice == cut
    assert Feed("日报", skipped=2, left_out=3, broken_off=True).notice == odd + many + cut


def test_reactions_are_told_where_there_are_any_and_a_hundred_views_count_as_one_who_takes_part():
    assert Reactions(1_200, 0, 34_567).said == "评论 1,200　阅读 34,567" and Reactions(likes=1).said == "点赞 1"
    assert NO_REACTIONS.said == "" and NO_REACTIONS.people == 0
    assert Reactions(3, 20, 100).people == 24


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_article_is_known_by_its_guid_else_its_link_else_its_text():
    assert article_key("1", "https://x.cn/1", "停水", "三天") == "guid:1"
    assert article_key("", "https://x.cn/1", "停水", "三天") == "link:https://x.cn/1"
    assert article_key("", "", "停\0水", "三天") == "text:" + digest("停水\n三天")


def test_long_names_that_differ_at_their_ends_stay_apart():
    fits = "a" * (LONGEST_KEY - len("guid:"))
    assert article_key(fits, "", "", "") == f"guid:{fits}"
    long = f"guid:{fits}b"
    assert article_key(f"{fits}b", "", "", "") == f"{long[: LONGEST_KEY - 65]}:{digest(long)}"
    assert len(article_key(f"{fits}b", "", "", "")) == LONGEST_KEY


@given(st.text(), st.text(), st.text(), st.text())
def test_every_article_has_a_key_that_passes_the_gate_as_it_is(guid, url, title, text):
    key = article_key(guid, url, title, text)
    assert key and replace(ARTICLE, key=key).key == key
