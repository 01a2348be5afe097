"""The order of the list of cases: what waits, the gravest first, then what runs by its clock, then what is done with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desk.cases.reading import in_working_order
from domain.concern import AttentionGrade, Concern, ConcernState, DevelopmentKind, EventGrade, Turn
from domain.response import Deadline
from domain.times import parse_moment

NOW = parse_moment("2026-11-20T08:00:00+08:00")


def case(id: int, state: ConcernState, grade: EventGrade, found: int = 0) -> Concern:
    at = NOW + timedelta(minutes=found)
    return Concern(id, id, "停水", state, (), grade, "", AttentionGrade.BLUE, at, at, 1)


def due(id: int, hours: int) -> list[Deadline]:
    return [Deadline(id, id, "x", "予以回应", "", NOW, NOW + timedelta(hours=hours), "")]


def ids(known: list[tuple[Concern, list[Deadline]]]) -> list[int]:
    return [concern.id for concern, _ in in_working_order(known)]


def test_what_waits_stands_first_and_the_gravest_on_top_however_new():
    rumour = case(1, ConcernState.FLAGGED, EventGrade.NONE, found=60)
    bus = case(2, ConcernState.FLAGGED, EventGrade.III)
    newer = case(3, ConcernState.FLAGGED, EventGrade.III, found=5)
    running = case(4, ConcernState.OPEN, EventGrade.I)
    assert ids([(rumour, []), (running, due(4, 1)), (bus, []), (newer, [])]) == [3, 2, 1, 4]


def test_what_runs_stands_by_its_nearest_deadline_and_before_what_is_done_with():
    later, sooner = (case(id, ConcernState.OPEN, EventGrade.III) for id in (1, 2))
    closed, bare = case(3, ConcernState.CLOSED, EventGrade.I), case(4, ConcernState.ANSWERED, EventGrade.NONE)
    assert ids([(closed, due(3, 1)), (bare, []), (later, due(1, 9)), (sooner, due(2, 2))]) == [2, 1, 4, 3]


def test_case_that_has_turned_waits_by_its_grade_though_its_clock_is_near():
    turned = replace(case(1, ConcernState.OPEN, EventGrade.IV), turned=(Turn(1, DevelopmentKind.VICTIM),))
    graver = case(2, ConcernState.FLAGGED, EventGrade.II)
    assert ids([(turned, due(1, 1)), (graver, due(2, 20))]) == [2, 1]


def test_case_that_tells_of_a_graver_other_happening_waits_by_the_grade_of_that():
    turn = Turn(1, DevelopmentKind.ANOTHER, "又一化工厂爆炸。", EventGrade.I)
    turned = replace(case(1, ConcernState.OPEN, EventGrade.IV), turned=(turn,))
    assert ids([(case(2, ConcernState.FLAGGED, EventGrade.II), []), (turned, [])]) == [1, 2]


def test_what_an_old_table_brought_stands_below_what_runs():
    old = replace(case(1, ConcernState.FLAGGED, EventGrade.IV), first_report_at=NOW - timedelta(days=400))
    closed, running = case(2, ConcernState.CLOSED, EventGrade.I), case(3, ConcernState.OPEN, EventGrade.NONE)
    new = case(4, ConcernState.FLAGGED, EventGrade.NONE)
    assert ids([(closed, []), (old, []), (running, due(3, 9)), (new, [])]) == [4, 3, 1, 2]
