"""Which concern a topic belongs to: one matter (事件), one concern, however many topics tell of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from analysis.centroid import CONTINUED
from analysis.happenings import Happening, Kind, Trouble, akin, follows_in, kinds_in
from analysis.places import ABROAD, COUNTRY, code_of, gazetteer, places_in
from analysis.terms import Ids, Values
from analysis.topics import TopicWindow, share_said
from domain.concern import Concern, ConcernState, ReasonCode, Suggestion
from domain.times import DAY
from domain.titles import pairs_of, shared
from domain.topic import Topic
from store import cases, looks, topics
from store.database import Connection

SAME_EVENT = 0.4  # share of a clause of the evidence that a concern's topic is about
ONE_MATTER = 0.33  # kinship from which two topics are one matter for the office …
ONE_MATTER_HERE = 0.26  # … and where both name the same place
TELLING = 8  # topics of a concern, the first, that a new one is compared with
KINDRED = 0.15  # kinship from which two reports of one kind of happening in one place are one event
NEARER, TOLD, MOST_TOLD = 0.05, 0.01, 20  # by what one of several concerns that a topic may belong to stands before
AT_ONCE = timedelta(hours=6)
BARE = 6  # characters of a title that names a place and what happened, and nothing else
SHARED_PAIRS = 0.2  # of the pairs of characters of the shorter title that two titles of one event share
EVERYDAY = frozenset({Happening.FIRE, Happening.ROAD, Happening.OUTAGE})  # of which a city may have two in a morning
WHO_FOR = timedelta(days=5)
_AGED = re.compile("([0-9]{1,2})岁.{0,4}?(女|男|童|老人|学生)")
_HOUSE = re.compile("[\u4e00-\u9fff]{2,6}(?:大学(?!生)|学院|医院|中学(?!生)|小学(?!生)|幼儿园|月子中心|酒店|医学院)")
_INTRODUCES = re.compile("一(?![共起直些样切度律家])[\u4e00-\u9fff]|[两二三四五六七八九十多数0-9]+[名辆车]")
WIDE = frozenset[Kind]({Happening.EPIDEMIC, Happening.QUAKE, Happening.STORM, Happening.WATER, Trouble.SUPPLY})
UNPLACED = 0.3  # what kinship counts for bulletins without a place beside a province's: they share most words anyway
AWAY = 0.6  # what kinship counts where the names of places differ and are not all on the map
OTHER_KIND = 0.5  # … and where the kinds of happening differ
COUNTRYWIDE = frozenset({Happening.AIR})  # of which there is never more than one in the country, wherever it is told of


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of a topic or a concern: kinds of happening, where (codes, or names that have none), titles."""

    kinds: frozenset[Kind]
    places: frozenset[str]
    titles: tuple[str, ...]
    follows: frozenset[Happening] = frozenset()  # kinds whose course it may tell of


@dataclass(slots=True)
class _Known:
    concern: Concern
    facts: Facts
    topics: list[int]
    last_at: datetime
    who: frozenset[tuple[str, ...]]
    pairs: list[frozenset[str]]  # of each title


def facts_of(titles: Sequence[str], places: Iterable[str], evidence: Iterable[str] = ()) -> Facts:
    """What is compared of a matter told by these titles."""
    kinds = frozenset[Kind]().union(*map(kinds_in, titles)) or frozenset[Kind]().union(*map(kinds_in, evidence))
    follows = frozenset[Happening]().union(*map(follows_in, titles))
    return Facts(kinds, frozenset(code_of(place) for place in places if place != COUNTRY), tuple(titles), follows)


