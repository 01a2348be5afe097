"""Deadline rules: which apply, by when, and what meets them."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.concern import AttentionGrade, ClockBasis, Disposition, EventGrade, Judgement
from domain.response import Channel, DeadlineState, Response, ResponseKind
from domain.times import parse_moment
from response.deadlines import deadlines_for, met_by

START = parse_moment("2026-10-01T09:00")


def judged(grade: EventGrade) -> Judgement:
    return Judgement(
        grade, AttentionGrade.RED, "", ClockBasis.FOUND, START, "应急局", Disposition.HARDSHIP, "李敏", START
    )


def published(kind: ResponseKind, at=START) -> Response:
    return Response(1, 1, 1, kind, Channel.WEBSITE, "通报", "正文", "https://x.gov.cn/1", at, "李敏")


def test_grave_emergency_has_five_and_twenty_four_hours():
    clocks = deadlines_for(1, judged(EventGrade.II))
    assert [(d.code, d.due_at - START) for d in clocks] == [
        ("authoritative-5h", timedelta(hours=5)),
        ("press-conference-24h", timedelta(hours=24)),
    ]


def test_other_concern_has_forty_eight_hours_over_a_holiday():
    (clock,) = deadlines_for(1, judged(EventGrade.NONE))
    assert clock.due_at == parse_moment("2026-10-03T09:00")


def test_henan_pack_adds_the_stricter_clock_and_keeps_the_national_one():
    clocks = deadlines_for(1, judged(EventGrade.IV), ("国家", "河南"))
    assert [d.code for d in clocks] == ["henan-24h", "response-48h"]


def test_update_meets_no_deadline():
    assert met_by(deadlines_for(1, judged(EventGrade.I)), published(ResponseKind.UPDATE)) == []


def test_authoritative_statement_does_not_replace_the_press_conference():
    met = met_by(deadlines_for(1, judged(EventGrade.I)), published(ResponseKind.AUTHORITATIVE))
    assert [d.code for d in met] == ["authoritative-5h"]


@given(st.integers(0, 400))
def test_running_until_due_then_overdue(hours):
    (clock,) = deadlines_for(1, judged(EventGrade.NONE))
    expected = DeadlineState.RUNNING if hours <= 48 else DeadlineState.OVERDUE
    assert clock.state(START + timedelta(hours=hours)) is expected
