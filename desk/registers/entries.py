"""The steps of the registers (政务公开台账): entering, changing, striking out; an entry's clocks by calendar and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from desk.cases import deadlines
from desk.cases.deadlines import calendar_of
from desk.work import Effect, Handler, Work
from domain.errors import ConflictError, InputError, NotFoundError, StepError, StoreError
from domain.registerfields import REGISTERS
from domain.registers import PassedClock, RegisterClock, RegisterEntry, RegisterKind, RegisterLimits, kept
from domain.response import DeadlineState
from domain.steps import deadlines as deadline_steps
from domain.steps import registers as steps
from domain.steps.step import Step
from domain.times import china_day, exact
from response.registerclocks import WorkingDays, clocks_of, met_of, passed_of
from store import cases, registers, settings
from store.database import Connection

LIMITS = "register_limits"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the clocks of entries are reckoned with: the office's working days and limits, and what day it is."""

    days: WorkingDays
    limits: RegisterLimits
    today: date

    def clocks(self, entry: RegisterEntry, updated_on: date | None = None) -> tuple[RegisterClock, ...]:
        """The clocks of an entry."""
        return clocks_of(entry, self.days, self.limits, updated_on)


def reckoning_of(connection: Connection, today: date) -> Reckoning:
    """The office's reckoning, inside a transaction. Raises StoreError where a setting is damaged."""
    return Reckoning(WorkingDays(calendar_of(connection)), limits_of(connection), today)


def limits_of(connection: Connection) -> RegisterLimits:
    """The office's limits. Raises StoreError where they are damaged."""
    try:
        return RegisterLimits(**(settings.read(connection, LIMITS) or {}))
    except TypeError as error:
        raise StoreError("台账期限的设置已损坏，读不了。请用最近的备份恢复。") from error


def enter(step: steps.EnterRegisterEntry, work: Work) -> Effect:
    """登记台账; gives the entry's id."""
    values = REGISTERS[step.kind].checked(step.values, china_day(work.latest))
    id = _add(step.kind, values, reckoning_of(work.connection, china_day(work.latest)), work).id
    return Effect({"kind": step.kind.label, "values": kept(values)}, object=f"register:{id}", result=id)


def take_rows(step: steps.ImportRegisterEntries, work: Work) -> Effect:
    """导入台账, each row with an entry of the record; gives (new, filled, known).

    Of a row that is there already, what it leaves empty is filled in; nothing that stands there is changed.
    """
    today = china_day(work.latest)
    register, reckoning = REGISTERS[step.kind], reckoning_of(work.connection, today)
    there = {identity_of(entry.kind, entry.values): entry for entry in registers.listing(work.connection, step.kind)}
    new = filled = 0
    for row in step.rows:
        values = register.checked(row, today)
        identity = identity_of(step.kind, values)
        if (known := there.get(identity)) is not None:
            there[identity] = changed = _filled(known, values, step.file, reckoning, work)
            filled += changed is not known
            continue
        there[identity] = added = _add(step.kind, values, reckoning, work)
        after = {"kind": step.kind.label, "values": kept(values), "file": step.file}
        work.enter("登记台账", f"register:{added.id}", None, after)
        new += 1
    counts = new, filled, len(step.rows) - new - filled
    told = dict(zip(("new", "filled", "known"), counts)) | {"rows": len(step.rows)}
    return Effect(told, object=f"register-import:{step.kind.code}", result=counts)


def change(step: steps.ChangeRegisterEntry, work: Work) -> Effect:
    """修改台账; gives the entry as it is now. A clock that had passed stays passed, but on the day of its entry, when
    a slip of the pen can be put right."""
    entry = registers.get(work.connection, step.entry)
    _check_seen(entry, step.seen)
    register, today = REGISTERS[entry.kind], china_day(work.latest)
    given = {register.field(key).key: value for key, value in step.values.items()}
    values = register.checked({**entry.values, **given}, today)
    new, before, after = _changed(entry, values, step.why, reckoning_of(work.connection, today), work)
    if new is entry:
        return Effect(result=entry)
    return Effect({"values": after}, {"values": before}, f"register:{entry.id}", result=new)


