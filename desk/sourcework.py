"""Looking after the sources (信源): add, find, list, test, edit, remove, lists in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from domain.article import Rank, Source, SourceState, SourceTier
from domain.errors import InputError, SourceError
from domain.times import span
from sources.discovery import Offer, discover
from sources.http import Web
from sources.opml import Outline, read_opml, write_opml
from sources.polling import KINDS, Result, read_source
from store import record, settings, sources
from store.database import Database

T = TypeVar("T")
PRESETS = "table-presets"
_EDITABLE = ("name", "tier", "place", "tags", "encoding", "options", "url", "paused")


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
        found = []
        for source in sources.all_sources(connection):
            hours, day, week = rhythm.get(source.id, (None, 0, 0))
            state = source.state(now, hours)
            found.append(SourceView(source, state, hours, day, week, _said(source, state, hours, now)))
        return found


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


def add_source(
    database: Database,
    where: str,
    who: str,
    now: datetime,
    name: str = "",
    tier: SourceTier = SourceTier.PORTAL,
    *,
    kind: str = "",
    options: Mapping[str, Any] | None = None,
    place: str = "",
    tags: Sequence[str] = (),
    encoding: str = "",
) -> int:
    """Add a source by address, file or folder; its id. Raises InputError."""
    url = address(where)
    local = "://" not in url
    kind = kind or ("folder" if local and Path(url).is_dir() else "feed")
    if kind not in KINDS:
        raise InputError(
            f"没有“{kind}”这种信源。可用的有：{'、'.join(f'{k}（{v.label}）' for k, v in KINDS.items())}。"
        )
    name = name.strip() or (Path(url).stem if local else urlsplit(url).netloc)
    with database.write() as connection:
        id = sources.add(connection, kind, url, name, tier, options=options, place=place, tags=tags, encoding=encoding)
        record.append(connection, now, who, "添加信源", f"source:{id}", None, {"url": url, "name": name, "kind": kind})
    return id


def edit_sources(database: Database, ids: Sequence[int], who: str, now: datetime, **changes: Any) -> None:
    """Change sources, one or many at once: name, tier, place, tags, encoding, options, url, paused.

    A changed address, kind of reading or pause begins anew at once. Raises InputError.
    """
    unknown = set(changes) - set(_EDITABLE)
    if unknown:
        raise InputError(f"信源没有“{'、'.join(sorted(unknown))}”这一项。")
    if "url" in changes:
        changes["url"] = address(changes["url"])
    plain = {key: value.code if isinstance(value, SourceTier) else value for key, value in changes.items()}
    if "tags" in plain:
        plain["tags"] = list(plain["tags"])
    anew = (
        {"due_at": None, "etag": None, "last_modified": None} if plain.keys() & {"url", "encoding", "options"} else {}
    )
    if plain.get("paused") is False:
        anew |= {"due_at": None, "notice": "", "failures": 0}
    with database.write() as connection:
        for id in ids:
            before = sources.get(connection, id)
            if "url" in plain and plain["url"] != before.url and not sources.move(connection, id, plain["url"]):
                raise InputError("这个地址已经是另一个信源。")
            sources.change(connection, id, **plain, **anew)
            was = {key: getattr(before, key) for key in plain}
            was = {key: value.code if isinstance(value, SourceTier) else value for key, value in was.items()}
            was = {key: list(value) if isinstance(value, tuple) else value for key, value in was.items()}
            record.append(connection, now, who, "修改信源", f"source:{id}", was, plain)


def import_sources(database: Database, path: Path, who: str, now: datetime) -> tuple[int, int]:
    """Add the feeds of an OPML file; (added, there already)."""
    added = known = 0
    outlines = read_opml(path)
    with database.write() as connection:
        for outline in outlines:
            tier = SourceTier.of(outline.tier) if outline.tier else tier_guess(outline.name)
            try:
                id = sources.add(
                    connection, "feed", outline.url, outline.name, tier, tags=outline.tags, place=outline.place
                )
            except InputError:
                known += 1
                continue
            what = {"url": outline.url, "name": outline.name}
            record.append(connection, now, who, "添加信源", f"source:{id}", None, what)
            added += 1
    return added, known


def export_sources(database: Database, path: Path) -> int:
    """Write the feeds as an OPML file for another reader or another office; how many."""
    with database.read() as connection:
        found = [source for source in sources.all_sources(connection) if source.kind == "feed"]
    outlines = [Outline(s.name, s.url, s.tier.code, s.tags, s.place) for s in found if "://" in s.url]
    write_opml(path, outlines)
    return len(outlines)


def remove_source(database: Database, id: int, who: str, now: datetime) -> None:
    """Stop using a source; its articles stay."""
    with database.write() as connection:
        source = sources.get(connection, id)
        sources.change(connection, id, removed=True)
        record.append(connection, now, who, "删除信源", f"source:{id}", {"url": source.url, "name": source.name}, None)


def find_offers(where: str, now: datetime, encoding: str = "") -> list[Offer]:
    """What an address, file or folder offers, best first, without keeping anything. Raises SourceError, InputError."""
    url = address(where)
    if "://" in url:
        return _online(lambda web: discover(web, url, now, encoding))
    kind = "folder" if Path(url).is_dir() else "feed"
    result = try_source(Source(0, kind, url, Path(url).name, encoding=encoding), now)
    feed = result.reading.feed if result.reading else None
    return [Offer(kind, url, feed.title if feed else Path(url).name, {}, feed.articles if feed else ())]


def try_source(source: Source, now: datetime) -> Result:
    """Read a source once as it is set, without keeping anything. Raises SourceError with the fault."""
    fresh = replace(source, etag=None, last_modified=None)
    result = _online(lambda web: read_source(web, fresh, frozenset(), now))
    if result.fault:
        raise SourceError(result.fault)
    return result


def ranks_of(database: Database, source_id: int, key: str) -> list[tuple[datetime, Rank]]:
    """How one item moved on a hot list, oldest first."""
    with database.read() as connection:
        return sources.ranks_of(connection, source_id, key)


def table_presets(database: Database) -> dict[str, dict[str, str]]:
    """Saved column mappings of tables, by name."""
    with database.read() as connection:
        return dict(settings.read(connection, PRESETS) or {})


def save_preset(database: Database, name: str, mapping: Mapping[str, str], who: str, now: datetime) -> None:
    """Save a table's column mapping under a name. Raises InputError for an empty one."""
    if not name.strip():
        raise InputError("请填写方案名称。")
    known = table_presets(database)
    with database.write() as connection:
        settings.write(connection, PRESETS, {**known, name.strip(): dict(mapping)})
        record.append(connection, now, who, "保存列对应方案", f"preset:{name.strip()[:40]}", None, dict(mapping))


def _online(work: Callable[[Web], Awaitable[T]]) -> T:
    async def once() -> T:
        web = Web()
        try:
            return await work(web)
        finally:
            await web.close()

    return asyncio.run(once())


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


def address(where: str) -> str:
    """An address, or a file's or folder's absolute path, as the office gave it. Raises InputError."""
    where = where.strip()
    if urlsplit(where).scheme in ("http", "https") and urlsplit(where).netloc:
        return where
    if "://" in where:
        raise InputError("只支持 http:// 和 https:// 开头的地址，或本机上的文件、文件夹。")
    path = Path(where).expanduser()
    if not where or not path.exists():
        raise InputError(f"“{where}”既不是网址，也不是本机上的文件或文件夹。网址请以 http:// 或 https:// 开头。")
    return str(path.resolve())
