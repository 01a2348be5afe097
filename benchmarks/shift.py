"""A shift at the real window: everything an officer does with it, through its own widgets, lap after lap."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTabWidget, QWidget

from benchmarks.casework import CaseWork
from benchmarks.hands import (
    InVain,
    Steps,
    answer,
    ask_menu,
    choose,
    click,
    key,
    modal,
    offered,
    pick,
    popup,
    press,
    put_away,
    tab,
    wheel,
    write,
)
from gui.window import Window

TRIES = 20  # of a click that may come while a page is read anew
CONTROL = Qt.KeyboardModifier.ControlModifier
WORDS = ("暖气", "停水", "临江", "起火", "公交", "食堂", "gongjiao", "坍塌 受伤", "电梯", "噪音 施工")


class Shift(CaseWork):
    """Everything that an officer does with the window; each is a generator of steps."""

    def __init__(self, window: Window, pace: float, seed: int = 7) -> None:
        super().__init__(window, pace, seed)
        self.faults: list[str] = []
        self.seconds: dict[str, float] = {}  # that each took the last time

    def lap(self) -> Steps:
        """Everything once; what goes wrong is noted, and the rest goes on."""
        for act in (
            self.overview,
            self.topics,
            self.palette,
            self.articles,
            self.case,
            self.judge_and_answer,
            self.close_cases,
            self.other_pages,
            self.sources,
            self.settings,
            self.briefing,
            self.dialogs,
            self.frame,
        ):
            yield from self.noting(act)
        yield from self.go("总览")

    def noting(self, act: Callable[[], Steps]) -> Steps:
        """Do it; a fault is noted with its name."""
        began = time.monotonic()
        try:
            yield from act()
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1].lineno
            self.faults.append(f"{act.__name__}, line {place}: {error!r}")
        self.seconds[act.__name__] = round(time.monotonic() - began, 1)
        yield from put_away()

    def overview(self) -> Steps:
        yield from self.go("总览")
        page = self.page("总览")
        for table in (page.waiting, page.clocks, page.hot):
            if table.isVisible() and choose(table, 0):
                yield self.pace
        if page.waiting.isVisible() and page.waiting.rows_model.rows:
            press(page, "判定…")
            yield lambda: modal() or not page.isVisible()
            if not page.isVisible():  # a concern in which something is new (新动向) is read first, in its case
                return
            yield self.pace
            yield from put_away()
            press(page, "不予回应…")
            yield modal
            yield from put_away()
        press(page, "交接班…")
        yield modal
        yield self.pace
        yield from put_away()

    def topics(self) -> Steps:
        yield from self.go("话题")
        page = self.page("话题")
        yield lambda: page.table.rows_model.rows
        for i in range(6):
            choose(page.table, self.chance.randrange(min(60, len(page.table.rows_model.rows))))
            yield self.pace
            for at in range(page.findChild(QTabWidget).count()) if i == 0 else ():
                tab(page.findChild(QTabWidget), at)
                yield self.pace / 2
        for by in (-120,) * 15 + (120,) * 15:
            wheel(page.table, by)
            yield self.pace / 8
        for code in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_Down):
            key(page.table, code)
            yield self.pace
        if page.right.curve._plot is not None:
            for x in range(20, page.right.curve.width() - 20, 60):
                QTest.mouseMove(page.right.curve._plot.viewport(), QPoint(x, 40))
                yield self.pace / 8
        yield from self.filters(page)
        yield from self.topic_steps(page)

    def filters(self, page: Any) -> Steps:
        for check in (page.filters.local, page.filters.rising):
            for _ in range(2):
                click(check)
                yield self.pace
        for box in (page.filters.span, page.filters.area):
            before = box.currentIndex()
            pick(box, (before + 1) % box.count())
            yield self.pace
            pick(box, before)
            yield self.pace
        header = page.table.horizontalHeader()
        for _ in range(2):
            click(header.viewport(), QPoint(header.sectionViewportPosition(1) + 20, 10))
            yield self.pace

    def topic_steps(self, page: Any) -> Steps:
        choose(page.table, self.chance.randrange(min(20, len(page.table.rows_model.rows))))
        yield lambda: page.view is not None
        yield self.pace
        yield lambda: offered(page, "更多")  # the pane may be read anew just now
        press(page, "更多")
        yield popup
        yield from put_away()
        if page.pin.isVisible():
            press(page, page.pin.text())
            yield self.pace * 2
            press(page, "改名…")
            yield modal
            yield from put_away()
        if page.flag.isVisible():
            press(page, "转为关切…")
            yield modal
            asked = modal()
            write(asked.findChild(QLineEdit), "电话里也有人问")
            answer(asked, True)
            yield lambda: modal() is None or asked.faults.told()  # the collector may have been faster
            yield from put_away()
            yield self.pace * 3

    def palette(self) -> Steps:
        for words, enter in (("gq", False), (self.chance.choice(WORDS), False), ("xx", True), ("jb", True)):
            self.window.activateWindow()
            self.window.go_anywhere()
            yield popup
            field = popup().field
            write(field, words)
            yield self.pace * 4
            for _ in range(3):
                QTest.keyClick(field, Qt.Key.Key_Down)
            key(field, Qt.Key.Key_Return if enter else Qt.Key.Key_Escape)
            yield lambda: popup() is None
            yield self.pace

    def articles(self) -> Steps:
        yield from self.go("信息")
        page = self.page("信息")
        if page.of_topic.isVisible():
            click(page.of_topic)
        page.query.clear()
        yield lambda: page.table.rows_model.rows
        yield self.pace * 3
        for i in range(8):
            choose(page.table, i)
            yield self.pace / 2
        for by in (-600,) * 12 + (600,) * 4:
            wheel(page.table, by)
            yield self.pace / 4
        for code in (Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_U, Qt.Key.Key_Space):
            key(page.table, code)
            yield self.pace / 2
        for words in self.chance.sample(WORDS, 3):
            page.query.clear()
            write(page.query, words)
            yield self.pace * 5
            choose(page.table, 0)
            yield self.pace
        page.query.clear()
        ask_menu(page.table.viewport())
        yield popup
        yield from put_away()
        click(page.unread)
        yield self.pace * 2
        click(page.unread)
        yield self.pace * 2

    def other_pages(self) -> Steps:
        yield from self.go("重大事件")
        page = self.page("重大事件")
        press(page, "从预设添加…")
        yield modal
        yield from put_away()
        press(page, "新建")
        write(page.plan.name, "供暖保障")
        write(page.plan.words, "供暖 暖气")
        press(page, "试词")
        yield self.pace * 6
        click(page.calendar)
        yield self.pace
        tab(page.tabs, 0)
        press(page, "新建")  # which gives up what was written
        yield self.pace
        yield from self.go("口径库")
        page = self.page("口径库")
        for name, text in ((page.name, "停水怎么说"), (page.words, "停水 供水"), (page.source, "供水条例第9条")):
            write(name, text)
        write(page.body, "计划停水提前24小时公告，抢修停水同时公告。")
        press(page, "保存")
        yield lambda: page.name.text() == ""
        write(page.query, "停水")
        yield self.pace
        if choose(page.table, 0):
            yield self.pace
            press(page, "作废所选")
        page.query.clear()
        yield self.pace
        yield from self.go("统计")
        page = self.page("统计")
        tabs = page.findChild(QTabWidget)
        for at in (1, 2, 0):
            tab(tabs, at)
            yield self.pace * 3
        choose(page.figures, 0)
        yield self.pace

    def sources(self) -> Steps:
        yield from self.go("信源")
        page = self.page("信源")
        yield lambda: page.table.rows_model.rows
        choose(page.table, self.chance.randrange(len(page.table.rows_model.rows)))
        yield self.pace
        press(page, "编辑…")
        yield modal
        yield self.pace
        yield from put_away()
        press(page, "添加信源…")
        yield modal
        dialog = modal()
        write(dialog.url, "ftp://x/y")
        press(dialog, "看看有什么")
        yield lambda: "http" in dialog.state.text()
        press(dialog, "取消")
        yield lambda: modal() is not dialog  # it asks whether the address is given up
        yield from put_away()
        press(page, "试采")
        yield self.pace * 8
        press(page, "暂停")
        yield self.pace * 3
        press(page, "恢复")
        yield self.pace * 2
        press(page, "删除")
        yield modal
        yield from put_away()
        key(self.window, Qt.Key.Key_F5)
        yield self.pace

    def settings(self) -> Steps:
        """The look is changed and changed back; every tab is looked at."""
        yield from self.go("设置")
        page = self.page("设置")
        tabs = page.findChild(QTabWidget)
        for at in range(tabs.count()):
            tab(tabs, at)
            yield self.pace
        tab(tabs, 0)
        yield self.pace
        for look in ("深色", "浅色"):
            at = page.office.theme.findText(look)
            if at < 0:
                raise LookupError(f"no look {look}")
            pick(page.office.theme, at)
            press(tabs.widget(0), "保存")
            yield self.pace * 8
            yield from self.go("话题")
            yield self.pace * 4
            yield from self.go("设置")

    def briefing(self) -> Steps:
        yield from self.go("简报")
        page = self.page("简报")
        pick(page.choice.kind, 0)
        yield self.pace * 2
        press(page, "今天的简报")
        yield lambda: page.sheet is not None
        yield self.pace * 3
        wheel(page.preview, -600)
        wheel(page.preview, 600)
        tree = page.contents
        if tree.topLevelItemCount():
            tree.setCurrentItem(tree.topLevelItem(0).child(0) or tree.topLevelItem(0))
        yield self.pace
        page.made.setText("")
        for _ in range(TRIES):  # a page that is just read anew takes no click
            yield lambda: page.draft.isEnabled()
            click(page.draft)
            yield self.pace * 3 + 0.05
            yield lambda: not page.cancel.isVisible()
            if page.made.text().startswith("已生成"):
                break
        else:
            raise InVain(f"no draft: {page.made.text()}")
        press(page, "定稿并导出")
        yield modal
        yield from put_away()
        for kind in (1, 2, 0):
            pick(page.choice.kind, kind % page.choice.kind.count())
            yield self.pace * 4

    def dialogs(self) -> Steps:
        yield from self.go("总览")
        press(self.window, "提醒")
        yield modal
        yield self.pace
        yield from put_away()
        click(self.window._nav.who)
        yield self.pace

    def frame(self) -> Steps:
        """The window itself: other sizes, minimised and back."""
        window: QWidget = self.window
        size = window.size()
        for wide, high in ((960, 600), (1500, 900), (1280, 800)):
            window.resize(wide, high)
            yield self.pace * 2
        window.showMinimized()
        yield self.pace * 6
        window.showNormal()
        window.activateWindow()
        yield self.pace * 2
        window.showMaximized()
        yield self.pace * 2
        window.showNormal()
        window.resize(size)
        yield self.pace * 2
