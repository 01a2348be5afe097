"""The window, as an officer uses it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import Qt

from desk.cases.deadlines import calendar
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office import reminding
from desk.office.backups import BackupPlan, BackupStatus, State
from desk.reporting import ledger
from desk.topics import monitor
from desk.topics.events import list_events
from domain.concern import ClockBasis, EventGrade
from domain.person import Actor, Role
from domain.steps.cases import JudgeConcern
from domain.steps.people import AddPerson, SetPassword
from domain.steps.sources import AddSource
from domain.times import Clock
from gui.collecting.process import Round
from gui.collecting.sourceforms import AddSource as SourceForm
from gui.collecting.sourceforms import Particulars
from gui.collecting.tableimport import TableImport, choose_table
from gui.kit.parts import Column, RowsModel, Table
from gui.kit.stepform import StepForm
from gui.operations import CONCERNS, SOURCES
from gui.pages import PageName
from gui.palette import fits
from response.statistics import statistics
from tests.gui.cases import ITEM


def test_first_start_offers_what_to_do(window, qtbot):
    overview = window.pages["总览"]
    qtbot.waitUntil(lambda: overview.welcome.isVisible(), timeout=5_000)


def test_palette_searches_once_for_what_is_typed(collected, window, qtbot, monkeypatch):
    searched = []
    search = monitor.search_articles
    monkeypatch.setattr(monitor, "search_articles", lambda *given: (searched.append(given[1].words), search(*given))[1])
    window.go_anywhere()
    palette = window.anywhere.palette
    palette.field.setText("爆炸")
    qtbot.waitUntil(lambda: any("信息" in palette.list.item(i).text() for i in range(palette.list.count())))
    qtbot.wait(500)
    assert searched == [("爆炸",)]
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.wait(500)
    assert searched == [("爆炸",)] and window.anywhere.palette is None


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


def test_figures_are_never_counted_on_the_windows_thread(collected, window, qtbot, monkeypatch):
    counted, count = [], statistics
    monkeypatch.setattr(ledger, "statistics", lambda *of: (counted.append(threading.current_thread()), count(*of))[1])
    window.go("统计")
    page = window.pages["统计"]
    qtbot.waitUntil(lambda: len(page.figures.rows_model.rows) > 4 and len(counted) >= 3, timeout=10_000)
    assert threading.main_thread() not in counted


def test_enter_opens_what_a_double_click_opens(collected, window, qtbot):
    overview = window.pages["总览"]
    qtbot.waitUntil(lambda: len(overview.waiting.rows_model.rows) == 1, timeout=5_000)
    overview.waiting.choose(0)
    qtbot.keyClick(overview.waiting, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window._stack.currentWidget() is window.pages.get("关切"), timeout=5_000)


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
