"""Sources (信源): add, import, list, test, remove."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.run import By, Run, new_file, opened, out
from commands.usage import MOST_ID, Number
from domain.addresses import concealed
from domain.errors import InputError
from domain.person import Actor
from domain.steps.sources import AddSource, ChangeSources, ImportSources, PauseSources, RemoveSources
from domain.times import exact

source = typer.Typer(help="信源：添加、导入、列出、试采、删除。")


@source.command("add")
def source_add(
    context: typer.Context,
    where: str,
    name: str = "",
    tier: str = "portal",
    kind: Annotated[str, typer.Option(help="feed 订阅源，page 网页列表，hotlist 热榜，folder 监看文件夹")] = "",
    option: Annotated[list[str] | None, typer.Option(help="这种信源的参数，如 selector=ul.list li a")] = None,
    place: Annotated[str, typer.Option(help="信源所在地")] = "",
    tags: Annotated[str, typer.Option(help="标签，空格分开")] = "",
    encoding: Annotated[str, typer.Option(help="指定编码，如 gb18030；平时不用填")] = "",
    by: By = "",
) -> None:
    """添加一个信源（网址、文件或文件夹）。"""
    from desk.collecting.sourcework import find_offers
    from desk.execute import execute
    from domain.article import SourceTier

    with opened(context) as (run, database):
        now = run.clock.now()
        options = _options(option)
        if kind == "page" and not options:
            offer = next((o for o in find_offers(where, now, encoding) if o.kind == "page"), None)
            if offer is None:
                raise InputError("这个网页里没有像文章列表的链接。请换一个栏目页，或用 --option selector=… 指明。")
            options, name = dict(offer.options), name or offer.name
        chosen = SourceTier.of(tier)
        step = AddSource(where, name, chosen, kind, options, place, tuple(tags.split()), encoding)
        id = execute(database, step, Actor(by), now)
        out(run, {"id": id}, f"已添加信源 {id}。")


@source.command("edit")
def source_edit(
    context: typer.Context,
    ids: Annotated[list[int], typer.Argument(min=1, max=MOST_ID)],
    name: str | None = None,
    url: str | None = None,
    tier: str | None = None,
    place: str | None = None,
    tags: str | None = None,
    encoding: str | None = None,
    option: list[str] | None = None,
    paused: Annotated[bool | None, typer.Option("--pause/--resume", help="暂停、恢复")] = None,
    by: By = "",
) -> None:
    """修改一个或多个信源。"""
    from desk.execute import execute
    from domain.article import SourceTier

    chosen = SourceTier.of(tier) if tier else None
    words = tuple(tags.split()) if tags is not None else None
    step = ChangeSources(tuple(ids), name, url, chosen, place, words, encoding, _options(option) or None)
    with opened(context) as (run, database):
        if url is not None or step.entries().keys() > {"sources"} or paused is None:
            execute(database, step, Actor(by), run.clock.now())
        if paused is not None:
            execute(database, PauseSources(tuple(ids), paused), Actor(by), run.clock.now())
        out(run, {"edited": ids}, f"已修改 {len(ids)} 个信源。")


@source.command("export")
def source_export(context: typer.Context, file: Path) -> None:
    """把订阅源导出为 OPML 文件。"""
    from desk.collecting.sourcework import export_sources

    with opened(context) as (run, database):
        file = new_file(file)
        done = export_sources(database, file)
        report = {"exported": done.count, "without_password": done.without_password, "file": file}
        out(run, report, f"已导出 {done.count} 个订阅源到 {file}。{done.said}")


def _options(pairs: list[str] | None) -> dict[str, str]:
    options = {}
    for pair in pairs or []:
        key, _, value = pair.partition("=")
        if not key or not value:
            raise InputError(f"看不懂“{pair}”。请写成 --option 名称=值。")
        options[key] = value
    return options


@source.command("import")
def source_import(context: typer.Context, file: Path, by: By = "") -> None:
    """从 OPML 文件导入信源。"""
    from desk.execute import execute

    with opened(context) as (run, database):
        added, known = execute(database, ImportSources(file), Actor(by), run.clock.now())
        out(run, {"added": added, "known": known}, f"导入 {added} 个信源，{known} 个已经有了。")


@source.command("list")
def source_list(context: typer.Context) -> None:
    """列出信源和状态。"""
    from desk.collecting.sourcework import list_sources

    with opened(context) as (run, database):
        rows = [
            {
                "id": v.source.id,
                "kind": v.source.kind,
                "name": v.source.name,
                "url": v.source.url,
                "tier": v.source.tier.label,
                "place": v.source.place,
                "tags": v.source.tags,
                "state": v.state.label,
                "fault": v.source.fault,
                "notice": v.source.notice,
                "said": v.said,
                "rhythm_hours": v.rhythm_hours,
                "interval_minutes": v.source.interval_minutes,
                "succeeded": v.source.succeeded_at,
                "new": v.source.new_at,
                "day": v.day,
                "week": v.week,
            }
            for v in list_sources(database, run.clock.now())
        ]
        lines = [f"{r['id']:>4}  {r['state']}  {r['name']}  24小时 {r['day']} 条  {r['said']}" for r in rows]
        out(run, rows, *(lines or ["还没有信源。用 source add 添加，或用 source import 导入 OPML。"]))


@source.command("test")
def source_test(context: typer.Context, where: str, encoding: str = "") -> None:
    """看一个地址能采到什么，不保存。"""
    from desk.collecting.sourcework import find_offers
    from sources.polling import KINDS

    run: Run = context.obj
    offers = find_offers(where, run.clock.now(), encoding)
    rows = [
        {
            "kind": offer.kind,
            "url": concealed(offer.url),
            "title": offer.name,
            "options": offer.options,
            "items": [
                {"title": a.title, "url": a.url, "at": a.published_at, "note": a.date_note} for a in offer.articles
            ],
        }
        for offer in offers
    ]
    lines = []
    for offer in offers:
        lines.append(f"{KINDS[offer.kind].label}：{offer.name}，{len(offer.articles)} 条　{concealed(offer.url)}")
        lines += [f"  {exact(a.published_at)}  {a.title}" for a in offer.articles[:10]]
    out(run, rows[0] | {"offers": rows}, *lines)


@source.command("remove")
def source_remove(context: typer.Context, id: Number, by: By = "") -> None:
    """删除一个信源，已采到的信息保留。"""
    from desk.execute import execute

    with opened(context) as (run, database):
        execute(database, RemoveSources((id,)), Actor(by), run.clock.now())
        out(run, {"removed": id}, f"已删除信源 {id}。")
