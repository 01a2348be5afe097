"""No call that the window makes loses a reference or leaves anything behind.

A binding that gives away a reference to None which it does not own brings a Python before 3.12 down in the end:
"none_dealloc: deallocating None", in a busy window after a minute, in a quiet one after an hour. So each kind of call
is made many times over on the real window, and the references to what all objects share are counted before and after.
"""

from __future__ import annotations

import gc
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHoverEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCalendarWidget,
    QComboBox,
    QDateEdit,
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTabWidget,
    QTextBrowser,
    QTimeEdit,
    QTreeWidget,
    QWidget,
)
from shiboken6 import isValid

from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics import monitor
from domain.person import Actor
from domain.response import ResponseKind
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import Clock, parse_moment
from gui.cases.clocks import ClockRows
from gui.cases.drafteditor import DraftEditor
from gui.collecting.sourceforms import AddSource as SourceForm
from gui.kit.asking import agreed
from gui.kit.dialog import Dialog, pop_up
from gui.kit.parts import Table
from gui.kit.stepform import StepForm
from gui.kit.theme import apply_theme
from gui.office.handover import HandOver
from gui.office.notifying import AlertList
from gui.operations import SETTINGS, Operations
from gui.pages import PageName
from gui.window import Window
from store.database import open_database, sqlite_url

