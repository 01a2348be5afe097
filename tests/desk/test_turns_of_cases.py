"""新动向 in a running case: found as reports come in, told, noted, or made a concern of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.cases.reading import list_concerns, read_case
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office import reminding
from desk.office.overview import overview
from desk.topics.monitor import list_topics, topic_view, verify_record
from domain.concern import ConcernState, DevelopmentKind, EventGrade, ReasonCode
from domain.development import DevelopmentState
from domain.errors import NotFoundError, StepError
from domain.person import Actor
from domain.response import Level
from domain.steps.cases import JudgeConcern, MergeConcern
from domain.steps.developments import NoteDevelopment, SeparateDevelopment
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import HOUR
from store import articles

WHO = Actor("李敏")
FIRST = ("临江化工园区一厂房发生爆炸 3人死亡", "临江化工园区一厂房发生爆炸，已造成3人死亡，消防救援人员到现场。家属要求公布名单。", "2026-11-20T08:40:00+08:00")  # fmt: skip
HELD = ("临江化工园区爆炸现场多名记者被阻拦", "临江化工园区厂房爆炸现场，多名记者采访被阻拦，设备被抢夺。家属要求公布名单。", "2026-11-20T12:30:00+08:00")  # fmt: skip


@pytest.fixture
def office(database, publisher, now):
    """A case of an explosion, judged; what is published afterwards is heard by `hear`."""
    execute(database, SetOffice(places=("临江",)), WHO, now)
    execute(database, AddSource(publisher.feed("/a", [FIRST]), "临江日报"), WHO, now)
    collector = Collector(database, now)
    collector.round(now)
    (concern, _), *_ = list_concerns(database)
    execute(database, JudgeConcern(concern.id, EventGrade.III), WHO, now)

    def hear(*items, after=HOUR):
        publisher.feed("/a", [FIRST, *items])
        collector.round(now + after)
        return read_case(database, concern.id)

    return hear


def test_turn_of_another_kind_is_raised_once_with_its_sentence(office, database, now):
    case = office(HELD)
    (turn,) = case.developments  # what the family demands was known when the case was judged
    assert turn.kind is DevelopmentKind.REPORTERS and "被阻拦" in turn.evidence[0].sentence
    assert case.concern.turns == "记者受阻"
    assert case.history[-1].action == "新动向"
    assert len(office(HELD, after=2 * HOUR).developments) == 1


def test_case_that_has_turned_waits_in_the_overview_and_is_told_once(office, database, now):
    case = office(HELD)
    later = now + HOUR
    assert case.concern.id in [w.concern.id for w in overview(database, later, None, now.date()).waiting]
    told = [alert for alert in reminding.give(database, later) if alert.level is Level.TURNED]
    assert [alert.concern_id for alert in told] == [case.concern.id] and "记者受阻" in told[0].text
    assert not [alert for alert in reminding.give(database, later) if alert.level is Level.TURNED]


def test_plain_report_is_no_turn(office):
    assert not office(("临江化工园区爆炸明火已扑灭", "现场处置基本结束，道路恢复通行。", HELD[2])).developments


def test_turn_that_is_noted_waits_no_more(office, database, now):
    case = office(HELD)
    execute(database, NoteDevelopment(case.concern.id, case.developments[0].id), WHO, now + HOUR)
    after = office(HELD, after=3 * HOUR)
    assert after.concern.turned == () and after.developments[0].state is DevelopmentState.NOTED
    with pytest.raises(NotFoundError):
        execute(database, NoteDevelopment(case.concern.id, case.developments[0].id), WHO, now + HOUR)


def test_turn_becomes_a_concern_of_its_own_with_its_reports(office, database, now):
    case = office(HELD)
    id = execute(database, SeparateDevelopment(case.concern.id, case.developments[0].id), WHO, now + HOUR)
    new = read_case(database, id).concern
    assert new.state is ConcernState.FLAGGED and new.title == HELD[0]
    assert new.reasons[0].code is ReasonCode.PUBLIC_INTEREST and "被阻拦" in new.reasons[0].evidence[0].sentence
    assert [article.title for article in topic_view(database, new.topic_id).articles] == [HELD[0]]
    old = office(HELD, after=timedelta(hours=4))
    assert old.developments[0].became == id and old.concern.turned == ()
    assert {topic.id for topic in list_topics(database)} >= {new.topic_id, old.concern.topic_id}
    assert new.topic_id != old.concern.topic_id and verify_record(database)[1] is None


def test_merged_case_takes_its_turns_along(office, database, publisher, now):
    case = office(HELD, ("临江第三中学30名学生食物中毒送医", "临江第三中学30名学生呕吐送医。", HELD[2]))
    other = next(c for c, _ in list_concerns(database) if c.id != case.concern.id)
    execute(database, MergeConcern(case.concern.id, other.id), WHO, now + HOUR)
    assert [turn.kind for turn in read_case(database, other.id).developments] == [DevelopmentKind.REPORTERS]


def test_turn_that_all_reports_tell_of_stays_in_its_case(office, database, now):
    case = office(HELD)
    (turn,) = case.developments
    first = next(a for a in topic_view(database, case.concern.topic_id).articles if a.title == FIRST[0])
    with database.write() as connection:
        articles.move(connection, [first.id], 999)
        articles.move(connection, [turn.evidence[0].article_id], case.concern.topic_id)
    with pytest.raises(StepError, match="不用单列"):
        execute(database, SeparateDevelopment(case.concern.id, turn.id), WHO, now + HOUR)


def test_all_reports_of_a_turn_leave_the_case_with_it(office, database, now):
    more = [
        (f"{who}：临江化工园区爆炸现场多名记者被阻拦", HELD[1].replace("多名", f"{who}等多家的"), HELD[2])
        for who in "甲乙丙丁戊己庚"
    ]
    case = office(HELD, *more)
    (turn,) = case.developments
    execute(database, SeparateDevelopment(case.concern.id, turn.id), WHO, now + HOUR)
    left = [a.title for a in topic_view(database, case.concern.topic_id).articles]
    assert left == [FIRST[0]]
