"""The line at the foot of the window: what cannot be done, what has come about; each stays until read, or overtaken."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from gui.kit.parts import button, label, row

HIGH = 44  # pixels, kept free while there is nothing to say, so that nothing above moves
MOST = 20  # sentences that wait to be read; of more, the oldest go


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence, whether it tells of a fault, and whether it answers what somebody just did; what it is about."""

    text: str
    fault: bool
    answers: bool
    about: str


class Foot(QWidget):
    """The newest sentence in view; once it was read, the one before."""

    def __init__(self) -> None:
        super().__init__()
        self._unread: list[_Said] = []
        self.said = label("", "", True)
        self.said.setObjectName("fault")
        self.close_one = button("知道了", self.read, tip="Esc")
        self.close_one.setProperty("role", "quiet")
        layout = row(self.said, self.close_one)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.setFixedHeight(HIGH)
        self._show()

    def say(self, text: str, fault: bool, answers: bool = True, about: str = "") -> None:
        """Say something; the newest first, answers to what somebody did before all else, the same again once.

        `about` names what it tells of, by which it can be withdrawn.
        """
        new = _Said(text, fault, answers, about)
        others = [one for one in self._unread if one != new]
        self._unread = sorted([*others, new], key=lambda one: one.answers)[-MOST:]
        self._show()

    def withdraw(self, about: str) -> None:
        """What was said of this is no longer so."""
        self._unread = [one for one in self._unread if one.about != about]
        self._show()

    def read(self) -> None:
        """The sentence in view was read."""
        self._unread = self._unread[:-1]
        self._show()

    def _show(self) -> None:
        for one in (self.said, self.close_one):
            one.setVisible(bool(self._unread))
        if not self._unread:
            self.said.clear()
            return
        newest, older = self._unread[-1], len(self._unread) - 1
        self.said.setText(newest.text)
        self.said.setProperty("role", "fault" if newest.fault else "news")
        self.said.style().polish(self.said)
        self.close_one.setText(f"知道了（还有 {older} 条）" if older else "知道了")
