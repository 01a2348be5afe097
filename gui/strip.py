"""The strip above the pages: the nearest clocks, the list of reminders, and how collecting goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from domain.concern import Concern
from domain.response import Deadline, is_urgent, urgency
from domain.times import lasting, said
from gui.kit.parts import button, label
from gui.kit.plain import tip

CHIPS = 3
TITLE_LETTERS = 9  # of a case, on its chip
SAID_LEAST = 110  # pixels that the words at the right keep; what does not fit is in the tip
MARGIN, GAP = 16, 8
TOLD_SECONDS = 8.0  # that a word at the strip stays there


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline that runs, with its case."""

    concern: Concern
    deadline: Deadline


class Chip(QLabel):
    """A clock in short; a click opens its case."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class Said(QLabel):
    """Words that give way: they end in … where there is no room, so that no clock is cut; the tip has the whole."""

    def say(self, text: str) -> None:
        self.setText(text)
        self.setToolTip(tip(text))

    def minimumSizeHint(self) -> QSize:
        whole = super().minimumSizeHint()
        return QSize(min(SAID_LEAST, whole.width()), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        short = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)


class Strip(QWidget):
    """`list_reminders` opens the list of all reminders; `waiting` says that something new waits to be shown."""

    case_asked = Signal(int)  # the case of a clock that was clicked

    def __init__(self, list_reminders: Callable[[], None], waiting: QWidget) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # which only a plain QWidget has by itself
        self.setFixedHeight(44)
        self._clocks: Sequence[Clock] = ()
        self._collector_says, self._told_until = "", 0.0
        self._collected_at: datetime | None = None
        self._failed_sources = 0
        top = QHBoxLayout(self)
        top.setContentsMargins(MARGIN, 0, MARGIN, 0)
        top.setSpacing(GAP)
        self.chips = [Chip() for _ in range(CHIPS)]
        for i, chip in enumerate(self.chips):
            chip.clicked.connect(lambda i=i: self._ask(i))
            chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            chip.hide()
            top.addWidget(chip)
        self._calm = label("没有正在计时的件", "secondary")
        top.addWidget(self._calm)
        top.addStretch(1)
        self._waiting = waiting
        top.addWidget(waiting)
        self._bell = bell = button("提醒", list_reminders, tip="所有提醒，包括免打扰时没有弹出的")
        bell.setProperty("role", "quiet")
        top.addWidget(bell)
        self._collecting = Said("正在打开…")
        self._collecting.setTextFormat(Qt.TextFormat.PlainText)
        self._collecting.setProperty("role", "secondary")
        top.addWidget(self._collecting)

    def show_clocks(self, running: Sequence[Clock], now: datetime) -> None:
        """Show those of the clocks that run which are due first, before all others emergencies that nobody has judged."""
        order = sorted(running, key=lambda clock: urgency(clock.concern, clock.deadline))
        self._clocks = order[:CHIPS]
        self.tick(now)

    def _ask(self, i: int) -> None:
        if i < len(self._clocks):
            self.case_asked.emit(self._clocks[i].concern.id)

    def tick(self, now: datetime) -> None:
        """Count down to a later moment."""
        self._calm.setVisible(not self._clocks)
        for chip in self.chips[len(self._clocks) :]:
            chip.hide()
        for chip, clock in zip(self.chips, self._clocks):
            _show_clock(chip, clock, now)
        self._show_collecting(now)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the clocks there is room for, whole: the last go first, and the nearest always stays."""
        beside = [self._bell] + ([] if self._waiting.isHidden() else [self._waiting])
        room = self.width() - 2 * MARGIN - SAID_LEAST - sum(one.sizeHint().width() + GAP for one in beside) - GAP
        for i, chip in enumerate(self.chips[: len(self._clocks)]):
            room -= chip.sizeHint().width() + GAP
            chip.setVisible(i == 0 or room >= 0)

    def tell(self, text: str) -> None:
        """Say something for a while in the place of how collecting goes."""
        self._collecting.say(text)
        self._told_until = time.monotonic() + TOLD_SECONDS

    def opened(self) -> None:
        """The store is open."""
        self._collecting.say("还没有采集")

    def collector_said(self, words: str, now: datetime) -> None:
        """What the collector does, empty while all is well."""
        self._collector_says = words
        self._show_collecting(now)

    def collected(self, at: datetime, failed_sources: int) -> None:
        """A round has ended."""
        self._collected_at, self._failed_sources = at, failed_sources

    def _show_collecting(self, now: datetime) -> None:
        if time.monotonic() < self._told_until:
            return
        parts = [self._collector_says] if self._collector_says else []
        if self._collected_at:
            failed = f"，这一轮 {self._failed_sources} 个信源出错" if self._failed_sources else ""
            parts.append(f"采集 ● {said(self._collected_at, now)}{failed}")
        self._collecting.say(" · ".join(parts) or "还没有采集")


def _show_clock(chip: QLabel, clock: Clock, now: datetime) -> None:
    title, deadline = clock.concern.title, clock.deadline
    over = now > deadline.due_at
    short = title if len(title) <= TITLE_LETTERS else title[: TITLE_LETTERS - 1] + "…"
    urgent = is_urgent(clock.concern, deadline)
    left = lasting(deadline.left(now), to_the_second=urgent)
    chip.setText(f"{short} {'未研判，' if urgent else ''}{deadline.name} {'已超时' if over else '余'} {left}")
    role = "overdue" if over or urgent else "chip"
    if chip.property("role") != role:
        chip.setProperty("role", role)
        chip.style().polish(chip)
    chip.setToolTip(tip(f"{title}\n{deadline.how}"))
