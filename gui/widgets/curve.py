"""The curve of a topic: articles per hour over a week, drawn with pyqtgraph, loaded when first needed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget


class Curve(QWidget):
    """Bars per six hours; the newest at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(132)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._plot = None

    def show_hours(self, hours: Sequence[int], step: int = 6) -> None:
        import pyqtgraph

        palette = self.palette()
        if self._plot is None:
            self._plot = pyqtgraph.PlotWidget()
            self._plot.setMouseEnabled(False, False)
            self._plot.setMenuEnabled(False)
            self._plot.hideButtons()
            self._layout.addWidget(self._plot)
        self._plot.setBackground(palette.color(QPalette.ColorRole.Base))
        self._plot.clear()
        sums = [sum(hours[i : i + step]) for i in range(0, len(hours), step)]
        bars = pyqtgraph.BarGraphItem(
            x=range(len(sums)), height=sums, width=0.7, brush=palette.color(QPalette.ColorRole.Link), pen=None
        )
        self._plot.addItem(bars)
        pen = palette.color(QPalette.ColorRole.PlaceholderText)
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setPen(pen)
            self._plot.getAxis(side).setTextPen(pen)
        days = len(sums) * step // 24
        ticks = [(i * 24 // step, f"{days - i} 天前" if i < days else "现在") for i in range(days + 1)]
        self._plot.getAxis("bottom").setTicks([ticks])
        self._plot.setYRange(0, max([*sums, 4]), padding=0.05)
