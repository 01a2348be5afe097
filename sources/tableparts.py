"""Reading a table of any size in parts, apart and within limits, from where an earlier reading stopped."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import psutil

from domain.article import Article
from domain.errors import InputError, SourceError, StoppedError
from sources.csvrows import Layout, csv_rows, layout_of
from sources.rows import Row, shown
from sources.spreadsheets import MappedTable, Trouble, articles_of
from sources.tablefiles import TableFormat, kind_of, readable, rows_of
from sources.workers import Limits, run_apart, run_within

PART_ROWS, PART_CHARACTERS, PART_SECONDS = 2_000, 4_000_000, 2.0
UNPACKING = Limits(3600.0, 512, 3 * 3600.0)  # an hour for what has to be unpacked as a whole first; it can be stopped
LOOK = 0.3  # seconds between looks at how far unpacking is
SCRATCH = "wenying-"  # folders for what is unpacked, named after it and the process
VERSION = 1  # of the places that are kept for going on


@dataclass(frozen=True, slots=True)
class ReadingPosition:
    """Where in a file a reading stands: bytes and rows that are done."""

    offset: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Some articles of a table with the rows that could not be read, where they end, and how far that is (0–1)."""

    articles: list[Article] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    place: ReadingPosition = field(default_factory=ReadingPosition)
    share: float = 0.0
    last: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reading is: what it does, in words, and the share (0–1) that is done."""

    doing: str
    share: float


def mark_of(path: Path, table: MappedTable) -> str:
    """What tells whether a file and the mapping of its columns are those of an earlier reading. Raises InputError."""
    with readable(path):
        state = path.stat()
    return json.dumps([VERSION, state.st_size, state.st_mtime_ns, sorted(table.mapping.items())], ensure_ascii=False)


def parts_of(
    path: Path,
    table: MappedTable,
    fetched_at: datetime,
    begin: ReadingPosition,
    told: Callable[[Progress], None],
    stopped: Callable[[], bool],
    unpacking: Limits = UNPACKING,
) -> Generator[Part, None, None]:
    """The parts of a table from a place on; the next is read while one is worked on.

    Where unpacking is broken off, the rows above are given before the SourceError.
    Raises InputError, SourceError; StoppedError where `stopped` says so before the rows can be reached.
    """
    mark = mark_of(path, table)
    clear_scratch()
    with TemporaryDirectory(prefix=f"{SCRATCH}{os.getpid()}-") as folder, ThreadPoolExecutor(1, "table") as ahead:
        layout = run_apart(_text_layout, path)
        fault: SourceError | None = None
        rows = path
        if layout is None or layout.wide:
            rows, layout = Path(folder) / "rows.jsonl", None
            try:
                _unpack(ahead, path, rows, told, stopped, unpacking)
            except SourceError as error:
                if not rows.exists() or not rows.stat().st_size:
                    raise
                fault = error  # the rows that stand above what could not be unpacked are read
        coming = ahead.submit(run_apart, read_part, rows, layout, table, begin, fetched_at)
        while True:
            part = coming.result()
            if mark_of(path, table) != mark:
                raise InputError(f"“{shown(path)}”在导入时变了，已停止；已经导入的都在。请再导入一次，已有的会跳过。")
            if not part.last:
                coming = ahead.submit(run_apart, read_part, rows, layout, table, part.place, fetched_at)
            yield part
            if part.last:
                if fault is not None:
                    raise fault
                return


def clear_scratch() -> None:
    """Remove what readings that were killed left behind: the messages of citizens, unpacked."""
    for path in Path(gettempdir()).glob(f"{SCRATCH}*-*"):
        pid = path.name.removeprefix(SCRATCH).partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(path, ignore_errors=True)


def read_part(
    path: Path, layout: Layout | None, table: MappedTable, begin: ReadingPosition, fetched_at: datetime
) -> Part:
    """One part of a table, from CSV as it is, or from what was unpacked (`layout` None). Raises InputError."""
    with readable(path):
        size = max(1, path.stat().st_size)
        if layout is None:
            rows = unpacked_rows(path, begin.offset)
        else:
            rows = csv_rows(path, layout, begin.offset, begin.rows, table.width)
        until = time.monotonic() + PART_SECONDS
        taken: list[Row] = []
        characters = 0
        for row in rows:
            taken.append(row)
            characters += sum(map(len, row.cells.values()))
            if len(taken) >= PART_ROWS or characters >= PART_CHARACTERS or time.monotonic() > until:
                break
        else:
            place = ReadingPosition(size, begin.rows + len(taken))
            return Part(*_parted(taken, table, fetched_at), place, 1.0, True)
        place = ReadingPosition(taken[-1].end, begin.rows + len(taken))
        return Part(*_parted(taken, table, fetched_at), place, min(1.0, place.offset / size))


def _parted(rows: list[Row], table: MappedTable, fetched_at: datetime) -> tuple[list[Article], list[Trouble]]:
    articles: list[Article] = []
    troubles: list[Trouble] = []
    for read in articles_of(rows, table, fetched_at):
        if isinstance(read, Article):
            articles.append(read)
        else:
            troubles.append(read)
    return articles, troubles


def _text_layout(path: Path) -> Layout | None:
    """How a text file holds its table; None for a file of another kind."""
    with readable(path):
        return layout_of(path) if kind_of(path) is TableFormat.TEXT else None


def _unpack(
    ahead: ThreadPoolExecutor,
    path: Path,
    to: Path,
    told: Callable[[Progress], None],
    stopped: Callable[[], bool],
    limits: Limits,
) -> None:
    """Write the rows of a file that can only be read as a whole where they can be read in parts."""
    size = max(1, path.stat().st_size)
    doing = ahead.submit(run_within, limits, unpack, path, to)
    halt = to.with_suffix(".stop")
    while not doing.done():
        if stopped():
            halt.touch()
        try:
            doing.result(LOOK)
        except TimeoutError:
            if not doing.done():
                written = to.stat().st_size if to.exists() else 0
                told(Progress("正在打开表格", min(0.99, written / (size * 8))))
    doing.result()
    if halt.exists():
        raise StoppedError("已停止，没有导入任何行。")


def unpack(path: Path, to: Path) -> None:
    """Write each row of a table as a line of JSON, until a file beside it says stop. Raises InputError."""
    halt = to.with_suffix(".stop")
    try:
        with to.open("w", encoding="utf-8", errors="replace") as out:
            for i, row in enumerate(rows_of(path)):
                out.write(json.dumps(asdict(row), ensure_ascii=False))
                out.write("\n")
                if i < 500 or i % 500 == 0:
                    out.flush()
                    if halt.exists():
                        return
    except OSError as error:
        raise InputError("临时文件夹写不下了，没有导入。请清理磁盘后再试。") from error


def unpacked_rows(path: Path, offset: int) -> Iterator[Row]:
    """The rows that `unpack` wrote, from a byte on."""
    with path.open("rb") as file:
        file.seek(offset, os.SEEK_SET)
        for line in file:
            if not line.endswith(b"\n"):
                return  # unpacking was broken off here
            offset += len(line)
            kept = json.loads(line)
            cells = {int(column): text for column, text in kept["cells"].items()}
            yield Row(kept["number"], cells, kept["fault"], kept["sheet"], offset)
