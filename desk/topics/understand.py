"""Understanding what came in: topics, heat, names, areas, places, concerns. The only writer of topics.

In this order: the window of topics is restored (`restoring`), what people decided is followed (`following`), articles
without a topic are placed (`placing`) and where they went is settled (`settling`), topics are looked at and flagged
(`looking`, `flagging`). Everything is computed first and then written in short transactions, each of which leaves the
store whole: articles go to their topics a few hundred at a time, with the moves of the reclustering that followed; topics that are to
be looked at are noted in the same transaction (`store.looks`), and looked at by the dozen. A process that is killed
between two of them goes on with the next start.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import inf

from analysis.parallel import Helpers
from desk.collecting.segmenting import MANY, documents, segmented, segmented_all
from desk.collecting.turns import Turns
from desk.topics.flagging import COLLECTOR
from desk.topics.looking import Looking
from desk.topics.placing import next_part, place
from desk.topics.restoring import restored
from desk.topics.settling import follow_new, settle
from domain.times import HOUR
from store import articles, cases, looks
from store.database import Database

__all__ = ["COLLECTOR", "MANY", "Looked", "Understanding", "segmented", "segmented_all"]

SETTLED = 250  # articles of a part that are placed and written together


@dataclass(frozen=True, slots=True)
class Looked:
    """What an update did: how many topics it looked at, the new concerns; what still waits."""

    topics: int
    flagged: list[int]
    placed: int
    waiting: int  # articles that have no topic yet
    due: int  # topics that have not been looked at since their articles changed

    @property
    def done(self) -> bool:
        """Whether nothing waits any more."""
        return not self.waiting and not self.due


class Understanding:
    """The active topics in memory, rebuilt from the store at start; each update brings the store up to date."""

    def __init__(self, database: Database, now: datetime, helpers: Helpers | None = None) -> None:
        self._database = database
        self._helpers = helpers
        self.turns = Turns(database)
        self._restore(now)
        self._looking = Looking(database, self.turns, self._window, now, helpers)

    def _restore(self, now: datetime) -> None:
        """The window as the store has it."""
        self._whole = False
        former = restored(self._database, now, self._helpers)
        self._window, self._followed = former.window, former.followed
        self._clock = now
        self._whole = True

    def update(self, now: datetime, seconds: float = inf) -> Looked:
        """Place what has no topic yet, recluster, look at topics whose articles or heat moved, flag.

        After `seconds` it stops between two transactions; the next update goes on.
        """
        ends = time.monotonic() + seconds
        if not self._whole or now < self._clock - HOUR:  # a write failed, or the clock was wrong and went back
            self._restore(now)
        self._clock = now
        with self._database.read() as connection:
            decided = follow_new(connection, self._window, self._followed, now)
            waiting = articles.count_waiting(connection)
        self._followed = decided.changes
        if decided.topics:
            with self.turns.write() as connection:
                looks.mark_due(connection, decided.topics)
        placed = self._place_waiting(now, ends) if waiting else 0
        waiting = max(0, waiting - placed)
        looked = self._looking.around(self._window, now, ends, waiting)
        return Looked(len(looked.topics), list(looked.flagged), placed, waiting, looked.due)

    def _place_waiting(self, now: datetime, ends: float) -> int:
        """Work off what has no topic yet, in parts; how many were placed."""
        with self._database.read() as connection:
            worked_on = cases.worked_on(connection)
        done = 0
        while part := next_part(self._database, self._window, now):
            ready = documents(part, self._helpers)
            for start in range(0, len(part), SETTLED):
                some = part[start : start + SETTLED]
                # A failure between here and the end has the window made anew: it holds what the store does not.
                self._whole = False
                placed = place(self._window, some, list(islice(ready, len(some))), worked_on)
                with self.turns.write() as connection:
                    followed = settle(connection, self._window, self._followed, placed, now)
                self._followed = followed
                self._whole = True
                done += len(some)
                if time.monotonic() > ends:
                    return done
        return done
