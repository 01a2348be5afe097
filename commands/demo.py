"""The demo: ten days of a fictional city."""

from __future__ import annotations

import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.run import Run, open_window, out, whole_path
from commands.usage import FASTEST
from domain.errors import InputError
from domain.times import Clock

app = typer.Typer()


@app.command()
def demo(
    context: typer.Context,
    headless: Annotated[bool, typer.Option(help="不开窗口，只生成文件")] = False,
    out_folder: Annotated[Path, typer.Option("--out", help="输出文件夹")] = Path("demo-out"),
    replay: Annotated[
        float, typer.Option(min=0, max=FASTEST, help="从第 6 天中午（事发前）起，以这个倍数的速度回放；0 为不回放")
    ] = 0.0,
) -> None:
    """演示：虚构的临江市十天的信息，从采集到简报；然后打开窗口。"""
    from datetime import timedelta

    from demo.place import made_anew
    from demo.publisher import DAYS, publish
    from demo.story import play
    from desk.topics.monitor import verify_record
    from domain.times import china_day, day_bounds
    from store.database import open_database, sqlite_url

    given = context.find_root().params
    if given["data"] is not None or given["database"] is not None:
        # Its data are made anew every time; those of an office must never be.
        raise InputError(
            "演示用自己的数据，不用 --data、--database 指的。请去掉这一项；要换地方，用 demo --out 文件夹。"
        )
    run: Run = context.obj
    end = run.clock.now()
    start = day_bounds(china_day(end))[0] - timedelta(days=DAYS - 1)
    if replay > 0:
        end = start + timedelta(days=5, hours=12)
    folder = whole_path(out_folder).resolve()
    data, feeds = folder / "data", folder / "feeds"
    made_anew(data, feeds)
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
