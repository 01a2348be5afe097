"""Which kind of table a file is, by its bytes and not its name, and its rows, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from domain.errors import InputError
from domain.files import regular_file
from sources.csvrows import csv_rows, layout_of
from sources.htmlrows import html_rows
from sources.rows import Row, shown
from sources.xlsxrows import Texts, open_book, xlsx_rows

_HEAD = 4096
_AS_XLSX = "请在 Excel 或 WPS 中打开，另存为 .xlsx 后再导入。"
# What files of other kinds begin with, and what is said of them.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "是旧版 .xls 表格，或设了密码。" + _AS_XLSX),
    (b"\x09\x08\x10\x00", "是旧版 .xls 表格。" + _AS_XLSX),
    (b"%PDF", "是 PDF，不是表格。请向对方索要 Excel 或 CSV 表格。"),
    (b"\x89PNG", "是图片，不是表格。请向对方索要 Excel 或 CSV 表格。"),
    (b"\xff\xd8\xff", "是图片，不是表格。请向对方索要 Excel 或 CSV 表格。"),
    (b"Rar!", "是压缩包。请先解压，再导入里面的表格。"),
    (b"7z\xbc\xaf", "是压缩包。请先解压，再导入里面的表格。"),
    (b"\x1f\x8b", "是压缩包。请先解压，再导入里面的表格。"),
    (b"MIME-Version:", "是网页存档格式的表格。" + _AS_XLSX),
    (b"{\\rtf", "是文档，不是表格。请把里面的表格复制到 Excel，另存后再导入。"),
)
_MARKUP = (b"<html", b"<table", b"<!doctype", b"<head", b"<meta", b"<body", b"<style", b"<div", b"<workbook", b"<?xml")


class TableFormat(Enum):
    """How a table is kept."""

    XLSX, HTML, TEXT = "xlsx", "html", "text"


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Within it, a file that cannot be opened raises InputError with its name."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"打不开文件“{shown(path)}”。请检查它是否存在、是否可读、是否正被 Excel 占用，然后再试。"
        ) from error


def kind_of(path: Path) -> TableFormat:
    """What a file is. Raises InputError for what is no table."""
    with readable(path), regular_file(path) as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        return TableFormat.XLSX
    for sign, said in _OTHERS:
        if head.startswith(sign):
            raise InputError(f"“{shown(path)}”{said}")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")[:2000].lower().replace(b"\x00", b"")
    if start.startswith(b"<") and any(sign in start for sign in _MARKUP):
        if b"schemas-microsoft-com:office:spreadsheet" in start:
            raise InputError(f"“{shown(path)}”是 XML 格式的旧表格。{_AS_XLSX}")
        return TableFormat.HTML
    if head and not head.strip(b"\x00"):
        raise InputError(f"“{shown(path)}”不是表格文件，或已损坏。请选择 .xlsx 或 .csv 文件。")
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head.replace(b"\x00", b""))
    if odd > len(head) // 20:
        raise InputError(f"“{shown(path)}”不是表格文件，或已损坏。请选择 .xlsx 或 .csv 文件。")
    return TableFormat.TEXT


def rows_of(path: Path, width: int = 0) -> Iterator[Row]:
    """The rows of a file; `width` is how many columns its table has, where that is known. Raises InputError."""
    kind = kind_of(path)
    with readable(path):
        if kind is TableFormat.TEXT:
            yield from csv_rows(path, layout_of(path), width=width)
        elif kind is TableFormat.HTML:
            yield from html_rows(path)
        else:
            packed, book = open_book(path)
            with packed:
                texts = Texts(packed, book)
                try:
                    yield from xlsx_rows(packed, book, texts)
                finally:
                    texts.close()


def first_rows(path: Path, most: int) -> list[Row]:
    """The first rows of a file, of each sheet that it has. Raises InputError."""
    kind = kind_of(path)
    with readable(path):
        if kind is TableFormat.TEXT:
            return [row for row, _ in zip(csv_rows(path, layout_of(path)), range(most))]
        if kind is TableFormat.HTML:
            return list(html_rows(path, most))
        packed, book = open_book(path)
        with packed:
            # Of the shared texts, which may be a gigabyte, only those up to the last that these rows name.
            named = [-1]
            list(xlsx_rows(packed, book, lambda number: named.append(number) or "", most))  # type: ignore[func-returns-value]
            texts = Texts(packed, book, max(named))
            try:
                return list(xlsx_rows(packed, book, texts, most))
            finally:
                texts.close()


def hidden_sheets(path: Path) -> tuple[str, ...]:
    """The names of the sheets that are hidden, and so not read. Raises InputError."""
    if kind_of(path) is not TableFormat.XLSX:
        return ()
    packed, book = open_book(path)
    packed.close()
    return book.hidden
