"""Drills (演练): a stored event at speed, in a database of its own."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from commands.run import Run, open_window, opened, out
from commands.usage import FASTEST, MOST_ID
from domain.times import Clock

app = typer.Typer()


@app.command()
def drill(
    context: typer.Context,
    topic: Annotated[int, typer.Argument(min=1, max=MOST_ID, help="话题编号，用 topics 看有哪些")],
    speed: Annotated[float, typer.Option(min=0, max=FASTEST, help="时间走的倍数")] = 60.0,
    headless: Annotated[bool, typer.Option(help="只准备，不开窗口")] = False,
) -> None:
    """演练：把一个存下的事件按倍速重放，在单独的数据库里计时；关窗后给出结果表。"""
    from desk.office.drill import prepare

    with opened(context) as (run, database):
        made = prepare(database, topic, run.folder, run.clock.now())
    said = f"演练“{made.title}”：{made.reports} 篇，文件夹 {made.folder}"
    out(run, {"folder": made.folder, "start": made.start, "reports": made.reports}, said)
    if not headless:
        play(run, made.folder, speed)


def play(run: Run, folder: Path, speed: float) -> None:
    """Open the window on a drill; the result sheet when it is closed."""
    from desk.office import drill
    from store.database import open_database, sqlite_url

    made = drill.opened(folder)
    assert made is not None
    clock = Clock.starting(made.start, speed)

    def go_on() -> None:
        while True:
            drill.publish(folder, clock.now())
            time.sleep(2)

    threading.Thread(target=go_on, daemon=True).start()
    with suppress(typer.Exit):
        open_window(Run(folder, None, clock, False))
    database = open_database(sqlite_url(folder))
    try:
        path = drill.write_results(database, folder, clock.now())
        summary = drill.summed_up(drill.results(database, clock.now()))
    finally:
        database.close()
    out(run, {"file": path, "summary": summary}, summary, str(path))
