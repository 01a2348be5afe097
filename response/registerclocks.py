"""The clocks of the registers (政务公开台账), each computed from what an entry says; docs/domain.md section 15."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from domain.registerchoices import ChannelKind
from domain.registerfields import REGISTERS
from domain.registers import (
    PassedClock,
    RegisterClock,
    RegisterEntry,
    RegisterKind,
    RegisterLimits,
    Standing,
    Values,
)
from domain.response import DeadlineState
from domain.times import china_day
from response.workcalendar import ONE_DAY, DayKind, WorkCalendar

ANSWER, CORRECTION, OPINION = 20, 7, 15  # working days: 条例第33、30、32条
PASSED = (DeadlineState.OVERDUE, DeadlineState.LATE, DeadlineState.ENTERED_LATE)  # whose time was over
_MOST = 1_000  # days looked through for one term, of which the longest that an office may set has a third


@dataclass(slots=True)
class WorkingDays:
    """Working days by the office's calendar, each day looked up once."""

    calendar: WorkCalendar
    _known: dict[date, DayKind] = field(default_factory=dict)

    def after(self, day: date, days: int, skipped: tuple[date, date] | None = None) -> tuple[date, bool]:
        """(the day so many working days after `day`, which itself is day 0; whether it rests on an unpublished year).

        The days from `skipped[0]`, exclusive, to `skipped[1]`, inclusive, do not count.
        """
        provisional = False
        for _ in range(_MOST):
            if days <= 0:
                break
            day += ONE_DAY
            kind = self._known.get(day) or self._known.setdefault(day, self.calendar.day(day))
            provisional |= kind.provisional
            if kind.worked and not (skipped and skipped[0] < day <= skipped[1]):
                days -= 1
        return day, provisional


def clocks_of(
    entry: RegisterEntry, days: WorkingDays, limits: RegisterLimits, updated_on: date | None = None
) -> tuple[RegisterClock, ...]:
    """The clocks of an entry. One that had passed when the entry was changed keeps the day on which it was due; of one
    that was struck out only those stay. `updated_on` is the last update of a channel that the daily look found.
    """
    values = dict(entry.values)
    if entry.kind is RegisterKind.CHANNEL and updated_on:
        values["updated_on"] = max(updated_on, values.get("updated_on", updated_on))
    made = {clock.code: clock for clock in clocks_by_values(entry.kind, values, days, limits)}
    register = REGISTERS[entry.kind]
    ended = max((day for key in register.done if isinstance(day := values.get(key), date)), default=None)
    changed = china_day(entry.changed_at) if register.is_done(values) else None
    for code, passed in entry.passed.items():
        known = made.get(code)
        if not passed.late:
            if known is None or known.met_on == passed.met_on:
                how = f"按当时的期限应在 {passed.due_on} 以前。"
                met = passed.start_on, passed.due_on, passed.met_on
                made[code] = RegisterClock(code, passed.name, *met, passed.source, how)
        elif known is None:
            made[code] = _still(code, passed, passed.met_on or (ended if ended and ended > passed.due_on else changed))
        elif passed.due_on < known.due_on:
            how = f"{known.how}改动以前应在 {passed.due_on} 以前，当时已经超时，仍按那一天计。"
            made[code] = replace(known, start_on=passed.start_on, due_on=passed.due_on, how=how)
    stay = [made[code] for code, passed in entry.passed.items() if passed.late]
    clocks = made.values() if not entry.withdrawn else stay
    return tuple(_noted(clock, entry.noted) for clock in clocks)


def _still(code: str, passed: PassedClock, met: date | None) -> RegisterClock:
    """A clock that had passed, and that the entry as it now reads would not have."""
    how = f"应在 {passed.due_on} 以前，超时以后才改的，仍按超时计。"
    return RegisterClock(code, passed.name, passed.start_on, passed.due_on, met, passed.source, how)


def _noted(clock: RegisterClock, noted: Mapping[str, date]) -> RegisterClock:
    """A clock with the day on which its end was entered; of 补录 it is told."""
    at = noted.get(clock.code)
    if clock.met_on is None or at is None:
        return clock
    told = f"办结日是 {at} 补录的。" if clock.met_on <= clock.due_on < at else ""
    return replace(clock, entered_on=at, how=f"{clock.how}{told}")


def clocks_by_values(
    kind: RegisterKind, values: Values, days: WorkingDays, limits: RegisterLimits
) -> Iterator[RegisterClock]:
    """The clocks that what is filled in makes by itself."""
    if "cancelled_on" not in values and "exempt" not in values and "closed_on" not in values:
        yield from _CLOCKS[kind](values, days, limits)


