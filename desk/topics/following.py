"""Following what people decided about topics: their merges, splits and moves, done in the window as in the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.topics import TopicWindow
from desk.topics.flagging import COLLECTOR
from domain.topic import TopicChange


@dataclass(frozen=True, slots=True)
class Followed:
    """The changes that the window holds now (change → whether it was undone), and the topics that they concern."""

    changes: dict[int, bool]
    topics: frozenset[int]


def follow(window: TopicWindow, known: Mapping[int, bool], changes: Sequence[TopicChange]) -> Followed:
    """Take over what people decided, or took back, since the last look."""
    concerned = set[int]()
    for change in changes:
        if not _is_news(change, known):
            continue
        concerned |= {change.before, change.after}
        for ids, topic, fixed in _moves(change, window):
            window.move(ids, topic, fixed)
    return Followed({**known, **{change.id: change.undone for change in changes}}, frozenset(concerned))


def _is_news(change: TopicChange, known: Mapping[int, bool]) -> bool:
    """Whether a change has yet to be done; not the machine's own, nor one that was undone before it was seen."""
    if known.get(change.id) == change.undone:
        return False
    own = change.who == COLLECTOR and not change.undone
    return not own and (change.id in known or not change.undone)


def _moves(change: TopicChange, window: TopicWindow) -> Iterator[tuple[list[int], int, bool]]:
    """(articles, the topic they are in now, whether they stay there).

    What was taken back is held where it is only if a person had put it there before; what stayed, and went elsewhere
    since, is left there.
    """
    to = change.before if change.undone else change.after
    stayed = [pair for pair in change.stayed if window.topic_of(pair[0]) == change.home]
    for pairs, topic in ((change.moved, to), (stayed, change.home)):
        for fixed in (True, False):
            if ids := [id for id, was in pairs if (was if change.undone else True) is fixed]:
                yield ids, topic, fixed
