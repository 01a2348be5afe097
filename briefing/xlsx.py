"""Writing a table as .xlsx: typed cells, frozen header, filter, print set-up; text stays text, never a formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from domain.errors import ExportError
from domain.times import china

WIDEST, NARROWEST = 48, 8  # characters of a column


def write_table(path: Path, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    """One sheet. Moments are written in China time. Raises ExportError when the file cannot be written."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    widths = [max([_width(name), *(_width(row[i]) for row in rows[:200])]) for i, name in enumerate(columns)]
    for i, width in enumerate(widths):
        sheet.column_dimensions[get_column_letter(i + 1)].width = max(NARROWEST, min(WIDEST, width + 2))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8  # A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    heads = [WriteOnlyCell(sheet, name) for name in columns]
    for head in heads:
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="E8EEFA")
        head.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.append(heads)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    try:
        book.save(path)
    except OSError as error:
        raise ExportError(
            f"写不了 {path.name}。它可能正在 Excel 里打开，或位置不可写；请关闭它或换一个文件名。"
        ) from error
    return path


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
