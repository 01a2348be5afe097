"""The office itself: name, places, rule packs, signer, whether 核稿 comes first."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.run import By, opened, out
from domain.person import Actor
from domain.steps.deadlines import SetClockHours
from domain.steps.office import SetOffice

app = typer.Typer()


@app.command()
def office(
    context: typer.Context,
    name: str | None = None,
    places: Annotated[str | None, typer.Option(help="本地地名，空格分开")] = None,
    packs: Annotated[str | None, typer.Option(help="规则包：国家 河南")] = None,
    signer: str | None = None,
    review_first: Annotated[bool | None, typer.Option("--review/--no-review", help="签发以前要不要先核稿")] = None,
    judge_hours: Annotated[float | None, typer.Option(help="研判时限，从发现起的小时数")] = None,
    update_hours: Annotated[float | None, typer.Option(help="持续发布的间隔，小时")] = None,
    by: By = "",
) -> None:
    """查看或修改本单位的名称、地名、规则包、签发人，签发以前要不要核稿，研判与持续发布的时长。"""
    from dataclasses import asdict

    from desk.cases.deadlines import all_known
    from desk.execute import execute
    from desk.office.particulars import office as read

    with opened(context) as (run, database):
        step = SetOffice(
            name,
            tuple(places.split()) if places is not None else None,
            tuple(packs.split()) if packs is not None else None,
            signer,
            review_first=review_first,
        )
        hours = {rule.code: rule.amount for rule in all_known(database)}
        if judge_hours is not None or update_hours is not None:
            given = SetClockHours(
                hours["judge"] if judge_hours is None else judge_hours,
                hours["updates"] if update_hours is None else update_hours,
            )
            execute(database, given, Actor(by), run.clock.now())
            hours |= {"judge": given.judge, "updates": given.updates}
        changed = step != SetOffice()
        now = execute(database, step, Actor(by), run.clock.now()) if changed else read(database)
        out(
            run,
            {**asdict(now), "judge_hours": hours["judge"], "update_hours": hours["updates"]},
            f"{now.name}；本地：{'、'.join(now.places) or '未设'}；规则包：{'、'.join(now.packs)}；签发人：{now.signer or '未设'}；"
            f"{'先核稿后签发' if now.review_first else '签发前不必核稿'}；"
            f"研判 {hours['judge']:g} 小时，持续发布每 {hours['updates']:g} 小时",
        )
