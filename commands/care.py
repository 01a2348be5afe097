"""Looking after the data: backup, restore, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.run import By, Run, opened, out, whole_path
from domain.person import Actor

if TYPE_CHECKING:
    from store.database import Database

app = typer.Typer()


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="备份成这个文件；不写就备份到设置的位置，并试恢复")] = None,
    scheduled: Annotated[bool, typer.Option(hidden=True)] = False,
    by: By = "",
) -> None:
    """备份：数据库、凭据、简报和交接班单，存成一个文件；备份时可以照常工作。先检查，完好才替换原来的备份。"""
    from store.backup import make
    from store.database import sqlite_url

    with opened(context) as (run, database):
        if file is None:
            _to_its_place(run, database, by, scheduled)
            return
        file = whole_path(file)
        made = make(run.folder, run.url or sqlite_url(run.folder), file, run.clock.now(), by)
        said = [f"已备份到 {file}（{made.size / 1e6:.1f} MB），检查完好：留痕 {made.contents.entries} 条，链条完整。"]
        if made.left_out:
            said.append(f"有 {len(made.left_out)} 个文件名字特殊，没有备份：{'、'.join(made.left_out[:5])}。请改名。")
        what = {"file": file, "bytes": made.size, "counts": made.contents.counts, "entries": made.contents.entries}
        out(run, {**what, "head": made.contents.head, "left_out": made.left_out}, *said)


def _to_its_place(run: Run, database: Database, by: str, scheduled: bool) -> None:
    """The office's own backup: where the settings say, tried and copied to the second place."""
    from desk.office import backups
    from domain.errors import StoreError
    from store.database import sqlite_url

    known = backups.plan(database)
    if scheduled and backups.second_waits(known, backups.read_state(run.folder)):
        backups.make_up_second(run.folder, known)
    if scheduled and not backups.due(known, backups.read_state(run.folder), run.clock.now()):
        return
    url = run.url or sqlite_url(run.folder)
    state = backups.make(run.folder, url, known, run.clock.now(), by, scheduled=scheduled)
    if state.fault:
        raise StoreError(state.fault)
    warned = [f"第二处没有备份：{state.second_fault}"] if state.second_fault else []
    out(run, {"file": state.file, "told": state.told, "second": state.second}, backups.told(known, state), *warned)


@app.command()
def restore(
    context: typer.Context,
    file: Path,
    despite_record: Annotated[bool, typer.Option(help="备份里的留痕不符也恢复")] = False,
    by: By = "",
) -> None:
    """从备份恢复：先检查备份，完好才替换。原来的数据整个留在旁边，不会删除。请先关掉窗口和采集。"""
    from store.database import sqlite_url
    from store.lock import collector_lock
    from store.restore import put_back

    run: Run = context.obj
    url, file = run.url or sqlite_url(run.folder), whole_path(file)
    with collector_lock(run.folder):
        done = put_back(run.folder, url, file, Actor(by), run.clock.now(), despite_record)
    run.database().close()
    made = f"（{done.manifest.made} 备份）" if done.manifest.made else ""
    said = f"已从 {file}{made} 恢复：留痕 {done.contents.entries} 条。"
    if done.former:
        said += f"原来的数据留在 {done.former.parent}，数据库是 {done.former.name}。"
    if done.paused:
        said += f"读本机文件或文件夹的信源已暂停，请核对后再启用：{'、'.join(done.paused)}。"
    what = {
        "restored": file,
        "paused": done.paused,
        "former": done.former,
        "counts": done.contents.counts,
        "entries": done.contents.entries,
    }
    out(run, what, said)


@app.command()
def doctor(context: typer.Context) -> None:
    """检查数据库、留痕、备份、磁盘、权限、信源、时限是否正常，不正常的说明怎么办。"""
    from desk.office.care import examine, without_database
    from domain.errors import StoreError

    run: Run = context.obj
    try:
        with opened(context) as (_, database):
            points = examine(database, run.folder, run.clock.now())
    except StoreError as error:
        points = without_database(run.folder, run.clock.now(), str(error))
    rows = [{"name": p.name, "good": p.good, "told": p.told} for p in points]
    out(run, rows, *(f"{'✓' if p.good else '▲'} {p.name}：{p.told}" for p in points))
    if not all(p.good for p in points):
        raise typer.Exit(1)
