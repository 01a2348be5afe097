"""One register as a tab: its list with filters, the chosen entry beside it, and what can be done with either."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QSplitter, QWidget

from desk.execute import execute, said_of
from desk.registers import reading, tables
from desk.registers.reading import RegisterRow
from domain.person import Actor
from domain.record import Entry
from domain.registers import Register, RegisterField, RegisterKind, Standing, Values
from domain.steps.registers import ChangeRegisterEntry, EnterRegisterEntry, WithdrawRegisterEntry
from domain.times import china_day, exact
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.kit.stepform import Given, line_form, words_form
from gui.kit.theme import GRADE_COLOURS
from gui.operations import REGISTERS
from gui.registers.entryform import WHY, changed_values, entry_form
from gui.registers.importing import choose_table

if TYPE_CHECKING:
    from desk.data import Database

CHANGED = frozenset({REGISTERS})


class RegisterTab(QWidget):
    """`page` is the page that it stands on."""

    def __init__(self, page: Page, register: Register) -> None:
        super().__init__()
        self.page, self.register = page, register
        self.rows: list[RegisterRow] = []
        self._only: frozenset[int] | None = None  # that are asked for by their numbers; None for all
        self._entered: int | None = None  # to be chosen when it is listed
        listed = [one for one in register.fields if one.width]
        columns = [
            Column("状态", lambda r: r.standing.label, 88, colour=_colour),
            Column("时限", lambda r: r.left(self._today()), 140, colour=_colour, order=_due),
            *(_column(one) for one in listed),
        ]
        if register.kind is RegisterKind.CHANNEL:
            columns.append(Column("首页", lambda r: r.look.said if r.look else "还没有看过", 160, colour=_unreachable))
        main = next(i for i, one in enumerate(listed) if one.key == register.title) + 2
        self.table = Table(register.kind.label, RowsModel(columns), stretch=main)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_chosen())
        self.table.doubleClicked.connect(lambda _: self.edit())
        self.box = OrEmpty(self.table, register.purpose)
        self.detail = QPlainTextEdit()
        self.detail.setReadOnly(True)
        self.detail.setAccessibleName("所选的一行")
        self.heading = label("", "title", True)
        right = QWidget()
        self.to_case = button("看关切", self._go_to_case)
        self.to_case.hide()
        self.edit_button, self.strike = button("修改…", self.edit), button("作废…", self._withdraw)
        self.again = button("再登记一期…", self._enter_again, tip="照这一行登记下一期：日期和网址空着，其余先填好")
        self.again.setVisible(register.recurs)
        buttons = row(self.edit_button, self.again, self.strike, self.to_case, None)
        right.setLayout(column(self.heading, self.detail, buttons))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.box)
        split.addWidget(right)
        split.setSizes([740, 360])
        filters = self._filters()
        whole = column(self.buttons, filters, split)
        whole.setContentsMargins(0, 8, 0, 0)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _filters(self) -> QHBoxLayout:
        self.query = QLineEdit()
        self.query.setPlaceholderText("找：任何一栏里的字")
        self.query.setAccessibleName("查找")
        self.query.textChanged.connect(lambda _: self._filter_anew())
        self.state, self.year = QComboBox(), QComboBox()
        self.state.addItem("全部状态", None)
        for standing in Standing:
            self.state.addItem(standing.label, standing)
        self.state.setAccessibleName("状态")
        self.year.addItem("全部年份", None)
        self.year.setAccessibleName("年份")
        self.choices: dict[str, QComboBox] = {}
        for key in self.register.filters:
            one, box = self.register.field(key), QComboBox()
            box.addItem(f"全部{one.label}", None)
            for choice in one.choices or ():
                box.addItem(choice.label, choice)
            box.setAccessibleName(one.label)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            self.choices[key] = box
        for box in (self.state, self.year, *self.choices.values()):
            box.currentIndexChanged.connect(lambda _: self._filter_anew())
        self.counted = label("", "secondary")
        buttons = [
            button("登记…", self.enter, main=True),
            button("导入…", lambda: choose_table(self.page, self.register, self.page.refresh)),
            button("导出为 Excel…", self._export),
        ]
        if self.register.kind in (RegisterKind.DISCLOSURE, RegisterKind.ANNUAL_REPORT):
            buttons.append(button("年度报告的表…", self._export_annual, tip="国办公开办函〔2021〕30号的格式"))
        if self.register.kind is RegisterKind.CHANNEL:
            buttons.append(
                button("现在看一遍", self._look, tip="看各个首页打不打得开、有没有坏链接；平时每天自动看一次")
            )
        self.buttons = row(*buttons, None, self.counted)
        return row(self.query, self.state, self.year, *self.choices.values())

    def refresh(self) -> None:
        """Read the register anew."""
        now, kind = self.page.now(), self.register.kind
        self.page.operations.read(lambda database: reading.rows(database, kind, now), self._show, place=self)

    def show_only(self, ids: tuple[int, ...]) -> None:
        """List some rows only, until a filter is changed; choose the first."""
        for box in (self.state, self.year, *self.choices.values()):
            box.setCurrentIndex(0)
        self.query.clear()
        self._only = frozenset(ids)
        self.refresh()

    def enter(self, begun: Values | None = None) -> None:
        """A form for a new entry, begun with some values."""
        kind, by = self.register.kind, Actor(self.page.person)
        form = entry_form(self.page, self.register, begun or {}, self._today())

        def take(database: Database, given: Given) -> int:
            id: int = execute(database, EnterRegisterEntry(kind, dict(given)), by, self.page.now())
            return id

        def entered(id: int) -> None:
            self._entered = id

        form.submit(self.page.operations, take, entered, CHANGED)

    def _enter_again(self) -> None:
        if chosen := self.table.chosen():
            self.enter(self.register.again(chosen.entry.values))

    def edit(self) -> None:
        """A form for the entry that is chosen."""
        chosen: RegisterRow | None = self.table.chosen()
        if chosen is None or chosen.entry.withdrawn:
            return
        entry, by = chosen.entry, Actor(self.page.person)
        form = entry_form(self.page, self.register, entry.values, self._today(), changed=True)

        def take(database: Database, given: Given) -> None:
            values = changed_values(self.register, given, entry.values)
            step = ChangeRegisterEntry(entry.id, values, given[WHY], entry.version)
            if values:
                execute(database, step, by, self.page.now())

        form.submit(self.page.operations, take, changes=CHANGED)

    def _withdraw(self) -> None:
        chosen: RegisterRow | None = self.table.chosen()
        if chosen is None or chosen.entry.withdrawn:
            return
        id, by = chosen.entry.id, Actor(self.page.person)
        note = "这一行留在台账里，标明作废；作废前已经超时的，照样计入及时率。"
        form = words_form(self.page, f"作废：{chosen.title}", "作废的理由", "why", note=note)
        form.submit(
            self.page.operations,
            lambda database, given: execute(database, WithdrawRegisterEntry(id, given["why"]), by, self.page.now()),
            changes=CHANGED,
        )

    def _show(self, rows: list[RegisterRow]) -> None:
        self.rows = rows
        chosen, years = self.year.currentData(), sorted({r.year for r in rows}, reverse=True)
        if years != [self.year.itemData(i) for i in range(1, self.year.count())]:
            self.year.blockSignals(True)
            self.year.clear()
            self.year.addItem("全部年份", None)
            for year in years:
                self.year.addItem(f"{year} 年", year)
            self.year.setCurrentIndex(max(0, self.year.findData(chosen)) if chosen else 0)
            self.year.blockSignals(False)
        self._filter()

    def _filter_anew(self) -> None:
        self._only = None
        self._filter()

    def _filter(self) -> None:
        wanted, state, year = self.query.text().split(), self.state.currentData(), self.year.currentData()
        choices = {key: box.currentData() for key, box in self.choices.items() if box.currentData() is not None}
        shown = [
            r
            for r in self.rows
            if (self._only is None or r.entry.id in self._only)
            and (state is None or r.standing is state)
            and (year is None or r.year == year)
            and all(r.entry.values.get(key) is choice for key, choice in choices.items())
            and (not wanted or self._says(r, wanted))
        ]
        self.table.show_rows(shown, lambda r: r.entry.id)
        for i, r in enumerate(self.table.rows_model.rows):
            if r.entry.id == self._entered:  # just entered here: its clocks are what one wants to see
                self.table.choose(i)
                self._entered = None
        self.box.set_empty(not self.rows)
        overdue = sum(r.standing is Standing.OVERDUE for r in shown)
        self.counted.setText(f"{len(shown)} 件{f'，超时 {overdue}' if overdue else ''}")
        if self._only is not None and shown and self.table.chosen() is None:
            self.table.choose(0)
        self._show_chosen()

    def _says(self, r: RegisterRow, words: list[str]) -> bool:
        text = " ".join([str(r.entry.id), *(one.told(r.entry.values.get(one.key)) for one in self.register.fields)])
        return all(word in text for word in words)

    def _show_chosen(self) -> None:
        chosen: RegisterRow | None = self.table.chosen()
        for each in (self.edit_button, self.again, self.strike):
            each.setEnabled(chosen is not None and not chosen.entry.withdrawn)
        self.to_case.setVisible(chosen is not None and bool(chosen.entry.values.get("case")))
        if chosen is None:
            self.page.operations.forget((self, "history"))
            self.heading.setText("")
            self.detail.setPlainText("选一行，看它的各栏、时限怎么算的和经过。" if self.rows else "")
            return
        id = chosen.entry.id
        self.heading.setText(f"{id}　{chosen.title}")
        self.detail.setPlainText(self._told(chosen))
        self.page.operations.read(
            lambda database: reading.history(database, id),
            lambda entries: self._show_history(chosen, entries),
            place=(self, "history"),
        )

    def _show_history(self, chosen: RegisterRow, entries: list[Entry]) -> None:
        now: RegisterRow | None = self.table.chosen()
        if now is None or now.entry.id != chosen.entry.id:
            return
        told = [f"{exact(e.at)} {e.who} {e.action}　{self._said(e)}".rstrip() for e in entries]
        self.detail.setPlainText("\n".join([self._told(now), "", "经过", *told]))

    def _said(self, entry: Entry) -> str:
        """What an entry of the record changed."""
        after = entry.after if isinstance(entry.after, dict) else {}
        known = {one.key: one for one in self.register.fields}
        if entry.before is None or not isinstance(values := after.get("values"), dict):
            return said_of(entry)
        said = [
            f"{known[k].label}改为{known[k].told(known[k].read(v)) or '空'}" for k, v in values.items() if k in known
        ]
        return "；".join([*said, said_of(entry)]).rstrip("；")[:300]

    def _told(self, chosen: RegisterRow) -> str:
        """The clocks with how they are counted, then all fields that are filled in."""
        today, lines = self._today(), []
        if chosen.entry.withdrawn:
            lines.append(f"已作废：{chosen.entry.withdrawn}")
        for clock in chosen.clocks:
            met = f"，{clock.met_on} 办" if clock.met_on else ""
            lines.append(f"{clock.name}：{clock.due_on} 以前，{clock.stands(today)}{met}")
            lines.append(f"　　{clock.how}依据：{clock.source}")
        if look := chosen.look:
            lines.append(f"首页：{exact(look.looked_at)} 看过，{look.said}；最近更新 {look.updated_on or '看不出'}")
            lines += [f"　　{address}（{why}）" for address, why in look.dead]
        values = chosen.entry.values
        lines += [
            "",
            *(f"{one.label}：{one.told(values[one.key])}" for one in self.register.fields if one.key in values),
        ]
        return "\n".join(lines).strip()

    def _go_to_case(self) -> None:
        if chosen := self.table.chosen():
            self.page.frame.go_to_case(chosen.entry.values["case"])

    def _export(self) -> None:
        kind, now, year = self.register.kind, self.page.now(), self.year.currentData()
        name = f"{kind.label}_{year or '全部'}.xlsx"
        file, _ = QFileDialog.getSaveFileName(self.page, "台账导出", name, "Excel (*.xlsx)")
        if file:
            self.page.operations.run(
                lambda database: tables.export_rows(database, Path(file), kind, now, year),
                lambda count: self.page.frame.tell(f"已导出 {count} 行"),
                network=True,
            )

    def _export_annual(self) -> None:
        last = str(self.year.currentData() or self._today().year - 1)
        form = line_form(
            self.page,
            "年度报告的表",
            "哪一年",
            "year",
            last,
            "依申请公开的数由台账数出，主动公开的数在“年度报告”里填。",
        )

        def ask(given: Given) -> None:
            year = given["year"]
            if not (year.isdecimal() and 2008 <= int(year) <= 2199):
                form.refuse("请填四位年份。")
                return
            form.taken()
            name = f"{year}年政府信息公开工作年度报告数据表.xlsx"
            file, _ = QFileDialog.getSaveFileName(self.page, "年度报告的表", name, "Excel (*.xlsx)")
            if file:
                self.page.operations.run(
                    lambda database: tables.export_annual(database, Path(file), int(year)),
                    self._annual_done,
                    network=True,
                )

        form.ask(ask)

    def _annual_done(self, filled: bool) -> None:
        note = "" if filled else "主动公开的数还空着：先在“年度报告”里登记这一年。"
        self.page.frame.announce(f"年度报告的表已导出。{note}")

    def _look(self) -> None:
        from desk.registers.looking import look_at_all

        now = self.page.now()
        self.page.frame.tell("正在看各个首页，一个链接一个链接地看，要几分钟…")
        self.page.operations.run(
            lambda database: look_at_all(database, now),
            lambda count: self.page.frame.announce(f"看过 {count} 个首页。"),
            CHANGED,
            network=True,
        )

    def _today(self) -> date:
        return china_day(self.page.now())


def _column(one: RegisterField) -> Column:
    def text(r: RegisterRow) -> str:
        return " ".join(one.told(r.entry.values.get(one.key)).split())

    def whole(r: RegisterRow) -> str:
        return one.told(r.entry.values.get(one.key))

    return Column(one.label, text, one.width, tip=whole, spare=_spare(one))


def _spare(one: RegisterField) -> int:
    """What is not needed in a narrow list goes first."""
    return 0 if one.needed else 1


def _due(r: RegisterRow) -> Any:
    return r.next.due_on.toordinal() if r.next else 10**7


def _colour(r: RegisterRow) -> str | None:
    return GRADE_COLOURS["I"] if r.standing is Standing.OVERDUE else None


def _unreachable(r: RegisterRow) -> str | None:
    return GRADE_COLOURS["I"] if r.look and r.look.fault else None
