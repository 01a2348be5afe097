"""A watched folder (监看文件夹) into which another system drops tables and feeds."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from domain.article import Article, Feed, Source
from domain.errors import FetchError, InputError, SourceError
from sources.feeds import read_feed
from sources.http import SIZE_LIMIT, Fetched, Web
from sources.reading import Reading, in_thread
from sources.spreadsheets import articles_of, read_table

TABLES, FEEDS = (".csv", ".xlsx"), (".xml", ".rss", ".atom", ".json")
SETTLED = 2.0  # seconds since the last write, after which a file is taken to be whole


async def read(web: Web, source: Source, known: frozenset[str], now: datetime) -> Reading:
    """What the files of a folder hold, when any has changed."""
    return await in_thread(_read, Path(source.url), source, now)


def _read(folder: Path, source: Source, now: datetime) -> Reading:
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in TABLES + FEEDS)
        states = {path: path.stat() for path in files if not path.name.startswith((".", "~"))}
    except OSError as error:
        raise FetchError("打不开监看的文件夹。请检查它是否还在、是否可读。") from error
    whole = {path: state for path, state in states.items() if time.time() - state.st_mtime >= SETTLED}
    marks = "\n".join(f"{path.name} {state.st_mtime_ns} {state.st_size}" for path, state in whole.items())
    mark = hashlib.sha256(marks.encode()).hexdigest()
    if mark == source.etag:
        return Reading(None, Fetched(None, etag=mark))
    articles: dict[str, Article] = {}
    faults: list[str] = []
    mapping: Mapping[str, str] = source.options.get("mapping") or {}
    for path, state in whole.items():
        try:
            if state.st_size > SIZE_LIMIT:
                raise InputError("文件超过 20 MB")
            found = (
                articles_of(read_table(path, mapping), now)
                if path.suffix.lower() in TABLES
                else read_feed(path.read_bytes(), None, now).articles
            )
        except (OSError, InputError, SourceError) as error:
            faults.append(f"{path.name}：{error}")
            continue
        for item in found:
            articles.setdefault(item.key, item)
    if faults and not articles:
        raise SourceError(f"{len(faults)} 个文件读不了。{faults[0]}")
    notice = f"{len(faults)} 个文件读不了，其余正常。{faults[0]}" if faults else ""
    return Reading(Feed(folder.name, tuple(articles.values())), Fetched(b"", etag=mark), notice)
