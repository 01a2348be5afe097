"""The clocks of a case: name, bar of the time used, time left; a click tells 怎么算的."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from domain.response import Deadline, DeadlineEntry, DeadlineState
from domain.times import exact, lasting
from gui.kit.dialog import Dialog
from gui.kit.parts import Column, RowsModel, Table, label
from gui.kit.plain import heading
from gui.kit.theme import GRADE_COLOURS, legible

ROW = 28
RED = GRADE_COLOURS["I"]


class ClockRows(QWidget):
    """One row per deadline, the nearest first. `chosen` tells the deadline that was clicked."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._deadlines: list[Deadline] = []
        self._now: datetime | None = None
        self._said_so_far = 0
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_clocks(self, deadlines: Sequence[Deadline], now: datetime) -> None:
        """Show deadlines as they stand at `now`; those that run come first."""
        waiting = (DeadlineState.RUNNING, DeadlineState.OVERDUE)
        done = [d for d in deadlines if d.repeats and d.state(now) not in waiting]
        self._said_so_far = sum(d.met_at is not None for d in done)
        shown = [d for d in deadlines if d not in done and not d.replaced]
        self._deadlines = sorted(shown, key=lambda d: (d.state(now) not in waiting, d.due_at))
        self._now = now
        self.setFixedHeight(max(1, len(self._deadlines)) * ROW)
        self.setAccessibleName("时限：" + "；".join(f"{d.name} {how_it_stands(d, now)}" for d in self._deadlines))
        self.update()

    def tick(self, now: datetime) -> None:
        """Draw anew for a later moment."""
        self._now = now
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y() // ROW)
        if row < len(self._deadlines):
            self.chosen.emit(self._deadlines[row])

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, middle = self.palette(), Qt.AlignmentFlag.AlignVCenter
        if not self._deadlines or self._now is None:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self.rect(), middle, "判定后开始计时。")
            return
        name, right = 150, 210
        for i, deadline in enumerate(self._deadlines):
            top = i * ROW
            state = deadline.state(self._now)
            over = state is DeadlineState.OVERDUE
            running = state is DeadlineState.RUNNING or over
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            again = f" · 已 {self._said_so_far} 次" if deadline.repeats and self._said_so_far else ""
            painter.drawText(QRectF(0, top, name, ROW), middle, deadline.name + again)
            track = QRectF(name, top + ROW / 2 - 4, max(40.0, self.width() - name - right), 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Mid))
            painter.drawRoundedRect(track, 4, 4)
            used = deadline.share_used(self._now) if running else 1.0
            quiet = palette.color(QPalette.ColorRole.PlaceholderText)
            painter.setBrush(
                legible(RED, palette) if over else palette.color(QPalette.ColorRole.Link) if running else quiet
            )
            painter.drawRoundedRect(QRectF(track.left(), track.top(), track.width() * used, 8), 4, 4)
            painter.setPen(legible(RED, palette) if over else palette.color(QPalette.ColorRole.Text))
            painter.drawText(
                QRectF(track.right() + 12, top, right - 12, ROW), middle, how_it_stands(deadline, self._now)
            )


def how_it_stands(deadline: Deadline, now: datetime) -> str:
    """How a deadline stands, in words."""
    state = deadline.state(now)
    if state is DeadlineState.RUNNING:
        return f"余 {lasting(deadline.left(now))}"
    if state is DeadlineState.OVERDUE:
        return f"▲ 已超时 {lasting(deadline.left(now))}"
    if deadline.paused_at is not None and deadline.met_at is None:
        return f"{state.label} · 自 {exact(deadline.paused_at)[5:]}"
    if deadline.met_at is not None:
        return f"{state.label} · {exact(deadline.met_at)[5:]}"
    return f"{state.label}"


class HowCounted(Dialog):
    """怎么算的: the counting in words, a small picture of it, and every entry of the ledger."""

    def __init__(self, parent: QWidget, deadline: Deadline, ledger: Sequence[DeadlineEntry]) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading(f"怎么算的：{deadline.name}"))
        self.resize(640, 420)
        layout = QVBoxLayout(self)
        layout.addWidget(_ClockLine(deadline))
        layout.addWidget(label(deadline.how, "", True))
        if deadline.withdrawn:
            layout.addWidget(label(f"不再适用：{deadline.withdrawn}", "secondary", True))
        layout.addWidget(label("时限账（只增不改）", "secondary"))
        table = Table(
            "时限账",
            RowsModel(
                [
                    Column("何时", lambda e: exact(e.at)[5:], 106),
                    Column("谁", lambda e: e.who, 80),
                    Column("做了什么", lambda e: e.kind.label, 130),
                    Column("原到期", lambda e: exact(e.before)[5:] if e.before else "—", 106),
                    Column("到期", lambda e: exact(e.due_at)[5:], 106),
                    Column("理由", lambda e: e.reason, 160),
                ]
            ),
            stretch=5,
        )
        table.show_rows([e for e in ledger if e.deadline_id == deadline.id], lambda e: e.id)
        layout.addWidget(table)


class _ClockLine(QWidget):
    """From the start to the due time, the evidence marked where there is one."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline
        self.setFixedHeight(56)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        d, palette = self._deadline, self.palette()
        left, right, y = 8, self.width() - 8, 24
        end = max(d.due_at, d.met_at) if d.met_at else d.due_at
        whole = max(1.0, (end - d.start_at).total_seconds())

        def at(moment: datetime) -> int:
            return round(left + (right - left) * (moment - d.start_at).total_seconds() / whole)

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Link))
        painter.drawRoundedRect(QRectF(left, y - 3, at(d.due_at) - left, 6), 3, 3)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(QPoint(left, 14), f"起 {exact(d.start_at)}")
        said = f"止 {exact(d.due_at)}"
        width = painter.fontMetrics().horizontalAdvance(said)
        painter.drawText(QPoint(max(left, at(d.due_at) - width), 14), said)
        if d.met_at:
            late = d.met_at > d.due_at
            painter.setPen(legible(RED, palette) if late else palette.color(QPalette.ColorRole.Text))
            place = at(d.met_at)
            painter.drawLine(place, y - 8, place, y + 8)
            said = f"完成 {exact(d.met_at)}"
            width = painter.fontMetrics().horizontalAdvance(said)
            painter.drawText(QPoint(min(max(left, place - width // 2), right - width), 48), said)
