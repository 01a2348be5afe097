"""Deadline rules: which apply, by when, and what meets them; working days with worked weekends."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.concern import AttentionGrade, ClockBasis, ConcernState, Disposition, EventGrade, Judgement
from domain.errors import InputError, NotFoundError
from domain.response import (
    Applies,
    Channel,
    Deadline,
    DeadlineRule,
    DeadlineState,
    Response,
    ResponseKind,
    Unit,
)
from domain.times import CHINA, china_day, exact, parse_moment
from response.counting import count
from response.deadlines import (
    all_rules,
    deadlines_for,
    in_force,
    met_by,
    next_update,
    own_rules,
    recounted,
    rule_of,
    start_clock,
)
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


OWN_RULE = {
    "code": "report-2h",
    "name": " 报送领导 ",
    "amount": "2",
    "unit": "工作小时",
    "applies": "by-hand",
    "met_by": ["answer", "动态"],
    "source": " 本单位值班制度第三条 ",
    "pack": "国家",
}


def test_own_rule_is_read_whole_and_is_always_the_offices_own():
    (rule,) = own_rules([OWN_RULE])
    assert rule == DeadlineRule(
        "report-2h",
        "报送领导",
        "本单位",
        2.0,
        Unit.OFFICE_HOURS,
        Applies.BY_HAND,
        (ResponseKind.ANSWER, ResponseKind.UPDATE),
        "本单位值班制度第三条",
        False,
    )
    assert own_rules([{**OWN_RULE, "extends": True}])[0].extends is True


@pytest.mark.parametrize("key", ["code", "name", "amount", "unit", "applies", "met_by"])
def test_rule_that_lacks_something_says_what_a_rule_needs(key):
    with pytest.raises(InputError) as refused:
        own_rules([{k: v for k, v in OWN_RULE.items() if k != key}])
    assert str(refused.value) == "时限规则不完整。请写明名称、时长、单位和适用情形。"


@pytest.mark.parametrize("wrong", [{"name": " "}, {"amount": 0}, {"amount": -1}, {"applies": "always"}])
def test_rule_that_makes_no_sense_is_refused_by_its_name(wrong):
    with pytest.raises(InputError) as refused:
        own_rules([{**OWN_RULE, **wrong}])
    name = wrong.get("name", "报送领导").strip()
    assert str(refused.value) == (
        f"时限规则“{name}”不完整：要有名称，时长要大于 0，不超过 1000，适用情形要在四种之内。"
    )


def test_rule_of_less_than_an_hour_is_a_rule():
    assert own_rules([{**OWN_RULE, "amount": 0.5}])[0].amount == 0.5


def test_rule_without_a_document_names_itself():
    with pytest.raises(InputError) as refused:
        own_rules([{**OWN_RULE, "source": "  "}])
    assert str(refused.value) == "请写明时限规则“报送领导”的依据（本单位的文件名和条款）。"
    with pytest.raises(InputError, match="依据"):
        own_rules([{k: v for k, v in OWN_RULE.items() if k != "source"}])


def test_rules_of_the_state_say_which_may_be_extended_and_what_meets_them():
    rules = {rule.code: rule for rule in all_rules()}
    assert {code for code, rule in rules.items() if rule.extends} == {"disclosure-20wd"}
    assert rules["press-conference-24h"].met_by == (ResponseKind.PRESS_CONFERENCE,)
    assert {rule.pack for rule in rules.values()} == {"国家", "河南", "本单位"}


def test_clock_of_a_rule_that_binds_what_was_answered_repeats():
    repeating = [rule for rule in all_rules() if start_clock(1, rule, START, "上次发布", CALENDAR).repeats]
    assert repeating == [rule for rule in all_rules() if rule.applies is Applies.ANSWERED] != []


def test_rule_is_found_by_its_code_and_else_all_codes_are_named():
    assert rule_of("updates", NATIONAL).name == "持续发布动态"
    with pytest.raises(NotFoundError) as missing:
        rule_of("x", NATIONAL[:2])
    assert str(missing.value) == "没有“x”这条时限规则。可用的有：judge、unjudged-5h。"


def test_clock_says_of_which_case_and_rule_it_is_and_how_it_was_counted():
    (clock,) = deadlines_for(7, judged(EventGrade.NONE), NATIONAL)
    assert clock == Deadline(
        0,
        7,
        "response-48h",
        "予以回应",
        "国办发〔2016〕61号",
        START,
        START + timedelta(hours=48),
        "从发现时间 2026-10-01 09:00 起 48 小时（昼夜连续），到 2026-10-03 09:00。"
        "10-01 09:00 至 10-03 09:00 昼夜连续计 48 小时。依据：国办发〔2016〕61号。",
    )


def test_counting_on_an_unpublished_year_is_marked_in_words():
    clock = start_clock(1, rule_of("disclosure-20wd", NATIONAL), parse_moment("2026-12-04T10:00"), "收到时间", CALENDAR)
    assert clock.how.startswith("从收到时间 2026-12-04 10:00 起 20 个工作日，到 2027-01-04 24:00（暂按）。12-04")


def test_offices_own_calendar_counts_for_the_clocks_of_a_judgement():
    own = own_rules([{**OWN_RULE, "unit": "working-days", "applies": "other", "amount": 1}])
    off = WorkCalendar({date(2026, 10, 8): False})
    (clock,) = deadlines_for(1, judged(EventGrade.NONE), own, off)
    assert exact(clock.due_at) == "2026-10-09 24:00"
    (usual,) = deadlines_for(1, judged(EventGrade.NONE), own)
    assert exact(usual.due_at) == "2026-10-08 24:00"


def test_what_is_met_or_no_longer_applies_is_not_met_again_and_what_is_of_a_dropped_rule_by_an_answer():
    clocks = deadlines_for(1, judged(EventGrade.NONE), NATIONAL)
    said = published(ResponseKind.ANSWER)
    assert met_by(clocks, said, NATIONAL) == clocks
    assert met_by([replace(clocks[0], met_at=START)], said, NATIONAL) == []
    assert met_by([replace(clocks[0], withdrawn="误加")], said, NATIONAL) == []
    dropped = [replace(clocks[0], code="gone")]
    assert met_by(dropped, said, NATIONAL) == dropped
    assert met_by(dropped, published(ResponseKind.UPDATE), NATIONAL) == []
    repeating = [replace(clock, repeats=True) for clock in dropped]
    assert met_by(repeating, published(ResponseKind.UPDATE), NATIONAL) == repeating


@pytest.mark.parametrize("state", ConcernState)
def test_publication_starts_the_next_update_while_the_case_is_answered(state):
    found = next_update(3, state, published(ResponseKind.UPDATE), NATIONAL, CALENDAR)
    if state in (ConcernState.ANSWERED, ConcernState.FOLLOWING):
        (clock,) = found
        assert (clock.concern_id, clock.code, clock.start_at) == (3, "updates", START)
        assert clock.due_at == START + timedelta(hours=24) and clock.how.startswith("从上次发布 2026-10-01 09:00 起")
    else:
        assert found == []


def test_running_clock_is_recounted_by_todays_calendar_and_others_stay():
    rule = rule_of("disclosure-20wd", NATIONAL)
    clock = start_clock(1, rule, parse_moment("2026-11-23T10:00"), "收到时间", CALENDAR)
    off = WorkCalendar({date(2026, 11, 24): False})
    counted = recounted(clock, NATIONAL, off)
    assert counted
    due, how = counted
    assert exact(due) == "2026-12-22 24:00" and how.startswith("从起点 2026-11-23 10:00 起 20 个工作日，到 2026-12-22")
    assert recounted(clock, NATIONAL, CALENDAR) is None
    assert recounted(replace(clock, met_at=START), NATIONAL, off) is None
    assert recounted(replace(clock, withdrawn="误加"), NATIONAL, off) is None
    assert recounted(replace(clock, code="gone"), NATIONAL, off) is None


def test_extended_clock_is_recounted_for_twice_the_amount():
    rule = rule_of("disclosure-20wd", NATIONAL)
    clock = start_clock(1, rule, parse_moment("2026-09-21T10:00"), "收到时间", CALENDAR)
    counted = recounted(clock, NATIONAL, CALENDAR, extended=True)
    assert counted and counted[0] == count(parse_moment("2026-09-21T10:00"), 40, Unit.WORKING_DAYS, CALENDAR).due_at


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
        # Counted by hand, docs/domain.md section 3.
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
