"""The deadlines (时限) of cases: the office's calendar and rules, and the steps that start, extend or recount them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from desk.office.particulars import office_of
from desk.work import CaseHandler, Effect, Handler, Work
from domain.concern import Concern
from domain.errors import InputError, NotFoundError, StepError, StoreError
from domain.response import Applies, Deadline, DeadlineEntry, DeadlineRule, DeadlineState, EntryKind, Unit
from domain.steps import deadlines as steps
from domain.steps.cases import CaseStep
from domain.steps.step import Step
from response import deadlines
from response.deadlines import Clockwork as Clockwork
from response.workcalendar import OFFICE_HOURS, WorkCalendar
from store import cases, settings
from store.database import Connection, Database

CALENDAR, RULES, HOURS = "work_calendar", "own_rules", "clock_hours"
OWN = deadlines.OWN  # the pack of the office's own rules
MOST_HOURS = 720  # that the office may give 研判 and 持续发布
LATE = (DeadlineState.OVERDUE, DeadlineState.LATE, DeadlineState.ENTERED_LATE)  # whose time was over


@dataclass(frozen=True, slots=True)
class Moved:
    """A running deadline that a changed calendar would move, and to when."""

    deadline: Deadline
    title: str
    due_at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A deadline rule in words: its pack, how long, which concerns it binds, where it rests; whether it is our own."""

    code: str
    name: str
    pack: str
    length: str
    applies: str
    source: str
    own: bool


def calendar(database: Database) -> WorkCalendar:
    """The office's calendar: its days and hours over the State Council's. Raises StoreError where it is damaged."""
    with database.read() as connection:
        return calendar_of(connection)


def rules(database: Database) -> tuple[DeadlineRule, ...]:
    """The rules that bind the office: those of its packs, and its own."""
    with database.read() as connection:
        return rules_of(connection)


def rules_by_hand(database: Database) -> list[DeadlineRule]:
    """The rules that a clock may be started from by hand: not those that bind until a concern is judged."""
    return [rule for rule in rules(database) if rule.applies not in deadlines.UNTIL_JUDGED]


def rules_of(connection: Connection) -> tuple[DeadlineRule, ...]:
    """The same, inside a transaction."""
    own = deadlines.own_rules(settings.read(connection, RULES) or [])
    return deadlines.in_force(office_of(connection).packs, own, settings.read(connection, HOURS))


def clockwork_of(connection: Connection) -> Clockwork:
    """The rules and the calendar, inside a transaction."""
    return Clockwork(rules_of(connection), calendar_of(connection))


def known_rules(connection: Connection) -> tuple[DeadlineRule, ...]:
    """The rules of all packs and the office's own: a clock that runs stays what it is when a pack is left."""
    return (*deadlines.all_rules(), *deadlines.own_rules(settings.read(connection, RULES) or []))


def own_rules(database: Database) -> tuple[DeadlineRule, ...]:
    """The office's own rules. Raises InputError where what is kept makes no sense."""
    with database.read() as connection:
        return deadlines.own_rules(settings.read(connection, RULES) or [])


def shown_rules(database: Database) -> list[ShownRule]:
    """All rules of all packs, then the office's own, in words."""
    known = [_shown(rule, own=False) for rule in all_known(database)]
    return known + [_shown(rule, own=True) for rule in own_rules(database)]


def all_known(database: Database) -> tuple[DeadlineRule, ...]:
    """The rules of all packs, with the hours that the office set."""
    with database.read() as connection:
        hours = settings.read(connection, HOURS)
    packs = {rule.pack: None for rule in deadlines.all_rules()}
    return deadlines.in_force(tuple(packs), (), hours)


def _shown(rule: DeadlineRule, own: bool) -> ShownRule:
    length = f"{rule.amount:g} {rule.unit.label}"
    return ShownRule(rule.code, rule.name, rule.pack, length, rule.applies.label, rule.source, own)


def would_move(database: Database, now: datetime) -> list[Moved]:
    """Running deadlines whose due time by today's calendar is another than the one they show."""
    with database.read() as connection:
        return list(_moved(connection, now))


