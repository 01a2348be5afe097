"""What every kind of source is read with: a fetch, by address or from a file, and what it gave."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from domain.article import Article, Feed, Source
from domain.errors import FetchError, InputError
from domain.files import read_bytes
from sources.http import SIZE_LIMIT, Fetched, Web

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of a source gave; `feed` None when nothing has changed since the last.

    `notice` is something the office should know though the reading went well. `memory` is what its kind wants to find
    in `Source.memory` the next time, None for what it was; `again` when that should be, where the kind knows better
    than the rhythm.
    """

    feed: Feed | None
    got: Fetched
    notice: str = ""
    memory: Mapping[str, Any] | None = None
    again: timedelta | None = None


async def fetch(web: Web, source: Source, *, robots: bool = False) -> Fetched:
    """The bytes of a source. Raises FetchError."""
    if urlsplit(source.url).scheme in ("http", "https"):
        return await web.get(source.url, source.etag, source.last_modified, robots=robots)
    return await in_thread(_read_file, Path(source.url), source)


def gathered(read: Callable[[Any], Article | None], items: Iterable[Any]) -> tuple[tuple[Article, ...], int]:
    """The articles of some items, each key once, and how many items could not be read.

    An item that cannot be read costs its neighbours nothing; it is counted, and the count is shown.
    """
    articles: dict[str, Article] = {}
    skipped = 0
    for item in items:
        try:
            article = read(item)
        except MemoryError:
            raise
        except Exception:
            log.warning("an item could not be read", exc_info=True)
            skipped += 1
            continue
        if article is not None:
            articles.setdefault(article.key, article)
    return tuple(articles.values()), skipped


def ends_of(items: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """The first and the last of too many items, for what is new stands at one end; how many are left out."""
    if len(items) <= most:
        return items, 0
    return [*items[: most - most // 2], *items[-(most // 2) :]], len(items) - most


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
        return Fetched(read_bytes(path, SIZE_LIMIT), etag=mark)
    except InputError as error:
        raise FetchError(str(error)) from error
    except OSError as error:
        raise FetchError("打不开文件。请检查它是否还在、是否可读。") from error
