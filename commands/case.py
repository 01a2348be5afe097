"""Cases (办件): every step of one is a command, made from its fields."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.run import By, opened, out
from commands.steps import add_command, read_text
from commands.usage import Number
from domain.person import Actor
from domain.response import Channel, ResponseKind
from domain.steps import cases, deadlines, developments, drafts
from domain.times import exact

case = typer.Typer(help="办件：判定、拟稿、签发、发布、办结。")


def _clocks(_: Any, found: Any) -> tuple[Any, tuple[str, ...]]:
    return [{"name": d.name, "due": d.due_at} for d in found.clocks], (
        *(f"{d.name}：{d.how}" for d in found.clocks),
        *(f"▲ {one}" for one in found.warnings),
    )


def _regraded(_: Any, found: Any) -> tuple[Any, tuple[str, ...]]:
    return {"deadlines": found}, tuple(f"{d.name}：{exact(d.due_at)}" for d in found)


def _clock(_: Any, made: Any) -> tuple[Any, tuple[str, ...]]:
    return {"name": made.name, "due": made.due_at}, (made.how,)


_TOLD: dict[type[cases.CaseStep], Any] = {
    cases.JudgeConcern: _clocks,
    cases.RegradeConcern: _regraded,
    cases.DismissConcern: lambda s, _: ({"dismissed": s.concern_id}, ("已记为不予回应。",)),
    cases.MergeConcern: lambda s, _: (
        {"merged": s.concern_id, "into": s.into},
        (f"第 {s.concern_id} 件已并入第 {s.into} 件。",),
    ),
    cases.ReferConcern: lambda s, _: (
        {"referred": s.concern_id, "to": s.unit},
        (f"已转给{s.unit}，受理后用 case accepted 登记。",),
    ),
    cases.RecordAcceptance: lambda s, _: ({"accepted": s.concern_id}, ("已登记受理。",)),
    cases.TakeBackReferral: lambda s, _: ({"taken_back": s.concern_id}, ("已收回。",)),
    cases.AskUnit: lambda s, _: ({"asked": s.unit}, (f"已登记请{s.unit}协同，答复后用 case answered 登记。",)),
    cases.RecordUnitAnswer: lambda s, _: ({"answered": s.coordination}, ("已登记答复。",)),
    cases.FollowConcern: lambda s, _: ({"following": s.concern_id}, ("已转入跟踪。",)),
    cases.CloseConcern: lambda s, _: ({"closed": s.concern_id}, ("已办结。",)),
    cases.ArchiveConcern: lambda s, _: ({"archived": s.concern_id}, ("已归档。",)),
    cases.ReopenConcern: lambda s, _: ({"reopened": s.concern_id}, ("已重新打开。",)),
    developments.NoteDevelopment: lambda s, _: ({"noted": s.development}, ("已记为知悉。",)),
    developments.SeparateDevelopment: lambda _, id: ({"concern": id}, (f"已单列为关切 {id}，待研判。",)),
    drafts.WriteDraft: lambda _, made: ({"version": made.version}, (f"已存第 {made.version} 稿，待另一人签发。",)),
    drafts.ReviewDraft: lambda s, _: ({"reviewed": s.version}, (f"第 {s.version} 稿已核。",)),
    drafts.ReturnDraft: lambda s, _: ({"returned": s.version}, (f"第 {s.version} 稿已退回。",)),
    drafts.ApproveDraft: lambda s, _: ({"approved": s.version}, (f"第 {s.version} 稿已签发。",)),
    drafts.AllowPersonal: lambda s, _: ({"allowed": s.version}, ("已准予公开这一处，理由已留痕。",)),
    drafts.PublishDraft: lambda s, _: ({"published": s.version}, ("已登记发布。",)),
    deadlines.StartDeadline: _clock,
    deadlines.ExtendDeadline: _clock,
    deadlines.WithdrawDeadline: lambda s, _: ({"withdrawn": s.deadline}, ("已记为不再适用。",)),
    deadlines.PauseDeadline: lambda s, _: ({"paused": s.deadline}, ("已暂停计时，恢复用 case resume-clock。",)),
    deadlines.ResumeDeadline: _clock,
    deadlines.ExplainDeadline: lambda s, _: ({"explained": s.deadline}, ("已记入超时原因，是否按时不变。",)),
}
for _step, _told in _TOLD.items():
    add_command(case, _step, _told, "concern_id")


@case.command("update")
def case_update(
    context: typer.Context,
    id: Number,
    title: str,
    file: Path,
    link: str,
    approver: str,
    channel: str = "website",
    reviewer: Annotated[str, typer.Option(help="核稿人；不写的，由签发人一并核稿")] = "",
    by: By = "",
) -> None:
    """持续发布一条动态：拟稿、核稿、由另一人签发、登记发布一步完成。"""
    from desk.execute import together

    with opened(context) as (run, database):
        body, where = read_text(file), Channel.of(channel)
        with together(database, run.clock.now()) as take:
            made = take(drafts.WriteDraft(id, title, body, ResponseKind.UPDATE), Actor(by))
            take(drafts.ReviewDraft(id, made.version), Actor(reviewer or approver))
            take(drafts.ApproveDraft(id, made.version), Actor(approver))
            take(drafts.PublishDraft(id, made.version, link, where), Actor(by))
        out(run, {"published": made.version}, "动态已登记发布。")
