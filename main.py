"""The one entry: no argument opens the window; a command runs without one."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import InputError, StoreError, WenyingError
from domain.times import Clock, exact, parse_day, parse_moment

if TYPE_CHECKING:
    from store.database import Database

app = typer.Typer(add_completion=False, help="闻应：听民声，答关切。不带命令则打开窗口。", no_args_is_help=False)
log = logging.getLogger("wenying")


@dataclass(slots=True)
class Run:
    """What the global options say."""

    folder: Path
    url: str | None
    clock: Clock
    as_json: bool

    def database(self) -> Database:
        from store.database import open_database, sqlite_url

        return open_database(self.url or sqlite_url(self.folder))


def default_folder() -> Path:
    """The platform's data folder, or WENYING_DATA."""
    if found := os.environ.get("WENYING_DATA"):
        return Path(found)
    import platformdirs

    return Path(platformdirs.user_data_dir("Wenying", False))


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help="数据文件夹")] = None,
    database: Annotated[str | None, typer.Option(help="数据库地址，默认是数据文件夹里的 SQLite")] = None,
    now: Annotated[str | None, typer.Option(help="以此为现在（演练、测试用），如 2026-11-23T10:30")] = None,
    speed: Annotated[float, typer.Option(help="配合 --now：时间走的倍数")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出给出机器可读的结果")] = False,
) -> None:
    """Read the global options; open the window when no command follows."""
    folder = (data or default_folder()).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"不能建立数据文件夹“{folder}”。请检查权限，或用 --data 换一个文件夹。") from error
    _log_to(folder)
    clock = Clock.starting(parse_moment(now), speed) if now else Clock()
    context.obj = Run(folder, database, clock, as_json)
    if context.invoked_subcommand is None:
        open_window(context.obj)


def open_window(run: Run) -> None:
    """Show the window until it is closed."""
    from gui.app import show

    raise typer.Exit(show(run.folder, run.url, run.clock))


@contextmanager
def opened(context: typer.Context) -> Iterator[tuple[Run, Database]]:
    """The run and its open database."""
    run: Run = context.obj
    database = run.database()
    try:
        yield run, database
    finally:
        database.close()


def out(run: Run, value: Any, *lines: str) -> None:
    """JSON to stdout when asked for, else the lines for people."""
    if run.as_json:
        print(json.dumps(value, ensure_ascii=False, default=str), flush=True)
    else:
        for line in lines:
            print(line, flush=True)


def person() -> str:
    """Who runs the command, unless --by says."""
    import getpass

    return os.environ.get("WENYING_PERSON") or getpass.getuser()


By = Annotated[str, typer.Option("--by", help="谁做的（默认是登录名）", callback=lambda given: given or person())]

source = typer.Typer(help="信源：添加、导入、列出、试采、删除。")
case = typer.Typer(help="办件：判定、拟稿、签发、发布、办结。")
event = typer.Typer(help="重大事件。")
record = typer.Typer(help="留痕。")
for name, group in (("source", source), ("case", case), ("event", event), ("record", record)):
    app.add_typer(group, name=name)


@source.command("add")
def source_add(context: typer.Context, where: str, name: str = "", tier: str = "portal", by: By = "") -> None:
    """添加一个 RSS/Atom 信源（网址或文件）。"""
    from desk.sourcework import add_source
    from domain.article import SourceTier

    with opened(context) as (run, database):
        id = add_source(database, where, by, run.clock.now(), name, SourceTier.of(tier))
        out(run, {"id": id}, f"已添加信源 {id}。")


@source.command("import")
def source_import(context: typer.Context, file: Path, by: By = "") -> None:
    """从 OPML 文件导入信源。"""
    from desk.sourcework import import_sources

    with opened(context) as (run, database):
        added, known = import_sources(database, file, by, run.clock.now())
        out(run, {"added": added, "known": known}, f"导入 {added} 个信源，{known} 个已经有了。")


@source.command("list")
def source_list(context: typer.Context) -> None:
    """列出信源和状态。"""
    from desk.sourcework import list_sources

    with opened(context) as (run, database):
        views = list_sources(database, run.clock.now())
        rows = [
            {
                "id": v.source.id,
                "name": v.source.name,
                "url": v.source.url,
                "state": v.state.label,
                "fault": v.source.fault,
                "day": v.day,
                "week": v.week,
            }
            for v in views
        ]
        lines = [
            f"{r['id']:>4}  {r['state']}  {r['name']}  24小时 {r['day']} 条  {r['fault'] or r['url']}" for r in rows
        ]
        out(run, rows, *(lines or ["还没有信源。用 source add 添加，或用 source import 导入 OPML。"]))


@source.command("test")
def source_test(context: typer.Context, where: str) -> None:
    """试采一个地址，不保存。"""
    from desk.sourcework import test_source

    run: Run = context.obj
    feed = test_source(where, run.clock.now()).feed
    items = feed.articles if feed else ()
    rows = [{"title": a.title, "url": a.url, "at": a.published_at, "note": a.date_note} for a in items]
    name = feed.title if feed else ""
    out(
        run,
        {"title": name, "items": rows},
        f"{name}：{len(rows)} 条",
        *(f"  {exact(r['at'])}  {r['title']}" for r in rows[:10]),
    )


