"""The steps of briefings: the plan of an issue, and keeping one that was made, under its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from briefing.issue import Issue, thawed
from desk.work import Effect, Handler, Work
from domain.briefing import AddedItem, Plan, Wanted
from domain.errors import ConflictError, InputError
from domain.steps import briefings as steps
from domain.steps.step import Step
from store import briefings, settings
from store.briefings import StoredIssue
from store.database import Connection

PLAN, MATERIAL = "briefing_plan:", "briefing_material:"


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
        tuple(AddedItem(**{**one, "articles": tuple(one["articles"])}) for one in kept.get("added", ())),
    )


def material_of(connection: Connection, wanted: Wanted) -> Issue | None:
    """What an issue was fixed on while it is edited; None where it still follows what comes in."""
    kept = settings.read(connection, _material_key(wanted))
    return thawed(kept) if kept else None


def set_plan(step: steps.PlanBriefing, work: Work) -> Effect:
    """编排简报. Raises ConflictError once the issue is final."""
    wanted, new = step.wanted, step.plan
    _check_open(work.connection, wanted)
    _fix(work.connection, wanted, step.material)
    before = plan_of(work.connection, wanted)
    return _keep_plan(work.connection, wanted, replace(new, added=before.added))


def add_item(step: steps.AddToBriefing, work: Work) -> Effect:
    """加入简报: behind what stands in its section. Raises InputError where there is nothing in it, or it is there."""
    _check_open(work.connection, step.wanted)
    if not step.text.strip():
        raise InputError("请填写这一条的内容。", "text")
    plan = plan_of(work.connection, step.wanted)
    if step.item in plan.added:
        raise InputError("这一条已经在这一期里了。", "text")
    return _keep_plan(work.connection, step.wanted, replace(plan, added=(*plan.added, step.item)))


def renew(step: steps.RenewBriefing, work: Work) -> Effect:
    """取用新材料: the issue is fixed on another material."""
    _check_open(work.connection, step.wanted)
    key = _material_key(step.wanted)
    settings.write(work.connection, key, dict(step.material or {}))
    return Effect({}, object=f"setting:{key}")


def _keep_plan(connection: Connection, wanted: Wanted, new: Plan) -> Effect:
    key = _plan_key(wanted)
    before = settings.read(connection, key)
    after: dict[str, Any] = {
        "omitted": sorted(new.omitted),
        "dropped": sorted(new.dropped),
        "order": list(new.order),
        "items": list(new.items),
        "edits": new.edits,
        "advice": new.advice,
        "added": [{**asdict(one), "articles": list(one.articles)} for one in new.added],
    }
    settings.write(connection, key, after)
    return Effect({}, before, f"setting:{key}")


def _check_open(connection: Connection, wanted: Wanted) -> None:
    """Raises ConflictError once an issue is final."""
    known = latest(connection, wanted)
    if known is not None and known.final:
        raise ConflictError(f"第 {known.number} 期{wanted.kind.label}已经定稿，改动没有保存。要改请另出一期更正。")


def _fix(connection: Connection, wanted: Wanted, material: Mapping[str, Any] | None) -> None:
    """Fix an issue on what it was made of, the first time; one about a concern follows it always (快报 must be new)."""
    key = _material_key(wanted)
    if material and not wanted.kind.of_concern and not settings.read(connection, key):
        settings.write(connection, key, dict(material))


def keep(step: steps.KeepBriefing, work: Work) -> Effect:
    """生成简报, 定稿, 更正; gives the issue's id.

    Raises ConflictError where the issue is no longer what it was when the files were made: somebody took the number
    meanwhile, or made it final.
    """
    wanted = step.wanted
    known = latest(work.connection, wanted)
    if known is not None and known.final and known.number == step.number and not step.corrects:
        if known.text != step.text:
            raise ConflictError(f"别人刚刚把第 {known.number} 期{wanted.kind.label}定了稿，您的没有保存。请再看一遍。")
        return _kept_as(step, known.id, False)
    numbers = briefings.next_numbers(work.connection, wanted.kind, wanted.last.year)
    last_final = known.id if known is not None and known.final else None
    if numbers != (step.number, step.total) or ((known is None or known.final) and last_final != step.corrects):
        raise ConflictError(f"别人刚刚出了第 {step.number} 期{wanted.kind.label}，您的没有保存。请再生成一次。")
    if known is None or known.final:
        id = briefings.add(work.connection, wanted.kind, wanted.last, work.now, wanted.concern_id, step.corrects)
    else:
        id = known.id
    if step.final:
        briefings.finish(work.connection, id, numbers, dict(step.text or {}), work.now)
        if settings.read(work.connection, _material_key(wanted)):
            settings.write(work.connection, _material_key(wanted), {})  # the text is kept whole from here on
    else:
        _fix(work.connection, wanted, step.material)
    return _kept_as(step, id, step.final)


def _kept_as(step: steps.KeepBriefing, id: int, final: bool) -> Effect:
    action = f"{step.kind.label}定稿" if final else f"生成{step.kind.label}"
    return Effect({"final": step.final}, object=f"issue:{id}", action=action, result=id)


HANDLERS: dict[type[Step], Handler] = {
    steps.PlanBriefing: set_plan,
    steps.AddToBriefing: add_item,
    steps.RenewBriefing: renew,
    steps.KeepBriefing: keep,
}


def latest(connection: Connection, wanted: Wanted) -> StoredIssue | None:
    """The newest issue that was made of what is wanted."""
    return briefings.latest(connection, wanted.kind, wanted.last, wanted.concern_id)


def _plan_key(wanted: Wanted) -> str:
    concern = f":{wanted.concern_id}" if wanted.concern_id is not None else ""
    return f"{PLAN}{wanted.kind.code}:{wanted.last}{concern}"


def _material_key(wanted: Wanted) -> str:
    return _plan_key(wanted).replace(PLAN, MATERIAL, 1)
