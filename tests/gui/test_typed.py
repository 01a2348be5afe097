"""What is typed is never lost, and no key takes a step that nobody meant: every dialog, through the real window."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QPushButton, QTextEdit

from desk.cases.reading import read_case
from desk.cases.writing import keep_typing, unsaved_text
from desk.execute import execute
from desk.reporting.infographic import Points
from domain.response import ResponseKind, Unsaved
from domain.steps.deadlines import ExtendDeadline, StartDeadline, WithdrawDeadline
from domain.steps.drafts import AllowPersonal, ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from gui.cases import asking
from gui.cases.conflict import Conflict
from gui.cases.drafteditor import DraftEditor
from gui.collecting.sourceforms import AddSource as SourceDialog
from gui.kit.form import write
from gui.kit.parts import Table, all_in
from gui.kit.stepform import StepForm, line_form, words_form
from gui.office.handover import HandOver
from gui.office.signin import SignIn
from gui.reporting.infographic import Infographic
from tests.gui.cases import ME, WANG, shown, stand

BODY = "明火已灭，无人员伤亡。原因在查。"


@pytest.fixture
def window(filled, open_window):
    return open_window()


def writing(window, id, qtbot):
    """The draft editor over the page of a case, with its text begun."""
    page = shown(window, id, qtbot)
    page._do(WriteDraft)
    qtbot.waitUntil(lambda: page.editor.body.isEnabled(), timeout=5_000)
    return page.editor


def kept_text(database, id):
    kept = unsaved_text(database, id, ME.name)
    return kept.body if kept else None


def opened_dialogs(window, id):
    """One of each dialog that the window opens with buttons and fields in it."""
    page = window.pages["关切"]
    at = asking.Asked(page, page.case, ME.name, page.now())
    forms = [form for step in asking._FORMS if (form := asking.form_of(step, at)) is not None]
    others = [
        words_form(page, "退回", "退回的理由", "why"),
        line_form(page, "改名", "名称", "name"),
        HandOver(window, window.operations, ME.name, ["王强"]),
        SignIn(window, window.operations, [], lambda _: None),
        SourceDialog(window, window.operations, ME.name, lambda: None),
    ]
    return [*forms, *others]


def test_enter_in_the_title_leaves_the_draft_as_it_is(window, filled, database, qtbot, now):
    stand(database, filled, now, "open")
    editor = writing(window, filled, qtbot)
    editor.body.setPlainText(BODY)
    editor.title.setFocus()
    qtbot.keyClick(editor.title, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: kept_text(database, filled) == BODY, timeout=5_000)
    assert editor.body.toPlainText() == BODY
    editor.reject()


def test_enter_in_the_address_looks_at_it_and_opens_no_folder(window, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr("gui.collecting.sourceforms.QFileDialog.getExistingDirectory", lambda *_: opened.append(1))
    dialog = SourceDialog(window, window.operations, ME.name, lambda: None)
    dialog.open()
    dialog.url.setText("http://127.0.0.1:1/")
    qtbot.keyClick(dialog.url, Qt.Key.Key_Return)
    assert opened == [] and "正在看" in dialog.state.text()


def test_no_button_of_a_dialog_takes_enter_but_the_one_that_agrees(window, filled, database, qtbot, now):
    stand(database, filled, now, "written")
    writing(window, filled, qtbot)
    opened_dialogs(window, filled)
    dialogs = all_in(window, QDialog)
    assert len(dialogs) > 10
    for dialog in dialogs:
        taking = [b for b in all_in(dialog, QPushButton) if b.autoDefault() or b.isDefault()]
        assert [b.text() for b in taking] in ([], [dialog.yes.text()] if isinstance(dialog, StepForm) else [])


def test_every_form_opens_with_the_keyboard_in_its_first_field(window, filled, database, qtbot, now):
    stand(database, filled, now, "written")
    shown(window, filled, qtbot)
    for dialog in opened_dialogs(window, filled):
        dialog.open()
        first = dialog.inputs()[0]
        assert dialog.focusWidget() is first, f"{dialog.windowTitle()}: {dialog.focusWidget()}"
        dialog.done(0)


def test_no_key_takes_a_step_in_a_form_that_was_just_opened(window, filled, database, qtbot, now):
    stand(database, filled, now, "written")
    shown(window, filled, qtbot)
    for form in opened_dialogs(window, filled):
        if isinstance(form, StepForm):
            taken: list[Any] = []
            form.ask(taken.append)
            for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if (popup := QApplication.activePopupWidget()) is not None:
                    popup.close()
                qtbot.keyClick(form.focusWidget(), key)
            assert taken == [] and form.isVisible(), form.windowTitle()
            form.done(0)


def test_enter_on_a_button_presses_that_one(window, filled, qtbot):
    taken: list[Any] = []
    form = words_form(window, "退回", "退回的理由", "why", "写好的理由")
    form.ask(taken.append)
    form.no.setFocus()
    qtbot.keyClick(form.no, Qt.Key.Key_Return)
    assert taken == [] and not form.isVisible()


def test_enter_in_a_line_agrees_once_it_was_filled_in(window, filled, qtbot):
    taken: list[Any] = []
    form = line_form(window, "改名", "名称", "name", "旧名")
    form.ask(taken.append)
    qtbot.keyClicks(form.focusWidget(), "2")
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Return)
    assert len(taken) == 1 and taken[0]["name"].endswith("2")
    form.done(0)


@pytest.mark.parametrize("step", [ApproveDraft, PublishDraft])
def test_what_is_signed_or_published_is_what_is_shown(window, filled, database, qtbot, now, step):
    stand(database, filled, now, "written")
    page = shown(window, filled, qtbot)
    assert page.right.tabs.drafts.chosen().version == 1
    execute(database, WriteDraft(filled, "通报二", BODY, ResponseKind.AUTHORITATIVE), ME, now)
    execute(database, ReviewDraft(filled, 2), WANG, now)
    if step is PublishDraft:
        execute(database, ApproveDraft(filled, 2), WANG, now)
    page.refresh()
    qtbot.waitUntil(lambda: len(page.right.tabs.drafts.rows_model.rows) == 2, timeout=5_000)
    qtbot.waitUntil(lambda: page.right.offered.first is step, timeout=5_000)
    page.right.next.click()
    form = page.findChild(StepForm)
    assert page.right.tabs.drafts.chosen().version == 2 and BODY in page.right.tabs.draft_text.toPlainText()
    assert any(BODY in text.toPlainText() for text in all_in(form, QPlainTextEdit))
    if step is ApproveDraft:  # and what changed since the version before, both of them to be read off
        (changes,) = all_in(form, QTextEdit)
        assert "明火已灭" in changes.toPlainText() and "第 1 稿" in changes.accessibleName()
    form.done(0)


@pytest.mark.parametrize("step", [ApproveDraft, PublishDraft])
def test_what_the_check_found_stands_before_the_text_that_is_signed_or_published(
    window, filled, database, qtbot, now, step
):
    stand(database, filled, now, "open")
    body = "已知情况：已安置 321 人，绝对安全。车牌浙A 12345。"
    execute(database, WriteDraft(filled, "通报", body.replace(" ", ""), ResponseKind.AUTHORITATIVE), ME, now)
    execute(database, ReviewDraft(filled, 1), WANG, now)
    if step is PublishDraft:
        execute(database, AllowPersonal(filled, 1, "浙A12345", "便于识别"), WANG, now)
        execute(database, ApproveDraft(filled, 1), WANG, now)
    page = shown(window, filled, qtbot)
    page.right.next.click()
    form = page.findChild(StepForm)
    (table,) = all_in(form, Table)
    qtbot.wait(50)
    assert {"无出处", "绝对化", *(("个人信息",) if step is ApproveDraft else ())} <= {
        finding.check for finding in table.rows_model.rows
    }
    text = next(text for text in all_in(form, QPlainTextEdit) if "绝对安全" in text.toPlainText())
    assert table.isVisible() and table.y() < text.mapTo(form, QPoint(0, 0)).y()
    form.done(0)


def test_version_that_was_just_written_is_the_one_shown(window, filled, database, qtbot, now):
    stand(database, filled, now, "written")
    editor, page = writing(window, filled, qtbot), window.pages["关切"]
    editor.body.setPlainText(BODY)
    editor._save()
    qtbot.waitUntil(lambda: page.right.tabs.drafts.chosen().version == 2, timeout=5_000)
    assert page.right.tabs.draft_text.toPlainText() == BODY


def test_template_asks_before_it_takes_the_place_of_a_text_and_can_be_undone(
    window, filled, database, qtbot, now, monkeypatch
):
    stand(database, filled, now, "open")
    editor = writing(window, filled, qtbot)
    editor.body.setPlainText(BODY)
    asked = []
    monkeypatch.setattr("gui.cases.drafteditor.agreed", lambda *given: asked.append(given) or len(asked) > 1)
    template = next(b for b in all_in(editor, QPushButton) if b.text() == "套用模板")
    template.click()
    qtbot.wait(300)
    assert len(asked) == 1 and editor.body.toPlainText() == BODY
    template.click()
    qtbot.waitUntil(lambda: "事实真相" in editor.body.toPlainText(), timeout=5_000)
    editor.body.undo()
    assert editor.body.toPlainText() == BODY
    editor.reject()


def test_editor_says_that_it_goes_on_with_what_was_being_written(window, filled, database, qtbot, now):
    stand(database, filled, now, "open")
    keep_typing(database, Unsaved(filled, ME.name, ResponseKind.ANSWER, "标题", BODY, now))
    editor = writing(window, filled, qtbot)
    qtbot.wait(1_000)
    assert editor.body.toPlainText() == BODY and "没写完" in editor.kept.text()
    editor.reject()


def test_what_is_typed_while_a_version_is_made_stays_and_is_kept(window, filled, database, qtbot, now, monkeypatch):
    stand(database, filled, now, "open")
    editor = writing(window, filled, qtbot)
    editor.body.setPlainText(BODY)
    going = Event()
    monkeypatch.setattr(
        "gui.cases.drafteditor.execute", lambda *given, **named: going.wait(5) and execute(*given, **named)
    )
    editor._save()
    editor._save()  # once more, as an impatient hand does
    qtbot.keyClicks(editor.body, "later")
    going.set()
    qtbot.waitUntil(lambda: "第 1 稿" in editor.faults.told(), timeout=5_000)
    assert editor.isVisible() and "later" in editor.body.toPlainText()
    qtbot.waitUntil(lambda: (kept := unsaved_text(database, filled, ME.name)) and "later" in kept.body, timeout=5_000)
    assert [draft.body for draft in read_case(database, filled).drafts] == [BODY]
    editor.reject()


@pytest.mark.parametrize("saving", [False, True])
def test_two_windows_of_one_person_lose_no_text(window, filled, database, qtbot, now, saving):
    stand(database, filled, now, "open")
    editor = writing(window, filled, qtbot)
    other = DraftEditor(window, window.operations, editor.case, ME.name, ResponseKind.ANSWER)
    other.open()
    qtbot.waitUntil(lambda: other.body.isEnabled(), timeout=5_000)
    editor.body.setPlainText(BODY)
    editor.flush()
    qtbot.waitUntil(lambda: editor.kept.text() == "已自动保存", timeout=5_000)
    other.body.setPlainText("另一个窗口里写的")
    other._save() if saving else other.flush()
    qtbot.waitUntil(lambda: other.findChild(Conflict) is not None, timeout=5_000)
    meeting: Any = other.findChild(Conflict)
    assert kept_text(database, filled) == BODY
    assert any(BODY in text.toPlainText() for text in all_in(meeting, QPlainTextEdit))
    assert read_case(database, filled).drafts == []
    meeting.accept()
    qtbot.waitUntil(lambda: kept_text(database, filled) == "另一个窗口里写的", timeout=5_000)
    editor.body.appendPlainText("又写了一行")
    editor.flush()
    qtbot.waitUntil(lambda: editor.findChild(Conflict) is not None, timeout=5_000)
    other.reject()


def test_every_dialog_asks_before_it_drops_what_was_typed(window, filled, database, qtbot, now, monkeypatch):
    stand(database, filled, now, "written")
    shown(window, filled, qtbot)
    asked = []
    monkeypatch.setattr("gui.kit.dialog.agreed", lambda *given: bool(asked.append(given)))
    points = Points("标题", ("要点",), (), "临江市新闻办", now.date())
    for dialog in [*opened_dialogs(window, filled), Infographic(window, window.operations, points)]:
        texts = [field for field in dialog.inputs() if isinstance(field, (QLineEdit, QPlainTextEdit))]
        if not texts or isinstance(dialog, SignIn):
            continue
        for leave in (lambda d: qtbot.keyClick(d, Qt.Key.Key_Escape), lambda d: d.close()):
            dialog.open()
            write(texts[-1], "没有保存的话")
            leave(dialog)
            assert len(asked) == 1 and dialog.isVisible(), dialog.windowTitle()
            assert window._unsaved() == [f"“{dialog.windowTitle()}”里填写的内容"]
            asked.clear()
            write(texts[-1], "")
        dialog.done(0)


def test_no_dialog_with_a_field_is_of_another_kind():
    """QDialog itself neither asks nor leads the keyboard; the palette's text is a search."""
    found = [
        path.name
        for path in (Path(__file__).parent.parent.parent / "gui").rglob("*.py")
        if re.search(r"class \w+\(QDialog\)", path.read_text("utf-8"))
    ]
    assert sorted(found) == ["dialog.py", "palette.py"]


