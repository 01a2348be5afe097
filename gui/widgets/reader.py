"""The reading pane (阅读窗格): an article as plain rich text; nothing remote is loaded, nothing is rendered as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtGui import QFont, QPalette, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from domain.times import exact
from store.articles import Stored


class Reader(QTextBrowser):
    """Title, source line, paragraphs, address; the words searched for are marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setAccessibleName("正文")
        self.document().setDocumentMargin(16)

    def show_article(self, article: Stored | None, words: Sequence[str] = (), sentence: str = "") -> None:
        """Show an article, with words marked, at a sentence if one is given; nothing for None."""
        self.clear()
        if article is None:
            return
        cursor = self.textCursor()
        quiet = QTextCharFormat()
        quiet.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        heading = QTextCharFormat()
        heading.setFontWeight(QFont.Weight.DemiBold)
        heading.setProperty(QTextCharFormat.Property.FontPixelSize, 18)
        spaced = QTextBlockFormat()
        spaced.setBottomMargin(8)
        spaced.setLineHeight(150, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        notes = [article.source, article.tier.label, exact(article.published_at)]
        notes += [article.date_note] if article.date_note else []
        notes += ["含个人信息，导出时会遮盖"] if article.personal else []
        cursor.setBlockFormat(spaced)
        cursor.insertText(article.title, heading)
        cursor.insertBlock(spaced)
        cursor.insertText("　".join(notes), quiet)
        body = QTextCharFormat()
        for paragraph in article.text.split("\n"):
            cursor.insertBlock(spaced)
            cursor.insertText(paragraph, body)
        if article.url:
            cursor.insertBlock(spaced)
            cursor.insertText(article.url, quiet)
        self._mark(words)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        if sentence:
            self.find(sentence[:60])

    def _mark(self, words: Sequence[str]) -> None:
        wanted = [re.escape(word) for word in words if word.strip()]
        marks = []
        if wanted:
            colour = self.palette().color(QPalette.ColorRole.Highlight)
            text = self.toPlainText()
            for hit in list(re.finditer("|".join(wanted), text, re.I))[:500]:
                mark = QTextEdit.ExtraSelection()
                mark.cursor = QTextCursor(self.document())
                mark.cursor.setPosition(hit.start())
                mark.cursor.setPosition(hit.end(), QTextCursor.MoveMode.KeepAnchor)
                mark.format.setBackground(colour)
                mark.format.setFontWeight(QFont.Weight.DemiBold)
                marks.append(mark)
        self.setExtraSelections(marks)