@dataclass(slots=True)
class Matters:
    """The concerns that still run or were found lately, with all topics that belong to them."""

    window: TopicWindow
    known: dict[int, _Known] = field(default_factory=dict)
    _units: dict[int, tuple[Ids, Values]] = field(default_factory=dict)
    _about: dict[int, frozenset[str]] = field(default_factory=dict)
    _no_place: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))  # by a word's number

    @classmethod
    def read(cls, connection: Connection, window: TopicWindow, now: datetime) -> Matters:
        """As the store has them."""
        matters = cls(window)
        alive = cases.alive(connection, now - CONTINUED)
        beside = looks.topics_of(connection, [concern.id for concern in alive])
        of = topics.of_ids(connection, [id for c in alive for id in (c.topic_id, *beside[c.id])])
        for concern in alive:
            ids = [concern.topic_id, *beside[concern.id]]
            matters.add(concern, [of[id] for id in ids if id in of])
        return matters

    def add(self, concern: Concern, of: Sequence[Topic]) -> None:
        """Take a concern in, or anew, with its topics; its own first."""
        own = [topic for topic in of if topic.id == concern.topic_id]
        first = concern.reasons[:1] if concern.reasons and concern.reasons[0].code is ReasonCode.EMERGENCY else ()
        evidence = [item.sentence for reason in first for item in reason.evidence[:1]]
        titles = [concern.title, *(topic.name for topic in own)]
        facts = facts_of(titles, [place for topic in own for place in topic.places] or _named(titles), evidence)
        if not facts.places:  # a topic may lose its place as it grows; the matter keeps that of what it was flagged for
            flagged_for = [item.sentence for reason in concern.reasons for item in reason.evidence]
            if places := _named(flagged_for):
                facts = replace(facts_of(flagged_for, places), titles=facts.titles)
        last = max((topic.last_at for topic in of), default=concern.first_report_at)
        ids, pairs = [topic.id for topic in of], list(map(pairs_of, facts.titles))
        self.known[concern.id] = _Known(concern, facts, ids, last, _who(facts.titles), pairs)

    def concern(self, id: int) -> Concern | None:
        """The concern of that number, if it still runs or was found lately."""
        return known.concern if (known := self.known.get(id)) else None

    def joined(self, concern: Concern, topic: Topic) -> None:
        """A topic belongs to a concern from now on."""
        if known := self.known.get(concern.id):
            known.topics.append(topic.id)
            known.last_at = max(known.last_at, topic.last_at)

    def released(self, topic: Topic, concern: Concern) -> bool:
        """Whether a topic that was held under a concern has become one of elsewhere since, as its articles changed; it is
        free then. What people judged keeps what it holds.
        """
        known = self.known.get(concern.id)
        if known is None or concern.state is not ConcernState.FLAGGED or topic.id not in known.topics[1:]:
            return False
        facts = facts_of([topic.name], topic.places or _named([topic.name]))
        if _away(facts, known.facts, facts.kinds & known.facts.kinds) == 1.0:
            return False
        known.topics.remove(topic.id)
        return True

    def of(self, topic: Topic, suggestion: Suggestion) -> Concern | None:
        """The concern that a topic belongs to: it speaks in the same words, or of the same happening in one place."""
        evidence = [e.sentence for r in suggestion.reasons if r.code is ReasonCode.EMERGENCY for e in r.evidence]
        facts = facts_of(
            [topic.name],
            topic.places or _named([topic.name]),
            [e.sentence for r in suggestion.reasons for e in r.evidence],
        )
        first = suggestion.reasons[0].code if suggestion.reasons else None
        if first is ReasonCode.MORAL_LINE:  # of an epidemic it is no part, though it may name its time (网课辱骂学生)
            facts = replace(facts, kinds=facts.kinds - {Happening.EPIDEMIC}, follows=frozenset())
        said = []
        if first in (ReasonCode.EMERGENCY, ReasonCode.SUPERIOR):
            clauses = {c for sentence in evidence for c in _clauses(sentence)}
            said = [weights for clause in sorted(clauses) if (weights := self.window.weigh(clause))]
        # An emergency that names no kind of its own, and begins nothing (一村民…), is the one that runs there.
        unnamed = first is ReasonCode.EMERGENCY and suggestion.flagged and not facts.kinds and not _begins(facts.titles)
        ids, values = self._unit(topic.id)
        spread = np.zeros(self.window.weights.size, dtype=np.float32)
        spread[ids] = values
        who, pairs = _who(facts.titles), pairs_of(topic.name)
        best, nearest = 0.0, None
        for known in self.known.values():
            sure = self._sure(topic, facts, said, known, spread, suggestion.flagged, unnamed, who, pairs)
            # Of several in whose place it may happen, the one of exactly these provinces, then the one most told of.
            if sure >= 1.0:
                sure += NEARER * _overlap(facts.places, known.facts.places) + TOLD * min(
                    1.0, len(known.topics) / MOST_TOLD
                )
            if sure > best:
                best, nearest = sure, known.concern
        return nearest if best >= 1.0 else None

    def _unit(self, topic: int) -> tuple[Ids, Values]:
        """The words of a topic with weights of length 1; without its places, which are compared by themselves."""
        if topic not in self._units:
            if len(self._no_place) < self.window.weights.size:
                self._no_place = np.ones(self.window.weights.size, dtype=bool)
                self._no_place[self.window.weights.numbers_of(gazetteer())] = False
            ids, values = self.window.words_of(topic)
            kept = self._no_place[ids]
            ids, values = ids[kept], values[kept]
            self._units[topic] = ids, values / max(float(np.sqrt(values @ values)), 1e-9)
        return self._units[topic]

    def _kinship(self, topics: Sequence[int], spread: Values, words: int) -> float:
        """The greatest cosine similarity of some topics and what is `spread` over all words, of which some must meet."""
        units = [self._unit(topic) for topic in topics]
        met = [(spread.take(ids), values) for ids, values in units]
        return max((float(own @ values) for own, values in met if np.count_nonzero(own) >= words), default=0.0)

    def _speaks_of(self, topic: int, said: Sequence[dict[str, float]]) -> float:
        """The greatest share of what a clause says that a topic is about."""
        if topic not in self._about:
            self._about[topic] = self.window.about(topic)
        return share_said(self._about[topic], said)

    def _sure(
        self,
        topic: Topic,
        facts: Facts,
        said: Sequence[dict[str, float]],
        known: _Known,
        spread: Values,
        flagged: bool,
        unnamed: bool,
        who: frozenset[tuple[str, ...]],
        pairs: frozenset[str],
    ) -> float:
        """From 1 on a topic belongs to that concern."""
        if topic.id in known.topics:
            return 2.0
        apart = max(timedelta(0), topic.first_at - known.last_at, known.concern.first_report_at - topic.last_at)
        ours, theirs = facts.kinds, known.facts.kinds
        alike = ours & theirs
        away = _away(facts, known.facts, alike)
        placed = bool(facts.places and known.facts.places)
        # The place is a word that both have; where none is named, one word that meets (曝光) makes no kin.
        kinship = self._kinship(known.topics[:TELLING], spread, 1 if placed and away == 1.0 else 2)
        bar = ONE_MATTER_HERE if placed and away == 1.0 else ONE_MATTER
        sure = kinship / bar * away * (1.0 if alike else _other_kind(facts, theirs, placed))
        if away < 1.0:
            return sure
        if said and known.concern.is_emergency:
            sure = max(sure, self._speaks_of(known.topics[0], said) / SAME_EVENT)
        if who and apart <= WHO_FOR and who & known.who:
            return max(sure, 1.1)
        in_time = frozenset(kind for kind in alike if apart <= timedelta(days=kind.days))
        if in_time & COUNTRYWIDE:
            return max(sure, 1.1)
        if not placed:
            theirs_too = flagged and Happening.EPIDEMIC in in_time and facts.places == known.facts.places
            return max(sure, 1.1) if theirs_too else sure
        sure = max(sure, _one_happening(facts, known, apart, in_time, unnamed))
        if not in_time:
            return sure
        alike_in_words = max((shared(pairs, others) for others in known.pairs), default=0.0)
        return max(sure, kinship / KINDRED, alike_in_words / SHARED_PAIRS)


