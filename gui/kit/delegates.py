"""Cells of a table that draw more than a line of text: a small curve, a share, a whole sentence."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QTableView

from gui.kit.rows import CURVE_ROLE, SHARE_ROLE

PADDING = 8  # pixels beside a cell's text


class CurveDelegate(QStyledItemDelegate):
    """Draws a cell's values as a small line."""

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        super().paint(painter, option, index)
        values = index.data(CURVE_ROLE)
        if not values or max(values) <= 0:
            return
        box = option.rect.adjusted(8, 7, -8, -7)
        step, top = box.width() / max(1, len(values) - 1), max(values)
        points = [QPointF(box.left() + i * step, box.bottom() - box.height() * v / top) for i, v in enumerate(values)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Link), 1.5))
        painter.drawPolyline(points)
        painter.restore()


class ShareDelegate(QStyledItemDelegate):
    """Draws a bar under a cell's text, as long as the cell's share of the whole."""

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        super().paint(painter, option, index)
        share = index.data(SHARE_ROLE)
        if share is None:
            return
        track = QRectF(option.rect.left() + 8, option.rect.bottom() - 5, option.rect.width() - 16, 3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(track, 1.5, 1.5)
        track.setWidth(track.width() * min(1.0, max(0.0, share)))
        painter.setBrush(option.palette.color(QPalette.ColorRole.Link))
        painter.drawRoundedRect(track, 1.5, 1.5)
        painter.restore()


class WholeText(QStyledItemDelegate):
    """Gives a cell the height that all of its text needs at its column's width."""

    def sizeHint(self, option: Any, index: Any) -> QSize:
        table = self.parent()
        assert isinstance(table, QTableView)
        room = QRect(0, 0, table.columnWidth(index.column()) - 2 * PADDING - 6, 10_000)
        text = str(index.data() or "")
        needed = option.fontMetrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text)
        return QSize(room.width(), max(table.verticalHeader().defaultSectionSize(), needed.height() + PADDING))
