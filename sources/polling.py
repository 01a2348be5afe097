"""Asking many sources side by side, on a thread of its own, so that a slow one holds up no round."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.article import Source
from domain.errors import FetchError, SourceError
from sources import feeds, folder, hotlists, pages
from sources.http import Web
from sources.reading import Reading
from sources.workers import warm

log = logging.getLogger(__name__)

Read = Callable[[Web, Source, frozenset[str], datetime], Awaitable[Reading]]


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source: its name for people, how it is read, whether it must know what is stored already, and whether
    it keeps a memory of its own."""

    label: str
    read: Read
    asks_known: bool = False
    remembers: bool = False


# The kinds of source that are polled. A new kind is one file and one line here.
KINDS: dict[str, SourceKind] = {
    "feed": SourceKind("订阅源", feeds.read),
    "page": SourceKind("网页列表", pages.read, asks_known=True, remembers=True),
    "hotlist": SourceKind("热榜", hotlists.read),
    "folder": SourceKind("监看文件夹", folder.read, remembers=True),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What one source gave in a round: a reading, or a fault in Chinese with what came with it."""

    source: Source
    reading: Reading | None = None
    fault: str | None = None
    error: FetchError | None = None


async def read_source(web: Web, source: Source, known: frozenset[str], now: datetime) -> Result:
    """Read one source; a fault is a result, not an exception."""
    try:
        return Result(source, await KINDS[source.kind].read(web, source, known, now))
    except FetchError as error:
        return Result(source, fault=str(error), error=error)
    except SourceError as error:
        return Result(source, fault=str(error))
    except Exception:  # a reader's own defect must not stop the other sources
        log.exception("source %s could not be read", source.url)
        return Result(source, fault="读取时出了意料之外的错，其他信源不受影响。详情在数据文件夹的 wenying.log 里。")


class Fetcher:
    """Fetches on a thread of its own. What is late comes with a later round's results."""

    def __init__(self, reveal: Callable[[str], str] = str) -> None:
        """`reveal` puts the password back into an address that is kept without it."""
        self._done: queue.Queue[Result] = queue.Queue()
        self._asked: set[int] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fetcher", daemon=True)
        self._thread.start()
        # One that is let go of without being closed takes its thread along.
        self._end = weakref.finalize(self, self._loop.call_soon_threadsafe, self._loop.stop)
        self._end.atexit = False
        warm()
        self._web = asyncio.run_coroutine_threadsafe(_new_web(reveal), self._loop).result()

    def ask(self, sources: Sequence[tuple[Source, frozenset[str]]], now: datetime) -> None:
        """Begin to read sources, each with the keys it should know; one that is still being read is left alone."""
        for source, known in sources:
            if source.id not in self._asked:
                self._asked.add(source.id)
                asyncio.run_coroutine_threadsafe(self._one(source, known, now), self._loop)

    def results(self, patience: float | None = None) -> Iterator[Result]:
        """Results as they are ready, until all have come or `patience` seconds are over."""
        until = time.monotonic() + patience if patience is not None else None
        while self._asked:
            try:
                result = self._done.get(timeout=max(0.0, until - time.monotonic()) if until else None)
            except queue.Empty:
                return
            self._asked.discard(result.source.id)
            yield result

    def close(self) -> None:
        """Let go of the network."""
        asyncio.run_coroutine_threadsafe(self._web.close(), self._loop).result(timeout=5)
        self._end()
        self._thread.join(timeout=5)

    async def _one(self, source: Source, known: frozenset[str], now: datetime) -> None:
        self._done.put(await read_source(self._web, source, known, now))


async def _new_web(reveal: Callable[[str], str]) -> Web:
    return Web(reveal=reveal)
