"""Keeping topics (话题) and major events (重大事件)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, cast, func, or_, select

from domain.errors import NotFoundError
from domain.event import USUAL_EASE, EventKind, MajorEvent, Phase
from domain.topic import ChangeKind, Heat, HeatPart, Topic, TopicChange
from store.schema import event, topic, topic_change

_CHUNK = 400  # ids in one query


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
        area_ground=row.area_ground,
    )


# Topics that people split off have ids of their own from here on, so that a window and the collector,
# which numbers its topics before it takes the lock, never give the same.
PEOPLES_IDS = 1_000_000_000


def next_id(connection: Connection, by_people: bool = False) -> int:
    """The id that the next new topic gets: of the collector's, or of those that people split off."""
    own = topic.c.id >= PEOPLES_IDS if by_people else topic.c.id < PEOPLES_IDS
    last = connection.execute(select(func.max(topic.c.id)).where(own)).scalar()
    return int(last or (PEOPLES_IDS if by_people else 0)) + 1


def save(
    connection: Connection, found: Topic, summary: list[dict[str, Any]], held: str, hours: dict[str, Any] | None = None
) -> None:
    """Keep a topic as the collector sees it; what people set (name, pin) stays.

    `hours` is its curve: start (ISO), own and carried reports per hour from there, bursts as pairs of hours.
    """
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
        "area_ground": found.area_ground,
        "merged_into": None,
        "hours": hours or {},
    }
    row = connection.execute(select(topic.c.renamed).where(topic.c.id == found.id)).first()
    if row is None:
        connection.execute(topic.insert().values(id=found.id, name=found.name, renamed=False, pinned=False, **values))
        return
    if not row.renamed:
        values["name"] = found.name
    connection.execute(topic.update().where(topic.c.id == found.id).values(**values))


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """Which topics to list; what is empty or False is not asked for."""

    local: bool = False
    rising: bool = False
    event: str = ""
    area: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the topic table."""
        found: list[ColumnElement[bool]] = [topic.c.merged_into.is_(None)]
        if self.local:
            found.append(topic.c.local)
        if self.rising:
            found.append(topic.c.rising > 0)
        if self.event:
            found.append(
                cast(topic.c.events, String).contains(json.dumps(self.event, ensure_ascii=False), autoescape=True)
            )
        if self.area:
            found.append(topic.c.area == self.area)
        return found


def listing(
    connection: Connection,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
    chosen: TopicFilter | None = None,
) -> list[Topic]:
    """Topics with news in [since, until], pinned first, then by heat; those with too few articles to judge last."""
    query: Select[Any] = (
        select(topic)
        .where(*(chosen or TopicFilter()).conditions())
        .order_by(topic.c.pinned.desc(), topic.c.enough.desc(), topic.c.heat.desc(), topic.c.last_at.desc())
    )
    if since is not None:
        query = query.where(topic.c.last_at >= since)
    if until is not None:
        query = query.where(topic.c.first_at <= until)
    return [_topic(row) for row in connection.execute(query.limit(limit))]


def get(connection: Connection, id: int) -> Topic:
    """One topic, or the one it was merged into. Raises NotFoundError."""
    row = connection.execute(select(topic).where(topic.c.id == forwarded(connection, id))).first()
    if row is None:
        raise NotFoundError(f"没有编号为 {id} 的话题。用 topics 看有哪些。")
    return _topic(row)


def forwarded(connection: Connection, id: int) -> int:
    """The topic that an id leads to now: itself, or what it was merged into, over as many steps as there are."""
    seen = {id}
    while (to := connection.execute(select(topic.c.merged_into).where(topic.c.id == id)).scalar()) and to not in seen:
        seen.add(to)
        id = to
    return id


def names(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The names of topics; those that are not there yet are left out."""
    return _each(connection, ids, topic.c.name)


