"""Tables, list pages, article pages and watched folders as anybody might hand them in, and what must be true of them.

Tables are tried in every way they are read in production: whole, from the middle, in parts, unpacked first.
"""

from __future__ import annotations

import asyncio
import csv
import io
import os
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from benchmarks.madeup import addresses, as_bytes, charsets, dates, encodings, markup, pages, texts, tree, words
from benchmarks.madeup import characters as any_character
from benchmarks.soundness import BASE, NOW, ParserUnderTest, sound, sound_all
from domain.article import Article, Source, storable
from sources import folder
from sources.csvrows import csv_rows, layout_of
from sources.http import Web
from sources.links import web_address
from sources.listing import Link
from sources.pages import read_list, read_page
from sources.rows import LONGEST_CELL, MOST_COLUMNS, Row
from sources.spreadsheets import FIELDS, Trouble, articles_of, read_sheet, read_table, read_whole, told
from sources.tablefiles import TableFormat, first_rows, hidden_sheets, kind_of, rows_of
from sources.tableparts import ReadingPosition, read_part, unpack, unpacked_rows

# ---- tables as rows

HEADINGS = [heading for names in FIELDS.values() for heading in names]
headings = st.lists(st.sampled_from([*HEADINGS, "序号", "备注", "标题\n", " 内 容 "]), min_size=1, max_size=6)
numbers = st.one_of(
    st.integers(), st.floats(), st.sampled_from(["45980.5", "2.02611E+13", "1763600000", "=1+1", "#REF!", "－１"])
).map(str)
cells = st.one_of(words, words, dates, addresses, numbers, texts, st.just(""), st.just("供暖不热已经三天"))
rows = st.tuples(
    st.lists(st.lists(cells, max_size=3), max_size=2),  # what stands above the headings
    headings | st.lists(cells, max_size=4),
    st.lists(st.lists(cells, max_size=7), max_size=5),
).map(lambda found: [*found[0], found[1], *found[2]])


def _csv(given: list[list[str]], delimiter: str, end: str, quotes: int, stray: str) -> str:
    """Rows as text: quoted as they should be, not at all, or with a quote too many somewhere."""
    if quotes < 3:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=(csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)[quotes]).writerows(given)  # fmt: skip
        text = out.getvalue()
    else:
        text = "".join(delimiter.join(row) + end for row in given)
    at = len(text) * len(stray) // 7 if stray else 0
    return text[:at] + stray + text[at:]


csv_texts = st.builds(
    _csv,
    rows,
    st.sampled_from([",", ",", "\t", ";", "|"]),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    st.integers(0, 3),
    st.sampled_from(["", "", '"', '""', '",', "sep=;\n", "\x00", '"\n', "\r"]),
)

# ---- XLSX: its parts, which may lack, lie or break off

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
places = st.sampled_from(["", "", "A1", "B2", "ZZZ1", "A0", "A9999999", "é", "1", "XFE1", "AAAA1"])
kinds = st.sampled_from(["", "s", "s", "inlineStr", "str", "n", "b", "e", "d", "x"])
xlsx_cells = st.tuples(places, kinds, st.sampled_from(["", "0", "1", "2", "99999999999", "-1"]), cells, st.booleans())


def _cell(cell: tuple[str, str, str, str, bool]) -> str:
    place, kind, style, value, formula = cell
    said = (f' r="{place}"' if place else "") + (f' t="{kind}"' if kind else "") + (f' s="{style}"' if style else "")
    inner = f"<is><t>{escape(value)}</t></is>" if kind == "inlineStr" else f"<v>{escape(value)}</v>"
    return f"<c{said}>{'<f>SUM(A1)</f>' if formula else ''}{inner}</c>"


def _sheet(given: Sequence[Sequence[Any]], head: Sequence[str], dimension: str, gap: str) -> str:
    top = "".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in head)
    body = "".join(f"<row{gap if i else ''}>{''.join(map(_cell, row))}</row>" for i, row in enumerate(given))
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return f"<worksheet {_NS}><dimension ref={quoteattr(dimension)}/><sheetData><row>{top}</row>{body}</sheetData>{merged}</worksheet>"


