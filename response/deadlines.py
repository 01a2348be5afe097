"""Deadlines (时限): which rules apply to a concern, by when, and how that was counted; docs/domain.md section 3."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from domain.concern import ClockBasis, Concern, ConcernState, Disposition, EventGrade, Judgement
from domain.errors import InputError, NotFoundError
from domain.response import JUDGE as JUDGE
from domain.response import UNJUDGED as UNJUDGED
from domain.response import (
    Applies,
    Deadline,
    DeadlineRule,
    Response,
    ResponseKind,
    Unit,
    answers,
)
from domain.times import china_day, exact, lasting, whole_minute
from response.counting import Counted, count, end_of_day, remaining
from response.workcalendar import WorkCalendar

NATIONAL, OWN = "国家", "本单位"
UPDATES = "updates"
UNTIL_JUDGED = (Applies.FLAGGED, Applies.UNJUDGED)  # so long do such rules bind; none is an office's own
MOST_AMOUNT = 1000  # of any unit: as working days, extended once, still within what is counted


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What deadlines are counted by: the rules that bind the office, and its calendar."""

    rules: tuple[DeadlineRule, ...] = ()
    calendar: WorkCalendar = field(default_factory=WorkCalendar)


@lru_cache(maxsize=1)
def all_rules() -> tuple[DeadlineRule, ...]:
    """The rules in rules.toml."""
    table = tomllib.loads((Path(__file__).parent / "rules.toml").read_text("utf-8"))
    return tuple(_rule(rule) for rule in table["rule"])


def own_rules(tables: Iterable[Mapping[str, Any]]) -> tuple[DeadlineRule, ...]:
    """The office's own rules as they are kept in its settings. Raises InputError for one that makes no sense."""
    return tuple(_rule({**table, "pack": OWN}) for table in tables)


def kept_rule(rule: DeadlineRule) -> dict[str, Any]:
    """A rule of the office's own as its settings keep it; see `own_rules`."""
    return {
        "code": rule.code,
        "name": rule.name,
        "amount": rule.amount,
        "unit": rule.unit.code,
        "applies": rule.applies.code,
        "met_by": [kind.code for kind in rule.met_by],
        "source": rule.source,
        **({"extends": True} if rule.extends else {}),
    }


