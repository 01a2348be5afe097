"""Topics folded into matters (事件): what one concern holds, or what tells of one happening before there is a concern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.happenings import Kind
from desk.topics.flagging import gone_to
from desk.topics.matters import COUNTRYWIDE, Facts, facts_of, same_place
from domain.concern import Concern
from domain.query import TopicFilter
from domain.times import DAY
from domain.titles import pairs_of, shared
from domain.topic import Heat, Topic
from store import articles, cases, looks, topics
from store.database import Connection, Database

SHARED_PAIRS = 0.65  # of the pairs of characters of the shorter title, from which two titles tell of one happening
GOES_ON = 3 * DAY  # before a moment, in which a matter had news that what is new may go on with
LATELY = 3 * DAY  # before a moment, in which what is hot had news
MOST_READ = 2_000  # topics that are folded for a list


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: the topic that stands for it first, then the others, the hottest first; its concern, if it is one.

    `articles` and `sources` count those of all its topics.
    """

    topics: tuple[Topic, ...]
    concern: Concern | None
    articles: int
    sources: int

    @property
    def lead(self) -> Topic:
        """The topic that stands for the matter."""
        return self.topics[0]

    @property
    def heat(self) -> Heat:
        """The heat of its hottest topic."""
        return hottest(self.topics)

    @property
    def last_at(self) -> datetime:
        """When any of its topics was last reported."""
        return max(topic.last_at for topic in self.topics)

    @property
    def name(self) -> str:
        """What people call it: the concern's name, else its first topic's."""
        return self.concern.title if self.concern else self.lead.name


@dataclass(slots=True)
class _Pile:
    concern: Concern | None
    facts: Facts
    topics: list[Topic]


def list_matters(
    database: Database,
    since: datetime | None = None,
    limit: int = 200,
    chosen: TopicFilter | None = None,
    now: datetime | None = None,
) -> list[Matter]:
    """Matters in the order of `list_topics`, by the first of their topics; as many as asked."""
    with database.read() as connection:
        return matters_in(connection, since, limit, chosen, now)


def matters_in(
    connection: Connection,
    since: datetime | None = None,
    limit: int = 200,
    chosen: TopicFilter | None = None,
    now: datetime | None = None,
) -> list[Matter]:
    """The same, inside a reading that has begun."""
    listed = topics.listing(connection, since, None, MOST_READ, chosen, now + DAY if now else None)
    return _counted(connection, fold(listed, concerns_of(connection, [topic.id for topic in listed]))[:limit])


def concerns_of(connection: Connection, ids: Sequence[int]) -> dict[int, Concern]:
    """The concerns that topics belong to, their own ones too, by topic; those of none are left out."""
    own, beside = cases.of_topics(connection, ids), looks.matters(connection, ids)
    others = {id: cases.get(connection, id) for id in set(beside.values())}
    known = {**{topic: others[id] for topic, id in beside.items()}, **own}
    return {id: to for id, concern in known.items() if (to := gone_to(connection, concern)) is not None}


def count_new(connection: Connection, since: datetime) -> int:
    """How many matters began since a moment; what goes on with one that began before is nothing new."""
    new = {topic.id: topic for topic in topics.begun_since(connection, since)}
    lately = topics.listing(connection, since - GOES_ON, None, MOST_READ)
    listed = [*(topic for topic in lately if topic.id not in new), *new.values()]
    return sum(
        all(topic.id in new for topic in matter.topics)
        and (matter.concern is None or matter.concern.first_report_at >= since)
        for matter in fold(listed, concerns_of(connection, [topic.id for topic in listed]))
    )


def topics_of(connection: Connection, known: Sequence[Concern]) -> dict[int, list[Topic]]:
    """The topics of each concern, its own first."""
    beside = looks.topics_of(connection, [concern.id for concern in known])
    ids = {c.id: dict.fromkeys((topics.forwarded(connection, c.topic_id), *beside[c.id])) for c in known}
    topic_of = topics.of_ids(connection, sorted({id for some in ids.values() for id in some}))
    return {id: [topic_of[topic] for topic in some if topic in topic_of] for id, some in ids.items()}


def hottest(some: Iterable[Topic]) -> Heat:
    """The heat of the hottest of some topics."""
    return max((topic.heat for topic in some), key=lambda heat: (heat.enough, heat.value))


def fold(found: Iterable[Topic], concerns: Mapping[int, Concern]) -> list[Matter]:
    """Topics as matters, in the order of their first topics; the concern's own topic stands for it."""
    piles: list[_Pile] = []
    of_concern: dict[int, _Pile] = {}
    of_kind = defaultdict[Kind, list[_Pile]](list)
    for topic in found:
        concern, facts = concerns.get(topic.id), facts_of([topic.name], topic.places)
        if concern is not None:
            pile = of_concern.get(concern.id)
        else:
            alike = (pile for kind in facts.kinds | facts.follows for pile in of_kind[kind])
            pile = next((one for one in alike if _one(topic, facts, one)), None)
        if pile is None:
            pile = _Pile(concern, facts, [])
            piles.append(pile)
            if concern is not None:
                of_concern[concern.id] = pile
            else:
                for kind in facts.kinds:
                    of_kind[kind].append(pile)
        pile.topics.append(topic)
    return [_matter(pile) for pile in piles]


def _matter(pile: _Pile) -> Matter:
    own = pile.concern.topic_id if pile.concern else None
    ordered = tuple(sorted(pile.topics, key=lambda topic: topic.id != own))
    return Matter(ordered, pile.concern, sum(t.articles for t in ordered), max(t.sources for t in ordered))


def _one(topic: Topic, facts: Facts, pile: _Pile) -> bool:
    """Whether a topic tells of the happening of a pile: the same kind, in the same named place, while it lasts, and in
    words of the same title where a place may have two such happenings.
    """
    first = pile.topics[0]
    apart = max(timedelta(0), topic.first_at - first.last_at, first.first_at - topic.last_at)
    kinds = {kind for kind in (facts.kinds | facts.follows) & pile.facts.kinds if apart <= kind.days * DAY}
    here = same_place(facts.places, pile.facts.places, kinds)
    if not kinds or not (here or kinds & COUNTRYWIDE):
        return False
    return any(kind.single for kind in kinds) or shared(pairs_of(topic.name), pairs_of(first.name)) >= SHARED_PAIRS


def _counted(connection: Connection, matters: Sequence[Matter]) -> list[Matter]:
    """Matters of several topics with the sources that all of them have together."""
    several = [topic.id for matter in matters if len(matter.topics) > 1 for topic in matter.topics]
    sources = {id: {m.source for m in members} for id, members in articles.members(connection, several).items()}
    return [
        Matter(m.topics, m.concern, m.articles, len(set[str]().union(*(sources[t.id] for t in m.topics))))
        if len(m.topics) > 1
        else m
        for m in matters
    ]
