"""本单位, a tab of 设置: what the office is called, its places and packs of rules, the look, the briefing's template."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFormLayout, QLineEdit, QWidget

from desk.execute import execute
from desk.office.particulars import HENAN, NATIONAL, Office, office
from desk.reporting.template import template_name
from domain.appearance import Appearance
from domain.errors import StoreError
from domain.person import Actor
from domain.steps.office import SetBriefingTemplate, SetOffice
from gui.kit.form import Form
from gui.kit.parts import button, label, row
from gui.office.tab import SettingsTab

if TYPE_CHECKING:
    from desk.data import Database

WIDE = 760  # pixels of the form at most


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the tab shows: the office as set, and the name of its own template for briefings, empty for ours."""

    office: Office
    template: str


class OfficeTab(SettingsTab):
    name = "本单位"

    def build(self) -> None:
        self.called, self.places, self.signer = QLineEdit(), QLineEdit(), QLineEdit()
        self.places.setPlaceholderText("本地的地名、简称、街道，空格分开，如：临江 江北区 滨河街道")
        self.henan = QCheckBox("河南：热点问题 24 小时回应（国家的 48 小时仍显示）")
        self.review = QCheckBox("先核稿后签发：拟稿人以外的一人核过，才能签发（突发事件中一人值班的除外）")
        self.theme = QComboBox()
        for appearance in Appearance:
            self.theme.addItem(appearance.label, appearance)
        self.draft_at = QLineEdit()
        self.draft_at.setPlaceholderText("每天几点自动生成每日简报草稿，如 08:30；空着就不自动生成")
        view = QWidget()
        view.setMaximumWidth(WIDE)
        layout = QFormLayout(view)
        layout.setSpacing(12)
        for text, field in (
            ("单位名称", self.called),
            ("本地地名", self.places),
            ("签发人", self.signer),
            ("规则包", self.henan),
            ("核稿", self.review),
            ("草稿时刻", self.draft_at),
            ("简报模板", self._template()),
            ("外观", self.theme),
        ):
            field.setAccessibleName(text)
            layout.addRow(text, field)
        self.henan.setAccessibleName("河南规则包")
        self.form = Form(
            self,
            {  # by the fields of an Office
                "name": self.called,
                "places": self.places,
                "signer": self.signer,
                "packs": self.henan,
                "theme": self.theme,
                "draft_at": self.draft_at,
                "review_first": self.review,
            },
        )
        self.forms = (self.form,)
        self.lay_out(view, self.form.note, row(button("保存", self.save, True), None))

    def _template(self) -> QWidget:
        self.template_name = label("", "secondary")
        made = QWidget()
        chosen = row(
            self.template_name,
            None,
            button("选 Word 模板…", self._choose_template),
            button("用自带版式", lambda: self._set_template(None)),
        )
        chosen.setContentsMargins(0, 0, 0, 0)
        made.setLayout(chosen)
        return made

    def refresh(self) -> None:
        self.operations.read(lambda database: _Stored(office(database), template_name(database)), self._show)

    def _show(self, stored: _Stored) -> None:
        self.template_name.setText(stored.template or "自带的公文版式")
        self.form.show(
            {
                "name": stored.office.name,
                "places": " ".join(stored.office.places),
                "signer": stored.office.signer,
                "packs": HENAN in stored.office.packs,
                "theme": stored.office.theme,
                "draft_at": stored.office.draft_at,
                "review_first": stored.office.review_first,
            }
        )

    def save(self) -> None:
        """Save what was changed here; what somebody else changed meanwhile stays."""
        sent, unsaved, now, who = self.form.values(), self.form.unsaved, self.page.now(), self.page.person
        typed: dict[str, Any] = {
            "name": sent["name"].strip() or "本单位",
            "places": tuple(sent["places"].split()),
            "signer": sent["signer"].strip(),
            "packs": (NATIONAL, HENAN) if sent["packs"] else (NATIONAL,),
            "theme": sent["theme"],
            "draft_at": sent["draft_at"].strip(),
            "review_first": sent["review_first"],
        }

        def save(database: Database) -> Office:
            try:
                office(database)
                step = SetOffice(**{field: typed[field] for field in unsaved})
            except StoreError:  # what is stored is damaged: all of it is written anew
                step = SetOffice(**typed)
            new: Office = execute(database, step, Actor(who), now)
            return new

        def done(new: Office) -> None:
            self.form.saved(sent)
            self.page.frame.dress(new.theme)

        self.save_by(save, done)

    def _choose_template(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "选 Word 模板", "", "Word 模板 (*.docx)")
        if name:
            self._set_template(Path(name))

    def _set_template(self, path: Path | None) -> None:
        self.take(SetBriefingTemplate(path))
