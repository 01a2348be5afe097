"""The printed page against GB/T 9704-2012, measured: the 版心 of 156 mm by 225 mm, its lines, rules and numbers."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, timedelta
from zipfile import ZipFile

import pytest

from briefing import faces, pdf
from briefing.docx import write_docx
from briefing.issue import Grid, Head, Issue, Paragraph, Section, Sentence
from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.reporting.report import make_briefing
from desk.topics.monitor import list_topics
from domain.briefing import IssueKind, Wanted
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic
from domain.times import china_day, parse_moment
from gui.reporting import printing
from tests.briefing.measuring import Page, pages_of

needs_printing = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftoppm")), reason="needs LibreOffice and poppler"
)
AT = parse_moment("2026-11-20T12:00")
LEFT, RIGHT, TOP, FOOT = 28, 184, 37, 262  # mm, of the 版心
LINE = 225 / 22


def issue(text: str = "", rows: int = 0, kind: IssueKind = IssueKind.DAILY) -> Issue:
    head = Head(kind, "2026年11月20日舆情简报", date(2026, 11, 20), 7, 7, "临江市新闻办", "王强", AT, "0" * 64)
    grid = Grid(("号", "标题"), tuple((str(i), "临江") for i in range(rows)), (1, 9)) if rows else None
    return Issue(head, (Section("一、今日要情", [Paragraph((Sentence(text),))] if text else [], grid),))


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A paper of three pages and its PDF."""
    path = tmp_path_factory.mktemp("paper") / "p.pdf"
    pdf.write_pdf(issue("舆" * 28 * 40), path)
    return path


def near(measured: float, wanted: float, by: float = 1.0) -> bool:
    return abs(measured - wanted) <= by


@needs_printing
def test_imprint_stands_on_the_foot_of_the_last_page_with_rules_as_wide_as_the_text(printed):
    last = Page(printed, pages_of(printed))
    rules = last.rules(140)
    assert len(rules) == 3
    for one in rules:
        assert near(one.left, LEFT, 0.5) and near(one.right, RIGHT, 0.5)
    assert near(rules[2].bottom, FOOT)
    weights = [one.bottom - one.top for one in rules]
    assert [near(w, wanted, 0.07) for w, wanted in zip(weights, (0.35, 0.25, 0.35))] == [True] * 3
    assert weights[1] < min(weights[0], weights[2])
    below = last.lines(FOOT + 0.5, 297)
    assert len(below) == 1 and below[0].right - below[0].left < 20  # the page number, and nothing else


@needs_printing
def test_pages_hold_22_lines_the_first_too(printed):
    first, second = Page(printed, 1), Page(printed, 2)
    full = second.lines(TOP, FOOT)
    assert len(full) == 22 and near(full[-1].bottom, FOOT - 2)
    assert near(full[0].left, LEFT) and near(full[0].right, RIGHT)
    assert near(first.lines(TOP, FOOT)[-1].bottom, full[-1].bottom)


@needs_printing
def test_red_rule_has_two_lines_below_and_four_millimetres_above(printed):
    first = Page(printed, 1)
    (red,) = first.rules(140)
    lines = first.lines(TOP, FOOT)
    at = next(i for i, line in enumerate(lines) if line.bottom > red.top)
    assert near(red.left, LEFT) and near(red.right, RIGHT) and near(red.top - lines[at - 1].bottom, 4)
    title = lines[at + 1]
    assert near((title.top + title.bottom) / 2 - red.bottom, 2.5 * LINE)  # in the third line below


@needs_printing
@pytest.mark.parametrize(("number", "side"), [(1, "right"), (2, "left")])
def test_dash_of_the_page_number_is_7_mm_under_the_text(printed, number, side):
    dashes = [rule for rule in Page(printed, number).rules(3) if rule.top > FOOT + 1]
    assert dashes and near(dashes[0].top - FOOT, 7)
    outer = Page(printed, number).lines(FOOT + 1, 297)[0]
    assert near(RIGHT - outer.right if side == "right" else outer.left - LEFT, 14 / 72 * 25.4)  # one character free


