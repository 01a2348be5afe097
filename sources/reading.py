"""What every kind of source is read with: a fetch, by address or from a file, and what it gave."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from domain.article import Feed, Source
from domain.errors import FetchError
from sources.http import SIZE_LIMIT, Fetched, Web

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of a source gave; `feed` None when nothing has changed since the last.

    `notice` is something the office should know though the reading went well.
    """

    feed: Feed | None
    got: Fetched
    notice: str = ""


async def fetch(web: Web, source: Source, *, robots: bool = False) -> Fetched:
    """The bytes of a source. Raises FetchError."""
    if urlsplit(source.url).scheme in ("http", "https"):
        return await web.get(source.url, source.etag, source.last_modified, robots=robots)
    return await in_thread(_read_file, Path(source.url), source)


async def in_thread(work: Callable[..., T], *args: Any) -> T:
    """Run slow work beside the network's loop."""
    return await asyncio.to_thread(work, *args)


def _read_file(path: Path, source: Source) -> Fetched:
    """A source kept as a file, by an absolute path that the office gave."""
    try:
        state = path.stat()
        mark = f"{state.st_mtime_ns}-{state.st_size}"
        if mark == source.etag:
            return Fetched(None, etag=mark)
        if state.st_size > SIZE_LIMIT:
            raise FetchError("文件超过 20 MB，没有读取。请检查文件。")
        return Fetched(path.read_bytes(), etag=mark)
    except OSError as error:
        raise FetchError("打不开文件。请检查它是否还在、是否可读。") from error