def _one_happening(facts: Facts, known: _Known, apart: timedelta, in_time: frozenset[Kind], unnamed: bool) -> float:
    """From 1 on a topic and a concern of one place tell of one happening; `in_time` are the kinds that both name.

    Of most kinds a place has one for days, or at least one in some hours unless both titles begin to tell; a bare name
    (绵阳爆炸) within a day may be another of the same (绵阳一厂房起火); what tells of the course of one belongs to it, and so does an emergency
    that is `unnamed`.
    """
    ours, theirs = facts.kinds, known.facts.kinds
    if any(kind.single for kind in in_time):
        return 1.2
    goes_on = _goes_on(facts.titles, known.facts.titles)
    if apart <= AT_ONCE and (in_time - EVERYDAY or (in_time and goes_on)):
        return 1.0
    if (not ours or ours & theirs) and any(apart <= timedelta(days=kind.days) for kind in _course(facts) & theirs):
        return 1.05
    if apart <= DAY and akin(ours, theirs) and min(map(len, (*facts.titles, *known.facts.titles))) <= BARE:
        return 1.0
    runs = unnamed and known.concern.is_emergency and any(apart <= timedelta(days=kind.days) for kind in theirs)
    return 1.0 if runs else 0.0


def _away(some: Facts, others: Facts, alike: frozenset[Kind]) -> float:
    """What kinship counts by the places of two matters: all of it in one place, nothing elsewhere.

    An epidemic of the whole country, whose reports name no place, is a matter beside those of its provinces.
    """
    if alike & COUNTRYWIDE and not _begins(some.titles):
        return 1.0
    if Happening.EPIDEMIC in alike and bool(some.places) != bool(others.places):
        return 0.0 if some.places else UNPLACED
    if not some.places or not others.places or same_place(some.places, others.places, some.kinds | some.follows):
        return 1.0
    # Where a name is not on the map, as the office's own are not, one place may lie in the other.
    return 0.0 if alike or all(map(_on_map, some.places | others.places)) else AWAY


