"""The briefing in four formats: one text, escaped, frozen when final."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, timedelta

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from briefing.faces import BODY
from briefing.html import page
from briefing.issue import (
    Chart,
    ChartKind,
    Cited,
    Grid,
    Ground,
    Head,
    Issue,
    Paragraph,
    Picture,
    Section,
    Sentence,
    frozen,
    thawed,
)
from briefing.paper import plain, prepare
from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office.overview import overview
from desk.reporting.facts import daily_facts
from desk.reporting.report import issue_of, issued, item_of, make_briefing, renewing, sheet
from desk.topics.monitor import list_topics, search_articles
from domain.article import SourceTier
from domain.briefing import AddedItem, IssueKind, Plan, Wanted
from domain.concern import EventGrade
from domain.errors import ConflictError, InputError
from domain.person import Actor
from domain.search import read_search
from domain.steps.briefings import AddToBriefing, PlanBriefing
from domain.steps.cases import JudgeConcern
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic
from domain.times import china_day, parse_moment

DAY = date(2026, 11, 20)
DAILY = Wanted(IssueKind.DAILY, DAY)
ITEMS = [
    (
        "<script>alert(1)</script>临江停水通知",
        "临江滨河花园停水，居民投诉，电话 13812345678。",
        "2026-11-20T08:40:00+08:00",
    ),
    ("临江滨河花园停水抢修", "自来水公司说临江滨河花园停水管网今晚修复，居民投诉减少。", "2026-11-20T09:10:00+08:00"),
]
soffice = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")


@pytest.fixture
def ready(database, publisher, now):
    execute(database, SetOffice(name="临江市政府新闻办", places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", ITEMS), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    return database


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_all_formats_tell_the_same_facts(ready, tmp_path, now):
    word, table, web = make_briefing(ready, DAILY, ("docx", "xlsx", "html"), tmp_path, Actor("李敏"), now)
    issue, _ = issue_of(ready, DAILY, now)
    told = [words(issue.told(p)) for section in issue.sections for p in section.paragraphs]
    cells = [words(cell) for section in issue.sections if section.grid for row in section.grid.rows for cell in row]
    document = Document(str(word))
    in_word = words(
        "".join(p.text for p in document.paragraphs)
        + "".join(c.text for t in document.tables for r in t.rows for c in r.cells)
    )
    book = load_workbook(table)
    in_table = words("".join(str(c.value or "") for sheet in book for r in sheet for c in r))
    in_web = (
        words(re.sub("<[^>]+>", "", web.read_text("utf-8").split("<body>")[1]))
        .replace("&lt;", "<")
        .replace("&gt;", ">")
    )
    for piece in [*told, *cells]:
        assert piece in in_word and piece in in_table and piece in in_web
    assert "13812345678" not in in_word + in_table + in_web


def test_page_runs_no_script_and_loads_nothing(ready, now):
    text = page(issue_of(ready, DAILY, now)[0])
    assert "<script" not in text and "default-src 'none'" in text
    assert not re.search(r"(?:src|href)=[\"']?(?!data:)\w+:", text)


def test_final_issue_is_the_same_text_ever_after(ready, tmp_path, now, publisher):
    (first,) = make_briefing(ready, DAILY, ("html",), tmp_path, Actor("李敏"), now, final=True)
    publisher.feed("/a", [*ITEMS, ("临江又一件事", "临江又一件事发生了。", "2026-11-20T11:00:00+08:00")])
    later = now + timedelta(hours=3)
    Collector(ready, later).round(later)
    (again,) = make_briefing(ready, DAILY, ("html",), tmp_path, Actor("王强"), later)
    assert first != again and first.read_bytes() == again.read_bytes()
    assert issued(ready)[0].final


NEWER = ("文化公园菊展开幕", "文化公园菊展周五开幕，展出上千盆菊花。", "2026-11-20T11:00:00+08:00")


def come(ready, publisher, later):
    """Something more comes in."""
    publisher.feed("/a", [*ITEMS, NEWER])
    Collector(ready, later).round(later)


def told(issue):
    return "".join(p.lead + issue.told(p) for section in issue.sections for p in section.paragraphs)


def test_draft_stays_as_it_is_while_it_is_edited_until_somebody_takes_what_is_new(ready, tmp_path, now, publisher):
    (first,) = make_briefing(ready, DAILY, ("html",), tmp_path, Actor("李敏"), now)
    later = now + timedelta(hours=3)
    come(ready, publisher, later)
    (again,) = make_briefing(ready, DAILY, ("html",), tmp_path, Actor("李敏"), later)
    assert "草稿" in first.name and first.read_bytes() == again.read_bytes()
    seen = sheet(ready, DAILY, later)
    assert "菊展" not in told(seen.issue)
    new = [offer for offer in seen.offers if "菊展" in offer.name]
    assert [(offer.heading, offer.changed) for offer in new] == [("今日要情", False)]
    before = [p.key for p in seen.sections[0].paragraphs]
    execute(ready, renewing(DAILY, seen, new), Actor("李敏"), later)
    taken = sheet(ready, DAILY, later)
    assert "菊展" in told(taken.issue) and [p.key for p in taken.sections[0].paragraphs][:-1] == before
    assert taken.issue.head.made_at == now  # the rest is of then
    (final,) = make_briefing(ready, DAILY, ("html",), tmp_path, Actor("李敏"), later, final=True)
    assert "菊展" in final.read_text("utf-8")


def test_edit_fixes_what_was_seen_and_all_is_taken_at_once_on_demand(ready, now, publisher):
    seen = sheet(ready, DAILY, now)
    assert seen.material is not None
    execute(ready, PlanBriefing.of(DAILY, Plan(advice="建议。"), frozen(seen.material)), Actor("李敏"), now)
    later = now + timedelta(hours=3)
    come(ready, publisher, later)
    fixed = sheet(ready, DAILY, later)
    assert fixed.issue.sections[0] == seen.issue.sections[0] and fixed.offers
    execute(ready, renewing(DAILY, fixed, None), Actor("李敏"), later)
    now_told = sheet(ready, DAILY, later)
    assert "菊展" in told(now_told.issue) and not now_told.offers and now_told.plan.advice == "建议。"


def test_untouched_issue_follows_what_comes_in(ready, now, publisher):
    later = now + timedelta(hours=3)
    come(ready, publisher, later)
    assert "菊展" in told(issue_of(ready, DAILY, later)[0])
    assert not sheet(ready, DAILY, later).offers


def test_item_by_hand_and_a_report_from_where_it_stands_are_in_the_issue(ready, tmp_path, now):
    article = search_articles(ready, read_search("抢修", now)).articles[0]
    execute(
        ready, AddToBriefing.of(DAILY, AddedItem("今日要情", "市长调度会", "明日召开供水调度会")), Actor("李敏"), now
    )
    execute(ready, AddToBriefing.of(DAILY, item_of(ready, article.id)), Actor("李敏"), now)
    execute(
        ready, PlanBriefing.of(DAILY, Plan(advice="建议。")), Actor("李敏"), now
    )  # which leaves them where they are
    issue, _ = issue_of(ready, DAILY, now)
    by_hand, report = issue.sections[0].paragraphs[-2:]
    assert by_hand.lead == "市长调度会" and issue.told(by_hand) == "明日召开供水调度会。〔编〕"
    assert report.lead == article.title and report.sources == "（来源：临江日报）"
    assert "〔" in issue.told(report) and article.id in {one.id for one in issue.cited}
    with pytest.raises(InputError, match="已经在"):
        execute(ready, AddToBriefing.of(DAILY, item_of(ready, article.id)), Actor("李敏"), now)
    make_briefing(ready, DAILY, ("html",), tmp_path, Actor("李敏"), now, final=True)
    with pytest.raises(ConflictError, match="定稿"):
        execute(ready, AddToBriefing.of(DAILY, AddedItem("今日要情", "", "晚了")), Actor("李敏"), now)


def test_numbers_go_by_when_an_issue_is_made_final_not_by_its_draft(ready, tmp_path, now, publisher):
    publisher.feed("/a", [*ITEMS, ("临江昨天的事", "临江昨天的事，居民关心。", "2026-11-19T11:00:00+08:00")])
    Collector(ready, now).round(now)
    before = Wanted(IssueKind.DAILY, DAY - timedelta(days=1))
    for wanted in (DAILY, before):
        make_briefing(ready, wanted, ("html",), tmp_path, Actor("李敏"), now)
    for wanted in (before, DAILY):
        make_briefing(ready, wanted, ("html",), tmp_path, Actor("李敏"), now, final=True)
    assert {one.day: (one.number, one.final) for one in issued(ready)} == {DAY: (2, True), before.day: (1, True)}


def test_format_that_is_not_there_says_which_are(ready, tmp_path, now):
    with pytest.raises(InputError, match="docx"):
        make_briefing(ready, DAILY, ("odt",), tmp_path, Actor("李敏"), now)


text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(text, text, text), max_size=3), st.lists(st.tuples(text, text), max_size=3), text)
def test_frozen_issue_thaws_to_itself(paragraphs, rows, name):
    at = parse_moment("2026-11-20T12:00")
    grid = Grid(("甲", "乙"), tuple(rows), (1.0, 2.0)) if rows else None
    head = Head(IssueKind.DAILY, name, DAY, 1, 1, name, name, at, "0")
    told = [Paragraph((Sentence(a, (1, 2), True), Sentence(b)), c, name, name) for a, b, c in paragraphs]
    chart = Chart(ChartKind.CURVES, name, ((name, (1, 2, 3)),), (name,), at, ((name, 1.5),))
    issue = Issue(
        head,
        (Section("一", told, grid),),
        (Picture(name, (chart,)),),
        (Cited(1, name, at, name, name),),
        (Ground(name, "1", name, "1-3"),),
    )
    assert thawed(frozen(issue)) == issue


@soffice
def test_full_page_holds_22_lines_of_28_characters(tmp_path):
    document = Document()
    prepare(document)
    for _ in range(2):
        plain(document, "舆" * 28 * 22, BODY)
    document.save(str(tmp_path / "m.docx"))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'p').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "m.docx",
        ],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    found = subprocess.run(["pdftotext", "-layout", "m.pdf", "-"], cwd=tmp_path, capture_output=True, text=True).stdout
    for one in found.split("\f")[:2]:
        lines = [line for line in one.splitlines() if "舆" in line]
        assert len(lines) == 22 and {line.count("舆") for line in lines} == {28}


@soffice
def test_pdf_is_the_word_file_printed(ready, tmp_path, now):
    (path,) = make_briefing(ready, DAILY, ("pdf",), tmp_path, Actor("李敏"), now)
    assert path.read_bytes().startswith(b"%PDF")


def test_correction_is_a_new_issue_that_names_the_old(ready, tmp_path, now):
    make_briefing(ready, DAILY, ("html",), tmp_path, Actor("李敏"), now, final=True)
    (path,) = make_briefing(ready, DAILY, ("html",), tmp_path, Actor("李敏"), now, final=True, correct=True)
    assert "更正第1期" in path.read_text("utf-8") and "第2期" in path.name
    new, old = issued(ready)
    assert (old.number, new.number, new.corrects) == (1, 2, old.id)


def test_sections_left_out_are_numbered_anew_and_own_words_stand_in_place_of_proposals(ready, now):
    execute(
        ready,
        PlanBriefing.of(DAILY, Plan(frozenset({"重大事件专题"}), advice="建议公布抢修时间。")),
        Actor("李敏"),
        now,
    )
    issue, _ = issue_of(ready, DAILY, now)
    headings = [section.heading for section in issue.sections]
    assert len(headings) == 7 and headings[3] == "四、回应发布与成效" and headings[6] == "附：来源一览"
    advice = next(s for s in issue.sections if s.heading.endswith("研判与建议"))
    assert [issue.told(p) for p in advice.paragraphs] == ["建议公布抢修时间。"]


def test_flash_of_a_concern_tells_its_clocks(ready, tmp_path, now):

    from desk.topics.monitor import list_topics
    from domain.concern import ClockBasis, EventGrade

    topic = list_topics(ready)[0]
    known = [c.id for c, _ in list_concerns(ready)]
    id = known[0] if known else execute(ready, FlagTopic(topic.id, "上级来电"), Actor("李敏"), now)
    execute(ready, JudgeConcern(id, grade=EventGrade.NONE, basis=ClockBasis.FOUND), Actor("李敏"), now)
    (path,) = make_briefing(ready, Wanted(IssueKind.FLASH, DAY, id), ("html",), tmp_path, Actor("李敏"), now)
    text = path.read_text("utf-8")
    assert path.name.startswith("舆情快报_2026-11-20_第1期") and "予以回应" in text and "传播情况" in text
    assert "<script" not in text


def test_daily_briefing_tells_what_is_new_that_day(database, publisher, now):
    """A story that goes on for days is told by the day's own reports."""
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    first = (
        "临江水厂停水抢修",
        "临江第二水厂主管道爆裂停水，抢修人员连夜开挖作业面。",
        (now - timedelta(days=1)).isoformat(),
    )
    second = ("临江水厂停水抢修完成恢复供水", "临江第二水厂主管道停水抢修完成，今天上午全部恢复供水。", now.isoformat())
    execute(database, AddSource(publisher.feed("/a", [first, second]), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    assert len(list_topics(database)) == 1
    for told, day in ((first, now - timedelta(days=1)), (second, now)):
        facts = daily_facts(database, china_day(day), now + timedelta(hours=1), (1, 1))
        assert [one.text for one in facts.topics[0].sentences] == [told[1]]


def test_the_emergency_of_here_stands_above_what_is_hotter_in_the_province(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    at = (now - timedelta(hours=2)).isoformat()
    here = [("临江一化工厂爆炸致4人遇难", "临江一化工厂今晨爆炸，4人遇难，救援仍在进行。", at)]
    execute(database, AddSource(publisher.feed("/here", here), "临江在线", SourceTier.SOCIAL), Actor("李敏"), now)
    for i, said in enumerate(
        [
            "游客增三成",
            "景区收入翻番",
            "民宿一房难求",
            "夜市消费走高",
            "博物馆排长队",
            "航班客座率高",
            "酒店涨价",
            "古镇爆满",
            "索道停售",
        ]
    ):
        hot = [("全省旅游收入创新高", f"全省旅游收入创新高，{said}，各地文旅部门公布旅游收入数据，{said}。", at)]
        source = AddSource(publisher.feed(f"/hot{i}", hot), f"省媒{i}", SourceTier.CENTRAL)
        execute(database, source, Actor("李敏"), now)
    Collector(database, now).round(now)
    first, second = daily_facts(database, china_day(now), now + timedelta(hours=1), (1, 1)).topics
    assert first.topic.name.startswith("临江") and first.matter is not None
    assert second.topic.heat.value > first.topic.heat.value + 25
    assert first.matter is not None
    execute(database, JudgeConcern(first.matter, EventGrade.NONE), Actor("李敏"), now)  # then it goes by its heat
    by_heat = daily_facts(database, china_day(now), now + timedelta(hours=1), (1, 1)).topics
    assert [fact.topic.id for fact in by_heat[:2]] == [second.topic.id, first.topic.id]


def test_what_an_old_table_brought_is_counted_and_not_listed(database, publisher, now):
    told = [("临江一小区电梯老停", "电梯老停，没人修。", 400), ("临江花展开幕", "花展今天开幕。", 0)]
    old = [(title, text, (now - timedelta(days=days, hours=1)).isoformat()) for title, text, days in told]
    execute(database, AddSource(publisher.feed("/old", old), "热线"), Actor("李敏"), now)
    Collector(database, now).round(now)
    topic = next(topic for topic in list_topics(database) if "电梯" in topic.name)
    execute(database, FlagTopic(topic.id, "群众反映"), Actor("李敏"), now)
    issue, _ = issue_of(database, DAILY, now + timedelta(hours=1))
    section = next(section for section in issue.sections if "关切与回应" in section.heading)
    assert section.grid is None and "另有 1 件" in "".join(s.text for p in section.paragraphs for s in p.sentences)


def test_hot_topics_are_counted_and_named_as_the_overview_has_them(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    old = (now - timedelta(days=2)).isoformat()
    at = (now - timedelta(hours=2)).isoformat()
    told = [
        ("临江化工园区一厂房发生爆炸致2人受伤", "临江化工园区一厂房发生爆炸，2人受伤送医，消防到场。", old),
        ("临江化工园区爆炸事故原因公布", "临江化工园区爆炸系违规操作引起，企业已停产整顿。", at),
        ("临江化工园区爆炸周边空气达标", "临江环保部门监测化工园区爆炸点周边空气质量达标。", at),
        ("临江菊展开幕", "临江菊展开幕，游客很多，展出千盆。", at),
    ]
    for i, one in enumerate(told):
        execute(database, AddSource(publisher.feed(f"/m{i}", [one]), f"信源{i}"), Actor("李敏"), now)
    Collector(database, now).round(now)
    seen = overview(database, now, None, china_day(now)).hot
    shown = {f.topic.name: f for f in daily_facts(database, china_day(now), now, (1, 1)).topics}
    for hot in seen:
        fact = shown[hot.matter.name]
        assert (fact.topic.articles, fact.topic.sources) == (hot.matter.articles, hot.matter.sources)
        assert fact.topic.heat.value == hot.matter.heat.value and len(fact.articles) == fact.topic.articles
