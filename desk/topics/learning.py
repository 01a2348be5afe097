"""Learning from decisions: what the office took up and what it dismissed, the weights they speak for, and what those
would have changed. Nothing is used before a person accepts it (desk/office/habits.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from analysis.concerns import LIKELY, Lexicon, Report, Standing, suggest, with_own
from analysis.office_weights import fit
from analysis.places import COUNTRY
from analysis.said import said_by
from desk.office.habits import decided, dismissed, weights_of
from desk.office.particulars import office, own_words
from desk.topics.look import report_of, to_be_read
from domain.article import StoredArticle
from domain.concern import Concern, ReasonCode, Suggestion
from domain.learning import NO_WEIGHTS, Change, Decision, OfficeWeights, Proposal
from domain.times import DAY
from domain.topic import Topic
from store import articles, topics
from store.database import Database

READ = 10  # newest texts of a topic that its score rests on
MOST_DECISIONS = 400  # the newest, on which weights rest
MISSES_SINCE = 7 * DAY
SLIGHTEST = 1e-3


@dataclass(frozen=True, slots=True)
class _Told:
    """A topic with what its texts say, and the concern it is, if it is one."""

    standing: Standing
    reports: Sequence[Report]
    name: str
    concern: Concern | None

    def suggestion(self, weights: OfficeWeights) -> Suggestion:
        """What the rules make of it with these weights."""
        return suggest(replace(self.standing, own=weights), self.reports)


def proposal(database: Database, now: datetime) -> Proposal:
    """The weights that the decisions so far speak for, with what they would have changed."""
    places, lexicon = office(database).places, with_own(own_words(database))
    with database.read() as connection:
        in_use = weights_of(connection)
        concerns = {concern.topic_id: concern for concern in decided(connection)[:MOST_DECISIONS]}
        missed = [topic.id for topic, _ in topics.held_back(connection, now - MISSES_SINCE)]
        of = topics.of_ids(connection, [*concerns, *missed])
        members = articles.members(connection, list(of))
        own = {id: [m.id for m in some if m.repeats is None] for id, some in members.items()}
        texts = {a.id: a for a in articles.by_ids(connection, [i for ids in own.values() for i in ids[-READ:]])}
    accounts = {
        id: _Told(
            _standing(topic, len(own[id])),
            _reports([texts[i] for i in own[id][-READ:] if i in texts], places, lexicon),
            topic.name,
            concerns.get(id),
        )
        for id, topic in of.items()
    }
    decisions = [_decision(one) for one in accounts.values() if one.concern is not None and one.reports]
    taken = sum(one.taken for one in decisions)
    weights = fit(decisions)
    changes = _changes(list(accounts.values()), in_use, weights) if weights.weights else ()
    return Proposal(taken, len(decisions) - taken, weights, changes, in_use)


def _standing(topic: Topic, reports: int) -> Standing:
    unplaced = topic.places[:1] == (COUNTRY,)
    return Standing(topic.id, topic.heat, topic.area, topic.local, topic.events, reports, unplaced=unplaced)


def _reports(items: Sequence[StoredArticle], places: tuple[str, ...], lexicon: Lexicon) -> list[Report]:
    """What the texts say, as it is read for flagging."""
    unread = [to_be_read(item, places) for item in items]
    return [report_of(item, said) for item, said in zip(items, said_by(unread, places, lexicon))]


def _decision(told: _Told) -> Decision:
    assert told.concern is not None
    suggestion = told.suggestion(NO_WEIGHTS)
    chance = min(1 - SLIGHTEST, max(SLIGHTEST, suggestion.likely))
    score = math.log(chance / (1 - chance))
    concern = told.concern
    kind = suggestion.kind or ReasonCode.PUBLIC_INTEREST
    return Decision(concern.id, concern.title, kind, told.standing.area, score, not dismissed(concern))


def _changes(known: Sequence[_Told], before: OfficeWeights, after: OfficeWeights) -> tuple[Change, ...]:
    """What would be decided otherwise: of what was decided by how likely it is, of what was missed by all rules."""
    changes = []
    for account in known:
        one, other = account.suggestion(before), account.suggestion(after)
        if account.concern is not None:
            was, is_now = one.likely >= LIKELY, other.likely >= LIKELY
            taken: bool | None = not dismissed(account.concern)
        else:
            was, is_now, taken = one.flagged, other.flagged, None
        if was is not is_now:
            name = account.concern.title if account.concern else account.name
            changes.append(Change(name, was, is_now, taken))
    return tuple(sorted(changes, key=lambda change: (change.taken is None, change.flagged_after)))
