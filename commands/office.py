"""The office itself: name, places, rule packs, signer, whether 核稿 comes first."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.run import By, opened, out
from domain.person import Actor
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
    by: By = "",
) -> None:
    """查看或修改本单位的名称、地名、规则包、签发人，签发以前要不要核稿。"""
    from dataclasses import asdict

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
        changed = step != SetOffice()
        now = execute(database, step, Actor(by), run.clock.now()) if changed else read(database)
        out(
            run,
            asdict(now),
            f"{now.name}；本地：{'、'.join(now.places) or '未设'}；规则包：{'、'.join(now.packs)}；签发人：{now.signer or '未设'}；{'先核稿后签发' if now.review_first else '签发前不必核稿'}",
        )
