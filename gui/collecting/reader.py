"""The reading pane (阅读窗格): an article as plain rich text; nothing remote is loaded, nothing is rendered as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtGui import QFont, QPalette, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextBrowser, QWidget

from domain.article import StoredArticle
from domain.times import exact
from gui.kit.marks import mark

MOST_MARKS = 500
# What a pane can lay out in a moment: Qt takes the square of a paragraph's length for texts that run both ways.
LONGEST_PARAGRAPH, MOST_PARAGRAPHS, MOST_SHOWN = 1_000, 500, 30_000


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text as far as they are shown, those that are too long in pieces."""
    shown: list[str] = []
    for paragraph in text[:MOST_SHOWN].split("\n"):
        shown += [paragraph[i : i + LONGEST_PARAGRAPH] for i in range(0, len(paragraph) or 1, LONGEST_PARAGRAPH)]
    return shown[:MOST_PARAGRAPHS]


class Reader(QTextBrowser):
    """Title, source line, paragraphs, address; the words searched for are marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setAccessibleName("正文")
        self.document().setDocumentMargin(16)
        self._shown: tuple[object, ...] | None = None

    def show_article(self, article: StoredArticle | None, words: Sequence[str] = (), sentence: str = "") -> None:
        """Show an article, with words marked, at a sentence if one is given; nothing for None."""
        shown = (article.id, article.title, article.text, *words) if article is not None else None
        if shown is not None and (*shown, self.palette().cacheKey()) == self._shown and not sentence:
            return  # read anew while somebody reads it: it keeps its place
        self._shown = (*shown, self.palette().cacheKey()) if shown is not None else None
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
        notes += [article.reactions.said] if article.reactions.said else []
        notes += ["含个人信息，导出时会遮盖"] if article.personal else []
        cursor.setBlockFormat(spaced)
        cursor.insertText(article.title, heading)
        cursor.insertBlock(spaced)
        cursor.insertText("　".join(notes), quiet)
        body = QTextCharFormat()
        paragraphs = paragraphs_of(article.text)
        for paragraph in paragraphs:
            cursor.insertBlock(spaced)
            cursor.insertText(paragraph, body)
        if sum(map(len, paragraphs)) < len(article.text.replace("\n", "")):
            cursor.insertBlock(spaced)
            cursor.insertText("……全文太长，下面没有显示。请打开原文看。", quiet)
        if article.url:
            cursor.insertBlock(spaced)
            cursor.insertText(article.url, quiet)
        self._mark(words)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        if sentence:
            self.find(sentence[:60])

    def _mark(self, words: Sequence[str]) -> None:
        wanted = [re.escape(word) for word in words if word.strip()]
        look = QTextCharFormat()
        look.setBackground(self.palette().color(QPalette.ColorRole.Highlight))
        look.setFontWeight(QFont.Weight.DemiBold)
        hits = list(re.finditer("|".join(wanted), self.toPlainText(), re.I))[:MOST_MARKS] if wanted else []
        self.setExtraSelections([mark(self, hit.start(), hit.end(), look) for hit in hits])
