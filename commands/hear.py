"""Hearing: a round, or round after round; a table."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from commands.run import log, opened, out
from domain.errors import InputError, StoreError

app = typer.Typer()


@app.command()
def collect(
    context: typer.Context,
    watch: Annotated[bool, typer.Option(help="一直采集")] = False,
    only: Annotated[int | None, typer.Option("--source", help="只采这个信源")] = None,
    every: Annotated[float, typer.Option(help="两轮之间隔多少秒")] = 120.0,
) -> None:
    """采集一轮，或一直采集。"""
    from desk.collect import Collector
    from store.lock import collector_lock

    with opened(context) as (run, database), collector_lock(run.folder):
        collector = Collector(database, run.clock.now())
        while True:
            try:
                report = collector.round(run.clock.now(), only)
            except StoreError as error:
                if not watch:
                    raise
                log.exception("round failed")
                print(str(error), file=sys.stderr, flush=True)
            else:
                for item, new, known, fault in report.sources:
                    if run.as_json:
                        out(
                            run,
                            {"source": item.id, "name": item.name, "new": new, "duplicates": known, "failed": fault},
                        )
                    elif new or fault:
                        print(f"{item.name}：{fault or f'新 {new} 条'}", file=sys.stderr, flush=True)
                total = {
                    "total": True,
                    "new": report.new,
                    "duplicates": report.duplicates,
                    "failed": report.failed,
                    "topics": report.topics,
                    "flagged": report.flagged,
                    "seconds": round(report.seconds, 2),
                }
                said = f"新 {report.new} 条，已有 {report.duplicates} 条，出错 {report.failed} 个信源；新关切 {len(report.flagged)} 件。"
                out(run, total, said)
            if not watch:
                return
            time.sleep(every)


@app.command("import")
def import_(
    context: typer.Context,
    file: Path,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="标题=列名")] = None,
) -> None:
    """从表格（CSV、XLSX）导入信息。"""
    from desk.collect import Collector, import_table
    from sources.spreadsheets import FIELDS, read_table
    from store.lock import collector_lock

    chosen = {}
    for pair in mapping or []:
        field, _, heading = pair.partition("=")
        if field not in FIELDS or not heading:
            raise InputError(f"看不懂“{pair}”。请写成 --map 标题=列名；可用的有：{'、'.join(FIELDS)}。")
        chosen[field] = heading
    with opened(context) as (run, database), collector_lock(run.folder):
        table = read_table(file, chosen)
        print("列的对应：" + "，".join(f"{k}←{v}" for k, v in table.mapping.items()), file=sys.stderr)
        now = run.clock.now()
        new, known = import_table(database, file, table, now)
        _, flagged = Collector(database, now).understand(now)
        out(
            run,
            {"new": new, "duplicates": known, "flagged": flagged},
            f"导入 {new} 条，{known} 条已经有了；新关切 {len(flagged)} 件。",
        )
