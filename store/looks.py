"""Keeping what the collector sees in topics (话题), and which it has yet to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select

from domain.tone import Tone, ToneShares
from domain.topic import HourlyReports, SummarySentence, Topic
from store.schema import article, ranking, topic, topic_due

_CHUNK = 400  # ids in one query


@dataclass(frozen=True, slots=True)
class Look:
    """A topic as the collector sees it, with its summary, why it is held back (empty: it is not), and its curve."""

    topic: Topic
    summary: Sequence[SummarySentence] = ()
    held: str = ""
    hours: HourlyReports | None = None
    nearness: float = 0.0


@dataclass(frozen=True, slots=True)
class Stood:
    """Where an article stood on a hot list (热榜): its best rank, from when to when."""

    source_id: int
    rank: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """A topic that has just begun, by its first article; the next look fills it in."""

    id: int
    title: str
    source: str
    at: datetime


def _values(look: Look) -> dict[str, Any]:
    shown = look.topic
    return {
        "keywords": list(shown.keywords),
        "summary": [_sentence(each) for each in look.summary],
        "heat": round(shown.heat.value, 2),
        "heat_parts": {part.code: round(value, 1) for part, value in shown.heat.parts.items()},
        "enough": shown.heat.enough,
        "rising": shown.heat.rising,
        "articles": shown.articles,
        "sources": shown.sources,
        "carriers": shown.near_duplicates,
        "first_at": shown.first_at,
        "last_at": shown.last_at,
        "first_source": shown.first_source,
        "area": shown.area,
        "places": list(shown.places),
        "local": shown.local,
        "events": list(shown.events),
        "held": look.held,
        "nearness": round(look.nearness, 3),
        "area_ground": shown.area_ground,
        "merged_into": None,
        "hours": _hours(look.hours) if look.hours else {},
        "tone": _tone(shown.tone),
        "leaning": shown.tone.prevailing.code if shown.tone.prevailing else "",
    }


def _tone(shares: ToneShares) -> dict[str, Any]:
    said = [
        {"article": s.article_id, "tone": s.tone.code, "text": s.sentence, "source": s.source, "words": list(s.words)}
        for s in shares.said
    ]
    return {**{tone.code: shares.count(tone) for tone in Tone}, "said": said}


def _sentence(told: SummarySentence) -> dict[str, Any]:
    return {"article": told.article_id, "text": told.text, "source": told.source, "at": told.at.isoformat()}


def _hours(curve: HourlyReports) -> dict[str, Any]:
    bursts = [list(span) for span in curve.bursts]
    return {"start": curve.start.isoformat(), "own": list(curve.own), "carried": list(curve.carried), "bursts": bursts}


def save(connection: Connection, looks: Sequence[Look]) -> None:
    """Keep topics as they were seen, in one statement; what people set (name, pin) stays, a new one is added."""
    if not looks:
        return
    known = _known(connection, [look.topic.id for look in looks])
    new = [look for look in looks if look.topic.id not in known]
    if new:
        own = {"renamed": False, "pinned": False}
        rows = [{"id": look.topic.id, "name": look.topic.name, **own, **_values(look)} for look in new]
        connection.execute(topic.insert(), rows)
    old = [
        {"of": look.topic.id, "called": look.topic.name, **_values(look)} for look in looks if look.topic.id in known
    ]
    if old:
        name = case((topic.c.renamed, topic.c.name), else_=bindparam("called"))
        columns: dict[str, Any] = {key: bindparam(key) for key in old[0] if key not in ("of", "called")}
        connection.execute(topic.update().where(topic.c.id == bindparam("of")).values(name=name, **columns), old)


def begin(connection: Connection, begun: Sequence[Begun]) -> None:
    """Add topics that have just begun, where they are not there yet, so that no article is ever in none."""
    known = _known(connection, [item.id for item in begun])
    rows = [
        {
            "id": item.id,
            "name": item.title,
            "renamed": False,
            "pinned": False,
            "keywords": [],
            "summary": [],
            "heat": 0.0,
            "heat_parts": {},
            "enough": False,
            "rising": 0,
            "articles": 1,
            "sources": 1,
            "carriers": 0,
            "first_at": item.at,
            "last_at": item.at,
            "first_source": item.source,
            "area": "",
            "places": [],
            "local": False,
            "events": [],
            "hours": {},
            "tone": {},
            "leaning": "",
        }
        for item in begun
        if item.id not in known
    ]
    if rows:
        connection.execute(topic.insert(), rows)


def due(connection: Connection, since: datetime) -> tuple[list[int], list[int]]:
    """Topics whose articles changed since they were looked at: those with news since a moment, and the others."""
    query = select(topic_due.c.topic_id, topic.c.last_at)
    query = query.join_from(topic_due, topic, topic.c.id == topic_due.c.topic_id, isouter=True)
    due = [(id, at is None or at >= since) for id, at in connection.execute(query.order_by(topic_due.c.topic_id))]
    return [id for id, fresh in due if fresh], [id for id, fresh in due if not fresh]


def mark_due(connection: Connection, ids: Iterable[int]) -> None:
    """Have topics looked at, next time or after the next start."""
    wanted = sorted(set(ids))
    for i in range(0, len(wanted), _CHUNK):
        chunk = wanted[i : i + _CHUNK]
        known = set(connection.execute(select(topic_due.c.topic_id).where(topic_due.c.topic_id.in_(chunk))).scalars())
        if rows := [{"topic_id": id} for id in chunk if id not in known]:
            connection.execute(topic_due.insert(), rows)


def done(connection: Connection, ids: Sequence[int]) -> None:
    """Topics have been looked at as their articles are now."""
    for i in range(0, len(ids), _CHUNK):
        connection.execute(topic_due.delete().where(topic_due.c.topic_id.in_(ids[i : i + _CHUNK])))


def leads(connection: Connection, ids: Sequence[int]) -> Mapping[int, int]:
    """Where topics that were merged away lead to, the next step; those that stand are left out."""
    leads_to: dict[int, int] = {}
    for i in range(0, len(ids), _CHUNK):
        query = select(topic.c.id, topic.c.merged_into)
        query = query.where(topic.c.id.in_(ids[i : i + _CHUNK]), topic.c.merged_into.is_not(None))
        leads_to.update((id, int(to)) for id, to in connection.execute(query))
    return leads_to


def matters(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """The concerns that topics belong to without being flagged themselves, by topic."""
    concern_of: dict[int, int] = {}
    for i in range(0, len(ids), _CHUNK):
        query = select(topic.c.id, topic.c.matter)
        query = query.where(topic.c.id.in_(ids[i : i + _CHUNK]), topic.c.matter.is_not(None))
        concern_of.update((id, int(to)) for id, to in connection.execute(query))
    return concern_of


def belongs(connection: Connection, id: int, concern: int | None) -> None:
    """A topic belongs to a concern's matter; None takes that back."""
    connection.execute(topic.update().where(topic.c.id == id).values(matter=concern))


