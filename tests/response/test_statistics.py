"""The figures of a period: groups, timeliness, quantiles, two periods beside each other; pandas only when counting."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from math import ceil, floor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.concern import (
    AttentionGrade,
    ClockBasis,
    Concern,
    ConcernState,
    Disposition,
    EventGrade,
    Judgement,
)
from domain.response import Channel, Deadline, Response, ResponseKind
from domain.times import parse_moment
from response.statistics import CaseFigures, Group, Measure, compared, quantiles_of, statistics

START, END = parse_moment("2026-11-01T00:00"), parse_moment("2026-12-01T00:00")
OCTOBER = (parse_moment("2026-10-02T00:00"), START)
NOW = parse_moment("2026-12-10T12:00")
ROOT = Path(__file__).parents[2]


def case(id: int, found="2026-11-05T09:00", hours: float | None = None, **changes) -> CaseFigures:
    """A judged concern, answered after so many hours where they are given; within 48 in time."""
    at = parse_moment(found)
    judged = Judgement(
        changes.pop("grade", EventGrade.NONE),
        AttentionGrade.BLUE,
        "",
        ClockBasis.FOUND,
        at,
        changes.pop("unit", "水务局"),
        Disposition.HARDSHIP,
        "李敏",
        at,
    )
    concern = Concern(
        id, id, "停水", ConcernState.OPEN, (), EventGrade.NONE, "", AttentionGrade.BLUE, at, at, 1, judged
    )
    said = at + timedelta(hours=hours) if hours is not None else None
    clock = Deadline(id, id, "response-48h", "予以回应", "", at, at + timedelta(hours=48), "", said)
    answers = [Response(id, id, id, ResponseKind.ANSWER, Channel.WEBSITE, "", "", "", said, "李敏")] if said else []
    return CaseFigures(replace(concern, **changes), "城乡建设与管理", (clock,), tuple(answers))


def counted(*cases: CaseFigures):
    return statistics(cases, (), START, END, NOW)


def test_ninetieth_percentile_of_ten_values_lies_between_the_two_longest():
    found = counted(*(case(i, hours=float(i)) for i in range(1, 11)))
    assert (found.median_hours, found.ninetieth_hours) == (5.5, 9.1)


def test_quantiles_of_nothing_are_nothing_and_of_one_value_are_that_value():
    assert quantiles_of([], (0.5, 0.9)) == (None, None)
    assert quantiles_of([7.25], (0.5, 0.9)) == (7.25, 7.25)


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=60), st.floats(0, 1))
def test_quantile_lies_in_proportion_between_its_neighbours(hours, share):
    (found,) = quantiles_of(hours, (share,))
    ordered, place = sorted(hours), (len(hours) - 1) * share
    below, above = ordered[floor(place)], ordered[ceil(place)]
    assert found == pytest.approx(below + (above - below) * (place - floor(place)), abs=0.0051)


def test_period_takes_its_first_moment_and_not_the_one_after_its_last():
    inside, outside = case(1, "2026-11-01T00:00"), case(2, "2026-12-01T00:00")
    assert counted(inside, outside).judged == (1,)


def test_groups_count_most_first_then_as_they_come_and_what_is_not_known_has_a_name():
    found = counted(case(1, unit="教育局"), case(2, unit="水务局"), case(3, unit=""), case(4, unit="水务局"))
    assert list(found.by_unit.items()) == [("水务局", (2, 4)), ("教育局", (1,)), ("未定", (3,))]


def test_month_is_that_of_china_where_utc_has_another_day():
    found = statistics([case(1, "2026-11-30T23:30"), case(2, "2026-12-01T00:30")], (), START, NOW, NOW)
    assert found.by_month == {"2026-11": (1,), "2026-12": (2,)}


def test_concern_published_twice_stands_twice_among_publications_and_once_among_the_answered():
    one = case(1, hours=2)
    again = replace(one.responses[0], kind=ResponseKind.UPDATE, channel=Channel.WEIBO)
    found = counted(replace(one, responses=(*one.responses, again, again)))
    assert found.by_channel == {"政务微博": (1, 1), "政府网站": (1,)} and found.answered == (1,)


def test_update_alone_is_no_answer():
    one = case(1, hours=2)
    found = counted(replace(one, responses=(replace(one.responses[0], kind=ResponseKind.UPDATE),)))
    assert found.answered == () and found.median_hours is None


def test_timeliness_tells_in_time_late_and_overdue_apart_and_leaves_out_what_still_runs():
    running = case(4, "2026-11-30T23:00")
    found = statistics(
        [case(1, hours=48), case(2, hours=49), case(3), running], (), START, END, NOW - timedelta(days=9)
    )
    (rule,) = found.timeliness
    assert (rule.in_time, rule.late, rule.overdue) == ((1,), (2,), (3,)) and rule.share == pytest.approx(1 / 3)
    assert {(group, kept.name) for group, kept in found.timeliness_of} == {
        (Group.GRADE, "非突发事件"),
        (Group.AREA, "城乡建设与管理"),
        (Group.UNIT, "水务局"),
    }


def test_closed_and_archived_are_closed_and_the_dismissed_of_the_period_are_named():
    closed, archived = case(1, state=ConcernState.CLOSED), case(2, state=ConcernState.ARCHIVED)
    found = statistics(
        [closed, archived, case(3)], [case(9).concern, case(8, "2026-10-01T09:00").concern], START, END, NOW
    )
    assert found.closed == (1, 2) and found.dismissed == (9,)


def test_unit_that_had_cases_before_and_none_now_stands_with_nothing_but_an_old_month_does_not():
    this, before = counted(case(1)), statistics([case(2, "2026-10-05T09:00", unit="教育局")], (), *OCTOBER, NOW)
    lines = {(f.group, f.name): f for f in compared(this, before)}
    gone = lines[Group.UNIT, "教育局"]
    assert (gone.value, gone.before, gone.ids) == (0, 1, ())
    assert [name for group, name in lines if group is Group.MONTH] == ["2026-11"]


def test_behind_a_share_are_the_late_and_behind_hours_the_answered():
    lines = {(f.group, f.name): f for f in compared(counted(case(1, hours=3), case(2, hours=60)), counted())}
    share = lines[Group.TIMELINESS, "予以回应"]
    assert (share.value, share.before, share.ids, share.measure) == (0.5, None, (2,), Measure.SHARE)
    ninetieth = lines[Group.HOURS, "九成以内（小时）"]
    assert ninetieth.ids == (1, 2) and ninetieth.value == 54.3 and "线性插值" in ninetieth.how


def test_period_without_cases_has_nothing_and_no_error():
    found = counted()
    assert (found.judged, found.by_grade, found.timeliness, found.ninetieth_hours) == ((), {}, (), None)
    assert all(not figure.value for figure in compared(found, found))


def test_no_start_waits_for_pandas():
    modules = "main", "desk.reporting.report", "gui.reporting.statistics", "gui.window"
    script = "import sys\n" + "".join(f"import {m}; assert 'pandas' not in sys.modules, '{m}'\n" for m in modules)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=120, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