def _other_kind(facts: Facts, theirs: frozenset[Kind], placed: bool) -> float:
    """What kinship counts where a topic names no kind of a concern's: less where both name one (nothing, where they do
    not name one place either), and where the topic has neither its place nor tells of its course.
    """
    if facts.kinds and theirs:
        return OTHER_KIND if placed else 0.0
    if placed:
        return 1.0
    return OTHER_KIND if facts.kinds or (theirs and not facts.follows & theirs) else 1.0


def _on_map(place: str) -> bool:
    """Whether a place is one of the gazetteer, not only a name."""
    return place[:1].isdigit() or place.startswith(ABROAD)


def _named(titles: Iterable[str]) -> tuple[str, ...]:
    """The places that titles name, where those of a topic of many sides are too seldom named to be its places."""
    return tuple(label for title in titles for label, _ in places_in(title, "", ()))


def _goes_on(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether one of two matters only goes on telling."""
    return not (_begins(some) and _begins(others))


def _course(facts: Facts) -> frozenset[Happening]:
    """The kinds of happening whose course a matter may tell of: what begins to tell, only of an epidemic's (一小区封闭)."""
    return facts.follows & {Happening.EPIDEMIC} if _begins(facts.titles) else facts.follows


def _begins(titles: Iterable[str]) -> bool:
    """Whether a title begins to tell: it says of one what is new (邯郸一轿车…)."""
    return any(_INTRODUCES.search(title) for title in titles)


def _who(titles: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Whom titles tell of, where two that tell of the same person or house can be known by it: age and sex, a school."""
    persons: set[tuple[str, ...]] = set()
    for title in titles:
        persons |= {(age, sex) for age, sex in _AGED.findall(title)}
        persons |= {(name,) for name in _HOUSE.findall(title)}
    return frozenset(persons)


def _clauses(sentence: str) -> list[str]:
    for mark in "；：":
        sentence = sentence.replace(mark, "，")
    return sentence.split("，")


def _near(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two sets of places have one in common, or one that lies in another."""
    return any(a.startswith(b) or b.startswith(a) for a in some for b in others)


def _overlap(some: frozenset[str], others: frozenset[str]) -> float:
    """The share of the provinces named by two matters that both name."""
    ours, theirs = {place[:2] for place in some}, {place[:2] for place in others}
    return len(ours & theirs) / max(1, len(ours | theirs))


def same_place(some: frozenset[str], others: frozenset[str], kinds: Collection[Kind]) -> bool:
    """Whether the places are one for such a happening: an epidemic or a storm is a province's, a blast a city's."""
    if not WIDE.isdisjoint(kinds):
        return bool({a[:2] for a in some} & {b[:2] for b in others})
    return _near(some, others)
