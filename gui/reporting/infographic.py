"""图解: what the picture says at the left, how it looks at the right, both sizes exported in one step."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QPixmap
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from desk.reporting import infographic
from desk.reporting.infographic import MOST_POINTS, Points, Size
from domain.errors import InputError
from gui.kit.dialog import Dialog
from gui.kit.parts import button, column, label, row
from gui.operations import Operations

SHOWN = 480  # pixels, the longer side of the preview
PAUSE = 400  # milliseconds after the last key


class Infographic(Dialog):
    """The dialog; nothing is published by it, it only makes the files."""

    def __init__(self, parent: QWidget, operations: Operations, points: Points) -> None:
        super().__init__(parent)
        self.setWindowTitle("图解")
        self.operations, self.points = operations, points
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.setInterval(PAUSE)
        self.pause.timeout.connect(self._draw)
        self.heading = QLineEdit(points.title)
        self.lines = [QPlainTextEdit() for _ in range(MOST_POINTS)]
        form = QFormLayout()
        form.addRow("标题", self.heading)
        for i, line in enumerate(self.lines):
            line.setPlainText(points.points[i] if i < len(points.points) else "")
            line.setMaximumHeight(96)
            line.setAccessibleName(f"要点{i + 1}")
            line.textChanged.connect(lambda: self.pause.start())
            form.addRow(f"要点{i + 1}", line)
        self.steps = QPlainTextEdit("\n".join(f"{when} {what}" for when, what in points.steps))
        self.steps.setAccessibleName("办理进展")
        self.steps.textChanged.connect(lambda: self.pause.start())
        form.addRow("进展\n（一行一条）", self.steps)
        self.heading.textChanged.connect(lambda _: self.pause.start())
        self.size_box = QComboBox()
        for size in Size:
            self.size_box.addItem(f"{size.label} {size.width}×{size.height}", size)
        self.size_box.currentIndexChanged.connect(lambda _: self._draw())
        self.picture = QLabel()
        self.picture.setFixedSize(SHOWN, SHOWN)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName("图解预览")
        self.said = label("", "secondary", True)
        left = QWidget()
        left.setLayout(form)
        left.setMinimumWidth(380)
        right = QWidget()
        right.setLayout(column(self.size_box, self.picture))
        body = QHBoxLayout()
        body.addWidget(left, 1)
        body.addWidget(right)
        steps = row(self.said, None, button("关闭", self.reject), button("导出两种尺寸", self._export, True))
        self.setLayout(column(body, steps, margin=16))
        self._draw()

    def written(self) -> Points:
        """What stands in the fields."""
        lines = [line.strip() for line in self.steps.toPlainText().splitlines() if line.strip()]
        steps = tuple(_step(line) for line in lines)
        points = tuple(line.toPlainText().strip() for line in self.lines)
        return Points(self.heading.text(), points, steps, self.points.office, self.points.day)

    def _draw(self) -> None:
        points, size = self.written(), self.size_box.currentData()

        def work(_: object) -> bytes | str:
            try:
                return infographic.preview(points, size)
            except InputError as error:
                return str(error)

        self.operations.read(work, self._show)

    def _show(self, drawn: bytes | str) -> None:
        """The picture, or why there is none."""
        if isinstance(drawn, str):
            self.said.setText(drawn)
            return
        self.said.setText("")
        shown = QPixmap()
        shown.loadFromData(drawn)
        mode = Qt.TransformationMode.SmoothTransformation
        self.picture.setPixmap(shown.scaled(SHOWN, SHOWN, Qt.AspectRatioMode.KeepAspectRatio, mode))

    def _export(self) -> None:
        points, folder = self.written(), self.operations.folder / "图解"

        def done(paths: list[Path]) -> None:
            if self.written() == points:
                self.keep()
            self.said.setText("已生成：" + "、".join(path.name for path in paths))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        self.operations.run(lambda _: infographic.export(points, folder), done, network=True, failed=self.said.setText)


def _step(line: str) -> tuple[str, str]:
    """ "11月16日 20:00 新闻发布会：…" as (when, what)."""
    parts = line.split(maxsplit=2)
    if len(parts) == 3 and ":" in parts[1]:
        return f"{parts[0]} {parts[1]}", parts[2]
    return (parts[0], " ".join(parts[1:])) if len(parts) > 1 else ("", line)
