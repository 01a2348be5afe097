"""The briefing (简报) and the record (留痕)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.run import By, opened, out
from domain.times import parse_day

app = typer.Typer()
record = typer.Typer(help="留痕。")


@app.command()
def briefing(
    context: typer.Context,
    out_folder: Annotated[Path, typer.Option("--out", help="输出文件夹")],
    date: str = "",
    formats: Annotated[str, typer.Option("--format", help="docx")] = "docx",
    by: By = "",
) -> None:
    """生成每日舆情简报。"""
    from desk.report import last_day, make_briefing

    with opened(context) as (run, database):
        now = run.clock.now()
        day = parse_day(date) if date else last_day(now)
        made = make_briefing(database, day, tuple(formats.split(",")), out_folder, by, now)
        out(run, {"files": made}, *(str(path) for path in made))


@record.command("verify")
def record_verify(context: typer.Context) -> None:
    """检查留痕是否被改动过。"""
    from desk.monitor import verify_record

    with opened(context) as (run, database):
        count, misfit = verify_record(database)
        said = (
            f"留痕共 {count} 条，链条完整。"
            if misfit is None
            else f"留痕第 {misfit} 条与链条不符，此后的记录可能被改动过。"
        )
        out(run, {"entries": count, "first_misfit": misfit}, said)
        if misfit is not None:
            raise typer.Exit(1)
