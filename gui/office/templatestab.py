"""稿子模板, a tab of 设置: the text that a draft of each kind begins with."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QPlainTextEdit

from desk.cases.writing import draft_templates
from domain.response import ResponseKind
from domain.steps.drafts import SetTemplate
from gui.kit.form import Choices
from gui.kit.parts import button, label, row
from gui.office.tab import SettingsTab


class TemplatesTab(SettingsTab):
    name = "稿子模板"

    def build(self) -> None:
        self.kind = QComboBox()
        for kind in ResponseKind:
            self.kind.addItem(kind.label, kind)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("稿子模板")
        self.choices = Choices(self.kind, self.text)
        self.forms = (self.choices,)
        self.lay_out(
            label(
                "拟稿时先填好的文字。花括号里的名称会换成这件关切的内容：{关切} 名称，{地点}，{经过} 哪里发生了什么，{首发时间}，{责任单位}，{处置结果} 按处置类型的话。【填写】这样的地方留给拟稿人，没填完不能签发。模板只写要填什么，不写还没有核实、没有做的事。",
                "secondary",
                True,
            ),
            self.kind,
            self.text,
            self.choices.note,
            row(button("保存", self.save, True), button("恢复自带的模板", self._give_up_own), None),
        )

    def refresh(self) -> None:
        self.operations.read(draft_templates, self._show)

    def _show(self, templates: dict[ResponseKind, str]) -> None:
        self.choices.show(templates)

    def save(self) -> None:
        """Keep the template of the kind that is shown; an empty one gives way to ours."""
        kind, text = self.kind.currentData(), self.text.toPlainText()
        self.take(SetTemplate(kind=kind, text=text), lambda _: self.choices.saved(kind, text))

    def _give_up_own(self) -> None:
        self.text.setPlainText("")
        self.save()
