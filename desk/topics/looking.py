"""Looking at topics whose articles changed, then at all that are active; keeping what is seen; flagging concerns."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf

from analysis.concerns import with_own
from analysis.heat import windows_of
from analysis.parallel import Helpers
from analysis.topics import TopicWindow
from desk.collecting.turns import Turns
from desk.office.habits import weights_in_use
from desk.office.particulars import office, own_words
from desk.topics.flagging import flag, follow_up, gone_to
from desk.topics.look import HEAT_WINDOW, REFRESHED, Asked, Needing, Seen, Setting, TopicLooks, hourly_of, hours_of
from desk.topics.matters import Matters
from desk.topics.naming import name_anew
from domain.concern import Concern, ReasonCode
from domain.times import DAY, HOUR, china_day
from store import articles, cases, looks, topics
from store.database import Connection, Database
from store.looks import Look

TOGETHER = 40  # topics that are looked at together
MOST_STRAYED = 2000  # topics dated in the future that are looked at in one turn
OFTEN = timedelta(minutes=5)  # the heat of every topic of three days is found anew
LOOK_EVERY = 30.0  # seconds, while a backlog is worked off, from one look at what is new to the next


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The topics that were looked at, the new concerns, and how many topics are still due."""

    topics: frozenset[int] = frozenset()
    flagged: tuple[int, ...] = ()
    due: int = 0


@dataclass(frozen=True, slots=True)
class _Looking:
    """Some topics to be looked at: each as it is asked about, its concern or the one it belongs to, and the marks of its
    articles by then.
    """

    ids: Sequence[int]

    needing: Needing
    concerns: Mapping[int, Concern | None]
    belongs: Mapping[int, int]
    marks: Mapping[int, tuple[int, int]]
    empty: Sequence[int]


