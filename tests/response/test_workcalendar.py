"""What a day is: by the office's own calendar, the State Council's, or the weekday where none is published."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from domain.times import CHINA
from response.workcalendar import DayKind, WorkCalendar


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-11-20", DayKind(True, "工作日")),
        ("2026-11-21", DayKind(False, "周末")),
        ("2026-11-22", DayKind(False, "周末")),
        ("2026-10-01", DayKind(False, "国庆节", holiday=True)),
        ("2026-02-14", DayKind(True, "春节调休上班")),
        ("2015-09-03", DayKind(False, "抗战胜利纪念日", holiday=True)),
        ("2027-01-01", DayKind(False, "元旦（暂按）", True, True)),
        ("2040-11-23", DayKind(True, "工作日（暂按）", True)),
        ("2040-11-24", DayKind(False, "周末（暂按）", True)),
        ("2040-11-25", DayKind(False, "周末（暂按）", True)),
    ],
)
def test_day_is_what_the_calendar_of_its_year_says(day, kind):
    calendar = WorkCalendar()
    assert calendar.day(date.fromisoformat(day)) == kind
    assert calendar.is_worked(date.fromisoformat(day)) is kind.worked


def test_office_has_its_own_way_with_any_day():
    friday, sunday = date(2026, 11, 20), date(2026, 11, 22)
    calendar = WorkCalendar({friday: False, sunday: True})
    assert calendar.day(friday) == DayKind(False, "本单位调整为休息")
    assert calendar.day(sunday) == DayKind(True, "本单位调整为上班")


def test_office_is_open_in_its_hours_on_a_day_that_is_worked_in_chinas_time():
    hours = ((time(9), time(12)), (time(13), time(13)), (time(18), time(17)))
    calendar = WorkCalendar(hours=hours)
    day = date(2026, 11, 20)
    spans = calendar.open_spans(day)
    assert spans == [(datetime(2026, 11, 20, 9, tzinfo=CHINA), datetime(2026, 11, 20, 12, tzinfo=CHINA))]
    assert calendar.open_spans(date(2026, 11, 21)) == []