@source.command("remove")
def source_remove(context: typer.Context, id: int, by: By = "") -> None:
    """删除一个信源，已采到的信息保留。"""
    from desk.sourcework import remove_source

    with opened(context) as (run, database):
        remove_source(database, id, by, run.clock.now())
        out(run, {"removed": id}, f"已删除信源 {id}。")


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


@app.command()
def topics(context: typer.Context, since: str = "", until: str = "", limit: int = 30) -> None:
    """列出话题，按热度。"""
    from desk.monitor import list_topics

    with opened(context) as (run, database):
        found = list_topics(
            database, parse_moment(since) if since else None, parse_moment(until) if until else None, limit
        )
        rows = [
            {
                "id": t.id,
                "title": t.name,
                "keywords": t.keywords,
                "heat": round(t.heat.value, 1),
                "enough": t.heat.enough,
                "parts": {p.label: round(v, 1) for p, v in t.heat.parts.items()},
                "articles": t.articles,
                "sources": t.sources,
                "first": t.first_at,
                "last": t.last_at,
                "area": t.area,
                "places": t.places,
            }
            for t in found
        ]
        lines = [
            f"{t.id:>5}  {t.heat.value:3.0f}{t.heat.trend} {t.name}  {t.articles}篇·{t.sources}家  {t.area}"
            for t in found
        ]
        out(run, rows, *(lines or ["还没有话题。先用 collect 采集。"]))


@app.command()
def search(context: typer.Context, query: str, limit: int = 20) -> None:
    """搜索信息。"""
    from desk.monitor import search_articles

    with opened(context) as (run, database):
        found = search_articles(database, query, limit)
        rows = [{"id": a.id, "title": a.title, "source": a.source, "at": a.published_at, "url": a.url} for a in found]
        lines = [f"{a.id:>6}  {exact(a.published_at)}  {a.source}  {a.title}" for a in found]
        out(run, rows, *(lines or ["没有找到。换个说法试试。"]))


@app.command()
def concerns(context: typer.Context, state: str = "") -> None:
    """列出关切，附理由和时限。"""
    from desk import casework
    from domain.concern import ConcernState

    with opened(context) as (run, database):
        now = run.clock.now()
        rows, lines = [], []
        for c, clocks in casework.concerns(database, ConcernState.of(state) if state else None):
            due = [{"name": d.name, "due": d.due_at, "state": d.state(now).label, "how": d.how} for d in clocks]
            rows.append(
                {
                    "id": c.id,
                    "title": c.title,
                    "state": c.state.label,
                    "grade": c.grade.label,
                    "ground": c.grade_ground,
                    "reasons": [
                        {"reason": r.code.label, "words": r.words, "evidence": [e.sentence for e in r.evidence]}
                        for r in c.reasons
                    ],
                    "deadlines": due,
                }
            )
            lines.append(f"{c.id:>4}  {c.state.label}  {c.grade.label}  {c.title}")
            lines += [f"        {r.code.label}：{r.words}" for r in c.reasons]
            lines += [f"        {d['name']} {exact(d['due'])} {d['state']}" for d in due]
        out(run, rows, *(lines or ["没有关切。"]))


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
    from desk import casework
    from domain.response import ResponseKind

    try:
        body = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"读不了“{file}”。请给一个 UTF-8 文本文件。") from error
    with opened(context) as (run, database):
        made = casework.write_draft(
            database, id, kind=ResponseKind.of(kind), title=title, body=body, by=by, now=run.clock.now()
        )
        out(run, {"version": made.version}, f"已存第 {made.version} 稿，待另一人签发。")


@case.command("approve")
def case_approve(context: typer.Context, id: int, version: int, by: By = "") -> None:
    """签发一稿（不能是拟稿人）。"""
    from desk import casework

    with opened(context) as (run, database):
        casework.approve(database, id, version, by=by, now=run.clock.now())
        out(run, {"approved": version}, f"第 {version} 稿已签发。")


