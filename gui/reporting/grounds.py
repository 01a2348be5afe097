"""数字依据: what each figure of an issue rests on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from briefing.issue import Ground
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, column, label


class Grounds(QWidget):
    """The figures, and below them how the chosen one was counted and from what."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table(
            "数字依据",
            RowsModel(
                [
                    Column("数字", lambda g: g.name, 120, tip=lambda g: f"{g.how}\n{g.ids}"),
                    Column("值", lambda g: g.value, 60, True),
                ]
            ),
        )
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._tell())
        self.box = OrEmpty(self.table, "这一期没有统计数字。")
        self.how = label("", "secondary", True)
        self.setLayout(column(self.box, self.how, margin=4))

    def show_grounds(self, grounds: Sequence[Ground]) -> None:
        """Show the figures of an issue; none for an issue that is not there."""
        self.table.show_rows(grounds, lambda g: g.name)
        self.box.set_empty(not grounds)

    def _tell(self) -> None:
        ground: Ground | None = self.table.chosen()
        self.how.setText(f"{ground.how}：{ground.ids or '无'}" if ground else "")
