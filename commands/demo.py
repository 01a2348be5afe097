"""The demo: ten days of a fictional city."""

from __future__ import annotations

import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.run import Run, open_window, out
from domain.errors import StoreError
from domain.times import Clock

app = typer.Typer()


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
    from desk.monitor import verify_record
    from desk.story import play
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
