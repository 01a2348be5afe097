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

from domain.errors import InputError
from domain.times import Clock
from sources.rows import shown

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
        """The store, opened and brought up to date. Raises StoreError."""
        from store.database import open_database, sqlite_url

        return open_database(self.url or sqlite_url(self.folder), folder=self.folder)


def default_folder() -> Path:
    """The platform's data folder, or WENYING_DATA."""
    if folder := os.environ.get("WENYING_DATA"):
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_data_dir("Wenying", False))


def open_window(run: Run) -> None:
    """Show the window until it is closed."""
    from gui.app import show

    raise typer.Exit(show(run.folder, run.url, run.clock))


@contextmanager
def opened(context: typer.Context) -> Iterator[tuple[Run, Database]]:
    """The run and its open database, known to others as open."""
    from store.presence import present

    run: Run = context.obj
    name = context.info_name or ""
    with present(run.folder, "采集程序" if name == "collect" else f"命令 {name}"):
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


def new_file(file: Path) -> Path:
    """Where a command writes what it was asked for: a file that is there already is kept, the new name counts up."""
    from domain.files import free_path

    file = whole_path(file)
    if not file.name:
        raise InputError(f"“{file}”不是文件。请写成“文件夹/文件名”的样子。")
    return file if file.is_dir() else free_path(file)


def whole_path(path: Path) -> Path:
    """Where a path that was typed leads to, from the root. Raises InputError for one that can be no file's."""
    try:
        path = path.expanduser().absolute()
        path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # too long, of nobody's home
        raise InputError(f"“{shown(path)}”不能作文件或文件夹的路径。请检查长短和写法，换一个。") from error
    return path


def person() -> str:
    """Who runs the command, unless --by says."""
    import getpass

    return os.environ.get("WENYING_PERSON") or getpass.getuser()


By = Annotated[str, typer.Option("--by", help="谁做的（默认是登录名）", callback=lambda given: given or person())]
