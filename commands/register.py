"""The registers (政务公开台账): entries, tables, the year's figures and the annual report's tables, the office's channels."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.run import By, new_file, opened, out
from commands.usage import MOST_ID, Number
from domain.errors import InputError
from domain.person import Actor
from domain.times import china_day, parse_day

if TYPE_CHECKING:
    from domain.registers import Register

register = typer.Typer(help="政务公开台账：依申请公开、决策公开、政策解读、发布会、公开事项、自有渠道、年度报告。")
Kind = Annotated[str, typer.Argument(help="哪一本台账，如 依申请公开")]
Given = Annotated[list[str] | None, typer.Option("--set", help="栏=值，如 收到日期=2026-11-20；可写几个")]
Year = Annotated[int, typer.Option(min=0, max=2199, help="只要这一年的，0 是全部")]
Days = Annotated[int | None, typer.Option(min=0, max=365)]


def _register(kind: str) -> Register:
    from domain.registerfields import REGISTERS
    from domain.registers import RegisterKind

    return REGISTERS[RegisterKind.of(kind)]


def _pairs(words: Sequence[str], example: str) -> dict[str, str]:
    pairs = {}
    for word in words:
        name, _, value = word.partition("=")
        if not name or "=" not in word:
            raise InputError(f"看不懂“{word}”。请写成“{example}”的样子。")
        pairs[name.strip()] = value.strip()
    return pairs


@register.command("fields")
def register_fields(context: typer.Context, kind: Kind) -> None:
    """列出一本台账有哪些栏，哪些必填，各填什么。"""
    with opened(context) as (run, _):
        told: list[dict[str, Any]] = []
        for one in _register(kind).fields:
            choices = [choice.label for choice in one.choices] if one.choices else []
            told.append(
                {"key": one.key, "label": one.label, "needed": one.needed, "choices": choices, "hint": one.hint}
            )
        lines = [
            f"{'*' if t['needed'] else ' '} {t['label']}{'：' + '、'.join(t['choices'][:12]) if t['choices'] else ''}　{t['hint']}".rstrip()
            for t in told
        ]
        out(run, told, *lines)


@register.command("list")
def register_list(
    context: typer.Context,
    kind: Kind,
    state: Annotated[str, typer.Option(help="超时、待办、超时办结、已办、作废")] = "",
    year: Year = 0,
) -> None:
    """列出一本台账，超时的在前。"""
    from desk.registers.reading import rows
    from domain.registers import Standing, kept

    with opened(context) as (run, database):
        now = run.clock.now()
        today = china_day(now)
        wanted = Standing.of(state) if state else None
        chosen = [
            row
            for row in rows(database, _register(kind).kind, now)
            if (wanted is None or row.standing is wanted) and (not year or row.year == year)
        ]
        told: list[dict[str, Any]] = [
            {
                "id": row.entry.id,
                "title": row.title,
                "standing": row.standing.label,
                "in_time": standing.label if (standing := row.in_time(today)) else "",
                "clocks": [
                    {"name": c.name, "due": c.due_on, "met": c.met_on, "state": c.stands(today), "how": c.how}
                    for c in row.clocks
                ],
                "values": kept(row.entry.values),
            }
            for row in chosen
        ]
        lines = [f"{row.entry.id:>5}  {row.standing.label}  {row.left(today)}  {row.title}" for row in chosen]
        out(run, told, *(lines or [f"“{kind}”里没有这样的行。用 register add 或 register import 登记。"]))


@register.command("add")
def register_add(context: typer.Context, kind: Kind, given: Given = None, by: By = "") -> None:
    """登记一行，每一栏一个 --set；有哪些栏用 register fields 看。"""
    from desk.execute import execute
    from domain.steps.registers import EnterRegisterEntry

    with opened(context) as (run, database):
        step = EnterRegisterEntry(_register(kind).kind, _pairs(given or [], "收到日期=2026-11-20"))
        id = execute(database, step, Actor(by), run.clock.now())
        out(run, {"id": id}, f"已登记，编号 {id}。")


@register.command("change")
def register_change(
    context: typer.Context,
    id: Number,
    given: Given = None,
    why: Annotated[str, typer.Option(help="超时以后补录，或把收到日期改晚，凭什么")] = "",
    by: By = "",
) -> None:
    """修改一行，每一栏一个 --set；“栏=”后面不写，就是清空。"""
    from desk.execute import execute
    from domain.steps.registers import ChangeRegisterEntry

    with opened(context) as (run, database):
        step = ChangeRegisterEntry(id, _pairs(given or [], "答复日=2026-11-20"), why)
        entry = execute(database, step, Actor(by), run.clock.now())
        out(run, {"id": id, "version": entry.version}, f"已修改第 {id} 行。")


@register.command("withdraw")
def register_withdraw(
    context: typer.Context, id: Number, why: Annotated[str, typer.Argument(help="理由")], by: By = ""
) -> None:
    """作废一行；行和理由都留着，作废前已经超时的照样计。"""
    from desk.execute import execute
    from domain.steps.registers import WithdrawRegisterEntry

    with opened(context) as (run, database):
        execute(database, WithdrawRegisterEntry(id, why), Actor(by), run.clock.now())
        out(run, {"withdrawn": id}, f"第 {id} 行已作废。")


@register.command("import")
def register_import(
    context: typer.Context,
    kind: Kind,
    file: Path,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="栏=列名")] = None,
    constants: Annotated[list[str] | None, typer.Option("--set", help="栏=值，表里没有的统一填")] = None,
    by: By = "",
) -> None:
    """从表格（XLSX、CSV）导入；已有的行不重复，不能用的行写明是第几行、为什么。"""
    from desk.registers.tables import import_rows, open_table

    with opened(context) as (run, database):
        chosen = _register(kind)
        table = open_table(file, chosen.kind, _pairs(mapping or [], "收到日期=留言时间"))
        said = "，".join(f"{chosen.field(key).label}←{heading}" for key, heading in table.mapping.items())
        print(f"列的对应：{said}", file=sys.stderr)
        filled = _pairs(constants or [], "申请人类别=自然人")
        taken = import_rows(database, file, chosen.kind, table, filled, Actor(by), run.clock.now)
        troubles = [{"row": t.number, "sheet": t.sheet, "why": t.why} for t in taken.troubles]
        out(run, {"new": taken.new, "filled": taken.filled, "known": taken.known, "unusable": troubles}, taken.said)


@register.command("export")
def register_export(context: typer.Context, kind: Kind, file: Path, year: Year = 0) -> None:
    """导出为 Excel，个人信息遮盖。"""
    from desk.registers.tables import export_rows

    with opened(context) as (run, database):
        file = new_file(file)
        rows = export_rows(database, file, _register(kind).kind, run.clock.now(), year or None)
        out(run, {"rows": rows, "file": str(file)}, f"已导出 {rows} 行到 {file}。")


@register.command("annual")
def register_annual(
    context: typer.Context, year: Annotated[int, typer.Argument(min=2008, max=2199, help="哪一年")], file: Path
) -> None:
    """导出年度报告的表（国办公开办函〔2021〕30号格式）。"""
    from desk.registers.tables import export_annual

    with opened(context) as (run, database):
        file = new_file(file)
        filled = export_annual(database, file, year)
        note = "" if filled else f"主动公开的数还没有填：先在“年度报告”里登记 {year} 年。"
        out(run, {"file": str(file), "filled": filled}, f"已导出到 {file}。{note}")


@register.command("figures")
def register_figures(
    context: typer.Context,
    start: Annotated[str, typer.Option("--from", help="从")],
    end: Annotated[str, typer.Option("--to", help="到")],
    file: Annotated[Path | None, typer.Option("--out", help="另存为 Excel")] = None,
) -> None:
    """各本台账一段时间的数字，带分子分母和不计入的。"""
    from desk.registers.reading import figures
    from desk.registers.tables import export_figures

    with opened(context) as (run, database):
        first, last, now = parse_day(start), parse_day(end), run.clock.now()
        made = figures(database, first, last, now)
        if file is not None:
            file = new_file(file)
            export_figures(database, file, first, last, now)
        told = [
            {
                "register": f.kind.label,
                "name": f.name,
                "value": f.value,
                "of": f.whole,
                "left_out": f.left_out,
                "ids": f.ids,
            }
            for f in made
        ]
        lines = [
            f"{f.kind.label}　{f.name}：{f.value}{f' / {f.whole}（{f.share}）' if f.whole is not None else ''}　{f.left_out}".rstrip()
            for f in made
        ]
        out(run, {"figures": told, "file": file}, *(lines or ["这段时间台账里没有登记。"]))


@register.command("limits")
def register_limits(
    context: typer.Context,
    explain: Days = None,
    adoption: Days = None,
    site: Days = None,
    account: Days = None,
    carry: Days = None,
    by: By = "",
) -> None:
    """查看或修改本单位定的期限：解读、采纳情况（工作日）、网站和账号静默（天）、转载（工作日）；0 是不用。"""
    from dataclasses import asdict

    from desk.execute import execute
    from desk.registers.reading import limits
    from domain.steps.registers import SetRegisterLimits
    from domain.steps.step import fields_of

    with opened(context) as (run, database):
        given = {"explain": explain, "adoption": adoption, "site": site, "account": account, "carry": carry}
        known = limits(database)
        changed = {name: value for name, value in given.items() if value is not None}
        if changed:
            known = execute(database, SetRegisterLimits(**changed), Actor(by), run.clock.now())
        labels = {about.name: about.label for about in fields_of(SetRegisterLimits)}
        lines = [f"{labels[name]}：{value or '不用'}" for name, value in asdict(known).items()]
        out(run, asdict(known), *lines)


@register.command("look")
def register_look(context: typer.Context) -> None:
    """现在看一遍自有渠道的首页：打不打得开、坏链接、最近更新。"""
    from desk.registers.looking import look_at_all
    from desk.registers.reading import rows
    from domain.registers import RegisterKind

    with opened(context) as (run, database):
        now = run.clock.now()
        look_at_all(database, now)
        seen = [row for row in rows(database, RegisterKind.CHANNEL, now) if row.look]
        told = [
            {
                "id": row.entry.id,
                "name": row.title,
                "fault": row.look.fault,
                "updated_on": row.look.updated_on,
                "dead": row.look.dead,
            }
            for row in seen
            if row.look
        ]
        lines = [
            f"{row.title}：{row.look.said}，最近更新 {row.look.updated_on or '看不出'}" for row in seen if row.look
        ]
        out(run, told, *(lines or ["“自有渠道”里还没有填了首页网址的。"]))


@register.command("carrying")
def register_carrying(context: typer.Context) -> None:
    """近三十天的每个回应，自有渠道谁转了、谁还没有转。"""
    from desk.registers.carrying import rows

    with opened(context) as (run, database):
        found = rows(database, run.clock.now())
        told = [
            {
                "response": row.response.id,
                "title": row.response.title,
                "channel": row.channel.id,
                "name": row.channel.values["name"],
                "state": row.state.label,
                "due": row.due_on,
                "carried_on": row.carried.carried_on if row.carried else None,
                "link": row.carried.link if row.carried else "",
            }
            for row in found
        ]
        lines = [
            f"{t['state']}　{t['name']}　{t['title']}（第 {t['response']} 号回应，限 {t['due'] or '无'}）" for t in told
        ]
        out(run, told, *(lines or ["近三十天没有回应，或还没有登记自有渠道。"]))


@register.command("carry")
def register_carry(
    context: typer.Context,
    response: Annotated[int, typer.Argument(min=1, max=MOST_ID, help="回应的编号")],
    channel: Annotated[int, typer.Argument(min=1, max=MOST_ID, help="自有渠道的编号")],
    day: Annotated[str, typer.Argument(help="转载日期")],
    link: Annotated[str, typer.Argument(help="转载网址")],
    by: By = "",
) -> None:
    """登记一个自有渠道转载了一个回应。"""
    from desk.execute import execute
    from domain.steps.registers import RecordCarrying

    with opened(context) as (run, database):
        execute(database, RecordCarrying(response, channel, parse_day(day), link), Actor(by), run.clock.now())
        out(run, {"response": response, "channel": channel}, "已登记转载。")