class Looking:
    """Turn after turn over the topics: those that are due, then all that are active, as far as the time goes."""

    def __init__(
        self, database: Database, turns: Turns, window: TopicWindow, now: datetime, helpers: Helpers | None
    ) -> None:
        self._database, self._turns = database, turns
        self._looks = TopicLooks(read_setting(database, now), window, helpers)
        self._active: list[int] = []  # topics whose heat is still to be found anew in this turn of all of them
        self._all_looked_at: datetime | None = None
        self._new_looked_at = -inf
        self._flagged: list[int] = []  # not told yet: a look that is broken off is told of with the next

    def around(self, window: TopicWindow, now: datetime, ends: float, waiting: int) -> LookedAt:
        """Look at the topics whose articles changed, those with news first, then at all that are active.

        While a backlog (`waiting`) is worked off, at those with news only, and not after every part. It goes on until
        `ends` (on the monotonic clock).
        """
        due = self._due(now, waiting)
        if waiting and (not due or time.monotonic() - self._new_looked_at < LOOK_EVERY):
            return LookedAt(due=len(due))
        self._looks.begin(read_setting(self._database, now), window)
        with self._database.read() as connection:
            matters = Matters.read(connection, window, now)
        known = set(due)
        todo = [*due, *(id for id in self._active if id not in known)]
        seen, at = set[int](), 0
        later: list[tuple[Seen, tuple[int, int]]] = []  # what is no concern by itself but may belong to one
        with closing(self._asked(todo, now)) as asked:
            for some in asked:
                seen |= self._look_at(matters, some, now, later)
                at += TOGETHER
                if time.monotonic() > ends:
                    break
        for start in range(0, len(later), TOGETHER):
            self._settle(matters, later[start : start + TOGETHER], now)
        self._new_looked_at = time.monotonic()
        self._active = [id for id in todo[at:] if id not in known]
        flagged, self._flagged = tuple(self._flagged), []
        return LookedAt(frozenset(seen), flagged, len(todo[at:]) if not waiting else len(due[at:]))

    def _due(self, now: datetime, waiting: int) -> list[int]:
        """The topics whose articles changed; every few minutes all that are active come after them."""
        with self._database.read() as connection:
            due, older = looks.due(connection, now - REFRESHED)
            due += [] if waiting else older
            if self._all_looked_at is None or not timedelta(0) <= now - self._all_looked_at < OFTEN:
                self._active = topics.active_ids(connection, now - REFRESHED, now + DAY)
                # What a clock that was wrong dated in the future would keep the heat it had there.
                self._active += topics.strayed_ids(connection, now + DAY, MOST_STRAYED)
                self._all_looked_at = now
                self._looks.keep({*self._active, *due})
        return due

    def _asked(self, todo: Sequence[int], now: datetime) -> Generator[_Looking]:
        """Topics as the store has them, so many together, with their articles read; the next are read meanwhile."""
        asked = deque[_Looking]()

        def needing() -> Iterator[Needing]:
            for at in range(0, len(todo), TOGETHER):
                with self._database.read() as connection:
                    asked.append(_ask(connection, self._looks, todo[at : at + TOGETHER], now))
                yield asked[-1].needing

        for _ in self._looks.read(needing(), len(todo)):
            yield asked.popleft()

    def _look_at(
        self, matters: Matters, looking: _Looking, now: datetime, later: list[tuple[Seen, tuple[int, int]]]
    ) -> set[int]:
        """Look at some topics anew and keep what is seen, unless people changed them meanwhile.

        What may belong to a concern is left for `later`, when all that are flagged in this turn are known: so it does
        not matter which topics are looked at together.
        """
        seen = self._looks.look(looking.needing)
        held = {id: of for id, to in looking.belongs.items() if (of := matters.concern(to)) is not None}
        gone = [
            one.topic.id for one in seen if one.topic.id in held and matters.released(one.topic, held[one.topic.id])
        ]
        belong = {id: of for id, of in held.items() if id not in gone}
        free = [one for one in seen if looking.concerns.get(one.topic.id) is None and one.topic.id not in belong]
        new = [(one, looking.marks[one.topic.id]) for one in free if one.suggestion.flagged]
        near = [one for one in free if not one.suggestion.flagged and one.suggestion.nearness >= topics.NEAR]
        later += [(one, looking.marks[one.topic.id]) for one in near]
        open_still = {one.topic.id for one, _ in new} | {one.topic.id for one in near}
        with self._turns.write() as connection:
            marks = articles.marks(connection, looking.ids)
            for id in gone:
                looks.belongs(connection, id, None)
            same = [one for one in seen if marks[one.topic.id] == looking.marks[one.topic.id]]
            others = [one for one in same if one.topic.id not in open_still]
            _keep(connection, others, now, belong)
            done = [one.topic.id for one in others] + [id for id in looking.empty if not marks[id][0]]
            looks.done(connection, done)
        # The oldest and hottest first, so that a matter begins with the topic that tells most of it.
        self._settle(matters, sorted(new, key=lambda pair: (pair[0].topic.first_at, -pair[0].topic.heat.value)), now)
        return {one.topic.id for one in seen}

    def _settle(self, matters: Matters, some: Sequence[tuple[Seen, tuple[int, int]]], now: datetime) -> None:
        """Flag topics, or hold them under the concerns they belong to, or neither; unless people moved their articles."""
        if not some:
            return
        with self._turns.write() as connection:
            marks = articles.marks(connection, [one.topic.id for one, _ in some])
            still = [one for one, mark in some if marks[one.topic.id] == mark]
            begun = _flag(connection, matters, still, now)
        self._flagged += begun


