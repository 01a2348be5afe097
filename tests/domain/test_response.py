"""How a deadline stands, quiet hours, the strictest clock, and what may be evidence of a response."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from domain.errors import InputError
from domain.response import Deadline, DeadlineState, Quiet, checked_link, strictest
from domain.times import parse_moment

START = parse_moment("2026-11-20T08:00")
DUE = START + timedelta(hours=10)
CLOCK = Deadline(1, 1, "x", "予以回应", "", START, DUE, "")
SECOND = timedelta(seconds=1)


def test_due_moment_is_in_time_and_the_next_is_not():
    assert (CLOCK.state(DUE), CLOCK.state(DUE + SECOND)) == (DeadlineState.RUNNING, DeadlineState.OVERDUE)
    met, late = replace(CLOCK, met_at=DUE), replace(CLOCK, met_at=DUE + SECOND)
    assert (met.state(DUE + SECOND), late.state(START)) == (DeadlineState.MET, DeadlineState.LATE)
    assert replace(late, withdrawn="误加").state(DUE) is DeadlineState.WITHDRAWN


def test_time_left_turns_negative_and_the_share_used_stays_between_none_and_all():
    hours = [-1, 0, 2.5, 10, 11]
    assert [CLOCK.share_used(START + timedelta(hours=h)) for h in hours] == [0, 0, 0.25, 1, 1]
    assert CLOCK.left(DUE - SECOND) == SECOND and CLOCK.left(DUE + SECOND) == -SECOND
    assert replace(CLOCK, due_at=START).share_used(START) == 1


def test_strictest_is_the_running_deadline_that_comes_first():
    later, soon = replace(CLOCK, id=2, due_at=DUE + SECOND), replace(CLOCK, id=3, due_at=DUE - SECOND)
    done, gone = replace(soon, met_at=START), replace(soon, withdrawn="误加")
    assert strictest([later, CLOCK, soon]) is soon and strictest([done, gone, later, CLOCK]) is CLOCK
    assert strictest([done, gone]) is None and strictest([]) is None


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        (time(22), time(7), ["22:00", "23:59", "00:00", "06:59"]),
        (time(12), time(13), ["12:00", "12:59"]),
        (time(12), time(12), []),
        (time(0), time(23, 59), ["00:00", "06:59", "07:00", "11:59", "12:00", "12:59", "13:00", "21:59", "22:00"]),
    ],
)
def test_quiet_hours_take_their_first_minute_and_not_the_last_over_midnight_too(start, end, held):
    clock = ["00:00", "06:59", "07:00", "11:59", "12:00", "12:59", "13:00", "21:59", "22:00", "23:59"]
    quiet = Quiet(start, end)
    assert {at for at in clock if quiet.holds(parse_moment(f"2026-11-20T{at}"))} == set(held)


@pytest.mark.parametrize("link", ["https://www.x.gov.cn/1.html", " http://x.gov.cn ", "HTTPS://x.gov.cn/a?b=1"])
def test_web_address_is_evidence(link):
    assert checked_link(link) == link.strip()


@pytest.mark.parametrize("link", ["", "见官网", "www.x.gov.cn", "ftp://x.gov.cn/1", "https://", "http://[x"])
def test_what_is_no_web_address_is_refused_at_its_field(link):
    with pytest.raises(InputError) as told:
        checked_link(link)
    assert str(told.value) == "请填发布页面的网址（以 http:// 或 https:// 开头），这是已发布的凭据。"
    assert told.value.field == "link"
