"""The columns' widths are kept from one time to the next, as long as the table is made as it was."""

from __future__ import annotations

from unittest.mock import Mock

from PySide6.QtCore import QSettings

from gui.kit.page import Page
from gui.kit.parts import Column, RowsModel, Table, column


class OnePage(Page):
    """A page with one table."""

    widths = (100, 68)

    def build(self) -> None:
        self.table = Table("统计", RowsModel([Column(str(width), str, width) for width in self.widths]))
        self.setLayout(column(self.table))


def test_width_that_was_set_is_kept_until_the_table_is_made_with_others(qtbot, tmp_path, monkeypatch):
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)

    def opened():
        page = OnePage(Mock(), Mock(), memory)
        qtbot.addWidget(page)
        return page

    page = opened()
    page.table.setColumnWidth(1, 90)
    page.keep()
    assert opened().table.columnWidth(1) == 90
    monkeypatch.setattr(OnePage, "widths", (100, 120))
    assert opened().table.columnWidth(1) == 120
