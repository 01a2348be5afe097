"""The office's own Word template for briefings: kept in the store, so that a shared office has one."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime

from briefing.issue import Chart, ChartKind, Grid, Head, Issue, Picture, Section, plain
from desk.office.particulars import office
from desk.work import Before, Effect, Handler, Preparation, Ready, Work
from domain.briefing import IssueKind
from domain.errors import ExportError, InputError, SourceError
from domain.files import read_bytes
from domain.steps import office as steps
from domain.steps.step import Step
from domain.times import china_day
from sources.workers import run_apart
from store import settings
from store.database import Database

KEY = "briefing_template"
LARGEST = 5_000_000  # bytes


def template(database: Database) -> bytes | None:
    """The template as a .docx; None where our own layout is used."""
    with database.read() as connection:
        kept = settings.read(connection, KEY)
    return b64decode(kept["data"]) if kept else None


def template_name(database: Database) -> str:
    """What the template's file was called; empty where there is none."""
    with database.read() as connection:
        kept = settings.read(connection, KEY)
    return str(kept["name"]) if kept else ""


def try_template(step: steps.SetBriefingTemplate, before: Before) -> Ready:
    """A .docx, tried on an issue with everything in it, as it is kept. Raises InputError with what is wrong in it."""
    path = step.file
    if path is None:
        return Ready()
    try:
        data = read_bytes(path, LARGEST)
    except OSError as error:
        raise InputError(f"读不了“{path.name}”。请检查文件是否还在。") from error
    _filled(data, _sample(before.database, before.now))
    return Ready({"name": path.name, "data": b64encode(data).decode()})


def set_template(step: steps.SetBriefingTemplate, work: Work) -> Effect:
    """更换简报模板; the record keeps its name only."""
    before, kept = settings.read(work.connection, KEY), work.ready
    settings.write(work.connection, KEY, kept)
    was, is_now = ({"name": one["name"]} if one else {} for one in (before, kept))
    return Effect(is_now, was or None, f"setting:{KEY}")


HANDLERS: dict[type[Step], Handler] = {steps.SetBriefingTemplate: set_template}
PREPARATIONS: dict[type[Step], Preparation] = {steps.SetBriefingTemplate: try_template}


def in_own_look(database: Database, issue: Issue) -> bytes | None:
    """An issue in the office's own template, as a .docx; None where our own layout is used. Raises ExportError."""
    look = template(database)
    if look is None:
        return None
    try:
        return _filled(look, issue)
    except InputError as error:
        raise ExportError(f"{error} 在“设置”里换一个模板，或取消模板后再导出。") from error


def _filled(look: bytes, issue: Issue) -> bytes:
    """A template filled in a process apart, for it may ask for endless time or memory. Raises InputError."""
    from briefing.filling import filled  # with all that reads Word files
    from briefing.template import names, pictures

    try:
        return run_apart(filled, look, names(issue), pictures(issue))
    except SourceError as error:
        raise InputError("模板填不出来：用了 10 秒还没有填完，或占用的内存太多。请检查里面的循环和图片。") from error


def _sample(database: Database, now: datetime) -> Issue:
    """An issue with everything in it, to try a template on."""
    particulars = office(database)
    head = Head(IssueKind.DAILY, "样例", china_day(now), 1, 1, particulars.name, particulars.signer, now, "0" * 64)
    grid = Grid(("甲", "乙"), (("一", "二"),), (1, 1))
    chart = Chart(ChartKind.BARS, "样例", (("甲", (1.0, 2.0)),), ("一", "二"))
    picture = Picture("样例图", (chart,))
    return Issue(head, (Section("一、样例", [plain("样例。")], grid),), (picture,))
