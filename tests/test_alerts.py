"""Reminders: by share of time left, once each, quiet hours that do not silence a grave emergency."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.concern import AttentionGrade, Concern, ConcernState, EventGrade
from domain.response import Deadline, Level
from domain.times import parse_moment
from response.alerts import Quiet, due_alerts, level_of

NIGHT = parse_moment("2026-11-20T23:00")
DAY = parse_moment("2026-11-20T12:00")


def concern(grade: EventGrade) -> Concern:
    return Concern(1, 1, "停水", ConcernState.OPEN, (), grade, "", AttentionGrade.BLUE, DAY, DAY, 1)


def clock(start, hours=10) -> Deadline:
    return Deadline(7, 1, "x", "予以回应", "", start, start + timedelta(hours=hours), "")


def test_levels_by_share_of_time():
    deadline = clock(DAY)
    at = [level_of(deadline, DAY + timedelta(hours=h)) for h in (1, 5, 8, 9.5, 11)]
    assert at == [None, Level.HALF, Level.QUARTER, Level.TENTH, Level.OVERDUE]


def test_quiet_hours_hold_back_and_say_so_but_never_a_grave_emergency():
    start = NIGHT - timedelta(hours=6)
    for grade, held in ((EventGrade.NONE, True), (EventGrade.IV, True), (EventGrade.I, False), (EventGrade.II, False)):
        (alert,) = due_alerts([(concern(grade), clock(start))], set(), Quiet(), NIGHT)
        assert bool(alert.held) is held


@given(st.integers(0, 1200))
def test_no_reminder_comes_twice(minutes):
    given_already: set = set()
    running = [(concern(EventGrade.I), clock(DAY))]
    for _ in range(2):
        for alert in due_alerts(running, given_already, Quiet(), DAY + timedelta(minutes=minutes)):
            assert alert.key not in given_already
            given_already.add(alert.key)
    assert len(given_already) <= 1
