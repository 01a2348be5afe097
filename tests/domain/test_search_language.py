"""What is typed into the search, as it is read."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InputError
from domain.search import Phrase, Search, read_search
from domain.times import parse_moment

NOW = parse_moment("2026-11-20T12:00")


def phrases(*words):
    return tuple((Phrase((word,)),) for word in words)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", Search()),
        ("  ，。 ", Search()),
        ("停水 抢修", Search(phrases("停水", "抢修"), words=("停水", "抢修"))),
        (
            "停水|停电 抢修",
            Search(((Phrase(("停水",)), Phrase(("停电",))), *phrases("抢修")), words=("停水", "停电", "抢修")),
        ),
        ("停水 或 停电", Search(((Phrase(("停水",)), Phrase(("停电",))),), words=("停水", "停电"))),
        ("停水 | 停电", Search(((Phrase(("停水",)), Phrase(("停电",))),), words=("停水", "停电"))),
        ("停水 -演练", Search(phrases("停水"), (Phrase(("演练",)),), words=("停水",))),
        ("“停水 三天”", Search(((Phrase(("停水", "三天")),),), words=("停水 三天",))),
        ("标题：停水", Search(((Phrase(("停水",), True),),), words=("停水",))),
        ("来源:日报 地区:临江", Search(sources=("日报",), places=("临江",))),
        ("时间:2026-11", Search(since=parse_moment("2026-11-01"), until=parse_moment("2026-12-01"))),
        ("时间:2026年", Search(since=parse_moment("2026-01-01"), until=parse_moment("2027-01-01"))),
        ("时间:2026-11-03至2026-11-05", Search(since=parse_moment("2026-11-03"), until=parse_moment("2026-11-06"))),
        ("时间:2026-11-05至2026-11-03", Search(since=parse_moment("2026-11-03"), until=parse_moment("2026-11-06"))),
        ("时间:2026-11-03..", Search(since=parse_moment("2026-11-03"))),
        ("时间:昨天", Search(since=parse_moment("2026-11-19"), until=parse_moment("2026-11-20"))),
        ("时间:近3天", Search(since=NOW - timedelta(days=3))),
    ],
)
def test_typed_text_is_read(typed, read):
    assert read_search(typed, NOW) == read


@pytest.mark.parametrize("time", ["后来", "2026-13", "2026-02-30", "0001", "9999-12", "至", "1至2至3", "近99999天"])
def test_time_that_cannot_be_read_says_how_it_is_written(time):
    with pytest.raises(InputError, match="看不懂时间"):
        read_search(f"停水 时间:{time}", NOW)


def test_text_that_was_pasted_is_no_search():
    with pytest.raises(InputError, match="太长"):
        read_search("字" * 600, NOW)


@given(st.text(alphabet='-|｜或:：“”" 标题来源时间甲乙1\n', max_size=40))
def test_whatever_is_typed_is_read_or_refused_with_a_sentence(typed):
    try:
        read = read_search(typed, NOW)
    except InputError:
        return
    assert all(group and all(phrase.runs for phrase in group) for group in read.groups)


@pytest.mark.parametrize(
    "typed", [" ".join("停水抢修了" * 40), "|".join("停水抢修了" * 40), "停水 -" + " -".join("抢修了" * 50)]
)
def test_search_for_hundreds_of_words_is_refused(typed):
    """Each is looked for in all articles: 250 of them took 1.4 s among 20,000."""
    with pytest.raises(InputError, match="最多 40 个"):
        read_search(typed, NOW)