ROOT = Path(__file__).parent.parent.parent
ANSWERS_ITSELF = True  # boxes that wait for a click are opened for real
SHARED = (None, True, False, NotImplemented, Ellipsis, (), "", b"", 0, 1)
TIMES = 30  # that each call is made; a binding that loses a reference loses as many
ITEM = "<item><title>临江第{i}街道暖气不热</title><guid>{i}</guid><pubDate>2026-11-20T0{h}:10:00+08:00</pubDate><description>市民反映第{i}街道暖气不热，室温只有1{h}度。</description></item>"


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """The real window on a filled store, each of its pages opened once; nothing collects and no clock goes on."""
    folder, now = tmp_path_factory.mktemp("references"), parse_moment("2026-11-20T12:00")
    rows = "".join(ITEM.format(i=i, h=i % 9) for i in range(40))
    (folder / "a.xml").write_text(f"<rss version='2.0'><channel><title>源</title>{rows}</channel></rss>", "utf-8")
    database = open_database(sqlite_url(folder))
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(str(folder / "a.xml"), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    assert list_concerns(database) and monitor.list_topics(database)
    database.close()
    apply_theme(qapp, "light")
    made = Window(Operations(folder, None, Clock.starting(now, 0)), collect=False)
    made.show()
    made.begin()
    wait(lambda: PageName.OVERVIEW in made.pages and not made.loading._timer.isActive())
    for name in PageName:
        made.go(name)
        settle(made)
    yield made
    made.close()
    made.finish(5.0)
    made.deleteLater()
    let_come(20)


def let_come(milliseconds: int = 0) -> None:
    """Let events come for a while. Not by QTest.qWait, which holds the interpreter, so that no other thread goes on."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait(until: Callable[[], object], seconds: float = 20.0) -> None:
    """Let events come until something is so."""
    for _ in range(int(seconds * 100)):
        if until():
            return
        let_come(10)
    raise AssertionError("waited in vain")


def settle(window: Window) -> None:
    """Until what was asked of the store has been shown."""
    wait(lambda: not window.operations.busy)
    let_come(0)


def counted() -> list[int]:
    return [sys.getrefcount(one) for one in SHARED]


def lost(act: Callable[[], object], times: int = TIMES) -> dict[str, int]:
    """How many references to each shared object have gone after so many calls, at the best of three runs: what a
    call loses is lost each time, what happens to be freed meanwhile is not."""
    best = [-sys.maxsize] * len(SHARED)
    act()
    assert not gc.isenabled()  # what is freed meanwhile would look like a loss
    for _ in range(3):
        before = counted()
        for _ in range(times):
            act()
        best = [max(most, after - was) for most, after, was in zip(best, counted(), before)]
        if min(best) >= 0:
            break
    return {repr(one): change for one, change in zip(SHARED, best) if change < 0}


# What is called on the widgets of a class and of those derived from it.
CALLS: dict[type[QWidget], list[Callable[[Any], object]]] = {
    QWidget: [
        lambda w: QWidget.update(w),
        lambda w: w.updateGeometry(),
        lambda w: w.setToolTip("说明"),
        lambda w: w.setAccessibleName("名称"),
        lambda w: w.setEnabled(True),
        lambda w: w.setProperty("role", ""),
        lambda w: w.setVisible(w.isVisible()),
        lambda w: w.style().polish(w),
        lambda w: w.clearFocus(),
        lambda w: w.setFocus(),
        lambda w: w.blockSignals(False),
        lambda w: w.isVisible(),
        lambda w: w.underMouse(),
        lambda w: w.parent(),
        lambda w: w.sizeHint(),
    ],
    QLabel: [lambda w: w.setText("余 4:59:10"), lambda w: w.setWordWrap(w.wordWrap())],
    QAbstractButton: [lambda w: w.setText(w.text())],
    QLineEdit: [lambda w: w.setPlaceholderText("找")],
    QPlainTextEdit: [lambda w: w.setExtraSelections([]), lambda w: w.setPlaceholderText("写")],
    QTextBrowser: [lambda w: w.setPlainText("文"), lambda w: w.setHtml("<p>文</p>"), lambda w: w.clear()],
    QComboBox: [lambda w: w.setCurrentIndex(w.currentIndex()), lambda w: w.setCurrentText(w.currentText())],
    QListWidget: [lambda w: w.setCurrentRow(w.currentRow()), lambda w: w.count()],
    QTreeWidget: [lambda w: w.expandAll(), lambda w: w.setCurrentItem(None)],
    QTabWidget: [lambda w: w.setCurrentIndex(w.currentIndex()), lambda w: w.setTabToolTip(0, "")],
    QStackedWidget: [lambda w: w.setCurrentIndex(w.currentIndex())],
    QSplitter: [lambda w: w.setSizes(w.sizes()), lambda w: w.setChildrenCollapsible(False)],
    QDateEdit: [lambda w: w.setDate(w.date())],
    QTimeEdit: [lambda w: w.setTime(w.time())],
    QDoubleSpinBox: [lambda w: w.setValue(w.value())],
    QCalendarWidget: [lambda w: w.setSelectedDate(w.selectedDate())],
    QAbstractItemView: [
        lambda w: w.scrollToTop(),
        lambda w: w.clearSelection(),
        lambda w: w.currentIndex(),
        lambda w: w.viewport().update(),
    ],
    QTableView: [lambda w: w.setColumnWidth(0, w.columnWidth(0)), lambda w: w.selectRow(0)],
    Table: [
        lambda w: w.show_rows(list(w.rows_model.rows), id),
        lambda w: w.fit(),
        lambda w: w.remembered(),
        lambda w: w.rows_model.sort(0),
    ],
}


def of_every_class(window: Window) -> list[QWidget]:
    """One widget of each class that the window is made of."""
    found: dict[type, QWidget] = {}
    for widget in [window, *window.findChildren(QWidget)]:
        found.setdefault(type(widget), widget)
    return list(found.values())


def test_calls_on_widgets_of_every_class_lose_nothing(window):
    widgets = of_every_class(window)
    assert {QLabel, QLineEdit, QComboBox, QListWidget, QTabWidget, QSplitter, Table} <= {type(w) for w in widgets}
    found = {}
    window.operations.blockSignals(True)
    for widget in widgets:
        for kind, calls in CALLS.items():
            if isinstance(widget, kind):
                blocked = widget.blockSignals(True)

                def act(calls: Any = calls, widget: QWidget = widget) -> None:
                    for call in calls:
                        call(widget)

                if gone := lost(act):
                    found[f"{type(widget).__name__} as {kind.__name__}"] = gone
                widget.blockSignals(blocked)
    window.operations.blockSignals(False)
    window.go("总览")
    settle(window)
    assert found == {}


CARRIED: dict[str, object] = {"frozenset": frozenset(), "dict": {}, "str": "句", "int": 1, "object": None}


def test_signals_like_ours_lose_nothing(window):
    """Sent to a slot of Python's, with whatever ours carry, at once and queued."""
    ours = {
        tuple(kind.strip() for kind in found.split(",") if kind.strip())
        for path in (ROOT / "gui").rglob("*.py")
        for found in re.findall(r"= Signal\((.*?)\)", path.read_text("utf-8"))
    }
    assert len(ours) >= 6 and {kind for kinds in ours for kind in kinds} <= set(CARRIED)
    kinds = sorted(ours)
    types = {"frozenset": frozenset, "dict": dict, "str": str, "int": int, "object": object}
    made: Any = type("Sender", (QObject,), {f"s{i}": Signal(*(types[k] for k in kind)) for i, kind in enumerate(kinds)})
    sender, heard = made(), []

    def hear(*told: object) -> bool:
        heard.append(told)
        heard.clear()
        return True

    for i in range(len(kinds)):
        getattr(sender, f"s{i}").connect(hear)
        getattr(sender, f"s{i}").connect(hear, Qt.ConnectionType.QueuedConnection)

    def act() -> None:
        for i, kind in enumerate(kinds):
            getattr(sender, f"s{i}").emit(*(CARRIED[one] for one in kind))
        QApplication.processEvents()

    assert lost(act) == {}


def test_what_the_window_hears_loses_nothing(window):
    def act() -> None:
        window.operations.changed.emit(frozenset())
        window.operations.failed.emit("句")
        window.collector.state.emit("")

    assert lost(act) == {}
    window._fault.hide()


def events() -> list[QEvent]:
    """One of each kind of event that the system sends."""
    at, left, none = QPointF(5, 5), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    kinds = QEvent.Type
    return [
        QMouseEvent(kinds.MouseMove, at, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, none),
        QKeyEvent(kinds.KeyPress, Qt.Key.Key_Shift, none),
        QKeyEvent(kinds.KeyRelease, Qt.Key.Key_Shift, none),
        QWheelEvent(at, at, QPoint(), QPoint(0, -1), left, none, Qt.ScrollPhase.NoScrollPhase, False),
        QHoverEvent(kinds.HoverMove, at, at, at),
        QFocusEvent(kinds.FocusIn),
        QFocusEvent(kinds.FocusOut),
        QEvent(kinds.Enter),
        QEvent(kinds.Leave),
        QEvent(kinds.StyleChange),
        QEvent(kinds.PaletteChange),
        QEvent(kinds.WindowActivate),
        QEvent(kinds.WindowDeactivate),
        QEvent(kinds.LayoutRequest),
        QResizeEvent(QSize(300, 200), QSize(299, 200)),
    ]


def test_events_delivered_to_widgets_of_every_class_lose_nothing(window):
    """The window's own filter sees each of them, so that True and False are handed to and fro."""
    found = {}
    for widget in of_every_class(window):
        if isinstance(widget, Window):
            continue

        def act(widget: QWidget = widget) -> None:
            for event in events():
                QApplication.sendEvent(widget, event)

        if gone := lost(act, 10):
            found[type(widget).__name__] = gone
    assert found == {}


def test_models_read_by_hand_lose_nothing(window):
    found = {}
    roles = Qt.ItemDataRole
    for table in window.findChildren(Table):
        model = table.rows_model
        if not model.rows:
            continue

        def act(model: Any = model) -> None:
            for at in range(model.columnCount()):
                index = model.index(0, at)
                for role in (roles.DisplayRole, roles.ToolTipRole, roles.ForegroundRole, roles.TextAlignmentRole):
                    model.data(index, role)
                    index.data(role)
                model.headerData(at, Qt.Orientation.Horizontal)
            model.rowCount()
            model.flags(model.index(0, 0))

        if gone := lost(act):
            found[table.accessibleName()] = gone
    assert found == {}


@pytest.mark.parametrize("name", PageName)
def test_painting_a_page_loses_nothing(window, name):
    """Rows, delegates, curves, clocks and bars, drawn as they are on the screen."""
    window.go(name)
    settle(window)
    page = window.pages[name]
    assert lost(lambda: page.grab(), 8) == {}


def test_painting_of_our_own_loses_nothing(window):
    window.go("话题")
    settle(window)
    topics = window.pages["话题"]
    assert topics.view is not None
    rows = ClockRows()
    painted = (topics.right.curve, topics.right.bars, rows)
    assert lost(lambda: [one.grab() for one in painted], 20) == {}
    view, now = topics.view, topics.now()
    topics.right.curve.show_curve(view.curve, now)
    assert lost(lambda: topics.right.curve.show_curve(view.curve, now), 10) == {}


def test_timers_lose_nothing(window):
    timer, heard = QTimer(), []
    timer.timeout.connect(lambda: heard.append(1))
    timer.setInterval(0)

    def act() -> None:
        timer.start()
        QTimer.singleShot(0, heard.clear)
        QApplication.processEvents()
        timer.stop()
        timer.isActive()

    assert lost(act) == {}
    assert lost(window._tick) == {}


def test_operations_handed_back_lose_nothing(window):
    came: list[Any] = []

    def act() -> None:
        window.operations.read(lambda database: None, came.append, place="test")
        window.operations.run(lambda database: None, came.append)
        wait(lambda: len(came) == 2)
        came.clear()

    assert lost(act) == {}


def nested() -> None:
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()


def asked(window: Window) -> None:
    def answer() -> None:
        if (dialog := QApplication.activeModalWidget()) is not None:
            dialog.close()

    QTimer.singleShot(0, answer)
    assert not agreed(window, "删除信源", "不再采集？", "删除")


def menu(window: Window) -> None:
    made = QMenu(window)
    made.addAction("置顶", lambda: None)
    QTimer.singleShot(0, made.close)
    pop_up(made, window.mapToGlobal(QPoint(9, 9)))


def formed(window: Window) -> None:
    form = StepForm(window, "转办", "对方受理之前，时限在这里继续计。")
    form.add("unit", "转给", QLineEdit(), needed="请填写转办给哪个单位。")
    form.ask(lambda given: None)
    form.yes.click()
    assert form.faults.told()
    form.no.click()


def draft(window: Window) -> QDialog:
    page: Any = window.pages[PageName.CASES]
    return DraftEditor(page, window.operations, page.case, "李敏", ResponseKind.ANSWER)


OPENED: dict[str, Callable[[Window], QDialog]] = {
    "提醒": lambda w: AlertList(w, w.operations, w.memory),
    "交接班": lambda w: HandOver(w, w.operations, "李敏", []),
    "添加信源": lambda w: SourceForm(w, w.operations, "李敏", lambda: None),
    "拟稿": draft,
}
WAITED_FOR: dict[str, Callable[[Window], None]] = {
    "event loop": lambda w: nested(),
    "input": asked,
    "menu": menu,
    "form": formed,
}


def left_behind(window: Window) -> tuple[int, int, int, int]:
    """Qt objects, timers that run, threads, open files."""
    settle(window)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    let_come(0)
    gc.collect()
    app = QApplication.instance()
    assert app is not None
    tops = [w for w in QApplication.topLevelWidgets() if w.parent() is None]
    objects = {id(one): one for root in (app, *tops) for one in (root, *root.findChildren(QObject))}
    timers = sum(isinstance(one, QTimer) and one.isActive() for one in objects.values())
    files = psutil.Process().num_fds() if hasattr(psutil.Process(), "num_fds") else 0
    return len(objects), timers, threading.active_count(), files


def steady(window: Window, act: Callable[[], object]) -> bool:
    """Whether there is ever no more than at some time before; a pool or a cache may fill the first times, and an object
    may be on its way when they are counted, but a leak only grows."""
    readings = [left_behind(window)]
    for _ in range(6):
        act()
        after = left_behind(window)
        if any(all(now <= was for now, was in zip(after, before)) for before in readings):
            return True
        readings.append(after)
    return False


@pytest.mark.parametrize("name", [*OPENED, *WAITED_FOR])
def test_what_is_opened_and_closed_loses_nothing_and_leaves_nothing_behind(window, name):
    window.go("关切")
    settle(window)

    def act() -> None:
        if name in WAITED_FOR:
            WAITED_FOR[name](window)
        else:
            dialog = OPENED[name](window)
            dialog.open()
            settle(window)
            dialog.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    act()
    assert steady(window, act)
    assert lost(act, 5) == {}


def test_going_through_the_pages_leaves_nothing_behind(window):
    def around() -> None:
        for name in PageName:
            window.go(name)
            window.pages[name].refresh()
            settle(window)

    around()
    assert steady(window, around)


def test_look_changed_to_and_fro_leaves_nothing_behind(window, qapp):
    def change() -> None:
        for look in ("dark", "light"):
            apply_theme(qapp, look)
            let_come(0)

    change()
    assert steady(window, change)
    assert {one: gone for one, gone in lost(change, 1).items() if gone <= -50} == {}


def test_answer_for_a_dialog_that_was_closed_is_dropped(window, capfd):
    dialog = AlertList(window, window.operations, window.memory)
    shown = []

    def show(_: object) -> None:
        shown.append(dialog.windowTitle())

    gate = threading.Event()
    window.operations.run(lambda database: gate.wait(5), show, frozenset({SETTINGS}))
    dialog.open()
    dialog.close()
    let_come(20)
    assert not isValid(dialog)
    gate.set()
    settle(window)
    assert shown == [] and "already deleted" not in capfd.readouterr().err


def test_every_dialog_and_menu_of_the_window_is_let_go_of():
    """Dialog and pop_up are the only ways; Palette lets go of itself."""
    kept = []
    for path in (ROOT / "gui").rglob("*.py"):
        text = path.read_text("utf-8")
        if path.name != "dialog.py":
            kept += [f"{path.name}: {line}" for line in re.findall(r"^class \w+\(QDialog\).*", text, re.M)]
            kept += [f"{path.name}: {line}" for line in re.findall(r".*(?:\bmenu\.exec\(|\bQDialog\().*", text)]
    assert [line for line in kept if "Palette" not in line] == []
    assert issubclass(StepForm, Dialog)


def test_lock_holds_the_qt_that_was_decided_on():
    why = (
        "PySide6 is locked at 6.8.0.2 by decision. 6.12 loses a reference to None at every void call and aborts under "
        "Python 3.11; 6.8.0.2 loses none and is the newest that starts on Kylin V10 SP1 on both architectures and on "
        "UOS 20 on amd64. Raise it only when the tests of this file pass with it and both systems are provided for."
    )
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8").lower()
        for package in ("pyside6-essentials", "shiboken6"):
            assert re.findall(rf"^{package}==(\S+)", text, re.M) == ["6.8.0.2"], why
    assert '"pyside6-essentials==6.8.0.2"' in (ROOT / "pyproject.toml").read_text("utf-8").lower(), why