sheets = st.builds(
    _sheet,
    st.lists(st.lists(xlsx_cells, max_size=5), max_size=5),
    headings,
    st.sampled_from(["A1:B2", "A1:XFD1048576", "", "x"]),
    st.sampled_from(["", "", ' r="7"', ' r="99999999"', ' r="0"', ' r="-1"', ' r="1"']),
)
strings = st.lists(cells, max_size=4).map(
    lambda found: f"<sst {_NS} count='9' uniqueCount='999999999'>" + "".join(f"<si><t>{escape(text)}</t><rPh><t>x</t></rPh></si>" for text in found) + "</sst>"
)  # fmt: skip
STYLES = f'<styleSheet {_NS}><numFmts><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>'
oddities = st.sampled_from(["whole"] * 8 + ["no strings", "no styles", "no workbook", "cut", "doctype", "hidden", "1904", "tree", "twice"])  # fmt: skip


def _xlsx(given: list[str], shared: str, odd: str, junk: str, packing: int, at: int, noise: bytes) -> bytes:
    hidden, from_1904 = " state='hidden'" if odd == "hidden" else "", " date1904='1'" if odd == "1904" else ""
    named = "".join(f'<sheet name="表{i}" sheetId="{i}" r:id="r{i}"{hidden if i else ""}/>' for i in range(len(given)))
    parts = {
        "xl/workbook.xml": f"<workbook {_NS}><workbookPr{from_1904}/><sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>" + "".join(f'<Relationship Id="r{i}" Target="worksheets/sheet{i + 1}.xml"/>' for i in range(len(given))) + "</Relationships>",
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": shared,
    }  # fmt: skip
    for i, sheet in enumerate(given):
        parts[f"xl/worksheets/sheet{i + 1}.xml"] = sheet
    lacking = {"no strings": "xl/sharedStrings.xml", "no styles": "xl/styles.xml", "no workbook": "xl/workbook.xml"}
    parts.pop(lacking.get(odd, ""), None)
    first = "xl/worksheets/sheet1.xml"
    if first in parts and odd in ("cut", "doctype", "tree"):
        whole = parts[first]
        parts[first] = {
            "cut": whole[: len(whole) * 2 // 3],
            "doctype": '<!DOCTYPE a [<!ENTITY b "c">]>' + whole,
            "tree": f"<worksheet><sheetData><row><c><v>{junk}</v></c></row>{junk}</sheetData></worksheet>",
        }[odd]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packing else zipfile.ZIP_STORED) as packed:
        for name, text in parts.items():
            packed.writestr(zipfile.ZipInfo(name), text.encode("utf-8", "replace"), compress_type=packed.compression)
    body = out.getvalue() * (2 if odd == "twice" else 1)
    at %= len(body) + 1
    return body[:at] + noise + body[at + len(noise) :] if noise else body


xlsx = st.builds(
    _xlsx, st.lists(sheets, max_size=3), strings, oddities, tree(texts, 6), st.integers(0, 1), st.integers(0, 10**6),
    st.one_of(st.just(b""), st.just(b""), st.just(b""), st.binary(max_size=8)),
)  # fmt: skip

# ---- tables as web pages

spans = st.sampled_from(["", "", "", ' colspan="2"', ' rowspan="3"', ' colspan="99999999"', ' rowspan="0"', ' colspan="²"', ' rowspan="-1"'])  # fmt: skip


def _html(given: list[list[str]], span: str, named: str, open_ended: bool, head: str) -> str:
    made = "".join("<tr>" + "".join(f"<{named}{span if (i + j) % 3 == 1 else ''}>{cell}</{named}>" for j, cell in enumerate(row)) + ("" if open_ended else "</tr>") for i, row in enumerate(given))  # fmt: skip
    return head.replace("%s", made)


html_texts = st.builds(
    _html, rows, spans, st.sampled_from(["td", "th"]), st.booleans(),
    st.sampled_from(["<html><body><table>%s</table></body></html>", "<table><tr><td><table>%s</table></table>", "<table>%s",
                     "<table></table><table><thead>%s</thead></table>", "<html>%s</html>", '<?xml version="1.0"?><table>%s</table>']),
)  # fmt: skip


# ---- what must be true of tables


@contextmanager
def _file(body: bytes, name: str = "表.csv") -> Iterator[Path]:
    with TemporaryDirectory(prefix="wenying-") as place:
        path = Path(place) / name
        path.write_bytes(body)
        yield path


def _sound_rows(found: Sequence[Row]) -> int:
    for row in found:
        assert row.number >= 0 and not (row.fault and row.cells), row
        for column, text in row.cells.items():
            assert 0 <= column < MOST_COLUMNS and text.strip() and len(text) <= LONGEST_CELL and "\x00" not in text
    return sum(bool(row.cells) for row in found)


def _sound_found(found: Sequence[Article | Trouble]) -> int:
    for each in found:
        if isinstance(each, Article):
            sound(each)
        else:
            assert each.why and str(each) == storable(str(each))
    return sum(isinstance(each, Article) for each in found)


