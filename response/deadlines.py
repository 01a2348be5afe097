"""Deadlines (时限): which rules apply to a judged concern, by when, and how that was counted."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from domain.concern import Judgement
from domain.response import Deadline, DeadlineRule, Response, ResponseKind
from domain.times import exact

NATIONAL = "国家"


@lru_cache(maxsize=1)
def all_rules() -> tuple[DeadlineRule, ...]:
    """The rules in rules.toml."""
    table = tomllib.loads((Path(__file__).parent / "rules.toml").read_text("utf-8"))
    return tuple(
        DeadlineRule(
            rule["code"],
            rule["name"],
            rule["pack"],
            float(rule["hours"]),
            rule["grave"],
            tuple(ResponseKind.of(kind) for kind in rule["met_by"]),
            rule["source"],
        )
        for rule in table["rule"]
    )


def deadlines_for(concern_id: int, judgement: Judgement, packs: Sequence[str] = (NATIONAL,)) -> list[Deadline]:
    """The deadlines that a judgement starts, the strictest first; ids are 0 until they are stored."""
    found = []
    for rule in all_rules():
        if rule.pack in packs and rule.grave == judgement.grade.grave:
            due = judgement.basis_at + timedelta(hours=rule.hours)
            how = (
                f"从{judgement.basis.label}时间 {exact(judgement.basis_at)} 起，按自然时间连续计 {rule.hours:g} 小时，"
                f"到 {exact(due)}。依据：{rule.source}。"
            )
            found.append(Deadline(0, concern_id, rule.code, rule.name, rule.source, judgement.basis_at, due, how))
    return sorted(found, key=lambda deadline: deadline.due_at)


def met_by(deadlines: Sequence[Deadline], published: Response) -> list[Deadline]:
    """The running deadlines that a published response meets; a 动态 meets none (domain.md section 3)."""
    kinds = {rule.code: rule.met_by for rule in all_rules()}
    return [
        deadline
        for deadline in deadlines
        if deadline.met_at is None and not deadline.withdrawn and published.kind in kinds.get(deadline.code, ())
    ]
