"""Nothing from outside is ever rich text: pages, dialogs, tips and notices filled with hostile words, walked through."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt, QUrl
from PySide6.QtGui import QTextCharFormat, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCalendarWidget,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QMenu,
    QMessageBox,
    QTabBar,
    QTextEdit,
    QWidget,
)

from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.execute import execute
from domain.concern import EventGrade
from domain.event import EventKind, MajorEvent
from domain.person import Actor, Role
from domain.response import Alert, Level, ResponseKind
from domain.steps.cases import (
    AskUnit,
    CloseConcern,
    DismissConcern,
    JudgeConcern,
    ReferConcern,
    RegradeConcern,
    ReopenConcern,
    TakeBackReferral,
)
from domain.steps.drafts import AddSaying, ApproveDraft, PublishDraft, RemarkOnDraft, WriteDraft
from domain.steps.events import AddEvent
from domain.steps.office import SetOffice, SetRoster
from domain.steps.people import AddPerson
from domain.steps.sources import AddSource
from domain.steps.topics import RenameTopic
from gui.cases.asking import Asked, form_of
from gui.cases.clocks import HowCounted
from gui.cases.drafteditor import Comparison
from gui.kit.asking import agreed
from gui.kit.plain import caption, heading, notice, tip
from gui.kit.preview import Preview
from gui.office.notifying import AlertList
from gui.pages import PageName

GUI = Path(__file__).parent.parent.parent / "gui"
EVIL = "<b>黑</b><img src='file:///etc/passwd'>&amp;"
WHO = Actor(EVIL)


@pytest.fixture
def evil(database, publisher, now, tmp_path, monkeypatch):
    """A store in which whatever can come from outside holds tags."""
    monkeypatch.setenv("WENYING_PERSON", EVIL)
    evil = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    items = [
        (f"临江化工园区爆炸{i}{evil}", f"临江化工园区爆炸，消防救援人员已到现场{evil}。", "2026-11-20T08:40:00+08:00")
        for i in range(2)
    ]
    execute(database, SetOffice(name=f"单位{EVIL}", places=("临江",), signer=EVIL), Actor(EVIL), now)
    execute(
        database, AddSource(publisher.feed("/a", items), f"日报{EVIL}", place=EVIL[:20], tags=(EVIL,)), Actor(EVIL), now
    )
    Collector(database, now).round(now)
    (concern, _), *_ = list_concerns(database)
    id = concern.id
    execute(database, RenameTopic(concern.topic_id, f"话题{EVIL}"), WHO, now)
    execute(database, JudgeConcern(id, grade=EventGrade.II, unit=EVIL), WHO, now)
    execute(database, AskUnit(id, EVIL, EVIL), WHO, now)
    for i in range(2):
        execute(database, WriteDraft(id, f"稿{EVIL}", f"正文{i}{EVIL}", ResponseKind.ANSWER), WHO, now)
    execute(database, RemarkOnDraft(id, 1, start=0, end=4, text=EVIL), WHO, now)
    execute(database, AddSaying(f"口径{EVIL}", EVIL, (EVIL,), EVIL, None), WHO, now)
    event = MajorEvent(
        0, EventKind.OTHER, f"事件{EVIL}", now.date(), now.date(), ("爆炸",), answers=EVIL, tasks=(EVIL,)
    )
    execute(database, AddEvent(event), WHO, now)
    execute(database, SetRoster(f"2026-11-20 {EVIL}"), Actor(EVIL), now)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE concern SET title = ?", (f"关切{EVIL}",))
    execute(database, AddPerson(f"李{EVIL}", tuple(Role), ""), Actor(EVIL), now)
    return id


@pytest.fixture
def window(evil, open_window):
    return open_window()


def harmless(said: str) -> bool:
    """Whether a text that Qt may take for HTML holds no tag of another's."""
    if "<" not in said and "&lt;" not in said:
        return True
    return said.startswith("<qt>") and re.sub(r"</?qt>|<br>", "", said).find("<") < 0


def marks(said: str) -> bool:
    """Whether an & in the text would mark a key."""
    return "&" in said.replace("&&", "")