def withdraw(step: steps.WithdrawRegisterEntry, work: Work) -> Effect:
    """作废台账; what had passed by then still counts."""
    entry = registers.get(work.connection, step.entry)
    _check_seen(entry, 0)
    passed = _passed(entry, reckoning_of(work.connection, china_day(work.latest)))
    new = _by(replace(entry, passed=passed, withdrawn=step.why), work)
    registers.change(work.connection, new)
    return Effect(before={"values": kept(entry.values)}, object=f"register:{entry.id}", result=new)


def set_limits(step: steps.SetRegisterLimits, work: Work) -> Effect:
    """修改台账期限; what had passed by the former ones stays passed."""
    _keep_passed(work)
    given = {name: days for name in asdict(RegisterLimits()) if (days := getattr(step, name)) is not None}
    limits = replace(limits_of(work.connection), **given)
    before = settings.read(work.connection, LIMITS)
    settings.write(work.connection, LIMITS, asdict(limits))
    return Effect(asdict(limits), before, f"setting:{LIMITS}", result=limits)


def set_calendar(step: deadline_steps.SetCalendar, work: Work) -> Effect:
    """修改工作日历, once what had passed by the former one is written down with the entries."""
    _keep_passed(work)
    return deadlines.set_calendar(step, work)


HANDLERS: dict[type[Step], Handler] = {
    deadline_steps.SetCalendar: set_calendar,  # in the place of the cases' own, which it calls
    steps.EnterRegisterEntry: enter,
    steps.ImportRegisterEntries: take_rows,
    steps.ChangeRegisterEntry: change,
    steps.WithdrawRegisterEntry: withdraw,
    steps.SetRegisterLimits: set_limits,
}


