"""Nothing that is opened, asked or gone through at the window leaves anything behind: objects, timers, threads, files."""

from __future__ import annotations

import gc
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu
from shiboken6 import isValid

from domain.appearance import Appearance
from domain.response import ResponseKind
from gui.cases.drafteditor import DraftEditor
from gui.collecting.sourceforms import AddSource as SourceForm
from gui.kit.asking import agreed
from gui.kit.dialog import Dialog, pop_up
from gui.kit.stepform import StepForm
from gui.kit.theme import apply_theme
from gui.office.handover import HandOver
from gui.office.notifying import AlertList
from gui.operations import SETTINGS
from gui.pages import PageName
from gui.window import Window
from tests.gui.references import ROOT, filled_window, let_come, lost, settle

ANSWERS_ITSELF = True  # boxes that wait for a click are opened for real


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with filled_window(qapp, tmp_path_factory.mktemp("references")) as made:
        yield made


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
        for look in (Appearance.DARK, Appearance.LIGHT):
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
