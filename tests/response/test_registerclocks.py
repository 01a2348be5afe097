"""The clocks of the registers, their days counted by hand from the State Council's calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.errors import InputError
from domain.registerfields import REGISTERS
from domain.registers import RegisterEntry, RegisterKind, RegisterLimits, Standing
from domain.response import DeadlineState
from domain.steps.registers import MOST_LIMIT
from domain.times import parse_moment
from response.registerclocks import WorkingDays, clocks_of, standing
from response.registerfigures import annual_table
from response.workcalendar import WorkCalendar

NOW = parse_moment("2026-11-20T12:00")
DAYS = WorkingDays(WorkCalendar())
APPLIED = {"applicant": "自然人", "content": "征地批文"}


def entry(kind, id=1, **given):
    values = REGISTERS[kind].checked(given)
    return RegisterEntry(id, kind, values, NOW, "李敏", NOW, "李敏")


def clock(code, kind=RegisterKind.DISCLOSURE, limits=RegisterLimits(), **given):
    made = clocks_of(entry(kind, **given), DAYS, limits)
    return next(one for one in made if one.code == code)


@pytest.mark.parametrize(
    "received, correct, answer",
    [
        ("2026-02-10", "2026-02-26", "2026-03-16"),
        ("2026-09-21", "2026-10-08", "2026-10-26"),
        ("2026-11-23", "2026-12-02", "2026-12-21"),
    ],
)
def test_application_has_seven_days_to_be_corrected_and_twenty_to_be_answered(received, correct, answer):
    assert clock("answer", received_on=received, **APPLIED).due_on == date.fromisoformat(answer)
    assert clock("correction", received_on=received, unclear="是", **APPLIED).due_on == date.fromisoformat(correct)


def test_corrected_application_begins_anew_on_the_day_when_it_came():
    asked = {"received_on": "2026-09-01", "notice_on": "2026-09-05", **APPLIED}
    assert [c.code for c in clocks_of(entry(RegisterKind.DISCLOSURE, **asked), DAYS, RegisterLimits())] == [
        "correction"
    ]
    assert clock("answer", corrected_on="2026-09-21", **asked).due_on == date(2026, 10, 26)


def test_correction_that_is_asked_for_after_the_answer_was_due_restarts_nothing():
    late = {"received_on": "2026-02-10", "notice_on": "2026-03-17", "corrected_on": "2026-03-20", **APPLIED}
    assert clock("answer", **late).due_on == date(2026, 3, 16)
    assert clock("correction", **late).state(date(2026, 3, 20)) is DeadlineState.LATE


def test_days_of_an_opinion_do_not_count_and_end_with_its_fifteen_working_days():
    """Received 2026-03-02 (Monday): 20 working days are 03-30; Qingming's holiday is 04-04 to 04-06."""
    base = {"received_on": "2026-03-02", **APPLIED}
    assert clock("answer", **base).due_on == date(2026, 3, 30)
    # 03-05 to 03-11: four working days out.
    assert clock("answer", asked_on="2026-03-05", opinion_on="2026-03-11", **base).due_on == date(2026, 4, 3)
    # No answer: 15 working days from 03-05 are 03-26, which is 15 days out; 15 more from 03-30 are 04-21.
    assert clock("opinion", asked_on="2026-03-05", **base).due_on == date(2026, 3, 26)
    assert clock("answer", asked_on="2026-03-05", **base).due_on == date(2026, 4, 21)
    assert clock("answer", asked_on="2026-03-31", opinion_on="2026-04-03", **base).due_on == date(2026, 3, 30)


def test_extension_counts_once_it_was_told_in_time_and_not_afterwards():
    told = {"extension_days": 10, "extension_reason": "资料多", "consented_by": "赵明", **APPLIED}
    assert clock("answer", received_on="2026-03-02", extended_on="2026-03-30", **told).due_on == date(2026, 4, 14)
    late = clock("answer", received_on="2026-03-02", extended_on="2026-03-31", **told)
    assert late.due_on == date(2026, 3, 30) and "不延长" in late.how


def test_extension_is_twenty_days_at_most_and_by_somebody_with_a_reason():
    told = {"received_on": "2026-03-02", "extended_on": "2026-03-20", **APPLIED}
    for given, field in (
        ({"extension_days": 21, "extension_reason": "x", "consented_by": "赵明"}, "extension_days"),
        ({"extension_days": 5, "consented_by": "赵明"}, "extension_reason"),
        ({"extension_days": 5, "extension_reason": "x"}, "consented_by"),
    ):
        with pytest.raises(InputError) as told_of:
            REGISTERS[RegisterKind.DISCLOSURE].checked({**told, **given})
        assert told_of.value.field == field