def _csv_read(body: bytes) -> int:
    """A text table, read whole and from each of its first rows on."""
    with _file(body) as path:
        layout = layout_of(path)
        found = list(csv_rows(path, layout))
        assert [row.number for row in found] == list(range(1, len(found) + 1))
        if not layout.wide:
            assert all(a.end < b.end for a, b in pairwise(found)), found
            for i, row in enumerate(found[:4]):
                if not row.fault:
                    assert list(csv_rows(path, layout, row.end, row.number)) == found[i + 1 :]
        return _sound_rows(found)


def _xlsx_read(body: bytes) -> int:
    with _file(body, "表.xlsx") as path:
        kind = kind_of(path)
        if kind is TableFormat.XLSX:
            assert len(hidden_sheets(path)) <= 300
        found = list(rows_of(path))
        assert kind is TableFormat.TEXT or first_rows(path, 3) == _first(found, 3, kind)
        return _sound_rows(found)


def _first(found: Sequence[Row], most: int, kind: TableFormat) -> list[Row]:
    """The first rows of each sheet."""
    if kind is not TableFormat.XLSX:
        return list(found[:most])
    by_sheet: dict[str, list[Row]] = {}
    for row in found:
        by_sheet.setdefault(row.sheet, []).append(row)
    return [row for of in by_sheet.values() for row in islice(of, most)]


def _html_read(body: bytes) -> int:
    with _file(body, "表.xls") as path:
        return _sound_rows(list(rows_of(path)))


def _sheet_read(body: bytes) -> int:
    """A table of any kind as the office sees it: its preview, then the articles of its rows."""
    with _file(body) as path:
        preview = read_sheet(path)
        assert preview.headings and all(len(row) == len(preview.headings) for row in preview.rows)
        found, troubles = read_whole(path, {}, NOW)
        assert told(troubles) == storable(told(troubles))
        return _sound_found([*found, *troubles])


def _parts_read(body: bytes) -> int:
    """A table read in parts: from wherever the reading stopped, it gives what is left."""
    with _file(body) as path:
        table = read_table(path)
        layout = layout_of(path) if kind_of(path) is TableFormat.TEXT else None
        rows_at = path
        if layout is None or layout.wide:
            rows_at, layout = path.with_suffix(".jsonl"), None
            unpack(path, rows_at)
            unpacked = list(unpacked_rows(rows_at, 0))
        else:
            unpacked = list(csv_rows(path, layout, width=table.width))
        whole = read_part(rows_at, layout, table, ReadingPosition(), NOW)
        assert whole.last and whole.share == 1.0
        for i, row in enumerate(unpacked[:4]):
            if not row.fault:
                rest = read_part(rows_at, layout, table, ReadingPosition(row.end, i + 1), NOW)
                left = [each for each in articles_of(unpacked[i + 1 :], table, NOW) if isinstance(each, Article)]
                assert rest.articles == left and rest.place.rows == len(unpacked)
        return _sound_found([*whole.articles, *whole.troubles])


# ---- pages

hrefs = st.one_of(addresses, st.integers(1, 9).map(lambda i: f"/art/{i}.html"), texts)


def _links(given: list[tuple[str, str, str, str]], head: str, row: str) -> str:
    return head.replace("%s", "".join(row.format(href=quoteattr(href), title=quoteattr(title), text=text, date=date) for href, title, text, date in given))  # fmt: skip


list_pages = st.builds(
    _links,
    st.lists(st.tuples(hrefs, texts, texts | st.just("关于做好供暖工作的通知"), dates), max_size=6),
    st.sampled_from(
        ["<html><head><title>通知</title></head><body><ul>%s</ul></body></html>", "<p>%s</p>", "<base href='http://[x'>%s"]
    ),
    st.sampled_from(["<li><a href={href} title={title}>{text}</a><span>{date}</span></li>", "<a href={href}>{text}</a>{date} ", "<tr><td><a href={href}><b>{text}"]),
)  # fmt: skip
ways = st.sampled_from(
    [{}, {}, {}, {"selector": "a"}, {"selector": "li a"}, {"pattern": r"\d"}, {"selector": "["}, {"pattern": "("}, {"selector": "a:not(", "pattern": 1},
     {"selector": "::x"}, {"selector": "*"}, {"pattern": "(" * 3000}, {"selector": ":has(" * 200}]
)  # fmt: skip
metas = st.sampled_from(["PubDate", "ContentSource", "og:published_time", "source", "description", "title"])


