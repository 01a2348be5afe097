"""Steps in an order that one does not think of: flagging what was merged, publishing what was said before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.cases.reading import read_case
from desk.execute import execute
from desk.reporting.facts import hourly
from domain.article import SourceTier, StoredArticle
from domain.concern import AttentionGrade, ClockBasis, Concern, ConcernState, EventGrade, Evidence, Reason, ReasonCode
from domain.errors import InputError, StepError
from domain.person import Actor
from domain.response import Channel
from domain.steps.cases import JudgeConcern, MergeConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.topics import FlagTopic
from domain.times import HOUR, parse_moment
from domain.topic import Heat, Topic
from store import cases, looks
from store.looks import Look

OFFICER, SIGNER = Actor("李敏"), Actor("王强")


@pytest.fixture
def two(database, now):
    """Two judged concerns, of topics 1 and 2."""
    for id in (1, 2):
        name = f"停水{id}"
        seen = (now, now, "临江日报", "其他", ("临江",), True)
        reason = Reason(ReasonCode.PUBLIC_INTEREST, "停水", (Evidence(1, "小区停水。", "临江日报"),))
        grades = (EventGrade.NONE, "", AttentionGrade.BLUE)
        with database.write() as connection:
            looks.save(connection, [Look(Topic(id, name, (), Heat({}, True), 1, 1, 0, *seen))])
            cases.flag(connection, Concern(0, id, name, ConcernState.FLAGGED, (reason,), *grades, now, now, 1))
        execute(database, JudgeConcern(id, EventGrade.NONE), OFFICER, now)
    return database


def test_topic_whose_concern_went_into_another_says_where_it_is_worked_on(two, now):
    execute(two, MergeConcern(1, 2), OFFICER, now)
    with pytest.raises(StepError, match="已并入关切 2"):
        execute(two, FlagTopic(1, "上级要求回应"), OFFICER, now)


def test_response_that_was_published_before_another_is_the_one_given_back(two, now):
    for version in (1, 2):
        execute(two, WriteDraft(1, f"通报{version}", "情况、措施、结果。"), OFFICER, now)
        execute(two, ReviewDraft(1, version), SIGNER, now)
        execute(two, ApproveDraft(1, version), SIGNER, now)
    entered = now + timedelta(minutes=40)
    later = execute(two, PublishDraft(1, 1, "https://x.gov.cn/1", Channel.WEBSITE), OFFICER, entered)
    earlier = execute(two, PublishDraft(1, 2, "https://x.gov.cn/2", at=now), OFFICER, entered)
    assert (later.title, earlier.title) == ("通报1", "通报2")
    assert [r.title for r in read_case(two, 1).responses] == ["通报2", "通报1"]


def at(moment):
    return StoredArticle(1, 1, "甲报", SourceTier.CITY, "", "", "", moment, moment, "", "", "", 1, None)


@pytest.mark.parametrize("minutes", [0, 1, 59])
def test_curve_counts_what_came_before_its_end_and_nothing_after(minutes):
    end = parse_moment("2026-11-20T12:00") + timedelta(minutes=minutes)
    came = [end - timedelta(seconds=1), end, end + HOUR, end - 4 * HOUR]
    curve = hourly([at(moment) for moment in came], end, hours=3)
    assert (len(curve), sum(curve), curve[-1]) == (3, 1, 1)


@pytest.mark.parametrize("first", ["1900-01-01T00:00", "1900-01-01T07:59"])
def test_case_judged_from_the_first_hours_that_can_be_named_stays_readable(two, now, first):
    execute(two, FlagTopic(topic_of_its_own(two, now), "上级要求回应"), OFFICER, now)
    execute(two, JudgeConcern(3, EventGrade.NONE, ClockBasis.HAPPENED, parse_moment(first)), OFFICER, now)
    with two.read() as connection:
        assert len(cases.listing(connection)) == 3
    judgement = read_case(two, 3).concern.judgement
    assert judgement is not None and judgement.basis_at == parse_moment(first)


def topic_of_its_own(database, now):
    """A third topic, that nobody flagged."""
    with database.write() as connection:
        seen = (now, now, "临江日报", "其他", ("临江",), True)
        looks.save(connection, [Look(Topic(3, "停水3", (), Heat({}, True), 1, 1, 0, *seen))])
    return 3


@pytest.mark.parametrize("name", ["李敏 ", "李敏\0", "\x1b李敏"])
def test_who_wrote_a_draft_is_known_under_the_name_that_is_kept(two, now, name):
    execute(two, WriteDraft(1, "通报", "情况、措施、结果。"), OFFICER, now)
    with pytest.raises(StepError, match="不能签发自己的稿子"):
        execute(two, ApproveDraft(1, 1), Actor(name), now)


@pytest.mark.parametrize("name", ["\0", " ", "长" * 201])
def test_a_name_that_cannot_be_kept_takes_no_step(two, now, name):
    with pytest.raises(InputError, match="请填写姓名"):
        execute(two, MergeConcern(1, 2), Actor(name), now)
