"""Cases (办件): every step of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.run import By, opened, out
from domain.errors import InputError
from domain.times import exact, parse_moment

case = typer.Typer(help="办件：判定、拟稿、签发、发布、办结。")


@case.command("judge")
def case_judge(
    context: typer.Context, id: int, grade: str, basis: str = "found", at: str = "", unit: str = "", by: By = ""
) -> None:
    """判定：等级（特别重大、重大、较大、一般、非突发事件）和计时起点，时限开始计。"""
    from desk import casework
    from domain.concern import ClockBasis, EventGrade

    with opened(context) as (run, database):
        clocks = casework.judge(
            database,
            id,
            grade=EventGrade.of(grade),
            basis=ClockBasis.of(basis),
            basis_at=parse_moment(at) if at else None,
            unit=unit,
            by=by,
            now=run.clock.now(),
        )
        out(run, [{"name": d.name, "due": d.due_at} for d in clocks], *(f"{d.name}：{d.how}" for d in clocks))


@case.command("draft")
def case_draft(context: typer.Context, id: int, title: str, file: Path, kind: str = "answer", by: By = "") -> None:
    """拟稿：正文取自文本文件。"""
    from desk import drafting
    from domain.response import ResponseKind

    body = _text(file)
    with opened(context) as (run, database):
        made = drafting.write_draft(
            database, id, kind=ResponseKind.of(kind), title=title, body=body, by=by, now=run.clock.now()
        )
        out(run, {"version": made.version}, f"已存第 {made.version} 稿，待另一人签发。")


@case.command("approve")
def case_approve(context: typer.Context, id: int, version: int, by: By = "") -> None:
    """签发一稿（不能是拟稿人）。"""
    from desk import drafting

    with opened(context) as (run, database):
        drafting.approve(database, id, version, by=by, now=run.clock.now())
        out(run, {"approved": version}, f"第 {version} 稿已签发。")


@case.command("regrade")
def case_regrade(
    context: typer.Context,
    id: int,
    grade: str,
    why: str,
    start: Annotated[str, typer.Option("--from", help="新时限的起点")] = "",
    by: By = "",
) -> None:
    """调整等级：已有的时限照旧计，新等级的时限另起。"""
    from desk import casework
    from domain.concern import EventGrade

    with opened(context) as (run, database):
        now = run.clock.now()
        at = parse_moment(start) if start else None
        clocks = casework.regrade(database, id, grade=EventGrade.of(grade), why=why, basis_at=at, by=by, now=now)
        out(run, {"deadlines": clocks}, *(f"{d.name}：{exact(d.due_at)}" for d in clocks))


@case.command("publish")
def case_publish(
    context: typer.Context, id: int, version: int, link: str, channel: str = "website", at: str = "", by: By = ""
) -> None:
    """发布回应：渠道、时间、网址为凭。"""
    from desk import drafting
    from domain.response import Channel

    with opened(context) as (run, database):
        drafting.publish(
            database,
            id,
            version,
            channel=Channel.of(channel),
            link=link,
            by=by,
            now=run.clock.now(),
            at=parse_moment(at) if at else None,
        )
        out(run, {"published": version}, "已登记发布。")


@case.command("close")
def case_close(context: typer.Context, id: int, outcome: str, by: By = "") -> None:
    """办结，写明处置结果。"""
    from desk import casework

    with opened(context) as (run, database):
        casework.close(database, id, outcome=outcome, by=by, now=run.clock.now())
        out(run, {"closed": id}, "已办结。")


@case.command("dismiss")
def case_dismiss(context: typer.Context, id: int, reason: str, by: By = "") -> None:
    """不予回应，写明理由。"""
    from desk import casework

    with opened(context) as (run, database):
        casework.dismiss(database, id, reason=reason, by=by, now=run.clock.now())
        out(run, {"dismissed": id}, "已记为不予回应。")


@case.command("update")
def case_update(
    context: typer.Context,
    id: int,
    title: str,
    file: Path,
    link: str,
    approver: str,
    channel: str = "website",
    by: By = "",
) -> None:
    """持续发布一条动态：拟稿、由另一人签发、登记发布一步完成。"""
    from desk import drafting
    from domain.response import Channel, ResponseKind

    with opened(context) as (run, database):
        now = run.clock.now()
        made = drafting.write_draft(
            database, id, kind=ResponseKind.UPDATE, title=title, body=_text(file), by=by, now=now
        )
        drafting.approve(database, id, made.version, by=approver, now=now)
        drafting.publish(database, id, made.version, channel=Channel.of(channel), link=link, by=by, now=now)
        out(run, {"published": made.version}, "动态已登记发布。")


@case.command("follow")
def case_follow(context: typer.Context, id: int, by: By = "") -> None:
    """转入跟踪。"""
    from desk import casework

    with opened(context) as (run, database):
        casework.follow(database, id, by=by, now=run.clock.now())
        out(run, {"following": id}, "已转入跟踪。")


@case.command("refer")
def case_refer(context: typer.Context, id: int, unit: str, why: str, by: By = "") -> None:
    """转办给另一单位；对方受理之前时限继续计。"""
    from desk import casework

    with opened(context) as (run, database):
        casework.refer(database, id, unit=unit, why=why, by=by, now=run.clock.now())
        out(run, {"referred": id, "to": unit}, f"已转给{unit}，受理后用 case accepted 登记。")


@case.command("accepted")
def case_accepted(context: typer.Context, id: int, at: str = "", by: By = "") -> None:
    """登记对方已受理转办。"""
    from desk import casework

    with opened(context) as (run, database):
        now = run.clock.now()
        casework.accepted(database, id, at=parse_moment(at) if at else now, by=by, now=now)
        out(run, {"accepted": id}, "已登记受理。")


@case.command("merge")
def case_merge(context: typer.Context, id: int, into: int, by: By = "") -> None:
    """并入另一件；时限、拟稿、回应一起带过去。"""
    from desk import casework

    with opened(context) as (run, database):
        casework.merge(database, id, into, by=by, now=run.clock.now())
        out(run, {"merged": id, "into": into}, f"第 {id} 件已并入第 {into} 件。")


@case.command("reopen")
def case_reopen(context: typer.Context, id: int, reason: str, by: By = "") -> None:
    """重新打开；旧时限保留，新时限从现在起算。"""
    from desk import casework

    with opened(context) as (run, database):
        casework.reopen(database, id, reason=reason, by=by, now=run.clock.now())
        out(run, {"reopened": id}, "已重新打开。")


@case.command("clock")
def case_clock(context: typer.Context, id: int, rule: str, start: str = "", by: By = "") -> None:
    """加一个判定时没有起算的时限，如 disclosure-20wd。"""
    from desk import clocks

    with opened(context) as (run, database):
        now = run.clock.now()
        made = clocks.start_by_hand(database, id, rule, parse_moment(start) if start else now, by, now)
        out(run, {"name": made.name, "due": made.due_at}, made.how)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"读不了“{file}”。请给一个 UTF-8 文本文件。") from error
