"""The form of a register's entry, made of its description: one widget for each type of field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from domain.registers import FieldType, Register, RegisterField, Values
from gui.kit.parts import button
from gui.kit.plain import tip
from gui.kit.stepform import StepForm

LINES_HIGH = 72  # pixels of a field of several lines
PER_ROW = 4  # choices side by side
WHY = "why"


def entry_form(parent: QWidget, register: Register, values: Values, today: date, changed: bool = False) -> StepForm:
    """A form that says what an entry says; `changed`: it is there already, and a ground may be needed."""
    title = f"{'修改' if changed else '登记'}：{register.kind.label}"
    form = StepForm(parent, title, "" if changed else register.purpose)
    form.setMinimumWidth(640)
    for one in register.fields:
        _add(form, one, values.get(one.key), today)
    if changed:
        why = form.add(WHY, "依据", QLineEdit())
        why.setPlaceholderText("补填期限以内的办结日（会标明补录），或把收到日期改晚的，写明凭什么")
    return form


def changed_values(register: Register, given: dict[str, Any], before: Values) -> dict[str, Any]:
    """Those fields that say another thing than before, as the step takes them."""
    said = {one.key: given[one.key] for one in register.fields}
    return {one.key: said[one.key] for one in register.fields if _differs(one, said[one.key], before.get(one.key))}


def _differs(one: RegisterField, said: Any, before: Any) -> bool:
    if isinstance(said, str):
        return said != one.told(before)
    return (said or None) != (before or None)


def _add(form: StepForm, one: RegisterField, value: Any, today: date) -> None:
    name = f"{one.label}{' *' if one.needed else ''}"
    needed = f"请填写{one.label}。" if one.needed else ""
    make = _FIELDS.get(one.takes, _line)
    field, read, holder = make(one, value, today)
    field.setToolTip(tip(one.hint))
    form.add(one.key, name, field, read, needed, holder)


Made = tuple[QWidget, Callable[[], Any] | None, QWidget | None]


def _line(one: RegisterField, value: Any, today: date) -> Made:
    made = QLineEdit(one.told(value))
    made.setPlaceholderText(one.hint)
    return made, None, None


def _lines(one: RegisterField, value: Any, today: date) -> Made:
    made = QPlainTextEdit(one.told(value))
    made.setPlaceholderText(one.hint)
    made.setTabChangesFocus(True)
    made.setFixedHeight(LINES_HIGH)
    return made, None, None


def _day(one: RegisterField, value: Any, today: date) -> Made:
    made = QLineEdit(one.told(value))
    made.setPlaceholderText(f"年-月-日{'；' + one.hint if one.hint else ''}")
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(made, 1)
    layout.addWidget(button("今天", partial(made.setText, today.isoformat()), tip=f"{one.label}填今天"))
    return made, None, holder


def _choice(one: RegisterField, value: Any, today: date) -> Made:
    made = QComboBox()
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.addItem("", None)
    for choice in one.choices or ():
        group = getattr(choice, "group", "")
        made.addItem(f"{group}：{choice.label}" if group else choice.label, choice)
    made.setCurrentIndex(max(0, made.findData(value)) if value is not None else 0)
    return made, None, None


def _choices(one: RegisterField, value: Any, today: date) -> Made:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    boxes = []
    for i, choice in enumerate(one.choices or ()):
        box = QCheckBox(choice.label)
        box.setChecked(choice in (value or ()))
        grid.addWidget(box, i // PER_ROW, i % PER_ROW)
        boxes.append((choice, box))
    return boxes[0][1], lambda: tuple(choice for choice, box in boxes if box.isChecked()), holder


def _yes(one: RegisterField, value: Any, today: date) -> Made:
    made = QCheckBox("是")
    made.setChecked(bool(value))
    return made, None, None


_FIELDS: dict[FieldType, Callable[[RegisterField, Any, date], Made]] = {
    FieldType.LINES: _lines,
    FieldType.DAY: _day,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES: _yes,
}
