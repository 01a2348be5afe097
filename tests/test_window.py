"""The window, as an officer uses it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit

from desk import alerts, casework, clocks, drafting, monitor, people
from desk.collect import Collector
from desk.events import list_events
from desk.ledger import COLUMNS
from desk.office import Office, set_office
from desk.sourcework import add_source, list_sources
from domain.concern import ClockBasis, ConcernState, Disposition, EventGrade
from domain.person import Person, Role
from domain.response import Channel, ResponseKind
from domain.times import Clock
from gui.operations import CONCERNS, SOURCES, Operations
from gui.theme import GRADE_COLOURS, apply_theme, legible
from gui.widgets.conflict import Conflict
from gui.widgets.infographic import Infographic
from gui.widgets.palette import fits
from gui.widgets.parts import Column, RowsModel, Table
from gui.widgets.sourceforms import AddSource
from gui.widgets.tableimport import TableImport, choose_table
from gui.window import PAGE_NAMES, Window
from store import sources

ITEM = ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00")


@pytest.fixture
def window(qtbot, tmp_path, now):
    apply_theme(QApplication.instance(), "light")
    made = Window(Operations(tmp_path, None, Clock.starting(now, 0)), collect=False)
    qtbot.addWidget(made)
    made.show()
    made.begin()
    qtbot.waitUntil(lambda: "总览" in made.pages, timeout=10_000)
    yield made
    made.close()


@pytest.fixture
def collected(database, publisher, now):
    set_office(database, Office(places=("临江",)), "李敏", now)
    add_source(database, publisher.feed("/a", [ITEM]), "李敏", now, "临江日报")
    Collector(database, now).round(now)


def test_first_start_offers_what_to_do(window, qtbot):
    overview = window.pages["总览"]
    qtbot.waitUntil(lambda: overview.welcome.isVisible(), timeout=5_000)


def test_every_page_opens_without_an_error(collected, window, qtbot):
    for name in PAGE_NAMES:
        window.go(name)
        qtbot.wait(150)
        assert window._stack.currentWidget() is window.pages[name]
    assert "新关切" in window._fault.text() or not window._fault.isVisible()


def test_page_chosen_while_the_store_opens_stays(collected, qtbot, tmp_path, now):
    made = Window(Operations(tmp_path, None, Clock.starting(now, 0)), collect=False)
    qtbot.addWidget(made)
    made.show()
    made.begin()
    made.go("话题")
    qtbot.waitUntil(lambda: made._second.isActive(), timeout=10_000)
    assert type(made._stack.currentWidget()).title == "话题"
    made.close()


def test_officer_judges_a_concern_and_its_clock_runs(collected, window, database, qtbot, monkeypatch, now):
    answer = {
        "grade": EventGrade.II,
        "basis": ClockBasis.FOUND,
        "basis_at": now,
        "unit": "应急局",
        "disposition": Disposition.HARDSHIP,
    }
    monkeypatch.setattr("gui.pages.concerns.ask_judge", lambda *_: answer)
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.next.text() == "判定…", timeout=5_000)
    page.next.click()
    qtbot.waitUntil(lambda: page.next.text() == "拟稿…", timeout=5_000)
    qtbot.waitUntil(lambda: "余 5:00" in page.clocks.accessibleName(), timeout=5_000)
    qtbot.waitUntil(
        lambda: (
            (window._chips[0].isVisible() and "4:59" in window._chips[0].text()) or "5:00" in window._chips[0].text()
        ),
        timeout=5_000,
    )
    assert casework.concerns(database)[0][0].state is ConcernState.OPEN


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
    dialog = page.findChild(AddSource)
    dialog.url.setText("ftp://x/y")
    dialog.look()
    qtbot.waitUntil(lambda: "http://" in dialog.state.text(), timeout=5_000)
    dialog.url.setText(publisher.base + "/")
    dialog.look()
    qtbot.waitUntil(lambda: dialog.items.rows_model.rows != [], timeout=10_000)
    assert dialog.items.rows_model.rows[0].title == ITEM[0]
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: [v.source.url for v in page.views] == [publisher.base + "/a"], timeout=5_000)


def test_many_sources_are_edited_at_once(window, publisher, database, qtbot, now, monkeypatch):
    for path in ("/a", "/b"):
        add_source(database, publisher.feed(path, [ITEM]), "李敏", now)
    monkeypatch.setattr("gui.pages.sources.ask_edit", lambda *_: {"place": "临江", "tags": ("重点",)})
    window.go("信源")
    page = window.pages["信源"]
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 2, timeout=5_000)
    page.table.selectAll()
    page._edit()
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
    monkeypatch.setattr("gui.widgets.tableimport.QFileDialog.getOpenFileName", lambda *_: (str(path), ""))
    window.go("信源")
    choose_table(window.pages["信源"], window.operations, "李敏")
    qtbot.waitUntil(lambda: window.pages["信源"].findChild(TableImport) is not None, timeout=5_000)
    dialog = window.pages["信源"].findChild(TableImport)
    assert dialog.fields["标题"].currentText() == "诉求标题" and dialog.fields["正文"].currentText() == "诉求内容"
    dialog._import()
    qtbot.waitUntil(lambda: monitor.article_count(database) == 1, timeout=5_000)
    assert "13800000000" not in monitor.article_page(database, 0, 1)[0].text


def test_place_is_found_by_its_initials():
    assert fits("gq", "关切") and fits("爆炸", "化工园区爆炸") and not fits("xy", "关切")


def test_topics_are_merged_by_menu_and_the_merge_is_undone(window, database, publisher, qtbot, now, monkeypatch):
    other = ("滨河花园暖气不热", "滨河花园小区供暖一周暖气不热，居民测得室温只有十四度。", "2026-11-20T09:00:00+08:00")
    add_source(database, publisher.feed("/a", [ITEM, other]), "李敏", now, "临江日报")
    Collector(database, now).round(now)
    window.go("话题")
    page = window.pages["话题"]
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 2 and page.view is not None, timeout=5_000)
    page.table.selectAll()
    into = page.view.topic.id
    page._merge()
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 1, timeout=5_000)
    qtbot.waitUntil(lambda: page.view.topic.articles == 2 and len(page.changes.rows_model.rows) == 1, timeout=5_000)
    assert page.view.topic.id == into
    page.changes.selectRow(0)
    page._undo()
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
    page.name.setText("安全生产月")
    page.words.setText("爆炸 消防")
    page.phases.setPlainText("预热 2026-11-10 2026-11-19")
    page._try()
    qtbot.waitUntil(lambda: len(page.hits.rows_model.rows) == 1, timeout=5_000)
    page._save()
    qtbot.waitUntil(lambda: [e.name for e in page.table.rows_model.rows] == ["安全生产月"], timeout=5_000)
    (kept,) = list_events(database)
    assert kept.phases[0].name == "预热" and kept.any_words == ("爆炸", "消防")


def test_draft_is_kept_while_typing_and_taken_up_again(collected, window, database, qtbot, now):
    casework.judge(database, 1, grade=EventGrade.II, basis=ClockBasis.FOUND, by=window.person, now=now)
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.next.text() == "拟稿…", timeout=5_000)
    page._draft()
    qtbot.waitUntil(lambda: "事实真相" in page.editor.body.toPlainText(), timeout=5_000)
    page.editor.body.setPlainText("写到一半，受伤99人")
    qtbot.waitUntil(lambda: drafting.typed(database, 1, window.person) is not None, timeout=5_000)
    qtbot.waitUntil(lambda: any(f.check == "无出处" for f in page.editor.findings.rows_model.rows), timeout=5_000)
    page.editor.close()
    page._draft()
    qtbot.waitUntil(lambda: page.editor.body.toPlainText() == "写到一半，受伤99人", timeout=5_000)
    page.editor._save()
    qtbot.waitUntil(lambda: page.next.text() == "签发…", timeout=5_000)
    assert drafting.typed(database, 1, window.person) is None


def test_nobody_works_until_somebody_signed_in(database, window, qtbot, now, monkeypatch):
    id = people.keep_person(database, Person(0, "赵主任", (Role.ADMINISTRATOR, Role.OFFICER)), "赵主任", now)
    people.set_password(database, id, "correct horse", "赵主任", now)
    monkeypatch.delenv("WENYING_PERSON", raising=False)
    window.recognise()
    qtbot.waitUntil(lambda: not window._stack.isEnabled(), timeout=5_000)
    window.signing.name.setCurrentText("赵主任")
    window.signing.password.setText("wrong horse")
    window.signing._try()
    qtbot.waitUntil(lambda: "密码不对" in window.signing.fault.text(), timeout=5_000)
    window.signing.password.setText("correct horse")
    window.signing._try()
    qtbot.waitUntil(lambda: window._stack.isEnabled() and window.person == "赵主任", timeout=5_000)


def test_calendar_of_the_office_is_kept(window, database, qtbot):
    window.go("设置")
    page = window.pages["设置"]
    qtbot.waitUntil(lambda: page.hours.text() != "", timeout=5_000)
    page.days.setPlainText("2026-12-24 休息")
    page._save_calendar()
    qtbot.waitUntil(lambda: not clocks.calendar(database).is_worked(date(2026, 12, 24)), timeout=5_000)
    page.days.setPlainText("圣诞 休息")
    page._save_calendar()
    qtbot.waitUntil(lambda: window._fault.isVisible(), timeout=5_000)


def test_reminder_is_shown_once_and_listed(collected, window, database, qtbot, now):
    casework.judge(database, 1, grade=EventGrade.II, basis=ClockBasis.FOUND, by="李敏", now=now)
    window.operations.clock = Clock.starting(now + timedelta(hours=6), 0)
    window.alerts.look()
    qtbot.waitUntil(lambda: "已超时" in window._fault.text(), timeout=5_000)
    assert alerts.give(database, now + timedelta(hours=6)) == []
    assert [a.level.label for a in alerts.listing(database)] == ["已超时", "新关切"]


def test_saying_is_kept_and_found(window, database, qtbot):
    window.go("口径库")
    page = window.pages["口径库"]
    page.name.setText("供暖不达标退费")
    page.body.setPlainText("室温不足十八度的，按日退费。")
    page.source.setText("市供热办法第12条")
    page._add()
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 1, timeout=5_000)
    page.find.setText("停水")
    assert page.table.rows_model.rows == []


def test_figures_lead_to_their_cases(collected, window, database, qtbot, now):
    casework.judge(database, 1, grade=EventGrade.II, basis=ClockBasis.FOUND, by="李敏", now=now)
    window.go("统计")
    page = window.pages["统计"]
    qtbot.waitUntil(lambda: len(page.figures.rows_model.rows) > 4, timeout=5_000)
    page.figures.selectRow(0)
    chosen = page.figures.chosen()
    qtbot.waitUntil(
        lambda: "各月判定的关切" in [x.accessibleName() for x in page.pictures.findChildren(QLabel)], timeout=10_000
    )
    assert (chosen.name, chosen.value) == ("判定", 1) and len(page.cases.rows_model.rows) == 1


def test_two_officers_at_one_case_see_both_versions(collected, window, database, qtbot, monkeypatch, now):
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None, timeout=5_000)
    monkeypatch.setattr("gui.pages.concerns.ask_dismiss", lambda *_: "重复反映，另件办理")
    casework.judge(database, 1, grade=EventGrade.II, basis=ClockBasis.FOUND, unit="应急局", by="王强", now=now)
    page._do("不予回应…")
    qtbot.waitUntil(lambda: page.findChild(Conflict) is not None, timeout=5_000)
    texts = [box.toPlainText() for box in page.findChild(Conflict).findChildren(QPlainTextEdit)]
    assert "王强 判定" in texts[0] and "应急局" in texts[0] and "重复反映，另件办理" in texts[1]
    page.findChild(Conflict).accept()
    qtbot.waitUntil(lambda: page.case.concern.state is ConcernState.OPEN, timeout=5_000)


def test_picture_of_a_response_is_made_from_the_case(collected, window, database, qtbot, monkeypatch, tmp_path, now):
    casework.judge(database, 1, grade=EventGrade.II, basis=ClockBasis.FOUND, by="李敏", now=now)
    body = "已知情况：明火已灭。正在做：事故调查。下次发布：明日。"
    drafting.write_draft(database, 1, kind=ResponseKind.UPDATE, title="处置进展", body=body, by="李敏", now=now)
    drafting.approve(database, 1, 1, by="王强", now=now)
    drafting.publish(database, 1, 1, channel=Channel.WEBSITE, link="https://x.gov.cn/1", by="李敏", now=now)
    monkeypatch.setattr("gui.widgets.infographic.QDesktopServices.openUrl", lambda _: True)
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
    casework.judge(database, 1, grade=EventGrade.II, basis=ClockBasis.FOUND, unit="应急局", by="李敏", now=now)
    window.go("统计")
    page = window.pages["统计"]
    qtbot.waitUntil(lambda: len(page.whole.rows_model.rows) == 1, timeout=5_000)
    assert [c.heading for c in page.whole.rows_model.columns] == list(COLUMNS)
    page.find.setText("没有这个单位")
    assert page.whole.rows_model.rows == []
    page.find.setText("应急局")
    assert len(page.whole.rows_model.rows) == 1
    page.state.setCurrentText("办结")
    assert page.whole.rows_model.rows == []


def test_case_is_worked_by_keyboard(collected, window, database, qtbot, monkeypatch, now):
    asked = []
    monkeypatch.setattr("gui.pages.concerns.ask_judge", lambda *_: asked.append(1))
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None, timeout=5_000)
    page.table.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert asked == [1] and page.tabs.tabText(page.tabs.currentIndex()) == "记录"


def test_enter_opens_what_a_double_click_opens(collected, window, qtbot):
    overview = window.pages["总览"]
    qtbot.waitUntil(lambda: len(overview.waiting.rows_model.rows) == 1, timeout=5_000)
    overview.waiting.selectRow(0)
    qtbot.keyClick(overview.waiting, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window._stack.currentWidget() is window.pages.get("关切"), timeout=5_000)


def test_what_waits_for_a_person_stands_beside_the_page(collected, window, database, qtbot, now):
    badge = {name: window._nav.item(i).text for i, name in enumerate(PAGE_NAMES)}
    qtbot.waitUntil(lambda: badge["关切"]() == "关切　1", timeout=5_000)
    source = list_sources(database, now)[0].source
    with database.write() as connection:
        sources.change(connection, source.id, fault="连不上", failures=3)
    window.operations.changed.emit(frozenset({SOURCES}))
    qtbot.waitUntil(lambda: badge["信源"]() == "信源　▲1", timeout=5_000)
    casework.judge(database, 1, grade=EventGrade.IV, basis=ClockBasis.FOUND, by="李敏", now=now)
    window.operations.changed.emit(frozenset({CONCERNS}))
    qtbot.waitUntil(lambda: badge["关切"]() == "关切", timeout=5_000)


def test_reasons_stand_above_the_tabs_in_whole_sentences(window, database, publisher, qtbot, now):
    told = (
        "临江化工园区一厂房今天上午发生爆炸，"
        + "消防救援人员已到现场搜救被困人员，周边居民正在疏散，" * 4
        + "原因正在调查。"
    )
    set_office(database, Office(places=("临江",)), "李敏", now)
    add_source(database, publisher.feed("/a", [("临江厂房爆炸", told, ITEM[2])]), "李敏", now, "临江日报")
    Collector(database, now).round(now)
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.reasons.isVisible() and bool(page.reasons.rows_model.rows), timeout=5_000)
    whole = page.reasons.fontMetrics().horizontalAdvance(page.reasons.rows_model.rows[0][1].sentence)
    lines = page.reasons.rowHeight(0) // page.reasons.fontMetrics().height()
    assert lines * page.reasons.columnWidth(1) >= whole > page.reasons.columnWidth(1)
    assert page.reasons.y() < page.tabs.y()


def test_round_without_news_shows_no_banner_under_the_pointer(collected, window, qtbot, monkeypatch):
    monkeypatch.setattr(Table, "underMouse", lambda self: True)
    monkeypatch.setattr(window._stack, "underMouse", lambda: True)
    window.go("话题")
    window._round_done({"new": 0})
    assert not window._waiting.isVisible()
    window._round_done({"new": 2})
    window._round_done({"new": 3})
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
        parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
