"""A setting that was taken can be used: what would stop or bend the work it is for is refused, or read for what it says."""

from __future__ import annotations

from datetime import time

import pytest

from desk.cases.deadlines import calendar
from desk.execute import execute
from desk.office.particulars import office
from desk.reporting.report import draft_when_due
from desk.topics.monitor import verify_record
from domain.errors import InputError, NotFoundError
from domain.person import Actor
from domain.response import Unit
from domain.steps.deadlines import SetCalendar
from domain.steps.drafts import AddSaying, WithdrawSaying
from domain.steps.office import SetOffice
from domain.times import exact, parse_moment
from response.counting import count

OFFICER = Actor("李敏")
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(18))


def test_hours_in_any_order_count_the_same(database, now):
    execute(database, SetCalendar({}, (AFTERNOON, MORNING)), OFFICER, now)
    due = count(parse_moment("2026-11-20T08:00"), 4, Unit.OFFICE_HOURS, calendar(database)).due_at
    assert exact(due) == "2026-11-20 14:00"


@pytest.mark.parametrize(
    "hours",
    [
        (MORNING, (time(11), time(13))),
        ((time(9, 0, 10), time(9, 0, 50)),),
    ],
)
def test_hours_that_cannot_be_counted_by_are_refused(database, now, hours):
    with pytest.raises(InputError, match="办公时间"):
        execute(database, SetCalendar({}, hours), OFFICER, now)


def test_hour_of_the_draft_that_was_given_with_a_zone_is_an_hour(database, now, tmp_path):
    execute(database, SetOffice(draft_at="08:30+08:00"), OFFICER, now)
    assert office(database).draft_time == time(8, 30)
    assert draft_when_due(database, tmp_path, now) == []


def test_office_has_rules(database, now):
    with pytest.raises(InputError, match="至少要有一个规则包"):
        execute(database, SetOffice(packs=()), OFFICER, now)


def test_saying_is_withdrawn_once_and_only_where_it_is(database, now):
    id = execute(database, AddSaying("停水", "正在抢修。"), OFFICER, now)
    execute(database, WithdrawSaying(id), OFFICER, now)
    for gone in (id, id + 1):
        with pytest.raises(NotFoundError):
            execute(database, WithdrawSaying(gone), OFFICER, now)
    assert verify_record(database) == (2, None)
