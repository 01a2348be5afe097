"""Tables of messages and articles: where the headings stand, which column is what, and the article of each row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from domain.article import Article, article_key, storable
from domain.errors import InputError
from sources.clean import clean_text, clean_title
from sources.dates import published_at
from sources.links import web_address
from sources.reactions import reactions_of
from sources.rows import HEADING_WITHIN, Row, shown
from sources.tablefiles import first_rows, hidden_sheets, rows_of
from sources.xlsxrows import moment_of

# What a column is to us, and the headings by which it is known. A running number (序号) is nothing to us.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "标题": ("标题", "留言主题", "主题", "title", "题目", "事项"),
    "正文": ("正文", "内容", "留言详情", "摘要", "text", "summary", "content", "诉求内容", "详情"),
    "时间": (
        "时间",
        "发布时间",
        "留言时间",
        "来电时间",
        "受理时间",
        "日期",
        "time",
        "pubdate",
        "published",
        "published_at",
        "date",
    ),
    "链接": ("链接", "网址", "url", "sourceurl", "link", "地址"),
    "来源": ("来源", "媒体", "infosource", "source", "平台"),
    "编号": ("编号", "留言编号", "id", "工单编号", "工单号", "受理编号", "诉求编号", "信访编号", "事件编号"),
    "评论数": ("评论数", "评论量", "跟帖数", "comments"),
    "点赞数": ("点赞数", "点赞量", "likes"),
    "阅读数": ("阅读数", "阅读量", "浏览量", "浏览数", "点击量", "views"),
}
SHOWN_ROWS, SHOWN_COLUMNS, NAMED_COLUMNS = 20, 300, 20
NAMED_ROWS = 5  # in a sentence about rows that could not be read
_HEADING_LENGTH, _PART_LENGTH = 40, 12  # characters of a heading, and of one that is known by a part of it
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SHORT_YEAR = re.compile(r"(\d{1,2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[\sT]+(\d{1,2}):(\d{2})(?::\d{2})?)?")
_ROUNDED = re.compile(r"[\d.]+[eE]\+?\d+")  # what Excel makes of a long number: 2.02611E+13
_LEAST_NUMBER = 8  # characters of a number that names one row for ever; shorter ones begin anew in each file
_SIGNIFICANT = 15  # figures of a number that Excel keeps


@dataclass(frozen=True, slots=True)
class Columns:
    """Where one sheet has its data: below which row, in how many columns, and which column is which field."""

    below: int
    width: int
    of: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TablePreview:
    """A table as its file holds it, before anybody says which column is what: its headings and first rows.

    `heads` are the headings of every sheet: (sheet, row below which its data begins, heading → column).
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heads: tuple[tuple[str, int, Mapping[str, int]], ...]
    notes: tuple[str, ...] = ()

    def table(self, mapping: Mapping[str, str]) -> MappedTable:
        """The table with its columns named (field → heading)."""
        sheets, left_out = {}, []
        for name, below, columns in self.heads:
            if all(heading in columns for heading in mapping.values()):
                of = {field: columns[heading] for field, heading in mapping.items()}
                sheets[name] = Columns(below, max(columns.values(), default=-1) + 1, of)
            else:
                left_out.append(name)
        note = f"没有读工作表“{'”“'.join(left_out[:5])}”，因为它没有同样的列名。" if left_out else ""
        return MappedTable(self.headings, dict(mapping), sheets, (*self.notes, *filter(None, [note])))


