"""Printing a briefing to PDF with Qt where there is no LibreOffice: the same page set-up, margins and words."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from briefing.files import written
from briefing.html import page
from briefing.issue import Issue
from briefing.pdf import libre_office, write_pdf

MARGINS = QMarginsF(28, 37, 26, 35)  # left, top, right, bottom in millimetres; domain.md section 9
RESOLUTION = 300


def print_pdf(issue: Issue, path: Path, template: bytes | None = None) -> None:
    """Write the PDF: the Word file printed by LibreOffice, or the page printed by Qt. Raises ExportError."""
    if libre_office() is not None:
        write_pdf(issue, path, template)
    else:
        written(path, lambda partial: _print(issue, partial))


def _print(issue: Issue, path: Path) -> None:
    if QGuiApplication.instance() is None:  # the command line has none; it needs no screen
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _print.app = QGuiApplication([])  # type: ignore[attr-defined]
    writer = QPdfWriter(str(path))
    writer.setResolution(RESOLUTION)
    writer.setTitle(issue.head.title)
    writer.setCreator("闻应")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, MARGINS, QPageLayout.Unit.Millimeter
        )
    )
    document = QTextDocument()
    document.setHtml(page(issue, "png"))
    document.print_(writer)
