"""Tone (倾向) as it is shown: a bar of the shares, and the sentences that say so."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from domain.tone import Tone, ToneShares
from gui.kit.parts import Column, RowsModel, Table
from gui.kit.plain import tip

HIGH, NAME, GAP = 20, 40, 8  # pixels
COLOURS = {Tone.POSITIVE: "#2E7D32", Tone.NEGATIVE: "#B26A00"}  # never the red of grades: a tone is no alarm
HOW = "按自编的词表数：夸奖、感谢是正，抱怨、指责、哀悼是负，只说事实的是中。只供参考，不会因此列为关切。"


class ToneBar(QWidget):
    """One bar in three parts, with the shares in words; nothing where nobody has looked yet."""

    def __init__(self) -> None:
        super().__init__()
        self._shares = ToneShares()
        self.setFixedHeight(HIGH)

    def show_tone(self, shares: ToneShares) -> None:
        """Show the shares of a topic or a matter."""
        self._shares = shares
        self.setVisible(bool(shares.texts))
        self.setAccessibleName(f"倾向：{shares.words}")
        self.setToolTip(tip(f"{shares.words}\n{HOW}"))
        self.update()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, middle = self.palette(), Qt.AlignmentFlag.AlignVCenter
        figure = self._shares.words
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(QRectF(0, 0, NAME, HIGH), middle, "倾向")
        wide = QFontMetricsF(QFont(painter.font())).horizontalAdvance(figure) + GAP
        track = QRectF(NAME, 7, max(40.0, self.width() - NAME - wide - GAP), 6)
        painter.setPen(Qt.PenStyle.NoPen)
        left = track.left()
        for tone in Tone:
            part = track.width() * self._shares.share(tone)
            colour = COLOURS.get(tone)
            painter.setBrush(QColor(colour) if colour else palette.color(QPalette.ColorRole.Mid))
            painter.drawRect(QRectF(left, track.top(), part, track.height()))
            left += part
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(QRectF(track.right() + GAP, 0, wide, HIGH), middle, figure)


def tone_table() -> Table:
    """The sentences that are not neutral."""
    return Table(
        "倾向",
        RowsModel(
            [
                Column("倾向", lambda s: s.tone.label, 52),
                Column("句子", lambda s: s.sentence, 320),
                Column("看的词", lambda s: "、".join(s.words), 120, spare=2),
                Column("来源", lambda s: s.source, 110, spare=1),
            ]
        ),
        stretch=1,
    )
