"""The clocks of concerns: the office's calendar and own rules, clocks by hand, extending, counting anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection

from desk.office import office
from domain.errors import InputError, NotFoundError, StepError, StoreError
from domain.response import Deadline, DeadlineRule, EntryKind
from response import deadlines
from response.workcalendar import OFFICE_HOURS, WorkCalendar
from store import cases, record, settings
from store.database import Database

CALENDAR, RULES = "work_calendar", "own_rules"


@dataclass(frozen=True, slots=True)
class Moved:
    """A running deadline that a changed calendar would move, and to when."""

    deadline: Deadline
    title: str
    due_at: datetime
    how: str


def calendar(database: Database) -> WorkCalendar:
    """The office's calendar: its days and hours over the State Council's. Raises StoreError where it is damaged."""
    with database.read() as connection:
        return _calendar(connection)


def rules(database: Database) -> tuple[DeadlineRule, ...]:
    """The rules that bind the office: those of its packs, and its own."""
    packs = office(database).packs
    with database.read() as connection:
        return deadlines.in_force(packs, deadlines.own_rules(settings.read(connection, RULES) or []))


def own_rules(database: Database) -> list[dict[str, Any]]:
    """The office's own rules as they are kept."""
    with database.read() as connection:
        return list(settings.read(connection, RULES) or [])


def set_own_rules(database: Database, tables: list[dict[str, Any]], by: str, now: datetime) -> None:
    """Change the office's own rules; running clocks stay as they are. Raises InputError."""
    made = deadlines.own_rules(tables)
    codes = [rule.code for rule in (*deadlines.all_rules(), *made)]
    if len(set(codes)) < len(codes):
        raise InputError("两条时限规则的编号相同，请改一个。")
    with database.write() as connection:
        before = settings.read(connection, RULES)
        settings.write(connection, RULES, tables)
        record.append(connection, now, by, "修改时限规则", f"setting:{RULES}", before, tables)


def set_calendar(
    database: Database, overrides: Mapping[date, bool], hours: tuple[tuple[time, time], ...], by: str, now: datetime
) -> list[Moved]:
    """Change the calendar; the running deadlines it would move, for “重新计算 N 件?”. Raises InputError."""
    if any(opens >= closes for opens, closes in hours) or not hours:
        raise InputError("办公时间的开始要早于结束，并至少有一段。")
    after = {
        "overrides": {day.isoformat(): worked for day, worked in sorted(overrides.items())},
        "hours": [[opens.strftime("%H:%M"), closes.strftime("%H:%M")] for opens, closes in hours],
    }
    with database.write() as connection:
        before = settings.read(connection, CALENDAR)
        settings.write(connection, CALENDAR, after)
        record.append(connection, now, by, "修改工作日历", f"setting:{CALENDAR}", before, after)
    return would_move(database)


def would_move(database: Database) -> list[Moved]:
    """Running deadlines whose due time by today's calendar is another than the one they show."""
    bound = rules(database)
    with database.read() as connection:
        found = []
        counted_by = _calendar(connection)
        for concern in cases.listing(connection, running_only=True):
            entries = cases.deadline_entries(connection, concern.id)
            for deadline in cases.deadlines(connection, concern.id):
                extended = any(e.deadline_id == deadline.id and e.kind is EntryKind.EXTENDED for e in entries)
                if new := deadlines.recounted(deadline, bound, counted_by, extended):
                    found.append(Moved(deadline, concern.title, *new))
        return found


def recount(database: Database, by: str, now: datetime) -> int:
    """Count the running deadlines anew by today's calendar, each by an entry in its ledger; how many moved."""
    moved = would_move(database)
    with database.write() as connection:
        for item in moved:
            why = "工作日历变动后重新计算"
            cases.move_deadline(connection, item.deadline, item.due_at, item.how, EntryKind.RECOUNTED, by, now, why)
            _note(connection, now, by, "重新计算时限", item.deadline, item.due_at, why)
    return len(moved)


