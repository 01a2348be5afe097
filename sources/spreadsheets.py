"""Reading articles from a table: CSV in UTF-8 or GB18030, or XLSX, with its columns guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.article import Article, article_key
from domain.errors import InputError
from domain.times import CHINA
from sources.clean import clean_text, clean_title
from sources.dates import published_at

# What a column is to us, and the headings by which it is known.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "标题": ("标题", "留言主题", "主题", "title", "题目", "事项"),
    "正文": ("正文", "内容", "留言详情", "摘要", "text", "summary", "content", "诉求内容", "详情"),
    "时间": ("时间", "发布时间", "留言时间", "日期", "time", "pubdate", "date", "来电时间"),
    "链接": ("链接", "网址", "url", "sourceurl", "link", "地址"),
    "来源": ("来源", "媒体", "infosource", "source", "平台"),
    "编号": ("编号", "留言编号", "id", "工单号", "序号"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table read from a file: its headings, rows, and which column is what (field → heading)."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as its file holds it, before anybody says which column is what."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def table(self, mapping: Mapping[str, str]) -> Table:
        """The table with its columns named."""
        return Table(self.headings, self.rows, dict(mapping))


def read_sheet(path: Path) -> Sheet:
    """What a table file holds. Raises InputError."""
    lines = list(_xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path))
    if len(lines) < 2:
        raise InputError(f"“{path.name}”里没有数据行。第一行应是列名，其后每行一条。")
    return Sheet(tuple(heading.strip() for heading in lines[0]), tuple(tuple(row) for row in lines[1:]))


def mapped(headings: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Which heading is which field: as chosen, the rest guessed: by its name, then by a part of it."""
    mapping = dict(chosen)
    for field, names in FIELDS.items():
        if field in mapping:
            continue
        free = [heading for heading in headings if heading not in mapping.values()]
        exactly = (h for name in names for h in free if h.lower() == name)
        nearly = (h for name in names if len(name) > 1 and not name.isascii() for h in free if name in h)
        if found := next(exactly, None) or next(nearly, None):
            mapping[field] = found
    return mapping


def read_table(path: Path, chosen: Mapping[str, str] | None = None) -> Table:
    """A table with its mapping guessed, `chosen` first. Raises InputError."""
    sheet = read_sheet(path)
    for heading in (chosen or {}).values():
        if heading not in sheet.headings:
            raise InputError(f"表里没有“{heading}”这一列。有的列：{'、'.join(sheet.headings)}。")
    mapping = mapped(sheet.headings, chosen or {})
    if "标题" not in mapping and "正文" not in mapping:
        first = sheet.headings[0]
        raise InputError(f"看不出哪一列是标题。请指明，例如 --map 标题={first}。有的列：{'、'.join(sheet.headings)}。")
    return sheet.table(mapping)


def articles_of(table: Table, fetched_at: datetime) -> list[Article]:
    """The articles of a table; rows without title and text are left out."""
    column = {field: table.headings.index(heading) for field, heading in table.mapping.items()}
    found = []
    for row in table.rows:
        cell = {field: row[i] if i < len(row) else "" for field, i in column.items()}
        text = clean_text(cell.get("正文", ""))
        title = clean_title(cell.get("标题", "")) or text[:40]
        if not title:
            continue
        url = cell.get("链接", "").strip()
        url = url if url.startswith(("http://", "https://")) else ""
        at, note = published_at(cell.get("时间", ""), fetched_at)
        key = article_key(cell.get("编号", "").strip(), url, title, text)
        found.append(Article(key, title, text, url, at, fetched_at, clean_title(cell.get("来源", "")), note))
    return found


def _csv(path: Path) -> Iterator[list[str]]:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise InputError(f"打不开文件“{path.name}”。请检查它是否存在、是否正被 Excel 占用。") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError(f"认不出“{path.name}”的编码。请在 Excel 中另存为“CSV UTF-8”后再导入。")
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error as error:
        raise InputError(f"“{path.name}”不是正常的 CSV 表格。请在 Excel 中另存后再导入。") from error


def _xlsx(path: Path) -> Iterator[list[str]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            if any(value is not None for value in row):
                yield [_cell(value) for value in row]
    except (OSError, KeyError, ValueError, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise InputError(f"打不开表格“{path.name}”。请确认它是 .xlsx 文件且没有加密。") from error
    except Exception as error:
        if type(error).__name__ != "BadZipFile":
            raise
        raise InputError(f"“{path.name}”不是有效的 .xlsx 文件。请在 Excel 中另存后再导入。") from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=CHINA)).isoformat()
    return str(value)