@dataclass(frozen=True, slots=True)
class MappedTable:
    """A table whose columns are known: its headings, the mapping (field → heading), and each sheet's columns.

    `notes` are what the office should know of it beside its rows.
    """

    headings: tuple[str, ...]
    mapping: Mapping[str, str]
    sheets: Mapping[str, Columns]
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max((columns.width for columns in self.sheets.values()), default=0)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that could not be read, or that was (`kept`) and should be looked at."""

    number: int
    sheet: str
    why: str
    kept: bool = False

    def __str__(self) -> str:
        return f"{f'“{self.sheet}”' if self.sheet else ''}第 {self.number} 行（{self.why}）"


def read_sheet(
    path: Path, chosen: Mapping[str, str] | None = None, known: Mapping[str, tuple[str, ...]] = FIELDS
) -> TablePreview:
    """What a table file holds, by its first rows; `known` are the fields it may have, with their headings.

    Raises InputError.
    """
    by_sheet: dict[str, list[Row]] = {}
    for row in first_rows(path, HEADING_WITHIN + SHOWN_ROWS):
        if row.cells:
            by_sheet.setdefault(row.sheet, []).append(row)
    sheets = [(name, *_headings(rows, chosen or {}, known)) for name, rows in by_sheet.items()]
    sheets = [(name, below, columns) for name, below, columns in sheets if columns]
    # The sheet whose headings say most is the one that is shown; the others are read where they have the same.
    sheets.sort(key=lambda item: -_score(list(item[2]), known=known))
    if not sheets:
        raise InputError(f"“{shown(path)}”里没有数据行。第一行应是列名，其后每行一条。")
    name, below, columns = sheets[0]
    rows = [row for row in by_sheet[name] if row.number > below]
    if not rows and not any(row.number > b for n, b, _ in sheets for row in by_sheet[n]):
        raise InputError(f"“{shown(path)}”里没有数据行。第一行应是列名，其后每行一条。")
    meant = set(mapped(list(columns), chosen or {}, known).values())
    headings = [h for i, h in enumerate(columns) if i < SHOWN_COLUMNS or h in meant]
    preview = tuple(tuple(row.cells.get(columns[h], "")[:500] for h in headings) for row in rows[:SHOWN_ROWS])
    hidden = hidden_sheets(path)
    notes = (f"隐藏的工作表“{'”“'.join(hidden[:5])}”没有读。",) if hidden else ()
    return TablePreview(tuple(headings), preview, tuple(sheets), notes)


def mapped(
    headings: Sequence[str], chosen: Mapping[str, str], known: Mapping[str, tuple[str, ...]] = FIELDS
) -> dict[str, str]:
    """Which heading is which field of `known`: as chosen, the rest guessed: by its name, then by a part of it."""
    mapping = dict(chosen)
    taken = set(chosen.values())
    short = [heading for heading in headings if len(heading) <= _PART_LENGTH]
    lower: dict[str, str] = {}
    for heading in headings:
        lower.setdefault(_close(heading).lower(), heading)
    for field, names in known.items():
        if field in mapping:
            continue
        exactly = (lower[name] for name in names if name in lower and lower[name] not in taken)
        nearly = (
            h for n in names if len(n) > 1 and not n.isascii() for h in short if n in _close(h) and h not in taken
        )
        if matched := next(exactly, None) or next(nearly, None):
            mapping[field] = matched
            taken.add(matched)
    return mapping


def read_table(path: Path, chosen: Mapping[str, str] | None = None) -> MappedTable:
    """A table with its mapping guessed, `chosen` first; its rows are still in the file. Raises InputError."""
    sheet = read_sheet(path, chosen)
    said = "、".join(sheet.headings[:NAMED_COLUMNS]) + ("等" if len(sheet.headings) > NAMED_COLUMNS else "")
    for heading in (chosen or {}).values():
        if heading not in sheet.headings:
            raise InputError(f"“{shown(path)}”里没有“{heading}”这一列。有的列：{said}。")
    mapping = mapped(sheet.headings, chosen or {})
    if "标题" not in mapping and "正文" not in mapping:
        raise InputError(
            f"看不出“{shown(path)}”的哪一列是标题。第一行应是列名；也可以指明，例如 --map 标题={sheet.headings[0]}。"
            f"有的列：{said}。"
        )
    return sheet.table(mapping)


def read_whole(path: Path, chosen: Mapping[str, str], fetched_at: datetime) -> tuple[list[Article], list[Trouble]]:
    """All articles of a small file, and the rows that could not be read. Raises InputError."""
    table = read_table(path, chosen)
    articles: list[Article] = []
    troubles: list[Trouble] = []
    for read in articles_of(rows_of(path, table.width), table, fetched_at):
        if isinstance(read, Article):
            articles.append(read)
        else:
            troubles.append(read)
    return articles, troubles


@dataclass(frozen=True, slots=True)
class Cells:
    """What a row of a table says, by field, and where it stands."""

    number: int
    sheet: str
    of: Mapping[str, str]


def read_cells(path: Path, table: MappedTable, most: int) -> tuple[list[Cells], list[Trouble]]:
    """The rows of a small table by field, and those that could not be read. Raises InputError, also beyond `most` rows."""
    found: list[Cells] = []
    troubles: list[Trouble] = []
    for row in rows_of(path, table.width):
        columns = table.sheets.get(row.sheet)
        if columns is None or row.number <= columns.below:
            continue
        if row.fault:
            troubles.append(Trouble(row.number, row.sheet, row.fault))
            continue
        cells = {field: storable(row.cells.get(i, "")).strip() for field, i in columns.of.items()}
        if not any(cells.values()) or all(value == table.mapping[field] for field, value in cells.items()):
            continue
        if len(found) == most:
            raise InputError(f"“{shown(path)}”超过 {most} 行。请分成几个文件，或删去空行后再导入。")
        found.append(Cells(row.number, row.sheet, cells))
    return found, troubles


def articles_of(rows: Iterable[Row], table: MappedTable, fetched_at: datetime) -> Iterator[Article | Trouble]:
    """The article of each row, or why it has none; a row that is read and should be looked at gives both."""
    for row in rows:
        columns = table.sheets.get(row.sheet)
        if columns is None or row.number <= columns.below:
            continue
        if row.fault:
            yield Trouble(row.number, row.sheet, row.fault)
            continue
        cells = {field: row.cells.get(i, "") for field, i in columns.of.items()}
        if not row.cells or all(" ".join(value.split()) == table.mapping[field] for field, value in cells.items()):
            continue  # nothing, or the headings once more at the top of a page
        article = _article(cells, fetched_at)
        if article is None:
            yield Trouble(row.number, row.sheet, "没有标题和正文")
            continue
        yield article
        if "\ufffd" in article.title or "\ufffd" in article.text:
            yield Trouble(row.number, row.sheet, "有认不出的字", kept=True)
        elif any(i >= columns.width for i in row.cells):
            yield Trouble(row.number, row.sheet, "比列名多出内容，逗号可能没有用引号括起来", kept=True)


def told(troubles: Sequence[Trouble], skipped: int = 0, kept: int = 0) -> str:
    """The rows that could not be read in a sentence, the first of them named; "" where there are none.

    `skipped`, `kept`: how many there are, where more than are given.
    """
    said = []
    for held, words, count in ((False, "行读不了，已跳过", skipped), (True, "行已读入，请核对", kept)):
        named = [str(each) for each in troubles if each.kept is held]
        if count := max(count, len(named)):
            rest = "等" if count > NAMED_ROWS else ""
            said.append(f"{count} {words}：{'、'.join(named[:NAMED_ROWS])}{rest}。")
    return "".join(said)


def _headings(
    rows: Sequence[Row], chosen: Mapping[str, str], known: Mapping[str, tuple[str, ...]]
) -> tuple[int, dict[str, int]]:
    """(row below which the data begins, heading → column) of a sheet by its first rows.

    The headings are the row that says most of what we know; where they take two rows, as under joined cells, the
    lower counts and the upper fills its gaps. Above them may stand a title.
    """
    best, score = rows[0], -1.0
    cells: dict[int, str] = {}
    for i, row in enumerate(rows[:HEADING_WITHIN]):
        own = dict(row.cells)
        worth = _score([*own.values()], chosen, known) + (len(own) > 1) * 0.5
        if worth > score:
            best, score, cells = row, worth, own
        if i and rows[i - 1].number == row.number - 1:
            both = {**rows[i - 1].cells, **own}
            worth = _score([*both.values()], chosen, known) + 0.5
            if worth >= score + 1:
                best, score, cells = row, worth, both
    named: dict[str, int] = {}
    for column in sorted(cells):
        text = " ".join(storable(cells[column]).split())[:_HEADING_LENGTH]  # for it is told, and kept
        again = 2
        name = text
        while name in named:
            name, again = f"{text}（{again}）", again + 1
        named[name] = column
    for row in rows:  # a column without a heading can still be chosen
        for column in row.cells:
            if row.number > best.number and column not in cells and len(named) < SHOWN_COLUMNS:
                named.setdefault(f"第{column + 1}列", column)
    return best.number, named


def _score(
    headings: Sequence[str], chosen: Mapping[str, str] | None = None, known: Mapping[str, tuple[str, ...]] = FIELDS
) -> float:
    """How many fields some cells would name if they were headings; what was chosen by name counts most."""
    short = [" ".join(text.split()) for text in headings if len(text) <= _HEADING_LENGTH]
    fields = mapped(short, {}, known)
    sure = 1 if "标题" in fields or "正文" in fields else 0
    return len(fields) + sure + 10 * sum(heading in short for heading in (chosen or {}).values())


def _article(cells: Mapping[str, str], fetched_at: datetime) -> Article | None:
    text = clean_text(cells.get("正文", ""))
    title = clean_title(cells.get("标题", "")) or text[:40].replace("\n", " ")
    if not title:
        return None
    url = web_address(cells.get("链接", ""))
    at, note = _published(cells.get("时间", ""), fetched_at)
    key = _identity(cells.get("编号", ""), url, title, text, "" if note else at.isoformat())
    reactions = reactions_of(cells.get("评论数"), cells.get("点赞数"), cells.get("阅读数"))
    return Article(key, title, text, url, at, fetched_at, clean_title(cells.get("来源", ""))[:200], note, reactions)


def _identity(number: str, url: str, title: str, text: str, at: str) -> str:
    """The identity of a row: its number where that is one, its link where that leads to it, else all it says.

    A running number names another row in the next file; a long number that Excel rounded may name several.
    """
    number = number.strip()
    plain = number.isdecimal()
    rounded = _ROUNDED.fullmatch(number) or (plain and len(number) > _SIGNIFICANT and number.endswith("000"))
    if len(number) >= _LEAST_NUMBER and any(map(str.isdigit, number)) and not rounded:
        return article_key(number, "", "", "")
    if url and urlsplit(url).path.strip("/"):
        return article_key("", url, "", "")
    if not number and not url and not at:
        return article_key("", "", title, text)
    return "row:" + hashlib.sha256("\n".join((number, url, at, title, text)).encode("utf-8", "replace")).hexdigest()


def _published(raw: str, now: datetime) -> tuple[datetime, str]:
    """When a row says it was, in the ways that tables say it."""
    raw = raw.strip()[:100]
    with suppress(ValueError, OverflowError):
        raw = _moment(raw, now) or raw
    try:
        return published_at(raw, now)
    except (ValueError, OverflowError):
        return now, "看不懂原文日期，以采集时间代替"


def _moment(raw: str, now: datetime) -> str:
    """A moment that is written as a day number, as seconds since 1970, or with a short year; "" for another."""
    if _SERIAL.fullmatch(raw) and (moment := moment_of(float(raw))) and 1990 <= moment.year <= now.year + 1:
        return moment.isoformat()
    if _EPOCH.fullmatch(raw):
        return datetime.fromtimestamp(int(raw[:10]), UTC).isoformat()
    if short := _SHORT_YEAR.fullmatch(raw):
        a, b, c = int(short[1]), int(short[2]), int(short[3])
        time = f"{int(short[4] or 0):02d}:{short[5] or '00'}"
        # Year first as Chinese tables have it, or last as an English Excel has it: the later that is not to come.
        latest = (now + timedelta(days=1)).date().isoformat()
        days = [f"20{y:02d}-{m:02d}-{d:02d}" for y, m, d in ((a, b, c), (c, a, b), (c, b, a)) if _is_day(y, m, d)]
        if past := [day for day in days if day <= latest]:
            return f"{max(past)}T{time}"
    return ""


def _close(heading: str) -> str:
    """A heading without the spaces and line breaks that set it."""
    return "".join(heading.split())


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(datetime(2000 + year, month, day, tzinfo=UTC))
    except ValueError:
        return False
