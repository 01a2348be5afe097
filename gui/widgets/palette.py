"""Ctrl+K: go anywhere by a few letters, pinyin initials too: pages, commands, topics, cases, articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from gui.widgets.parts import column

MOST = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go: what it is, its name, and how to get there."""

    kind: str
    name: str
    go: Callable[[], object]


class Palette(QDialog):
    """One field and what fits it; Enter goes, Esc closes."""

    def __init__(self, parent: QWidget, places: Sequence[Place], search: Callable[[str], None]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._places = list(places)
        self._search = search
        self.field = QLineEdit()
        self.field.setPlaceholderText("去哪里：页面、话题、关切、信息、命令；可用拼音首字母")
        self.field.setAccessibleName("去哪里")
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.setLayout(column(self.field, self.list, margin=12))
        self.resize(560, 420)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._go)
        self.list.itemActivated.connect(lambda _: self._go())
        self.field.installEventFilter(self)
        self._fill("")

    def add(self, places: Sequence[Place]) -> None:
        """More places that were found meanwhile."""
        known = {(place.kind, place.name) for place in self._places}
        self._places += [place for place in places if (place.kind, place.name) not in known]
        self._fill(self.field.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
        return super().eventFilter(watched, event)

    def _fill(self, text: str) -> None:
        wanted = text.strip().lower()
        if len(wanted) >= 2:
            self._search(wanted)
        found = sorted((p for p in self._places if fits(wanted, p.name)), key=lambda p: _rank(wanted, p.name))[:MOST]
        self.list.clear()
        for place in found:
            item = QListWidgetItem(f"{place.kind}　{place.name}")
            item.setData(Qt.ItemDataRole.UserRole, place)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _go(self) -> None:
        if item := self.list.currentItem():
            self.accept()
            item.data(Qt.ItemDataRole.UserRole).go()


def fits(wanted: str, name: str) -> bool:
    """Whether a name holds the text, or its pinyin initials do."""
    return not wanted or wanted in name.lower() or wanted in initials(name)


def _rank(wanted: str, name: str) -> int:
    return 0 if name.lower().startswith(wanted) else 1 if wanted in name.lower() else 2


@lru_cache(maxsize=5000)
def initials(name: str) -> str:
    """The first letters of a name's syllables: 关切 is gq."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
