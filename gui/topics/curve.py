"""The curve of a topic: reports per hour, bursts and our responses marked, drawn with pyqtgraph when first needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk.topics.monitor import Curve
from domain.times import HOUR, china, floor_hour

SPAN = timedelta(days=7)
HOURS = int(SPAN / HOUR)
MANY, COARSE = 24, 3  # with no more hours that have reports than MANY, a bar is COARSE hours
LEAST_TOP = 4  # reports at the top of the axis at least
BURST, BURST_WORD, RESPONSE = QColor(201, 48, 44, 46), QColor("#C9302C"), "#2E7D32"


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
        plot = self._cleared()
        end = floor_hour(now) + HOUR
        first = self._start = end - SPAN
        before = int(((curve.start or first) - first) / HOUR)  # hours from the left to where the curve starts
        own, carried = _in_span(curve.own, before), _in_span(curve.duplicates, before)
        self._step = 1 if sum(map(bool, own)) > MANY else COARSE
        own, carried = _summed(own, self._step), _summed(carried, self._step)
        top = max([*(a + b for a, b in zip(own, carried)), LEAST_TOP])
        self._draw_bursts(curve, before, top)
        self._draw_bars(own, carried)
        self._draw_responses(curve, first)
        self._draw_axes(first)
        plot.setXRange(-0.5, len(own) - 0.5, padding=0)
        plot.setYRange(0, top, padding=0.08)

    def _cleared(self) -> Any:
        """The plot, made when it is first needed, with nothing in it."""
        import pyqtgraph

        if self._plot is None:
            self._plot = pyqtgraph.PlotWidget()
            self._plot.setMouseEnabled(False, False)
            self._plot.setMenuEnabled(False)
            self._plot.hideButtons()
            self._plot.scene().sigMouseMoved.connect(self._moved)
            self._layout.addWidget(self._plot)
        self._plot.setBackground(self.palette().color(QPalette.ColorRole.Base))
        self._plot.clear()
        return self._plot

    def _draw_bursts(self, curve: Curve, before: int, top: int) -> None:
        import pyqtgraph

        for since, until in curve.bursts:
            region = pyqtgraph.LinearRegionItem(
                ((before + since) / self._step - 0.5, (before + until + 1) / self._step - 0.5),
                brush=BURST,
                pen=None,
                movable=False,
            )
            self._plot.addItem(region)
            mark = pyqtgraph.TextItem("突发", color=BURST_WORD, anchor=(0, 0))
            mark.setPos((before + since) / self._step, top)
            self._plot.addItem(mark)

    def _draw_bars(self, own: list[int], carried: list[int]) -> None:
        import pyqtgraph

        link, faint = self._colour(QPalette.ColorRole.Link), self._colour(QPalette.ColorRole.PlaceholderText)
        x = list(range(len(own)))
        self._plot.addItem(pyqtgraph.BarGraphItem(x=x, height=own, width=0.8, brush=link, pen=None))
        self._plot.addItem(pyqtgraph.BarGraphItem(x=x, y0=own, height=carried, width=0.8, brush=faint, pen=None))

    def _draw_responses(self, curve: Curve, first: datetime) -> None:
        import pyqtgraph

        for at in curve.responded:
            place = (at - first) / HOUR / self._step
            if place >= 0:
                line = pyqtgraph.InfiniteLine(place, pen=pyqtgraph.mkPen(RESPONSE, width=2), label="回应")
                line.label.setColor(RESPONSE)
                line.label.setPosition(0.85)
                self._plot.addItem(line)

    def _draw_axes(self, first: datetime) -> None:
        """The days below, each at its midnight."""
        faint = self._colour(QPalette.ColorRole.PlaceholderText)
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setPen(faint)
            self._plot.getAxis(side).setTextPen(faint)
        moments = [first + i * HOUR for i in range(HOURS + 1)]
        midnights = [moment for moment in moments if china(moment).hour == 0]
        ticks = [((day - first) / HOUR / self._step, f"{china(day):%m-%d}") for day in midnights]
        self._plot.getAxis("bottom").setTicks([ticks])

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(role)

    def _moved(self, place: Any) -> None:
        if self._start is None:
            return
        hour = round(self._plot.getPlotItem().vb.mapSceneToView(place).x()) * self._step
        since = self._start + hour * HOUR
        self.pointed.emit((since, since + self._step * HOUR))


def _summed(counts: list[int], step: int) -> list[int]:
    return [sum(counts[i : i + step]) for i in range(0, len(counts), step)]


def _in_span(counts: Sequence[int], before: int) -> list[int]:
    """The counts of each hour of the span, of those given from the hour `before` on; it may be negative."""
    hours = [0] * HOURS
    for i, count in enumerate(counts):
        if 0 <= before + i < HOURS:
            hours[before + i] = count
    return hours
