"""A watched folder (监看文件夹) into which another system drops tables and feeds.

What has been read of each file is remembered, so that only what is new, grown or replaced is read again. A file that
could not be read (open elsewhere, half written, broken) is tried again after a while, and for good.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from domain.article import Article, Feed, Source
from domain.errors import FetchError, InputError, SourceError, WenyingError
from domain.files import read_bytes
from sources.feeds import read_feed
from sources.http import SIZE_LIMIT, Fetched, Web
from sources.reading import Reading, in_thread
from sources.rows import shown
from sources.spreadsheets import Trouble, read_table, told
from sources.tableparts import ReadingPosition, parts_of
from sources.workers import LIMITS, read_apart, run_apart

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")
NAMED_FILES = 3  # of those that could not be read, in a sentence
FEEDS = (".xml", ".rss", ".atom", ".json")
SETTLED = 2.0  # seconds since the last write, after which a file is taken to be whole
ROUND_FILES, ROUND_BYTES = 100, 50 << 20  # read in one round; the rest is read in the next
MOST_FILES = 20_000  # that are remembered
AGAIN, AT_ONCE = timedelta(minutes=2), timedelta(seconds=1)  # until the next look, and while there is more to read
FIRST_RETRY, LAST_RETRY = 60.0, 6 * 3600.0  # seconds until a file that could not be read is tried again


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it stands: its place, what it is remembered by, and the mark of its content."""

    path: Path
    id: str
    mark: str
    size: int
    at: float


async def read(web: Web, source: Source, known: frozenset[str], now: datetime) -> Reading:
    """What the files of a folder hold that has not been read yet."""
    folder = Path(source.url)
    files, notes = await in_thread(_files, folder)
    memory: dict[str, list[Any]] = {id: list(kept) for id, kept in source.memory.items()}
    present = {file.id for file in files}
    memory = {id: kept for id, kept in memory.items() if id in present}
    waiting = [file for file in files if _is_due(file, memory.get(file.id), time.time())]
    chosen = _a_round(waiting)
    articles: dict[str, Article] = {}
    mapping: Mapping[str, str] = source.options.get("mapping") or {}
    for file in chosen:
        try:
            read, said = await _read_file(file, mapping, now)
        except WenyingError as error:
            tries = int(memory.get(file.id, [0, 0])[1]) + 1
            memory[file.id] = [file.mark, tries, time.time(), f"{shown(file.path)}：{error}"]
            continue
        memory[file.id] = [file.mark, 0, 0.0, f"{shown(file.path)}：{said}" if said else ""]
        for item in read:
            articles.setdefault(item.key, item)
    if not chosen and memory == dict(source.memory):
        return Reading(None, Fetched(None), _notice(memory, notes), again=AGAIN)
    return Reading(
        Feed(folder.name, tuple(articles.values())),
        Fetched(b""),
        _notice(memory, notes),
        memory=memory,
        again=AT_ONCE if len(waiting) > len(chosen) else AGAIN,
    )


def _files(folder: Path) -> tuple[list[_File], list[str]]:
    """The files of a folder that may be read, the oldest first, and what is to be said of the others."""
    files: list[_File] = []
    outside: list[str] = []
    many = 0
    try:
        own = folder.resolve(strict=True)
        with os.scandir(folder) as entries:
            for entry in entries:
                if Path(entry.name).suffix.lower() not in TABLES + FEEDS or entry.name.startswith((".", "~")):
                    continue
                path = folder / entry.name
                if entry.is_symlink() and own not in _target(path).parents:
                    outside.append(shown(path))
                    continue
                many += 1
                if many <= MOST_FILES and (file := _file(path)):
                    files.append(file)
    except OSError as error:
        raise FetchError("打不开监看的文件夹。请检查它是否还在、是否可读。") from error
    notes = []
    if outside:
        notes.append(f"{len(outside)} 个链接指向文件夹之外，没有读：{'、'.join(outside[:3])}。")
    if many > MOST_FILES:
        notes.append(f"文件超过 {MOST_FILES} 个，多出的没有读。请把旧文件移走。")
    return sorted(files, key=lambda file: (file.at, file.path.name)), notes


