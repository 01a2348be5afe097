"""Keeping topics (话题) and major events (重大事件)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from domain.errors import NotFoundError
from domain.event import EventKind, MajorEvent
from domain.topic import Heat, HeatPart, Topic
from store.schema import event, topic


def _topic(row: Row[Any]) -> Topic:
    parts = {part: float(row.heat_parts.get(part.code, 0.0)) for part in HeatPart}
    return Topic(
        id=row.id,
        name=row.name,
        keywords=tuple(row.keywords),
        heat=Heat(parts, row.enough, row.rising),
        articles=row.articles,
        sources=row.sources,
        carriers=row.carriers,
        first_at=row.first_at,
        last_at=row.last_at,
        first_source=row.first_source,
        area=row.area,
        places=tuple(row.places),
        local=row.local,
        events=tuple(row.events),
        renamed=row.renamed,
        pinned=row.pinned,
    )


def next_id(connection: Connection) -> int:
    """The id that the next new topic gets."""
    return int(connection.execute(select(func.max(topic.c.id))).scalar() or 0) + 1


def save(connection: Connection, found: Topic, summary: list[dict[str, Any]], held: str) -> None:
    """Keep a topic as the collector sees it; what people set (name, pin) stays."""
    values: dict[str, Any] = {
        "keywords": list(found.keywords),
        "summary": summary,
        "heat": round(found.heat.value, 2),
        "heat_parts": {part.code: round(value, 1) for part, value in found.heat.parts.items()},
        "enough": found.heat.enough,
        "rising": found.heat.rising,
        "articles": found.articles,
        "sources": found.sources,
        "carriers": found.carriers,
        "first_at": found.first_at,
        "last_at": found.last_at,
        "first_source": found.first_source,
        "area": found.area,
        "places": list(found.places),
        "local": found.local,
        "events": list(found.events),
        "held": held,
    }
    row = connection.execute(select(topic.c.renamed).where(topic.c.id == found.id)).first()
    if row is None:
        connection.execute(topic.insert().values(id=found.id, name=found.name, renamed=False, pinned=False, **values))
        return
    if not row.renamed:
        values["name"] = found.name
    connection.execute(topic.update().where(topic.c.id == found.id).values(**values))


def listing(
    connection: Connection,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
    local_only: bool = False,
) -> list[Topic]:
    """Topics with news in [since, until], pinned first, then by heat; those with too few articles to judge last."""
    query: Select[Any] = select(topic).order_by(
        topic.c.pinned.desc(), topic.c.enough.desc(), topic.c.heat.desc(), topic.c.last_at.desc()
    )
    if since is not None:
        query = query.where(topic.c.last_at >= since)
    if until is not None:
        query = query.where(topic.c.first_at <= until)
    if local_only:
        query = query.where(topic.c.local)
    return [_topic(row) for row in connection.execute(query.limit(limit))]


def get(connection: Connection, id: int) -> Topic:
    """One topic. Raises NotFoundError."""
    row = connection.execute(select(topic).where(topic.c.id == id)).first()
    if row is None:
        raise NotFoundError(f"没有编号为 {id} 的话题。用 topics 看有哪些。")
    return _topic(row)


def summary(connection: Connection, id: int) -> list[dict[str, Any]]:
    """The summary sentences of a topic: text, source, article."""
    return list(connection.execute(select(topic.c.summary).where(topic.c.id == id)).scalar() or [])


def held(connection: Connection, id: int) -> str:
    """Why a topic with reasons is not a concern."""
    return str(connection.execute(select(topic.c.held).where(topic.c.id == id)).scalar() or "")


def active_ids(connection: Connection, since: datetime) -> list[int]:
    """Topics with news since a moment."""
    return list(connection.execute(select(topic.c.id).where(topic.c.last_at >= since)).scalars())


def count_new(connection: Connection, since: datetime) -> int:
    """How many topics began since a moment."""
    return int(
        connection.execute(select(func.count()).select_from(topic).where(topic.c.first_at >= since)).scalar_one()
    )


def change(connection: Connection, id: int, **values: object) -> None:
    """Change columns of a topic: what people decide."""
    connection.execute(topic.update().where(topic.c.id == id).values(**values))


def add_event(connection: Connection, new: MajorEvent) -> int:
    """Keep a major event; its id."""
    added = connection.execute(
        event.insert().values(
            kind=new.kind.code,
            name=new.name,
            starts=new.starts,
            ends=new.ends,
            any_words=list(new.any_words),
            all_words=list(new.all_words),
            none_words=list(new.none_words),
        )
    )
    return int(added.inserted_primary_key[0])


def remove_event(connection: Connection, id: int) -> None:
    """Drop a major event."""
    connection.execute(event.delete().where(event.c.id == id))


def events(connection: Connection) -> Sequence[MajorEvent]:
    """All major events by date."""
    return [
        MajorEvent(
            row.id,
            EventKind.of(row.kind),
            row.name,
            row.starts,
            row.ends,
            tuple(row.any_words),
            tuple(row.all_words),
            tuple(row.none_words),
        )
        for row in connection.execute(select(event).order_by(event.c.starts, event.c.id))
    ]