def start(step: steps.StartDeadline, concern: Concern, work: Work) -> Effect:
    """起算时限 by hand; gives the deadline."""
    connection = work.connection
    rule = deadlines.rule_of(step.rule, rules_of(connection))
    if rule.applies in deadlines.UNTIL_JUDGED:  # nothing would ever end it
        raise StepError(f"“{rule.name}”这条时限从发现起自动计，到判定为止，不能手工加。请另选一条。", "rule")
    new = deadlines.start_clock(concern.id, rule, step.start or work.now, "起算时间", calendar_of(connection))
    id = cases.add_deadline(connection, new, work.who, work.now, "手工起算")
    after = {"code": new.code, "due": new.due_at.isoformat(), "why": rule.name}
    return Effect(after, result=_deadline(connection, concern.id, id))


def extend(step: steps.ExtendDeadline, concern: Concern, work: Work) -> Effect:
    """延长时限; gives the deadline."""
    connection = work.connection
    known = _deadline(connection, concern.id, step.deadline)
    rule = deadlines.rule_of(known.code, known_rules(connection))
    _check_moves(known, "延长", work.latest)
    if not rule.extends:
        raise StepError(f"“{known.name}”是法定时限，不能延长。依据：{known.source}。")
    entries = cases.deadline_entries(connection, concern.id)
    if _has(EntryKind.EXTENDED, known, entries):
        raise StepError("这条时限已经延长过一次，不能再延长。")
    if _has(EntryKind.PAUSED, known, entries):
        raise StepError("这条时限暂停过，不能再延长。")
    counted = deadlines.counted_by(replace(rule, amount=2 * rule.amount), known.start_at, calendar_of(connection))
    how = deadlines.said(rule, known.start_at, "起点", counted) + f"已延长一次：{step.why}。"
    cases.move_deadline(connection, known, counted.due_at, how, EntryKind.EXTENDED, work.who, work.now, step.why)
    return _changed(known, counted.due_at, _deadline(connection, concern.id, known.id))


def withdraw(step: steps.WithdrawDeadline, concern: Concern, work: Work) -> Effect:
    """撤销时限."""
    known = _deadline(work.connection, concern.id, step.deadline)
    rule = next((r for r in known_rules(work.connection) if r.code == known.code), None)
    if rule is not None and rule.applies is Applies.FLAGGED:
        raise StepError(f"“{known.name}”判定、不予回应或并入后自然结束，不能撤销。")
    if rule is not None and rule.pack != OWN and rule.applies is not Applies.BY_HAND:
        raise StepError(f"“{known.name}”是法定时限，不能撤销；回应、办结或对方受理后自然结束。依据：{known.source}。")
    _check_moves(known, "撤销", work.latest)
    cases.withdraw_deadline(work.connection, known, work.who, work.now, step.why)
    return _changed(known, known.due_at, None)


def pause(step: steps.PauseDeadline, concern: Concern, work: Work) -> Effect:
    """暂停计时; gives the deadline."""
    known = _deadline(work.connection, concern.id, step.deadline)
    rule = next((r for r in known_rules(work.connection) if r.code == known.code), None)
    if rule is None or rule.pack != OWN or rule.applies in deadlines.UNTIL_JUDGED:
        raise StepError(f"“{known.name}”不能暂停，只有本单位自定的时限可以暂停。依据：{known.source}。")
    _check_moves(known, "暂停", work.latest)
    if known.state(work.now) is not DeadlineState.RUNNING:
        raise StepError(f"“{known.name}”现在是“{known.state(work.now).label}”，不能暂停。")
    cases.pause_deadline(work.connection, known, work.who, work.now, step.why)
    return Effect({"code": known.code}, result=_deadline(work.connection, concern.id, known.id))


