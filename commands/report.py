"""The briefing (简报), the ledger (台账), the figures (统计) and the record (留痕)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.run import By, new_file, opened, out
from commands.usage import MOST_ID
from domain.person import Actor
from domain.times import parse_day

app = typer.Typer()
record = typer.Typer(help="留痕。")
ledger = typer.Typer(help="台账。")


@app.command()
def briefing(
    context: typer.Context,
    out_folder: Annotated[Path, typer.Option("--out", help="输出文件夹")],
    date: Annotated[str, typer.Option(help="哪一天；周报、月报、年度统计是这一天所在的周、月、年")] = "",
    formats: Annotated[str, typer.Option("--format", help="docx,pdf,xlsx,html")] = "docx",
    kind: Annotated[
        str, typer.Option(help="daily 每日，flash 快报，special 专报，weekly 周报，monthly 月报，annual 年度统计")
    ] = "",
    final: Annotated[bool, typer.Option(help="定稿：从此再生成都是同样的文字")] = False,
    concern: Annotated[int | None, typer.Option(min=1, max=MOST_ID, help="出这一件关切的快报或专报")] = None,
    correct: Annotated[bool, typer.Option(help="更正：另出一期，注明更正哪一期")] = False,
    renew: Annotated[
        bool, typer.Option(help="按现在的数据重做草稿；不写的，用第一次出草稿或改动时固定下来的内容")
    ] = False,
    by: By = "",
) -> None:
    """生成简报：每日、快报、专报、周报、月报、年度统计。"""
    from desk.reporting.report import FORMATS, default_day, faces_said, make_briefing
    from desk.reporting.report import renew as renew_issue
    from domain.briefing import IssueKind, Wanted

    with opened(context) as (run, database):
        now = run.clock.now()
        chosen = IssueKind.of(kind) if kind else IssueKind.DAILY if concern is None else IssueKind.FLASH
        wanted = Wanted(chosen, parse_day(date) if date else default_day(chosen, now), concern)
        wanted_formats = tuple(formats.split(","))
        writers = dict(FORMATS)
        if "pdf" in wanted_formats:
            from gui.reporting.printing import print_pdf

            writers["pdf"] = print_pdf
        if renew:
            renew_issue(database, wanted, Actor(by), now)
        made = make_briefing(
            database,
            wanted,
            wanted_formats,
            out_folder,
            Actor(by),
            now,
            final=final,
            correct=correct,
            writers=writers,
        )
        lacking = faces_said(wanted_formats)
        out(run, {"files": made, "faces": lacking}, *(str(path) for path in made), *([lacking] if lacking else []))


@app.command("briefing-add")
def briefing_add(
    context: typer.Context,
    article: Annotated[int | None, typer.Option(min=1, max=MOST_ID, help="哪一条信息")] = None,
    topic: Annotated[int | None, typer.Option(min=1, max=MOST_ID, help="哪一个话题")] = None,
    text: Annotated[str, typer.Option(help="自己写的一条")] = "",
    lead: Annotated[str, typer.Option(help="自己写的一条的题目")] = "",
    heading: Annotated[str, typer.Option(help="自己写的一条放在哪个栏目")] = "今日要情",
    date: Annotated[str, typer.Option(help="哪一天的每日简报")] = "",
    by: By = "",
) -> None:
    """在每日简报里加一条：一条信息、一个话题，或自己写的。"""
    from desk.execute import execute
    from desk.reporting.report import item_of, item_of_topic, last_day
    from domain.briefing import AddedItem, IssueKind, Wanted
    from domain.steps.briefings import AddToBriefing

    with opened(context) as (run, database):
        now = run.clock.now()
        if article is not None:
            item = item_of(database, article)
        elif topic is not None:
            item = item_of_topic(database, topic)
        else:
            item = AddedItem(heading, lead, text)
        day = parse_day(date) if date else last_day(now)
        execute(database, AddToBriefing.of(Wanted(IssueKind.DAILY, day), item), Actor(by), now)
        out(run, {"day": day, "item": item.lead or item.text}, f"已加入 {day} 的每日舆情简报。")


@ledger.command("export")
def ledger_export(
    context: typer.Context,
    file: Path,
    start: Annotated[str, typer.Option("--from", help="发现日期从")] = "",
    end: Annotated[str, typer.Option("--to", help="到")] = "",
) -> None:
    """台账导出为 Excel。"""
    from desk.reporting.ledger import export_ledger

    with opened(context) as (run, database):
        first, last = parse_day(start) if start else None, parse_day(end) if end else None
        file = new_file(file)
        rows = export_ledger(database, file, run.clock.now(), first, last)
        out(run, {"rows": rows, "file": str(file)}, f"已导出 {rows} 件到 {file}。")


@app.command()
def statistics(
    context: typer.Context,
    start: Annotated[str, typer.Option("--from", help="发现日期从")],
    end: Annotated[str, typer.Option("--to", help="到")],
    file: Annotated[Path | None, typer.Option("--out", help="另存为 Excel")] = None,
) -> None:
    """一段时间的统计，与上一个同样长的时段相比：件数、及时率、用时。"""
    from desk.reporting.ledger import comparison, export_statistics

    with opened(context) as (run, database):
        first, last, now = parse_day(start), parse_day(end), run.clock.now()
        figures = comparison(database, first, last, now)
        if file is not None:
            file = new_file(file)
            export_statistics(database, file, first, last, now)
        lines = [
            f"{f.group.label}　{f.name}：{f.said(f.value)}（上期 {f.said(f.before)}）{f'　{f.how}' if f.parts else ''}"
            for f in figures
        ]
        as_json = [
            {
                "group": f.group.label,
                "name": f.name,
                "value": f.value,
                "before": f.before,
                "numerator": f.numerator,
                "denominator": f.denominator,
                "left_out": f.left_out,
                "ids": f.ids,
            }
            for f in figures
        ]
        out(run, {"figures": as_json, "file": file}, *lines, *([f"已导出到 {file}。"] if file else []))


@record.command("export")
def record_export(context: typer.Context, file: Path) -> None:
    """导出留痕（每行一条 JSON），可用 docs/verify_record.py 独立核验。"""
    from desk.topics.monitor import export_record

    with opened(context) as (run, database):
        file = new_file(file)
        count = export_record(database, file)
        out(run, {"entries": count, "file": str(file)}, f"已导出 {count} 条到 {file}。")


@record.command("verify")
def record_verify(
    context: typer.Context,
    head: Annotated[str, typer.Option(help="再核对纸上的末条（简报、交接班单上印的），如“128 3fa9c1d2e4b5a697”")] = "",
) -> None:
    """检查留痕是否被改动、删减过：链条，以及本机、备份和锚点文件里存下的末条。"""
    from desk.office.anchors import checked

    with opened(context) as (run, database):
        verdict = checked(database, run.folder, head)
        lacking = [{"head": str(seen.head), "where": seen.where} for seen in verdict.lacking]
        out(run, {"entries": verdict.entries, "first_misfit": verdict.misfit, "lacking": lacking}, verdict.said)
        if not verdict.whole:
            raise typer.Exit(1)


@record.command("confirm")
def record_confirm(
    context: typer.Context,
    why: Annotated[str, typer.Option(help="核对的情况和原因")],
    by: Annotated[str, typer.Option(help="谁核对的")],
) -> None:
    """别处存下的末条现在没有，已经查清原因的，记下来，以后不再提示。"""
    from desk.execute import execute
    from desk.office.anchors import lacking
    from domain.person import Actor
    from domain.steps.office import ConfirmRecord

    with opened(context) as (run, database):
        gone = tuple(str(seen.head) for seen in lacking(database, run.folder))
        execute(database, ConfirmRecord(gone, why), Actor(by), run.clock.now())
        out(run, {"confirmed": gone}, f"已记下，{len(gone)} 处。")
