"""Shift hand-over (交接班): what is new, what is due in the next shift, what was promised, what waits for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.office.particulars import office
from desk.work import Before, Effect, Handler, Preparation, Ready, Work
from domain.concern import Concern, ConcernState
from domain.errors import InputError
from domain.response import Coordination, Deadline, DeadlineState, ResponseKind
from domain.steps import office as steps
from domain.steps.step import Step
from domain.times import exact, lasting
from store import cases, record, settings
from store.database import Database

SHIFT = timedelta(hours=12)
ROSTER = "roster"
FOLDER = "交接班"


@dataclass(frozen=True, slots=True)
class Handover:
    """What one shift hands to the next; each list holds lines ready to be read."""

    office: str
    start: datetime
    end: datetime
    new: tuple[str, ...]
    due: tuple[str, ...]
    promised: tuple[str, ...]
    waiting: tuple[str, ...]
    done: tuple[str, ...]
    head: str  # of the record, as it is printed


def handover(database: Database, now: datetime, shift: timedelta = SHIFT) -> Handover:
    """What there is to hand over at `now`, of the shift that ends."""
    start = now - shift
    particulars = office(database)
    with database.read() as connection:
        running = {c.id: c for c in cases.listing(connection, running_only=True)}
        recent = cases.listing(connection, since=start)
        clocks = cases.deadlines(connection, of=list(running))
        units = [u for u in cases.coordinations(connection) if u.concern_id in running and u.answered_at is None]
        said = [r for r in cases.responses(connection) if start <= r.published_at <= now]
        head = record.head(connection).printed
    waiting = (DeadlineState.RUNNING, DeadlineState.OVERDUE)
    due = [d for d in clocks if d.state(now) in waiting and d.due_at <= now + shift]
    return Handover(
        particulars.name,
        start,
        now,
        tuple(f"{exact(c.found_at)[5:]}　{c.title}（{c.state.label}，{c.grade.label}）" for c in recent),
        tuple(_due(running[d.concern_id], d, now) for d in due),
        tuple(
            f"{running[d.concern_id].title}：下次发布不晚于 {exact(d.due_at)[5:]}"
            for d in clocks
            if d.repeats and d.state(now) in waiting
        ),
        tuple(_asked(running[u.concern_id], u) for u in units)
        + tuple(f"{c.title}：待研判" for c in running.values() if c.state is ConcernState.FLAGGED),
        tuple(
            f"{exact(r.published_at)[5:]}　{r.channel.label}　{'动态' if r.kind is ResponseKind.UPDATE else '回应'}《{r.title}》"
            for r in said
        ),
        head,
    )


def write_sheet(step: steps.HandOver, before: Before) -> Ready:
    """The sheet (Word) with both names. Raises InputError, ExportError."""
    from briefing.handover import write_handover  # with all that writes Word files

    leaving = before.actor.name.strip()
    if leaving == step.coming:
        raise InputError("请填写交班人和接班人的姓名，两人不能相同。", "coming")
    if before.folder is None:
        raise InputError("没有数据文件夹，不能写交接班单。")
    sheet = handover(before.database, before.now)
    path = write_handover(
        before.folder / FOLDER,
        sheet.office,
        (sheet.start, sheet.end),
        (
            ("本班新增关切", sheet.new),
            ("下一班到期的时限", sheet.due),
            ("已承诺的发布", sheet.promised),
            ("等待研判和答复", sheet.waiting),
            ("本班已发布", sheet.done),
        ),
        step.remarks,
        (leaving, step.coming),
        sheet.head,
    )
    return Ready((path, len(sheet.due)), lambda: path.unlink(missing_ok=True))


def hand_over(step: steps.HandOver, work: Work) -> Effect:
    """交接班; gives the sheet."""
    path, due = work.ready
    return Effect({"from": work.who, "due": due, "file": path.name}, object="shift", result=path)


def set_roster(step: steps.SetRoster, work: Work) -> Effect:
    """修改值班表."""
    before = settings.read(work.connection, ROSTER)
    settings.write(work.connection, ROSTER, step.text)
    return Effect({"text": step.text}, {"text": before}, f"setting:{ROSTER}")


HANDLERS: dict[type[Step], Handler] = {steps.HandOver: hand_over, steps.SetRoster: set_roster}
PREPARATIONS: dict[type[Step], Preparation] = {steps.HandOver: write_sheet}


def roster(database: Database) -> str:
    """The duty roster as it is written: a line a day."""
    with database.read() as connection:
        return str(settings.read(connection, ROSTER) or "")


def on_duty(text: str, day: str) -> str:
    """Who is on duty on a day (ISO), empty where the roster does not say."""
    for line in text.splitlines():
        named, _, who = line.strip().partition(" ")
        if named == day:
            return who.strip()
    return ""


def _due(concern: Concern, deadline: Deadline, now: datetime) -> str:
    over = deadline.state(now) is DeadlineState.OVERDUE
    return f"{concern.title}：{deadline.name}，{'▲ 已超时' if over else '余'} {lasting(deadline.left(now))}（{exact(deadline.due_at)[5:]}）"


def _asked(concern: Concern, unit: Coordination) -> str:
    return f"{concern.title}：{unit.unit}尚未答复“{unit.asked}”（{exact(unit.asked_at)[5:]} 请求）"