def resume(step: steps.ResumeDeadline, concern: Concern, work: Work) -> Effect:
    """恢复计时; gives the deadline."""
    connection = work.connection
    known = _deadline(connection, concern.id, step.deadline)
    if known.state(work.now) is not DeadlineState.PAUSED:
        raise StepError(f"“{known.name}”没有暂停，不用恢复。")
    rule = deadlines.rule_of(known.code, known_rules(connection))
    due, how = deadlines.paused_for(known, rule, work.now, calendar_of(connection))
    cases.resume_deadline(connection, known, due, how, work.who, work.now, step.why)
    return _changed(known, due, _deadline(connection, concern.id, known.id))


def explain(step: steps.ExplainDeadline, concern: Concern, work: Work) -> Effect:
    """说明超时原因; gives the deadline, which stays as it is."""
    known = _deadline(work.connection, concern.id, step.deadline)
    if known.state(work.now) not in LATE:
        raise StepError(f"“{known.name}”现在是“{known.state(work.now).label}”，没有超时，不用说明原因。")
    cases.explain_deadline(work.connection, known, work.who, work.now, step.why)
    return Effect({"code": known.code}, result=known)


def set_clock_hours(step: steps.SetClockHours, work: Work) -> Effect:
    """设定研判与持续发布的时长."""
    after = {deadlines.JUDGE: step.judge, deadlines.UPDATES: step.updates}
    for code, hours in after.items():
        if not 0 < hours <= MOST_HOURS:  # NaN is neither
            field = "judge" if code == deadlines.JUDGE else "updates"
            raise InputError(f"时长要大于 0，不超过 {MOST_HOURS} 小时。请改一下。", field)
    before = settings.read(work.connection, HOURS)
    settings.write(work.connection, HOURS, after)
    return Effect(after, before, f"setting:{HOURS}")


def set_calendar(step: steps.SetCalendar, work: Work) -> Effect:
    """修改工作日历; gives the running deadlines it would move, for “重新计算 N 件?”."""
    hours = sorted((a.replace(second=0, microsecond=0), b.replace(second=0, microsecond=0)) for a, b in step.hours)
    if any(opens >= closes for opens, closes in hours) or not hours:
        raise InputError("办公时间的开始要早于结束，并至少有一段。", "hours")
    if any(closes > opens for (_, closes), (opens, _) in pairwise(hours)):
        raise InputError("办公时间有两段重叠，请改一下。", "hours")
    after = {
        "overrides": {day.isoformat(): worked for day, worked in sorted(step.overrides.items())},
        "hours": [[opens.strftime("%H:%M"), closes.strftime("%H:%M")] for opens, closes in hours],
    }
    before = settings.read(work.connection, CALENDAR)
    settings.write(work.connection, CALENDAR, after)
    return Effect(after, before, f"setting:{CALENDAR}", result=list(_moved(work.connection, work.latest)))


def recount(step: steps.RecountDeadlines, work: Work) -> Effect:
    """重新计算时限, each by an entry in its ledger and in the record of its case; gives how many moved."""
    moved, why = list(_moved(work.connection, work.latest)), "工作日历变动后重新计算"
    for item in moved:
        kind, deadline = EntryKind.RECOUNTED, item.deadline
        cases.move_deadline(work.connection, deadline, item.due_at, item.how, kind, work.who, work.now, why)
        before = {"due": deadline.due_at.isoformat()}
        after = {"code": deadline.code, "due": item.due_at.isoformat(), "why": why}
        work.enter(step.label, f"concern:{deadline.concern_id}", before, after)
    return Effect(result=len(moved))


def add_own_rule(step: steps.AddOwnRule, work: Work) -> Effect:
    """添加时限规则."""
    new = deadlines.kept_rule(step.rule)
    (rule,) = deadlines.own_rules([new])
    if rule.unit in (Unit.DAYS, Unit.WORKING_DAYS) and not rule.amount.is_integer():
        raise InputError(f"时限规则“{rule.name}”按天计，时长要写成整数。不到一天的请按小时计。", "rule")
    if rule.code in {known.code for known in known_rules(work.connection)}:
        raise InputError(f"已经有编号为“{rule.code}”的时限规则，请换一个编号。", "rule")
    settings.write(work.connection, RULES, [*_kept_rules(work.connection), new])
    return Effect({"rule": new}, object=f"setting:{RULES}")


