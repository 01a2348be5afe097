"""Looking after the data: backup, restore, doctor."""

from __future__ import annotations

from pathlib import Path

import typer

from commands.run import Run, opened, out

app = typer.Typer()


@app.command()
def backup(context: typer.Context, file: Path) -> None:
    """备份：数据库、凭据、简报和交接班单，存成一个文件；备份时可以照常工作。"""
    from store.backup import back_up
    from store.database import sqlite_url

    with opened(context) as (run, _):
        size = back_up(run.folder, run.url or sqlite_url(run.folder), file.resolve(), run.clock.now())
        out(run, {"file": file, "bytes": size}, f"已备份到 {file}（{size / 1e6:.1f} MB）。")


@app.command()
def restore(context: typer.Context, file: Path) -> None:
    """从备份恢复。原来的数据库改名留在旁边，不会删除。请先关掉窗口和采集。"""
    from store.backup import restore as put_back
    from store.database import sqlite_url
    from store.lock import collector_lock

    run: Run = context.obj
    with collector_lock(run.folder):
        former = put_back(run.folder, run.url or sqlite_url(run.folder), file.resolve())
    run.database().close()
    said = f"已从 {file} 恢复。" + (f"原来的数据库留在 {former.name}。" if former else "")
    out(run, {"restored": file, "former": former}, said)


@app.command()
def doctor(context: typer.Context) -> None:
    """检查数据库、留痕、磁盘、信源、时限是否正常，不正常的说明怎么办。"""
    from desk.care import examine

    with opened(context) as (run, database):
        points = examine(database, run.folder, run.clock.now())
        rows = [{"name": p.name, "good": p.good, "told": p.told} for p in points]
        out(run, rows, *(f"{'✓' if p.good else '▲'} {p.name}：{p.told}" for p in points))
        if not all(p.good for p in points):
            raise typer.Exit(1)