def test_clocks_are_extended_and_withdrawn_from_the_menu(window, filled, database, qtbot, now):
    stand(database, filled, now, "open")
    page = shown(window, filled, qtbot)
    execute(database, StartDeadline(filled, "disclosure-20wd"), ME, now)
    page.refresh()
    qtbot.waitUntil(lambda: any(d.code == "disclosure-20wd" for d in page.case.deadlines), timeout=5_000)
    assert {ExtendDeadline, WithdrawDeadline} <= set(page.right.offered.more)
    for step, done in (
        (ExtendDeadline, lambda d, was: d.due_at > was),
        (WithdrawDeadline, lambda d, _: bool(d.withdrawn)),
    ):
        was = next(d for d in page.case.deadlines if d.code == "disclosure-20wd")
        page._do(step)
        form = page.findChild(StepForm)
        which = form.faults.field("deadline")
        which.setCurrentIndex(which.findData(was.id))
        form.faults.field("why").setPlainText("案情复杂")
        form.yes.click()
        qtbot.waitUntil(
            lambda was=was, done=done: done(
                next(d for d in read_case(database, filled).deadlines if d.id == was.id), was.due_at
            ),
            timeout=5_000,
        )
        qtbot.waitUntil(lambda: page.findChild(StepForm) is None, timeout=5_000)


