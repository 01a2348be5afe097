"""A round over the sources: all fetched side by side, each result handed on as it comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from domain.article import Feed, Source
from domain.errors import FetchError, SourceError
from sources.feeds import read_feed
from sources.http import SIZE_LIMIT, Fetched, fetch, new_client

log = logging.getLogger(__name__)

AT_ONCE, PER_HOST = 20, 4

# Source kinds: how the bytes of each become articles. A new kind is one file and one line here.
KINDS: dict[str, Callable[[bytes, str | None, datetime], Feed]] = {"feed": read_feed}


@dataclass(frozen=True, slots=True)
class Result:
    """What one source gave in a round: a feed, nothing new (`feed` None), or a fault in Chinese."""

    source: Source
    feed: Feed | None = None
    etag: str | None = None
    last_modified: str | None = None
    fault: str | None = None


async def poll(sources: Sequence[Source], fetched_at: datetime) -> AsyncIterator[Result]:
    """Fetch the sources; results come in the order they are ready. One that fails stops no other."""
    gate = asyncio.Semaphore(AT_ONCE)
    hosts = {urlsplit(source.url).netloc: asyncio.Semaphore(PER_HOST) for source in sources}

    async def one(client: httpx.AsyncClient, source: Source) -> Result:
        async with hosts[urlsplit(source.url).netloc], gate:
            return await read_source(client, source, fetched_at)

    async with new_client() as client:
        for done in asyncio.as_completed([one(client, source) for source in sources]):
            yield await done


async def read_source(client: httpx.AsyncClient, source: Source, fetched_at: datetime) -> Result:
    """Fetch and read one source; a fault is a result, not an exception."""
    try:
        got = await _get(client, source)
        if got.body is None:
            return Result(source, None, got.etag, got.last_modified)
        feed = await asyncio.to_thread(KINDS[source.kind], got.body, got.charset, fetched_at)
    except SourceError as error:
        return Result(source, fault=str(error))
    except Exception:  # a reader's own defect must not stop the other sources
        log.exception("source %s could not be read", source.url)
        return Result(source, fault="读取时出了意料之外的错，其他信源不受影响。详情在数据文件夹的 wenying.log 里。")
    return Result(source, feed, got.etag, got.last_modified)


async def _get(client: httpx.AsyncClient, source: Source) -> Fetched:
    if urlsplit(source.url).scheme in ("http", "https"):
        return await fetch(client, source.url, source.etag, source.last_modified)
    return await asyncio.to_thread(_read_file, Path(source.url), source)


def _read_file(path: Path, source: Source) -> Fetched:
    """A feed kept as a file, by an absolute path that the office gave."""
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
