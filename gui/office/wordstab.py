"""关切词, a tab of 设置: the words that flag a topic, as the office changes them, by reason."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QPlainTextEdit

from desk.office.particulars import own_words, usual_words
from domain.concern import ReasonCode
from domain.steps.office import SetOwnWords
from gui.kit.form import Choices
from gui.kit.parts import button, label, row
from gui.office.tab import SettingsTab


class WordsTab(SettingsTab):
    name = "关切词"

    def build(self) -> None:
        self.reason = QComboBox()
        for code in ReasonCode:
            self.reason.addItem(code.label, code.code)
        self.reason.currentIndexChanged.connect(lambda _: self._show_usual())
        self.text, self.usual = QPlainTextEdit(), label("", "secondary", True)
        self.text.setPlaceholderText("本单位增减的词，一行一个：词=权重；权重 0 表示不用这个词")
        self.choices = Choices(self.reason, self.text)
        self.forms = (self.choices,)
        self.lay_out(
            label("一句话里的词权重之和达到 2，就作为这条理由的证据。只改与默认不同的词。", "secondary", True),
            self.reason,
            self.text,
            self.choices.note,
            self.usual,
            row(button("保存", self.save, True), None),
        )

    def refresh(self) -> None:
        self.operations.read(own_words, self._show)

    def _show(self, words: dict[str, dict[str, float]]) -> None:
        self._show_usual()
        self.choices.show(
            {
                code.code: "\n".join(f"{word}={weight:g}" for word, weight in words.get(code.code, {}).items())
                for code in ReasonCode
            }
        )

    def _show_usual(self) -> None:
        usual = usual_words(ReasonCode.of(self.reason.currentData()))
        self.usual.setText("默认的词：" + "　".join(f"{word}={weight:g}" for word, weight in usual.items()))

    def save(self) -> None:
        """Keep the words of the reason that is shown."""
        changed: dict[str, float] = {}
        for line in filter(str.strip, self.text.toPlainText().splitlines()):
            word, _, weight = line.replace("＝", "=").partition("=")
            try:
                changed[word.strip()] = float(weight)
            except ValueError:
                self.page.frame.warn(f"“{line.strip()}”看不懂。请写成 词=权重，如 断供=1.2。")
                return
        code, text = self.reason.currentData(), self.text.toPlainText()
        self.take(SetOwnWords(ReasonCode.of(code), changed), lambda _: self.choices.saved(code, text))
