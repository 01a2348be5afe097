"""Major events (重大事件)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.run import By, new_file, opened, out
from commands.usage import MOST_ID
from domain.errors import InputError
from domain.person import Actor
from domain.times import parse_day

event = typer.Typer(help="重大事件。")


@event.command("add")
def event_add(
    context: typer.Context,
    name: str,
    starts: str,
    ends: str,
    words: str,
    kind: str = "other",
    all_words: str = "",
    none_words: str = "",
    place: str = "",
    by: By = "",
) -> None:
    """添加重大事件：名称、起止日期、关键词（空格分开）。"""
    from desk.execute import execute
    from domain.event import EventKind, MajorEvent
    from domain.steps.events import AddEvent

    with opened(context) as (run, database):
        new = MajorEvent(
            0,
            EventKind.of(kind),
            name,
            parse_day(starts),
            parse_day(ends),
            tuple(words.split()),
            tuple(all_words.split()),
            tuple(none_words.split()),
            place=place,
        )
        id = execute(database, AddEvent(new), Actor(by), run.clock.now())
        out(run, {"id": id}, f"已添加重大事件 {id}。")


@event.command("list")
def event_list(context: typer.Context) -> None:
    """列出重大事件。"""
    from desk.topics.events import list_events

    with opened(context) as (run, database):
        events = list_events(database)
        rows = [
            {"id": e.id, "kind": e.kind.label, "name": e.name, "starts": e.starts, "ends": e.ends, "words": e.any_words}
            for e in events
        ]
        out(
            run,
            rows,
            *([] if events else ["还没有重大事件。用 event add 添加。"]),
            *(f"{e.id:>3}  {e.starts}—{e.ends}  {e.kind.label}  {e.name}  {' '.join(e.any_words)}" for e in events),
        )


@event.command("export")
def event_export(
    context: typer.Context, file: Path, id: Annotated[list[int] | None, typer.Option(min=1, max=MOST_ID)] = None
) -> None:
    """导出事件包（TOML）；不指定 --id 时导出全部。"""
    from desk.topics.eventpack import export_pack
    from desk.topics.events import list_events
    from domain.errors import NotFoundError

    with opened(context) as (run, database):
        events = [e for e in list_events(database) if not id or e.id in id]
        if not events:
            raise NotFoundError("没有可导出的重大事件。用 event list 看有哪些。")
        file = export_pack(events, new_file(file))
        out(run, {"events": len(events), "file": str(file)}, f"已导出 {len(events)} 个重大事件到 {file}。")


@event.command("import")
def event_import(context: typer.Context, file: Path, next_year: bool = False, by: By = "") -> None:
    """导入事件包；--next-year 把日期推后一年。"""
    from desk.execute import execute
    from desk.topics.eventpack import import_pack
    from desk.topics.events import next_year as a_year_later
    from domain.steps.events import AddEvent

    with opened(context) as (run, database):
        pack = import_pack(file)
        new = [a_year_later(e) if next_year else e for e in pack.events]
        ids = [execute(database, AddEvent(e), Actor(by), run.clock.now()) for e in new]
        out(run, {"ids": ids}, *(f"{id}  {e.starts}—{e.ends}  {e.name}" for id, e in zip(ids, new)))
        if pack.troubles:
            raise InputError("".join(pack.troubles) + "其余的已导入。")
