"""Ctrl+K: go anywhere by a few letters, pinyin initials too: pages, commands, topics, cases, articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from gui.kit.parts import column

MOST = 12
TYPING_MS = 200  # after the last key, the search begins


@dataclass(frozen=True, slots=True)
class Destination:
    """Somewhere to go: what it is, its name, and how to get there."""

    kind: str
    name: str
    go: Callable[[], object]


class Palette(QDialog):
    """One field and what fits it; Enter goes, Esc closes. `search` is asked once for each text that is typed."""

    def __init__(self, parent: QWidget, places: Sequence[Destination], search: Callable[[str], None]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._places = list(places)
        self._found: list[Destination] = []  # what the search gave for the text that stands there
        self._search = search
        self._asked = ""
        self.field = QLineEdit()
        self.field.setPlaceholderText("去哪里：页面、话题、关切、信息、命令；可用拼音首字母")
        self.field.setAccessibleName("去哪里")
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.setLayout(column(self.field, self.list, margin=12))
        self.resize(560, 420)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._ask)
        self.field.textChanged.connect(self._typed)
        self.field.returnPressed.connect(self._go)
        self.list.itemActivated.connect(lambda _: self._go())
        self.field.installEventFilter(self)
        self._fill()

    def add(self, places: Sequence[Destination]) -> None:
        """More places that can be gone to."""
        known = {(place.kind, place.name) for place in self._places}
        self._places += [place for place in places if (place.kind, place.name) not in known]
        self._fill()

    def show_found(self, text: str, places: Sequence[Destination]) -> None:
        """What a search for a text gave; shown as long as that text stands there."""
        if text == self._asked:
            self._found = list(places)
            self._fill()

    def done(self, result: int) -> None:
        self._typing.stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._typing.stop()
        super().closeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
        return super().eventFilter(watched, event)

    def _typed(self) -> None:
        self._fill()
        self._typing.start()

    def _ask(self) -> None:
        """Search for what stands there, once it stands still."""
        wanted = self._wanted()
        if wanted != self._asked:
            self._asked, self._found = wanted, []
            if len(wanted) >= 2:
                self._search(wanted)

    def _wanted(self) -> str:
        return self.field.text().strip().lower()

    def _fill(self) -> None:
        wanted = self._wanted()
        known = {(place.kind, place.name) for place in self._places}
        searched = self._found if wanted == self._asked else []
        more = [place for place in searched if (place.kind, place.name) not in known]
        fitting = [place for place in self._places if fits(wanted, place.name)]
        # What the search gave fits by its text, too, not by its name alone.
        shown = [*sorted(fitting, key=lambda p: _rank(wanted, p.name)), *more][:MOST]
        self.list.clear()
        for place in shown:
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
