"""The whole line: from a feed to the briefing on the officer's desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from docx import Document
from sqlalchemy import text

from briefing.html import page
from briefing.issue import Kind
from desk import casework, drafting
from desk.collect import Collector
from desk.monitor import list_topics, search_articles, topic_view, verify_record
from desk.office import Office, set_office
from desk.report import Wanted, make_briefing, sheet
from desk.sourcework import add_source, import_sources, list_sources
from domain.concern import ClockBasis, ConcernState, EventGrade
from domain.errors import ConflictError, InputError, StepError, StoreError
from domain.response import Channel, DeadlineState, ResponseKind
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
    set_office(database, Office(name="临江市政府新闻办", places=("临江",)), "李敏", now)
    add_source(database, publisher.feed("/a", BLAST), "李敏", now, "临江日报")
    add_source(database, publisher.feed("/b", OTHER, "gbk"), "李敏", now, "临江晚报")
    report = Collector(database, now).round(now)
    assert report.new == 3 and report.failed == 0
    return report.flagged


def test_emergency_is_flagged_with_evidence_and_noise_is_not(database, flagged):
    ((concern, clocks),) = casework.concerns(database)
    assert [concern.id] == flagged and concern.state is ConcernState.FLAGGED and clocks == []
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
    add_source(database, publisher.base + "/missing", "李敏", now, "坏源")
    add_source(database, publisher.feed("/a", BLAST), "李敏", now, "好源")
    report = Collector(database, now).round(now)
    assert report.new == 2 and report.failed == 1
    (bad,) = [v for v in list_sources(database, now) if v.source.name == "坏源"]
    assert "404" in bad.source.fault and bad.state.label == "出错"


def test_redirect_to_a_file_is_refused(database, publisher, now):
    publisher.pages["/r"] = (302, {"Location": "file:///etc/passwd"}, b"")
    add_source(database, publisher.base + "/r", "李敏", now)
    Collector(database, now).round(now)
    assert "拒绝" in list_sources(database, now)[0].source.fault


def test_search_finds_by_words_of_the_text(database, flagged):
    assert [a.title for a in search_articles(database, "图书馆读书会")] == [OTHER[0][0]]


def test_opml_adds_each_feed_once(database, tmp_path, now):
    path = tmp_path / "list.opml"
    path.write_text(
        '<opml><body><outline text="甲" xmlUrl="http://a.cn/1"/><outline text="乙" xmlUrl="http://a.cn/1"/></body></opml>'
    )
    assert import_sources(database, path, "李敏", now) == (1, 0)
    assert import_sources(database, path, "李敏", now) == (0, 1)


def test_case_from_judgement_to_close(database, flagged, now):
    (id,) = flagged
    clocks = casework.judge(database, id, grade=EventGrade.II, basis=ClockBasis.FOUND, by="李敏", now=now)
    assert [d.code for d in clocks] == ["authoritative-5h", "press-conference-24h"]
    draft = drafting.write_draft(
        database, id, kind=ResponseKind.AUTHORITATIVE, title="情况通报", body="事实、措施、结果。", by="李敏", now=now
    )
    with pytest.raises(StepError, match="还没有签发"):
        drafting.publish(
            database, id, draft.version, channel=Channel.WEBSITE, link="https://x.gov.cn/1", by="李敏", now=now
        )
    with pytest.raises(StepError, match="拟稿人"):
        drafting.approve(database, id, draft.version, by="李敏", now=now)
    drafting.approve(database, id, draft.version, by="王强", now=now)
    with pytest.raises(InputError, match="网址"):
        drafting.publish(database, id, draft.version, channel=Channel.WEBSITE, link="内网", by="李敏", now=now)
    later = now + timedelta(hours=2)
    drafting.publish(
        database, id, draft.version, channel=Channel.WEBSITE, link="https://x.gov.cn/1", by="李敏", now=later
    )
    case = casework.case(database, id)
    states = {d.code: d.state(later) for d in case.deadlines}
    assert states["authoritative-5h"] is DeadlineState.MET
    assert states["press-conference-24h"] is DeadlineState.RUNNING and states["updates"] is DeadlineState.RUNNING
    casework.close(database, id, outcome="伤员得到救治，事故调查组已成立。", by="李敏", now=later)
    assert casework.case(database, id).concern.state is ConcernState.CLOSED
    assert [e.action for e in casework.case(database, id).history] == [
        "标记关切",
        "判定",
        "拟稿",
        "签发",
        "发布回应",
        "办结",
    ]
    assert verify_record(database)[1] is None


def test_closed_case_cannot_be_judged_again(database, flagged, now):
    (id,) = flagged
    casework.dismiss(database, id, reason="演练", by="李敏", now=now)
    with pytest.raises(StepError, match="不予回应"):
        casework.judge(database, id, grade=EventGrade.IV, basis=ClockBasis.FOUND, by="李敏", now=now)


def test_two_people_at_once_one_is_told(database, flagged, now):
    (id,) = flagged
    with database.read() as connection:
        seen = cases.get(connection, id)
    casework.judge(database, id, grade=EventGrade.IV, basis=ClockBasis.FOUND, by="李敏", now=now)
    with pytest.raises(ConflictError, match="别人"), database.write() as connection:
        cases.update(connection, seen, title="别的")


def test_database_refuses_to_rewrite_the_record(database, flagged):
    with pytest.raises(StoreError), database.write() as connection:
        connection.execute(text("UPDATE record SET who='别人' WHERE sequence=1"))


def test_briefing_is_a_word_file_with_headings_table_and_picture(database, flagged, tmp_path, now):
    (path,) = make_briefing(database, Wanted(Kind.DAILY, china_day(now)), ("docx",), tmp_path / "out", "李敏", now)
    document = Document(str(path))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert [h[0] for h in headings] == list("一二三四五六七附")
    assert any("爆炸" in cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert len(document.inline_shapes) == 2  # reports per hour; tiers and areas
    again = make_briefing(database, Wanted(Kind.DAILY, china_day(now)), ("docx",), tmp_path / "out", "李敏", now)[0]
    assert again != path and path.exists() and "第1期" in again.name


def test_briefing_of_a_day_without_data_says_what_to_do(database, tmp_path, now):
    with pytest.raises(InputError, match="请先采集"):
        make_briefing(database, Wanted(Kind.DAILY, china_day(now)), ("docx",), tmp_path, "李敏", now)


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
    case = casework.case(database, id)
    assert case.concern.suggested_grade is EventGrade.III and "493" in case.concern.grade_ground
    assert case.history[-1].action == "调高建议等级"


@pytest.mark.parametrize(
    ("pragma", "advice"), [("query_only=ON", "只读"), ("max_page_count=1", "磁盘已满")], ids=["read-only", "full"]
)
def test_store_that_cannot_be_written_says_so_and_loses_nothing(database, flagged, now, pragma, advice):
    from sqlalchemy import event

    database.engine.dispose()
    event.listen(database.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {pragma}"))
    long = "一" * 500_000
    with pytest.raises(StoreError, match=advice):
        casework.dismiss(database, flagged[0], reason=long, by="李敏", now=now)
    assert casework.case(database, flagged[0]).concern.state is ConcernState.FLAGGED


def test_resumed_table_does_not_stop_the_feeds(database, publisher, tmp_path, now):
    from desk.collect import import_table
    from desk.sourcework import edit_sources
    from sources.spreadsheets import read_table

    path = tmp_path / "热线.csv"
    path.write_text("标题,时间\n反映路灯不亮,2026-11-19 08:00\n", "utf-8")
    import_table(database, path, read_table(path), now)
    (table,) = list_sources(database, now)
    edit_sources(database, [table.source.id], "李敏", now, paused=False)
    add_source(database, publisher.feed("/a", BLAST), "李敏", now, "好源")
    assert Collector(database, now).round(now).new == 2


def test_reader_that_breaks_is_one_sources_fault(database, publisher, now, monkeypatch):
    from sources.polling import KINDS, Kind

    async def broken(*_):
        raise RecursionError

    monkeypatch.setitem(KINDS, "broken", Kind("坏的", broken))
    add_source(database, publisher.feed("/a", BLAST), "李敏", now, "好源")
    add_source(database, publisher.feed("/b", OTHER), "李敏", now, "坏源")
    with database.write() as connection:
        connection.execute(text("UPDATE source SET kind='broken' WHERE name='坏源'"))
    report = Collector(database, now).round(now)
    assert report.new == 2 and report.failed == 1


def test_personal_data_is_masked_in_the_briefing(database, publisher, now):
    items = [("反映临江小区停水", "市民来电反映停水三天，联系电话13812345678。", "2026-11-20T08:00:00+08:00")]
    add_source(database, publisher.feed("/m", items), "李敏", now, "热线")
    Collector(database, now).round(now)
    words = page(sheet(database, Wanted(Kind.DAILY, china_day(now)), now).issue, "png")
    assert "138********" in words and "13812345678" not in words
