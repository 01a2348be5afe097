"""Reading CSV and its like line by line: encoding and delimiter by what the bytes are, broken quotes by their row."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from domain.files import regular_file
from sources.encoding import decode
from sources.rows import LONGEST_CELL, MOST_COLUMNS, Row

DELIMITERS = (",", "\t", ";", "|")
MOST_LINES = 2_000  # of one row; a row that goes on for longer has a quote that was never closed
LONGEST_LINE = 4 << 20  # bytes
SAMPLE, SAMPLES = 1 << 20, 16  # bytes from the start, and how many pieces of a sixteenth of it beyond
UNCLOSED = "引号没有配对"
TOO_LONG = "内容太长"
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Line = tuple[str, int]  # a line with its end, and where it ends in the file, in bytes


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text file holds its table. `wide`: its lines cannot be told by bytes alone, so it is read as a whole."""

    encoding: str
    delimiter: str
    start: int = 0
    wide: bool = False


def layout_of(path: Path) -> Layout:
    """How a file holds its table, by its start and pieces of the rest. Raises OSError."""
    with regular_file(path) as file:
        sample = file.read(SAMPLE)
        for mark, encoding in _WIDE:
            if sample.startswith(mark):
                return Layout(encoding, _delimiter(sample.decode(encoding, "replace")), wide=True)
        if encoding := _unmarked_wide(sample):
            return Layout(encoding, _delimiter(sample.decode(encoding, "replace")), wide=True)
        start = len(codecs.BOM_UTF8) if sample.startswith(codecs.BOM_UTF8) else 0
        whole = sample[start:] + b"".join(_pieces(file, path.stat().st_size))
    encoding = "utf-8" if start else _encoding(whole)
    only_cr = b"\n" not in whole and b"\r" in whole
    return Layout(encoding, _delimiter(sample[start:].decode(encoding, "replace")), start, only_cr)


def csv_rows(path: Path, layout: Layout, offset: int = 0, number: int = 0, width: int = 0) -> Iterator[Row]:
    """The rows of a file from a byte on, `number` of them being read already. Raises OSError.

    `width` is how many columns the table has, where that is known: it tells a stray quote from an open one.
    """
    csv.field_size_limit(LONGEST_CELL)
    with regular_file(path) as file:
        lines = _wide_lines(file, layout) if layout.wide else _lines(file, layout, max(offset, layout.start))
        yield from _rows(lines, layout.delimiter, number, width)


def _rows(lines: Iterable[Line], delimiter: str, number: int, width: int) -> Iterator[Row]:
    source = _Lines(lines)
    broken = False  # whether the row before could not be read, so that what follows may be the rest of it
    for line, end in source:
        if not number and _names_delimiter(line):
            delimiter = line[4]
            continue
        number += 1
        if len(line) > LONGEST_CELL * 2:
            yield Row(number, fault=TOO_LONG, end=end)
            continue
        if '"' not in line:
            cells: Sequence[str] | None = line.rstrip("\r\n").split(delimiter, MOST_COLUMNS)
        else:
            cells, end = _quoted(source, line, end, delimiter, width)
        if cells is None or (broken and width and len(cells) != width):
            broken = True
            yield Row(number, fault=UNCLOSED, end=end)
            continue
        broken = False
        yield Row(number, _sparse(cells), end=end)


def _sparse(cells: Sequence[str]) -> dict[int, str]:
    kept = ((i, text.replace("\x00", "").strip()) for i, text in enumerate(cells[:MOST_COLUMNS]) if text)
    return {i: text for i, text in kept if text}