def test_click_on_a_clock_in_the_strip_opens_its_case(window, filled, database, qtbot, now):
    stand(database, filled, now, "open")
    window._read_clocks()
    chip = window._strip.chips[0]
    qtbot.waitUntil(chip.isVisible, timeout=5_000)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "关切" in window.pages and window.pages["关切"].case is not None, timeout=5_000)
    assert window.pages["关切"].case.concern.id == filled


def test_findings_show_their_whole_reason(window, filled, database, qtbot, now):
    stand(database, filled, now, "open")
    editor = writing(window, filled, qtbot)
    editor.body.setPlainText("绝对没有任何问题。")
    qtbot.waitUntil(lambda: len(editor.findings.rows_model.rows) > 0, timeout=5_000)
    qtbot.wait(200)
    table = editor.findings
    for i, finding in enumerate(table.rows_model.rows):
        room = QRect(0, 0, table.columnWidth(1) - 22, 10_000)
        needed = table.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), finding.reason)
        assert table.rowHeight(i) >= needed.height(), finding.reason
    editor.reject()


def test_keys_are_noted_at_the_windows_alone_and_not_at_every_event(window, qtbot):
    asked, attendance = [], window.attendance
    watching = attendance.eventFilter
    attendance.eventFilter = lambda watched, event: asked.append(watched) or watching(watched, event)
    qtbot.wait(300)
    attendance._touched_at = 0.0
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is not None, timeout=2_000)
    QTest.keyClick(QApplication.focusWindow(), Qt.Key.Key_Shift)
    assert attendance._touched_at > 0.0
    assert asked and all(watched.isWindowType() for watched in asked)


def test_words_behind_the_palette_are_loaded_beside_the_window(filled, open_window, qtbot, monkeypatch):
    loaded = []
    monkeypatch.setattr("gui.window.load_words", lambda: loaded.append(current_thread()))
    open_window(waited_for=False)
    qtbot.waitUntil(lambda: bool(loaded), timeout=10_000)
    assert loaded[0] is not main_thread()
