"""What Qt says itself is Chinese: the window has no word of another language."""

import re

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QTextEdit,
    QToolButton,
)

from gui.kit.chinese import speak_chinese
from gui.kit.parts import all_in

_ENGLISH = re.compile(r"(?<![(&+\w])[A-Za-z]{3,}")


def own(text):
    return text.partition("\t")[0]  # without the keys


@pytest.fixture(autouse=True, scope="module")
def chinese(qapp):
    speak_chinese(qapp)


def test_file_dialog(qtbot):
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    said = [part.text() for part in all_in(dialog, QLabel)]
    said += [part.text() for part in all_in(dialog, QAbstractButton)]
    said += [tool.toolTip() for tool in all_in(dialog, QToolButton)]
    assert any("取消" in text for text in said) and not [text for text in said if _ENGLISH.search(own(text))]


def test_buttons(qtbot):
    box = QMessageBox()
    qtbot.addWidget(box)
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
    assert not [part.text() for part in box.buttons() if _ENGLISH.search(own(part.text()))]


@pytest.mark.parametrize("kind", [QLineEdit, QTextEdit, QPlainTextEdit])
def test_context_menu(qtbot, kind):
    widget = kind()
    qtbot.addWidget(widget)
    said = [action.text() for action in widget.createStandardContextMenu().actions()]
    assert any("复制" in text for text in said) and not [text for text in said if _ENGLISH.search(own(text))]
