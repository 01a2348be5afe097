"""The steps of briefings: the plan of an issue, and keeping one that was made, under its number."""

from __future__ import annotations

from typing import Any

from desk.work import Effect, Handler, Work
from domain.briefing import Plan, Wanted
from domain.errors import ConflictError
from domain.steps import briefings as steps
from domain.steps.step import Step
from store import briefings, settings
from store.briefings import StoredIssue
from store.database import Connection

PLAN = "briefing_plan:"


def plan_of(connection: Connection, wanted: Wanted) -> Plan:
    """What an officer set for an issue."""
    kept = settings.read(connection, _plan_key(wanted)) or {}
    return Plan(
        frozenset(kept.get("omitted", ())),
        frozenset(kept.get("dropped", ())),
        tuple(kept.get("order", ())),
        tuple(kept.get("items", ())),
        dict(kept.get("edits", {})),
        str(kept.get("advice", "")),
    )


def set_plan(step: steps.PlanBriefing, work: Work) -> Effect:
    """编排简报. Raises ConflictError once the issue is final."""
    wanted, new = step.wanted, step.plan
    known = latest(work.connection, wanted)
    if known is not None and known.final:
        raise ConflictError(f"第 {known.number} 期{wanted.kind.label}已经定稿，改动没有保存。要改请另出一期更正。")
    key = _plan_key(wanted)
    before = settings.read(work.connection, key)
    after: dict[str, Any] = {
        "omitted": sorted(new.omitted),
        "dropped": sorted(new.dropped),
        "order": list(new.order),
        "items": list(new.items),
        "edits": new.edits,
        "advice": new.advice,
    }
    settings.write(work.connection, key, after)
    return Effect({}, before, f"setting:{key}")


def keep(step: steps.KeepBriefing, work: Work) -> Effect:
    """生成简报, 定稿, 更正; gives the issue's id.

    Raises ConflictError where the issue is no longer what it was when the files were made: somebody took the number
    meanwhile, or made it final.
    """
    wanted = step.wanted
    known = latest(work.connection, wanted)
    final = step.final and not (known is not None and known.final)
    if known is not None and known.number == step.number:
        id = known.id
        if known.final and known.text != step.text:
            raise ConflictError(f"别人刚刚把第 {known.number} 期{wanted.kind.label}定了稿，您的没有保存。请再看一遍。")
    else:
        numbers = briefings.next_numbers(work.connection, wanted.kind, wanted.last.year)
        if numbers != (step.number, step.total) or (known.id if known else None) != step.corrects:
            raise ConflictError(f"别人刚刚出了第 {step.number} 期{wanted.kind.label}，您的没有保存。请再生成一次。")
        final = step.final
        place = wanted.kind, wanted.last, numbers
        id = briefings.add(work.connection, *place, work.now, wanted.concern_id, step.corrects)
    if final:
        briefings.finish(work.connection, id, dict(step.text or {}), work.now)
    action = f"{wanted.kind.label}定稿" if final else f"生成{wanted.kind.label}"
    return Effect({"final": step.final}, object=f"issue:{id}", action=action, result=id)


HANDLERS: dict[type[Step], Handler] = {steps.PlanBriefing: set_plan, steps.KeepBriefing: keep}


def latest(connection: Connection, wanted: Wanted) -> StoredIssue | None:
    """The newest issue that was made of what is wanted."""
    return briefings.latest(connection, wanted.kind, wanted.last, wanted.concern_id)


def _plan_key(wanted: Wanted) -> str:
    concern = f":{wanted.concern_id}" if wanted.concern_id is not None else ""
    return f"{PLAN}{wanted.kind.code}:{wanted.last}{concern}"
