"""Deadlines (时限): which rules apply to a concern, by when, and how that was counted; docs/domain.md section 3."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from domain.concern import ConcernState, Judgement
from domain.errors import InputError, NotFoundError
from domain.response import (
    Applies,
    Deadline,
    DeadlineRule,
    Response,
    ResponseKind,
    Unit,
)
from domain.times import exact
from response.counting import Counted, count
from response.workcalendar import WorkCalendar

OWN = "本单位"
MOST_AMOUNT = 1000  # of any unit: as working days, extended once, still within what is counted


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
        if not name or not 0 < amount <= MOST_AMOUNT or applies is None:
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


def in_force(packs: Sequence[str], own: Sequence[DeadlineRule] = ()) -> tuple[DeadlineRule, ...]:
    """The rules that bind an office: those of its packs, and its own."""
    return (*(rule for rule in all_rules() if rule.pack in packs), *own)


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


def met_by(deadlines: Sequence[Deadline], published: Response, rules: Sequence[DeadlineRule]) -> list[Deadline]:
    """The running deadlines that a published response meets; a 动态 meets none but 持续发布 (docs/domain.md section 3).

    One whose rule the office has dropped since is met by whatever answers, and by a 动态 where it repeats.
    """
    kinds = {rule.code: rule.met_by for rule in rules}

    def meets(deadline: Deadline) -> bool:
        if deadline.code in kinds:
            return published.kind in kinds[deadline.code]
        return deadline.repeats or published.kind is not ResponseKind.UPDATE

    return [d for d in deadlines if d.met_at is None and not d.withdrawn and meets(d)]


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
    if rule is None or deadline.met_at is not None or deadline.withdrawn:
        return None
    counted = count(deadline.start_at, rule.amount * (2 if extended else 1), rule.unit, calendar)
    if counted.due_at == deadline.due_at:
        return None
    return counted.due_at, said(rule, deadline.start_at, "起点", counted)