def passed_of(clocks: tuple[RegisterClock, ...], today: date) -> dict[str, PassedClock]:
    """The clocks of ours that have passed, or whose end was entered when they had (补录): whatever is entered from now
    on, they stay so."""
    return {
        clock.code: PassedClock(clock.name, clock.start_on, clock.due_on, clock.source, clock.met_on, True)
        if clock.state(today) is DeadlineState.ENTERED_LATE
        else PassedClock(clock.name, clock.start_on, clock.due_on, clock.source)
        for clock in clocks
        if clock.ours and not clock.repeats and clock.state(today) in PASSED
    }


def met_of(clocks: tuple[RegisterClock, ...], today: date) -> dict[str, PassedClock]:
    """The clocks of ours that ended in time: a limit or calendar that is changed later does not bind them."""
    return {
        clock.code: PassedClock(clock.name, clock.start_on, clock.due_on, clock.source, clock.met_on)
        for clock in clocks
        if clock.ours and not clock.repeats and clock.state(today) is DeadlineState.MET
    }


def standing(entry: RegisterEntry, clocks: tuple[RegisterClock, ...], today: date) -> Standing:
    """How an entry stands in its list."""
    if entry.withdrawn:
        return Standing.WITHDRAWN
    states = [clock.state(today) for clock in clocks if clock.ours]
    if DeadlineState.OVERDUE in states:
        return Standing.OVERDUE
    done = REGISTERS[entry.kind].is_done(entry.values)
    waits = DeadlineState.RUNNING in states if entry.kind is not RegisterKind.CHANNEL else False
    if (not done and entry.kind is not RegisterKind.CHANNEL) or waits:
        return Standing.WAITING
    return Standing.LATE if DeadlineState.LATE in states else Standing.DONE


def next_clock(clocks: tuple[RegisterClock, ...], today: date) -> RegisterClock | None:
    """The clock that runs and comes first, overdue or not; None where none runs. What waits for others does not pass."""
    waits = (DeadlineState.RUNNING, DeadlineState.OVERDUE)
    running = [clock for clock in clocks if clock.state(today) in (waits if clock.ours else waits[:1])]
    return min(running, key=lambda clock: (clock.due_on, clock.code), default=None)


def _disclosure(values: Values, days: WorkingDays, limits: RegisterLimits) -> Iterator[RegisterClock]:
    """条例第30、32、33条."""
    received, answered, notice = values["received_on"], values.get("answered_on"), values.get("notice_on")
    if values.get("unclear") or notice:
        due, provisional = days.after(received, CORRECTION)
        met = notice or answered
        how = _how(f"收到 {received}，当日不计", CORRECTION, due, provisional)
        yield RegisterClock("correction", "补正告知", received, due, met, "条例第30条", how)
    begin, due = received, days.after(received, ANSWER)[0]
    if notice and notice <= due:  # one that comes later restarts nothing
        begin = values.get("corrected_on")
        if begin is None:
            if by := values.get("correct_by"):
                how = f"请申请人在 {by} 以前补正；逾期不补正的，可以不再处理。"
                yield RegisterClock("applicant", "等申请人补正", notice, by, answered, "条例第30条", how, ours=False)
            return
    yield from _answer(values, begin, days)


def _answer(values: Values, begin: date, days: WorkingDays) -> Iterator[RegisterClock]:
    """The 20 working days, without those of an opinion that was asked for, with those of an extension."""
    said = [f"{'收到补正' if begin != values['received_on'] else '收到'} {begin}，当日不计"]
    due, provisional = days.after(begin, ANSWER)
    skipped = None
    if asked := values.get("asked_on"):
        opinion = values.get("opinion_on")
        last = days.after(asked, OPINION)[0]
        how = f"{asked} 征求意见，15 个工作日到 {last}。"
        yield RegisterClock(
            "opinion", "征求意见", asked, last, opinion or values.get("answered_on"), "条例第32条", how, ours=False
        )
        if begin <= asked <= due:
            skipped = asked, min(opinion or last, last)
            due, provisional = days.after(begin, ANSWER, skipped)
            said.append(f"征求意见 {skipped[0]} 至 {skipped[1]} 不计")
        else:
            said.append(f"{asked} 征求意见时期限已过，照常计")
    length = ANSWER
    if told := values.get("extended_on"):
        if told <= due:
            length += values["extension_days"]
            due, provisional = days.after(begin, length, skipped)
            said.append(f"{told} 告知延长 {values['extension_days']} 个工作日")
        else:
            said.append(f"{told} 告知延期时期限已过，不延长")
    how = _how("，".join(said), length, due, provisional)
    yield RegisterClock("answer", "答复", begin, due, values.get("answered_on"), "条例第33条", how)