def _rule(table: Mapping[str, Any]) -> DeadlineRule:
    try:
        name, amount = str(table["name"]).strip(), float(table["amount"])
        applies = next((one for one in Applies if one.code == str(table["applies"])), None)
        ours = str(table["pack"]) == OWN and str(table["code"]) != JUDGE
        if not name or not 0 < amount <= MOST_AMOUNT or applies is None or (ours and applies in UNTIL_JUDGED):
            raise InputError(
                f"时限规则“{name}”不完整：要有名称，时长要大于 0，不超过 {MOST_AMOUNT}，适用情形要在四种之内。"
            )
        rule = DeadlineRule(
            str(table["code"]),
            name,
            str(table["pack"]),
            amount,
            Unit.of(str(table["unit"])),
            applies,
            tuple(ResponseKind.of(kind) for kind in table["met_by"]),
            str(table.get("source", "")).strip(),
            bool(table.get("extends", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("时限规则不完整。请写明名称、时长、单位和适用情形。") from error
    if not rule.source:
        raise InputError(f"请写明时限规则“{rule.name}”的依据（本单位的文件名和条款）。")
    return rule


def rule_of(code: str, rules: Sequence[DeadlineRule]) -> DeadlineRule:
    """The rule with a code. Raises NotFoundError."""
    for rule in rules:
        if rule.code == code:
            return rule
    raise NotFoundError(f"没有“{code}”这条时限规则。可用的有：{'、'.join(rule.code for rule in rules)}。")


def in_force(
    packs: Sequence[str], own: Sequence[DeadlineRule] = (), hours: Mapping[str, float] | None = None
) -> tuple[DeadlineRule, ...]:
    """The rules that bind an office: those of its packs, the national ones in any case, and its own; `hours` are those it set for `judge` and `updates`, by code."""
    bound = [rule for rule in all_rules() if rule.pack in (NATIONAL, OWN, *packs)]
    set_here = hours or {}
    return (*(replace(rule, amount=set_here.get(rule.code, rule.amount)) for rule in bound), *own)


def clocks_of_flagged(
    concern: Concern, since: datetime, rules: Sequence[DeadlineRule], calendar: WorkCalendar
) -> list[Deadline]:
    """The deadlines that a concern has before it is judged: 研判, and the 5 hours where it may be a grave emergency."""
    urgent = concern.is_emergency or concern.suggested_grade.grave
    applying = (Applies.FLAGGED, Applies.UNJUDGED) if urgent else (Applies.FLAGGED,)
    bound = [rule for rule in rules if rule.applies in applying]
    return [start_clock(concern.id, rule, since, "发现时间", calendar) for rule in bound]


def warnings_of(
    grade: EventGrade, basis: ClockBasis, times: Mapping[ClockBasis, datetime | None], rules: Clockwork, now: datetime
) -> list[str]:
    """What whoever judges must know of the start that he chose (docs/domain.md section 3): a clock that is over by then
    already, and a basis that gives more time than 事发 would, or 发现 where that is not known. `times` are those that are.
    """
    start = times.get(basis)
    usual = ClockBasis.HAPPENED if times.get(ClockBasis.HAPPENED) else ClockBasis.FOUND
    if start is None:
        return []
    applies = Applies.GRAVE if grade.grave else Applies.OTHER
    bound = [rule for rule in rules.rules if rule.applies is applies]
    due = [(rule.name, counted_by(rule, start, rules.calendar).due_at) for rule in bound]
    over = [f"“{name}”{exact(at)[5:]} 已到期" for name, at in due if at < now]
    said = [f"按{basis.label}时间 {exact(start)[5:]} 起算，{'，'.join(over)}，判定后即为超时。"] if over else []
    at = times.get(usual)
    if at is not None and start > at:
        said.append(f"按{basis.label}时间起算，比按{usual.label}时间（{exact(at)[5:]}）晚 {lasting(start - at)} 到期。")
    return said


def paused_for(deadline: Deadline, rule: DeadlineRule, now: datetime, calendar: WorkCalendar) -> tuple[datetime, str]:
    """(due time, how) of a clock that paused and runs again at `now`: what was left then is left now."""
    assert deadline.paused_at is not None
    left = remaining(deadline.paused_at, deadline.due_at, rule.unit, calendar)
    due = count(now, left, rule.unit, calendar).due_at if left > 0 else end_of_day(china_day(now))
    words = f"{exact(deadline.paused_at)} 暂停时还剩 {left:g} {rule.unit.label}，{exact(now)} 恢复，到 {exact(due)}。"
    return due, f"{deadline.how}{words}"


def deadlines_for(
    concern_id: int, judgement: Judgement, rules: Sequence[DeadlineRule], calendar: WorkCalendar | None = None
) -> list[Deadline]:
    """The deadlines that a judgement starts, the strictest first; ids are 0 until they are stored."""
    applies = Applies.GRAVE if judgement.grade.grave else Applies.OTHER
    calendar = calendar or WorkCalendar()
    basis = f"{judgement.basis.label}时间"
    started = [
        start_clock(concern_id, rule, judgement.basis_at, basis, calendar) for rule in rules if rule.applies is applies
    ]
    return sorted(started, key=lambda deadline: deadline.due_at)


def start_clock(concern_id: int, rule: DeadlineRule, start: datetime, basis: str, calendar: WorkCalendar) -> Deadline:
    """One obligation from a start, with how it was counted; its id is 0 till it is stored. Raises InputError."""
    counted = counted_by(rule, start, calendar)
    how, repeats = said(rule, start, basis, counted), rule.applies is Applies.ANSWERED
    return Deadline(0, concern_id, rule.code, rule.name, rule.source, start, counted.due_at, how, repeats=repeats)


def counted_by(rule: DeadlineRule, start: datetime, calendar: WorkCalendar) -> Counted:
    """The due time of a rule from a start. Raises InputError where it cannot be counted."""
    return count(start, rule.amount, rule.unit, calendar)


def said(rule: DeadlineRule, start: datetime, basis: str, counted: Counted) -> str:
    """怎么算的, in words."""
    unit = rule.unit.label
    return (
        f"从{basis} {exact(start)} 起 {rule.amount:g} {unit}，到 {exact(counted.due_at)}"
        f"{'（暂按）' if counted.provisional else ''}。{counted.words()}依据：{rule.source}。"
    )


def met_by(
    deadlines: Sequence[Deadline],
    published: Response,
    rules: Sequence[DeadlineRule],
    disposition: Disposition | None = None,
) -> list[Deadline]:
    """The waiting deadlines that a published response meets; a 动态 meets none but 持续发布, a 解读 those of a first
    response only where the concern was judged as 误解误读 (docs/domain.md section 3); none that started after it.

    One whose rule the office has dropped since is met by whatever answers, and by a 动态 where it repeats.
    """
    known = {rule.code: rule for rule in rules}

    def meets(deadline: Deadline) -> bool:
        rule = known.get(deadline.code)
        if rule is not None and published.kind not in rule.met_by:
            return False
        asked_for = rule is not None and (rule.applies is Applies.BY_HAND or published.kind is ResponseKind.UPDATE)
        return deadline.repeats or asked_for or answers(published.kind, disposition)

    return [d for d in deadlines if d.waits and whole_minute(d.start_at) <= published.published_at and meets(d)]


def next_update(
    concern_id: int, state: ConcernState, published: Response, rules: Sequence[DeadlineRule], calendar: WorkCalendar
) -> list[Deadline]:
    """The repeating clocks that a publication starts anew, while the concern is answered and not closed."""
    if state not in (ConcernState.ANSWERED, ConcernState.FOLLOWING):
        return []
    return [
        start_clock(concern_id, rule, published.published_at, "上次发布", calendar)
        for rule in rules
        if rule.applies is Applies.ANSWERED
    ]


def recounted(
    deadline: Deadline, rules: Sequence[DeadlineRule], calendar: WorkCalendar, extended: bool = False
) -> tuple[datetime, str] | None:
    """(due time, how) of a running deadline by today's calendar, None where it stays as it is.

    An extended one is counted for twice the amount.
    """
    rule = next((rule for rule in rules if rule.code == deadline.code), None)
    if rule is None or not deadline.waits or deadline.paused_at is not None or rule.unit is Unit.HOURS:
        return None
    counted = count(deadline.start_at, rule.amount * (2 if extended else 1), rule.unit, calendar)
    if counted.due_at == deadline.due_at:
        return None
    return counted.due_at, said(rule, deadline.start_at, "起点", counted)
