"""The tables of the 政府信息公开工作年度报告 as .xlsx, in the form of 国办公开办函〔2021〕30号 (条例第50条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from briefing.files import written
from domain.registerchoices import Applicant, Outcome, Suit
from domain.registerfigures import AnnualTable, TableRow

_LINE = Side(style="thin", color="000000")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_TITLE = Font(name="黑体", size=14)
_BODY = Font(name="宋体", size=10.5)
_NUMBERED = {
    "": "",
    "不予公开": "（三）不予公开",
    "无法提供": "（四）无法提供",
    "不予处理": "（五）不予处理",
    "其他处理": "（六）其他处理",
}
FIRST_COUNT = 4  # column in which the counts begin
HIGH = 33  # points of a row of two lines


def write_annual(path: Path, table: AnnualTable, office: str, filled: Mapping[str, Any]) -> Path:
    """A sheet for each of the form's tables; `filled` is what the office filled in by hand. Raises ExportError."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _proactive(_sheet(book, "二、主动公开", f"{office}{table.year}年主动公开政府信息情况", 4), filled)
    _applications(_sheet(book, "三、申请办理", f"{office}{table.year}年收到和处理政府信息公开申请情况", 10), table)
    _disputes(_sheet(book, "四、复议诉讼", f"{office}{table.year}年政府信息公开行政复议、行政诉讼情况", 15), table)
    if texts := [(name, filled[key]) for key, name in _TEXTS if filled.get(key)]:
        sheet = _sheet(book, "一、五、六文字", f"{office}{table.year}年政府信息公开工作年度报告", 2)
        for i, (name, text) in enumerate(texts, 2):
            _put(sheet, i, 1, name)
            _put(sheet, i, 2, text, _LEFT)
        _widths(sheet, (24, 90))
    return written(path, book.save)


_TEXTS = (
    ("overview", "一、总体情况"),
    ("problems", "五、存在的主要问题及改进情况"),
    ("others", "六、其他需要报告的事项"),
)


def _sheet(book: Workbook, name: str, title: str, width: int) -> Any:
    sheet = book.create_sheet(name)
    sheet.page_setup.orientation = "landscape" if width > 10 else "portrait"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    head = sheet.cell(1, 1)
    head.value, head.font, head.alignment, head.data_type = title, _TITLE, _MIDDLE, "s"
    sheet.row_dimensions[1].height = 30
    return sheet


def _put(
    sheet: Any, row: int, column: int, value: Any, alignment: Alignment = _MIDDLE, rows: int = 1, columns: int = 1
) -> None:
    """A value in a cell or in several joined ones, with a line around each; text is never a formula."""
    for i in range(row, row + rows):
        for j in range(column, column + columns):
            sheet.cell(i, j).border = _BOX
    cell = sheet.cell(row, column)
    cell.value, cell.font, cell.alignment = value, _BODY, alignment
    if isinstance(value, str):
        cell.data_type = "s"
    if rows > 1 or columns > 1:
        sheet.merge_cells(start_row=row, start_column=column, end_row=row + rows - 1, end_column=column + columns - 1)


def _widths(sheet: Any, widths: Sequence[float]) -> None:
    for i, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width


def _proactive(sheet: Any, filled: Mapping[str, Any]) -> None:
    """二: what was made, ended and holds; what is not filled in stays empty, for nobody has counted it."""
    row = 2
    row = _block(sheet, row, "第二十条第（一）项", ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"), [
        ("规章", *(filled.get(key) for key in ("rules_made", "rules_ended", "rules_now"))),
        ("行政规范性文件", *(filled.get(key) for key in ("norms_made", "norms_ended", "norms_now"))),
    ])  # fmt: skip
    row = _block(
        sheet, row, "第二十条第（五）项", ("信息内容", "本年处理决定数量"), [("行政许可", filled.get("licences"))]
    )
    row = _block(sheet, row, "第二十条第（六）项", ("信息内容", "本年处理决定数量"), [
        ("行政处罚", filled.get("penalties")),
        ("行政强制", filled.get("coercions")),
    ])  # fmt: skip
    fees = filled.get("fees")
    tens = fees / 10_000 if fees is not None else None
    _block(sheet, row, "第二十条第（八）项", ("信息内容", "本年收费金额（单位：万元）"), [("行政事业性收费", tens)])
    _widths(sheet, (26, 20, 20, 20))


