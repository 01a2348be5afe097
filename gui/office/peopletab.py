"""人员, a tab of 设置: who works here and what each may do, passwords, and the roster of duty."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit

from desk.execute import execute
from desk.office import handover, people
from domain.errors import InputError
from domain.person import Actor, Person, Role
from domain.steps.office import SetRoster
from domain.steps.people import AddPerson, ChangePerson, SetActive, SetPassword
from gui.kit.form import Form
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, label, row
from gui.kit.stepform import StepForm
from gui.office.tab import SettingsTab

ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the tab shows."""

    people: list[Person]
    roster: str


class PeopleTab(SettingsTab):
    name = "人员"

    def build(self) -> None:
        self.table = Table(
            "人员",
            RowsModel(
                [
                    Column("姓名", lambda p: p.name, 140),
                    Column("权限", lambda p: "、".join(role.label for role in p.roles), 240),
                    Column("电脑账号", lambda p: p.account or "—", 140),
                    Column("", lambda p: "" if p.active else "已离岗", 80),
                ]
            ),
            stretch=1,
        )
        self.box = OrEmpty(
            self.table, "还没有设置人员，任何人都可以办理。添加人员后，每个窗口都要登录，拟稿人不能签发自己的稿子。"
        )
        self.roster = QPlainTextEdit()
        self.roster.setPlaceholderText("2026-11-24 李敏\n2026-11-25 王强")
        self.roster.setMaximumHeight(120)
        self.roster.setAccessibleName("值班表")
        self.form = Form(self, {ROSTER: self.roster})
        self.forms = (self.form,)
        self.called, self.account = QLineEdit(), QLineEdit()
        self.called.setPlaceholderText("姓名")
        self.account.setPlaceholderText("电脑账号（可不填；填了开窗即登录）")
        self.roles = {role: QCheckBox(role.label) for role in Role}
        self.lay_out(
            self.box,
            row(self.called, self.account, *self.roles.values(), button("添加或修改", self._keep_person, True)),
            row(button("设密码…", self.set_password), button("离岗 / 回岗", self._turn_person), None),
            label("值班表（一行一天：日期 姓名）", "secondary"),
            self.roster,
            self.form.note,
            row(button("保存值班表", self.save_roster), None),
        )

    def refresh(self) -> None:
        self.operations.read(lambda db: _Stored(people.everyone(db), handover.roster(db)), self._show)

    def _show(self, stored: _Stored) -> None:
        self.table.show_rows(stored.people, lambda p: p.id)
        self.box.set_empty(not stored.people)
        self.form.show({ROSTER: stored.roster})

    def _keep_person(self) -> None:
        name, account = self.called.text().strip(), self.account.text().strip()
        known = next((p for p in self.table.rows_model.rows if p.name == name), None)
        roles = tuple(role for role, box in self.roles.items() if box.isChecked())

        def done(_: object) -> None:
            self.called.clear()
            self.account.clear()
            self.page.frame.recognise()

        try:
            step = ChangePerson(name, roles, account, person_id=known.id) if known else AddPerson(name, roles, account)
        except InputError as error:
            self.page.frame.warn(str(error))
            return
        self.take(step, done)

    def _turn_person(self) -> None:
        if person := self.table.chosen():
            self.take(SetActive(person.id, not person.active))

    def set_password(self) -> None:
        """Ask for a new password of the person who is chosen."""
        if person := self.table.chosen():
            id, who = person.id, self.page.person
            form = StepForm(self, "设密码", f"{person.name} 的新密码，至少 8 位。")
            field = QLineEdit()
            field.setEchoMode(QLineEdit.EchoMode.Password)
            form.add("password", "新密码", field, field.text, needed="请填写新密码。")
            form.submit(
                self.operations,
                lambda db, given: execute(db, SetPassword(id, given["password"]), Actor(who), self.page.now()),
            )

    def save_roster(self) -> None:
        """Keep the roster as it stands here."""
        sent = self.form.values()
        self.take(SetRoster(sent[ROSTER]), lambda _: self.form.saved(sent))