def faults(root: QWidget) -> list[str]:
    """Where something of others would be drawn as anything but plain text."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        name = f"{type(widget).__name__} {widget.accessibleName()[:20]}"
        if not harmless(widget.toolTip()):
            found.append(f"{name}: tip {widget.toolTip()[:60]}")
        if (
            isinstance(widget, QLabel)
            and widget.textFormat() != Qt.TextFormat.PlainText
            and not harmless(widget.text())
        ):
            found.append(f"{name}: label {widget.text()[:60]}")
        if isinstance(widget, QAbstractButton) and marks(widget.text()):
            found.append(f"{name}: button {widget.text()[:60]}")
        if isinstance(widget, QTabBar):
            found += [f"{name}: tab" for i in range(widget.count()) if marks(widget.tabText(i))]
        if isinstance(widget, QMenu):
            found += [f"{name}: menu" for one in widget.actions() if marks(one.text())]
        if isinstance(widget, QTextEdit) and (
            "file:" in re.sub("&lt;.*?&gt;", "", widget.toHtml()) or "￼" in _text(widget)
        ):
            found.append(f"{name}: text {_text(widget)[:60]}")
        if isinstance(widget, QCalendarWidget):
            found += [f"{name}: {day}" for day, look in widget.dateTextFormat().items() if not harmless(_tip(look))]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += _in_model(widget, name)
        if isinstance(widget, QGraphicsView) and widget.scene() is not None:
            texts = [one for one in widget.scene().items() if isinstance(one, QGraphicsTextItem)]
            found += [f"{name}: drawn {one.toPlainText()}" for one in texts if "file:" in one.toHtml()]
    return found


def _text(widget: QTextEdit) -> str:
    return "" if isinstance(widget, Preview) else widget.toPlainText()


def _tip(look: QTextCharFormat) -> str:
    return look.toolTip()


def columns(model: QAbstractItemModel) -> int:
    """How many columns there are; a list has one, and does not tell."""
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount()


def _in_model(view: QAbstractItemView, name: str) -> list[str]:
    model, found, role = view.model(), [], Qt.ItemDataRole
    for row in range(min(model.rowCount(), 20)):
        for column in range(columns(model)):
            said = model.index(row, column).data(role.ToolTipRole)
            if isinstance(said, str) and not harmless(said):
                found.append(f"{name}: tip of {row},{column} {said[:60]}")
    return found


def test_no_page_draws_what_came_from_outside_as_anything_but_text(window, evil, qtbot):
    found, seen = [], set()
    for name in PageName:
        window.go(name, evil if name == "关切" else None)
        qtbot.wait(50)  # what an answer asks for in turn
        qtbot.waitUntil(lambda: not window.operations.busy, timeout=30_000)
        qtbot.wait(50)
        found += [f"{name}: {fault}" for fault in faults(window)]
        tables = [t for t in window.pages[name].findChildren(QAbstractItemView) if t.model() and t.model().rowCount()]
        texts = [
            str(t.model().index(r, c).data()) for t in tables for r in range(t.model().rowCount()) for c in range(4)
        ]
        seen |= {name} if any("<img" in text for text in texts) else set()
    assert found == []
    assert {"话题", "关切", "信息", "重大事件", "口径库", "信源", "设置", "简报", "总览", "统计"} <= seen


def test_no_dialog_draws_it_either(window, evil, qtbot):
    window.go("关切", evil)
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None and page.right.isEnabled(), timeout=5_000)
    found: list[str] = []
    opened: list[str] = []

    def look(dialog: QWidget | None) -> None:
        assert dialog is not None
        dialog.show()
        qtbot.wait(250)
        opened.append(type(dialog).__name__)
        found.extend(f"{dialog.windowTitle()[:12]}: {fault}" for fault in faults(dialog))
        dialog.close() if not hasattr(dialog, "no") else dialog.no.click()
        qtbot.wait(20)

    for step in (
        JudgeConcern,
        RegradeConcern,
        DismissConcern,
        CloseConcern,
        ReferConcern,
        ApproveDraft,
        PublishDraft,
        ReopenConcern,
        TakeBackReferral,
    ):
        look(form_of(step, Asked(page, page.case, page.person, page.now())))
    page._do(WriteDraft)
    qtbot.waitUntil(lambda: page.editor.body.toPlainText() != "", timeout=5_000)
    look(page.editor)
    look(Comparison(page, f"第{EVIL}稿", EVIL, "现在", EVIL + "又"))
    look(HowCounted(page, page.case.deadlines[0], page.case.ledger))
    look(AlertList(window, window.operations, window.memory))
    window.go("话题")
    topics = window.pages["话题"]
    qtbot.waitUntil(lambda: topics.right.isEnabled(), timeout=5_000)
    look(topics._topic_form("合并", "others", f"并入“{topics.view.topic.name}”"))
    window.go_anywhere()
    qtbot.wait(200)
    found += faults(window.anywhere.palette)
    window.anywhere.palette.close()
    assert found == [] and len(opened) >= 13


def test_question_is_plain_text(qtbot, monkeypatch):
    shown: list[tuple[Qt.TextFormat, str]] = []
    above = QWidget()
    qtbot.addWidget(above)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append((box.textFormat(), box.text())))
    assert not agreed(above, "删除", EVIL, "删除")
    assert shown == [(Qt.TextFormat.PlainText, EVIL)]


def test_notice_of_the_desktop_has_no_markup(window, monkeypatch):
    told = []

    class Tray:
        def showMessage(self, *given):
            told.append(given[1])

        def hide(self):
            pass

    window.alerts.tray = Tray()
    window.alerts._show([Alert("k", 1, Level.FLAGGED, window.operations.clock.now(), EVIL)])
    assert told and not set("<>&") & set("".join(told))


def test_tip_shows_every_sign_of_a_text():
    shown = QTextDocument()
    shown.setHtml(tip(f"{EVIL}\n第二行 &lt;b&gt;"))
    assert shown.toPlainText() == f"{EVIL}\n第二行 &lt;b&gt;"
    assert tip("平常的话 a & b") == "平常的话 a & b"
    assert caption("A&B") == "A&&B" and notice(EVIL).isprintable() and heading("甲\n乙[*]") == "甲 乙[*][*]"


def test_preview_reads_no_file_and_no_address(qtbot, tmp_path):
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x")
    view = Preview()
    qtbot.addWidget(view)
    kind = QTextDocument.ResourceType.ImageResource.value
    assert view.loadResource(kind, QUrl.fromLocalFile(str(picture))) is None
    assert view.loadResource(kind, QUrl("http://127.0.0.1/a.png")) is None


# --- the rule in the code: what is not a constant goes through gui/kit/plain.py

THROUGH = {
    "setToolTip": {"tip"},
    "setTabToolTip": {"tip"},
    "showText": {"tip"},
    "setWindowTitle": {"heading"},
    "showMessage": {"notice"},
}


def _named(call: ast.expr) -> str:
    if not isinstance(call, ast.Call):
        return ""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_every_tip_title_and_notice_that_is_made_up_goes_through_one_gate():
    found = []
    for path in sorted(GUI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or _named(node) not in THROUGH:
                continue
            given = [arg for arg in node.args if not isinstance(arg, ast.Constant | ast.Attribute)]
            if _named(node) == "showText" or _named(node) == "showMessage":
                given = node.args[1:2]
            elif _named(node) != "setWindowTitle":
                given = node.args[-1:]
            if any(not isinstance(arg, ast.Constant) and _named(arg) not in THROUGH[_named(node)] for arg in given):
                found.append(f"{path.relative_to(GUI)}:{node.lineno} {_named(node)}")
    assert found == []


def test_boxes_and_html_are_made_in_one_place_each():
    allowed = {
        "QMessageBox": {"kit/asking.py"},
        "setHtml": {"reporting/briefing.py"},
        "insertHtml": set(),
        "toHtml": set(),
    }
    found = []
    for path in sorted(GUI.rglob("*.py")):
        for word, places in allowed.items():
            if re.search(rf"\b{word}\(", path.read_text("utf-8")) and str(path.relative_to(GUI)) not in places:
                found.append(f"{path.relative_to(GUI)}: {word}")
    assert found == []
