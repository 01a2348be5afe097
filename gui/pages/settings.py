"""设置: the office's own particulars and the look."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from desk import monitor
from desk.office import Office, office, set_office
from gui.operations import SETTINGS
from gui.pages.page import Page
from gui.widgets.parts import button, column, label, row

THEMES = {"跟随系统": "system", "浅色": "light", "深色": "dark"}


class SettingsPage(Page):
    title, shows = "设置", frozenset({SETTINGS})

    def build(self) -> None:
        self.current = Office()
        self.name, self.places, self.signer = QLineEdit(), QLineEdit(), QLineEdit()
        self.places.setPlaceholderText("本地的地名、简称、街道，空格分开，如：临江 江北区 滨河街道")
        self.henan = QCheckBox("河南：热点问题 24 小时回应（国家的 48 小时仍显示）")
        self.theme = QComboBox()
        self.theme.addItems(list(THEMES))
        form = QWidget()
        layout = QFormLayout(form)
        layout.setSpacing(12)
        for text, field in (
            ("单位名称", self.name),
            ("本地地名", self.places),
            ("签发人", self.signer),
            ("规则包", self.henan),
            ("外观", self.theme),
        ):
            layout.addRow(text, field)
        form.setMaximumWidth(760)
        self.proof = label("", "secondary", True)
        whole = column(
            label("设置", "title"),
            form,
            row(button("保存", self._save, True), None),
            label("留痕", "title"),
            row(button("检查留痕", self._verify), self.proof, None),
            label(f"数据文件夹：{self.operations.folder}", "secondary"),
            margin=16,
        )
        whole.addStretch(1)
        self.setLayout(whole)

    def refresh(self) -> None:
        self.operations.run(office, self._show)

    def _show(self, found: Office) -> None:
        self.current = found
        self.name.setText(found.name)
        self.places.setText(" ".join(found.places))
        self.signer.setText(found.signer)
        self.henan.setChecked("河南" in found.packs)
        self.theme.setCurrentText(next(text for text, code in THEMES.items() if code == found.theme))

    def _save(self) -> None:
        new = replace(
            self.current,
            name=self.name.text().strip() or "本单位",
            places=tuple(self.places.text().split()),
            signer=self.signer.text().strip(),
            packs=("国家", "河南") if self.henan.isChecked() else ("国家",),
            theme=THEMES[self.theme.currentText()],
        )
        now = self.now()
        self.operations.run(
            lambda database: set_office(database, new, self.person, now),
            lambda _: self.window().settings_saved(new),  # type: ignore[attr-defined]
            frozenset({SETTINGS}),
        )

    def _verify(self) -> None:
        def show(found) -> None:  # type: ignore[no-untyped-def]
            count, misfit = found
            self.proof.setText(
                f"共 {count} 条，链条完整。" if misfit is None else f"第 {misfit} 条与链条不符，此后可能被改动过。"
            )

        self.operations.run(monitor.verify_record, show)
