"""Hearing: a round, or round after round; a table."""

from __future__ import annotations

import queue
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.run import By, Run, log, opened, out
from domain.errors import InputError, StoreError, WenyingError

if TYPE_CHECKING:
    from desk.collect import RoundReport
    from store.database import Database

app = typer.Typer()
PATIENCE = 10.0  # seconds that a round waits for slow sources; their news come with a later one


@app.command()
def collect(
    context: typer.Context,
    watch: Annotated[bool, typer.Option(help="一直采集：各信源按自己的节奏")] = False,
    only: Annotated[int | None, typer.Option("--source", help="只采这个信源")] = None,
    every: Annotated[float, typer.Option(help="隔多少秒看一次有没有该采的信源")] = 20.0,
    at_once: Annotated[bool, typer.Option(help="配合 --watch：第一轮不等节奏，全部采一遍")] = False,
    attended: Annotated[bool, typer.Option(help="标准输入来一行 now 就立即全部采一遍，关闭就退出")] = False,
) -> None:
    """采集一轮，或一直采集。"""
    from desk.collect import Collector, spare_garbage_collection
    from store.lock import collector_lock

    with opened(context) as (run, database), collector_lock(run.folder):
        collector = Collector(database, run.clock.now())
        spare_garbage_collection()
        due_only = watch and not at_once
        orders = _orders() if attended else queue.Queue[str]()
        try:
            while True:
                try:
                    report = collector.round(run.clock.now(), only, due_only, PATIENCE if watch else None)
                except StoreError as error:
                    if not watch:
                        raise
                    log.exception("round failed")
                    print(str(error), file=sys.stderr, flush=True)
                else:
                    _tell(run, report)
                if watch:
                    _draft(run, database)
                if not watch:
                    return
                due_only = True
                with suppress(queue.Empty):
                    if orders.get(timeout=every) == "":
                        return
                    due_only = False
        finally:
            collector.close()


def _draft(run: Run, database: Database) -> None:
    """The daily briefing's draft, when its hour has come; a fault in it must not stop the collecting."""
    from desk.report import draft_when_due

    try:
        for path in draft_when_due(database, run.folder / "简报", run.clock.now()):
            out(run, {"drafted": path.name}, f"已按时生成简报草稿：{path.name}")
    except WenyingError as error:
        log.exception("scheduled draft failed")
        print(str(error), file=sys.stderr, flush=True)


def _orders() -> queue.Queue[str]:
    """The lines of standard input as they come; an empty one when whoever started us has gone."""
    lines = queue.Queue[str]()

    def listen() -> None:
        for line in sys.stdin:
            lines.put(line)
        lines.put("")

    threading.Thread(target=listen, daemon=True).start()
    return lines


def _tell(run: Run, report: RoundReport) -> None:
    for item, new, known, fault in report.sources:
        if run.as_json:
            out(run, {"source": item.id, "name": item.name, "new": new, "duplicates": known, "failed": fault})
        elif new or fault:
            print(f"{item.name}：{fault or f'新 {new} 条'}", file=sys.stderr, flush=True)
    if not report.understood:
        return  # nothing was due
    total = {
        "total": True,
        "asked": len(report.sources),
        "new": report.new,
        "duplicates": report.duplicates,
        "failed": report.failed,
        "topics": report.topics,
        "flagged": report.flagged,
        "seconds": round(report.seconds, 2),
    }
    said = f"新 {report.new} 条，已有 {report.duplicates} 条，出错 {report.failed} 个信源；新关切 {len(report.flagged)} 件。"
    out(run, total, said)


@app.command("import")
def import_(
    context: typer.Context,
    file: Path,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="标题=列名")] = None,
    preset: Annotated[str, typer.Option(help="用保存过的列对应方案")] = "",
    save: Annotated[str, typer.Option(help="把这次的列对应存为方案")] = "",
    by: By = "",
) -> None:
    """从表格（CSV、XLSX）导入信息。"""
    from desk.collect import Collector, import_table
    from desk.sourcework import save_preset, table_presets
    from sources.spreadsheets import FIELDS, read_table
    from store.lock import collector_lock

    chosen = {}
    for pair in mapping or []:
        field, _, heading = pair.partition("=")
        if field not in FIELDS or not heading:
            raise InputError(f"看不懂“{pair}”。请写成 --map 标题=列名；可用的有：{'、'.join(FIELDS)}。")
        chosen[field] = heading
    with opened(context) as (run, database), collector_lock(run.folder):
        if preset:
            presets = table_presets(database)
            if preset not in presets:
                raise InputError(f"没有“{preset}”方案。已有的：{'、'.join(presets) or '无'}。")
            chosen = {**presets[preset], **chosen}
        table = read_table(file, chosen)
        print("列的对应：" + "，".join(f"{k}←{v}" for k, v in table.mapping.items()), file=sys.stderr)
        now = run.clock.now()
        new, known = import_table(database, file, table, now)
        if save:
            save_preset(database, save, table.mapping, by, now)
        _, flagged = Collector(database, now).understand(now)
        out(
            run,
            {"new": new, "duplicates": known, "flagged": flagged},
            f"导入 {new} 条，{known} 条已经有了；新关切 {len(flagged)} 件。",
        )
