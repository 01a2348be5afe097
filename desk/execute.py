"""The one way in which people change anything: a step, executed in one transaction by somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desk.cases import course, deadlines, developments, drafting
from desk.collecting import sourcesteps
from desk.office import anchors, backups, habits, handover, particulars, people, reminding
from desk.registers import carrying, entries
from desk.reporting import issuing, template
from desk.topics import events, regrouping
from desk.work import Before, CaseHandler, Effect, Handler, Preparation, Ready, Work
from domain.article import LONGEST_NAME, storable
from domain.concern import EventGrade
from domain.errors import ConflictError, InputError
from domain.person import Actor
from domain.record import Entry
from domain.steps.cases import CaseStep
from domain.steps.step import Step
from domain.times import exact
from response.lifecycle import state_after
from response.rights import check_right
from store import cases, record
from store.database import Connection, Database
from store.people import everyone

CASE_HANDLERS: dict[type[CaseStep], CaseHandler] = {
    **course.CASE_HANDLERS,
    **developments.CASE_HANDLERS,
    **drafting.CASE_HANDLERS,
    **deadlines.CASE_HANDLERS,
}
HANDLERS: dict[type[Step], Handler] = {
    **drafting.HANDLERS,
    **deadlines.HANDLERS,
    **regrouping.HANDLERS,
    **events.HANDLERS,
    **sourcesteps.HANDLERS,
    **particulars.HANDLERS,
    **habits.HANDLERS,
    **people.HANDLERS,
    **reminding.HANDLERS,
    **backups.HANDLERS,
    **anchors.HANDLERS,
    **handover.HANDLERS,
    **template.HANDLERS,
    **issuing.HANDLERS,
    **entries.HANDLERS,
    **carrying.HANDLERS,
}
PREPARATIONS: dict[type[Step], Preparation] = {
    **drafting.PREPARATIONS,
    **sourcesteps.PREPARATIONS,
    **people.PREPARATIONS,
    **handover.PREPARATIONS,
    **template.PREPARATIONS,
}


def execute(
    database: Database,
    step: Step,
    actor: Actor,
    now: datetime,
    *,
    seen: int | None = None,
    folder: Path | None = None,
) -> Any:
    """Take a step: check right, course and version, write, and enter it in the record; all of it or nothing.

    `seen` is the last entry of the case's record that the person had read: where another person has entered
    something since, ConflictError tells what, an entry a line. `folder` is the data folder, where files are kept.
    Raises InputError, StepError, NotFoundError, ConflictError; gives back what the step's handler gives.
    """
    ready = _made_ready(step, Before(database, _named(actor), now, folder))
    try:
        with database.write() as connection:
            result = _taken(step, Work(connection, _named(actor), now, ready.value), seen)
    except BaseException:
        ready.undo()
        raise
    ready.done()
    return result


@contextmanager
def together(database: Database, now: datetime) -> Iterator[Callable[[Step, Actor], Any]]:
    """Several steps in one transaction, all of them or none: gives what takes one, by somebody, as `execute` does.

    They are steps that make no files.
    """
    with database.write() as connection:

        def take(step: Step, actor: Actor) -> Any:
            ready = _made_ready(step, Before(database, _named(actor), now, None))
            return _taken(step, Work(connection, _named(actor), now, ready.value), None)

        yield take


def _named(actor: Actor) -> Actor:
    """Who acts, under the name that can be kept. Raises InputError for nobody."""
    actor = replace(actor, name=storable(actor.name).strip())
    if not actor.name or len(actor.name) > LONGEST_NAME:
        raise InputError(f"请填写姓名，{LONGEST_NAME} 字以内。")
    return actor


def _made_ready(step: Step, before: Before) -> Ready:
    """What the step needs before its transaction. Raises InputError for what cannot be kept or is still to come."""
    step.check_kinds()
    step.check_times(before.now)
    prepare = PREPARATIONS.get(type(step))
    return prepare(step, before) if prepare else Ready()


def _taken(step: Step, work: Work, seen: int | None) -> Any:
    """The step, inside its transaction; what its handler gives."""
    check_right(type(step), work.actor, everyone(work.connection))
    if isinstance(step, CaseStep):
        return _of_case(step, work, seen)
    effect = HANDLERS[type(step)](step, work)
    _enter(step, effect, work)
    return effect.result


def _of_case(step: CaseStep, work: Work, seen: int | None) -> Any:
    concern = cases.get(work.connection, step.concern_id)
    if seen is not None:
        _check_seen(work.connection, step.concern_id, seen, work.who)
    to = state_after(type(step), concern.state)
    effect = CASE_HANDLERS[type(step)](step, concern, work)
    to = effect.columns.get("state", to)
    cases.update(work.connection, concern, **{**effect.columns, "state": to.code})
    state = {"state": to.code} if to is not concern.state else {}
    _enter(step, effect, work, f"concern:{concern.id}", {"state": concern.state.code}, state)
    return effect.result


def _enter(
    step: Step,
    effect: Effect,
    work: Work,
    object: str = "",
    before: dict[str, Any] | None = None,
    state: dict[str, Any] | None = None,
) -> None:
    """The step's entry in the record: what was entered, and what came of it."""
    after = {**step.entries(), **(state or {}), **effect.after}
    was = effect.before if effect.before is not None else before
    object = effect.object or object
    if object:
        record.append(work.connection, work.now, work.who, effect.action or step.label, object, was, after or None)


def _check_seen(connection: Connection, concern_id: int, seen: int, by: str) -> None:
    """Raises ConflictError where somebody else did something with a case since the entry `seen` of its record."""
    since = [e for e in record.entries(connection, f"concern:{concern_id}") if e.sequence > seen and e.who != by]
    if since:
        entries = "\n".join(f"{exact(e.at)[5:]} {e.who} {e.action}　{said_of(e)}".rstrip() for e in since)
        raise ConflictError(
            f"您看的时候，{since[-1].who}已经{since[-1].action}，您的操作没有保存。\n{entries}", since[-1].sequence
        )


def said_of(entry: Entry) -> str:
    """What an entry of the record is about, in short."""
    after = entry.after if isinstance(entry.after, dict) else {}
    keys = ("title", "words", "why", "reason", "outcome", "unit", "asked", "answer", "version", "link")
    parts = [f"第 {after[key]} 稿" if key == "version" else str(after[key]) for key in keys if after.get(key)]
    if after.get("differs"):
        parts.append("正文与签发的不同")
    if after.get("findings"):
        parts.append(f"自查有 {after['findings']} 处")
    if "grade" in after:
        parts.insert(0, EventGrade.of(after["grade"]).label)
    elif isinstance(judged := after.get("judgement"), dict):  # as it was entered by early versions
        parts.insert(0, EventGrade.of(judged["grade"]).label)
    return "；".join(parts)[:200]
