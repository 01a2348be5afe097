"""时限与日历, a tab of 设置: the rules of deadlines, the office's own among them, and its working days and hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from secrets import token_hex
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit

from desk.cases.deadlines import OWN, Moved, ShownRule, all_known, calendar, shown_rules
from domain.errors import InputError
from domain.response import Applies, DeadlineRule, ResponseKind, Unit
from domain.steps.deadlines import AddOwnRule, RecountDeadlines, RemoveOwnRule, SetCalendar, SetClockHours
from domain.times import parse_day
from gui.kit.asking import agreed
from gui.kit.form import Form
from gui.kit.parts import Column, RowsModel, Table, button, label, row
from gui.office.tab import CHANGED, SettingsTab
from gui.operations import CONCERNS

if TYPE_CHECKING:
    from desk.data import Database

DAYS, HOURS, JUDGING, UPDATING = "days", "hours", "judge", "updates"
# What meets a rule of the office's own: whatever answers the public.
ANSWERS = (
    ResponseKind.ANSWER,
    ResponseKind.AUTHORITATIVE,
    ResponseKind.PRESS_CONFERENCE,
    ResponseKind.EXPLANATION,
)
OWN_APPLIES = (
    Applies.OTHER,
    Applies.GRAVE,
    Applies.ANSWERED,
    Applies.BY_HAND,
)  # that a rule of the office's own may have
WORKED, FREE = "上班", "休息"  # as the days of the calendar are written
MOST_NAMED = 8  # deadlines that a question about moving them names


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the tab shows: the rules in words, the days that are other here, the hours."""

    rules: list[ShownRule]
    days: Mapping[date, bool]
    hours: tuple[tuple[time, time], ...]
    set_here: Mapping[str, float]  # hours by the code of the rule