def start_by_hand(database: Database, concern_id: int, code: str, start: datetime, by: str, now: datetime) -> Deadline:
    """Start a clock that no judgement starts: 行政处罚公开, 依申请公开 …; or one of the office's own."""
    bound = rules(database)
    rule = deadlines.rule_of(code, bound)
    if start > now:
        raise InputError("计时起点晚于现在。请填已经发生的时间。")
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        if not concern.state.running:
            raise StepError(f"这件关切已是“{concern.state.label}”，不能再加时限。")
        new = deadlines.start_clock(concern_id, rule, start, "起算时间", _calendar(connection))
        id = cases.add_deadline(connection, new, by, now, "手工起算")
        _note(connection, now, by, "起算时限", new, new.due_at, rule.name)
        return next(d for d in cases.deadlines(connection, concern_id) if d.id == id)


def extend(database: Database, deadline_id: int, why: str, by: str, now: datetime) -> Deadline:
    """Extend once, by as much again, where the rule allows it (条例第三十三条), with a reason. Raises StepError."""
    if not why.strip():
        raise InputError("请写明延长的理由。")
    bound = rules(database)
    with database.write() as connection:
        known = _deadline(connection, deadline_id)
        rule = deadlines.rule_of(known.code, bound)
        entries = cases.deadline_entries(connection, known.concern_id)
        if not rule.extends:
            raise StepError(f"“{known.name}”是法定时限，不能延长。依据：{known.source}。")
        if any(e.deadline_id == known.id and e.kind is EntryKind.EXTENDED for e in entries):
            raise StepError("这条时限已经延长过一次，不能再延长。")
        counted = deadlines.counted_by(replace(rule, amount=2 * rule.amount), known.start_at, _calendar(connection))
        how = deadlines.said(rule, known.start_at, "起点", counted) + f"已延长一次：{why.strip()}。"
        cases.move_deadline(connection, known, counted.due_at, how, EntryKind.EXTENDED, by, now, why.strip())
        _note(connection, now, by, "延长时限", known, counted.due_at, why.strip())
        return _deadline(connection, deadline_id)


def withdraw(database: Database, deadline_id: int, why: str, by: str, now: datetime) -> None:
    """Say that a deadline no longer binds, and why; a statutory one of a grave emergency never. Raises StepError."""
    if not why.strip():
        raise InputError("请写明不再适用的理由。")
    with database.write() as connection:
        known = _deadline(connection, deadline_id)
        rule = next((r for r in rules(database) if r.code == known.code), None)
        if rule is not None and rule.applies == deadlines.GRAVE:
            raise StepError(f"“{known.name}”是重大突发事件的法定时限，不能撤销。依据：{known.source}。")
        cases.withdraw_deadline(connection, known, by, now, why.strip())
        _note(connection, now, by, "撤销时限", known, known.due_at, why.strip())


def _deadline(connection: Connection, id: int) -> Deadline:
    for deadline in cases.deadlines(connection):
        if deadline.id == id:
            return deadline
    raise NotFoundError(f"没有编号为 {id} 的时限。")


def _calendar(connection: Connection) -> WorkCalendar:
    kept = settings.read(connection, CALENDAR)
    if not kept:
        return WorkCalendar()
    try:
        overrides = {date.fromisoformat(day): bool(worked) for day, worked in kept["overrides"].items()}
        hours = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in kept["hours"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError("工作日历的设置已损坏。请在“设置”里重新填写并保存，时限暂停计算前先不要判定。") from error
    return WorkCalendar(overrides, hours or OFFICE_HOURS)


def _note(
    connection: Connection, now: datetime, by: str, action: str, deadline: Deadline, due: datetime, why: str
) -> None:
    before = {"due": deadline.due_at.isoformat()} if deadline.id else None
    after = {"code": deadline.code, "due": due.isoformat(), "why": why}
    record.append(connection, now, by, action, f"concern:{deadline.concern_id}", before, after)
