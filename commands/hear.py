"""Hearing: a round, or round after round; a table."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from commands.nightly import Nightly
from commands.run import By, Run, log, opened, out
from commands.usage import MOST_ID
from domain.errors import InputError, StoppedError, WenyingError

if TYPE_CHECKING:
    from desk.collecting.collect import RoundReport
    from sources.tableparts import Progress
    from store.database import Database

app = typer.Typer()
LISTEN = 1.0  # seconds between looks whether another window asks for a round
ENDING = 4.0  # seconds that a running round has to end once whoever started the collector has gone
SLICE = 10.0  # seconds that a round spends on understanding what came; of a backlog the rest is for the next
EVERY_SECONDS = 2.0  # between two words on how far an import is
PATIENCE = 10.0  # seconds that a round waits for slow sources; their news come with a later one


@app.command()
def collect(
    context: typer.Context,
    watch: Annotated[bool, typer.Option(help="一直采集：各信源按自己的节奏")] = False,
    only: Annotated[int | None, typer.Option("--source", min=1, max=MOST_ID, help="只采这个信源")] = None,
    every: Annotated[float, typer.Option(min=0.1, max=86_400, help="隔多少秒看一次有没有该采的信源")] = 20.0,
    at_once: Annotated[bool, typer.Option(help="配合 --watch：第一轮不等节奏，全部采一遍")] = False,
    attended: Annotated[bool, typer.Option(help="标准输入来一行 now 就立即全部采一遍，关闭就退出")] = False,
) -> None:
    """采集一轮，或一直采集。"""
    from desk.collecting.collect import Collector, spare_garbage_collection
    from desk.collecting.rounds import keep_round
    from desk.office.anchors import note
    from desk.registers.looking import DailyLook
    from desk.trimming import Trimming
    from sources.tableparts import clear_scratch
    from store.lock import collector_lock

    with opened(context) as (run, database), collector_lock(run.folder):
        clear_scratch()
        collector = Collector(database, run.clock.now())
        spare_garbage_collection()
        due_only = watch and not at_once
        orders = _orders() if attended else queue.Queue[str]()
        nightly, trimming, channels = Nightly(), Trimming(), DailyLook()
        try:
            while True:
                unfinished = False
                try:
                    report = collector.round(
                        run.clock.now(), only, due_only, PATIENCE if watch else None, SLICE if watch else inf
                    )
                except BrokenPipeError:  # nobody hears us any more
                    raise
                except Exception as error:
                    if not watch:
                        raise
                    log.exception("round failed")
                    said = str(error) if isinstance(error, WenyingError) else "这一轮出了意料之外的错，详情在日志里。"
                    print(f"{said}稍后再采。", file=sys.stderr, flush=True)
                else:
                    unfinished = report.unfinished
                    _tell(run, report)
                    if report.understood:
                        _beside("记下这一轮", partial(keep_round, database, report, run.clock.now()))
                if not watch:
                    return
                _beside("按时生成简报草稿", lambda: _draft(run, database))
                _beside("按时备份", lambda: nightly.look(run, database))
                _beside("记下留痕末条", lambda: note(database, run.folder))
                if run.clock.speed == 1.0:  # not in a drill, whose days pass in minutes
                    _beside("看自有渠道", lambda: channels.begin(database, run.clock.now()))
                due_only = True
                _beside("归还内存", trimming.give_back)
                order = _next_order(orders, run.folder, 0.01 if unfinished else every)
                if order == "":
                    return
                due_only = order is None
        finally:
            collector.close()


def _beside(what: str, job: Callable[[], object]) -> None:
    """Do a job beside the collecting: whatever goes wrong in it is logged and told, and collecting goes on."""
    try:
        job()
    except BrokenPipeError:  # nobody hears us any more
        raise
    except Exception as error:
        log.exception("%s", what)
        said = str(error) if isinstance(error, WenyingError) else "出了意料之外的错，详情在日志里。"
        print(f"{what}没有做成，采集照常进行：{said}", file=sys.stderr, flush=True)


def _draft(run: Run, database: Database) -> None:
    """The daily briefing's draft, when its hour has come."""
    from desk.reporting.report import draft_when_due

    for path in draft_when_due(database, run.folder / "简报", run.clock.now()):
        out(run, {"drafted": path.name}, f"已按时生成简报草稿：{path.name}")


def _next_order(orders: queue.Queue[str], folder: Path, every: float) -> str | None:
    """What comes first: a line of whoever started us ("" when gone), another window's request, or None at the time."""
    from store.lock import round_asked

    end = time.monotonic() + every
    while (left := end - time.monotonic()) > 0:
        if round_asked(folder):
            return "now"
        with suppress(queue.Empty):
            return orders.get(timeout=min(LISTEN, left))
    return None