class ClocksTab(SettingsTab):
    name = "时限与日历"

    def build(self) -> None:
        self.rules = Table(
            "时限规则",
            RowsModel(
                [
                    Column("时限", lambda r: r.name, 180),
                    Column("规则包", lambda r: r.pack, 76),
                    Column("时长", lambda r: r.length, 180),
                    Column("适用", lambda r: r.applies, 184),
                    Column("依据", lambda r: r.source, 220),
                ]
            ),
            stretch=4,
        )
        self.rules.setMinimumHeight(232)
        self.rule_name, self.rule_source = QLineEdit(), QLineEdit()
        self.rule_name.setPlaceholderText("本单位的时限，如 报送领导")
        self.rule_source.setPlaceholderText("依据：本单位文件名和条款")
        self.rule_amount, self.rule_unit, self.rule_applies = QLineEdit(), QComboBox(), QComboBox()
        self.rule_amount.setPlaceholderText("时长")
        self.rule_amount.setMaximumWidth(64)
        for unit in Unit:
            self.rule_unit.addItem(unit.label, unit)
        for applies in OWN_APPLIES:
            self.rule_applies.addItem(applies.label, applies)
        self.days, self.hours = QPlainTextEdit(), QLineEdit()
        self.days.setPlaceholderText(
            f"本单位与国务院安排不同的日子，一行一天：\n2027-02-05 {FREE}\n2027-02-07 {WORKED}"
        )
        self.days.setMaximumHeight(90)
        self.days.setAccessibleName("日历")
        self.hours.setPlaceholderText("办公时间，如 08:30-12:00 14:00-17:30")
        self.hours.setAccessibleName("办公时间")
        set_here = self._hours_set_here()
        self.form = Form(self, {DAYS: self.days, HOURS: self.hours})
        self.set_here = Form(self, {JUDGING: self.judging, UPDATING: self.updating})
        self.forms = (self.form, self.set_here)
        self.lay_out(
            self.rules,
            row(self.rule_name, self.rule_amount, self.rule_unit, self.rule_applies, self.rule_source),
            row(button("添加时限", self._add_rule, True), button("删除所选（本单位的）", self._drop_rule), None),
            set_here,
            self.set_here.note,
            label(
                "工作日按国务院放假安排（含调休）；年份没有公布的暂按周一至周五和法定节日，并注明。", "secondary", True
            ),
            row(self.days, label("办公时间"), self.hours, button("保存日历", self.save_calendar, True)),
            self.form.note,
        )

    def _hours_set_here(self) -> QHBoxLayout:
        """How long 研判 may take and how often 动态 is due."""
        self.judging, self.updating = QLineEdit(), QLineEdit()
        self.judging.setAccessibleName("研判时限（小时）")
        self.updating.setAccessibleName("持续发布间隔（小时）")
        for hours in (self.judging, self.updating):
            hours.setMaximumWidth(64)
        return row(
            label("研判（从发现起）"),
            self.judging,
            label("小时　持续发布每隔"),
            self.updating,
            label("小时"),
            button("保存时长", self.save_hours, True, "以后起算的时限照新的，已经在走的不变"),
            None,
        )

    def refresh(self) -> None:
        def read(database: Database) -> _Stored:
            known = calendar(database)
            set_here = {rule.code: rule.amount for rule in all_known(database) if rule.code in (JUDGING, UPDATING)}
            return _Stored(shown_rules(database), known.overrides, known.hours, set_here)

        self.operations.read(read, self._show)

    def _show(self, stored: _Stored) -> None:
        days = [f"{day} {WORKED if worked else FREE}" for day, worked in sorted(stored.days.items())]
        hours = " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in stored.hours)
        self.form.show({DAYS: "\n".join(days), HOURS: hours})
        self.set_here.show({code: f"{stored.set_here[code]:g}" for code in (JUDGING, UPDATING)})
        self.rules.show_rows(stored.rules, lambda r: r.code)

    def _add_rule(self) -> None:
        try:
            amount = float(self.rule_amount.text())
        except ValueError:
            self.page.frame.warn("时长要写成数字，如 2 或 0.5。")
            return
        new = DeadlineRule(
            f"own-{token_hex(4)}",  # never that of one that was removed, whose clocks may still run
            self.rule_name.text().strip(),
            OWN,
            amount,
            self.rule_unit.currentData(),
            self.rule_applies.currentData(),
            ANSWERS,
            self.rule_source.text().strip(),
        )
        self.take(AddOwnRule(new))

    def _drop_rule(self) -> None:
        chosen: ShownRule | None = self.rules.chosen()
        if chosen is None:
            return
        if not chosen.own:
            self.page.frame.warn(
                f"“{chosen.name}”不是本单位自定的时限，不能删除。请选规则包是“本单位”、自己添加的一条。"
            )
            return
        self.take(RemoveOwnRule(chosen.code))

    def save_hours(self) -> None:
        """Keep how long 研判 may take, and how often 动态 is due."""
        try:
            step = SetClockHours(float(self.judging.text()), float(self.updating.text()))
        except ValueError:
            self.page.frame.warn("时长要写成数字，如 1 或 24。")
            return
        sent = self.set_here.values()
        self.take(step, lambda _: self.set_here.saved(sent), CHANGED | {CONCERNS})

    def save_calendar(self) -> None:
        """Keep the days and hours; of deadlines that they would move somebody is asked."""
        try:
            overrides, hours = _days(self.days.toPlainText()), _hours(self.hours.text())
        except InputError as error:
            self.page.frame.warn(str(error))
            return
        sent = self.form.values()

        def ask(moved: list[Moved]) -> None:
            self.form.saved(sent)
            if not moved:
                return
            named = "\n".join(f"{m.title}：{m.deadline.name}" for m in moved[:MOST_NAMED])
            question = f"日历变动影响 {len(moved)} 件正在计时的时限。重新计算 {len(moved)} 件？\n{named}"
            if agreed(self, "重新计算时限", question, "重新计算", "不改"):
                self.take(RecountDeadlines(), changes=CHANGED | {CONCERNS})

        self.take(SetCalendar(overrides=overrides, hours=hours), ask)


def _days(text: str) -> dict[date, bool]:
    """The days that somebody wrote, and whether each is worked. Raises InputError."""
    days = {}
    for line in filter(str.strip, text.splitlines()):
        day, _, what = line.strip().partition(" ")
        if what.strip() not in (WORKED, FREE):
            raise InputError(f"“{line.strip()}”看不懂。请写成：2027-02-05 休息。")
        days[parse_day(day)] = what.strip() == WORKED
    return days


def _hours(text: str) -> tuple[tuple[time, time], ...]:
    """The spans of hours that somebody wrote. Raises InputError."""
    try:
        spans = [part.split("-") for part in text.split()]
        return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)
    except ValueError as error:
        raise InputError("办公时间看不懂。请写成 08:30-12:00 14:00-17:30。") from error