def _flag(connection: Connection, matters: Matters, some: Sequence[Seen], now: datetime) -> list[int]:
    """Flag topics, or hold each under the concern that is the same matter, and keep what was seen; the new concerns."""
    ids = [one.topic.id for one in some]
    meanwhile = cases.of_topics(connection, ids)
    belong: dict[int, Concern] = {}
    stands: dict[int, Concern | None] = {}
    flagged = []
    for one in some:
        id = one.topic.id
        other = None if id in meanwhile else matters.of(one.topic, one.suggestion)
        if other is not None:
            if other.id not in stands:
                stands[other.id] = gone_to(connection, cases.get(connection, other.id))
            other = stands[other.id]
        if other is not None and not other.state.running and _sudden(one):
            other = None  # what people put aside, closed or archived hides no new emergency
        if other is not None:
            belong[id] = other
            looks.belongs(connection, id, other.id)
            matters.joined(other, one.topic)
        elif id not in meanwhile and one.suggestion.flagged:
            flagged.append(flag(connection, one.topic, one.suggestion, now))
            matters.add(cases.get(connection, flagged[-1]), [one.topic])
    _keep(connection, some, now, belong)
    looks.done(connection, ids)
    return flagged


def read_setting(database: Database, now: datetime) -> Setting:
    """What looks at an hour rest on: the intake, the major events, the office's particulars and words."""
    own, lexicon = office(database), with_own(own_words(database))
    with database.read() as connection:
        intake = hours_of(articles.times(connection, now - HEAT_WINDOW, now + HOUR))
        events = [event for event in topics.events(connection) if event.active(china_day(now))]
    return Setting(now, windows_of(intake, now), hourly_of(intake, now), events, own, lexicon, weights_in_use(database))


def _ask(connection: Connection, about: TopicLooks, ids: Sequence[int], now: datetime) -> _Looking:
    """Topics with their articles, names and concerns as they are in the store."""
    marks = articles.marks(connection, ids)
    members = articles.members(connection, ids)
    names = topics.names(connection, ids)
    concerns = {id: gone_to(connection, concern) for id, concern in cases.of_topics(connection, ids).items()}
    stood, belongs = looks.noticed(connection, ids, now - HEAT_WINDOW), looks.matters(connection, ids)
    asked = []
    for id in ids:
        if members[id]:
            name, renamed = names.get(id, ("", False))
            keeps = renamed or _worked_on(concerns.get(id))
            asked.append(Asked.of(id, members[id], name, keeps, now, stood.get(id, ())))
    texts = {text.id: text for text in articles.by_ids(connection, about.texts_needed(asked))}
    empty = [id for id in ids if not members[id]]
    return _Looking(ids, about.needing(asked, texts), concerns, belongs, marks, empty)


def _keep(connection: Connection, seen: Sequence[Seen], now: datetime, belong: Mapping[int, Concern]) -> None:
    """Write down what was seen, of topics that belong to a concern too; a case that was judged meanwhile keeps the name
    its people know it by.
    """
    ids = [one.topic.id for one in seen]
    names = topics.names(connection, ids)
    concerns = {id: gone_to(connection, known) for id, known in cases.of_topics(connection, ids).items()}
    stands: dict[int, Concern] = {}  # as it is by now, for one that several of these topics belong to
    kept = []
    for one in seen:
        topic, known, held = one.topic, concerns.get(one.topic.id), one.suggestion.held
        name, renamed = names.get(topic.id, (topic.name, False))
        if renamed or _worked_on(known):
            topic = replace(topic, name=name)
        if known is None and topic.id in belong:
            other = belong[topic.id].id
            known = stands.get(other) or gone_to(connection, cases.get(connection, other))
            if known is not None:
                held = f"说的可能是关切 {known.id}“{known.title}”同一件事，已归在那里"
                topic = replace(topic, local=True)  # what belongs to a matter of here is of here
        kept.append(Look(topic, one.summary, held, one.hours, one.suggestion.nearness))
        if known is not None:
            known = stands.get(known.id, known)
            stands[known.id] = follow_up(connection, known, one.suggestion, now)
    looks.save(connection, kept)
    name_anew(connection, stands.values(), now)


def _sudden(one: Seen) -> bool:
    """Whether a topic is flagged as an emergency."""
    suggestion = one.suggestion
    return suggestion.flagged and any(reason.code is ReasonCode.EMERGENCY for reason in suggestion.reasons)


def _worked_on(known: Concern | None) -> bool:
    """Whether a concern is a case by now, and its people know it by its name."""
    return known is not None and known.judgement is not None and known.state.running
