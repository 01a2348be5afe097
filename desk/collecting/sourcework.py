"""Looking after the sources (信源): list, find, test, lists out; the steps that change them are in `sourcesteps`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from desk.collecting.sourcesteps import COLUMNS, address, check_reading
from domain.addresses import MASK
from domain.article import Article, Rank, Source, SourceState
from domain.errors import SourceError
from domain.times import span
from sources.discovery import Offer as Offer
from sources.discovery import discover
from sources.http import Web
from sources.opml import Outline, write_opml
from sources.polling import KINDS, Result, read_source
from store import settings, sources
from store.database import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with what can be said of it now."""

    source: Source
    state: SourceState
    rhythm_hours: float | None
    day: int
    week: int
    said: str


def list_sources(database: Database, now: datetime) -> list[SourceView]:
    """The sources with state, rhythm and counts, and in words how each is doing."""
    with database.read() as connection:
        rhythm = sources.rhythms(connection, now)
        views = []
        for source in sources.all_sources(connection):
            hours, day, week = rhythm.get(source.id, (None, 0, 0))
            state = source.state(now, hours)
            views.append(SourceView(source, state, hours, day, week, _said(source, state, hours, now)))
        return views


def _said(source: Source, state: SourceState, hours: float | None, now: datetime) -> str:
    """How a source is doing, and what to do about it."""
    usual = f"平时约每 {span(hours)} 一条" if hours else ""
    if state is SourceState.FAILING:
        since = f"已连续出错 {source.failures} 次。" if source.failures > 1 else ""
        return f"{source.fault} {since}"
    if state is SourceState.SILENT and source.newest_at:
        return f"连续 {span((now - source.newest_at).total_seconds() / 3600)} 没有新内容，{usual}。请检查地址是否改了；若已停更，可暂停。"
    if source.notice:
        return source.notice
    if state is SourceState.PAUSED:
        return "已暂停，不再采集。"
    if state is SourceState.NEW:
        return "还没有采过，下一轮采集时会采。"
    every = f"约每 {span(source.interval_minutes / 60)} 采一次" if source.interval_minutes else ""
    return "，".join(filter(None, (usual, every))) or "正常"


@dataclass(frozen=True, slots=True)
class Exported:
    """How many sources a list holds, and how many of them without the password that they need."""

    count: int
    without_password: int

    @property
    def said(self) -> str:
        """What a list for others does not tell."""
        return f"其中 {self.without_password} 个的密码没有写进去，导入后要重新填写。" if self.without_password else ""


def export_sources(database: Database, path: Path) -> Exported:
    """Write the feeds as an OPML file for another reader or another office, without their passwords."""
    with database.read() as connection:
        feeds = [source for source in sources.all_sources(connection) if source.kind == "feed"]
    outlines = [Outline(s.name, s.url, s.tier.code, s.tags, s.place) for s in feeds if "://" in s.url]
    write_opml(path, outlines)
    return Exported(len(outlines), sum(MASK in outline.url for outline in outlines))


def find_offers(where: str, now: datetime, encoding: str = "") -> list[Offer]:
    """What an address, file or folder offers, best first, without keeping anything. Raises SourceError, InputError."""
    url = address(where)
    check_reading(encoding, {})
    if "://" in url:
        return _online(lambda web: discover(web, url, now, encoding))
    kind = "folder" if Path(url).is_dir() else "feed"
    result = try_source(Source(0, kind, url, Path(url).name, encoding=encoding), now)
    feed = result.reading.feed if result.reading else None
    return [Offer(kind, url, feed.title if feed else Path(url).name, {}, feed.articles if feed else ())]


def try_source(source: Source, now: datetime, reveal: Callable[[str], str] = str) -> Result:
    """Read a source once as it is set, without keeping anything; `reveal` knows its password.

    Raises SourceError with the fault.
    """
    fresh = replace(source, etag=None, last_modified=None)
    result = _online(lambda web: read_source(web, fresh, frozenset(), now), reveal)
    if result.fault:
        raise SourceError(result.fault)
    return result


def first_look(source: Source, now: datetime, reveal: Callable[[str], str] = str) -> tuple[Article, ...]:
    """The articles that a source gives now, without keeping anything. Raises SourceError with the fault."""
    reading = try_source(source, now, reveal).reading
    return tuple(reading.feed.articles) if reading and reading.feed else ()


def kind_name(kind: str) -> str:
    """What a kind of source is called; what is not polled came from a table."""
    return KINDS[kind].label if kind in KINDS else "表格"


def is_polled(source: Source) -> bool:
    """Whether a source can be asked for news; the articles of a table came once."""
    return source.kind in KINDS


def ranks_of(database: Database, source_id: int, key: str) -> list[tuple[datetime, Rank]]:
    """How one item moved on a hot list, oldest first."""
    with database.read() as connection:
        return sources.ranks_of(connection, source_id, key)


def table_presets(database: Database) -> dict[str, dict[str, str]]:
    """Saved column mappings of tables, by name."""
    with database.read() as connection:
        return dict(settings.read(connection, COLUMNS) or {})


def _online(work: Callable[[Web], Awaitable[T]], reveal: Callable[[str], str] = str) -> T:
    async def once() -> T:
        web = Web(reveal=reveal)
        try:
            return await work(web)
        finally:
            await web.close()

    return asyncio.run(once())
