"""The window, as an officer uses it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from desk.cases.deadlines import calendar
from desk.cases.reading import list_concerns
from desk.cases.writing import unsaved_text
from desk.collecting.collect import Collector
from desk.collecting.sourcework import list_sources
from desk.execute import execute
from desk.office import reminding
from desk.office.backups import BackupPlan, BackupStatus, State
from desk.reporting import ledger
from desk.reporting.ledger import COLUMNS
from desk.topics import monitor
from desk.topics.events import list_events
from domain.concern import ClockBasis, ConcernState, Disposition, EventGrade
from domain.person import Actor, Role
from domain.response import Channel, ResponseKind
from domain.steps.cases import DismissConcern, JudgeConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.people import AddPerson, SetPassword
from domain.steps.sources import AddSource
from domain.times import Clock
from gui.cases import steps
from gui.cases.conflict import Conflict
from gui.collecting.process import Round
from gui.collecting.sourceforms import AddSource as SourceForm
from gui.collecting.sourceforms import Particulars
from gui.collecting.tableimport import TableImport, choose_table
from gui.kit.parts import Column, RowsModel, Table
from gui.kit.stepform import StepForm
from gui.kit.theme import GRADE_COLOURS, legible
from gui.operations import CONCERNS, SOURCES
from gui.pages import PageName
from gui.palette import fits
from gui.reporting.infographic import Infographic
from response.statistics import statistics
from store import sources
from tests.gui.cases import ITEM, give


@pytest.fixture
def collected(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)


def fill(page, **given):
    """Give an open form what it asks for, and agree."""
    form = page.findChild(StepForm)
    give(form, given)
    form.yes.click()
    return form


def test_first_start_offers_what_to_do(window, qtbot):
    overview = window.pages["总览"]
    qtbot.waitUntil(lambda: overview.welcome.isVisible(), timeout=5_000)


def test_palette_searches_once_for_what_is_typed(collected, window, qtbot, monkeypatch):
    searched = []
    search = monitor.search_articles
    monkeypatch.setattr(monitor, "search_articles", lambda *given: (searched.append(given[1]), search(*given))[1])
    window.go_anywhere()
    palette = window.anywhere.palette
    palette.field.setText("爆炸")
    qtbot.waitUntil(lambda: any("信息" in palette.list.item(i).text() for i in range(palette.list.count())))
    qtbot.wait(500)
    assert searched == ["爆炸"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.wait(500)
    assert searched == ["爆炸"] and window.anywhere.palette is None


def test_every_page_opens_without_an_error(collected, window, qtbot):
    for name in PageName:
        window.go(name)
        qtbot.wait(150)
        assert window._stack.currentWidget() is window.pages[name]
    assert "新关切" in window._fault.text() or not window._fault.isVisible()


def test_page_chosen_while_the_store_opens_stays(collected, open_window, qtbot):
    made = open_window(waited_for=False)
    made.go(PageName.TOPICS)
    qtbot.waitUntil(lambda: made._second.isActive(), timeout=10_000)
    assert made._stack.currentWidget() is made.pages[PageName.TOPICS]


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


def test_add_dialog_shows_what_an_address_offers_and_adds_it(window, publisher, database, qtbot):
    publisher.pages["/"] = (
        200,
        {"Content-Type": "text/html"},
        b'<link rel="alternate" type="application/rss+xml" href="/a">',
    )
    publisher.feed("/a", [ITEM])
    window.go("信源")
    page = window.pages["信源"]
    page.add()
    dialog = page.findChild(SourceForm)
    dialog.url.setText("ftp://x/y")
    dialog.look()
    qtbot.waitUntil(lambda: "http://" in dialog.state.text(), timeout=5_000)
    dialog.url.setText(publisher.base + "/")
    dialog.look()
    qtbot.waitUntil(lambda: dialog.items.rows_model.rows != [], timeout=10_000)
    assert dialog.items.rows_model.rows[0].title == ITEM[0]
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: [v.source.url for v in page.views] == [publisher.base + "/a"], timeout=5_000)


def test_many_sources_are_edited_at_once(window, publisher, database, qtbot, now):
    for path in ("/a", "/b"):
        execute(database, AddSource(publisher.feed(path, [ITEM])), Actor("李敏"), now)
    window.go("信源")
    page = window.pages["信源"]
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 2, timeout=5_000)
    page.table.selectAll()
    page._edit()
    form = page.findChild(StepForm)
    particulars = form.findChild(Particulars)
    particulars.place.setText("临江")
    particulars.tags.setText("重点")
    form.yes.click()
    qtbot.waitUntil(lambda: [v.source.place for v in page.views] == ["临江", "临江"], timeout=5_000)


def test_search_finds_the_article_and_marks_its_words(collected, window, qtbot):
    window.go("信息")
    page = window.pages["信息"]
    page.query.setText("化工园区爆炸")
    qtbot.waitUntil(lambda: bool(page.reader.extraSelections()), timeout=5_000)
    assert "消防" in page.reader.toPlainText()


def test_reading_an_article_marks_it_and_a_key_takes_it_back(collected, window, database, qtbot):
    window.go("信息")
    page = window.pages["信息"]
    qtbot.waitUntil(lambda: page.table.chosen() is not None and page.table.chosen().read, timeout=5_000)
    page.table.setFocus()
    qtbot.keyClick(page.table, "U")
    assert not page.table.chosen().read
    qtbot.waitUntil(lambda: not monitor.article_page(database, 0, 1)[0].read, timeout=5_000)


def test_table_import_shows_its_columns_before_it_keeps_them(window, database, tmp_path, qtbot, monkeypatch):
    path = tmp_path / "热线导出.csv"
    path.write_text(
        "工单号,诉求标题,诉求内容,受理时间,联系电话\n1,小区停暖,三天没有暖气,2026-11-19 08:00,13800000000\n", "utf-8"
    )
    monkeypatch.setattr("gui.collecting.tableimport.QFileDialog.getOpenFileName", lambda *_: (str(path), ""))
    window.go("信源")
    choose_table(window.pages["信源"], window.operations, window)
    qtbot.waitUntil(lambda: window.pages["信源"].findChild(TableImport) is not None, timeout=60_000)
    dialog = window.pages["信源"].findChild(TableImport)
    assert dialog.fields["标题"].currentText() == "诉求标题" and dialog.fields["正文"].currentText() == "诉求内容"
    dialog._import()
    qtbot.waitUntil(lambda: monitor.article_count(database) == 1, timeout=60_000)
    assert "13800000000" not in monitor.article_page(database, 0, 1)[0].text


def test_place_is_found_by_its_initials():
    assert fits("gq", "关切") and fits("爆炸", "化工园区爆炸") and not fits("xy", "关切")


def test_topics_are_merged_by_menu_and_the_merge_is_undone(window, database, publisher, qtbot, now, monkeypatch):
    other = ("滨河花园暖气不热", "滨河花园小区供暖一周暖气不热，居民测得室温只有十四度。", "2026-11-20T09:00:00+08:00")
    execute(database, AddSource(publisher.feed("/a", [ITEM, other]), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    window.go("话题")
    page = window.pages["话题"]
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 2 and page.view is not None, timeout=5_000)
    page.table.selectAll()
    into = page.view.topic.id
    page._merge()
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 1, timeout=5_000)
    qtbot.waitUntil(
        lambda: page.view.topic.articles == 2 and len(page.tabs.changes.rows_model.rows) == 1, timeout=5_000
    )
    assert page.view.topic.id == into
    page.tabs.changes.choose(0)
    page.tabs._undo()
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 2, timeout=5_000)


def test_list_holds_still_under_the_pointer(qtbot, monkeypatch):
    table = Table("表", RowsModel([Column("名称", str)]))
    qtbot.addWidget(table)
    table.offer_rows(["甲", "乙"], str)
    monkeypatch.setattr(table, "underMouse", lambda: True)
    with qtbot.waitSignal(table.waiting) as told:
        table.offer_rows(["乙", "甲", "丙"], str)
    assert table.rows_model.rows == ["甲", "乙"] and told.args[0] > 0
    table.show_held()
    assert table.rows_model.rows == ["乙", "甲", "丙"]


def test_event_is_planned_tried_and_kept(collected, window, database, qtbot):
    window.go("重大事件")
    page = window.pages["重大事件"]
    page.plan.name.setText("安全生产月")
    page.plan.words.setText("爆炸 消防")
    page.plan.phases.setPlainText("预热 2026-11-10 2026-11-19")
    page._try()
    qtbot.waitUntil(lambda: len(page.hits.rows_model.rows) == 1, timeout=5_000)
    page._save()
    qtbot.waitUntil(lambda: [e.name for e in page.table.rows_model.rows] == ["安全生产月"], timeout=5_000)
    (kept,) = list_events(database)
    assert kept.phases[0].name == "预热" and kept.any_words == ("爆炸", "消防")


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
    qtbot.waitUntil(lambda: page.right.next.text() == "签发…", timeout=5_000)
    assert unsaved_text(database, 1, window.person) is None


def test_nobody_works_until_somebody_signed_in(database, window, qtbot, now, monkeypatch):
    id = execute(database, AddPerson("赵主任", (Role.ADMINISTRATOR, Role.OFFICER)), Actor("赵主任"), now)
    execute(database, SetPassword(id, "correct horse"), Actor("赵主任"), now)
    monkeypatch.delenv("WENYING_PERSON", raising=False)
    window.recognise()
    qtbot.waitUntil(lambda: not window._stack.isEnabled(), timeout=5_000)
    window.attendance.signing.name.setCurrentText("赵主任")
    window.attendance.signing.password.setText("wrong horse")
    window.attendance.signing._try()
    qtbot.waitUntil(lambda: "密码不对" in window.attendance.signing.fault.text(), timeout=5_000)
    window.attendance.signing.password.setText("correct horse")
    window.attendance.signing._try()
    qtbot.waitUntil(lambda: window._stack.isEnabled() and window.person == "赵主任", timeout=5_000)


def test_calendar_of_the_office_is_kept(window, database, qtbot):
    window.go("设置")
    page = window.pages["设置"]
    qtbot.waitUntil(lambda: page.clocks.hours.text() != "", timeout=5_000)
    page.clocks.days.setPlainText("2026-12-24 休息")
    page.clocks.save_calendar()
    qtbot.waitUntil(lambda: not calendar(database).is_worked(date(2026, 12, 24)), timeout=5_000)
    page.clocks.days.setPlainText("圣诞 休息")
    page.clocks.save_calendar()
    qtbot.waitUntil(lambda: window._fault.isVisible(), timeout=5_000)


def test_reminder_is_shown_once_and_listed(collected, window, database, qtbot, now):
    execute(database, JudgeConcern(1, grade=EventGrade.II, basis=ClockBasis.FOUND), Actor("李敏"), now)
    window.operations.clock = Clock.starting(now + timedelta(hours=6), 0)
    window.alerts.look()
    qtbot.waitUntil(lambda: "已超时" in window._fault.text(), timeout=5_000)
    assert reminding.give(database, now + timedelta(hours=6)) == []
    assert [a.level.label for a in reminding.listing(database)] == ["已超时", "新关切"]


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


def test_figures_are_never_counted_on_the_windows_thread(collected, window, qtbot, monkeypatch):
    counted, count = [], statistics
    monkeypatch.setattr(ledger, "statistics", lambda *of: (counted.append(threading.current_thread()), count(*of))[1])
    window.go("统计")
    page = window.pages["统计"]
    qtbot.waitUntil(lambda: len(page.figures.rows_model.rows) > 4 and len(counted) >= 3, timeout=10_000)
    assert threading.main_thread() not in counted


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


def test_enter_opens_what_a_double_click_opens(collected, window, qtbot):
    overview = window.pages["总览"]
    qtbot.waitUntil(lambda: len(overview.waiting.rows_model.rows) == 1, timeout=5_000)
    overview.waiting.choose(0)
    qtbot.keyClick(overview.waiting, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window._stack.currentWidget() is window.pages.get("关切"), timeout=5_000)


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


def test_round_without_news_shows_no_banner_under_the_pointer(collected, window, qtbot, monkeypatch):
    monkeypatch.setattr(Table, "underMouse", lambda self: True)
    monkeypatch.setattr(window._stack, "underMouse", lambda: True)
    window.go("话题")
    window._round_done(Round(0))
    assert not window._waiting.isVisible()
    window._round_done(Round(2))
    window._round_done(Round(3))
    assert window._waiting.isVisible() and "5 条" in window._waiting.text()
    monkeypatch.undo()


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


def test_text_that_is_being_read_keeps_its_place_when_a_round_comes(window, database, publisher, qtbot, now):
    long = (ITEM[0], "消防救援人员已到现场。" * 2000, ITEM[2])
    execute(database, AddSource(publisher.feed("/a", [long]), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    window.go("信息")
    page = window.pages["信息"]
    qtbot.waitUntil(lambda: page.reader.verticalScrollBar().maximum() > 500, timeout=5_000)
    page.reader.verticalScrollBar().setValue(400)
    page.refresh()
    qtbot.waitUntil(lambda: not page.operations.waits((page, "list")), timeout=5_000)
    assert page.reader.verticalScrollBar().value() == 400


def test_nothing_moves_on_the_page_when_something_is_said(collected, window, qtbot, monkeypatch):
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None and page.right.isEnabled(), timeout=5_000)
    monkeypatch.setattr(page.cases.table, "underMouse", lambda: True)
    table = page.cases.table
    before = page.mapTo(window, page.rect().topLeft()), page.size(), table.mapTo(window, table.rect().topLeft())
    window._round_done(Round(5, 0))
    window.warn("一件办不成的事，原因写在这里。")
    qtbot.waitUntil(lambda: window._waiting.isVisible() and window._fault.isVisible(), timeout=5_000)
    qtbot.wait(100)
    assert (
        page.mapTo(window, page.rect().topLeft()),
        page.size(),
        table.mapTo(window, table.rect().topLeft()),
    ) == before


def test_what_is_said_at_the_foot_goes_once_it_is_no_longer_so(collected, window, database, qtbot, now):
    window.alerts.look()
    qtbot.waitUntil(lambda: "新关切" in window._fault.text(), timeout=5_000)
    execute(database, JudgeConcern(1, grade=EventGrade.II, basis=ClockBasis.FOUND), Actor("李敏"), now)
    window.operations.changed.emit(frozenset({CONCERNS}))
    qtbot.waitUntil(lambda: "新关切" not in window._fault.text(), timeout=5_000)


def test_what_is_said_of_backups_goes_once_one_was_made(window, qtbot):
    late = BackupStatus(BackupPlan(), State(), "还没有备份。", "")
    window.alerts._warn(late)
    window.alerts._warn(late)
    assert window._fault.text() == "还没有备份。" and window._foot.close_one.text() == "知道了"
    window.alerts._warn(replace(late, warning=""))
    qtbot.waitUntil(lambda: not window._fault.isVisible(), timeout=2_000)


def test_what_is_said_at_the_foot_stays_until_it_was_read(window, qtbot):
    window.warn("没有存成：磁盘满了。")
    window.announce("已恢复备份。")
    window.operations.changed.emit(frozenset({CONCERNS, SOURCES}))
    assert window._fault.text() == "已恢复备份。" and window._fault.property("role") == "news"
    window._foot.close_one.click()
    assert window._fault.text() == "没有存成：磁盘满了。" and window._fault.property("role") == "fault"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window._fault.isVisible(), timeout=2_000)