def _article_page(title: str, meta: list[tuple[str, str]], said: str, body: list[str]) -> str:
    head = "".join(f"<meta name={quoteattr(name)} content={quoteattr(value)}>" for name, value in meta)
    text = "".join(f"<p>{each}</p>" for each in body)
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><div>发布时间：{said} 来源：{title}</div><div class='content'>{text}</div></body></html>"


article_pages = st.builds(
    _article_page, texts, st.lists(st.tuples(metas, texts | dates), max_size=3), dates | texts,
    st.lists(texts | st.just("受强冷空气影响，我市今夜起气温骤降，请各单位做好供水管道防冻工作。"), max_size=4),
)  # fmt: skip
link_given = st.builds(
    Link, st.just("http://x.example/art/1.html"), st.sampled_from(["寒潮防御紧急通知", "关于…"]), dates
)


def _list_read(given: tuple[bytes, str | None, str, dict[str, Any]]) -> int:
    body, charset, encoding, options = given
    title, links = read_list(body, charset, encoding, BASE, options)
    assert title == storable(title) and len(links) <= 100 and len({link.url for link in links}) == len(links)
    for link in links:
        assert web_address(link.url) == link.url and len(link.date) < 100
        assert 4 <= len(link.title) <= 300 and link.title == storable(link.title)
    return len(links)


def _page_read(given: tuple[bytes, str | None, Link]) -> int:
    sound(read_page(given[0], given[1], "", given[2], NOW))
    return 1


# ---- watched folders

file_names = st.one_of(
    st.builds(
        "".join,
        st.tuples(
            st.sampled_from(["一", "二", ".藏", "~锁", "a b", "\u202e", "名" * 60]),
            st.sampled_from([".csv", ".xlsx", ".xls", ".txt", ".xml", ".json", ".CSV", ".zip", ""]),
        ),
    ),
    st.text(any_character, min_size=1, max_size=5).map(lambda text: text + ".csv"),
)
memories = st.dictionaries(
    st.text(max_size=3), st.tuples(st.text(max_size=3), st.integers(0, 99), st.floats(0, 2e9), st.text(max_size=3)).map(list), max_size=2
)  # fmt: skip


def _folder_read(given: tuple[dict[str, bytes], dict[str, Any]]) -> int:
    """A folder of files looked at twice: the second time nothing of it is new."""
    files, memory = given
    with TemporaryDirectory(prefix="wenying-") as place:
        for name, body in files.items():
            with_name = Path(place) / name.replace("/", "_").replace("\x00", "_").encode("utf-8", "replace").decode()
            try:
                with_name.write_bytes(body)
                os.utime(with_name, (time.time() - 600,) * 2)
            except OSError:  # no name of a file
                continue
        first = asyncio.run(_looked(Source(1, "folder", place, "夹", memory=memory)))
        assert first.notice == storable(first.notice)
        kept = dict(first.memory or {})
        second = asyncio.run(_looked(Source(1, "folder", place, "夹", memory=kept)))
        assert second.feed is None and second.notice == first.notice
        return sound_all(first.feed.articles) if first.feed else 0


async def _looked(source: Source) -> Any:
    return await folder.read(cast(Web, None), source, frozenset(), NOW)  # it asks no network, which takes long to make


any_table = st.one_of(as_bytes(csv_texts), as_bytes(csv_texts), xlsx, as_bytes(html_texts))
FILE_READERS: dict[str, ParserUnderTest] = {
    "csv": ParserUnderTest(st.one_of(as_bytes(csv_texts), as_bytes(csv_texts), as_bytes(texts)), _csv_read),
    "xlsx": ParserUnderTest(xlsx, _xlsx_read),
    "htmltable": ParserUnderTest(as_bytes(st.one_of(html_texts, html_texts, tree(texts))), _html_read),
    "spreadsheet": ParserUnderTest(any_table, _sheet_read),
    "tableparts": ParserUnderTest(any_table, _parts_read),
    "listpage": ParserUnderTest(
        st.tuples(as_bytes(st.one_of(list_pages, list_pages, pages)), charsets, encodings | st.just(""), ways), _list_read
    ),
    "articlepage": ParserUnderTest(
        st.tuples(as_bytes(st.one_of(article_pages, article_pages, pages)), charsets, link_given), _page_read
    ),
    "folder": ParserUnderTest(
        st.tuples(st.dictionaries(file_names, st.one_of(any_table, as_bytes(markup)), max_size=3), memories), _folder_read
    ),
}  # fmt: skip
