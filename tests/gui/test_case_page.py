"""A case as an officer works it at the window: judged, drafted, answered, found again in ledger and figures."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit

from desk.cases.reading import list_concerns
from desk.cases.writing import unsaved_text
from desk.collecting.collect import Collector
from desk.collecting.sourcework import list_sources
from desk.execute import execute
from desk.reporting.ledger import COLUMNS
from domain.concern import ClockBasis, ConcernState, Disposition, EventGrade
from domain.person import Actor
from domain.response import Channel, ResponseKind
from domain.steps.cases import DismissConcern, JudgeConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from gui.cases import steps
from gui.cases.conflict import Conflict
from gui.kit.stepform import StepForm
from gui.kit.theme import GRADE_COLOURS, legible
from gui.operations import CONCERNS, SOURCES
from gui.pages import PageName
from gui.reporting.infographic import Infographic
from store import sources
from tests.gui.cases import ITEM, ME, give


def fill(page, **given):
    """Give an open form what it asks for, and agree."""
    form = page.findChild(StepForm)
    give(form, given)
    form.yes.click()
    return form


def test_officer_judges_a_concern_and_its_clock_runs(collected, window, database, qtbot):
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.right.next.text() == "判定…", timeout=5_000)
    page.right.next.click()
    fill(page, grade=EventGrade.II, unit="应急局", disposition=Disposition.HARDSHIP)
    qtbot.waitUntil(lambda: page.right.next.text() == "拟稿…", timeout=5_000)
    qtbot.waitUntil(lambda: "余 5:00" in page.right.clocks.accessibleName(), timeout=5_000)
    qtbot.waitUntil(
        lambda: (
            (window._strip.chips[0].isVisible() and "4:59" in window._strip.chips[0].text())
            or "5:00" in window._strip.chips[0].text()
        ),
        timeout=5_000,
    )
    assert list_concerns(database)[0][0].state is ConcernState.OPEN


def test_draft_is_kept_while_typing_and_taken_up_again(collected, window, database, qtbot, now):
    execute(database, JudgeConcern(1, grade=EventGrade.II, basis=ClockBasis.FOUND), Actor(window.person), now)
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.right.next.text() == "拟稿…", timeout=5_000)
    page._do(WriteDraft)
    qtbot.waitUntil(lambda: "事实真相" in page.editor.body.toPlainText(), timeout=5_000)
    page.editor.body.setPlainText("写到一半，受伤99人")
    qtbot.waitUntil(lambda: unsaved_text(database, 1, window.person) is not None, timeout=5_000)
    qtbot.waitUntil(lambda: any(f.check == "无出处" for f in page.editor.findings.rows_model.rows), timeout=5_000)
    page.editor.close()
    page._do(WriteDraft)
    qtbot.waitUntil(lambda: page.editor.body.toPlainText() == "写到一半，受伤99人", timeout=5_000)
    page.editor._save()
    qtbot.waitUntil(lambda: page.right.next.text() == "核稿…", timeout=5_000)
    assert unsaved_text(database, 1, window.person) is None


def test_saying_is_kept_and_found(window, database, qtbot):
    window.go("口径库")
    page = window.pages["口径库"]
    page.name.setText("供暖不达标退费")
    page.body.setPlainText("室温不足十八度的，按日退费。")
    page.source.setText("市供热办法第12条")
    page._add()
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 1, timeout=5_000)
    page.query.setText("停水")
    assert page.table.rows_model.rows == []


def test_figures_lead_to_their_cases(collected, window, database, qtbot, now):
    execute(database, JudgeConcern(1, grade=EventGrade.II, basis=ClockBasis.FOUND), Actor("李敏"), now)
    window.go("统计")
    page = window.pages["统计"]
    qtbot.waitUntil(lambda: len(page.figures.rows_model.rows) > 4, timeout=5_000)
    page.figures.choose(0)
    chosen = page.figures.chosen()
    qtbot.waitUntil(
        lambda: "各月判定的关切" in [x.accessibleName() for x in page.pictures.findChildren(QLabel)], timeout=10_000
    )
    assert (chosen.name, chosen.value) == ("判定", 1) and len(page.cases.rows_model.rows) == 1


def test_two_officers_at_one_case_see_both_versions(collected, window, database, qtbot, now):
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None, timeout=5_000)
    execute(database, JudgeConcern(1, grade=EventGrade.II, basis=ClockBasis.FOUND, unit="应急局"), Actor("王强"), now)
    page._do(DismissConcern)
    form = fill(page, reason="重复反映，另件办理")
    qtbot.waitUntil(lambda: page.findChild(Conflict) is not None, timeout=5_000)
    texts = [box.toPlainText() for box in page.findChild(Conflict).findChildren(QPlainTextEdit)]
    assert "王强 判定" in texts[0] and "应急局" in texts[0] and "重复反映，另件办理" in texts[1]
    page.findChild(Conflict).accept()
    qtbot.waitUntil(lambda: page.case.concern.state is ConcernState.OPEN, timeout=5_000)
    assert form.isVisible() and form.given() == {"reason": "重复反映，另件办理"}
    form.yes.click()  # now that it is known what the other did, the step is judged by the course alone
    qtbot.waitUntil(lambda: "不能不予回应" in form.faults.told(), timeout=5_000)
    assert form.given() == {"reason": "重复反映，另件办理"}


def test_picture_of_a_response_is_made_from_the_case(collected, window, database, qtbot, monkeypatch, tmp_path, now):
    execute(database, JudgeConcern(1, grade=EventGrade.II, basis=ClockBasis.FOUND), Actor("李敏"), now)
    body = "已知情况：明火已灭。正在做：事故调查。下次发布：明日。"
    execute(database, WriteDraft(1, kind=ResponseKind.UPDATE, title="处置进展", body=body), Actor("李敏"), now)
    execute(database, ReviewDraft(1, 1), Actor("王强"), now)
    execute(database, ApproveDraft(1, 1), Actor("王强"), now)
    execute(database, PublishDraft(1, 1, channel=Channel.WEBSITE, link="https://x.gov.cn/1"), Actor("李敏"), now)
    monkeypatch.setattr("gui.reporting.infographic.QDesktopServices.openUrl", lambda _: True)
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None and len(page.case.responses) == 1, timeout=5_000)
    page._infographic()
    qtbot.waitUntil(lambda: page.findChild(Infographic) is not None, timeout=5_000)
    dialog = page.findChild(Infographic)
    qtbot.waitUntil(lambda: not dialog.picture.pixmap().isNull(), timeout=10_000)
    dialog.heading.setText("爆炸事故处置进展")
    dialog._export()
    qtbot.waitUntil(lambda: dialog.said.text().startswith("已生成"), timeout=10_000)
    assert len(list((tmp_path / "图解").glob("*爆炸事故处置进展*.png"))) == 2
    dialog.reject()


def test_ledger_is_filtered_and_shows_every_column(collected, window, database, qtbot, now):
    execute(database, JudgeConcern(1, grade=EventGrade.II, basis=ClockBasis.FOUND, unit="应急局"), Actor("李敏"), now)
    window.go("统计")
    page = window.pages["统计"]
    qtbot.waitUntil(lambda: len(page.whole.rows_model.rows) == 1, timeout=5_000)
    assert [c.heading for c in page.whole.rows_model.columns] == list(COLUMNS)
    page.query.setText("没有这个单位")
    assert page.whole.rows_model.rows == []
    page.query.setText("应急局")
    assert len(page.whole.rows_model.rows) == 1
    page.state.setCurrentText("办结")
    assert page.whole.rows_model.rows == []


def test_case_is_worked_by_keyboard(collected, window, database, qtbot, monkeypatch, now):
    asked = []
    monkeypatch.setattr(steps, "judge_form", lambda *_: asked.append(1) or StepForm(window, "判定"))
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None, timeout=5_000)
    page.cases.table.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert page.right.tabs.tabText(page.right.tabs.currentIndex()) == "记录"
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked == [1]


def test_what_waits_for_a_person_stands_beside_the_page(collected, window, database, qtbot, now):
    badge = {name: window._nav.list.item(i).text for i, name in enumerate(PageName)}
    qtbot.waitUntil(lambda: badge[PageName.CASES]() == "关切　1", timeout=5_000)
    source = list_sources(database, now)[0].source
    with database.write() as connection:
        sources.change(connection, source.id, fault="连不上", failures=3)
    window.operations.changed.emit(frozenset({SOURCES}))
    qtbot.waitUntil(lambda: badge[PageName.SOURCES]() == "信源　▲1", timeout=5_000)
    execute(database, JudgeConcern(1, grade=EventGrade.IV, basis=ClockBasis.FOUND), Actor("李敏"), now)
    window.operations.changed.emit(frozenset({CONCERNS}))
    qtbot.waitUntil(lambda: badge[PageName.CASES]() == "关切", timeout=5_000)


def test_reasons_stand_above_the_tabs_in_whole_sentences(window, database, publisher, qtbot, now):
    told = (
        "临江化工园区一厂房今天上午发生爆炸，"
        + "消防救援人员已到现场搜救被困人员，周边居民正在疏散，" * 4
        + "原因正在调查。"
    )
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    execute(
        database, AddSource(publisher.feed("/a", [("临江厂房爆炸", told, ITEM[2])]), "临江日报"), Actor("李敏"), now
    )
    Collector(database, now).round(now)
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.right.reasons.isVisible() and bool(page.right.reasons.rows_model.rows), timeout=5_000)
    whole = page.right.reasons.fontMetrics().horizontalAdvance(page.right.reasons.rows_model.rows[0][1].sentence)
    lines = page.right.reasons.rowHeight(0) // page.right.reasons.fontMetrics().height()
    assert lines * page.right.reasons.columnWidth(1) >= whole > page.right.reasons.columnWidth(1)
    assert page.right.reasons.y() < page.right.tabs.y()


@pytest.mark.parametrize("ground", ["#FFFFFF", "#1E2127"])
def test_grades_and_clocks_are_legible_on_either_ground(ground):
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(ground))
    for colour in (GRADE_COLOURS["I"], GRADE_COLOURS["IV"]):
        assert contrast(legible(colour, palette), QColor(ground)) >= 4.5


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2."""

    def light(colour: QColor) -> float:
        parts = [
            v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
            for v in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_piece_of_personal_data_is_named_before_the_words_around_it(filled, window, database, now):
    body = "明火已扑灭。联系人张三，电话13912345678。"
    execute(database, JudgeConcern(filled, EventGrade.II), ME, now)
    draft = execute(database, WriteDraft(filled, "通报", body, ResponseKind.AUTHORITATIVE), ME, now)
    which = steps.personal_form(window, draft, (), "王强").faults.field("words")
    assert isinstance(which, QComboBox)
    named = [which.itemText(i).split("（")[0] for i in range(which.count())]
    assert named == ["姓名：张三", "手机号：13912345678"]
