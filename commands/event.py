"""Major events (重大事件)."""

from __future__ import annotations

import typer

from commands.run import By, opened, out
from domain.times import parse_day

event = typer.Typer(help="重大事件。")


@event.command("add")
def event_add(
    context: typer.Context, name: str, starts: str, ends: str, words: str, kind: str = "other", by: By = ""
) -> None:
    """添加重大事件：名称、起止日期、关键词（空格分开）。"""
    from desk.monitor import add_event
    from domain.event import EventKind

    with opened(context) as (run, database):
        id = add_event(
            database,
            by,
            run.clock.now(),
            kind=EventKind.of(kind),
            name=name,
            starts=parse_day(starts),
            ends=parse_day(ends),
            words=tuple(words.split()),
        )
        out(run, {"id": id}, f"已添加重大事件 {id}。")


@event.command("list")
def event_list(context: typer.Context) -> None:
    """列出重大事件。"""
    from desk.monitor import list_events

    with opened(context) as (run, database):
        found = list_events(database)
        rows = [
            {"id": e.id, "kind": e.kind.label, "name": e.name, "starts": e.starts, "ends": e.ends, "words": e.any_words}
            for e in found
        ]
        out(
            run,
            rows,
            *([] if found else ["还没有重大事件。用 event add 添加。"]),
            *(f"{e.id:>3}  {e.starts}—{e.ends}  {e.kind.label}  {e.name}  {' '.join(e.any_words)}" for e in found),
        )