def newest(connection: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    """When the newest article of topics came; those that are not there are left out."""
    return _each(connection, ids, topic.c.last_at)


def _each(connection: Connection, ids: Sequence[int], column: Any) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for i in range(0, len(ids), _CHUNK):
        for id, value in connection.execute(select(topic.c.id, column).where(topic.c.id.in_(ids[i : i + _CHUNK]))):
            found[id] = value
    return found


def of_ids(connection: Connection, ids: Sequence[int]) -> dict[int, Topic]:
    """Topics by id; those that are not there are left out."""
    found: dict[int, Topic] = {}
    for i in range(0, len(ids), _CHUNK):
        for row in connection.execute(select(topic).where(topic.c.id.in_(ids[i : i + _CHUNK]))):
            found[row.id] = _topic(row)
    return found


def areas(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The areas of topics."""
    found: dict[int, str] = {}
    for i in range(0, len(ids), _CHUNK):
        rows = connection.execute(select(topic.c.id, topic.c.area).where(topic.c.id.in_(ids[i : i + _CHUNK])))
        found.update({row.id: row.area for row in rows})
    return found


def held_back(connection: Connection, since: datetime, limit: int = 300) -> list[tuple[Topic, str]]:
    """Topics with news since a moment that have reasons but were not flagged, and why; the hottest first."""
    query = select(topic).where(topic.c.held != "", topic.c.last_at >= since, topic.c.merged_into.is_(None))
    rows = connection.execute(query.order_by(topic.c.heat.desc(), topic.c.id).limit(limit))
    return [(_topic(row), row.held) for row in rows]


def hours(connection: Connection, id: int) -> dict[str, Any]:
    """The stored curve of a topic; see `save`."""
    return dict(connection.execute(select(topic.c.hours).where(topic.c.id == id)).scalar() or {})


def forward(connection: Connection, id: int, to: int | None) -> None:
    """A topic whose articles all went elsewhere leads there; None takes that back."""
    connection.execute(topic.update().where(topic.c.id == id).values(merged_into=to))


def begin(connection: Connection, id: int, like: int) -> None:
    """A new topic for articles split off another; the collector fills it in with its next look."""
    values = dict(connection.execute(select(topic).where(topic.c.id == like)).mappings().one())
    values.update(id=id, renamed=False, pinned=False, merged_into=None, heat=0.0, articles=0, held="")
    connection.execute(topic.insert().values(**values))


def add_change(connection: Connection, change: TopicChange) -> int:
    """Keep a trace; its id."""
    added = connection.execute(
        topic_change.insert().values(
            at=change.at,
            who=change.who,
            kind=change.kind.code,
            before=change.before,
            after=change.after,
            moved=[list(pair) for pair in change.moved],
            undone=False,
        )
    )
    return int(added.inserted_primary_key[0])


def changes(connection: Connection, topic_id: int | None = None, since: datetime | None = None) -> list[TopicChange]:
    """Traces, the oldest first; of one topic, or since a moment, where asked."""
    query = select(topic_change).order_by(topic_change.c.id)
    if since is not None:
        query = query.where(topic_change.c.at >= since)
    if topic_id is not None:
        query = query.where(or_(topic_change.c.before == topic_id, topic_change.c.after == topic_id))
    return [
        TopicChange(
            row.id,
            row.at,
            row.who,
            ChangeKind.of(row.kind),
            row.before,
            row.after,
            tuple((int(id), bool(fixed)) for id, fixed in row.moved),
            row.undone,
        )
        for row in connection.execute(query)
    ]


def mark_undone(connection: Connection, change_id: int) -> None:
    """Note that a change was taken back."""
    connection.execute(topic_change.update().where(topic_change.c.id == change_id).values(undone=True))


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


def _event_values(new: MajorEvent) -> dict[str, Any]:
    return {
        "kind": new.kind.code,
        "name": new.name,
        "starts": new.starts,
        "ends": new.ends,
        "any_words": list(new.any_words),
        "all_words": list(new.all_words),
        "none_words": list(new.none_words),
        "plan": {
            "weighted": [list(pair) for pair in new.weighted],
            "threshold": new.threshold,
            "place": new.place,
            "ease": new.ease,
            "phases": [[p.name, p.starts.isoformat(), p.ends.isoformat()] for p in new.phases],
            "answers": new.answers,
            "on_duty": new.on_duty,
            "tasks": list(new.tasks),
        },
    }


def add_event(connection: Connection, new: MajorEvent) -> int:
    """Keep a major event; its id."""
    return int(connection.execute(event.insert().values(**_event_values(new))).inserted_primary_key[0])


def change_event(connection: Connection, changed: MajorEvent) -> None:
    """Keep a major event as it is now."""
    connection.execute(event.update().where(event.c.id == changed.id).values(**_event_values(changed)))


def remove_event(connection: Connection, id: int) -> None:
    """Drop a major event."""
    connection.execute(event.delete().where(event.c.id == id))


def events(connection: Connection) -> Sequence[MajorEvent]:
    """All major events by date."""
    found = []
    for row in connection.execute(select(event).order_by(event.c.starts, event.c.id)):
        plan = row.plan or {}
        found.append(
            MajorEvent(
                row.id,
                EventKind.of(row.kind),
                row.name,
                row.starts,
                row.ends,
                tuple(row.any_words),
                tuple(row.all_words),
                tuple(row.none_words),
                tuple((str(word), float(weight)) for word, weight in plan.get("weighted", ())),
                plan.get("threshold", 2.0),
                plan.get("place", ""),
                plan.get("ease", USUAL_EASE),
                tuple(Phase(n, date.fromisoformat(a), date.fromisoformat(b)) for n, a, b in plan.get("phases", ())),
                plan.get("answers", ""),
                plan.get("on_duty", ""),
                tuple(plan.get("tasks", ())),
            )
        )
    return found
