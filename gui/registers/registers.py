"""公开台账: the registers of 政务公开, a tab each; who carried our responses; the figures of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSpinBox, QTabWidget, QWidget

from desk.execute import execute
from desk.registers import reading
from domain.person import Actor
from domain.registerfields import REGISTERS as ALL_REGISTERS
from domain.registers import RegisterKind, RegisterLimits
from domain.steps.registers import MOST_LIMIT, SetRegisterLimits
from domain.steps.step import fields_of
from gui.kit.page import Page
from gui.kit.parts import button, column, label, row
from gui.kit.stepform import Given, StepForm
from gui.operations import CONCERNS, REGISTERS
from gui.registers.carryingtab import CarryingTab
from gui.registers.figurestab import FiguresTab
from gui.registers.registertab import RegisterTab

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.data import Database


class RegistersPage(Page):
    title, shows = "公开台账", frozenset({REGISTERS, CONCERNS})

    def build(self) -> None:
        self.tabs = QTabWidget()
        self.registers = {kind: RegisterTab(self, register) for kind, register in ALL_REGISTERS.items()}
        for kind, tab in self.registers.items():
            self.tabs.addTab(tab, kind.label)
        self.carrying = CarryingTab(self)
        self.figures = FiguresTab(self, self._drill)
        self.tabs.addTab(self.carrying, "回应转载")
        self.tabs.addTab(self.figures, "数字")
        self.tabs.currentChanged.connect(lambda _: self._refresh_tab())
        head = row(label("公开台账", "title"), None, button("期限设置…", self._ask_limits))
        whole = column(head, self.tabs, margin=16)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def refresh(self) -> None:
        now = self.now()
        self._refresh_tab()
        self.operations.read(lambda database: reading.overdue(database, now), self._show_overdue)

    def show_item(self, id: int) -> None:
        """Bring one entry into view, on its register's tab."""
        now = self.now()

        def show(row: reading.RegisterRow) -> None:
            tab = self.registers[row.entry.kind]
            self.tabs.setCurrentWidget(tab)
            tab.show_only((id,))

        self.operations.read(lambda database: reading.one(database, id, now), show, place=(self, "item"))

    def _refresh_tab(self) -> None:
        tab: QWidget = self.tabs.currentWidget()
        if isinstance(tab, RegisterTab | CarryingTab | FiguresTab) and self.operations.database is not None:
            tab.refresh()

    def _show_overdue(self, counts: Mapping[RegisterKind, int]) -> None:
        for i, kind in enumerate(self.registers):
            self.tabs.setTabText(i, f"{kind.label} ▲{counts[kind]}" if counts.get(kind) else kind.label)

    def _drill(self, kind: RegisterKind, ids: tuple[int, ...]) -> None:
        self.tabs.setCurrentWidget(self.registers[kind])
        self.registers[kind].show_only(ids)

    def _ask_limits(self) -> None:
        self.operations.read(reading.limits, self._limits_form)

    def _limits_form(self, known: RegisterLimits) -> None:
        form = StepForm(
            self, "期限设置", "没有文件规定、由本单位定的期限。0 是不用这一条；改动以后，没有办结的行按新期限计。"
        )
        for about in fields_of(SetRegisterLimits):
            box = QSpinBox()
            box.setRange(0, MOST_LIMIT)
            box.setValue(getattr(known, about.name))
            form.add(about.name, about.label, box, box.value)
        by = Actor(self.person)

        def take(database: Database, given: Given) -> None:
            changed = {name: days for name, days in given.items() if days != getattr(known, name)}
            if changed:  # what somebody else set meanwhile stays
                execute(database, SetRegisterLimits(**changed), by, self.now())

        form.submit(self.operations, take, changes=frozenset({REGISTERS}))
