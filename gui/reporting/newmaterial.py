"""新材料: what came in since an issue was fixed for editing, offered at the side and taken only on purpose."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desk.reporting.report import BriefingSheet, Offer
from domain.times import exact
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row

FOLLOWS = "还没有改动或导出过，内容随新采到的信息更新。改动或导出草稿以后固定下来，新材料列在这里。"
FINAL = "这一期已经定稿，不再改动。"


class NewMaterial(QWidget):
    """`taken` tells the offers that were chosen, None for all there is by now; `counted` how many there are."""

    taken = Signal(object)
    counted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.said = label("", "secondary", True)
        self.table = Table(
            "新材料",
            RowsModel(
                [
                    Column("", lambda o: "有变" if o.changed else "新", 58),
                    Column("条目", lambda o: o.name, 170, tip=lambda o: o.name),
                    Column("栏目", lambda o: o.heading, 90),
                ]
            ),
            stretch=1,
            several=True,
        )
        self.box = OrEmpty(self.table, "没有新材料。")
        self.some = button("取用所选", lambda: self.taken.emit(tuple(self.table.all_chosen())))
        self.all = button("全部更新到现在", lambda: self.taken.emit(None))
        self.setLayout(column(self.said, self.box, row(self.some, self.all, None), margin=4))

    def show_offers(self, sheet: BriefingSheet | None) -> None:
        """Show what there is for an issue."""
        offers: tuple[Offer, ...] = sheet.offers if sheet is not None else ()
        fixed = sheet is not None and sheet.fresh is not None and sheet.material is not None
        if sheet is not None and sheet.material is not None and fixed:
            at = exact(sheet.material.head.made_at)
            self.said.setText(f"内容固定在 {at}，您改的时候不会变。以下是后来的，要的请取用。")
        else:
            self.said.setText(FINAL if sheet is not None and sheet.final else FOLLOWS)
        self.table.show_rows(offers, lambda o: (o.heading, o.key))
        self.box.set_empty(not offers)
        self.some.setEnabled(bool(offers))
        self.all.setEnabled(fixed)
        self.counted.emit(len(offers))
