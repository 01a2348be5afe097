"""The curve of a topic: reports per hour, bursts and our responses marked, drawn with pyqtgraph when first needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk.monitor import Curve
from domain.times import HOUR, china, floor_hour

SPAN = timedelta(days=7)
BURST = QColor(201, 48, 44, 46)


class CurveView(QWidget):
    """Bars per hour over seven days, own reports below, carried ones above; the newest at the right.

    `pointed` tells the hours [from, to) under the pointer, so that the page can show their articles.
    """

    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(148)
        self.setAccessibleName("热度曲线")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._plot: Any = None
        self._start: datetime | None = None
        self._step = 1

    def show_curve(self, curve: Curve, now: datetime) -> None:
        """Draw a topic's curve as it stands at `now`."""
        import pyqtgraph

        palette = self.palette()
        if self._plot is None:
            self._plot = pyqtgraph.PlotWidget()
            self._plot.setMouseEnabled(False, False)
            self._plot.setMenuEnabled(False)
            self._plot.hideButtons()
            self._plot.scene().sigMouseMoved.connect(self._moved)
            self._layout.addWidget(self._plot)
        self._plot.setBackground(palette.color(QPalette.ColorRole.Base))
        self._plot.clear()
        end = floor_hour(now) + HOUR
        hours = int(SPAN / HOUR)
        own, carried, first = [0] * hours, [0] * hours, end - SPAN
        self._start = first
        for i, counts in ((own, curve.own), (carried, curve.carried)):
            for hour, count in enumerate(counts):
                at = int(((curve.start or first) - first) / HOUR) + hour
                if 0 <= at < hours:
                    i[at] = count
        self._step = 1 if sum(map(bool, own)) > 24 else 3
        own, carried = _summed(own, self._step), _summed(carried, self._step)
        whole = [a + b for a, b in zip(own, carried)]
        link, faint = palette.color(QPalette.ColorRole.Link), palette.color(QPalette.ColorRole.PlaceholderText)
        for since, until in curve.bursts:
            at = int(((curve.start or first) - first) / HOUR)
            region = pyqtgraph.LinearRegionItem(
                ((at + since) / self._step - 0.5, (at + until + 1) / self._step - 0.5),
                brush=BURST,
                pen=None,
                movable=False,
            )
            self._plot.addItem(region)
            mark = pyqtgraph.TextItem("突发", color=QColor("#C9302C"), anchor=(0, 0))
            mark.setPos((at + since) / self._step, max([*whole, 4]))
            self._plot.addItem(mark)
        x = list(range(len(own)))
        self._plot.addItem(pyqtgraph.BarGraphItem(x=x, height=own, width=0.8, brush=link, pen=None))
        self._plot.addItem(pyqtgraph.BarGraphItem(x=x, y0=own, height=carried, width=0.8, brush=faint, pen=None))
        for at in curve.responded:
            place = (at - first) / HOUR / self._step
            if place >= 0:
                line = pyqtgraph.InfiniteLine(place, pen=pyqtgraph.mkPen("#2E7D32", width=2), label="回应")
                line.label.setColor("#2E7D32")
                line.label.setPosition(0.85)
                self._plot.addItem(line)
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setPen(faint)
            self._plot.getAxis(side).setTextPen(faint)
        days = [
            end - SPAN + timedelta(hours=i)
            for i in range(hours + 1)
            if china(end - SPAN + timedelta(hours=i)).hour == 0
        ]
        ticks = [((day - first) / HOUR / self._step, f"{china(day):%m-%d}") for day in days]
        self._plot.getAxis("bottom").setTicks([ticks])
        self._plot.setXRange(-0.5, len(own) - 0.5, padding=0)
        self._plot.setYRange(0, max([*whole, 4]), padding=0.08)

    def _moved(self, place: Any) -> None:
        if self._start is None:
            return
        hour = round(self._plot.getPlotItem().vb.mapSceneToView(place).x()) * self._step
        since = self._start + hour * HOUR
        self.pointed.emit((since, since + self._step * HOUR))


def _summed(counts: list[int], step: int) -> list[int]:
    return [sum(counts[i : i + step]) for i in range(0, len(counts), step)]
