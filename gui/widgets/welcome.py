"""What a first start without data offers: add a source, import a list or a table."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desk import sourcework
from gui.collecting import ROOT
from gui.operations import SOURCES, Operations
from gui.widgets.parts import button, column, label, row
from gui.widgets.tableimport import choose_table


class Welcome(QWidget):
    """The empty state of the whole product."""

    def __init__(self, operations: Operations, person: str) -> None:
        super().__init__()
        self._operations, self._person = operations, person
        whole = column(
            label("还没有信息", "big"),
            label(
                "先告诉闻应去哪里听：添加网站的 RSS 订阅地址，导入已有的订阅列表（OPML），或导入热线、第三方导出的表格。",
                "secondary",
                True,
            ),
            row(
                button("添加信源", self._add, True),
                button("先看演示", self._demo, tip="在另一个窗口里看虚构的临江市十天的例子，不动您的数据"),
                button("导入 OPML…", lambda: choose_opml(self, operations, person)),
                button("导入表格…", lambda: choose_table(self, operations, person)),
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
        self.window().tell("正在准备演示，十几秒后会打开另一个窗口。")  # type: ignore[attr-defined]

    def _add(self) -> None:
        self.window().go("信源")  # type: ignore[attr-defined]
        self.window().pages["信源"].add()  # type: ignore[attr-defined]


def choose_opml(parent: QWidget, operations: Operations, person: str) -> None:
    """Pick an OPML file and add its feeds; collecting starts at once."""
    name, _ = QFileDialog.getOpenFileName(parent, "导入订阅列表", "", "订阅列表 (*.opml *.xml)")
    if name:
        now = operations.clock.now()
        operations.run(
            lambda database: sourcework.import_sources(database, Path(name), person, now),
            lambda found: parent.window().tell(f"导入 {found[0]} 个信源，{found[1]} 个已经有了。", collect=True),  # type: ignore[attr-defined]
            frozenset({SOURCES}),
        )
