"""Moments as they are read, counted and said in China."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InputError
from domain.times import (
    DAY,
    Clock,
    china_day,
    day_bounds,
    exact,
    floor_hour,
    lasting,
    long_day,
    parse_day,
    parse_moment,
    said,
    span,
)

NOW = parse_moment("2026-11-20T12:00")


def test_moment_without_an_offset_is_chinas():
    assert parse_moment(" 2026-11-20T12:00 ") == datetime(2026, 11, 20, 4, tzinfo=UTC)
    assert parse_moment("2026-11-20T12:00+00:00") == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert parse_moment("2026-11-20T12:00").tzinfo is UTC


@pytest.mark.parametrize("text", ["", "明天", "2026-13-01T00:00"])
def test_moment_that_is_none_is_refused_with_an_example(text):
    with pytest.raises(InputError) as told:
        parse_moment(text)
    assert str(told.value) == f"看不懂时间“{text}”。请写成 2026-11-23T10:30 的样子。"


def test_day_is_read_or_refused_with_an_example():
    assert parse_day(" 2026-11-20 ") == date(2026, 11, 20)
    with pytest.raises(InputError) as told:
        parse_day("20日")
    assert str(told.value) == "看不懂日期“20日”。请写成 2026-11-23 的样子。"


@pytest.mark.parametrize("read", [parse_day, lambda text: parse_moment(f"{text}T12:00").date()])
def test_years_that_nobody_means_are_refused(read):
    assert [read(text).year for text in ("1900-01-01", "2199-12-31")] == [1900, 2199]
    for text in ("1899-12-31", "2200-01-01"):
        with pytest.raises(InputError, match=r"的年份不对，应在 1900 到 2199 年之间。请改一下。"):
            read(text)


def test_year_that_is_refused_is_named():
    with pytest.raises(InputError, match="“2226-01-01”的年份"):
        parse_day("2226-01-01")
    with pytest.raises(InputError, match="“2226-01-01T00:00”的年份"):
        parse_moment("2226-01-01T00:00")


def test_day_in_china_begins_while_it_is_yesterday_in_utc():
    start, end = day_bounds(date(2026, 11, 20))
    assert start == datetime(2026, 11, 19, 16, tzinfo=UTC) and end - start == DAY
    assert china_day(start) == date(2026, 11, 20) and china_day(start - timedelta(seconds=1)) == date(2026, 11, 19)


@given(st.integers(0, 4 * 10**9))
def test_every_moment_lies_in_the_bounds_of_its_day_and_in_its_hour(seconds):
    moment = datetime.fromtimestamp(seconds, UTC)
    start, end = day_bounds(china_day(moment))
    assert start <= moment < end
    assert timedelta(0) <= moment - floor_hour(moment) < timedelta(hours=1) and floor_hour(moment).minute == 0


def test_full_hour_is_told_in_utc():
    half_past = datetime(2026, 11, 20, 12, 59, 59, 7, tzinfo=timezone(timedelta(hours=8)))
    assert floor_hour(half_past) == datetime(2026, 11, 20, 4, tzinfo=UTC) and floor_hour(half_past).tzinfo is UTC


def test_days_and_moments_are_written_as_documents_write_them():
    assert long_day(date(2026, 1, 3)) == "2026年1月3日" and exact(NOW) == "2026-11-20 12:00"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(0), "刚刚"),
        (timedelta(seconds=59), "刚刚"),
        (timedelta(minutes=1), "1 分钟前"),
        (timedelta(minutes=59, seconds=59), "59 分钟前"),
        (timedelta(hours=1), "今天 11:00"),
        (timedelta(hours=12), "今天 00:00"),
        (timedelta(hours=12, minutes=1), "昨天 23:59"),
        (timedelta(days=2), "前天 12:00"),
        (timedelta(days=3), "11-17 12:00"),
        (timedelta(days=323), "01-01 12:00"),
        (timedelta(days=324), "2025-12-31"),
        (timedelta(seconds=-1), "今天 12:00"),
        (timedelta(days=-1), "明天 12:00"),
        (timedelta(days=-2), "后天 12:00"),
        (timedelta(days=-3), "11-23 12:00"),
        (timedelta(days=-50), "2027-01-09"),
    ],
)
def test_moment_is_said_as_people_say_it(ago, words):
    assert said(NOW - ago, NOW) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "1 分钟"),
        (0.5, "30 分钟"),
        (0.99, "59 分钟"),
        (1, "1 小时"),
        (47.4, "47 小时"),
        (48, "2 天"),
        (80, "3 天"),
    ],
)
def test_span_is_said_in_the_unit_that_fits(hours, words):
    assert span(hours) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(seconds=5), "0:00:05"),
        (timedelta(hours=1, minutes=42, seconds=10), "1:42:10"),
        (-timedelta(hours=1, minutes=42, seconds=10), "1:42:10"),
        (timedelta(hours=47, minutes=59, seconds=59), "47:59:59"),
        (timedelta(hours=48), "2 天 0:00"),
        (timedelta(days=2, hours=7, minutes=5), "2 天 7:05"),
    ],
)
def test_countdown_has_seconds_until_two_days(left, words):
    assert lasting(left) == words


def test_clock_of_a_drill_runs_from_its_start_as_fast_as_it_is_told(monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    fast, still, plain = Clock.starting(NOW, 60), Clock.starting(NOW, 0), Clock.starting(NOW)
    monkeypatch.setattr(time, "monotonic", lambda: 110.0)
    assert fast.now() == NOW + timedelta(minutes=10) and still.now() == NOW
    assert plain.now() == NOW + timedelta(seconds=10)


def test_clock_without_a_start_shows_the_real_time_in_utc():
    before = datetime.now(UTC)
    now = Clock().now()
    assert before <= now <= datetime.now(UTC) and now.tzinfo is UTC
