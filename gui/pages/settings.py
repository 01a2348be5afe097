"""设置: the office's particulars, its people, calendar and rules, the words of flagging, reminders, the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTime
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QTabWidget,
    QTimeEdit,
    QWidget,
)

from analysis.concerns import concern_words
from desk import alerts, clocks, drafting, handover, monitor, people
from desk.office import Office, office, own_words, set_office, set_own_words
from desk.template import set_template, template_name
from domain.concern import ReasonCode
from domain.errors import InputError
from domain.person import Person, Role
from domain.response import ResponseKind
from domain.times import parse_day
from gui.operations import CONCERNS, SETTINGS
from gui.pages.page import Page
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from response.alerts import Quiet
from response.counting import Unit
from response.deadlines import APPLIES, all_rules
from response.workcalendar import WorkCalendar

THEMES = {"跟随系统": "system", "浅色": "light", "深色": "dark"}
CHANGED = frozenset({SETTINGS})


class SettingsPage(Page):
    title, shows = "设置", CHANGED

    def build(self) -> None:
        tabs = QTabWidget()
        for made, name in (
            (self._office_tab(), "本单位"),
            (self._people_tab(), "人员"),
            (self._clocks_tab(), "时限与日历"),
            (self._words_tab(), "关切词"),
            (self._drafts_tab(), "稿子模板"),
            (self._record_tab(), "提醒与留痕"),
        ):
            tabs.addTab(made, name)
        self.setLayout(column(label("设置", "title"), tabs, margin=16))

    def refresh(self) -> None:
        def read(database: Any) -> Any:
            return (
                office(database),
                people.everyone(database),
                clocks.calendar(database),
                clocks.own_rules(database),
                own_words(database),
                alerts.quiet_hours(database),
                handover.roster(database),
                template_name(database),
                drafting.templates(database),
            )

        self.operations.run(read, lambda found: self._show(*found))

    def _show(
        self,
        found: Office,
        known: list[Person],
        calendar: WorkCalendar,
        rules: list[dict[str, Any]],
        words: dict[str, dict[str, float]],
        quiet: Quiet,
        roster: str,
        template: str,
        drafts: dict[ResponseKind, str],
    ) -> None:
        self.draft_templates = drafts
        self._show_draft()
        self.template_name.setText(template or "自带的公文版式")
        self.draft_at.setText(found.draft_at)
        self.roster.setPlainText(roster)
        self.current = found
        self.name.setText(found.name)
        self.places.setText(" ".join(found.places))
        self.signer.setText(found.signer)
        self.henan.setChecked("河南" in found.packs)
        self.theme.setCurrentText(next(text for text, code in THEMES.items() if code == found.theme))
        self.people.show_rows(known, lambda p: p.id)
        self.people_box.set_empty(not known)
        self.days.setPlainText(
            "\n".join(f"{day} {'上班' if worked else '休息'}" for day, worked in sorted(calendar.overrides.items()))
        )
        self.hours.setText(" ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in calendar.hours))
        self.rules.show_rows([*map(_of_pack, all_rules()), *rules], lambda r: r["code"])
        self.own_rules = rules
        self.kept_words = words
        self._show_words()
        for edit, at in ((self.quiet_from, quiet.start), (self.quiet_to, quiet.end)):
            edit.setTime(QTime(at.hour, at.minute))

    def _office_tab(self) -> QWidget:
        self.current = Office()
        self.name, self.places, self.signer = QLineEdit(), QLineEdit(), QLineEdit()
        self.places.setPlaceholderText("本地的地名、简称、街道，空格分开，如：临江 江北区 滨河街道")
        self.henan = QCheckBox("河南：热点问题 24 小时回应（国家的 48 小时仍显示）")
        self.theme = QComboBox()
        self.theme.addItems(list(THEMES))
        self.draft_at = QLineEdit()
        self.draft_at.setPlaceholderText("每天几点自动生成每日简报草稿，如 08:30；空着就不自动生成")
        self.template_name = label("", "secondary")
        template = QWidget()
        template.setLayout(
            row(
                self.template_name,
                None,
                button("选 Word 模板…", self._choose_template),
                button("用自带版式", self._no_template),
            )
        )
        template.layout().setContentsMargins(0, 0, 0, 0)
        form = QWidget()
        layout = QFormLayout(form)
        layout.setSpacing(12)
        for text, field in (
            ("单位名称", self.name),
            ("本地地名", self.places),
            ("签发人", self.signer),
            ("规则包", self.henan),
            ("草稿时刻", self.draft_at),
            ("简报模板", template),
            ("外观", self.theme),
        ):
            layout.addRow(text, field)
        form.setMaximumWidth(760)
        return _tab(form, row(button("保存", self._save, True), None))

    def _people_tab(self) -> QWidget:
        self.people = Table(
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
        self.people_box = OrEmpty(
            self.people, "还没有设置人员，任何人都可以办理。添加人员后，每个窗口都要登录，拟稿人不能签发自己的稿子。"
        )
        self.roster = QPlainTextEdit()
        self.roster.setPlaceholderText("2026-11-24 李敏\n2026-11-25 王强")
        self.roster.setMaximumHeight(120)
        self.person_name, self.account = QLineEdit(), QLineEdit()
        self.person_name.setPlaceholderText("姓名")
        self.account.setPlaceholderText("电脑账号（可不填；填了开窗即登录）")
        self.roles = {role: QCheckBox(role.label) for role in Role}
        return _tab(
            self.people_box,
            row(self.person_name, self.account, *self.roles.values(), button("添加或修改", self._keep_person, True)),
            row(button("设密码…", self._password), button("离岗 / 回岗", self._turn_person), None),
            label("值班表（一行一天：日期 姓名）", "secondary"),
            self.roster,
            row(button("保存值班表", self._save_roster), None),
        )

    def _clocks_tab(self) -> QWidget:
        self.own_rules: list[dict[str, Any]] = []
        self.rules = Table(
            "时限规则",
            RowsModel(
                [
                    Column("时限", lambda r: r["name"], 180),
                    Column("规则包", lambda r: r.get("pack", "本单位"), 76),
                    Column("时长", lambda r: f"{r['amount']:g} {Unit.of(r['unit']).label}", 180),
                    Column("适用", lambda r: APPLIES[r["applies"]], 184),
                    Column("依据", lambda r: r["source"], 220),
                ]
            ),
            stretch=4,
        )
        self.rules.setMinimumHeight(280)
        self.rule_name, self.rule_source = QLineEdit(), QLineEdit()
        self.rule_name.setPlaceholderText("本单位的时限，如 报送领导")
        self.rule_source.setPlaceholderText("依据：本单位文件名和条款")
        self.rule_amount, self.rule_unit, self.rule_applies = QLineEdit(), QComboBox(), QComboBox()
        self.rule_amount.setPlaceholderText("时长")
        self.rule_amount.setMaximumWidth(64)
        for unit in Unit:
            self.rule_unit.addItem(unit.label, unit.code)
        for code, text in APPLIES.items():
            self.rule_applies.addItem(text, code)
        self.days, self.hours = QPlainTextEdit(), QLineEdit()
        self.days.setPlaceholderText("本单位与国务院安排不同的日子，一行一天：\n2027-02-05 休息\n2027-02-07 上班")
        self.days.setMaximumHeight(110)
        self.hours.setPlaceholderText("办公时间，如 08:30-12:00 14:00-17:30")
        return _tab(
            self.rules,
            row(self.rule_name, self.rule_amount, self.rule_unit, self.rule_applies, self.rule_source),
            row(button("添加时限", self._add_rule, True), button("删除所选（本单位的）", self._drop_rule), None),
            label("工作日按国务院放假安排（含调休）；年份没有公布的暂按周一至周五，并注明。", "secondary", True),
            row(self.days, label("办公时间"), self.hours, button("保存日历", self._save_calendar, True)),
        )

    def _words_tab(self) -> QWidget:
        self.kept_words: dict[str, dict[str, float]] = {}
        self.reason = QComboBox()
        for code in ReasonCode:
            self.reason.addItem(code.label, code.code)
        self.reason.currentIndexChanged.connect(lambda _: self._show_words())
        self.words, self.usual = QPlainTextEdit(), label("", "secondary", True)
        self.words.setPlaceholderText("本单位增减的词，一行一个：词=权重；权重 0 表示不用这个词")
        return _tab(
            label("一句话里的词权重之和达到 2，就作为这条理由的证据。只改与默认不同的词。", "secondary", True),
            self.reason,
            self.words,
            self.usual,
            row(button("保存", self._save_words, True), None),
        )

    def _drafts_tab(self) -> QWidget:
        self.draft_templates: dict[ResponseKind, str] = {}
        self.draft_kind = QComboBox()
        for kind in ResponseKind:
            self.draft_kind.addItem(kind.label, kind)
        self.draft_kind.currentIndexChanged.connect(lambda _: self._show_draft())
        self.draft_text = QPlainTextEdit()
        self.draft_text.setAccessibleName("稿子模板")
        return _tab(
            label(
                "拟稿时先填好的文字。{title} 关切，{place} 地点，{when} 首发时间，{unit} 责任单位，{way} 按处置类型的话；【填写】这样的地方留给拟稿人，自查会提醒。",
                "secondary",
                True,
            ),
            self.draft_kind,
            self.draft_text,
            row(button("保存", self._save_draft, True), button("恢复自带的模板", self._own_draft), None),
        )

    def _show_draft(self) -> None:
        self.draft_text.setPlainText(self.draft_templates.get(self.draft_kind.currentData(), ""))

    def _save_draft(self) -> None:
        kind, text, now = self.draft_kind.currentData(), self.draft_text.toPlainText(), self.now()
        self.operations.run(lambda db: drafting.set_template(db, kind, text, self.person, now), None, CHANGED)

    def _own_draft(self) -> None:
        self.draft_text.setPlainText("")
        self._save_draft()

    def _record_tab(self) -> QWidget:
        self.quiet_from, self.quiet_to = QTimeEdit(), QTimeEdit()
        for edit in (self.quiet_from, self.quiet_to):
            edit.setDisplayFormat("HH:mm")
        self.proof = label("", "secondary", True)
        return _tab(
            label("提醒", "title"),
            row(label("免打扰从"), self.quiet_from, label("到"), self.quiet_to, button("保存", self._save_quiet), None),
            label("免打扰时段不影响特别重大、重大突发事件的时限；没有弹出的提醒在“提醒”里能看到。", "secondary", True),
            label("留痕", "title"),
            row(button("检查留痕", self._verify), button("导出留痕…", self._export_record), self.proof, None),
            label(f"数据文件夹：{self.operations.folder}", "secondary"),
        )

    def _save(self) -> None:
        try:
            new = replace(
                self.current,
                name=self.name.text().strip() or "本单位",
                places=tuple(self.places.text().split()),
                signer=self.signer.text().strip(),
                packs=("国家", "河南") if self.henan.isChecked() else ("国家",),
                theme=THEMES[self.theme.currentText()],
                draft_at=self.draft_at.text().strip(),
            )
        except InputError as error:
            self.operations.failed.emit(str(error))
            return
        now = self.now()
        self.operations.run(
            lambda database: set_office(database, new, self.person, now),
            lambda _: self.window().settings_saved(new),  # type: ignore[attr-defined]
            CHANGED,
        )

    def _choose_template(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "选 Word 模板", "", "Word 模板 (*.docx)")
        if name:
            self._set_template(Path(name))

    def _no_template(self) -> None:
        self._set_template(None)

    def _set_template(self, path: Path | None) -> None:
        now = self.now()
        self.operations.run(lambda database: set_template(database, path, self.person, now), None, CHANGED)

    def _keep_person(self) -> None:
        name, now = self.person_name.text().strip(), self.now()
        known = next((p for p in self.people.rows_model.rows if p.name == name), None)
        roles = tuple(role for role, box in self.roles.items() if box.isChecked())
        changed = Person(known.id if known else 0, name, roles, self.account.text().strip())

        def done(_: object) -> None:
            self.person_name.clear()
            self.account.clear()
            self.window().recognise()  # type: ignore[attr-defined]

        self.operations.run(lambda database: people.keep_person(database, changed, self.person, now), done, CHANGED)

    def _turn_person(self) -> None:
        if person := self.people.chosen():
            changed, now = replace(person, active=not person.active), self.now()
            self.operations.run(lambda database: people.keep_person(database, changed, self.person, now), None, CHANGED)

    def _save_roster(self) -> None:
        text, now = self.roster.toPlainText(), self.now()
        self.operations.run(lambda db: handover.set_roster(db, text, self.person, now), None, CHANGED)

    def _password(self) -> None:
        if person := self.people.chosen():
            word, good = QInputDialog.getText(
                self, "设密码", f"{person.name} 的新密码（至少 8 位）：", QLineEdit.EchoMode.Password
            )
            if good:
                now = self.now()
                self.operations.run(lambda db: people.set_password(db, person.id, word, self.person, now))

    def _add_rule(self) -> None:
        try:
            amount = float(self.rule_amount.text())
        except ValueError:
            self.operations.failed.emit("时长要写成数字，如 2 或 0.5。")
            return
        new = {
            "code": f"own-{len(self.own_rules) + 1}-{self.now():%m%d%H%M%S}",
            "name": self.rule_name.text().strip(),
            "amount": amount,
            "unit": self.rule_unit.currentData(),
            "applies": self.rule_applies.currentData(),
            "met_by": ["answer", "authoritative", "press-conference", "explanation"],
            "source": self.rule_source.text().strip(),
        }
        self._set_rules([*self.own_rules, new])

    def _drop_rule(self) -> None:
        if chosen := self.rules.chosen():
            self._set_rules([rule for rule in self.own_rules if rule["code"] != chosen["code"]])

    def _set_rules(self, rules: list[dict[str, Any]]) -> None:
        now = self.now()
        self.operations.run(lambda db: clocks.set_own_rules(db, rules, self.person, now), None, CHANGED)

    def _save_calendar(self) -> None:
        try:
            overrides, hours = _days(self.days.toPlainText()), _hours(self.hours.text())
        except InputError as error:
            self.operations.failed.emit(str(error))
            return
        now = self.now()

        def ask(moved: list[Any]) -> None:
            if not moved:
                return
            told = "\n".join(f"{m.title}：{m.deadline.name}" for m in moved[:8])
            answer = QMessageBox.question(
                self, "重新计算时限", f"日历变动影响 {len(moved)} 件正在计时的时限。重新计算 {len(moved)} 件？\n{told}"
            )
            if answer == QMessageBox.StandardButton.Yes:
                self.operations.run(
                    lambda db: clocks.recount(db, self.person, now), None, frozenset({SETTINGS, CONCERNS})
                )

        self.operations.run(lambda db: clocks.set_calendar(db, overrides, hours, self.person, now), ask, CHANGED)

    def _show_words(self) -> None:
        code = self.reason.currentData()
        own = self.kept_words.get(code, {})
        self.words.setPlainText("\n".join(f"{word}={weight:g}" for word, weight in own.items()))
        usual = concern_words()[ReasonCode.of(code)]
        self.usual.setText("默认的词：" + "　".join(f"{word}={weight:g}" for word, weight in usual.items()))

    def _save_words(self) -> None:
        changed: dict[str, float] = {}
        for line in filter(str.strip, self.words.toPlainText().splitlines()):
            word, _, weight = line.replace("＝", "=").partition("=")
            try:
                changed[word.strip()] = float(weight)
            except ValueError:
                self.operations.failed.emit(f"“{line.strip()}”看不懂。请写成 词=权重，如 断供=1.2。")
                return
        words, now = {**self.kept_words, self.reason.currentData(): changed}, self.now()
        self.operations.run(lambda db: set_own_words(db, words, self.person, now), None, CHANGED)

    def _save_quiet(self) -> None:
        start: time = self.quiet_from.time().toPython()  # type: ignore[assignment]
        end: time = self.quiet_to.time().toPython()  # type: ignore[assignment]
        now = self.now()
        self.operations.run(lambda db: alerts.set_quiet_hours(db, Quiet(start, end), self.person, now), None, CHANGED)

    def _verify(self) -> None:
        def show(found: tuple[int, int | None]) -> None:
            count, misfit = found
            self.proof.setText(
                f"共 {count} 条，链条完整。" if misfit is None else f"第 {misfit} 条与链条不符，此后可能被改动过。"
            )

        self.operations.run(monitor.verify_record, show)

    def _export_record(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出留痕", "留痕.jsonl", "JSON Lines (*.jsonl)")
        if name:
            self.operations.run(
                lambda database: monitor.export_record(database, Path(name)),
                lambda count: self.proof.setText(f"已导出 {count} 条，可用 docs/verify_record.py 独立核验。"),
            )


def _tab(*items: Any) -> QWidget:
    made = QWidget()
    layout = column(*items, margin=12)
    layout.addStretch(1)
    made.setLayout(layout)
    return made


def _of_pack(rule: Any) -> dict[str, Any]:
    shown = {field: getattr(rule, field) for field in ("code", "name", "pack", "amount", "unit", "applies", "source")}
    return shown


def _days(text: str) -> dict[date, bool]:
    found = {}
    for line in filter(str.strip, text.splitlines()):
        day, _, what = line.strip().partition(" ")
        if what.strip() not in ("上班", "休息"):
            raise InputError(f"“{line.strip()}”看不懂。请写成：2027-02-05 休息。")
        found[parse_day(day)] = what.strip() == "上班"
    return found


def _hours(text: str) -> tuple[tuple[time, time], ...]:
    try:
        spans = [part.split("-") for part in text.split()]
        return tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans)
    except ValueError as error:
        raise InputError("办公时间看不懂。请写成 08:30-12:00 14:00-17:30。") from error
