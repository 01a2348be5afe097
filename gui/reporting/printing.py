"""Printing a briefing to PDF with Qt where there is no LibreOffice: the page set-up, faces and order of the Word file."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
    QTextLength,
    QTextTableFormat,
)

from briefing.charts import draw
from briefing.compose import ended
from briefing.faces import BODY, HEI, KAI, SONG, TITLE, stand_in, substitutes
from briefing.files import written
from briefing.issue import Grid, Issue, Picture, Section
from briefing.paper import CELL, CENTRED, CLOSE, LINE
from briefing.pdf import libre_office, write_pdf
from domain.briefing import IssueKind
from domain.times import china_day, exact, long_day

RESOLUTION = 300  # dots an inch
LEFT, TOP, WIDTH, HEIGHT = 28, 37, 156, 225  # mm; docs/domain.md section 9
FOOT = 7  # mm from the text down to the dashes of the page number
IMPRINT = 21  # mm: 版记
PT = 25.4 / 72  # mm
RED = QColor(0xD7, 0, 0x0F)
_ALIGNED = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}


def print_pdf(issue: Issue, path: Path, template: bytes | None = None) -> None:
    """Write the PDF: the Word file printed by LibreOffice, or the issue printed by Qt. Raises ExportError."""
    if libre_office() is not None:
        write_pdf(issue, path, template)
    else:
        written(path, lambda partial: _print(issue, partial))


def _dots(mm: float) -> float:
    """Millimetres on the page, as the painter wants them."""
    return mm / 25.4 * RESOLUTION


def _mm(length: float) -> float:
    """Millimetres as a text format wants them, which counts 96 to the inch whatever it is printed on."""
    return length / 25.4 * 96


def _pt(length: float) -> float:
    """Points as a text format wants them."""
    return length / 72 * 96


def _print(issue: Issue, path: Path) -> None:
    if QGuiApplication.instance() is None:  # the command line has none; it needs no screen
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _print.app = QGuiApplication([])  # type: ignore[attr-defined]
    writer = QPdfWriter(str(path))
    writer.setResolution(RESOLUTION)
    writer.setTitle(issue.head.title)
    writer.setCreator("闻应")
    size, upright = QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(size, upright, QMarginsF()))
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setPageSize(QSizeF(_dots(WIDTH), _dots(HEIGHT)))
    imprint = issue.head.kind is not IssueKind.FLASH  # 快报 has one page, without 版记
    if not _IssuePrinter(document).write(issue, IMPRINT if imprint else 0):
        document.clear()
        _IssuePrinter(document).write(issue, IMPRINT, apart=True)
    painter = QPainter(writer)
    for page in range(document.pageCount()):
        if page:
            writer.newPage()
        painter.save()
        painter.translate(_dots(LEFT), _dots(TOP) - page * _dots(HEIGHT))
        document.drawContents(painter, QRectF(0, page * _dots(HEIGHT), _dots(WIDTH), _dots(HEIGHT)))
        painter.restore()
        _number(painter, page + 1)
    if imprint:
        _imprint(painter, issue)
    painter.end()


def _imprint(painter: QPainter, issue: Issue) -> None:
    """版记 on the foot of the last page: rules as wide as the text, the middle one thinner (GB/T 9704-2012, 7.4)."""
    lines = (("报送：本单位领导", ""), (issue.head.office, f"{long_day(china_day(issue.head.made_at))}印发"))
    painter.setFont(QFont(stand_in(BODY), 14))
    for i, (left, right) in enumerate(lines):
        foot = TOP + HEIGHT - IMPRINT / 2 * (1 - i)
        box = QRectF(_dots(LEFT + PT * 14), _dots(foot - IMPRINT / 2), _dots(WIDTH - PT * 28), _dots(IMPRINT / 2))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, left)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | middle, right)
    for height, thick in ((IMPRINT, 0.35), (IMPRINT / 2, 0.25), (0.35, 0.35)):
        line = QRectF(_dots(LEFT), _dots(TOP + HEIGHT - height), _dots(WIDTH), _dots(thick))
        painter.fillRect(line, QColor("black"))


def _number(painter: QPainter, page: int) -> None:
    """— 1 —: odd pages at the right, even ones at the left, one character in."""
    painter.setFont(QFont(stand_in(SONG), 14))
    side = Qt.AlignmentFlag.AlignRight if page % 2 else Qt.AlignmentFlag.AlignLeft
    box = QRectF(
        _dots(LEFT) + _dots(PT * 14),
        _dots(TOP + HEIGHT + FOOT) - _dots(PT * 12),  # the dash stands in the middle of its line
        _dots(WIDTH) - _dots(PT * 28),
        _dots(PT * 21),
    )
    painter.drawText(box, side, f"— {page} —")


class _IssuePrinter:
    """Writes an issue into a document, paragraph by paragraph."""

    def __init__(self, document: QTextDocument) -> None:
        self._document, self._cursor, self._first = document, QTextCursor(document), True
        self._line = LINE.pt

    def write(self, issue: Issue, free: float, apart: bool = False) -> bool:
        """Head, sections, pictures, sources, what proves it, and so many millimetres left free; the Word file's order.

        False where what is left free begins a page by itself, on which 版记 would stand alone; with `apart` the last
        section begins that page.
        """
        self._line = CLOSE.pt if issue.head.kind is IssueKind.FLASH else LINE.pt
        self._head(issue)
        for section in issue.sections:
            if section is issue.sections[-1] and issue.cited:
                self._pictures(issue)
            self._section(issue, section, apart and section is issue.sections[-1])
        if not issue.cited:
            self._pictures(issue)
        head = issue.head
        said = f"生成时间 {exact(head.made_at)}　留痕校验值 {head.head_hash}　{substitutes()}"
        self._plain(said.strip(), BODY, 9, line=14)
        before = self._document.pageCount()
        if free:
            self._plain("", BODY, line=free / PT)
        return self._document.pageCount() == before

    def _head(self, issue: Issue) -> None:
        head = issue.head
        self._plain("内部资料　注意保存", HEI)
        self._plain(head.kind.label, TITLE, 42, "centre", line=60, colour=RED)
        self._plain(f"第{head.number}期（总第{head.total_number}期）", BODY, 16, "centre")
        self._sides(head.office, long_day(head.dated))
        if head.signer:
            self._plain("签发人：", BODY, 16, "right")
            self._say(f"{head.signer}　", KAI)
        self._rule(RED, 2)
        if head.kind is not IssueKind.FLASH:
            self._plain("", BODY)
            self._plain("", BODY)
        self._plain(head.title, TITLE, 22, "centre", line=34)
        self._plain("", BODY)

    def _section(self, issue: Issue, section: Section, apart: bool) -> None:
        self._paragraph(keep=True, apart=apart)
        self._say(section.heading, HEI)
        leads = 0
        for paragraph in section.paragraphs:
            self._paragraph()
            if paragraph.lead:
                leads += 1
                self._say(f"{leads}．{ended(paragraph.lead)}", BODY, bold=True)
            self._say(issue.told(paragraph), BODY)
            self._say(paragraph.sources, KAI)
        if section.grid is not None:
            self._table(section.grid)

    def _table(self, grid: Grid) -> None:
        look = QTextTableFormat()
        look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        look.setBorder(1)
        look.setBorderCollapse(True)
        look.setBorderBrush(QColor("black"))
        look.setCellPadding(_pt(2))
        look.setHeaderRowCount(1)
        whole = sum(grid.widths)
        kind = QTextLength.Type.PercentageLength
        look.setColumnWidthConstraints([QTextLength(kind, 100 * width / whole) for width in grid.widths])
        table = self._cursor.insertTable(len(grid.rows) + 1, len(grid.headings), look)
        short = [all(len(row[i]) <= CENTRED for row in grid.rows) for i in range(len(grid.headings))]
        for r, row in enumerate((grid.headings, *grid.rows)):
            for c, text in enumerate(row):
                cell = table.cellAt(r, c).firstCursorPosition()
                shape = QTextBlockFormat()
                shape.setAlignment(_ALIGNED["centre" if not r or short[c] else "left"])
                cell.setBlockFormat(shape)
                cell.insertText(text, _look(BODY if r else HEI, CELL))
        self._cursor.movePosition(QTextCursor.MoveOperation.End)

    def _pictures(self, issue: Issue) -> None:
        for picture in issue.pictures:
            self._picture(picture)

    def _picture(self, picture: Picture) -> None:
        image = QImage.fromData(draw(picture))
        address = QUrl(f"picture:{id(picture)}")
        self._document.addResource(QTextDocument.ResourceType.ImageResource, address, image)
        shape = QTextBlockFormat()
        shape.setAlignment(_ALIGNED["centre"])
        self._block(shape)
        shown = QTextImageFormat()
        shown.setName(address.toString())
        shown.setWidth(_mm(WIDTH - 1))
        shown.setHeight(_mm(WIDTH - 1) * image.height() / image.width())
        self._cursor.insertImage(shown)
        self._plain(picture.caption, KAI, 12, "centre")

    def _paragraph(self, keep: bool = False, apart: bool = False) -> None:
        shape = QTextBlockFormat()
        if apart:
            shape.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        shape.setLineHeight(_pt(self._line), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        shape.setTextIndent(_dots(PT * 32))  # the one length that Qt takes as it is
        shape.setAlignment(Qt.AlignmentFlag.AlignJustify)
        shape.setNonBreakableLines(keep)
        self._block(shape)

    def _plain(
        self, text: str, face: str, size: float = 16, side: str = "left", line: float = 0, colour: QColor | None = None
    ) -> None:
        shape = QTextBlockFormat()
        shape.setLineHeight(_pt(line or self._line), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        shape.setAlignment(_ALIGNED[side])
        self._block(shape)
        self._say(text, face, size, colour=colour)

    def _sides(self, left: str, right: str, size: float = 16) -> None:
        """Words at both ends of a line."""
        look = QTextTableFormat()
        look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        look.setBorder(0)
        look.setCellPadding(0)
        look.setCellSpacing(0)
        table = self._cursor.insertTable(1, 2, look)
        for column, (text, side) in enumerate(((left, "left"), (right, "right"))):
            cell = table.cellAt(0, column).firstCursorPosition()
            shape = QTextBlockFormat()
            shape.setAlignment(_ALIGNED[side])
            cell.setBlockFormat(shape)
            cell.insertText(text, _look(BODY, size))
        self._cursor.movePosition(QTextCursor.MoveOperation.End)

    def _rule(self, colour: QColor, thick: float) -> None:
        """A line over the whole width."""
        shape = QTextBlockFormat()
        shape.setBackground(colour)
        shape.setLineHeight(thick, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        shape.setTopMargin(_pt(4))
        shape.setBottomMargin(_pt(6))
        self._block(shape)
        self._cursor.insertText(" ", _look(BODY, 1))

    def _block(self, shape: QTextBlockFormat) -> None:
        if self._first:
            self._first = False
            self._cursor.setBlockFormat(shape)
        else:
            self._cursor.insertBlock(shape, QTextCharFormat())

    def _say(self, text: str, face: str, size: float = 16, bold: bool = False, colour: QColor | None = None) -> None:
        self._cursor.insertText(text, _look(face, size, bold, colour))


def _look(face: str, size: float, bold: bool = False, colour: QColor | None = None) -> QTextCharFormat:
    look = QTextCharFormat()
    font = QFont(stand_in(face))
    font.setPointSizeF(size)
    font.setBold(bold)
    look.setFont(font)
    look.setForeground(colour or QColor("black"))
    return look