@needs_printing
@pytest.mark.parametrize("rows", [16, 18])
def test_imprint_never_stands_alone(rows, tmp_path):
    """A table that ends about where the imprint's room begins: its last rows come along, and nothing is printed over."""
    pdf.write_pdf(issue("舆" * 20, rows), tmp_path / "p.pdf")
    last = Page(tmp_path / "p.pdf", pages_of(tmp_path / "p.pdf"))
    rules = last.rules(140)
    above = last.lines(TOP, rules[-3].top - 0.2)
    assert len(above) >= 2 and above[-1].bottom < rules[-3].top - 0.5


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs poppler")
@pytest.mark.parametrize("rows", range(14, 24, 2))
def test_imprint_does_not_stand_alone_where_qt_prints_either(rows, tmp_path, monkeypatch, qapp):
    monkeypatch.setattr(printing, "libre_office", lambda: None)
    printing.print_pdf(issue("舆" * 20, rows), tmp_path / "p.pdf")
    last = Page(tmp_path / "p.pdf", pages_of(tmp_path / "p.pdf"))
    rules = last.rules(140)
    assert near(rules[-1].bottom, FOOT) and near(rules[-1].left, LEFT) and near(rules[-1].right, RIGHT)
    assert len(last.lines(TOP, rules[-3].top - 0.2)) >= 2


def test_word_file_names_the_faces_of_the_standard_and_only_the_name_of_who_signs_is_in_kai(tmp_path, monkeypatch):
    monkeypatch.setattr(faces, "installed", lambda: frozenset({"Noto Serif CJK SC"}))
    write_docx(issue("舆情"), tmp_path / "p.docx")
    with ZipFile(tmp_path / "p.docx") as made:
        parts = [made.read(name).decode() for name in made.namelist() if name.endswith(".xml")]
    assert not any("Noto" in part for part in parts)
    named = dict(
        re.findall(r'w:eastAsia="([^"]+)"/>(?:<w:[^t][^>]*>)*</w:rPr><w:t[^>]*>(签发人：|王强)<', "".join(parts))
    )
    assert {said: face for face, said in named.items()} == {"签发人：": "仿宋_GB2312", "王强": "楷体_GB2312"}


@needs_printing
def test_printed_file_says_what_stood_in_for_missing_faces(tmp_path, monkeypatch):
    monkeypatch.setattr(faces, "installed", lambda: frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"}))
    pdf.write_pdf(issue("舆情"), tmp_path / "p.pdf")
    said = subprocess.run(["pdftotext", str(tmp_path / "p.pdf"), "-"], capture_output=True, text=True).stdout
    assert "缺少的字体：仿宋_GB2312" in re.sub(r"\s", "", said)
    monkeypatch.setattr(
        faces, "installed", lambda: frozenset({"仿宋_GB2312", "楷体_GB2312", "SimHei", "SimSun", "FZXiaoBiaoSong-B05S"})
    )
    assert faces.substitutes() == ""


@needs_printing
def test_briefing_of_a_quiet_day_fits_three_pages(database, publisher, tmp_path, now):
    at = (now - timedelta(hours=3)).isoformat()
    told = [
        ("供暖首日多个小区反映暖气不热", "供暖首日，江南苑等小区居民反映暖气不热，热力公司说明天检修完毕。"),
        ("市图书馆周末夜场受欢迎", "市图书馆周末夜场开放到晚上十点，读者排队入馆，座位比平时多用三成。"),
        ("临江马拉松报名下周启动", "临江马拉松组委会透露，报名下周启动，今年首设三公里家庭跑。"),
        ("今冬首轮寒潮周四到", "市气象台预报，受冷空气影响，周四最低气温降到零下四度，请做好防冻准备。"),
        ("老年食堂刷卡有补贴", "市民政局说，老年食堂刷卡用餐每餐补贴三元，凭身份证办卡。"),
        ("三家绿色工厂入选名单", "工信部门公布名单，我市新增三家绿色工厂，累计十一家。"),
        ("窗口延时服务到晚上七点", "政务服务中心延时服务到晚上七点，先从社保、不动产两个窗口开始。"),
    ]
    execute(database, SetOffice("临江市人民政府新闻办公室", ("临江", "江南苑"), signer="王强"), Actor("李敏"), now)
    for i in range(3):
        items = [(title, text, at) for title, text in told[i::3]]
        execute(database, AddSource(publisher.feed(f"/{i}", items), f"临江日报{i}"), Actor("李敏"), now)
    Collector(database, now).round(now)
    known = {concern.topic_id for concern, _ in list_concerns(database)}
    waiting = next(topic for topic in list_topics(database) if topic.id not in known)
    execute(database, FlagTopic(waiting.id, "上级来电"), Actor("李敏"), now)
    (path,) = make_briefing(database, Wanted(IssueKind.DAILY, china_day(now)), ("pdf",), tmp_path, Actor("李敏"), now)
    assert pages_of(path) <= 3
