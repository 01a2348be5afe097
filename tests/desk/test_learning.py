"""What decisions teach is proposed, shown with what it would change, used only where accepted, and taken back."""

from __future__ import annotations

import pytest

from desk.collecting.segmenting import segmented
from desk.collecting.storing import store_articles
from desk.collecting.turns import Turns
from desk.execute import execute
from desk.office.habits import own_weights, waits
from desk.topics.learning import proposal
from desk.topics.looking import read_setting
from desk.topics.monitor import verify_record
from domain.article import Article
from domain.concern import EventGrade
from domain.errors import InputError, StepError
from domain.learning import NO_WEIGHTS, Trait
from domain.person import Actor
from domain.steps.cases import DismissConcern, JudgeConcern
from domain.steps.learning import AcceptWeights, RefuseWeights, TakeBackWeights
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic
from domain.topic import Heat, Topic
from store import articles, looks, record, settings
from store.looks import Look

WHO = Actor("李敏")
SCHOOL = "临江第{}小学作息调整家长有意见"
ROAD = "临江{}号路红绿灯时长调整市民有意见"


def keep(database, now, titles):
    """Topics of one report each, as the collector would have kept them; (topic, title)."""
    source = execute(database, AddSource("https://a.cn/feed", "临江日报"), WHO, now)
    items = [
        Article(f"k{i}", title, title + "。", f"https://a.cn/{i}", now, now) for i, (title, _) in enumerate(titles)
    ]
    store_articles(Turns(database), source, [segmented(item) for item in items])
    with database.write() as connection:
        ids = {told.title: told.id for told in articles.waiting(connection, 1000)}
        for i, (title, area) in enumerate(titles, 1):
            seen = Topic(i, title, (), Heat({}, True), 1, 1, 0, now, now, "临江日报", area, ("临江",), True)
            looks.save(connection, [Look(seen, held="不像要回应的事", nearness=0.8)])
            articles.place(connection, [(ids[title], i, None)])


def decide(database, now, ids, taken):
    for id in ids:
        concern = execute(database, FlagTopic(id, "群众反映"), WHO, now)
        step = JudgeConcern(concern, EventGrade.NONE) if taken else DismissConcern(concern, "日常事务")
        execute(database, step, WHO, now)


@pytest.fixture
def decided(database, now):
    execute(database, SetOffice(places=("临江",)), WHO, now)
    titles = [(SCHOOL.format(i), "教育") for i in range(18)] + [(ROAD.format(i), "交通运输") for i in range(18)]
    keep(database, now, titles)
    decide(database, now, range(1, 17), True)
    decide(database, now, range(19, 35), False)


def test_nothing_is_proposed_before_there_are_enough_decisions(database, now):
    keep(database, now, [(SCHOOL.format(i), "教育") for i in range(10)])
    decide(database, now, range(1, 10), True)
    found = proposal(database, now)
    assert found.decisions == 9 and found.weights == NO_WEIGHTS and found.changes == ()
    with database.read() as connection:
        assert not waits(connection)


def test_habit_is_proposed_with_what_it_would_have_changed_and_changes_nothing_yet(decided, database, now):
    with database.read() as connection:
        assert waits(connection)
    found = proposal(database, now)
    assert (found.taken, found.dismissed) == (16, 16)
    of = {one.name: one.weight for one in found.weights.weights if one.trait is Trait.AREA}
    assert of["教育"] > 0 > of["交通运输"]
    assert found.changes and sum(c.right is True for c in found.changes) > sum(c.right is False for c in found.changes)
    assert own_weights(database) == NO_WEIGHTS and read_setting(database, now).own == NO_WEIGHTS


def test_accepted_weights_are_used_by_flagging_recorded_and_taken_back(decided, database, now):
    found = proposal(database, now)
    execute(database, AcceptWeights(found.weights.kept(), found.decisions), WHO, now)
    assert read_setting(database, now).own.kept() == found.weights.kept()
    assert proposal(database, now).changes == ()  # what is proposed is what is used
    with database.read() as connection:
        last = list(record.entries(connection))[-1]
        assert (last.action, last.who) == ("采用判断习惯", "李敏") and last.after["weights"] == found.weights.kept()
        assert not waits(connection)
    execute(database, TakeBackWeights(), WHO, now)
    assert own_weights(database) == NO_WEIGHTS and verify_record(database)[1] is None
    with pytest.raises(StepError, match="不用撤回"):
        execute(database, TakeBackWeights(), WHO, now)


def test_refused_weights_are_not_used_and_not_offered_again_at_once(decided, database, now):
    execute(database, RefuseWeights(proposal(database, now).decisions), WHO, now)
    assert own_weights(database) == NO_WEIGHTS
    with database.read() as connection:
        assert not waits(connection)


def test_weights_that_nobody_can_have_seen_are_refused(database, now):
    with pytest.raises(InputError):
        execute(database, AcceptWeights({"area:教育": 50.0}, 40), WHO, now)
    assert own_weights(database) == NO_WEIGHTS


def test_weights_are_accepted_only_after_enough_decisions(database, now):
    with pytest.raises(StepError, match="满"):
        execute(database, AcceptWeights({"area:教育": -2.0}, 0), WHO, now)
    assert own_weights(database) == NO_WEIGHTS


def test_decisions_that_all_came_out_alike_teach_nothing_and_are_not_waited_for(database, now):
    keep(database, now, [(SCHOOL.format(i), "教育") for i in range(40)])
    decide(database, now, range(1, 37), True)
    with database.read() as connection:
        assert not waits(connection)


def test_damaged_weights_stop_no_round(database, now):
    with database.write() as connection:
        settings.write(connection, "office_weights", {"reason:emergency": 9})
    assert read_setting(database, now).own == NO_WEIGHTS
