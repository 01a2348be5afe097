"""Looking after the sources (信源): add, import, list, test, remove."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from domain.article import Source, SourceState, SourceTier
from domain.errors import InputError, SourceError
from sources.http import new_client
from sources.opml import read_opml
from sources.polling import Result, read_source
from store import record, sources
from store.database import Database


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with what can be said of it now."""

    source: Source
    state: SourceState
    rhythm_hours: float | None
    day: int
    week: int


def list_sources(database: Database, now: datetime) -> list[SourceView]:
    """The sources with state, rhythm and counts."""
    with database.read() as connection:
        rhythm = sources.rhythms(connection, now)
        found = []
        for source in sources.all_sources(connection):
            hours, day, week = rhythm.get(source.id, (None, 0, 0))
            found.append(SourceView(source, source.state(now, hours), hours, day, week))
        return found


def add_source(
    database: Database, where: str, who: str, now: datetime, name: str = "", tier: SourceTier = SourceTier.PORTAL
) -> int:
    """Add a feed by address or file; its id. Raises InputError."""
    url = _address(where)
    with database.write() as connection:
        id = sources.add(connection, "feed", url, name.strip() or urlsplit(url).netloc or Path(url).stem, tier)
        record.append(connection, now, who, "添加信源", f"source:{id}", None, {"url": url, "name": name})
    return id


def import_sources(database: Database, path: Path, who: str, now: datetime) -> tuple[int, int]:
    """Add the feeds of an OPML file; (added, there already)."""
    added = known = 0
    outlines = read_opml(path)
    with database.write() as connection:
        for outline in outlines:
            try:
                id = sources.add(connection, "feed", outline.url, outline.name, tier_guess(outline.name))
            except InputError:
                known += 1
                continue
            record.append(
                connection, now, who, "添加信源", f"source:{id}", None, {"url": outline.url, "name": outline.name}
            )
            added += 1
    return added, known


def remove_source(database: Database, id: int, who: str, now: datetime) -> None:
    """Stop using a source; its articles stay."""
    with database.write() as connection:
        source = sources.get(connection, id)
        sources.change(connection, id, removed=True)
        record.append(connection, now, who, "删除信源", f"source:{id}", {"url": source.url, "name": source.name}, None)


def pause_source(database: Database, id: int, paused: bool, who: str, now: datetime) -> None:
    """Pause or resume a source."""
    with database.write() as connection:
        source = sources.get(connection, id)
        sources.change(connection, id, paused=paused)
        action = "暂停信源" if paused else "恢复信源"
        record.append(connection, now, who, action, f"source:{id}", {"paused": source.paused}, {"paused": paused})


def test_source(where: str, now: datetime) -> Result:
    """Fetch an address once without keeping anything. Raises SourceError with the fault."""

    async def once() -> Result:
        async with new_client() as client:
            return await read_source(client, Source(0, "feed", _address(where), where), now)

    result = asyncio.run(once())
    if result.fault:
        raise SourceError(result.fault)
    return result


def tier_guess(name: str) -> SourceTier:
    """The tier that a source's name suggests; the office can change it."""
    if any(word in name for word in ("人民日报", "新华", "央视", "人民网", "中国政府网", "中新", "光明", "经济日报")):
        return SourceTier.CENTRAL
    if any(word in name for word in ("卫健委", "卫生健康", "局", "厅", "部", "政府", "委员会", "发布")):
        return SourceTier.DEPARTMENT
    if any(word in name for word in ("热线", "12345", "留言")):
        return SourceTier.HOTLINE
    if any(word in name for word in ("微博", "热搜", "抖音", "论坛")):
        return SourceTier.SOCIAL
    return SourceTier.CITY if any(word in name for word in ("日报", "晚报", "广播", "电视")) else SourceTier.PORTAL


def _address(where: str) -> str:
    where = where.strip()
    if urlsplit(where).scheme in ("http", "https") and urlsplit(where).netloc:
        return where
    if "://" in where:
        raise InputError("只支持 http:// 和 https:// 开头的地址，或本机上的文件。")
    path = Path(where).expanduser()
    if not path.is_file():
        raise InputError(f"“{where}”既不是网址，也不是本机上的文件。网址请以 http:// 或 https:// 开头。")
    return str(path.resolve())