def _block(sheet: Any, row: int, title: str, heads: Sequence[str], lines: Sequence[Sequence[Any]]) -> int:
    """One item of article 20: its name over its columns; the next free row."""
    _put(sheet, row, 1, title, columns=4)
    span = 1 if len(heads) == 4 else 3
    for i, line in enumerate((heads, *lines), row + 1):
        _put(sheet, i, 1, line[0])
        for j, value in enumerate(line[1:]):
            _put(sheet, i, 2 + j, value, columns=span)
    return row + 2 + len(lines)


def _applications(sheet: Any, table: AnnualTable) -> None:
    """三: each outcome by kind of applicant; 一 and 二 together are 三（七）and 四 together."""
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    _put(sheet, 2, 1, note, rows=3, columns=3)
    _put(sheet, 2, FIRST_COUNT, "申请人情况", columns=7)
    _put(sheet, 3, FIRST_COUNT, Applicant.PERSON.label, rows=2)
    _put(sheet, 3, FIRST_COUNT + 1, "法人或其他组织", columns=5)
    for i, applicant in enumerate(list(Applicant)[1:]):
        _put(sheet, 4, FIRST_COUNT + 1 + i, applicant.label)
    _put(sheet, 3, FIRST_COUNT + 6, "总计", rows=2)
    row = 5
    for line in (table.new, table.carried):
        _put(sheet, row, 1, line.label, _LEFT, columns=3)
        _counts(sheet, row, line)
        row += 1
    first = row
    plain = [line for line in table.answers if not line.group]
    for name, line in zip(("（一）予以公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"), plain):
        _put(sheet, row, 2, name, _LEFT, columns=2)
        _counts(sheet, row, line)
        row += 1
    for group in dict.fromkeys(line.group for line in table.answers if line.group):
        lines = [line for line in table.answers if line.group == group]
        _put(sheet, row, 2, _NUMBERED[group], rows=len(lines))
        for i, line in enumerate(lines):
            _put(sheet, row + i, 3, f"{i + 1}.{line.label}", _LEFT)
            _counts(sheet, row + i, line)
        row += len(lines)
    _put(sheet, row, 2, table.settled.label, _LEFT, columns=2)
    _counts(sheet, row, table.settled)
    _put(sheet, first, 1, "三、本年度办理结果", rows=row - first + 1)
    _put(sheet, row + 1, 1, table.left.label, _LEFT, columns=3)
    _counts(sheet, row + 1, table.left)
    _widths(sheet, (12, 15, 44, 9, 9, 9, 9, 9, 9, 9))
    for i in range(2, row + 2):
        sheet.row_dimensions[i].height = HIGH


def _counts(sheet: Any, row: int, line: TableRow) -> None:
    for i, count in enumerate((*line.counts, line.total)):
        _put(sheet, row, FIRST_COUNT + i, count)


def _disputes(sheet: Any, table: AnnualTable) -> None:
    """四: 复议, and 诉讼 of both kinds."""
    heads = (*(outcome.label for outcome in Outcome), "尚未审结", "总计")
    _put(sheet, 2, 1, "行政复议", columns=5, rows=2)
    _put(sheet, 2, 6, "行政诉讼", columns=10)
    for i, suit in enumerate(Suit):
        _put(sheet, 3, 6 + 5 * i, suit.label, columns=5)
    groups = (table.reviews, *(table.suits[suit] for suit in Suit))
    for i, counts in enumerate(groups):
        for j, (head, count) in enumerate(zip(heads, (*counts, sum(counts)))):
            _put(sheet, 4, 1 + 5 * i + j, head)
            _put(sheet, 5, 1 + 5 * i + j, count)
    _widths(sheet, (8,) * 15)
