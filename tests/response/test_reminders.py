"""Reminders: by share of time left, once each, quiet hours that do not silence a grave emergency."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.concern import (
    AttentionGrade,
    ClockBasis,
    Concern,
    ConcernState,
    DevelopmentKind,
    Disposition,
    EventGrade,
    Evidence,
    Judgement,
    Reason,
    ReasonCode,
    Turn,
)
from domain.response import Alert, Deadline, Level, Quiet
from domain.times import parse_moment
from response.reminders import LATELY, concern_alerts, due_alerts, holds, level_of

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
    given_already: set[str] = set()
    running = [(concern(EventGrade.I), clock(DAY))]
    for _ in range(2):
        for alert in due_alerts(running, given_already, Quiet(), DAY + timedelta(minutes=minutes)):
            assert alert.key not in given_already
            given_already.add(alert.key)
    assert len(given_already) <= 1


def test_reminder_names_the_case_its_clock_and_the_time_left_or_gone():
    case, running = concern(EventGrade.I), clock(DAY)
    half, over = DAY + timedelta(hours=5), DAY + timedelta(hours=11, minutes=5)
    assert due_alerts([(case, running)], set(), Quiet(), half) == [
        Alert("deadline:7:half", 1, Level.HALF, half, "停水：予以回应 时间过半，余 5:00:00")
    ]
    assert due_alerts([(case, running)], set(), Quiet(), over)[0].text == "停水：予以回应 已超时 1:05:00"


def test_clock_that_has_time_or_was_given_holds_no_other_back():
    early, due = replace(clock(DAY), id=8), clock(DAY - timedelta(hours=6))
    case = concern(EventGrade.IV)
    given_already = {"deadline:9:half"}
    running = [(case, early), (case, replace(due, id=9)), (case, due)]
    assert [alert.key for alert in due_alerts(running, given_already, Quiet(), DAY)] == ["deadline:7:half"]


def test_clock_that_was_met_or_withdrawn_reminds_nobody():
    late = DAY + timedelta(hours=20)
    for done in (replace(clock(DAY), met_at=DAY), replace(clock(DAY), withdrawn="误加")):
        assert level_of(done, late) is None


def test_held_reminder_says_why():
    (alert,) = due_alerts([(concern(EventGrade.IV), clock(NIGHT - timedelta(hours=6)))], set(), Quiet(), NIGHT)
    assert alert.held == "免打扰时段，非重大突发事件"
    (alert,) = concern_alerts([replace(flagged(EventGrade.III), found_at=NIGHT)], set(), Quiet(), NIGHT)
    assert alert.held == "免打扰时段，非突发事件"


def flagged(grade: EventGrade) -> Concern:
    return replace(concern(grade), state=ConcernState.FLAGGED, found_at=DAY)


def judged(grade: EventGrade, suggested: EventGrade) -> Concern:
    decided = Judgement(
        grade, AttentionGrade.BLUE, "", ClockBasis.FOUND, DAY, "", Disposition.HARDSHIP, "李敏", DAY, grade
    )
    return replace(concern(suggested), judgement=decided, grade_ground="3 人死亡")


def test_new_concern_is_told_of_for_two_hours():
    new = flagged(EventGrade.IV)
    assert concern_alerts([new], set(), Quiet(), DAY + LATELY) == [
        Alert("flagged:1", 1, Level.FLAGGED, DAY + LATELY, "新关切：停水（建议一般）")
    ]
    assert concern_alerts([new], set(), Quiet(), DAY + LATELY + timedelta(seconds=1)) == []


def test_concern_that_was_put_aside_and_came_back_is_told_of_again():
    back = replace(flagged(EventGrade.III), outcome="不属实", grade_ground="又有 5 篇")
    later = DAY + timedelta(days=1)
    assert concern_alerts([back], set(), Quiet(), later) == [
        Alert("again:1:III", 1, Level.FLAGGED, later, "再次列为关切：停水（曾不予回应；又有 5 篇）")
    ]


def test_concern_that_grew_graver_than_it_was_judged_is_told_of_once():
    graver, calm = judged(EventGrade.IV, EventGrade.II), judged(EventGrade.II, EventGrade.II)
    assert concern_alerts([calm, graver], set(), Quiet(), DAY) == [
        Alert("escalated:1:II", 1, Level.ESCALATED, DAY, "建议升级为重大：停水（3 人死亡）")
    ]
    assert concern_alerts([graver], {"escalated:1:II"}, Quiet(), DAY) == []


def test_concern_that_grew_graver_and_turned_is_told_of_for_both():
    both = replace(judged(EventGrade.IV, EventGrade.II), turned=(Turn(1, DevelopmentKind.VICTIM),))
    told = concern_alerts([both], set(), Quiet(), DAY)
    assert [alert.level for alert in told] == [Level.ESCALATED, Level.TURNED]
    assert concern_alerts([both], {alert.key for alert in told}, Quiet(), DAY) == []
    (later,) = concern_alerts([both], {told[0].key}, Quiet(), DAY)  # graver first, turned after
    assert later.level is Level.TURNED


def test_another_happening_is_told_first_with_its_grade_even_at_night():
    turns = Turn(1, DevelopmentKind.DEMAND), Turn(2, DevelopmentKind.ANOTHER, "又一化工厂爆炸。", EventGrade.III)
    (alert,) = concern_alerts([replace(judged(EventGrade.IV, EventGrade.IV), turned=turns)], set(), Quiet(), NIGHT)
    assert alert == Alert("turned:1:2", 1, Level.TURNED, NIGHT, "新动向：停水（另一起，建议较大：又一化工厂爆炸。）")


def test_turn_of_a_kind_that_was_told_before_is_told_again():
    first, again = (
        replace(judged(EventGrade.IV, EventGrade.IV), turned=(Turn(id, DevelopmentKind.VICTIM),)) for id in (1, 2)
    )
    (alert,) = concern_alerts([first], set(), Quiet(), DAY)
    assert concern_alerts([again], {alert.key}, Quiet(), DAY)[0].key == "turned:1:2"


def test_quiet_hours_silence_neither_an_emergency_nor_what_may_be_grave():
    emergency = Reason(ReasonCode.EMERGENCY, "2 篇提到爆炸", (Evidence(1, "爆炸。", "日报"),))
    urgent = [replace(flagged(EventGrade.IV), reasons=(emergency,)), flagged(EventGrade.II)]
    for case in urgent:
        (alert,) = concern_alerts([replace(case, found_at=NIGHT)], set(), Quiet(), NIGHT)
        assert alert.held == ""


def test_reminder_no_longer_holds_once_what_it_tells_of_is_done():
    new, graver = flagged(EventGrade.IV), judged(EventGrade.IV, EventGrade.II)
    turned = replace(judged(EventGrade.II, EventGrade.II), turned=(Turn(1, DevelopmentKind.VICTIM),))
    for case, done in (
        (new, replace(new, state=ConcernState.OPEN)),
        (graver, judged(EventGrade.II, EventGrade.II)),
        (turned, replace(turned, turned=())),
    ):
        (alert,) = concern_alerts([case], set(), Quiet(), DAY)
        assert holds(alert, case, [], DAY) and not holds(alert, done, [], DAY)


def test_reminder_of_a_clock_holds_until_it_is_met_or_another_level_is_due():
    late, case, running = DAY + timedelta(hours=8), concern(EventGrade.IV), clock(DAY)
    (alert,) = due_alerts([(case, running)], set(), Quiet(), late)
    assert holds(alert, case, [running], late)
    assert not holds(alert, case, [replace(running, met_at=late)], late)
    assert not holds(alert, case, [running], DAY + timedelta(hours=11))
    assert not holds(alert, replace(case, state=ConcernState.CLOSED), [running], late)


@given(st.integers(0, 400), st.booleans())
def test_what_old_tables_bring_rings_for_nobody_but_an_emergency_does(days, emergency):
    code = ReasonCode.EMERGENCY if emergency else ReasonCode.PUBLIC_INTEREST
    old = replace(
        concern(EventGrade.IV),
        state=ConcernState.FLAGGED,
        reasons=(Reason(code, "x", ()),),
        first_report_at=DAY - timedelta(days=days),
    )
    told = concern_alerts([old], set(), Quiet(), DAY)
    assert bool(told) == (emergency or days <= 30)