def remove_own_rule(step: steps.RemoveOwnRule, work: Work) -> Effect:
    """删除时限规则."""
    known = _kept_rules(work.connection)
    gone = next((rule for rule in known if rule.get("code") == step.rule), None)
    if gone is None:
        raise NotFoundError("本单位没有这条时限规则，可能已被别人删除。请刷新后再试。")
    if paused := cases.paused_by(work.connection, step.rule):
        raise StepError(
            f"关切 {'、'.join(map(str, paused))} 的“{gone.get('name')}”还暂停着。请先恢复计时，再删除这条规则。"
        )
    settings.write(work.connection, RULES, [rule for rule in known if rule is not gone])
    return Effect(before={"rule": gone}, object=f"setting:{RULES}")


def _kept_rules(connection: Connection) -> list[dict[str, Any]]:
    """The office's own rules as its settings keep them."""
    return list(settings.read(connection, RULES) or [])


CASE_HANDLERS: dict[type[CaseStep], CaseHandler] = {
    steps.StartDeadline: start,
    steps.ExtendDeadline: extend,
    steps.WithdrawDeadline: withdraw,
    steps.PauseDeadline: pause,
    steps.ResumeDeadline: resume,
    steps.ExplainDeadline: explain,
}
HANDLERS: dict[type[Step], Handler] = {
    steps.SetCalendar: set_calendar,
    steps.RecountDeadlines: recount,
    steps.AddOwnRule: add_own_rule,
    steps.RemoveOwnRule: remove_own_rule,
    steps.SetClockHours: set_clock_hours,
}


def calendar_of(connection: Connection) -> WorkCalendar:
    """The office's calendar, inside a transaction. Raises StoreError where it is damaged."""
    kept = settings.read(connection, CALENDAR)
    if not kept:
        return WorkCalendar()
    try:
        overrides = {date.fromisoformat(day): bool(worked) for day, worked in kept["overrides"].items()}
        hours = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in kept["hours"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError("工作日历的设置已损坏。请在“设置”里重新填写并保存，时限暂停计算前先不要判定。") from error
    return WorkCalendar(overrides, hours or OFFICE_HOURS)


def _moved(connection: Connection, now: datetime) -> Iterator[Moved]:
    """Running deadlines that today's calendar moves: none that is over, and none that paused, which counts from then."""
    bound, counted_by = rules_of(connection), calendar_of(connection)
    for concern in cases.listing(connection, running_only=True):
        entries = cases.deadline_entries(connection, concern.id)
        for deadline in cases.deadlines(connection, concern.id):
            if deadline.state(now) is not DeadlineState.RUNNING or _has(EntryKind.PAUSED, deadline, entries):
                continue
            if new := deadlines.recounted(deadline, bound, counted_by, _has(EntryKind.EXTENDED, deadline, entries)):
                yield Moved(deadline, concern.title, *new)


def _check_moves(known: Deadline, what: str, now: datetime) -> None:
    """Late stays late: no step after the due time makes a clock better (docs/domain.md section 3). Raises StepError."""
    if known.withdrawn:
        raise StepError(f"“{known.name}”已经不再适用，不能{what}。")
    if known.state(now) in LATE:
        raise StepError(f"“{known.name}”已经超时，不能{what}；是否按时照实统计。")


def _has(kind: EntryKind, deadline: Deadline, entries: list[DeadlineEntry]) -> bool:
    return any(e.deadline_id == deadline.id and e.kind is kind for e in entries)


def _deadline(connection: Connection, concern_id: int, id: int) -> Deadline:
    for deadline in cases.deadlines(connection, concern_id):
        if deadline.id == id:
            return deadline
    raise NotFoundError(f"这件关切没有编号为 {id} 的时限。")


def _changed(before: Deadline, due: datetime, result: Deadline | None) -> Effect:
    after = {"code": before.code, "due": due.isoformat()}
    return Effect(after, {"due": before.due_at.isoformat()}, result=result)
