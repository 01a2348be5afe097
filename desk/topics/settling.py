"""Settling: where articles went is written down, with traces of what the machine merged or split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from analysis.centroid import CONTINUED
from analysis.topics import Move, TopicWindow
from desk.topics.flagging import COLLECTOR, flagged_for, follow_topic
from desk.topics.following import Followed, follow
from desk.topics.placing import Placed
from domain.topic import ChangeKind, TopicChange
from store import articles, looks, topics
from store.articles import ArticleWords
from store.database import Connection
from store.looks import Begun


def settle(
    connection: Connection, window: TopicWindow, followed: Mapping[int, bool], placed: Placed, now: datetime
) -> dict[int, bool]:
    """Keep where articles went, after what people decided while it was computed; the changes followed now."""
    decided = follow_new(connection, window, followed, now)
    _lead_on(connection, window, [p.article_id for p in placed.placements])
    went = {p.article_id: window.topic_of(p.article_id) or p.topic_id for p in placed.placements}
    articles.place(connection, [(p.article_id, went[p.article_id], p.repeats) for p in placed.placements])
    kept = [m for m in placed.moves if m.article_id not in went and window.topic_of(m.article_id) == m.after]
    to = defaultdict[int, list[int]](list)
    for move in kept:
        to[move.after].append(move.article_id)
    for topic, ids in to.items():
        articles.move(connection, ids, topic)
    begun = {topic: id for id, topic in reversed(went.items())}
    begun = {**{topic: ids[0] for topic, ids in to.items()}, **begun}
    new = {topic: id for topic, id in begun.items() if topic >= placed.first_new}
    looks.begin(connection, _begun(connection, new, {told.id: told for told in placed.articles}))
    traces = _trace(connection, kept, now)
    looks.mark_due(connection, {*went.values(), *to, *(move.before for move in kept), *decided.topics})
    return {**decided.changes, **traces}


def follow_new(connection: Connection, window: TopicWindow, followed: Mapping[int, bool], now: datetime) -> Followed:
    """Follow what people decided since the last change that was followed."""
    changes = topics.changes(connection, since=now - CONTINUED, after=max(followed, default=0))
    return follow(window, followed, changes)


def _lead_on(connection: Connection, window: TopicWindow, ids: Sequence[int]) -> None:
    """What was placed in a topic that somebody has just merged away goes where that leads."""
    places = {id: topic for id in ids if (topic := window.topic_of(id)) is not None}
    leads = looks.leads(connection, sorted(set(places.values())))
    for id in places if leads else ():
        if (topic := window.topic_of(id)) is not None and topic in leads:
            window.move([id], topics.forwarded(connection, topic), fixed=False)


def _begun(connection: Connection, new: Mapping[int, int], part: Mapping[int, ArticleWords]) -> list[Begun]:
    """New topics by their first article, given as topic → article."""
    elsewhere = articles.by_ids(connection, [id for id in new.values() if id not in part])
    heads: dict[int, tuple[str, str, datetime]] = {a.id: (a.title, a.source, a.published_at) for a in elsewhere}
    heads.update((id, (told.title, told.source, told.published_at)) for id, told in part.items())
    return [Begun(topic, *heads[id]) for topic, id in sorted(new.items())]


def _trace(connection: Connection, moves: Sequence[Move], now: datetime) -> dict[int, bool]:
    """Leave a trace of what the machine merged or split; an emptied topic leads on, its concern goes along, and where a
    topic is split a concern goes with the report that it was flagged for.

    The changes that were kept, which the window holds already.
    """
    kept: dict[int, bool] = {}
    went: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for move in moves:
        went[move.before, move.after].append(move.article_id)
    left = articles.marks(connection, sorted({before for before, _ in went}))
    emptied = {before for before, (count, _) in left.items() if not count}
    for (before, after), ids in went.items():
        kind = ChangeKind.JOINED if before in emptied else ChangeKind.PARTED
        moved = tuple((id, False) for id in ids)
        kept[topics.add_change(connection, TopicChange(0, now, COLLECTOR, kind, before, after, moved))] = False
    for before in sorted(emptied):
        after = max((pair for pair in went if pair[0] == before), key=lambda pair: len(went[pair]))[1]
        topics.forward(connection, before, after)
        follow_topic(connection, before, after, ChangeKind.JOINED, now)
    for (before, after), ids in went.items():
        if before not in emptied and flagged_for(connection, before) in ids:
            follow_topic(connection, before, after, ChangeKind.PARTED, now)
    return kept
