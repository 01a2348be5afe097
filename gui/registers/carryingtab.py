"""回应转载: each response of the last thirty days with the office's own channels, who carried it and who has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from desk.execute import execute
from desk.registers import carrying
from desk.registers.carrying import Carrying, CarryingRow
from domain.person import Actor
from domain.steps.registers import RecordCarrying
from domain.times import china_day, exact
from gui.kit.moments import day_field, day_of
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.kit.stepform import Given, StepForm
from gui.kit.theme import GRADE_COLOURS
from gui.operations import REGISTERS

if TYPE_CHECKING:
    from desk.data import Database

_EMPTY = "近三十天没有发布回应，或“自有渠道”里还没有登记网站和账号。登记以后，这里逐个列出谁转载了、谁还没有。"


class CarryingTab(QWidget):
    """`page` is the page that it stands on."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.rows: list[CarryingRow] = []
        self.table = Table(
            "回应转载",
            RowsModel(
                [
                    Column("状态", lambda r: r.state.label, 110, colour=_colour),
                    Column("回应", lambda r: r.response.title, 260),
                    Column("发布", lambda r: exact(r.response.published_at)[:16], 130),
                    Column("网站或账号", lambda r: r.channel.values["name"], 150),
                    Column("负责人", lambda r: r.channel.values.get("keeper", ""), 80),
                    Column("应在", lambda r: str(r.due_on or "没有期限"), 96),
                    Column("转载", lambda r: str(r.carried.carried_on) if r.carried else "", 96),
                    Column("谁记的", lambda r: r.carried.by if r.carried else "", 72),
                    Column("网址", lambda r: r.carried.link if r.carried else "", 180, spare=1),
                ]
            ),
            stretch=1,
        )
        self.table.doubleClicked.connect(lambda _: self._record())
        self.box = OrEmpty(self.table, _EMPTY)
        self.state = QComboBox()
        self.state.setAccessibleName("状态")
        self.state.addItem("全部", None)
        for state in Carrying:
            self.state.addItem(state.label, state)
        self.state.currentIndexChanged.connect(lambda _: self._filter())
        self.counted = label("", "secondary")
        buttons = button("看关切", self._go_to_case), button("登记转载…", self._record, main=True)
        whole = column(row(self.state, self.counted, None, *buttons), self.box)
        whole.setContentsMargins(0, 8, 0, 0)
        self.setLayout(whole)

    def refresh(self) -> None:
        """Read anew who carried what."""
        now = self.page.now()
        self.page.operations.read(lambda database: carrying.rows(database, now), self._show, place=self)

    def _show(self, rows: list[CarryingRow]) -> None:
        self.rows = rows
        self._filter()

    def _filter(self) -> None:
        wanted = self.state.currentData()
        shown = [r for r in self.rows if wanted is None or r.state is wanted]
        self.table.show_rows(shown, lambda r: (r.response.id, r.channel.id))
        self.box.set_empty(not self.rows)
        left = sum(r.carried is None for r in self.rows)
        self.counted.setText(f"{len(self.rows)} 项，{left} 项还没有转载" if self.rows else "")

    def _record(self) -> None:
        chosen: CarryingRow | None = self.table.chosen()
        if chosen is None:
            self.page.frame.tell("先在列表里选一行：哪个回应、哪个账号。")
            return
        response, channel, by = chosen.response, chosen.channel, Actor(self.page.person)
        form = StepForm(self.page, "登记转载", f"{channel.values['name']} 转载《{response.title}》")
        day = day_field(chosen.carried.carried_on if chosen.carried else china_day(self.page.now()))
        form.add("carried_on", "转载日期", day, lambda: day_of(day))
        form.add(
            "link", "转载网址", QLineEdit(chosen.carried.link if chosen.carried else ""), needed="请填转载的网址。"
        )

        def take(database: Database, given: Given) -> None:
            step = RecordCarrying(response.id, channel.id, given["carried_on"], given["link"])
            execute(database, step, by, self.page.now())

        form.submit(self.page.operations, take, changes=frozenset({REGISTERS}))

    def _go_to_case(self) -> None:
        if chosen := self.table.chosen():
            self.page.frame.go_to_case(chosen.response.concern_id)


def _colour(r: CarryingRow) -> str | None:
    return GRADE_COLOURS["I"] if r.state in (Carrying.OVERDUE, Carrying.LATE) else None
