"""What a first start without data offers: add a source, import a list or a table."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desk.execute import execute
from domain.person import Actor
from domain.steps.sources import ImportSources
from gui.collecting.process import ROOT
from gui.collecting.tableimport import choose_table
from gui.kit.frame import Frame
from gui.kit.parts import button, column, label, row
from gui.operations import SOURCES, Operations


class Welcome(QWidget):
    """The empty state of the whole product."""

    def __init__(self, operations: Operations, frame: Frame) -> None:
        super().__init__()
        self._operations, self._frame = operations, frame
        whole = column(
            label("还没有信息", "big"),
            label(
                "先告诉闻应去哪里听：添加网站的 RSS 订阅地址，导入已有的订阅列表（OPML），或导入热线、第三方导出的表格。",
                "secondary",
                True,
            ),
            row(
                button("添加信源", frame.go_to_new_source, True),
                button("先看演示", self._demo, tip="在另一个窗口里看虚构的临江市十天的例子，不动您的数据"),
                button("导入 OPML…", lambda: choose_opml(self, operations, frame)),
                button("导入表格…", lambda: choose_table(self, operations, frame)),
                None,
            ),
            margin=48,
        )
        whole.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setLayout(whole)

    def _demo(self) -> None:
        """The demo keeps its own data and opens a window of its own."""
        place = self._operations.folder / "演示"
        QProcess.startDetached(sys.executable, [str(ROOT / "main.py"), "demo", "--out", str(place)])
        self._frame.tell("正在准备演示，十几秒后会打开另一个窗口。")


def choose_opml(parent: QWidget, operations: Operations, frame: Frame) -> None:
    """Pick an OPML file and add its feeds; collecting starts at once."""
    name, _ = QFileDialog.getOpenFileName(parent, "导入订阅列表", "", "订阅列表 (*.opml *.xml)")
    if name:
        now = operations.clock.now()
        operations.run(
            lambda database: execute(database, ImportSources(Path(name)), Actor(frame.person), now),
            lambda counts: frame.tell(f"导入 {counts[0]} 个信源，{counts[1]} 个已经有了。", collect=True),
            frozenset({SOURCES}),
        )
