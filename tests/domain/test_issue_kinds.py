"""Issues: their kinds by any of their names, their periods, and what a kind asks for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.briefing import IssueKind, Wanted, period
from domain.errors import InputError
from domain.person import Person, Role

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("weekly", IssueKind.WEEKLY),
        ("舆情周报", IssueKind.WEEKLY),
        ("周报", IssueKind.WEEKLY),
        ("快报", IssueKind.FLASH),
        ("年度统计", IssueKind.ANNUAL),
    ],
)
def test_kind_is_found_by_its_code_and_by_its_name_with_or_without_its_head(text, kind):
    assert IssueKind.of(text) is kind


@pytest.mark.parametrize("text", ["", "报", "早报"])
def test_what_names_no_kind_is_refused(text):
    with pytest.raises(InputError, match=f"没有“{text}”这一项"):
        IssueKind.of(text)


def test_kinds_are_of_a_concern_of_a_period_or_of_a_day():
    assert {kind for kind in IssueKind if kind.of_concern} == {IssueKind.FLASH, IssueKind.SPECIAL}
    assert {kind for kind in IssueKind if kind.of_period} == {IssueKind.WEEKLY, IssueKind.MONTHLY, IssueKind.ANNUAL}


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (IssueKind.DAILY, DAY, DAY),
        (IssueKind.WEEKLY, date(2026, 11, 16), date(2026, 11, 22)),
        (IssueKind.MONTHLY, date(2026, 11, 1), date(2026, 11, 30)),
        (IssueKind.ANNUAL, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_issue_is_kept_under_the_last_day_of_its_period(kind, first, last):
    assert period(kind, DAY) == (first, last) and Wanted(kind, DAY).last == last


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(IssueKind))
def test_every_day_of_a_period_has_that_period(day, kind):
    first, last = period(kind, day)
    assert first <= day <= last
    assert period(kind, first) == period(kind, last) == (first, last)
    assert period(kind, last + timedelta(days=1))[0] == last + timedelta(days=1)


@pytest.mark.parametrize("kind", [kind for kind in IssueKind if kind.of_concern])
def test_issue_about_a_concern_asks_for_one(kind):
    assert Wanted(kind, DAY, 1).concern_id == 1
    with pytest.raises(InputError) as told:
        Wanted(kind, DAY)
    assert str(told.value) == f"{kind.label}是一件关切的，请先选一件（--concern）。"


def test_person_may_what_a_role_of_theirs_allows_while_here():
    li = Person(1, "李敏", (Role.OFFICER, Role.REVIEWER))
    assert li.may(Role.REVIEWER) and not li.may(Role.APPROVER)
    assert not Person(1, "李敏", (Role.OFFICER,), active=False).may(Role.OFFICER)
