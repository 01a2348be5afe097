"""Deadline rules: which apply, by when, and what meets them; working days with worked weekends."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.concern import AttentionGrade, ClockBasis, Disposition, EventGrade, Judgement
from domain.errors import InputError
from domain.response import Channel, DeadlineState, Response, ResponseKind
from domain.times import CHINA, china_day, exact, parse_moment
from response.counting import Unit, count
from response.deadlines import deadlines_for, in_force, met_by, own_rules
from response.workcalendar import WorkCalendar

START = parse_moment("2026-10-01T09:00")
NATIONAL = in_force(("国家",))
CALENDAR = WorkCalendar()
moments = st.integers(0, 8 * 365 * 24 * 60).map(lambda m: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=m))


def judged(grade: EventGrade) -> Judgement:
    return Judgement(
        grade, AttentionGrade.RED, "", ClockBasis.FOUND, START, "应急局", Disposition.HARDSHIP, "李敏", START
    )


def published(kind: ResponseKind, at=START) -> Response:
    return Response(1, 1, 1, kind, Channel.WEBSITE, "通报", "正文", "https://x.gov.cn/1", at, "李敏")


def test_grave_emergency_has_five_and_twenty_four_hours():
    clocks = deadlines_for(1, judged(EventGrade.II), NATIONAL)
    assert [(d.code, d.due_at - START) for d in clocks] == [
        ("authoritative-5h", timedelta(hours=5)),
        ("press-conference-24h", timedelta(hours=24)),
    ]


def test_other_concern_has_forty_eight_hours_over_a_holiday():
    (clock,) = deadlines_for(1, judged(EventGrade.NONE), NATIONAL)
    assert clock.due_at == parse_moment("2026-10-03T09:00")


def test_henan_pack_adds_the_stricter_clock_and_keeps_the_national_one():
    clocks = deadlines_for(1, judged(EventGrade.IV), in_force(("国家", "河南")))
    assert [d.code for d in clocks] == ["henan-24h", "response-48h"]


def test_own_rule_counts_beside_the_others_and_needs_a_source():
    rule = {"code": "report-2h", "name": "报送领导", "amount": 2, "unit": "hours", "applies": "other", "met_by": []}
    with pytest.raises(InputError, match="依据"):
        own_rules([rule])
    own = own_rules([{**rule, "source": "本单位值班制度第三条"}])
    assert [d.code for d in deadlines_for(1, judged(EventGrade.IV), in_force(("国家",), own))] == [
        "report-2h",
        "response-48h",
    ]


def test_update_meets_no_first_deadline():
    assert met_by(deadlines_for(1, judged(EventGrade.I), NATIONAL), published(ResponseKind.UPDATE), NATIONAL) == []


def test_authoritative_statement_does_not_replace_the_press_conference():
    met = met_by(deadlines_for(1, judged(EventGrade.I), NATIONAL), published(ResponseKind.AUTHORITATIVE), NATIONAL)
    assert [d.code for d in met] == ["authoritative-5h"]


@given(st.integers(0, 400))
def test_running_until_due_then_overdue(hours):
    (clock,) = deadlines_for(1, judged(EventGrade.NONE), NATIONAL)
    expected = DeadlineState.RUNNING if hours <= 48 else DeadlineState.OVERDUE
    assert clock.state(START + timedelta(hours=hours)) is expected


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # Counted by hand, domain.md section 3.
        ("2026-02-10", 7, "2026-02-26"),
        ("2026-02-10", 20, "2026-03-16"),
        ("2026-09-21", 7, "2026-10-08"),
        ("2026-09-21", 20, "2026-10-26"),
        ("2026-11-23", 7, "2026-12-02"),
        ("2026-11-23", 20, "2026-12-21"),
    ],
)
def test_working_days_as_counted_by_hand(start, days, due):
    counted = count(parse_moment(f"{start}T10:00"), days, Unit.WORKING_DAYS, CALENDAR)
    assert str(china_day(counted.due_at)) == due and not counted.provisional


def test_weekend_worked_by_decree_counts_as_working_day():
    counted = count(parse_moment("2026-10-08T10:00"), 2, Unit.WORKING_DAYS, CALENDAR)
    assert str(china_day(counted.due_at)) == "2026-10-10"
    assert "国庆节调休上班" in counted.words()


def test_year_without_a_published_calendar_is_provisional_and_never_a_crash():
    counted = count(parse_moment("2026-12-04T10:00"), 20, Unit.WORKING_DAYS, CALENDAR)
    assert counted.provisional and "暂按" in counted.words()


def test_day_that_the_office_adds_as_holiday_is_not_counted():
    off = WorkCalendar({date(2026, 11, 24): False})
    assert str(china_day(count(parse_moment("2026-11-23T10:00"), 1, Unit.WORKING_DAYS, off).due_at)) == "2026-11-25"


def test_office_hours_stop_at_night_and_over_the_weekend():
    friday = parse_moment("2026-11-20T16:30")
    counted = count(friday, 2, Unit.OFFICE_HOURS, CALENDAR)
    assert exact(counted.due_at) == "2026-11-23 09:30"


def test_amount_that_is_not_positive_is_refused():
    with pytest.raises(InputError):
        count(START, 0, Unit.HOURS, CALENDAR)


@given(moments, st.integers(1, 40))
def test_due_time_in_working_days_is_never_on_a_day_off(start, days):
    counted = count(start, days, Unit.WORKING_DAYS, CALENDAR)
    assert CALENDAR.is_worked(china_day(counted.due_at)) and counted.due_at > start


@given(moments, st.integers(1, 30))
def test_counted_stretches_hold_exactly_the_days_asked_for(start, days):
    counted = count(start, days, Unit.WORKING_DAYS, CALENDAR)
    worked, day = 0, china_day(start)
    while day < china_day(counted.due_at):
        day += timedelta(days=1)
        worked += CALENDAR.is_worked(day)
    assert worked == days
    ends = [(a.end, b.start) for a, b in zip(counted.segments, counted.segments[1:])]
    assert all(end == begin for end, begin in ends)


@given(moments, st.integers(1, 60))
def test_office_hours_add_up(start, hours):
    counted = count(start, hours, Unit.OFFICE_HOURS, CALENDAR)
    assert sum(((s.end - s.start) for s in counted.segments if s.counts), timedelta()) == timedelta(hours=hours)


@given(moments, st.integers(1, 30), st.dates(date(2019, 1, 2), date(2027, 3, 1)))
def test_adding_a_holiday_never_makes_a_due_time_earlier(start, days, holiday):
    before = count(start, days, Unit.WORKING_DAYS, CALENDAR).due_at
    assert count(start, days, Unit.WORKING_DAYS, WorkCalendar({holiday: False})).due_at >= before


@given(moments)
def test_midnight_and_the_minute_before_it_are_days_of_their_own(start):
    midnight = datetime.combine(china_day(start), time(0), CHINA)
    before = count(midnight - timedelta(minutes=1), 1, Unit.WORKING_DAYS, CALENDAR).due_at
    assert before <= count(midnight, 1, Unit.WORKING_DAYS, CALENDAR).due_at