class _Lines:
    """Lines that can be put back."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._back: deque[Line] = deque()

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        return self._back.popleft() if self._back else next(self._lines)

    def put_back(self, lines: Sequence[Line]) -> None:
        self._back.extendleft(reversed(lines))


def _quoted(source: _Lines, line: str, end: int, delimiter: str, width: int) -> tuple[list[str] | None, int]:
    """(cells, where the row ends) of a row that has quotes; None for one whose quotes do not meet.

    Then only its first line is taken, so that the rows below are read by themselves.
    """
    taken: list[Line] = []

    def feed() -> Iterator[str]:
        yield line
        length = len(line)
        for more in source:
            taken.append(more)
            length += len(more[0])
            if len(taken) > MOST_LINES or length > LONGEST_CELL:
                raise csv.Error("too long")
            yield more[0]

    try:
        cells = next(csv.reader(feed(), delimiter=delimiter, strict=True), [])
        return cells, taken[-1][1] if taken else end
    except csv.Error:
        source.put_back(taken)
    if line.count('"') % 2 == 0:
        # Quotes inside a text that were not doubled; they meet, and the row is whole.
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return None, end
        if len(cells) == width:
            return cells, end
    return None, end


def _lines(file: IO[bytes], layout: Layout, offset: int) -> Iterator[Line]:
    file.seek(offset)
    while raw := file.readline(LONGEST_LINE):
        offset += len(raw)
        if not raw.endswith(b"\n") and len(raw) == LONGEST_LINE:
            # Skip to its end; what was read is too long to be a row, and says so.
            while more := file.readline(LONGEST_LINE):
                offset += len(more)
                if more.endswith(b"\n"):
                    break
            yield "x" * (2 * LONGEST_CELL + 1), offset
            continue
        yield raw.decode(layout.encoding, "replace"), offset


def _wide_lines(file: BinaryIO, layout: Layout) -> Iterator[Line]:
    """Lines of an encoding or with ends that are not told by a single byte."""
    file.seek(layout.start)
    reader = io.TextIOWrapper(file, layout.encoding, "replace", newline="")
    kept = ""
    while True:
        part = reader.read(1 << 16)
        kept += part
        if len(kept) > LONGEST_LINE and "\n" not in kept and "\r" not in kept:
            yield "x" * (2 * LONGEST_CELL + 1), 0
            kept = ""
        if part and kept.endswith("\r"):
            continue  # its line feed may come with the next part
        whole = kept.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        kept = whole.pop() if part else ""
        yield from ((line + "\n", 0) for line in whole if line or part)
        if not part:
            return


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Whole lines from places spread over the rest of a file."""
    for i in range(1, SAMPLES + 1):
        place = SAMPLE + (size - SAMPLE) * i // (SAMPLES + 1)
        if place <= SAMPLE:
            return
        file.seek(place)
        piece = file.read(SAMPLE // 16)
        yield piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1]


def _encoding(sample: bytes) -> str:
    """The encoding in which the fewest lines of a sample are broken; of two as good, what is more like Chinese."""
    lines = [line for line in sample.split(b"\n") if not line.isascii()][:20_000]
    broken = {encoding: sum(not _fits(line, encoding) for line in lines) for encoding in ("utf-8", "gb18030", "big5")}
    text = b"\n".join(lines)[:200_000]
    # Two bytes may be a character in almost any way, three of UTF-8 hardly by chance: where most lines are UTF-8, the
    # others are broken, though GB18030 would read them all, as other words.
    half = 2 * broken["utf-8"] - len(lines)
    if half < 0 or not lines or (half == 0 and decode(text) == text.decode("utf-8", "replace")):
        return "utf-8"
    best = min(broken, key=lambda encoding: broken[encoding])
    if best == "gb18030" and broken["big5"] == broken[best] and decode(text) == text.decode("big5", "replace"):
        return "big5"
    return best


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
        return True
    except UnicodeDecodeError:
        return False


def _unmarked_wide(sample: bytes) -> str:
    """UTF-16 without a mark: half of ASCII's bytes are zero then, all on one side."""
    head = sample[: 4096 & ~1]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and max(even, odd) > len(head) // 20 and min(even, odd) * 8 < max(even, odd):
        wide = "utf-16-le" if odd > even else "utf-16-be"
        if "\n" in head.decode(wide, "replace") or "\r" in head.decode(wide, "replace"):
            return wide
    return ""


def _delimiter(sample: str) -> str:
    """What the first lines are parted by, as most of them have it most."""
    lines = [line for line in sample.replace("\r", "\n").split("\n")[:30] if line.strip()][:20]
    if lines and _names_delimiter(lines[0]):
        return lines[0][4]
    if not lines:
        return ","

    def worth(delimiter: str) -> tuple[int, int]:
        counts = [_bare(line).count(delimiter) for line in lines]
        return sum(count > 0 for count in counts), min(max(counts), 1000)

    best = max(DELIMITERS, key=worth)
    return best if worth(best)[0] else ","


def _bare(line: str) -> str:
    """A line without what stands in quotes."""
    return "".join(line.split('"')[::2])


def _names_delimiter(line: str) -> bool:
    """Whether it is the line by which Excel is told the delimiter: sep=;"""
    return line[:4].lower() == "sep=" and len(line.rstrip("\r\n")) == 5