def _orders() -> queue.Queue[str]:
    """The lines of standard input as they come; an empty one when whoever started us has gone.

    Gone may mean killed, in the middle of a round that takes minutes: the round has a few seconds to end, then this
    process ends with its helpers. What is not stored by then is rolled back, and collected the next time.
    """
    lines = queue.Queue[str]()

    def listen() -> None:
        for line in sys.stdin:
            lines.put(line)
        lines.put("")
        time.sleep(ENDING)
        end_with_helpers()

    threading.Thread(target=listen, daemon=True).start()
    return lines


def end_with_helpers() -> NoReturn:
    """End this process and those it started, at once."""
    import psutil

    with suppress(psutil.Error):
        for helper in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                helper.kill()
    os._exit(0)


def _tell(run: Run, report: RoundReport) -> None:
    for item, new, known, fault in report.sources:
        if run.as_json:
            out(run, {"source": item.id, "name": item.name, "new": new, "duplicates": known, "failed": fault})
        elif new or fault:
            print(f"{item.name}：{fault or f'新 {new} 条'}", file=sys.stderr, flush=True)
    if not report.understood:
        return  # nothing was due
    total = {
        "total": True,
        "asked": len(report.sources),
        "new": report.new,
        "duplicates": report.duplicates,
        "failed": report.failed,
        "topics": report.topics,
        "flagged": report.flagged,
        "placed": report.placed,
        "waiting": report.waiting,
        "seconds": round(report.seconds, 2),
        "longest_write_ms": round(1000 * report.longest_write, 1),
    }
    said = f"新 {report.new} 条，已有 {report.duplicates} 条，出错 {report.failed} 个信源；新关切 {len(report.flagged)} 件。"
    if report.waiting:
        said += f"正在整理 {report.placed} / {report.placed + report.waiting}。"
    out(run, total, said)


def _progress(placed: int, of: int) -> None:
    print(f"正在整理 {placed} / {of}", file=sys.stderr, flush=True)


@app.command("import")
def import_(
    context: typer.Context,
    file: Path,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="标题=列名")] = None,
    preset: Annotated[str, typer.Option(help="用保存过的列对应方案")] = "",
    save: Annotated[str, typer.Option(help="把这次的列对应存为方案")] = "",
    by: By = "",
) -> None:
    """从表格（CSV、XLSX）导入信息；可以停下，再导入同一个文件会接着来。"""
    from desk.collecting.collect import Collector, spare_garbage_collection
    from desk.collecting.sourcework import table_presets
    from desk.collecting.tableimport import import_table, open_table
    from desk.execute import execute
    from domain.person import Actor
    from domain.steps.sources import SaveColumns
    from sources.spreadsheets import FIELDS
    from store.lock import collector_lock

    chosen = {}
    for pair in mapping or []:
        field, _, heading = pair.partition("=")
        if field not in FIELDS or not heading:
            raise InputError(f"看不懂“{pair}”。请写成 --map 标题=列名；可用的有：{'、'.join(FIELDS)}。")
        chosen[field] = heading
    with opened(context) as (run, database), collector_lock(run.folder):
        if preset:
            presets = table_presets(database)
            if preset not in presets:
                raise InputError(f"没有“{preset}”方案。已有的：{'、'.join(presets) or '无'}。")
            chosen = {**presets[preset], **chosen}
        table = open_table(file, chosen)
        print("列的对应：" + "，".join(f"{k}←{v}" for k, v in table.mapping.items()), file=sys.stderr)
        now = run.clock.now()
        with _interrupted() as stopped:
            imported = import_table(database, file, table, now, _Meter(), stopped)
        print(imported.said, file=sys.stderr, flush=True)
        if not imported.whole:
            raise StoppedError("已停止；已经导入的都在。")
        if save:
            execute(database, SaveColumns(save, table.mapping), Actor(by), now)
        collector = Collector(database, now)
        spare_garbage_collection()
        try:
            _, flagged = collector.understand(now, _progress)
        finally:
            collector.close()
        out(
            run,
            {
                "new": imported.new,
                "duplicates": imported.known,
                "unreadable": imported.skipped,
                "rows": imported.rows,
                "flagged": flagged,
            },
            f"导入 {imported.new} 条，{imported.known} 条已经有了，{imported.skipped} 行读不了；新关切 {len(flagged)} 件。",
        )


class _Meter:
    """Says on stderr how far an import is, once in a while."""

    def __init__(self) -> None:
        self._said_at = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._said_at >= EVERY_SECONDS:
            self._said_at = time.monotonic()
            print(f"{progress.share:.0%} {progress.doing}，按 Ctrl+C 停下", file=sys.stderr, flush=True)


@contextmanager
def _interrupted() -> Iterator[Callable[[], bool]]:
    """Take Ctrl+C as the wish to stop after what is being stored; a second one ends at once."""
    asked = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def ask(*_: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    try:
        signal.signal(signal.SIGINT, ask)
    except ValueError:  # not the main thread: nobody can press Ctrl+C here
        yield asked.is_set
        return
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