@case.command("publish")
def case_publish(
    context: typer.Context, id: int, version: int, link: str, channel: str = "website", at: str = "", by: By = ""
) -> None:
    """发布回应：渠道、时间、网址为凭。"""
    from desk import casework
    from domain.response import Channel

    with opened(context) as (run, database):
        casework.publish(
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


@event.command("add")
def event_add(
    context: typer.Context, name: str, starts: str, ends: str, words: str, kind: str = "other", by: By = ""
) -> None:
    """添加重大事件：名称、起止日期、关键词（空格分开）。"""
    from desk.monitor import add_event
    from domain.event import EventKind

    with opened(context) as (run, database):
        id = add_event(
            database,
            by,
            run.clock.now(),
            kind=EventKind.of(kind),
            name=name,
            starts=parse_day(starts),
            ends=parse_day(ends),
            words=tuple(words.split()),
        )
        out(run, {"id": id}, f"已添加重大事件 {id}。")


@event.command("list")
def event_list(context: typer.Context) -> None:
    """列出重大事件。"""
    from desk.monitor import list_events

    with opened(context) as (run, database):
        found = list_events(database)
        rows = [
            {"id": e.id, "kind": e.kind.label, "name": e.name, "starts": e.starts, "ends": e.ends, "words": e.any_words}
            for e in found
        ]
        out(
            run,
            rows,
            *(f"{e.id:>3}  {e.starts}—{e.ends}  {e.kind.label}  {e.name}  {' '.join(e.any_words)}" for e in found),
        )


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


@app.command()
def demo(
    context: typer.Context,
    headless: Annotated[bool, typer.Option(help="不开窗口，只生成文件")] = False,
    out_folder: Annotated[Path, typer.Option("--out", help="输出文件夹")] = Path("demo-out"),
    replay: Annotated[float, typer.Option(help="从第 6 天中午（事发前）起，以这个倍数的速度回放；0 为不回放")] = 0.0,
) -> None:
    """演示：虚构的临江市十天的信息，从采集到简报；然后打开窗口。"""
    import shutil
    from datetime import timedelta

    from demo.publisher import DAYS, publish
    from desk.drill import play
    from desk.monitor import verify_record
    from domain.times import china_day, day_bounds
    from store.database import open_database, sqlite_url

    run: Run = context.obj
    end = run.clock.now()
    start = day_bounds(china_day(end))[0] - timedelta(days=DAYS - 1)
    if replay > 0:
        end = start + timedelta(days=5, hours=12)
    folder = out_folder.expanduser().resolve()
    data, feeds = folder / "data", folder / "feeds"
    # Only what an earlier demo left here is made anew.
    shutil.rmtree(data, ignore_errors=True)
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"不能在“{folder}”里建文件夹。请用 --out 换一个地方。") from error
    database = open_database(sqlite_url(data))
    try:
        made = play(
            database,
            lambda until: publish(feeds, start, until),
            start,
            end,
            folder,
            lambda said: print(said, file=sys.stderr, flush=True),
        )
        count, misfit = verify_record(database)
    finally:
        database.close()
    proof = f"留痕 {count} 条，{'链条完整' if misfit is None else f'第 {misfit} 条不符'}。"
    out(
        run,
        {"files": made, "data": data, "entries": count, "first_misfit": misfit},
        proof,
        *(str(path) for path in made),
    )
    if not headless:
        clock = Clock.starting(end, replay) if replay > 0 else run.clock
        threading.Thread(target=_publish_on, args=(feeds, start, clock), daemon=True).start()
        open_window(Run(data, None, clock, False))


def _publish_on(feeds: Path, start: datetime, clock: Clock) -> None:
    """Go on publishing the demo's items as its time comes, as long as the window is open."""
    from demo.publisher import publish

    while True:
        publish(feeds, start, clock.now())
        time.sleep(2)


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


@app.command()
def office(
    context: typer.Context,
    name: str | None = None,
    places: Annotated[str | None, typer.Option(help="本地地名，空格分开")] = None,
    packs: Annotated[str | None, typer.Option(help="规则包：国家 河南")] = None,
    signer: str | None = None,
    by: By = "",
) -> None:
    """查看或修改本单位的名称、地名、规则包、签发人。"""
    from dataclasses import asdict, replace

    from desk.office import office as read
    from desk.office import set_office

    with opened(context) as (run, database):
        now = read(database)
        given = {
            "name": name,
            "signer": signer,
            "places": tuple(places.split()) if places is not None else None,
            "packs": tuple(packs.split()) if packs is not None else None,
        }
        changes = {key: value for key, value in given.items() if value is not None}
        if changes:
            now = replace(now, **changes)
            set_office(database, now, by, run.clock.now())
        out(
            run,
            asdict(now),
            f"{now.name}；本地：{'、'.join(now.places) or '未设'}；规则包：{'、'.join(now.packs)}；签发人：{now.signer or '未设'}",
        )


def _log_to(folder: Path) -> None:
    try:
        handler: logging.Handler = RotatingFileHandler(
            folder / "wenying.log", maxBytes=2_000_000, backupCount=2, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger().handlers[:] = [handler]
    for noisy in ("httpx", "httpcore", "alembic", "matplotlib", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _log_place() -> str:
    handlers = logging.getLogger().handlers
    return getattr(handlers[0], "baseFilename", "（没有写成日志）") if handlers else "（没有写成日志）"


def main() -> int:
    """Run; errors become a Chinese sentence, the details go to the log."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        return int(app(standalone_mode=False) or 0)
    except WenyingError as error:
        log.exception("%s", error)
        print(str(error), file=sys.stderr)
        return 1
    except typer.Exit as end:
        return int(end.exit_code)
    except typer.Abort:
        return 1
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            print(f"用法不对：{error.format_message()}。用 --help 看怎么写。", file=sys.stderr)
            return 2
        log.exception("unexpected")
        print(f"出了意料之外的错，没有保存的操作请再做一次。详情在日志里：{_log_place()}。", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
