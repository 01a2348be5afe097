"""The parts of heat as small bars, each with its weight."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QWidget

from domain.topic import Heat, HeatPart
from gui.kit.plain import tip

ROW, NAME, FIGURE = 20, 40, 92


class HeatBars(QWidget):
    """One row per part: its name, a bar of 0–100, value × weight."""

    def __init__(self) -> None:
        super().__init__()
        self._heat: Heat | None = None
        self.setFixedHeight(ROW * ((len(HeatPart) + 1) // 2))

    def show_heat(self, heat: Heat) -> None:
        """Show the parts of a heat."""
        self._heat = heat
        said = "，".join(f"{part.label} {heat.parts.get(part, 0.0):.0f}" for part in HeatPart)
        self.setAccessibleName(f"热度的组成：{said}")
        self.setToolTip(tip("热度 ＝ 各项分值 × 权重之和；" + said))
        self.update()

    def paintEvent(self, event: object) -> None:
        if self._heat is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        half = self.width() / 2
        for i, part in enumerate(HeatPart):
            left, top = (i % 2) * half, (i // 2) * ROW
            value = self._heat.parts.get(part, 0.0)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(left, top, NAME, ROW), middle, part.label)
            track = QRectF(left + NAME, top + 7, max(20.0, half - NAME - FIGURE - 16), 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Mid))
            painter.drawRoundedRect(track, 3, 3)
            painter.setBrush(palette.color(QPalette.ColorRole.Link))
            painter.drawRoundedRect(QRectF(track.left(), track.top(), track.width() * value / 100, 6), 3, 3)
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            figure = QRectF(track.right() + 8, top, FIGURE, ROW)
            painter.drawText(figure, middle, f"{value:.0f} × {part.weight:g}")
