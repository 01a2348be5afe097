"""新动向 of a case: what its reports have turned to, with the sentences; each is noted or becomes a concern of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from domain.development import Development, DevelopmentState
from domain.steps.developments import NoteDevelopment, SeparateDevelopment
from gui.cases.asking import CAPTIONS
from gui.kit.parts import Column, RowsModel, Table, button, column, label, row

HIGH = 150  # pixels that the sentences take of the page at most


class Turns(QWidget):
    """`separated` and `noted` tell the development that is chosen, `read` an article; hidden where there is nothing."""

    separated = Signal(object)
    noted = Signal(object)
    read = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.table = Table(
            "新动向",
            RowsModel(
                [
                    Column("新动向", lambda r: r[0].kind.label if r[2] else "", 84),
                    Column("句子（双击看原文）", lambda r: r[1].sentence, 300),
                    Column("来源", lambda r: r[1].source, 96, spare=1),
                ]
            ),
            stretch=1,
        )
        self.table.wrap_rows(HIGH)
        self.table.doubleClicked.connect(lambda _: self.read.emit(self.table.chosen()[1].article_id))
        self.separate = button(
            CAPTIONS[SeparateDevelopment],
            lambda: self._tell(self.separated),
            tip="说这条新动向的报道另成一件关切，待研判",
        )
        self.note = button(CAPTIONS[NoteDevelopment], lambda: self._tell(self.noted), tip="看过了，还在这一件里办")
        layout = column(row(label("新动向", "title"), None, self.separate, self.note), self.table)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)
        self.hide()

    def show_developments(self, known: Sequence[Development], running: bool) -> None:
        """Show those that nobody has looked at; of a case that does not run none."""
        new = [one for one in known if one.state is DevelopmentState.NEW] if running else []
        rows = [(one, evidence, i == 0) for one in new for i, evidence in enumerate(one.evidence)]
        self.table.show_rows(rows, lambda r: (r[0].id, r[1].article_id))
        self.setVisible(bool(rows))

    def _tell(self, signal: SignalInstance) -> None:
        chosen = self.table.chosen() or next(iter(self.table.rows_model.rows), None)
        if chosen is not None:
            signal.emit(chosen[0])
