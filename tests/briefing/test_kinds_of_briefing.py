"""专报, 周报, 月报, 年度统计, 图解, the office's own template, the scheduled draft: from one real store."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from datetime import date, timedelta

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from PIL import Image

from briefing.infographic import POINT_LENGTH, Points, Size, drawn
from briefing.issue import ranges
from desk.cases.reading import read_case
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office.particulars import Office
from desk.reporting import infographic, ledger
from desk.reporting.report import default_day, draft_when_due, issue_of, issued, make_briefing
from desk.reporting.template import template_name
from domain.briefing import IssueKind, Wanted, period
from domain.concern import ClockBasis, EventGrade
from domain.errors import InputError, StoppedError
from domain.person import Actor
from domain.response import Channel, ResponseKind
from domain.steps.cases import JudgeConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetBriefingTemplate, SetOffice
from domain.steps.sources import AddSource
from domain.times import parse_moment

DAY = date(2026, 11, 20)
ITEM = ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00")
TEXT = "已知情况：现场明火已经扑灭。正在做：事故调查组已进驻，逐户登记受损房屋。下次发布：明日同一时间发布。"


@pytest.fixture
def answered(database, publisher, now):
    """One grave concern, judged and answered; the moment of the answer."""
    execute(database, SetOffice("临江市新闻办", ("临江",), signer="赵明"), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    execute(database, JudgeConcern(1, grade=EventGrade.II, basis=ClockBasis.FOUND, unit="市应急局"), Actor("李敏"), now)
    later = now + timedelta(hours=2)
    kind = ResponseKind.AUTHORITATIVE
    execute(database, WriteDraft(1, kind=kind, title="关于爆炸事故的情况通报", body=TEXT), Actor("李敏"), now)
    execute(database, ReviewDraft(1, 1), Actor("王强"), now)
    execute(database, ApproveDraft(1, 1), Actor("王强"), now)
    link = "https://example.gov.cn/1"
    execute(database, PublishDraft(1, 1, channel=Channel.WEBSITE, link=link, at=later), Actor("李敏"), later)
    return later


def told(issue):
    return "".join(s.heading + "".join(p.lead + issue.told(p) for p in s.paragraphs) for s in issue.sections)


@pytest.mark.parametrize("kind", [IssueKind.SPECIAL, IssueKind.WEEKLY, IssueKind.MONTHLY, IssueKind.ANNUAL])
def test_each_kind_leaves_in_all_formats_and_keeps_its_own_number(database, answered, tmp_path, kind):
    wanted = Wanted(kind, DAY, 1 if kind.of_concern else None)
    word, table, web = make_briefing(database, wanted, ("docx", "xlsx", "html"), tmp_path, Actor("李敏"), answered)
    issue, _ = issue_of(database, wanted, answered)
    assert word.name.startswith(f"{kind.label}_{wanted.last}_第1期") and issue.head.number == 1
    text = "".join(p.text for p in Document(str(word)).paragraphs)
    page = web.read_text("utf-8")
    for section in issue.sections:
        assert section.heading in text and section.heading in page
        for paragraph in section.paragraphs:
            assert issue.told(paragraph) in text and issue.told(paragraph) in page
    assert load_workbook(table).sheetnames[0] == "简报"
    assert [i.kind for i in issued(database)] == [kind]


def test_every_figure_of_an_issue_names_what_it_rests_on(database, answered):
    issue, _ = issue_of(database, Wanted(IssueKind.MONTHLY, DAY), answered)
    grounds = {g.name: g for g in issue.grounds}
    assert grounds["信息（条）"].value == "1" and grounds["信息（条）"].ids == "1"
    assert grounds["件数·判定"].ids == "1" and grounds["及时率·发布权威信息"].value == "100.0%"
    assert "本期采到信息 1 条" in told(issue) and "及时率 100.0%" in told(issue)


def test_sentences_carry_the_number_of_their_article(database, answered):
    issue, _ = issue_of(database, Wanted(IssueKind.SPECIAL, DAY, 1), answered)
    assert "〔1〕" in told(issue) and issue.cited[0].source == "临江日报"
    listed = issue.sections[-1].grid
    assert listed and listed.rows[0][0] == "1" and "爆炸" in listed.rows[0][3]


def test_week_month_and_year_end_where_the_calendar_says():
    assert period(IssueKind.WEEKLY, DAY) == (date(2026, 11, 16), date(2026, 11, 22))
    assert period(IssueKind.MONTHLY, date(2028, 2, 5)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert period(IssueKind.MONTHLY, date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
    monday = parse_moment("2026-11-23T09:00")
    assert period(IssueKind.WEEKLY, default_day(IssueKind.WEEKLY, monday))[1] == date(2026, 11, 22)


def test_kind_about_a_concern_asks_for_one():
    with pytest.raises(InputError, match="concern"):
        Wanted(IssueKind.SPECIAL, DAY)


def test_stopped_export_leaves_no_file(database, answered, tmp_path):
    said: list[str] = []
    with pytest.raises(StoppedError):
        make_briefing(
            database,
            Wanted(IssueKind.DAILY, DAY),
            ("docx", "html"),
            tmp_path / "out",
            Actor("李敏"),
            answered,
            told=said.append,
            stopped=lambda: len(said) > 1,
        )
    assert list((tmp_path / "out").iterdir()) == [] and issued(database) == []


def test_draft_is_made_once_from_the_set_hour_on(database, publisher, tmp_path, now):
    execute(database, SetOffice("临江市新闻办", ("临江",), draft_at="08:30"), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    morning = parse_moment("2026-11-21T08:29")
    assert draft_when_due(database, tmp_path, morning) == []
    (made,) = draft_when_due(database, tmp_path, morning + timedelta(minutes=1))
    assert made.name == "每日舆情简报_2026-11-20_第1期_草稿.docx"
    assert draft_when_due(database, tmp_path, morning + timedelta(minutes=5)) == []


def test_hour_that_is_none_is_refused():
    with pytest.raises(InputError, match="08:30"):
        Office(draft_at="八点半")


def template_file(tmp_path, *lines):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    path = tmp_path / "模板.docx"
    document.save(str(path))
    return path


def test_own_template_takes_the_place_of_our_layout(database, answered, tmp_path):
    path = template_file(
        tmp_path,
        "{{单位}}专用 第{{期号}}期 {{标题}}",
        "{%p for 栏 in 栏目 %}",
        "{{栏.标题}}",
        "{%p for 段 in 栏.段落 %}",
        "{{段.引题}}{{段.正文}}{{段.来源}}",
        "{%p endfor %}",
        "{%p endfor %}",
    )
    execute(database, SetBriefingTemplate(path), Actor("李敏"), answered)
    (word,) = make_briefing(database, Wanted(IssueKind.DAILY, DAY), ("docx",), tmp_path, Actor("李敏"), answered)
    text = [p.text for p in Document(str(word)).paragraphs]
    assert text[0] == "临江市新闻办专用 第1期 2026年11月20日舆情简报" and "一、今日要情" in text
    execute(database, SetBriefingTemplate(None), Actor("李敏"), answered)
    assert template_name(database) == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [("{{没有这个}}", "不认识的名称"), ("{{标题", "花括号|填不出来"), ("{{''.__class__.__mro__}}", "不允许|不认识")],
)
def test_template_that_cannot_be_filled_is_refused_with_the_reason(database, tmp_path, now, line, said):
    with pytest.raises(InputError, match=said):
        execute(database, SetBriefingTemplate(template_file(tmp_path, line)), Actor("李敏"), now)
    assert template_name(database) == ""


def test_file_that_is_no_template_is_refused(database, tmp_path, now):
    (tmp_path / "x.docx").write_bytes(b"no zip")
    with pytest.raises(InputError, match="docx"):
        execute(database, SetBriefingTemplate(tmp_path / "x.docx"), Actor("李敏"), now)


def test_picture_of_a_response_is_made_in_two_sizes(database, answered, tmp_path):
    response = read_case(database, 1).responses[0]
    points = infographic.proposed(database, 1, response.id)
    assert len(points.points) == 3 and points.points[0].startswith("已知情况")
    paths = infographic.export(points, tmp_path / "图解")
    sizes = [Image.open(path).size for path in paths]
    assert sizes == [(size.width, size.height) for size in Size]
    assert len(infographic.export(points, tmp_path / "图解")) == 2 and len(list((tmp_path / "图解").iterdir())) == 4


@given(st.text(max_size=400))
def test_points_of_any_text_fit_the_picture(text):
    points = infographic.points_of(text)
    assert len(points) <= 3 and all(len(point) <= POINT_LENGTH for point in points)


def test_picture_without_points_says_what_is_missing():
    with pytest.raises(InputError, match="要点"):
        drawn(Points("标题", ("", " "), (), "本单位", DAY), Size.WECHAT)


@given(st.sets(st.integers(1, 300)))
def test_ranges_name_every_id_once(ids):
    found = set()
    for part in ranges(ids).split(",") if ids else []:
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    assert found == ids


def plain_letters(text):
    """A PDF's letters may come back as their radicals (⽇ for 日)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler")
