"""Taking back what was done to topics (撤销), after somebody else has gone on from there."""

from __future__ import annotations

import pytest

from desk.execute import execute
from domain.errors import StepError
from domain.person import Actor
from domain.steps.topics import FlagTopic, MergeTopics, MoveArticles, SplitTopic, UndoTopicChange
from store import articles, topics
from tests.desk.examples import topics_of_two

OFFICER, OTHER = Actor("李敏"), Actor("王强")


@pytest.fixture
def three(database, now):
    """Topics 1 to 3 of two articles each: 1 and 2, 3 and 4, 5 and 6."""
    topics_of_two(database, now, 3)
    return database


def placed(database):
    with database.read() as connection:
        return {t: [id for id, _ in found] for t, found in articles.placed_by_people(connection, [1, 2, 3]).items()}


def changes(database):
    with database.read() as connection:
        return [change.id for change in topics.changes(connection)]


def test_merge_that_went_on_into_a_third_topic_is_taken_back_after_that(three, now):
    (first,) = execute(three, MergeTopics(1, (2,)), OFFICER, now)
    (second,) = execute(three, MergeTopics(3, (1,)), OTHER, now)
    before = placed(three)
    with pytest.raises(StepError, match="先撤销后来的那一步"):
        execute(three, UndoTopicChange(first), OFFICER, now)
    assert placed(three) == before
    for change in (second, first):
        execute(three, UndoTopicChange(change), OFFICER, now)
    assert {id: sorted(found) for id, found in placed(three).items()} == {1: [1, 2], 2: [3, 4], 3: [5, 6]}
    with three.read() as connection:
        assert [topics.forwarded(connection, id) for id in (1, 2, 3)] == [1, 2, 3]


def test_what_somebody_moved_on_since_is_not_taken_away_by_undoing_the_merge(three, now):
    (merged,) = execute(three, MergeTopics(1, (2,)), OFFICER, now)
    (moved,) = execute(three, MoveArticles(3, (3,)), OTHER, now)
    with pytest.raises(StepError):
        execute(three, UndoTopicChange(merged), OFFICER, now)
    assert 3 in placed(three)[3]
    execute(three, UndoTopicChange(moved), OTHER, now)
    execute(three, UndoTopicChange(merged), OFFICER, now)
    assert sorted(placed(three)[2]) == [3, 4]


def test_split_that_somebody_made_a_concern_keeps_its_reports(three, now):
    new = execute(three, SplitTopic(1, (1,)), OFFICER, now)
    concern = execute(three, FlagTopic(new, "上级要求回应"), OTHER, now)
    (change,) = changes(three)
    with pytest.raises(StepError, match=f"已是关切 {concern}"):
        execute(three, UndoTopicChange(change), OFFICER, now)
    assert placed(three)[1] == [2]


@pytest.mark.parametrize("chosen", [(3,), (1, 3), (99,)])
def test_topic_is_split_by_its_own_articles_only(three, now, chosen):
    with pytest.raises(StepError, match="不在这个话题里"):
        execute(three, SplitTopic(1, chosen), OFFICER, now)
    assert sorted(placed(three)[2]) == [3, 4] and not changes(three)
