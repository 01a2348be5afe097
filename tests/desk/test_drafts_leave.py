"""What a draft must have passed before it leaves: 核稿, 签发, and no personal data that nobody let stand."""

from __future__ import annotations

import pytest

from desk.cases.offering import offered
from desk.cases.reading import list_concerns, read_case
from desk.cases.writing import begin_draft, check_text
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import list_topics
from domain.concern import Disposition, EventGrade
from domain.errors import StepError
from domain.person import Actor
from domain.response import DraftState, ResponseKind
from domain.steps.cases import AskUnit, JudgeConcern
from domain.steps.drafts import AllowPersonal, ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic

AUTHOR, SECOND, SIGNER = Actor("李敏"), Actor("周岚"), Actor("王强")
PHONE = "13912345678"
LINK = "https://x.gov.cn/1"


@pytest.fixture
def case(database, publisher, now):
    """A case that is no emergency, judged."""
    execute(database, SetOffice(places=("临江",)), AUTHOR, now)
    items = [("临江滨河花园停水", "临江滨河花园停水两天，居民投诉。", now.isoformat())]
    execute(database, AddSource(publisher.feed("/a", items), "临江日报"), AUTHOR, now)
    Collector(database, now).round(now)
    known = [concern.id for concern, _ in list_concerns(database)]
    id = known[0] if known else execute(database, FlagTopic(list_topics(database)[0].id, "来电"), AUTHOR, now)
    execute(database, JudgeConcern(id, EventGrade.NONE, disposition=Disposition.FALSEHOOD), AUTHOR, now)
    return id


def written(database, case, now, body="经查，主管道破裂，停水两天。"):
    return execute(database, WriteDraft(case, "关于停水的回应", body), AUTHOR, now).version


def test_signing_waits_for_a_second_persons_review_unless_the_office_gives_that_up(database, case, now):
    version = written(database, case, now)
    assert offered(read_case(database, case)).first is ReviewDraft
    with pytest.raises(StepError, match="还没有核稿"):
        execute(database, ApproveDraft(case, version), SIGNER, now)
    execute(database, ReviewDraft(case, version), SECOND, now)
    assert offered(read_case(database, case)).first is ApproveDraft
    execute(database, ApproveDraft(case, version), SIGNER, now)
    execute(database, SetOffice(review_first=False), AUTHOR, now)
    version = written(database, case, now)
    assert offered(read_case(database, case)).first is ApproveDraft
    execute(database, ApproveDraft(case, version), SIGNER, now)
    assert read_case(database, case).drafts[0].state is DraftState.APPROVED


def test_one_who_is_alone_in_an_emergency_signs_without_a_review_and_another_does_not(database, case, publisher, now):
    with pytest.raises(StepError):
        execute(database, ApproveDraft(case, written(database, case, now), alone="夜班"), AUTHOR, now)
    blast = [("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，已致2人受伤。", now.isoformat())]
    execute(database, AddSource(publisher.feed("/b", blast), "临江晚报"), AUTHOR, now)
    (id,) = Collector(database, now).round(now).flagged
    execute(database, JudgeConcern(id, EventGrade.III), AUTHOR, now)
    version = written(database, id, now)
    assert ApproveDraft in offered(read_case(database, id)).more
    with pytest.raises(StepError, match="还没有核稿"):
        execute(database, ApproveDraft(id, version, alone="夜班"), SIGNER, now)
    execute(database, ApproveDraft(id, version, alone="夜间只有一人值班"), AUTHOR, now)


def test_personal_data_leaves_only_where_another_with_the_right_let_each_piece_stand(database, case, now):
    version = written(database, case, now, f"经查，主管道破裂。值班电话{PHONE}，车牌浙A12345的抢修车已到。")
    execute(database, ReviewDraft(case, version), SECOND, now)
    with pytest.raises(StepError, match="139") as told:
        execute(database, ApproveDraft(case, version), SIGNER, now)
    assert PHONE not in str(told.value)
    with pytest.raises(StepError, match="拟稿人"):
        execute(database, AllowPersonal(case, version, PHONE, "公开的值班电话"), AUTHOR, now)
    with pytest.raises(StepError, match="没有待定"):
        execute(database, AllowPersonal(case, version, "13800000000", "公开的值班电话"), SIGNER, now)
    execute(database, AllowPersonal(case, version, PHONE, "公开的值班电话"), SIGNER, now)
    with pytest.raises(StepError, match="车牌号"):
        execute(database, ApproveDraft(case, version), SIGNER, now)
    execute(database, AllowPersonal(case, version, "浙A12345", "抢修车，便于识别"), SIGNER, now)
    entry = read_case(database, case).history[-1]
    assert entry.after["why"] == "抢修车，便于识别" and "12345" not in str(entry.after)
    execute(database, ApproveDraft(case, version), SIGNER, now)
    body = read_case(database, case).drafts[0].body
    with pytest.raises(StepError, match="个人信息") as told:
        more = f"{body}投诉人王小明，13700000000。"
        execute(database, PublishDraft(case, version, LINK, text=more, differs_seen=True), AUTHOR, now)
    assert told.value.field == "text"
    execute(database, PublishDraft(case, version, LINK), AUTHOR, now)


def test_draft_asserts_a_handing_over_only_where_it_was_entered(database, case, now):
    assert "移交" not in begin_draft(database, case, ResponseKind.ANSWER)[1]
    execute(database, AskUnit(case, "市公安局", "移交网传停水一周的线索"), AUTHOR, now)
    assert "移交市公安局" in begin_draft(database, case, ResponseKind.ANSWER)[1]


def test_day_of_the_first_report_is_written_as_people_write_it_and_has_a_source(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), AUTHOR, now)
    items = [("临江滨河花园停水", "临江滨河花园停水两天，居民投诉。", "2026-11-05T08:05:00+08:00")]
    execute(database, AddSource(publisher.feed("/a", items), "临江日报"), AUTHOR, now)
    Collector(database, now).round(now)
    known = [concern.id for concern, _ in list_concerns(database)]
    id = known[0] if known else execute(database, FlagTopic(list_topics(database)[0].id, "来电"), AUTHOR, now)
    title, text = begin_draft(database, id, ResponseKind.AUTHORITATIVE)
    assert "11月5日8时05分" in text
    assert not any("日期" in one.reason for one in check_text(database, id, ResponseKind.AUTHORITATIVE, title, text))
