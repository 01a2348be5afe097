"""Sources (信源): add, import, list, test, remove."""

from __future__ import annotations

from pathlib import Path

import typer

from commands.run import By, Run, opened, out
from domain.times import exact

source = typer.Typer(help="信源：添加、导入、列出、试采、删除。")


@source.command("add")
def source_add(context: typer.Context, where: str, name: str = "", tier: str = "portal", by: By = "") -> None:
    """添加一个 RSS/Atom 信源（网址或文件）。"""
    from desk.sourcework import add_source
    from domain.article import SourceTier

    with opened(context) as (run, database):
        id = add_source(database, where, by, run.clock.now(), name, SourceTier.of(tier))
        out(run, {"id": id}, f"已添加信源 {id}。")


@source.command("import")
def source_import(context: typer.Context, file: Path, by: By = "") -> None:
    """从 OPML 文件导入信源。"""
    from desk.sourcework import import_sources

    with opened(context) as (run, database):
        added, known = import_sources(database, file, by, run.clock.now())
        out(run, {"added": added, "known": known}, f"导入 {added} 个信源，{known} 个已经有了。")


@source.command("list")
def source_list(context: typer.Context) -> None:
    """列出信源和状态。"""
    from desk.sourcework import list_sources

    with opened(context) as (run, database):
        views = list_sources(database, run.clock.now())
        rows = [
            {
                "id": v.source.id,
                "name": v.source.name,
                "url": v.source.url,
                "state": v.state.label,
                "fault": v.source.fault,
                "day": v.day,
                "week": v.week,
            }
            for v in views
        ]
        lines = [
            f"{r['id']:>4}  {r['state']}  {r['name']}  24小时 {r['day']} 条  {r['fault'] or r['url']}" for r in rows
        ]
        out(run, rows, *(lines or ["还没有信源。用 source add 添加，或用 source import 导入 OPML。"]))


@source.command("test")
def source_test(context: typer.Context, where: str) -> None:
    """试采一个地址，不保存。"""
    from desk.sourcework import test_source

    run: Run = context.obj
    feed = test_source(where, run.clock.now()).feed
    items = feed.articles if feed else ()
    rows = [{"title": a.title, "url": a.url, "at": a.published_at, "note": a.date_note} for a in items]
    name = feed.title if feed else ""
    out(
        run,
        {"title": name, "items": rows},
        f"{name}：{len(rows)} 条",
        *(f"  {exact(r['at'])}  {r['title']}" for r in rows[:10]),
    )


@source.command("remove")
def source_remove(context: typer.Context, id: int, by: By = "") -> None:
    """删除一个信源，已采到的信息保留。"""
    from desk.sourcework import remove_source

    with opened(context) as (run, database):
        remove_source(database, id, by, run.clock.now())
        out(run, {"removed": id}, f"已删除信源 {id}。")