def topics_of(connection: Connection, concerns: Sequence[int]) -> dict[int, list[int]]:
    """The topics that belong to concerns beside their own, by concern."""
    topics: dict[int, list[int]] = {id: [] for id in concerns}
    for i in range(0, len(concerns), _CHUNK):
        query = select(topic.c.matter, topic.c.id).where(topic.c.matter.in_(concerns[i : i + _CHUNK]))
        for concern, id in connection.execute(query.order_by(topic.c.id)):
            topics[concern].append(id)
    return topics


def noticed(connection: Connection, ids: Sequence[int], since: datetime) -> dict[int, list[Stood]]:
    """Where the articles of topics stood on hot lists since a moment."""
    standings: dict[int, list[Stood]] = {}
    for i in range(0, len(ids), _CHUNK):
        query = (
            select(
                article.c.topic_id,
                ranking.c.source_id,
                func.min(ranking.c.rank),
                func.min(ranking.c.at),
                func.max(ranking.c.at),
            )
            .join(ranking, (ranking.c.source_id == article.c.source_id) & (ranking.c.key == article.c.key))
            .where(article.c.topic_id.in_(ids[i : i + _CHUNK]), ranking.c.at >= since)
            .group_by(article.c.id)
        )
        for topic_id, source_id, rank, first, last in connection.execute(query):
            standings.setdefault(topic_id, []).append(Stood(source_id, rank, first, last))
    return standings


def _known(connection: Connection, ids: Sequence[int]) -> set[int]:
    known: set[int] = set()
    for i in range(0, len(ids), _CHUNK):
        known.update(connection.execute(select(topic.c.id).where(topic.c.id.in_(ids[i : i + _CHUNK]))).scalars())
    return known