def test_opinions_are_asked_for_thirty_days_or_with_a_reason():
    draft = {"title": "停车办法", "from_on": "2026-03-01"}
    with pytest.raises(InputError, match="30 日") as told:
        REGISTERS[RegisterKind.DECISION].checked({**draft, "to_on": "2026-03-30"})
    assert told.value.field == "short_reason"
    assert REGISTERS[RegisterKind.DECISION].checked({**draft, "to_on": "2026-03-31"})
    assert REGISTERS[RegisterKind.DECISION].checked({**draft, "to_on": "2026-03-10", "short_reason": "汛期"})


def test_explanation_has_the_office_s_working_days_once_it_has_that_rule():
    document = {"title": "通知", "issued_on": "2026-09-30", "plan_on": "2026-12-01"}
    limits = RegisterLimits(explain=3)
    # 10-01 to 10-07 is a holiday, 10-10 a worked Saturday.
    assert clock("explanation", RegisterKind.EXPLANATION, limits, **document).due_on == date(2026, 10, 10)
    assert clock("explanation", RegisterKind.EXPLANATION, **document).due_on == date(2026, 12, 1)
    exempt = entry(RegisterKind.EXPLANATION, exempt="转发", **document)
    assert clocks_of(exempt, DAYS, limits) == () and standing(exempt, (), NOW.date()) is Standing.DONE


def test_matter_is_due_on_its_own_day_or_by_its_term_whichever_is_first():
    licence = {"matter": "采砂许可", "term": "许可处罚决定后7个工作日", "made_on": "2026-02-10"}
    made = clock("publication", RegisterKind.PUBLICATION, **licence)
    assert made.due_on == date(2026, 2, 26) and "118号" in made.source
    assert clock("publication", RegisterKind.PUBLICATION, due_on="2026-02-12", **licence).due_on == date(2026, 2, 12)


def test_report_of_a_year_is_due_in_january_or_in_march():
    for reporter, due in (("政府部门", date(2027, 1, 31)), ("本级政府（主管部门）", date(2027, 3, 31))):
        assert clock("report", RegisterKind.ANNUAL_REPORT, year=2026, reporter=reporter).due_on == due


def test_channel_that_was_updated_is_silent_after_the_office_s_days():
    site = entry(RegisterKind.CHANNEL, name="临江网", channel="政府网站", keeper="李敏", opened_on="2020-01-01")
    (seen,) = clocks_of(site, DAYS, RegisterLimits(site=14), date(2026, 11, 1))
    assert seen.due_on == date(2026, 11, 15)
    assert standing(site, (seen,), date(2026, 11, 16)) is Standing.OVERDUE
    assert standing(site, (seen,), date(2026, 11, 15)) is Standing.DONE


def test_lines_of_the_annual_table_meet_for_every_kind_of_applicant():
    def one(received, answered=None, answer="予以公开", applicant="自然人", **more):
        given = {"answered_on": answered, "answer": answer} if answered else {}
        return entry(RegisterKind.DISCLOSURE, received_on=received, applicant=applicant, content="x", **given, **more)

    told = [
        one("2024-12-20", "2025-01-10"),
        one("2025-03-01", "2025-03-20", "属于国家秘密", "商业企业"),
        one("2025-12-20", "2026-01-05", review_on="2025-12-25"),
        one(
            "2025-06-01",
            None,
            suit_on="2025-07-01",
            suit="复议后起诉",
            suit_closed_on="2025-09-01",
            suit_result="结果纠正",
        ),
        one("2024-01-01", "2024-02-01"),
        one("2026-01-02"),
    ]
    table = annual_table(told, 2025)
    assert (table.new.total, table.carried.total, table.settled.total, table.left.total) == (3, 1, 2, 2)
    for new, carried, settled, left in zip(
        table.new.counts, table.carried.counts, table.settled.counts, table.left.counts
    ):
        assert new + carried == settled + left
    secret = next(row for row in table.answers if row.label == "属于国家秘密")
    assert (secret.group, secret.counts) == ("不予公开", (0, 1, 0, 0, 0, 0))
    assert table.reviews == (0, 0, 0, 1)
    assert {suit.label: ends for suit, ends in table.suits.items()} == {
        "未经复议直接起诉": (0, 0, 0, 0),
        "复议后起诉": (0, 1, 0, 0),
    }


def test_longest_limit_that_an_office_may_set_is_counted_to_its_end():
    begun, calendar = date(2025, 1, 2), WorkCalendar()
    due, _ = DAYS.after(begun, MOST_LIMIT)
    assert sum(calendar.is_worked(begun + timedelta(days=i)) for i in range(1, (due - begun).days + 1)) == MOST_LIMIT