def identity_of(kind: RegisterKind, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a row is known by: the first of its register's fields where that is a number of its own, else all of them."""
    first, *_ = keys = REGISTERS[kind].identity
    if first == "number" and values.get(first):
        return (values[first], values["received_on"])
    return tuple(values.get(key) for key in keys)


def _add(kind: RegisterKind, values: Mapping[str, Any], reckoning: Reckoning, work: Work) -> RegisterEntry:
    _check_concern(work.connection, values)
    entry = RegisterEntry(0, kind, values, work.now, work.who, work.now, work.who)
    entry = replace(entry, noted=_noted(reckoning.clocks(entry), {}, {}, reckoning.today))
    return replace(entry, id=registers.add(work.connection, entry))


def _changed(
    entry: RegisterEntry, values: Mapping[str, Any], why: str, reckoning: Reckoning, work: Work
) -> tuple[RegisterEntry, dict[str, Any], dict[str, Any]]:
    """(the entry with its new values, what changed: before, after); the very entry where nothing did. Raises InputError."""
    _check_concern(work.connection, values)
    before, after = kept(entry.values), kept(values)
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    if not changed:
        return entry, {}, {}
    old = {clock.code: clock for clock in reckoning.clocks(entry)}
    new = _by(
        replace(entry, values=values, passed=_still_so(_passed(entry, reckoning), values, entry, reckoning)), work
    )
    new = replace(new, noted=_noted(reckoning.clocks(new), old, entry.noted, reckoning.today))
    if not why and (better := _made_better(reckoning.clocks(new), new.passed, old, reckoning.today)):
        said = "已经超时，现在填的日子在期限以内。请在“依据”里写明凭什么，会标明补录。"
        raise InputError(f"“{better}”{said}", "why")
    if not why and (label := _begins_later(entry, values, reckoning.today)):
        raise InputError(f"“{label}”改晚了或删去了，期限会跟着变。请在“依据”里写明凭什么，会记入留痕。", "why")
    registers.change(work.connection, new)
    return new, {key: before.get(key) for key in changed}, {key: after.get(key) for key in changed}


def _filled(
    known: RegisterEntry, values: Mapping[str, Any], file: str, reckoning: Reckoning, work: Work
) -> RegisterEntry:
    """An entry with what a table says of its empty fields; the very entry where that is nothing, or contradicts it."""
    more = {key: value for key, value in values.items() if key not in known.values}
    if known.withdrawn or not more:
        return known
    try:
        whole = REGISTERS[known.kind].checked({**known.values, **more}, reckoning.today)
        new, before, after = _changed(known, whole, f"导入 {file}", reckoning, work)
    except InputError:
        return known
    if new is not known:
        work.enter("修改台账", f"register:{known.id}", {"values": before}, {"values": after, "file": file})
    return new


def _by(entry: RegisterEntry, work: Work) -> RegisterEntry:
    return replace(entry, changed_at=work.now, changed_by=work.who, version=entry.version + 1)


def _passed(entry: RegisterEntry, reckoning: Reckoning) -> Mapping[str, PassedClock]:
    """The clocks that had passed, those of today with those of before; none on the day of the entry."""
    if china_day(entry.entered_at) == reckoning.today:
        return entry.passed
    late = {code: passed for code, passed in entry.passed.items() if passed.late}
    return {**entry.passed, **passed_of(reckoning.clocks(entry), reckoning.today), **late}


def _still_so(
    passed: Mapping[str, PassedClock], values: Mapping[str, Any], entry: RegisterEntry, reckoning: Reckoning
) -> dict[str, PassedClock]:
    """Those of the clocks written down that are still so with other values: what ended in time, where its end is the same."""
    ends = {clock.code: clock.met_on for clock in reckoning.clocks(replace(entry, values=values, passed={}))}
    return {code: one for code, one in passed.items() if one.late or one.met_on == ends.get(code)}


def _keep_passed(work: Work) -> None:
    """Write down with each entry what has passed and what ended in time, before the calendar or a limit says otherwise."""
    reckoning = reckoning_of(work.connection, china_day(work.latest))
    for entry in registers.listing(work.connection):
        passed = {**met_of(reckoning.clocks(entry), reckoning.today), **_passed(entry, reckoning)}
        if not entry.withdrawn and passed != entry.passed:
            registers.change(work.connection, replace(entry, passed=passed))


def _noted(
    clocks: tuple[RegisterClock, ...], old: Mapping[str, RegisterClock], noted: Mapping[str, date], today: date
) -> dict[str, date]:
    """On which day the end of each clock was entered: today, unless it stood there before."""
    return {
        clock.code: noted.get(clock.code, today)
        if clock.code in old and old[clock.code].met_on == clock.met_on
        else today
        for clock in clocks
        if clock.met_on is not None
    }


def _made_better(
    clocks: tuple[RegisterClock, ...], passed: Mapping[str, PassedClock], old: Mapping[str, RegisterClock], today: date
) -> str:
    """The name of a clock that had passed and would now read in time; empty for none."""
    for clock in clocks:
        was = old.get(clock.code)
        changed = was is None or was.met_on != clock.met_on
        late = clock.code in passed and passed[clock.code].late
        if late and changed and clock.state(today) in (DeadlineState.MET, DeadlineState.ENTERED_LATE):
            return clock.name
    return ""


def _begins_later(entry: RegisterEntry, values: Mapping[str, Any], today: date) -> str:
    """The label of the day from which the clocks count, where it is put off or left out; empty for none, and on the day of entry."""
    if china_day(entry.entered_at) == today:
        return ""
    for key in (REGISTERS[entry.kind].begun, "made_on"):
        old, new = entry.values.get(key), values.get(key)
        if isinstance(old, date) and not (isinstance(new, date) and new <= old):
            return REGISTERS[entry.kind].field(key).label
    return ""


def _check_seen(entry: RegisterEntry, seen: int) -> None:
    if entry.withdrawn:
        raise StepError(f"这一行已经作废（{entry.withdrawn[:60]}），不能再改。")
    if seen and seen != entry.version:
        raise ConflictError(
            f"您看的时候，{entry.changed_by}已经在 {exact(entry.changed_at)[5:]} 改过这一行，您的改动没有保存。"
            "请看过新的内容，再改一次。"
        )


def _check_concern(connection: Connection, values: Mapping[str, Any]) -> None:
    """Raises InputError where the concern that is named is not there."""
    if id := values.get("case"):
        try:
            cases.get(connection, id)
        except NotFoundError as error:
            raise InputError(f"没有编号为 {id} 的关切。编号在“关切”页和台账里。", "case") from error
