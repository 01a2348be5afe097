"""The clocks of a concern that nobody has judged (研判): one of its own, and for an emergency the 5 hours from 发现."""

from __future__ import annotations

from datetime import datetime

from desk.cases.deadlines import calendar_of, rules_of
from desk.work import Work
from domain.concern import Concern, ConcernState, EventGrade
from domain.response import Deadline, DeadlineState
from response.deadlines import JUDGE, UNJUDGED, clocks_of_flagged
from store import cases
from store.database import Connection


def flagged(connection: Connection, new: Concern, who: str, now: datetime) -> int:
    """Keep a new concern, whose clocks start with it; its id."""
    id = cases.flag(connection, new)
    start(connection, cases.get(connection, id), who, now, now)
    return id


def start(connection: Connection, concern: Concern, who: str, since: datetime, now: datetime) -> None:
    """Start the clocks of a concern that waits to be judged, those that do not run yet.

    None of what was long past when it was found.
    """
    if concern.long_past:
        return
    running = {d.code for d in cases.deadlines(connection, concern.id) if d.waits}
    for clock in clocks_of_flagged(concern, since, rules_of(connection), calendar_of(connection)):
        if clock.code not in running:
            cases.add_deadline(connection, clock, who, now, "列为关切，等待研判")


def end(work: Work, concern_id: int, why: str) -> list[Deadline]:
    """研判 is done: its clock is met now, late where it was late; the 5 hours of an unjudged emergency no longer apply,
    but where they are over: those stay. Gives these.
    """
    over = []
    connection, latest = work.connection, work.latest
    for clock in cases.deadlines(connection, concern_id):
        if clock.code == JUDGE and clock.waits:
            cases.meet_deadline(connection, clock.id, work.now, latest)
        elif clock.code == UNJUDGED and clock.waits:
            if clock.state(latest) is DeadlineState.OVERDUE:
                over.append(clock)
            else:
                cases.withdraw_deadline(connection, clock, work.who, work.now, why)
    return over


def go_with(work: Work, merged: Concern, into: Concern) -> None:
    """The clocks of an unjudged concern go with it into another; judged there, they end."""
    cases.carry_clocks(work.connection, merged.id, into.id)
    if into.state is not ConcernState.FLAGGED:
        end(work, into.id, f"并入第 {into.id} 件，该件已研判")


def said_why(grade: EventGrade) -> str:
    """Why the 5 hours of an unjudged emergency end with a judgement."""
    return f"已判定为{grade.label}，{'改按判定的计时起点计' if grade.grave else '不再适用'}"
