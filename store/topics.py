"""Keeping topics (话题) and major events (重大事件)."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, cast, func, or_, select

from domain.errors import InputError, NotFoundError
from domain.event import USUAL_EASE, EventKind, MajorEvent, Phase
from domain.query import TopicFilter
from domain.times import parse_moment
from domain.tone import Tone, ToneSentence, ToneShares
from domain.topic import ChangeKind, Heat, HeatPart, HourlyReports, SummarySentence, Topic, TopicChange
from store.schema import article, concern, event, new_id, topic, topic_change

log = logging.getLogger(__name__)

_CHUNK = 400  # ids in one query
NEAR = 0.25  # nearness from which a topic that was not flagged is worth a look


def _topic(row: Row[Any]) -> Topic:
    parts = {part: float(row.heat_parts.get(part.code, 0.0)) for part in HeatPart}
    return Topic(
        id=row.id,
        name=row.name,
        keywords=tuple(row.keywords),
        heat=Heat(parts, row.enough, row.rising),
        articles=row.articles,
        sources=row.sources,
        near_duplicates=row.carriers,
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
        tone=_tone(row.tone),
        nearness=row.nearness,
        matter=row.matter,
    )


def _tone(kept: dict[str, Any]) -> ToneShares:
    said = tuple(
        ToneSentence(s["article"], Tone.of(s["tone"]), s["text"], s["source"], tuple(s["words"]))
        for s in kept.get("said", ())
    )
    return ToneShares(kept.get("positive", 0), kept.get("neutral", 0), kept.get("negative", 0), said)


# Topics that people split off have ids of their own from here on, so that a window and the collector,
# which numbers its topics before it takes the lock, never give the same.
PEOPLES_IDS = 1_000_000_000


def next_id(connection: Connection, by_people: bool = False) -> int:
    """The id that the next new topic gets: of the collector's, or of those that people split off."""
    own = topic.c.id >= PEOPLES_IDS if by_people else topic.c.id < PEOPLES_IDS
    placed = article.c.topic_id >= PEOPLES_IDS if by_people else article.c.topic_id < PEOPLES_IDS
    last = connection.execute(select(func.max(topic.c.id)).where(own)).scalar()
    used = connection.execute(select(func.max(article.c.topic_id)).where(placed)).scalar()
    return max(int(last or 0), int(used or 0), PEOPLES_IDS if by_people else 0) + 1


def _conditions(chosen: TopicFilter) -> list[ColumnElement[bool]]:
    """What a filter asks for, as conditions on the topic table."""
    conditions: list[ColumnElement[bool]] = [topic.c.merged_into.is_(None)]
    if chosen.local:
        conditions.append(topic.c.local)
    if chosen.rising:
        conditions.append(topic.c.rising > 0)
    if chosen.event:
        conditions.append(
            cast(topic.c.events, String).contains(json.dumps(chosen.event, ensure_ascii=False), autoescape=True)
        )
    if chosen.area:
        conditions.append(topic.c.area == chosen.area)
    if chosen.tone:
        conditions.append(topic.c.leaning == chosen.tone.code)
    return conditions


