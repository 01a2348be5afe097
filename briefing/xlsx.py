"""Tables and briefings as .xlsx: typed cells, frozen header, filter, print set-up; text stays text, never a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import WorkbookAlreadySaved

from briefing.charts import six_hourly
from briefing.files import written
from briefing.issue import Chart, ChartKind, Issue
from domain.times import china

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")  # in a sheet's name
WIDEST, NARROWEST = 48, 8  # characters of a column
LINE_HEIGHT, MOST_LINES = 16.5, 24  # points of a line; lines of a row at most


def write_table(path: Path, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    """One sheet. Moments are written in China time. Raises ExportError when the file cannot be written."""
    with _workbook() as book:
        _sheet(book, title, columns, rows)
        return written(path, book.save)


@contextmanager
def _workbook() -> Iterator[Workbook]:
    """A book whose sheets are ended in order even where it was not saved; left alone they complain and keep files."""
    book = Workbook(write_only=True)
    try:
        yield book
    finally:
        for sheet in book.worksheets:
            with suppress(WorkbookAlreadySaved):
                sheet.close()
                sheet._writer.cleanup()


def write_xlsx(issue: Issue, path: Path, _template: bytes | None = None) -> None:
    """The briefing: a sheet of its text, one per table, the charts as native ones, what the figures rest on.

    Raises ExportError.
    """
    with _workbook() as book:
        paragraphs = [
            (section.heading, item.lead, issue.told(item), item.sources)
            for section in issue.sections
            for item in section.paragraphs
        ]
        _sheet(book, "简报", ("栏目", "条目", "内容", "来源"), paragraphs)
        for section in issue.sections:
            if section.grid is not None:
                rows = [tuple(_number(cell) for cell in row) for row in section.grid.rows]
                name = section.heading.partition("、")[2] or section.heading.partition("：")[2]
                _sheet(book, name, section.grid.headings, rows)
        if issue.cited:
            links = [(i, c.source, c.published_at, c.title, c.url) for i, c in enumerate(issue.cited, 1)]
            _sheet(book, "来源链接", ("号", "来源", "时间", "标题", "链接"), links)
        for picture in issue.pictures:
            for chart in picture.charts:
                _chart(book, chart)
        if issue.grounds:
            _sheet(
                book,
                "数字依据",
                ("数字", "值", "怎么来的", "编号"),
                [(g.name, g.value, g.how, g.ids) for g in issue.grounds],
            )
        written(path, book.save)


def _chart(book: Workbook, chart: Chart) -> None:
    """A sheet of a chart's figures with the chart beside them."""
    rows: list[tuple[Any, ...]]
    native: LineChart | BarChart
    if chart.kind is ChartKind.CURVES:
        times, series = six_hourly(chart)
        columns = ("时间", *(name[:30] for name, _ in series))
        rows = [(at, *(sums[i] for _, sums in series)) for i, at in enumerate(times)]
        native = LineChart()
    else:
        names = tuple(name or chart.title for name, _ in chart.series)
        columns = ("日期" if chart.kind is ChartKind.CALENDAR else "项目", *names)
        rows = [(label, *(values[i] for _, values in chart.series)) for i, label in enumerate(chart.labels)]
        native = BarChart()
        native.type = "col" if chart.kind is ChartKind.CALENDAR else "bar"
        if chart.kind is ChartKind.STACKED:
            native.grouping, native.overlap = "stacked", 100
    sheet = _sheet(book, chart.title, columns, rows)
    native.title, native.height, native.width = chart.title, 9, 22
    filled = Reference(sheet, min_col=2, max_col=len(columns), min_row=1, max_row=len(rows) + 1)
    native.add_data(filled, titles_from_data=True)
    for line in native.series:
        line.smooth = False  # a smoothed curve would show reports where there were none
    native.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=len(rows) + 1))
    sheet.add_chart(native, f"{get_column_letter(len(columns) + 2)}2")


def _number(text: str) -> int | str:
    return int(text) if text.isdigit() and len(text) < 10 else text


def _sheet(book: Workbook, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    sheet = book.create_sheet(_FORBIDDEN.sub("", title)[:31])
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
    for i, row in enumerate(rows, 2):
        lines = max((_lines(value, width) for value, width in zip(row, widths)), default=1)
        if lines > 1:
            sheet.row_dimensions[i].height = LINE_HEIGHT * min(lines, MOST_LINES)
        sheet.append([_cell(sheet, value) for value in row])
    return sheet


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    cell.alignment = Alignment(vertical="top")
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
    return 16 if isinstance(value, datetime) else _halves(str(value or "")[:60])


def _lines(value: Any, width: int) -> int:
    """How many lines a cell's text takes in a column `width` characters wide."""
    if not isinstance(value, str) or len(value) < width // 2:
        return 1
    room = max(NARROWEST, min(WIDEST, width + 2)) - 2
    return sum(max(1, -(-_halves(line) // room)) for line in value.splitlines()) or 1


def _halves(text: str) -> int:
    """Width of a text in half-width characters."""
    return sum(2 if ord(c) > 255 else 1 for c in text)
