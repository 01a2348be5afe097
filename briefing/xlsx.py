"""Tables and the briefing as .xlsx: typed cells, frozen header, filter, print set-up; text stays text, never a formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import LineChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from briefing.compose import Issue
from briefing.files import written
from domain.times import HOUR, china

STEP = 6  # hours of one point of a curve
WIDEST, NARROWEST = 48, 8  # characters of a column


def write_table(path: Path, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    """One sheet. Moments are written in China time. Raises ExportError when the file cannot be written."""
    book = Workbook(write_only=True)
    _sheet(book, title, columns, rows)
    return written(path, book.save)


def write_xlsx(issue: Issue, path: Path) -> None:
    """The briefing: a sheet of its text, one per table, and the curves with a native chart. Raises ExportError."""
    book = Workbook(write_only=True)
    told = [
        (section.heading, lead, text, sources)
        for section in issue.sections
        for lead, text, sources in section.paragraphs
    ]
    _sheet(book, "简报", ("栏目", "条目", "内容", "来源"), told)
    for section in issue.sections:
        if section.grid is not None:
            rows = [tuple(_number(cell) for cell in row) for row in section.grid.rows]
            _sheet(book, section.heading.partition("、")[2], section.grid.headings, rows)
    _curves(book, issue)
    written(path, book.save)


def _curves(book: Workbook, issue: Issue) -> None:
    if not issue.curves:
        return
    names = [name[:30] for name, _ in issue.curves]
    hours = len(issue.curves[0][1])
    steps = range(0, hours, STEP)
    rows = [(issue.end - (hours - i) * HOUR, *(sum(counts[i : i + STEP]) for _, counts in issue.curves)) for i in steps]
    sheet = _sheet(book, "报道量", ("时间", *names), rows)
    chart = LineChart()
    chart.title, chart.height, chart.width = "热点话题近七日报道量（每 6 小时）", 9, 22
    chart.add_data(
        Reference(sheet, min_col=2, max_col=len(names) + 1, min_row=1, max_row=len(rows) + 1), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=len(rows) + 1))
    sheet.add_chart(chart, f"{get_column_letter(len(names) + 3)}2")


def _number(text: str) -> int | str:
    return int(text) if text.isdigit() and len(text) < 10 else text


def _sheet(book: Workbook, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    sheet = book.create_sheet(title[:31])
    widths = [max([_width(name), *(_width(row[i]) for row in rows[:200])]) for i, name in enumerate(columns)]
    for i, width in enumerate(widths):
        sheet.column_dimensions[get_column_letter(i + 1)].width = max(NARROWEST, min(WIDEST, width + 2))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8 if len(columns) > 12 else 9  # A3, A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    heads = [WriteOnlyCell(sheet, name) for name in columns]
    for head in heads:
        head.data_type = "s"
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="E8EEFA")
        head.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.append(heads)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    return sheet


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, datetime):
        cell.value, cell.number_format = china(value).replace(tzinfo=None), "yyyy-mm-dd hh:mm"
    elif isinstance(value, (date, int, float)) or value is None:
        cell.value = value
    else:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_000]
        cell.data_type = "s"  # what begins with = + - @ stays text
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _width(value: Any) -> int:
    if isinstance(value, datetime):
        return 16
    return sum(2 if ord(c) > 255 else 1 for c in str(value or "")[:60])