def listing(
    connection: Connection,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
    chosen: TopicFilter | None = None,
    latest: datetime | None = None,
) -> list[Topic]:
    """Topics with news in [since, until], pinned first, then by heat; those with too few articles to judge last.

    Of those alike in this, what a wrong clock dated after `latest` comes last.
    """
    wrong = [topic.c.last_at > latest] if latest else []
    query: Select[Any] = (
        select(topic)
        .where(*_conditions(chosen or TopicFilter()))
        .order_by(topic.c.pinned.desc(), topic.c.enough.desc(), topic.c.heat.desc(), *wrong, topic.c.last_at.desc())
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


def names(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
    """The names of topics, and whether a person gave them; those that nobody has looked at yet are left out."""
    names: dict[int, tuple[str, bool]] = {}
    for i in range(0, len(ids), _CHUNK):
        query = select(topic.c.id, topic.c.name, topic.c.renamed).where(or_(topic.c.area != "", topic.c.renamed))
        query = query.where(topic.c.id.in_(ids[i : i + _CHUNK]))
        names.update((id, (name, renamed)) for id, name, renamed in connection.execute(query))
    return names


def newest(connection: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    """When the newest article of topics came; those that are not there are left out."""
    return _each(connection, ids, topic.c.last_at)


def _each(connection: Connection, ids: Sequence[int], column: Any) -> dict[int, Any]:
    values: dict[int, Any] = {}
    for i in range(0, len(ids), _CHUNK):
        for id, value in connection.execute(select(topic.c.id, column).where(topic.c.id.in_(ids[i : i + _CHUNK]))):
            values[id] = value
    return values


def of_ids(connection: Connection, ids: Sequence[int]) -> dict[int, Topic]:
    """Topics by id; those that are not there are left out."""
    by_id: dict[int, Topic] = {}
    for i in range(0, len(ids), _CHUNK):
        for row in connection.execute(select(topic).where(topic.c.id.in_(ids[i : i + _CHUNK]))):
            by_id[row.id] = _topic(row)
    return by_id


def areas(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The areas of topics."""
    areas: dict[int, str] = {}
    for i in range(0, len(ids), _CHUNK):
        rows = connection.execute(select(topic.c.id, topic.c.area).where(topic.c.id.in_(ids[i : i + _CHUNK])))
        areas.update({row.id: row.area for row in rows})
    return areas


def held_back(connection: Connection, since: datetime, limit: int = 300) -> list[tuple[Topic, str]]:
    """Topics with news since a moment that came near to being flagged, and what kept them; the nearest first.

    What belongs to a concern comes after them, what a person took up since is none of them.
    """
    near = (topic.c.nearness >= NEAR) | topic.c.matter.is_not(None)
    query = select(topic).where(topic.c.held != "", near, topic.c.last_at >= since, topic.c.merged_into.is_(None))
    query = query.where(topic.c.id.not_in(select(concern.c.topic_id)))
    rows = connection.execute(
        query.order_by(topic.c.matter.is_not(None), topic.c.nearness.desc(), topic.c.heat.desc(), topic.c.id).limit(
            limit
        )
    )
    return [(_topic(row), row.held) for row in rows]


def hours(connection: Connection, id: int) -> HourlyReports | None:
    """The stored curve of a topic; None before it was first looked at."""
    kept = connection.execute(select(topic.c.hours).where(topic.c.id == id)).scalar()
    if not kept:
        return None
    bursts = tuple((int(first), int(last)) for first, last in kept["bursts"])
    return HourlyReports(parse_moment(kept["start"]), tuple(kept["own"]), tuple(kept["carried"]), bursts)


def forward(connection: Connection, id: int, to: int | None) -> None:
    """A topic whose articles all went elsewhere leads there; None takes that back."""
    connection.execute(topic.update().where(topic.c.id == id).values(merged_into=to))


def begin(connection: Connection, id: int, like: int) -> None:
    """A new topic for articles split off another; the collector fills it in with its next look."""
    values = dict(connection.execute(select(topic).where(topic.c.id == like)).mappings().one())
    values.update(id=id, renamed=False, pinned=False, merged_into=None, heat=0.0, articles=0, held="", matter=None)
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
            stayed=[list(pair) for pair in change.stayed],
            undone=False,
        )
    )
    return new_id(added)


def get_change(connection: Connection, id: int) -> TopicChange | None:
    """One trace."""
    row = connection.execute(select(topic_change).where(topic_change.c.id == id)).first()
    return _change(row) if row else None


def changes(
    connection: Connection,
    topic_id: int | None = None,
    since: datetime | None = None,
    after: int | None = None,
) -> list[TopicChange]:
    """Traces, the oldest first; of one topic, or since a moment, where asked.

    `after` an id: those that came after it, and all that were undone.
    """
    query = select(topic_change).order_by(topic_change.c.id)
    if after is not None:
        query = query.where(or_(topic_change.c.id > after, topic_change.c.undone))
    if since is not None:
        query = query.where(topic_change.c.at >= since)
    if topic_id is not None:
        query = query.where(or_(topic_change.c.before == topic_id, topic_change.c.after == topic_id))
    return [_change(row) for row in connection.execute(query)]


def _change(row: Row[Any]) -> TopicChange:
    return TopicChange(
        row.id,
        row.at,
        row.who,
        ChangeKind.of(row.kind),
        row.before,
        row.after,
        tuple((int(id), bool(fixed)) for id, fixed in row.moved),
        row.undone,
        tuple((int(id), bool(fixed)) for id, fixed in row.stayed),
    )


def mark_undone(connection: Connection, change_id: int) -> None:
    """Note that a change was taken back."""
    connection.execute(topic_change.update().where(topic_change.c.id == change_id).values(undone=True))


def summary(connection: Connection, id: int) -> list[SummarySentence]:
    """The sentences of a topic's summary; those that early versions kept without their time have the topic's first."""
    row = connection.execute(select(topic.c.summary, topic.c.first_at).where(topic.c.id == id)).first()
    if row is None:
        return []
    return [
        SummarySentence(s["article"], s["text"], s["source"], parse_moment(s["at"]) if s.get("at") else row.first_at)
        for s in row.summary or ()
    ]


def held(connection: Connection, id: int) -> str:
    """Why a topic with reasons is not a concern."""
    return str(connection.execute(select(topic.c.held).where(topic.c.id == id)).scalar() or "")


def active_ids(connection: Connection, since: datetime, until: datetime | None = None) -> list[int]:
    """Topics with news since a moment; of those whose newest is from later than `until`, none."""
    query = select(topic.c.id).where(topic.c.last_at >= since)
    return list(connection.execute(query if until is None else query.where(topic.c.last_at <= until)).scalars())


def strayed_ids(connection: Connection, after: datetime, most: int) -> list[int]:
    """Topics with heat whose newest article is dated after a moment, where a clock that was wrong left them."""
    query = (
        select(topic.c.id)
        .where(topic.c.last_at > after, or_(topic.c.heat > 0, topic.c.enough))
        .order_by(topic.c.heat.desc())
    )
    return list(connection.execute(query.limit(most)).scalars())


def count_after(connection: Connection, moment: datetime) -> int:
    """How many topics have articles dated after a moment."""
    query = select(func.count()).select_from(topic).where(topic.c.last_at > moment, topic.c.merged_into.is_(None))
    return int(connection.execute(query).scalar_one())


def begun_since(connection: Connection, since: datetime) -> list[Topic]:
    """Topics that began since a moment and still stand for themselves, the hottest first."""
    query = select(topic).where(topic.c.first_at >= since, topic.c.merged_into.is_(None))
    return [_topic(row) for row in connection.execute(query.order_by(topic.c.heat.desc(), topic.c.id))]


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
    return new_id(connection.execute(event.insert().values(**_event_values(new))))


def change_event(connection: Connection, changed: MajorEvent) -> None:
    """Keep a major event as it is now."""
    connection.execute(event.update().where(event.c.id == changed.id).values(**_event_values(changed)))


def remove_event(connection: Connection, id: int) -> None:
    """Drop a major event."""
    connection.execute(event.delete().where(event.c.id == id))


def events(connection: Connection) -> Sequence[MajorEvent]:
    """All major events by date."""
    kept = []
    for row in connection.execute(select(event).order_by(event.c.starts, event.c.id)):
        try:
            kept.append(_event_of(row))
        except (InputError, TypeError, ValueError):  # earlier versions took what is refused now
            log.warning("major event %s cannot be used", row.id, exc_info=True)
    return kept


def _event_of(row: Any) -> MajorEvent:
    plan = row.plan or {}
    return MajorEvent(
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
