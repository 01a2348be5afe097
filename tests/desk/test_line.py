"""The whole line: from a feed to the briefing on the officer's desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from docx import Document
from sqlalchemy import text

from briefing.html import page
from desk.cases.reading import list_concerns, read_case
from desk.collecting.collect import Collector
from desk.collecting.sourcework import list_sources
from desk.execute import execute
from desk.reporting.report import make_briefing, sheet
from desk.topics.monitor import list_topics, search_articles, topic_view, verify_record
from domain.briefing import IssueKind, Wanted
from domain.concern import ClockBasis, ConcernState, EventGrade
from domain.errors import ConflictError, InputError, StepError, StoreError
from domain.person import Actor
from domain.response import Channel, DeadlineState, ResponseKind
from domain.search import read_search
from domain.steps.cases import CloseConcern, DismissConcern, JudgeConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource, ImportSources, PauseSources
from domain.times import china_day
from store import cases

BLAST = [
    ("临江化工园区一厂房发生爆炸 已致2人受伤", "11月20日8时许，临江化工园区一厂房发生爆炸，消防救援人员已到现场，周边居民疏散。", "2026-11-20T08:40:00+08:00"),
    ("临江化工园区爆炸事故救援进行中", "临江化工园区厂房爆炸后，救援力量全力搜救，伤员送医，事故原因正在调查。", "2026-11-20T09:10:00+08:00"),
]  # fmt: skip
OTHER = [("临江图书馆周末举办读书会", "临江图书馆本周六举办读书会，欢迎市民报名参加。", "2026-11-20T07:00:00+08:00")]


@pytest.fixture
def flagged(database, publisher, now):
    """A store in which one emergency was collected and flagged."""
    execute(database, SetOffice(name="临江市政府新闻办", places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", BLAST), "临江日报"), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/b", OTHER, "gbk"), "临江晚报"), Actor("李敏"), now)
    report = Collector(database, now).round(now)
    assert report.new == 3 and report.failed == 0
    return report.flagged


def test_emergency_is_flagged_with_evidence_and_noise_is_not(database, flagged):
    ((concern, clocks),) = list_concerns(database)
    assert (
        [concern.id] == flagged
        and concern.state is ConcernState.FLAGGED
        and [d.code for d in clocks] == ["judge", "unjudged-5h"]
    )
    assert "爆炸" in concern.title
    assert any("爆炸" in e.sentence for reason in concern.reasons for e in reason.evidence)


def test_second_round_is_not_modified_and_adds_nothing(database, flagged, publisher, now):
    topics = {topic.id for topic in list_topics(database)}
    report = Collector(database, now).round(now + timedelta(minutes=5))
    assert report.new == 0 and report.flagged == []
    assert any("If-None-Match" in headers for _, headers in publisher.asked)
    assert {topic.id for topic in list_topics(database)} == topics


def test_topic_keeps_its_id_over_a_restart(database, flagged, publisher, now):
    (before,) = [t for t in list_topics(database) if "爆炸" in t.name]
    later = (
        "临江化工园区爆炸事故伤员增至3人",
        "临江化工园区厂房爆炸事故伤员增至3人，救援继续，居民疏散安置。",
        "2026-11-20T11:00:00+08:00",
    )
    publisher.feed("/a", [*BLAST, later])
    Collector(database, now).round(now)
    assert len(topic_view(database, before.id).articles) == 3


def test_failing_source_says_why_and_does_not_stop_the_others(database, publisher, now):
    execute(database, AddSource(publisher.base + "/missing", "坏源"), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", BLAST), "好源"), Actor("李敏"), now)
    report = Collector(database, now).round(now)
    assert report.new == 2 and report.failed == 1
    (bad,) = [v for v in list_sources(database, now) if v.source.name == "坏源"]
    assert bad.source.fault and "404" in bad.source.fault and bad.state.label == "出错"


def test_redirect_to_a_file_is_refused(database, publisher, now):
    publisher.pages["/r"] = (302, {"Location": "file:///etc/passwd"}, b"")
    execute(database, AddSource(publisher.base + "/r"), Actor("李敏"), now)
    Collector(database, now).round(now)
    assert "拒绝" in str(list_sources(database, now)[0].source.fault)


def test_search_finds_by_words_of_the_text(database, flagged, now):
    assert [a.title for a in search_articles(database, read_search("图书馆读书会", now)).articles] == [OTHER[0][0]]


def test_opml_adds_each_feed_once(database, tmp_path, now):
    path = tmp_path / "list.opml"
    path.write_text(
        '<opml><body><outline text="甲" xmlUrl="http://a.cn/1"/><outline text="乙" xmlUrl="http://a.cn/1"/></body></opml>'
    )
    assert execute(database, ImportSources(path), Actor("李敏"), now) == (1, 0)
    assert execute(database, ImportSources(path), Actor("李敏"), now) == (0, 1)


def test_case_from_judgement_to_close(database, flagged, now):
    (id,) = flagged
    clocks = execute(database, JudgeConcern(id, grade=EventGrade.II, basis=ClockBasis.FOUND), Actor("李敏"), now).clocks
    assert [d.code for d in clocks] == ["authoritative-5h", "press-conference-24h"]
    draft = execute(
        database,
        WriteDraft(id, kind=ResponseKind.AUTHORITATIVE, title="情况通报", body="事实、措施、结果。"),
        Actor("李敏"),
        now,
    )
    with pytest.raises(StepError, match="还没有签发"):
        execute(
            database,
            PublishDraft(id, draft.version, channel=Channel.WEBSITE, link="https://x.gov.cn/1"),
            Actor("李敏"),
            now,
        )
    with pytest.raises(StepError, match="拟稿人"):
        execute(database, ApproveDraft(id, draft.version), Actor("李敏"), now)
    execute(database, ReviewDraft(id, draft.version), Actor("王强"), now)
    execute(database, ApproveDraft(id, draft.version), Actor("王强"), now)
    with pytest.raises(InputError, match="网址"):
        execute(database, PublishDraft(id, draft.version, channel=Channel.WEBSITE, link="内网"), Actor("李敏"), now)
    later = now + timedelta(hours=2)
    execute(
        database,
        PublishDraft(id, draft.version, channel=Channel.WEBSITE, link="https://x.gov.cn/1"),
        Actor("李敏"),
        later,
    )
    case = read_case(database, id)
    states = {d.code: d.state(later) for d in case.deadlines}
    assert states["authoritative-5h"] is DeadlineState.MET
    assert states["press-conference-24h"] is DeadlineState.RUNNING and states["updates"] is DeadlineState.RUNNING
    execute(database, CloseConcern(id, outcome="伤员得到救治，事故调查组已成立。"), Actor("李敏"), later)
    assert read_case(database, id).concern.state is ConcernState.CLOSED
    assert [e.action for e in read_case(database, id).history] == [
        "标记关切",
        "判定",
        "拟稿",
        "核稿",
        "签发",
        "发布回应",
        "办结",
    ]
    assert verify_record(database)[1] is None


def test_closed_case_cannot_be_judged_again(database, flagged, now):
    (id,) = flagged
    execute(database, DismissConcern(id, reason="演练"), Actor("李敏"), now)
    with pytest.raises(StepError, match="不予回应"):
        execute(database, JudgeConcern(id, grade=EventGrade.IV, basis=ClockBasis.FOUND), Actor("李敏"), now)


def test_two_people_at_once_one_is_told(database, flagged, now):
    (id,) = flagged
    with database.read() as connection:
        seen = cases.get(connection, id)
    execute(database, JudgeConcern(id, grade=EventGrade.IV, basis=ClockBasis.FOUND), Actor("李敏"), now)
    with pytest.raises(ConflictError, match="别人"), database.write() as connection:
        cases.update(connection, seen, title="别的")


def test_database_refuses_to_rewrite_the_record(database, flagged):
    with pytest.raises(StoreError), database.write() as connection:
        connection.execute(text("UPDATE record SET who='别人' WHERE sequence=1"))


def test_briefing_is_a_word_file_with_headings_table_and_picture(database, flagged, tmp_path, now):
    (path,) = make_briefing(
        database, Wanted(IssueKind.DAILY, china_day(now)), ("docx",), tmp_path / "out", Actor("李敏"), now
    )
    document = Document(str(path))
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert [h[0] for h in headings] == list("一二三四五六七附")
    assert any("爆炸" in cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert len(document.inline_shapes) == 1  # tiers and areas; of so few reports there is no curve
    again = make_briefing(
        database, Wanted(IssueKind.DAILY, china_day(now)), ("docx",), tmp_path / "out", Actor("李敏"), now
    )[0]
    assert again != path and path.exists() and "第1期" in again.name


def test_briefing_of_a_day_without_data_says_what_to_do(database, tmp_path, now):
    with pytest.raises(InputError, match="请先采集"):
        make_briefing(database, Wanted(IssueKind.DAILY, china_day(now)), ("docx",), tmp_path, Actor("李敏"), now)


def test_database_of_a_newer_version_is_left_alone(database, tmp_path):
    from store.database import open_database, sqlite_url

    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num='9999'"))
    with pytest.raises(StoreError, match="更新版本"):
        open_database(sqlite_url(tmp_path))


def test_graver_news_raises_the_suggested_grade_until_somebody_judges(database, flagged, publisher, now):
    (id,) = flagged
    later = (
        "临江化工园区爆炸已致3人死亡",
        "临江化工园区厂房爆炸已造成3人死亡，消防救援继续，居民疏散。",
        "2026-11-20T11:00:00+08:00",
    )
    publisher.feed("/a", [*BLAST, later])
    Collector(database, now).round(now)
    case = read_case(database, id)
    assert case.concern.suggested_grade is EventGrade.III and "493" in case.concern.grade_ground
    assert case.history[-1].action == "调高建议等级"


@pytest.mark.parametrize(
    ("pragma", "advice"), [("query_only=ON", "只读"), ("max_page_count=1", "磁盘已满")], ids=["read-only", "full"]
)
def test_store_that_cannot_be_written_says_so_and_loses_nothing(database, flagged, now, pragma, advice):
    from sqlalchemy import event

    database.engine.dispose()
    event.listen(database.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {pragma}"))
    long = "一" * 19_000
    with pytest.raises(StoreError, match=advice):
        execute(database, DismissConcern(flagged[0], reason=long), Actor("李敏"), now)
    assert read_case(database, flagged[0]).concern.state is ConcernState.FLAGGED


def test_resumed_table_does_not_stop_the_feeds(database, publisher, tmp_path, now):
    from desk.collecting.tableimport import import_table, open_table

    path = tmp_path / "热线.csv"
    path.write_text("标题,时间\n反映路灯不亮,2026-11-19 08:00\n", "utf-8")
    import_table(database, path, open_table(path), now)
    (table,) = list_sources(database, now)
    execute(database, PauseSources((table.source.id,), paused=False), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", BLAST), "好源"), Actor("李敏"), now)
    assert Collector(database, now).round(now).new == 2


def test_reader_that_breaks_is_one_sources_fault(database, publisher, now, monkeypatch):
    from sources.polling import KINDS, SourceKind

    async def broken(*_):
        raise RecursionError

    monkeypatch.setitem(KINDS, "broken", SourceKind("坏的", broken))
    execute(database, AddSource(publisher.feed("/a", BLAST), "好源"), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/b", OTHER), "坏源"), Actor("李敏"), now)
    with database.write() as connection:
        connection.execute(text("UPDATE source SET kind='broken' WHERE name='坏源'"))
    report = Collector(database, now).round(now)
    assert report.new == 2 and report.failed == 1


def test_personal_data_is_masked_in_the_briefing(database, publisher, now):
    items = [("反映临江小区停水", "市民来电反映停水三天，联系电话13812345678。", "2026-11-20T08:00:00+08:00")]
    execute(database, AddSource(publisher.feed("/m", items), "热线"), Actor("李敏"), now)
    Collector(database, now).round(now)
    words = page(sheet(database, Wanted(IssueKind.DAILY, china_day(now)), now).issue, "png")
    assert "138********" in words and "13812345678" not in words
