"""Reading the table of a web page that was saved under a spreadsheet's name, as many systems export theirs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree, html

from domain.errors import InputError
from domain.files import read_bytes
from sources.encoding import decode
from sources.rows import LONGEST_CELL, MOST_COLUMNS, Row, shown

LARGEST = 50 << 20  # bytes
_WIDEST = 200  # columns or rows that a joined cell is taken to cover


def html_rows(path: Path, most: int = 0) -> Iterator[Row]:
    """The rows of the largest table of a page, joined cells standing in their first place. Raises InputError, OSError."""
    if path.stat().st_size > LARGEST:
        raise InputError(f"“{shown(path)}”是网页格式的表格，超过 50 MB。请在 Excel 中另存为 .xlsx 后再导入。")
    text = decode(read_bytes(path, LARGEST))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise InputError(f"“{shown(path)}”里没有表格。请在 Excel 中另存为 .xlsx 后再导入。") from error
    tables = list(islice(root.iter("table"), 1000))
    if not tables:
        raise InputError(f"“{shown(path)}”是网页，里面没有表格。请在 Excel 中打开，另存为 .xlsx 后再导入。")
    own = {table: sum(1 for _ in _rows_of(table)) for table in tables}
    rows = _rows_of(max(tables, key=lambda table: own[table]))
    covered: dict[int, int] = {}  # column → rows that a cell from above still covers
    for number, node in enumerate(islice(rows, most or None), 1):
        yield Row(number, _cells(node, covered))


def _rows_of(table: Any) -> Iterator[Any]:
    """The rows of a table, without those of tables inside it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _cells(row: Any, covered: dict[int, int]) -> dict[int, str]:
    cells: dict[int, str] = {}
    column = 0
    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        while covered.get(column, 0) > 0:
            covered[column] -= 1
            column += 1
        if column >= MOST_COLUMNS:
            break
        text = "\n".join(part for part in map(str.strip, cell.itertext()) if part)[:LONGEST_CELL].replace("\x00", "")
        if text:
            cells[column] = text
        wide, high = _span(cell.get("colspan")), _span(cell.get("rowspan"))
        for i in range(column, column + wide):
            if high > 1:
                covered[i] = high - 1
        column += wide
    while covered.get(column, 0) > 0:
        covered[column] -= 1
        column += 1
    return cells


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _WIDEST) if value and value.isdecimal() and len(value) < 9 else 1
