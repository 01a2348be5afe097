"""Grades, states and what a concern says of itself; choices found by their code or label."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.article import SourceTier
from domain.concern import (
    AttentionGrade,
    ClockBasis,
    Concern,
    ConcernState,
    Disposition,
    EventGrade,
    Evidence,
    Judgement,
    Reason,
    ReasonCode,
    Suggestion,
)
from domain.errors import InputError
from domain.times import HOUR, parse_moment
from domain.topic import Heat, HeatPart

NOW = parse_moment("2026-11-20T12:00")
REASON = Reason(ReasonCode.PUBLIC_INTEREST, "3 篇提到停水", (Evidence(1, "停水。", "日报"),))
CONCERN = Concern(1, 1, "停水", ConcernState.OPEN, (REASON,), EventGrade.III, "", AttentionGrade.BLUE, NOW, NOW, 1)


def judged(grade: EventGrade, then: EventGrade, suggested: EventGrade) -> Concern:
    decided = Judgement(
        grade, AttentionGrade.BLUE, "", ClockBasis.FOUND, NOW, "", Disposition.HARDSHIP, "李敏", NOW, then
    )
    return replace(CONCERN, judgement=decided, suggested_grade=suggested)


def test_choice_is_found_by_its_code_or_label():
    assert EventGrade.of("II") is EventGrade.of("重大") is EventGrade.II
    with pytest.raises(InputError) as told:
        ClockBasis.of("昨天")
    assert str(told.value) == "没有“昨天”这一项。可用的有：发现、事发、首发、交办。"


def test_tier_that_is_not_known_is_a_portals():
    assert SourceTier.of("central") is SourceTier.CENTRAL and SourceTier.of("?") is SourceTier.PORTAL


def test_tiers_above_have_more_weight():
    above = (SourceTier.CENTRAL, SourceTier.PROVINCE, SourceTier.DEPARTMENT, SourceTier.CITY, SourceTier.PORTAL)
    assert sorted(SourceTier, key=lambda tier: -tier.weight)[:5] == list(above)
    assert [tier.label for tier in above] == ["中央媒体", "省级", "部门网站", "市县", "商业门户"]


def test_first_two_grades_are_grave_and_rank_goes_down_from_the_gravest():
    assert [grade for grade in EventGrade if grade.grave] == [EventGrade.I, EventGrade.II]
    assert [grade.rank for grade in EventGrade] == [0, 1, 2, 3, 4]


def test_case_runs_until_it_is_closed_put_aside_or_merged():
    over = {ConcernState.CLOSED, ConcernState.ARCHIVED, ConcernState.DISMISSED, ConcernState.MERGED}
    assert {state for state in ConcernState if not state.running} == over


def test_topic_is_flagged_by_reasons_that_nothing_holds_back():
    told = Suggestion(1, (REASON,), EventGrade.NONE, "", AttentionGrade.BLUE)
    assert told.flagged and not replace(told, held="只有一家").flagged and not replace(told, reasons=()).flagged


def test_grade_is_the_judged_one_where_there_is_one():
    assert CONCERN.grade is EventGrade.III
    assert judged(EventGrade.I, EventGrade.III, EventGrade.III).grade is EventGrade.I


@pytest.mark.parametrize(
    ("grade", "then", "now", "escalated"),
    [
        (EventGrade.IV, EventGrade.IV, EventGrade.III, True),
        (EventGrade.III, EventGrade.III, EventGrade.III, False),
        (EventGrade.IV, EventGrade.II, EventGrade.II, False),
        (EventGrade.II, EventGrade.IV, EventGrade.III, False),
        (EventGrade.II, EventGrade.IV, EventGrade.I, True),
    ],
)
def test_concern_escalates_beyond_what_was_judged_and_known_then(grade, then, now, escalated):
    assert judged(grade, then, now).escalated is escalated and not CONCERN.escalated


def test_emergency_is_told_by_its_reason_and_a_return_by_what_put_it_aside():
    emergency = replace(CONCERN, reasons=(REASON, replace(REASON, code=ReasonCode.EMERGENCY)))
    assert emergency.is_emergency and not CONCERN.is_emergency
    back = replace(CONCERN, state=ConcernState.FLAGGED, outcome="不属实")
    assert back.came_back and not replace(back, outcome="").came_back
    assert not replace(back, state=ConcernState.OPEN).came_back


def test_concern_by_hand_waits_to_be_judged_without_a_grade():
    assert Concern.by_hand(7, "停水", REASON, NOW - HOUR, NOW) == Concern(
        0,
        7,
        "停水",
        ConcernState.FLAGGED,
        (REASON,),
        EventGrade.NONE,
        "由人工转为关切，等级待研判",
        AttentionGrade.BLUE,
        NOW,
        NOW - HOUR,
        1,
    )


def test_heat_is_the_weighted_sum_of_its_parts_and_says_where_it_goes():
    assert Heat({part: 100.0 for part in HeatPart}, True).value == pytest.approx(100)
    assert Heat({HeatPart.VOLUME: 50.0, HeatPart.EVENT: 100.0}, True).value == pytest.approx(15)
    assert [Heat({}, True, rising).trend for rising in (2, 1, 0, -1)] == ["↑", "↑", "→", "↓"]