def _decision(values: Values, days: WorkingDays, limits: RegisterLimits) -> Iterator[RegisterClock]:
    """The end of 征求意见 is a day to be seen, not an obligation; publishing 采纳情况 is one."""
    begin, end, adopted = values["from_on"], values["to_on"], values.get("adopted_on")
    how = f"征求意见 {begin} 至 {end}，{(end - begin).days} 日。"
    if adopted is None:
        yield RegisterClock("consultation", "征求意见截止", begin, end, None, "国令713号第15条", how, ours=False)
    if due := values.get("adopt_by"):
        yield RegisterClock("adoption", "公布采纳情况", end, due, adopted, "2019 要点第4项", f"计划在 {due} 以前。")
    elif limits.adoption:
        due, provisional = days.after(end, limits.adoption)
        how = _how(f"征求意见截止 {end}，当日不计", limits.adoption, due, provisional)
        yield RegisterClock("adoption", "公布采纳情况", end, due, adopted, "本单位规定", how)
    if due := values.get("evaluate_by"):
        start = values.get("decided_on", end)
        yield RegisterClock(
            "evaluation", "后评估", start, due, values.get("evaluated_on"), "2019 要点第4项", f"计划在 {due} 以前。"
        )


def _explanation(values: Values, days: WorkingDays, limits: RegisterLimits) -> Iterator[RegisterClock]:
    """With the document, within the office's working days where it has that rule; else by the day it planned."""
    issued, explained = values["issued_on"], values.get("explained_on")
    if limits.explain:
        due, provisional = days.after(issued, limits.explain)
        how = _how(f"文件 {issued} 发布，当日不计", limits.explain, due, provisional)
        yield RegisterClock("explanation", "发布解读", issued, due, explained, "本单位规定；2019 要点第1项", how)
    elif planned := values.get("plan_on"):
        how = f"计划在 {planned} 以前。"
        start = min(issued, planned)
        yield RegisterClock("explanation", "发布解读", start, planned, explained, "本单位计划", how)


def _press(values: Values, days: WorkingDays, limits: RegisterLimits) -> Iterator[RegisterClock]:
    due = values["plan_on"]
    start = due - timedelta(days=14)
    yield RegisterClock("held", "举行", start, due, values.get("held_on"), "本单位计划", f"计划 {due} 举行。")


def _publication(values: Values, days: WorkingDays, limits: RegisterLimits) -> Iterator[RegisterClock]:
    """The day that was set, or the term of its document, whichever comes first."""
    made, term, set_on = values.get("made_on"), values.get("term"), values.get("due_on")
    due, how, source = set_on or date.max, f"应在 {set_on} 以前。", values.get("basis", "本单位公开事项目录")
    if made and term:
        by_term, provisional = days.after(made, term.days)
        if by_term <= due:
            due, source = by_term, term.source
            how = _how(f"{made} 形成（决定），当日不计", term.days, due, provisional)
    start = made or due - timedelta(days=30)
    yield RegisterClock("publication", "公开", start, due, values.get("published_on"), source, how)


def _channel(values: Values, days: WorkingDays, limits: RegisterLimits) -> Iterator[RegisterClock]:
    """Silence: so many days after the last update, again after each."""
    last = values.get("updated_on")
    limit = limits.site if values["channel"] is ChannelKind.SITE else limits.account
    if last and limit:
        due = last + timedelta(days=limit)
        how = f"最近更新 {last}，{limit} 天没有更新就是静默。"
        yield RegisterClock("silence", "更新", last, due, None, "本单位规定", how, repeats=True)


def _annual(values: Values, days: WorkingDays, limits: RegisterLimits) -> Iterator[RegisterClock]:
    month, day = values["reporter"].due
    due = date(values["year"] + 1, month, day)
    start, published = date(values["year"] + 1, 1, 1), values.get("published_on")
    how = f"{values['year']} 年的报告，应在 {due} 以前公布。"
    yield RegisterClock("report", "公布年度报告", start, due, published, "条例第49条", how)


_CLOCKS: Mapping[RegisterKind, Callable[[Values, WorkingDays, RegisterLimits], Iterator[RegisterClock]]] = {
    RegisterKind.DISCLOSURE: _disclosure,
    RegisterKind.DECISION: _decision,
    RegisterKind.EXPLANATION: _explanation,
    RegisterKind.PRESS: _press,
    RegisterKind.PUBLICATION: _publication,
    RegisterKind.CHANNEL: _channel,
    RegisterKind.ANNUAL_REPORT: _annual,
}


def _how(begun: str, days: int, due: date, provisional: bool) -> str:
    tail = "有年份的放假安排尚未公布，暂按周一至周五。" if provisional else ""
    return f"{begun}，{days} 个工作日到 {due}。{tail}"
