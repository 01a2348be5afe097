"""What every command has: the data folder, the clock, and how it speaks."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.times import Clock

if TYPE_CHECKING:
    from store.database import Database

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
