"""Keeping sources (信源)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, func, select

from domain.addresses import concealed, without_secrets
from domain.article import Rank, Source, SourceTier
from domain.errors import InputError, NotFoundError, StoreError
from store import settings
from store.database import Database
from store.schema import article, new_id, ranking, source


def _source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        kind=row.kind,
        url=row.url,
        name=row.name,
        tier=SourceTier.of(row.tier),
        paused=row.paused,
        etag=row.etag,
        last_modified=row.last_modified,
        checked_at=row.checked_at,
        succeeded_at=row.succeeded_at,
        newest_at=row.newest_at,
        failures=row.failures,
        fault=row.fault,
        tags=tuple(row.tags),
        place=row.place,
        encoding=row.encoding,
        options=row.options,
        notice=row.notice,
        interval_minutes=row.interval_minutes,
        due_at=row.due_at,
        wait_until=row.wait_until,
        new_at=row.new_at,
    )


def add(
    connection: Connection,
    kind: str,
    url: str,
    name: str,
    tier: SourceTier,
    *,
    options: Mapping[str, Any] | None = None,
    place: str = "",
    tags: Sequence[str] = (),
    encoding: str = "",
) -> int:
    """Keep a source; its id. One removed earlier comes back. Raises InputError if it is there already."""
    row = connection.execute(select(source).where(source.c.url == url)).first()
    values = {"kind": kind, "name": name, "tier": tier.code, "paused": False, "removed": False}
    values |= {"options": dict(options or {}), "place": place, "tags": list(tags), "encoding": encoding}
    # One that comes back begins anew.
    values |= {"fault": None, "failures": 0, "notice": "", "due_at": None, "wait_until": None, "etag": None}
    if row is not None and not row.removed:
        raise InputError(f"这个地址已经是信源“{row.name}”，不用重复添加。")
    if row is not None:
        connection.execute(source.update().where(source.c.id == row.id).values(**values))
        remember(connection, row.id, {})
        return int(row.id)
    added = connection.execute(source.insert().values(url=url, **values))
    return new_id(added)


def all_sources(connection: Connection) -> list[Source]:
    """The sources in use, by name."""
    rows = connection.execute(select(source).where(~source.c.removed).order_by(source.c.name, source.c.id))
    return [_source(row) for row in rows]


def get(connection: Connection, id: int) -> Source:
    """One source. Raises NotFoundError."""
    row = connection.execute(select(source).where(source.c.id == id, ~source.c.removed)).first()
    if row is None:
        raise NotFoundError(f"没有编号为 {id} 的信源。用 source list 看有哪些。")
    return _source(row)


def keys(connection: Connection, id: int, most: int) -> frozenset[str]:
    """Keys of the newest articles of a source."""
    query = select(article.c.key).where(article.c.source_id == id).order_by(article.c.published_at.desc()).limit(most)
    return frozenset(connection.execute(query).scalars())


def keep_ranks(connection: Connection, id: int, ranks: Sequence[Rank], at: datetime) -> None:
    """Keep where the items of a hot list stood at a moment."""
    if ranks:
        rows = [{"source_id": id, "key": r.key, "at": at, "rank": r.rank, "heat": r.heat} for r in ranks]
        connection.execute(ranking.insert(), rows)


def ranks_of(connection: Connection, id: int, key: str) -> list[tuple[datetime, Rank]]:
    """How one item moved on a hot list, oldest first."""
    query = select(ranking).where(ranking.c.source_id == id, ranking.c.key == key).order_by(ranking.c.at)
    return [(row.at, Rank(row.key, row.rank, row.heat)) for row in connection.execute(query)]


def move(connection: Connection, id: int, url: str) -> bool:
    """Give a source its new address; False where another source has it already."""
    if connection.execute(select(source.c.id).where(source.c.url == url)).first() is not None:
        return False
    connection.execute(source.update().where(source.c.id == id).values(url=url))
    return True


def put_passwords_away(database: Database) -> None:
    """Take the passwords out of addresses that early versions kept whole.

    What the record and old backups say of them cannot be changed; doctor tells.
    """
    with database.read() as connection:
        rows = connection.execute(
            select(source.c.id, source.c.url, source.c.name, source.c.notice, source.c.removed)
        ).all()
    if all(concealed(row.url) == row.url for row in rows):
        return
    taken = {row.url for row in rows}
    masked = dict[int, dict[str, str]]()
    for row in sorted(rows, key=lambda row: bool(row.removed)):  # of two, the one in use has the address
        if concealed(row.url) == row.url:
            continue
        url = concealed(row.url) if row.removed else database.passwords.put_away(row.url)
        url = url if url not in taken else f"{url.partition('#')[0]}#{row.id}"
        taken.add(url)
        whole = urlsplit(row.url).netloc  # which was the name of one that was given none
        name = row.name.replace(whole, whole.rpartition("@")[2])
        masked[row.id] = {"url": url, "name": name, "notice": without_secrets(row.notice)}
    with database.write(overwriting=True) as connection:
        for id, values in masked.items():
            change(connection, id, **values)
    database.empty_log()


def change(connection: Connection, id: int, **values: object) -> None:
    """Change columns of a source."""
    connection.execute(source.update().where(source.c.id == id).values(**values))


def begin_anew(connection: Connection, id: int) -> None:
    """The next reading of a source is as its first."""
    change(connection, id, due_at=None, etag=None, last_modified=None)
    remember(connection, id, {})


def remembered(connection: Connection, id: int) -> dict[str, Any]:
    """What a source's kind keeps from one reading to the next."""
    try:
        return dict(settings.read(connection, f"memory:{id}") or {})
    except (StoreError, TypeError, ValueError):
        return {}  # it only saves work


def remember(connection: Connection, id: int, memory: Mapping[str, Any]) -> None:
    """Keep what a source's kind wants to find the next time."""
    settings.write(connection, f"memory:{id}", dict(memory))


def rhythms(connection: Connection, now: datetime) -> dict[int, tuple[float | None, int, int]]:
    """Per source: (usual hours between items, None with too few; articles in 24 h; in 7 d)."""
    month, week = now - timedelta(days=30), now - timedelta(days=7)
    rows = connection.execute(
        select(
            article.c.source_id,
            func.count().label("n"),
            func.sum((article.c.published_at >= now - timedelta(days=1)).cast(func.count().type)).label("day"),
            func.sum((article.c.published_at >= week).cast(func.count().type)).label("week"),
            func.min(article.c.published_at).label("first"),
            func.max(article.c.published_at).label("last"),
        )
        .where(article.c.published_at >= month)
        .group_by(article.c.source_id)
    )
    rhythms: dict[int, tuple[float | None, int, int]] = {}
    for row in rows:
        hours = (row.last - row.first).total_seconds() / 3600
        rhythms[row.source_id] = (hours / (row.n - 1) if row.n >= 5 else None, int(row.day or 0), int(row.week or 0))
    return rhythms