def test_pdf_without_libre_office_is_printed_by_qt(database, answered, tmp_path, monkeypatch, qapp):
    from gui.reporting import printing

    monkeypatch.setattr(printing, "libre_office", lambda: None)
    issue, _ = issue_of(database, Wanted(IssueKind.DAILY, DAY), answered)
    printing.print_pdf(issue, tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
    found = subprocess.run(["pdftotext", "-layout", tmp_path / "x.pdf", "-"], capture_output=True, text=True).stdout
    found = plain_letters(found)
    for section in issue.sections:
        assert plain_letters(section.heading) in found
    assert "—1—" in found


def test_statistics_leave_as_a_table_with_the_cases_behind(database, answered, tmp_path):
    path = tmp_path / "统计.xlsx"
    assert ledger.export_statistics(database, path, date(2026, 11, 1), date(2026, 11, 30), answered) > 10
    rows = list(load_workbook(path).active.values)
    assert (
        rows[0][:4] == ("类别", "项目", "本期", "上期") and ("件数", "判定", 1, 0, None, None, None, None, "1") in rows
    )
    assert any(row[0] == "分项及时率" and row[1] == "责任单位：市应急局" for row in rows)


@pytest.mark.parametrize(
    ("said", "kind"), [("weekly", IssueKind.WEEKLY), ("周报", IssueKind.WEEKLY), ("舆情专报", IssueKind.SPECIAL)]
)
def test_kind_is_known_by_code_and_by_name(said, kind):
    assert IssueKind.of(said) is kind


def test_kind_that_is_none_is_refused():
    for said in ("", "报", "季报"):
        with pytest.raises(InputError, match="可用的有"):
            IssueKind.of(said)
