"""Odd tables of every format: rows or a Chinese sentence, in bounded memory; and a reading goes on where it stopped."""

import io
import os
import re
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from domain.errors import InputError
from sources.csvrows import csv_rows, layout_of
from sources.htmlrows import html_rows
from sources.rows import MOST_COLUMNS
from sources.spreadsheets import read_table, read_whole
from sources.tablefiles import rows_of
from sources.tableparts import ReadingPosition, clear_scratch, read_part, unpack, unpacked_rows
from sources.workers import Limits, run_within
from sources.xlsxrows import Texts, open_book, xlsx_rows

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def said(*cells):
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"


def sheet(*rows, before="", after=""):
    return f"<worksheet {_NS}>{before}<sheetData>{''.join(rows)}</sheetData>{after}</worksheet>"


def book(*sheets, strings="", styles="", hidden=(), names=None, extra=None, left_out=()):
    """A workbook of these sheets, each with the parts that Excel would write, save those left out."""
    named = "".join(f'<sheet name="表{i}" sheetId="{i + 1}" r:id="r{i}"{" state=" + chr(34) + "hidden" + chr(34) if i in hidden else ""}/>' for i in range(len(sheets)))  # fmt: skip
    parts = {
        "xl/workbook.xml": f"<workbook {_NS}><sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>" + "".join(f'<Relationship Id="r{i}" Target="worksheets/sheet{i + 1}.xml"/>' for i in range(len(sheets))) + "</Relationships>",
        **{f"xl/worksheets/sheet{i + 1}.xml": each for i, each in enumerate(sheets)},
        **({"xl/sharedStrings.xml": strings} if strings else {}),
        **({"xl/styles.xml": styles} if styles else {}),
        **(extra or {}),
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            if name not in left_out:
                packed.writestr(name, text)
    return out.getvalue()


HEAD = said("标题", "内容", "时间")
ROW = said("供暖不热已经三天", "老人受冻", "2026-11-19 08:00")
GOOD = book(sheet(HEAD, ROW))
TITLE = "供暖不热已经三天"
CSV = f"标题,内容,时间\n{TITLE},老人受冻,2026-11-19 08:00\n"
DATES = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'


def html(*rows, inside="table"):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><{inside}>{cells}</{inside}></body></html>".encode()


# name → (bytes, whether its one row with TITLE is found; None: either that or a sentence)
ODD = {
    "plain csv": (CSV.encode(), True),
    "gb18030": (CSV.encode("gb18030"), True),
    "gb18030 with CR only": (CSV.replace("\n", "\r").encode("gb18030"), True),
    "utf-8 with a mark and CR only": (CSV.replace("\n", "\r").encode("utf-8-sig"), True),
    "utf-16": (CSV.encode("utf-16"), True),
    "utf-16 without a mark": (CSV.encode("utf-16-le"), None),
    "utf-32": (CSV.encode("utf-32"), True),
    "big5": (CSV.replace(TITLE, "供水停了三天").encode("big5", "replace"), None),
    "mixed encodings": (CSV.encode() + "停水两天了,没水,昨天\n".encode("gb18030"), True),
    "cut in a character": (CSV.encode()[:-1] + "完".encode()[:2], True),
    "NUL in cells": (CSV.replace(TITLE, TITLE[:2] + "\x00" + TITLE[2:]).encode(), True),
    "NUL only": (b"\x00" * 5000, False),
    "lone surrogate": (CSV.encode() + "半\ud800个字,x,昨天\n".encode("utf-8", "surrogatepass"), True),
    "empty": (b"", False),
    "blanks": (b" \r\n \n\t\n", False),
    "headings only": (CSV.encode().splitlines()[0], False),
    "one column": (f"标题\n{TITLE}\n".encode(), True),
    "one column without a heading": (f"{TITLE}\n停水两天了\n".encode(), None),
    "headings in row 5": (f"某某热线日报\n\n,,\n制表：王二,,\n{CSV}".encode(), True),
    "headings twice": ((CSV + CSV.splitlines()[0] + "\n").encode(), True),
    "unclosed quote": (CSV.replace("老人", '"老人').encode() + "停水两天了,没水,昨天\n".encode(), None),
    "unclosed quote at the end": (CSV.encode() + '停水两天了,"没水,昨天\n'.encode(), True),
    "quotes inside": (CSV.replace("老人受冻", '老人"受"冻').encode(), True),
    "quote alone": (b'"', False),
    "line breaks in a cell": (CSV.replace("老人受冻", '"老人\n\n受冻"').encode(), True),
    "semicolons": (CSV.replace(",", ";").encode(), True),
    "tabs": (CSV.replace(",", "\t").encode(), True),
    "said delimiter": (("sep=|\n" + CSV.replace(",", "|")).encode(), True),
    "ragged": (CSV.encode() + b"a\n" + b"b," * 50 + b"\n", True),
    "twenty thousand columns": (CSV.encode() + b"," * 20_000 + b"\n", True),
    "a long line": (CSV.encode() + b"x" * 9_000_000 + b"\n", True),
    "dates as text": (CSV.replace("2026-11-19 08:00", "二〇二六年十一月").encode(), True),
    "formula": (CSV.replace("老人受冻", "=HYPERLINK(1)").encode(), True),
    "plain xlsx": (GOOD, True),
    "merged head": (book(sheet(said("热线", "", ""), HEAD, ROW, after='<mergeCells><mergeCell ref="A1:C1"/></mergeCells>')), True),
    "empty sheet first": (book(sheet(), sheet(HEAD, ROW)), True),
    "empty sheets": (book(sheet(), sheet()), False),
    "all sheets hidden": (book(sheet(HEAD, ROW), hidden=(0,)), False),
    "huge declared dimension": (book(sheet(HEAD, ROW, before='<dimension ref="A1:XFD1048576"/>')), True),
    "shared strings missing": (book(sheet(HEAD, ROW, '<row><c t="s"><v>7</v></c></row>')), True),
    "shared strings broken": (book(sheet(HEAD, ROW), strings="<sst><si><t>"), False),
    "shared number that is none": (book(sheet(HEAD, ROW, '<row><c t="s"><v>x</v></c></row>'), strings="<sst/>"), True),
    "formulas and faults": (book(sheet(HEAD, ROW, '<row><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c><f>SUM(A1)</f><v>3</v></c></row>')), True),
    "numbers as dates": (book(sheet(HEAD, said(TITLE, "x").replace("</row>", '<c s="1"><v>45980.5</v></c></row>')), styles=DATES), True),
    "date beyond all calendars": (book(sheet(HEAD, said(TITLE, "x").replace("</row>", '<c s="1"><v>1e300</v></c></row>')), styles=DATES), True),
    "places that lie": (book(sheet(HEAD, ROW, '<row r="99999999"><c r="ZZZ9999999"><v>1</v></c><c r="é"><v>1</v></c></row>')), True),
    "half a character": (book(sheet(HEAD, ROW, said("停水_xD800_两天", "x"))), True),
    "sheet cut off": (book(sheet(HEAD, ROW, ROW)[:-90]), None),
    "sheet that is no XML": (book("no xml"), False),
    "document type": (book('<!DOCTYPE a [<!ENTITY b "c">]>' + sheet(HEAD, ROW)), False),
    "no workbook": (book(sheet(HEAD, ROW), left_out=("xl/workbook.xml",)), False),
    "no relations": (book(sheet(HEAD, ROW), left_out=("xl/_rels/workbook.xml.rels",)), True),
    "file cut off": (GOOD[: len(GOOD) * 2 // 3], False),
    "a zip of something": (book(extra={"a.txt": "x"}, left_out=("xl/workbook.xml",)), False),
    "ods": (book(extra={"mimetype": "x", "content.xml": "<x/>"}), False),
    "plain html": (html(("标题", "内容"), (TITLE, "冻")), True),
    "html, joined cells": (html(("标题", "内容"), (TITLE, "冻")).replace(b"<td>", b'<td colspan="99999999" rowspan="0">', 1), None),
    "html without a table": (b"<html><body><p>x</p></body></html>", False),
    "html without a row": (b"<html><table></table></html>", False),
    "html, table in a table": (html(("标题", "内容"), (TITLE, html(("x",)).decode())), True),
    "html, never closed": (f"<table><tr><td>标题<td>内容<tr><td>{TITLE}<td>冻".encode(), True),
    "xls": (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, False),
    "picture": (b"\x89PNG\r\n" + bytes(range(256)), False),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_table_gives_its_rows_or_a_sentence(tmp_path, name):
    body, found = ODD[name]
    path = tmp_path / "热线.csv"
    path.write_bytes(body)
    try:
        articles, troubles = read_whole(path, {}, NOW)
    except InputError as error:
        assert not found and re.search("[\u4e00-\u9fff]{4}", str(error)) and "意料之外" not in str(error)
        return
    assert found is not False
    assert found is None or TITLE in {article.title for article in articles}
    for trouble in troubles:
        assert re.search("[\u4e00-\u9fff]{3}", trouble.why)


@pytest.mark.parametrize("name", [name for name, (_, found) in ODD.items() if found])
def test_reading_that_stops_goes_on_with_the_next_row(tmp_path, name):
    path, rows = tmp_path / "热线.csv", tmp_path / "rows.jsonl"
    path.write_bytes(ODD[name][0])
    table = read_table(path)
    unpack(path, rows)
    assert [row.cells for row in unpacked_rows(rows, 0)] == [row.cells for row in rows_of(path)]
    whole = read_part(rows, None, table, ReadingPosition(), NOW)
    seen = list(unpacked_rows(rows, 0))
    for i, row in enumerate(seen[:20]):
        rest = read_part(rows, None, table, ReadingPosition(row.end, i + 1), NOW)
        assert rest.articles == whole.articles[len(whole.articles) - len(rest.articles) :]
        assert rest.place.rows == len(seen)


@pytest.mark.parametrize("name", [name for name, (body, found) in ODD.items() if found and b"," in body[:40]])
def test_text_table_is_read_on_from_any_byte_where_a_row_ends(tmp_path, name):
    path = tmp_path / "热线.csv"
    path.write_bytes(ODD[name][0])
    layout = layout_of(path)
    rows = list(csv_rows(path, layout))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    if not layout.wide:
        for i, row in enumerate(rows[:20]):
            assert list(csv_rows(path, layout, row.end, i + 1)) == rows[i + 1 :]


def counted(path):
    """How many rows and texts a file has, each looked at and let go."""
    return sum(1 for row in rows_of(path) if row.cells)


BOMBS = {
    "one shared text without end": lambda: book(sheet(HEAD, ROW), strings="<sst><si><t>" + "a" * 80_000_000 + "</t></si></sst>"),
    "more empty cells in a row than a sheet has": lambda: book(sheet(HEAD, "<row>" + "<c/>" * 600_000 + "</row>", ROW)),
    "rows of nothing": lambda: book(sheet(HEAD, "<row/>" * 600_000, ROW)),
    "shared texts without end": lambda: book(sheet(HEAD, ROW), strings="<sst>" + "<si><t>abcdefgh</t></si>" * 400_000 + "</sst>"),
    "a cell without end": lambda: book(sheet(HEAD, said("x" * 60_000_000, "b"), ROW)),
    "a cell of half a million runs": lambda: book(sheet(HEAD, "<row><c t='inlineStr'><is>" + "<r><t>ab</t></r>" * 500_000 + "</is></c></row>", ROW)),
    "an element that is never closed": lambda: book(sheet(HEAD, ROW, "<row>" * 300_000)),
    "an attribute without end": lambda: book(sheet(HEAD, f'<row r="{"1" * 30_000_000}"/>', ROW)),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_workbook_that_unfolds_is_read_in_little_memory(tmp_path, name):
    path = tmp_path / "热线.xlsx"
    path.write_bytes(BOMBS[name]())
    assert path.stat().st_size < 5_000_000
    with suppress(InputError):  # a sentence about the table; a ReaderEndedError would be a failure
        assert run_within(Limits(120.0, 128, 300.0), counted, path) >= 1


def test_readers_of_one_format_bound_what_they_give(tmp_path):
    path = tmp_path / "表"
    path.write_bytes(html(["标题"] * 30_000))
    assert max(next(html_rows(path)).cells) < MOST_COLUMNS
    path.write_bytes(("标题" + "," * 40_000 + "x\n").encode())
    assert max(next(csv_rows(path, layout_of(path))).cells) < MOST_COLUMNS
    path.write_bytes(book(sheet(said(*"标" * 20_000))))
    packed, found = open_book(path)
    with packed:
        texts = Texts(packed, found)
        assert max(next(xlsx_rows(packed, found, texts)).cells) < MOST_COLUMNS
        texts.close()


@pytest.mark.parametrize("link", ["http://x:99999999/", "http://x:端口/", "http://[x", "javascript:alert(1)", "无"])
def test_row_with_a_link_that_no_browser_opens_is_read_without_it(tmp_path, link):
    path = tmp_path / "热线.csv"
    path.write_text(f"标题,链接\n{TITLE},{link}\n另一个供暖不热,https://x.example/a/1\n", "utf-8")
    articles, _ = read_whole(path, {}, NOW)
    assert [item.url for item in articles] == ["", "https://x.example/a/1"]


def test_what_a_killed_import_unpacked_is_cleared_away_and_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    places = [f"wenying-{int(gone.stdout)}-a", f"wenying-{os.getpid()}-b", "wenying-notes", "other"]
    for name in places:
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows.jsonl").write_text("群众留言", "utf-8")
    clear_scratch()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(places[1:])
