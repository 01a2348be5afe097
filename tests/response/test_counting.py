"""怎么算的: the stretches that lead to a due time, and the words in which they are told."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta

import pytest

from domain.errors import InputError
from domain.response import Unit
from domain.times import exact, parse_moment
from response.counting import Counted, count, remaining
from response.workcalendar import WorkCalendar

CALENDAR = WorkCalendar()
UNPUBLISHED = "有年份的放假安排尚未公布，暂按周一至周五和法定节日。"


def counted(start: str, amount: float, unit: Unit, calendar: WorkCalendar = CALENDAR) -> Counted:
    return count(parse_moment(start), amount, unit, calendar)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "words"),
    [
        ("2026-11-20T12:00", 1.5, Unit.HOURS, "11-20 12:00 至 11-20 13:30 昼夜连续计 1.5 小时。"),
        ("2026-11-20T12:00", 3, Unit.DAYS, "11-20 12:00 至 11-23 24:00 第 3 天。"),
        (
            "2026-02-10T10:00",
            7,
            Unit.WORKING_DAYS,
            "02-10 10:00 至 02-11 00:00 收到当日不计；02-11 至 02-13 工作日，第 1—3 个工作日；"
            "02-14 春节调休上班，第 4 个工作日；02-15 至 02-23 春节，不计；02-24 至 02-26 工作日，第 5—7 个工作日。",
        ),
        (
            "2026-10-08T10:00",
            1,
            Unit.WORKING_DAYS,
            "10-08 10:00 至 10-09 00:00 收到当日不计；10-09 工作日，第 1 个工作日。",
        ),
        (
            "2026-12-30T16:30",
            3,
            Unit.WORKING_DAYS,
            "12-30 16:30 至 12-31 00:00 收到当日不计；12-31 工作日，第 1 个工作日；"
            "01-01 元旦（暂按），不计；01-02 至 01-03 周末（暂按），不计；"
            f"01-04 至 01-05 工作日（暂按），第 2—3 个工作日。{UNPUBLISHED}",
        ),
        (
            "2026-11-20T16:30",
            2,
            Unit.OFFICE_HOURS,
            "11-20 16:30 至 11-20 17:30 计 1 小时；11-20 17:30 至 11-23 00:00 周末，不计；"
            "11-23 00:00 至 11-23 08:30 非办公时间，不计；11-23 08:30 至 11-23 09:30 计 1 小时。",
        ),
        (
            "2026-12-31T16:30",
            2,
            Unit.OFFICE_HOURS,
            "12-31 16:30 至 12-31 17:30 计 1 小时；12-31 17:30 至 01-02 00:00 元旦（暂按），不计；"
            "01-02 至 01-03 周末（暂按），不计；01-04 00:00 至 01-04 08:30 非办公时间，不计；"
            f"01-04 08:30 至 01-04 09:30 计 1 小时。{UNPUBLISHED}",
        ),
    ],
)
def test_counting_is_told_stretch_by_stretch(start, amount, unit, words):
    assert counted(start, amount, unit).words() == words


def test_only_what_is_worked_counts_and_the_working_days_are_numbered():
    segments = counted("2026-09-30T10:00", 3, Unit.WORKING_DAYS).segments
    assert [(s.counts, s.first, s.last) for s in segments] == [
        (False, 0, 0),
        (False, 0, 0),
        (True, 1, 2),
        (True, 3, 3),
    ]


def test_stretches_follow_one_another_without_a_gap_or_an_empty_one():
    for unit, amount in ((Unit.WORKING_DAYS, 20), (Unit.OFFICE_HOURS, 40), (Unit.HOURS, 5), (Unit.DAYS, 5)):
        found = counted("2026-09-21T00:00", amount, unit)
        assert [s.end for s in found.segments[:-1]] == [s.start for s in found.segments[1:]]
        assert all(s.start < s.end for s in found.segments) and found.segments[-1].end == found.due_at
        assert found.segments[0].start == parse_moment("2026-09-21T00:00")


def test_round_the_clock_and_by_days_the_whole_stretch_counts():
    for unit in (Unit.HOURS, Unit.DAYS):
        (only,) = counted("2026-11-20T12:00", 2, unit).segments
        assert only.counts is True


def test_every_due_time_is_kept_in_utc():
    for unit in Unit:
        assert counted("2026-11-20T12:00", 2, unit).due_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-20T08:30", "2026-11-20 09:30"),  # as the office opens
        ("2026-11-20T12:00", "2026-11-20 15:00"),  # as it closes for the noon
        ("2026-11-20T11:00", "2026-11-20 12:00"),  # ends as it closes, not when it opens again
        ("2026-11-20T17:30", "2026-11-23 09:30"),  # as it closes for the weekend
        ("2026-11-20T03:00", "2026-11-20 09:30"),
        ("2026-11-21T10:00", "2026-11-23 09:30"),  # on a day off
    ],
)
def test_office_hour_counts_while_the_office_is_open(start, due):
    assert exact(counted(start, 1, Unit.OFFICE_HOURS).due_at) == due


def test_stretch_of_office_hours_begins_where_the_office_is_open_already():
    first = counted("2026-11-20T08:30", 1, Unit.OFFICE_HOURS).segments[0]
    assert first.counts is True and first.why == "计 1 小时"
    closed = counted("2026-11-20T12:00", 1, Unit.OFFICE_HOURS).segments[0]
    assert closed.counts is False and closed.why == "非办公时间，不计"
    off = counted("2026-11-21T10:00", 1, Unit.OFFICE_HOURS).segments[0]
    assert off.counts is False and off.why == "周末，不计"


def test_published_days_alone_are_not_provisional_and_one_unpublished_day_makes_all_so():
    assert not counted("2026-11-20T12:00", 5, Unit.WORKING_DAYS).provisional
    assert not counted("2026-11-20T12:00", 5, Unit.OFFICE_HOURS).provisional
    # The last day is one that the office has set itself; those before it were not published.
    own = WorkCalendar({date(2027, 1, 5): True})
    assert counted("2026-12-31T10:00", 3, Unit.WORKING_DAYS, own).provisional
    assert counted("2027-01-04T16:30", 2, Unit.OFFICE_HOURS, own).provisional


def test_part_of_a_day_is_told_with_its_hours_even_where_it_ends_at_midnight():
    (only,) = counted("2026-11-20T22:00", 2, Unit.HOURS).segments
    assert only.words() == "11-20 22:00 至 11-21 00:00 昼夜连续计 2 小时"
    (early,) = counted("2026-11-20T00:00", 2, Unit.HOURS).segments
    assert early.words() == "11-20 00:00 至 11-20 02:00 昼夜连续计 2 小时"
    (late,) = counted("2026-11-20T00:01", 23.9, Unit.HOURS).segments
    assert late.words().startswith("11-20 00:01 至 11-20 23:55")


def test_days_are_whole_ones():
    assert exact(counted("2026-11-20T12:00", 1, Unit.DAYS).due_at) == "2026-11-21 24:00"
    assert exact(counted("2026-11-20T00:00", 30, Unit.DAYS).due_at) == "2026-12-20 24:00"


@pytest.mark.parametrize("amount", [0, -1])
def test_amount_that_is_no_time_is_refused_in_words(amount):
    with pytest.raises(InputError) as refused:
        counted("2026-11-20T12:00", amount, Unit.HOURS)
    assert str(refused.value) == "时限要大于 0。"


def test_half_an_hour_is_an_amount():
    assert counted("2026-11-20T12:00", 0.5, Unit.HOURS).due_at - parse_moment("2026-11-20T12:00") == timedelta(
        minutes=30
    )


def test_what_cannot_be_counted_says_where_to_look_and_never_runs_for_ever():
    with pytest.raises(InputError) as too_long:
        counted("2026-11-20T12:00", 2900, Unit.WORKING_DAYS)
    assert str(too_long.value) == "这个时限太长，算不出来。请检查天数和日历。"
    shut = WorkCalendar(hours=((time(9), time(9)),))
    with pytest.raises(InputError) as never_open:
        counted("2026-11-20T12:00", 1, Unit.OFFICE_HOURS, shut)
    assert str(never_open.value) == "办公时间没有设好，算不出时限。请在“设置”里检查办公时间。"


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-09-24T10:00", 10, "2026-10-08 24:00"),  # 10-04 is in the holiday; the 8th is worked
        ("2026-09-28T10:00", 2, "2026-09-30 24:00"),
        ("2026-11-20T12:00", 2, "2026-11-22 24:00"),  # a plain Sunday moves nothing
        ("2026-12-25T12:00", 7, "2027-01-04 24:00"),  # 元旦 is a Friday; the weekend follows
    ],
)
def test_term_in_days_that_ends_on_a_statutory_holiday_ends_on_the_next_working_day(start, days, due):
    found = counted(start, days, Unit.DAYS)
    assert exact(found.due_at) == due
    assert ("顺延" in found.words()) is (len(found.segments) == 2)


def test_hours_run_through_holidays_and_the_last_instant_of_a_day_is_in_time():
    assert exact(counted("2026-09-30T10:00", 48, Unit.HOURS).due_at) == "2026-10-02 10:00"
    due = counted("2026-11-23T10:00", 1, Unit.WORKING_DAYS).due_at
    assert (
        parse_moment("2026-11-24T23:59:59") < due < parse_moment("2026-11-25T00:00") and exact(due)[5:] == "11-24 24:00"
    )


@pytest.mark.parametrize("unit", [Unit.DAYS, Unit.WORKING_DAYS])
def test_part_of_a_day_is_a_whole_one(unit):
    """Rules of half a day that were kept before they were refused fail no judgement."""
    assert counted("2026-11-23T10:00", 0.5, unit).due_at == counted("2026-11-23T10:00", 1, unit).due_at


@pytest.mark.parametrize(
    ("unit", "at", "due", "left"),
    [
        (Unit.HOURS, "2026-11-20T12:00", "2026-11-20T14:30", 2.5),
        (Unit.DAYS, "2026-11-20T12:00", "2026-11-23T23:59", 3),
        (Unit.WORKING_DAYS, "2026-11-20T12:00", "2026-11-24T23:59", 2),
        (Unit.OFFICE_HOURS, "2026-11-20T16:30", "2026-11-23T09:30", 2),
    ],
)
def test_what_is_left_of_a_term_is_in_its_unit(unit, at, due, left):
    assert remaining(parse_moment(at), parse_moment(due), unit, CALENDAR) == left
