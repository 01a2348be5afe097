"""The left side of the window: the pages, what waits on each for a person, and who is on duty."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui.kit.parts import button
from gui.kit.plain import caption, tip
from gui.pages import OWN_KEYS, PageName

WIDTH = 148
PAGES = tuple(PageName)


class Navigation(QWidget):
    """`chosen` tells the page that was clicked or called by its key; `leaving` that somebody else is to sign in."""

    chosen = Signal(object)
    leaving = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("nav")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # which only a plain QWidget has by itself
        self.setFixedWidth(WIDTH)
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.list.setAccessibleName("页面")
        figures = iter("1234567890")
        for page in PAGES:
            keys = OWN_KEYS.get(page) or f"Ctrl+{next(figures)}"
            item = QListWidgetItem(page)
            item.setSizeHint(QSize(120, 38))
            item.setToolTip(tip(f"{page}（{keys}）"))
            self.list.addItem(item)
            QShortcut(QKeySequence(keys), parent).activated.connect(lambda page=page: self.go(page))
        self.list.currentRowChanged.connect(lambda row: self.chosen.emit(PAGES[row]))
        brand = QLabel("闻应")
        brand.setObjectName("brand")
        self.who = button("", self.leaving.emit, tip="换人登录")
        self.who.setProperty("role", "quiet")
        side = QVBoxLayout(self)
        side.setContentsMargins(0, 0, 0, 12)
        side.addWidget(brand)
        side.addWidget(self.list, 1)
        side.addWidget(self.who)

    @property
    def current(self) -> PageName | None:
        """The page that was chosen last, None before the first."""
        row = self.list.currentRow()
        return PAGES[row] if row >= 0 else None

    def go(self, page: PageName) -> None:
        """Choose a page; it is told of also when it was chosen already."""
        if self.current == page:
            self.chosen.emit(page)
        self.list.setCurrentRow(PAGES.index(page))

    def badge(self, page: PageName, waits: int, mark: str = "") -> None:
        """The number beside a page's name: what waits there for a person, nothing else."""
        self.list.item(PAGES.index(page)).setText(f"{page}　{mark}{waits}" if waits else page)

    def show_person(self, name: str) -> None:
        """Who sits here."""
        self.who.setText(caption(f"值班 {name}"))

    def show_duty(self, name: str) -> None:
        """Who is on duty today by the roster; empty where it does not say."""
        self.who.setToolTip(tip(f"换人登录。今天值班：{name or '值班表没有写'}"))