def _target(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):  # it leads nowhere, or in a circle
        return Path("/")


def _file(path: Path) -> _File | None:
    """A file as it stands now; None for what is no file, or is being written."""
    try:
        state = path.stat()
    except OSError:
        return None
    age = time.time() - state.st_mtime
    # A clock that is ahead, as on another machine's share, does not make a file younger for ever.
    if not stat.S_ISREG(state.st_mode) or -60.0 < age < SETTLED:
        return None
    id = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:20]
    mark = f"{state.st_mtime_ns} {state.st_ctime_ns} {state.st_size}"
    return _File(path, id, mark, state.st_size, state.st_mtime)


def _is_due(file: _File, kept: Sequence[Any] | None, at: float) -> bool:
    """Whether a file is to be read: it is new or has changed, or could not be read a while ago."""
    if kept is None or kept[0] != file.mark:
        return True
    wait = min(LAST_RETRY, FIRST_RETRY * 2 ** min(int(kept[1]) - 1, 20))
    return bool(kept[1]) and not 0 <= at - float(kept[2]) < wait


def _a_round(files: Sequence[_File]) -> list[_File]:
    """The first files, as many as one round reads."""
    chosen: list[_File] = []
    size = 0
    for file in files[:ROUND_FILES]:
        size += min(file.size, SIZE_LIMIT)
        if chosen and size > ROUND_BYTES:
            break
        chosen.append(file)
    return chosen


async def _read_file(file: _File, mapping: Mapping[str, str], now: datetime) -> tuple[Sequence[Article], str]:
    """What a file holds, and what is to be said of it."""
    if file.size > SIZE_LIMIT:
        raise InputError("文件超过 20 MB，没有读。请用“导入表格”导入，或分成几个小的。")
    if file.path.suffix.lower() in TABLES:
        return await in_thread(_table, file.path, mapping, now)
    feed = await read_apart(_feed, file.path, now)
    return feed.articles, ""


def _table(path: Path, mapping: Mapping[str, str], now: datetime) -> tuple[list[Article], str]:
    """The articles of a table, read in parts, each of which has its own limits; and what is to be said of it.

    Where a part cannot be read, those before it are kept. Raises InputError, SourceError where there are none.
    """
    articles: list[Article] = []
    troubles: list[Trouble] = []
    rows = 0
    try:
        table = run_apart(read_table, path, mapping)
        for part in parts_of(path, table, now, ReadingPosition(), lambda _: None, lambda: False, LIMITS):
            articles += part.articles
            troubles += part.troubles
            rows = part.place.rows
    except SourceError as error:
        if not articles:
            raise
        return articles, f"{told(troubles)}读完 {rows} 行后停下了：{error}"
    return articles, told(troubles)


def _feed(path: Path, now: datetime) -> Feed:
    try:
        body = read_bytes(path, SIZE_LIMIT)
    except OSError as error:
        raise InputError("打不开，可能正被别的程序占用，稍后会自动再试。") from error
    return read_feed(body, None, now)


def _notice(memory: Mapping[str, Sequence[Any]], notes: Sequence[str]) -> str:
    """What is wrong with which file, in a sentence or more."""
    faults = [str(kept[3]) for kept in memory.values() if kept[1]]
    rest = "……" if len(faults) > NAMED_FILES else ""
    named = "".join(faults[:NAMED_FILES]) + rest
    said = [f"{len(faults)} 个文件读不了，其余正常，稍后会自动再试。{named}"] if faults else []
    rows = [str(kept[3]) for kept in memory.values() if not kept[1] and kept[3]]
    return "".join([*said, *rows[:3], *notes])
