"""The cases beside the one that is worked on: as a list or a board, of one state or all, and what was not flagged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from desk.cases.reading import in_working_order
from domain.concern import Concern, ConcernState
from domain.response import Deadline, DeadlineState, strictest
from domain.times import lasting
from domain.topic import Topic
from gui.cases.board import Board, Listed
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row, shortcut
from gui.kit.theme import GRADE_COLOURS

WIDE = 280  # pixels that the list, or the board, keeps beside the case


class Shown(Enum):
    """What the list can show beside the cases of one state."""

    RUNNING = "办理中"
    ALL = "全部"
    HELD = "未列为关切"


class CaseList(QWidget):
    """`turned` tells that other cases are wanted, `chosen` that another one is; `opened` the topic of one held back,
    `taken_up` one that is to be a case.
    """

    turned = Signal()
    chosen = Signal()
    opened = Signal(int)
    taken_up = Signal(object)

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.wanted: int | None = None  # the case that is to be chosen when the list has been read
        self.setMinimumWidth(WIDE)
        self.state = QComboBox()
        self.state.addItem(Shown.RUNNING.value, Shown.RUNNING)
        for state in ConcernState:
            self.state.addItem(state.label, state)
        for shown in (Shown.ALL, Shown.HELD):
            self.state.addItem(shown.value, shown)
        self.state.currentIndexChanged.connect(lambda _: self._turn_to())
        self.as_board = button("看板", self._turn)
        self.table = self._cases()
        self.held = self._held_back()
        self.box = OrEmpty(self.table, "没有关切。采到与本地有关的突发事件、民生诉求时，会在这里列出，并说明理由。")
        self.board = Board(self._countdown)
        self.board.chosen.connect(self._choose)
        self.views = QStackedWidget()
        self.missed = QWidget()
        self.take_up = button(
            "转为关切", self._take_up, True, "Ctrl+T；由您列为关切，进入待研判，原来为什么没有列会写入记录"
        )
        self.missed.setLayout(column(self.held, row(self.take_up, label("双击看话题", "secondary"), None)))
        for view in (self.box, self.board, self.missed):
            self.views.addWidget(view)
        self.waiting = button("", self.table.show_held, tip="鼠标在列表上时次序不变；点一下，或把鼠标移开，就更新")
        self.waiting.setProperty("role", "quiet")
        self.waiting.hide()
        self.table.waiting.connect(self._tell_waiting)
        self.setLayout(column(row(label("关切", "title"), self.waiting, None, self.as_board, self.state), self.views))

    def _cases(self) -> Table:
        made = Table(
            "关切",
            RowsModel(
                [
                    Column("关切", lambda c: turn_of(c[0]) + c[0].title, 220, tip=_about),
                    Column("状态", lambda c: c[0].state.label, 70, spare=1),
                    Column(
                        "等级",
                        lambda c: c[0].grade.label,
                        104,
                        colour=lambda c: GRADE_COLOURS.get(c[0].grade.code),
                        spare=2,
                    ),
                    Column(
                        "最近时限",
                        lambda c: self._countdown(c) or "—",
                        158,
                        True,
                        order=_due,
                        colour=lambda c: GRADE_COLOURS["I"] if self._overdue(c) else None,
                    ),
                ]
            ),
        )
        made.selectionModel().currentRowChanged.connect(lambda *_: self.chosen.emit())
        return made

    def _held_back(self) -> Table:
        made = Table(
            "未列为关切",
            RowsModel(
                [
                    Column("话题", lambda h: h[0].name, 200),
                    Column("为什么没有列", lambda h: h[1], 220),
                    Column(
                        "接近",
                        lambda h: f"{h[0].nearness:.0%}" if h[0].matter is None else "已归入",
                        64,
                        True,
                        lambda h: f"离列为关切有多近，100% 就列\n{h[1]}",
                        share=lambda h: h[0].nearness if h[0].matter is None else None,
                        order=lambda h: (h[0].matter is None, h[0].nearness),
                    ),
                    Column("热度", lambda h: f"{h[0].heat.value:.0f}", 56, True, spare=1),
                ]
            ),
            stretch=1,
        )
        made.whole_rows()  # what kept a topic is read here, not in a tip
        shortcut("Ctrl+T", made, self._take_up)
        made.doubleClicked.connect(lambda _: self.opened.emit(made.chosen()[0].id))
        return made

    @property
    def shown(self) -> Shown | ConcernState:
        """Which cases are wanted."""
        kind: Shown | ConcernState = self.state.currentData()
        return kind

    @property
    def current(self) -> Concern | None:
        """The case that is chosen."""
        chosen = self.table.chosen()
        concern: Concern | None = chosen[0] if chosen is not None else None
        return concern

    def want(self, id: int) -> None:
        """Show all cases, and choose this one when they have been read."""
        self.wanted = id
        self.state.setCurrentIndex(self.state.findData(Shown.ALL))

    def tick(self) -> None:
        """The countdowns are read when they are drawn."""
        self.table.viewport().update()

    def show_held(self, held: list[tuple[Topic, str]]) -> None:
        """Show topics that have reasons but were not flagged, and why."""
        self.held.show_rows(held, lambda h: h[0].id)
        self.take_up.setEnabled(bool(held))
        if held and self.held.chosen() is None:
            self.held.choose(0)

    def _take_up(self) -> None:
        if (chosen := self.held.chosen()) is not None:
            self.taken_up.emit(chosen)

    def show_view(self) -> None:
        """The view that belongs to what is wanted: topics that were held back, else the cases."""
        if self.shown is Shown.HELD:
            self.views.setCurrentWidget(self.missed)
        elif self.views.currentWidget() is self.missed:
            self.views.setCurrentWidget(self.box)

    def show_cases(self, known: list[Listed]) -> None:
        """Show those of the cases that are wanted; the wanted one is chosen, else the first where none was."""
        working = self.current
        known = in_working_order(known)
        rows = [
            item
            for item in known
            if _fits(item[0].state, self.shown) or (working is not None and item[0].id == working.id)
        ]
        if self.wanted is None:
            self.table.offer_rows(rows, _id)
        else:  # somebody asked for a case: it is brought into view, wherever the pointer is
            self.table.show_rows(rows, _id)
        self.board.show_concerns(known)
        self.box.set_empty(not rows)
        if self.wanted is not None:
            if self._choose(self.wanted):
                self.wanted = None
        elif rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def renew(self, item: Listed) -> None:
        """Show a case in its row as it was read for the pane."""
        old = next((one for one in self.table.rows_model.rows if _id(one) == _id(item)), None)
        if old is not None:
            self.table.replace(old, item)

    def _turn_to(self) -> None:
        """Other cases are wanted: the one that was worked on is listed no longer than it is one of them."""
        self.table.choose_none()
        self.turned.emit()

    def _tell_waiting(self, places: int) -> None:
        self.waiting.setText(f"有更新，点此显示（{places}）")
        self.waiting.setVisible(places > 0)

    def _choose(self, id: int) -> bool:
        for i, (concern, _) in enumerate(self.table.rows_model.rows):
            if concern.id == id:
                self.table.selectRow(i)
                return True
        return False

    def _turn(self) -> None:
        """Between the list and the board."""
        board = self.views.currentWidget() is not self.board
        self.views.setCurrentWidget(self.board if board else self.box)
        self.as_board.setText("列表" if board else "看板")

    def _overdue(self, item: Listed) -> bool:
        clock = _clock(item)
        return clock is not None and clock.state(self._now()) is DeadlineState.OVERDUE

    def _countdown(self, item: Listed) -> str:
        clock = _clock(item)
        if clock is None:
            return ""
        return f"{'▲超时' if self._overdue(item) else '余'} {lasting(clock.left(self._now()))}"


def turn_of(concern: Concern) -> str:
    """The mark of a case in which something has turned that nobody has looked at."""
    return "● 新动向 " if concern.turned else ""


def _about(item: Listed) -> str:
    turned = item[0].turns
    return "\n".join([item[0].title, item[0].reasons[0].words, *([f"新动向：{turned}"] if turned else [])])


def _fits(state: ConcernState, shown: Shown | ConcernState) -> bool:
    if isinstance(shown, ConcernState):
        return state is shown
    return shown is Shown.ALL or (shown is Shown.RUNNING and state.running)


def _clock(item: Listed) -> Deadline | None:
    return strictest(item[1]) if item[0].state.running else None


def _due(item: Listed) -> float:
    clock = _clock(item)
    return clock.due_at.timestamp() if clock else float("inf")


def _id(item: Listed) -> int:
    return item[0].id
