"""What a concern is called that nobody has judged: it follows what tells most of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from analysis.happenings import kinds_in
from analysis.labels import KEPT_FROM, figures_in
from desk.topics.flagging import COLLECTOR
from desk.topics.folding import topics_of
from desk.topics.matters import Facts, facts_of, same_place
from domain.concern import Concern, ConcernState
from domain.times import DAY
from domain.topic import Topic
from store import cases, record, topics
from store.database import Connection


def name_anew(connection: Connection, concerns: Iterable[Concern], now: datetime) -> None:
    """Call those that nobody has judged as `leading_name` says; where people named the own topic, as they did."""
    waiting = [concern for concern in concerns if concern.state is ConcernState.FLAGGED]
    found = topics_of(connection, waiting)
    names = topics.names(connection, [concern.topic_id for concern in waiting])
    for concern in waiting:
        own = next((topic for topic in found[concern.id] if topic.id == concern.topic_id), None)
        if own is None or own.id not in names:  # it went to a topic that nobody has looked at yet
            continue
        others = [topic for topic in found[concern.id] if topic is not own]
        name = own.name if names[own.id][1] else leading_name(own, others, concern.title)
        if name != concern.title:
            cases.update(connection, concern, title=name)
            before, after = {"title": concern.title}, {"title": name}
            record.append(connection, now, COLLECTOR, "关切随话题改题", f"concern:{concern.id}", before, after)


def leading_name(own: Topic, others: Sequence[Topic], title: str) -> str:
    """What a matter is called whose own topic is `own`, and that has a title by now.

    As its own topic while that has news. After a day without, as the hottest of the others that have, are of the same
    place and name the same kind of happening; those first whose names give figures of people.
    """
    facts = facts_of([own.name], own.places)
    kinds, lately = facts.kinds, max([own.last_at, *(topic.last_at for topic in others)]) - DAY
    if own.last_at > lately:
        return own.name
    telling = [t for t in others if t.last_at > lately and t.local and kinds & kinds_in(t.name) and _there(t, facts)]
    telling = [topic for topic in telling if figures_in(topic.name)] or telling
    if not telling:
        return own.name
    hottest = max(telling, key=lambda topic: topic.heat.value)
    keeps = any(t.name == title and t.heat.value >= KEPT_FROM * hottest.heat.value for t in telling)
    return title if keeps else hottest.name


def _there(topic: Topic, facts: Facts) -> bool:
    """Whether a topic names the place of a matter, where that has one."""
    return not facts.places or same_place(facts_of([topic.name], topic.places).places, facts.places, facts.kinds)
