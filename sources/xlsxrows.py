"""Reading XLSX as a stream: what a sheet says of its size is not believed, and no more is held than a row and the texts' places."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from domain.errors import InputError
from sources.rows import LONGEST_CELL, MOST_COLUMNS, Row, shown

MOST_PARTS, MOST_SHEETS = 20_000, 300  # of a file
SMALL_PART = 16 << 20  # bytes of what describes the workbook
MOST_TEXT, MOST_STRINGS = 2 << 30, 20_000_000  # bytes and number of shared texts
MOST_SHEET = 8 << 30  # bytes of a sheet, unpacked
MOST_HEAD = 64 << 20  # bytes of a sheet that are looked through for its first rows
IN_MEMORY = 64 << 20  # bytes of shared texts before they go to a file
_CHUNK = 1 << 20
_BIG = "表格“{name}”解开后太大，已停止读取。这不像正常的表格；若确实有这么多行，请分成几个文件，或另存为 CSV 后再导入。"
_BROKEN = "表格“{name}”的内容有损坏，无法读取。请用 Excel 打开，另存后再导入。"
# Formats of numbers that stand for dates (ECMA-376, 18.8.30), those of Chinese and Japanese Excel among them.
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)))
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)
_FAULTS = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    NotImplementedError,
)
_CELL = re.compile(r"([A-Za-z]{1,3})(\d{1,7})$")


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook holds: its visible sheets (name → part), whose numbers are dates, and from when it counts them."""

    name: str
    sheets: tuple[tuple[str, str], ...]
    hidden: tuple[str, ...]
    strings: str | None
    dates: frozenset[int]
    from_1904: bool


def open_book(path: Path) -> tuple[zipfile.ZipFile, Book]:
    """An XLSX file and what it holds. Raises InputError."""
    try:
        packed = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise InputError(
            f"“{shown(path)}”不是有效的 .xlsx 文件，可能没有传完。请在 Excel 中打开，另存后再导入。"
        ) from error
    with _closed_on_fault(packed), _explained(shown(path)):
        names = {info.filename.lstrip("/"): info.filename for info in packed.infolist()[:MOST_PARTS]}
        if "mimetype" in names and "content.xml" in names:
            raise InputError(f"“{shown(path)}”是 ODS 表格。请另存为 .xlsx 或 CSV 后再导入。")
        book = next((n for n in ("xl/workbook.xml", "xl/workbook2.xml") if n in names), None)
        if book is None:
            raise InputError(f"“{shown(path)}”不是 .xlsx 表格。请在 Excel 中另存为 .xlsx 后再导入。")
        targets = _relations(packed, names.get("xl/_rels/workbook.xml.rels"))
        visible, hidden, from_1904 = _sheets(packed, names[book], targets)
        sheets = tuple((title, names[part]) for title, part in visible if part in names)
        strings = next((names[n] for n in ("xl/sharedStrings.xml", "xl/SharedStrings.xml") if n in names), None)
        dates = _date_styles(packed, names.get("xl/styles.xml"))
    if not sheets:
        packed.close()
        raise InputError(f"“{shown(path)}”里没有可以读的工作表。请检查工作表是否都被隐藏了。")
    return packed, Book(shown(path), sheets, hidden, strings, dates, from_1904)


def xlsx_rows(packed: zipfile.ZipFile, book: Book, texts: Callable[[int], str], most: int = 0) -> Iterator[Row]:
    """The rows of all visible sheets; at most `most` of each where that is given. Raises InputError.

    Where a sheet is broken further down, its last row says so, and those above it are read.
    """
    several = len(book.sheets) > 1
    for title, part in book.sheets:
        given = number = 0
        try:
            longest = MOST_HEAD if most else MOST_SHEET
            for row in _sheet_rows(packed, part, book, texts, title if several else "", longest):
                yield row
                given, number = given + 1, row.number
                if given == most:
                    break
        except _TooBig as error:
            if not given:
                raise InputError(_BIG.format(name=book.name)) from error
            if not most:
                yield Row(number + 1, fault="从这一行起解开后太大", sheet=title if several else "")
        except _FAULTS as error:
            if not given:
                raise InputError(_BROKEN.format(name=book.name)) from error
            yield Row(number + 1, fault="从这一行起文件有损坏", sheet=title if several else "")


