"""The briefing (简报), the ledger (台账), the figures (统计) and the record (留痕)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.run import By, opened, out
from domain.times import china_day, parse_day

app = typer.Typer()
record = typer.Typer(help="留痕。")
ledger = typer.Typer(help="台账。")


@app.command()
def briefing(
    context: typer.Context,
    out_folder: Annotated[Path, typer.Option("--out", help="输出文件夹")],
    date: str = "",
    formats: Annotated[str, typer.Option("--format", help="docx,pdf,xlsx,html")] = "docx",
    final: Annotated[bool, typer.Option(help="定稿：从此再生成都是同样的文字")] = False,
    concern: Annotated[int | None, typer.Option(help="出这一件关切的快报")] = None,
    correct: Annotated[bool, typer.Option(help="更正：另出一期，注明更正哪一期")] = False,
    by: By = "",
) -> None:
    """生成每日舆情简报，或一件关切的快报。"""
    from desk.report import last_day, make_briefing

    with opened(context) as (run, database):
        now = run.clock.now()
        day = parse_day(date) if date else last_day(now) if concern is None else china_day(now)
        made = make_briefing(database, day, tuple(formats.split(",")), out_folder, by, now, final, concern, correct)
        out(run, {"files": made}, *(str(path) for path in made))


@ledger.command("export")
def ledger_export(
    context: typer.Context,
    file: Path,
    start: Annotated[str, typer.Option("--from", help="发现日期从")] = "",
    end: Annotated[str, typer.Option("--to", help="到")] = "",
) -> None:
    """台账导出为 Excel。"""
    from desk.ledger import export_ledger

    with opened(context) as (run, database):
        first, last = parse_day(start) if start else None, parse_day(end) if end else None
        rows = export_ledger(database, file, run.clock.now(), first, last)
        out(run, {"rows": rows, "file": str(file)}, f"已导出 {rows} 件到 {file}。")


@app.command()
def statistics(
    context: typer.Context,
    start: Annotated[str, typer.Option("--from", help="发现日期从")],
    end: Annotated[str, typer.Option("--to", help="到")],
) -> None:
    """一段时间的统计：件数、及时率、用时。"""
    from dataclasses import asdict

    from desk.ledger import figures

    with opened(context) as (run, database):
        found = figures(database, parse_day(start), parse_day(end), run.clock.now())
        lines = [
            f"判定 {len(found.judged)} 件，不予回应 {len(found.dismissed)} 件，已回应 {len(found.answered)} 件，办结 {len(found.closed)} 件"
        ]
        for name, group in (("等级", found.by_grade), ("领域", found.by_area), ("责任单位", found.by_unit)):
            lines.append(f"{name}：" + ("，".join(f"{key} {len(ids)}" for key, ids in group.items()) or "无"))
        for rule in found.timeliness:
            share = "无到期" if rule.share is None else f"{rule.share:.1%}"
            lines.append(
                f"{rule.name}：及时率 {share}（按时 {len(rule.in_time)}，迟 {len(rule.late)}，超时未办 {len(rule.overdue)}）"
            )
        if found.median_hours is not None:
            lines.append(f"首次回应用时：中位 {found.median_hours:g} 小时，九成在 {found.ninetieth_hours:g} 小时内")
        out(run, {**asdict(found), "share": {t.name: t.share for t in found.timeliness}}, *lines)


@record.command("export")
def record_export(context: typer.Context, file: Path) -> None:
    """导出留痕（每行一条 JSON），可用 docs/verify_record.py 独立核验。"""
    from desk.monitor import export_record

    with opened(context) as (run, database):
        count = export_record(database, file)
        out(run, {"entries": count, "file": str(file)}, f"已导出 {count} 条到 {file}。")


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