class Texts:
    """The shared texts of a workbook, by number; they lie in a file when they are many."""

    def __init__(self, packed: zipfile.ZipFile, book: Book, wanted: int | None = None) -> None:
        """Read them all, or up to number `wanted`. Raises InputError."""
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - lives as long as this does
        self._ends = array("Q", [0])
        if book.strings:
            with _explained(book.name):
                self._read(packed, book, wanted)

    def __call__(self, number: int) -> str:
        """The shared text of a number, from 0; empty for one that is not there."""
        if not 0 <= number < len(self._ends) - 1:
            return ""
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode("utf-8", "replace")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _read(self, packed: zipfile.ZipFile, book: Book, wanted: int | None) -> None:
        assert book.strings
        place = 0
        for text in _shared(packed, book.strings):
            whole = text.encode("utf-8", "replace")
            self._file.write(whole)
            place += len(whole)
            self._ends.append(place)
            if place > MOST_TEXT or len(self._ends) > MOST_STRINGS:
                raise InputError(_BIG.format(name=book.name))
            if wanted is not None and len(self._ends) - 2 >= wanted:
                return


def _parse(packed: zipfile.ZipFile, part: str, handler: Any, most: int) -> Iterator[None]:
    """Hand a part to a handler of XML, piece by piece; no document types, no more than `most` bytes."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse
    read = 0
    with packed.open(part) as stream:
        while piece := stream.read(_CHUNK):
            read += len(piece)
            if read > most:
                raise _TooBig
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
        yield


class _TooBig(Exception):
    """More bytes than a table has."""


def _refuse(*_: object) -> None:
    raise ValueError("a document type in a workbook")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Tags:
    """The elements of a small part, one after another, with their attributes."""

    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, str]]] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        if len(self.found) < 200_000:
            self.found.append((_local(name), {_local(key): value for key, value in given.items()}))

    def end(self, name: str) -> None:
        if _local(name) in ("cellXfs", "numFmts"):
            self.found.append((f"/{_local(name)}", {}))

    def text(self, data: str) -> None:
        pass


def _tags(packed: zipfile.ZipFile, part: str | None) -> list[tuple[str, dict[str, str]]]:
    if part is None:
        return []
    tags = _Tags()
    for _ in _parse(packed, part, tags, SMALL_PART):
        pass
    return tags.found


def _relations(packed: zipfile.ZipFile, part: str | None) -> dict[str, str]:
    """The parts of a workbook by the id it names them with."""
    parts = {}
    for name, given in _tags(packed, part):
        if name == "Relationship":
            target = given.get("Target", "")
            parts[given.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _sheets(
    packed: zipfile.ZipFile, part: str, targets: dict[str, str]
) -> tuple[list[tuple[str, str]], tuple[str, ...], bool]:
    """(visible sheets with their parts, names of the hidden ones, whether dates count from 1904)"""
    visible: list[tuple[str, str]] = []
    hidden: list[str] = []
    from_1904 = False
    for name, given in _tags(packed, part):
        if name == "sheet" and len(visible) < MOST_SHEETS:
            title = given.get("name", "")[:60]
            if given.get("state", "visible") == "visible":
                target = targets.get(given.get("id", ""), f"xl/worksheets/sheet{len(visible) + len(hidden) + 1}.xml")
                visible.append((title, target))
            else:
                hidden.append(title)
        elif name == "workbookPr":
            from_1904 = given.get("date1904", "0") in ("1", "true")
    return visible, tuple(hidden), from_1904


def _date_styles(packed: zipfile.ZipFile, part: str | None) -> frozenset[int]:
    """The cell styles whose numbers are dates."""
    own: dict[str, str] = {}
    styles: list[bool] = []
    inside = False
    for name, given in _tags(packed, part):
        if name == "numFmt":
            own[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name == "cellXfs":
            inside = True
        elif name == "/cellXfs":
            inside = False
        elif name == "xf" and inside:
            number = given.get("numFmtId", "0")
            code = _QUOTED.sub("", own.get(number, "")[:500]).lower()
            builtin = number.isdecimal() and int(number[:6]) in _DATE_FORMATS
            styles.append(any(letter in code for letter in "ydhs") if code else builtin)
    return frozenset(i for i, dated in enumerate(styles) if dated)


class _Strings:
    """Shared texts as their part goes by: the runs of each joined, without the readings above them (phonetics)."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._parts: list[str] | None = None
        self._in_text = self._aside = False
        self._size = 0

    def start(self, name: str, _: dict[str, str]) -> None:
        name = _local(name)
        if name == "si":
            self._parts, self._size = [], 0
        elif name == "rPh":
            self._aside = True
        elif name == "t":
            self._in_text = True

    def end(self, name: str) -> None:
        name = _local(name)
        if name == "si":
            self.done.append("".join(self._parts or []))
            self._parts = None
        elif name == "rPh":
            self._aside = False
        elif name == "t":
            self._in_text = False

    def text(self, data: str) -> None:
        if self._in_text and not self._aside and self._parts is not None and self._size < LONGEST_CELL:
            self._parts.append(data)
            self._size += len(data)


def _shared(packed: zipfile.ZipFile, part: str) -> Iterator[str]:
    strings = _Strings()
    for _ in _parse(packed, part, strings, MOST_TEXT):
        yield from strings.done
        strings.done.clear()


class _Cells:
    """Rows as their sheet goes by."""

    def __init__(self, book: Book, texts: Callable[[int], str], sheet: str) -> None:
        self.done: list[Row] = []
        self._book, self._texts, self._sheet = book, texts, sheet
        self._number, self._column = 0, -1
        self._cells: dict[int, str] = {}
        self._kind = self._style = ""
        self._value: list[str] = []
        self._size = 0
        self._wanted = self._aside = False

    def start(self, name: str, given: dict[str, str]) -> None:
        name = _local(name)
        if name == "c":
            place = _CELL.match(given.get("r", ""))
            self._column = _column(place[1]) if place else self._column + 1
            self._kind, self._style = given.get("t", "n"), given.get("s", "")
            self._value, self._size = [], 0
        elif name == "row":
            number = given.get("r", "")
            self._number = int(number) if number.isdecimal() and len(number) < 9 else self._number + 1
            self._cells, self._column = {}, -1
        elif name in ("v", "t"):
            self._wanted = not self._aside
        elif name == "rPh":
            self._aside = True

    def end(self, name: str) -> None:
        name = _local(name)
        if name == "c":
            if self._value and 0 <= self._column < MOST_COLUMNS:
                text = self._said("".join(self._value)).replace("\x00", "").strip()
                if text:
                    self._cells[self._column] = text
        elif name == "row":
            self.done.append(Row(self._number, self._cells, sheet=self._sheet))
            self._cells = {}
        elif name in ("v", "t"):
            self._wanted = False
        elif name == "rPh":
            self._aside = False

    def text(self, data: str) -> None:
        if self._wanted and self._size < LONGEST_CELL:
            self._value.append(data)
            self._size += len(data)

    def _said(self, value: str) -> str:
        """What a cell shows: a text by its number, a date as ISO, a fault as nothing."""
        if self._kind == "s":
            return self._texts(int(value)) if value.strip().isdecimal() and len(value) < 12 else ""
        if self._kind == "e":
            return ""  # #REF!, #N/A and their like
        if self._kind == "b":
            return "是" if value.strip() == "1" else "否"
        if self._kind != "n":
            return _unescaped(value)
        dated = self._style.isdecimal() and len(self._style) < 9 and int(self._style) in self._book.dates
        return number_said(value, dated, self._book.from_1904)


def number_said(value: str, dated: bool, from_1904: bool = False) -> str:
    """A number as a sheet keeps it, in figures as people write it, or as the moment it stands for."""
    try:
        number = float(value)
    except ValueError:
        return value
    if dated and (moment := moment_of(number, from_1904)):
        return moment.isoformat(sep=" ")
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return value.strip()


def moment_of(serial: float, from_1904: bool = False) -> datetime | None:
    """The moment, to the second, that a day number stands for; None for one that is none of this era."""
    if not 1 <= serial < 2_958_466:
        return None
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no zones
    try:
        return start + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return None


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(value: str) -> str:
    """_x000D_ as the character it stands for (ECMA-376, 22.4.2.4)."""
    if "_x" not in value:
        return value
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value).encode("utf-8", "ignore").decode()


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _sheet_rows(
    packed: zipfile.ZipFile, part: str, book: Book, texts: Callable[[int], str], sheet: str, longest: int
) -> Iterator[Row]:
    cells = _Cells(book, texts, sheet)
    for _ in _parse(packed, part, cells, longest):
        yield from cells.done
        cells.done.clear()


@contextmanager
def _closed_on_fault(packed: zipfile.ZipFile) -> Iterator[None]:
    try:
        yield
    except BaseException:
        packed.close()
        raise


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Whatever is broken in a file is said with its name."""
    try:
        yield
    except _TooBig as error:
        raise InputError(_BIG.format(name=name)) from error
    except RuntimeError as error:  # zipfile's word for a part with a password
        raise InputError(f"表格“{name}”有密码，打不开。请取消密码后再导入。") from error
    except _FAULTS as error:
        raise InputError(_BROKEN.format(name=name)) from error
