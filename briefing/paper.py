"""Paper after GB/T 9704-2012: page, grid, styles, page numbers, tables; docs/domain.md section 9."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from briefing.faces import BODY, HEI, LATIN, SONG, TITLE

RED = RGBColor(0xD7, 0x00, 0x0F)
WIDTH, FOOT = Mm(156), Mm(262)  # of the 版心: how wide it is, how far its foot lies below the page's edge
LINE = Pt(28.95)  # 225 mm over 22 lines
CLOSE = Pt(24)  # 26 lines, for what must stay on one page
NUMBER_LINE, NUMBER_UP = Pt(20), Mm(25)  # of the page number: its line, and the foot of it above the paper's edge
CELL = 10.5  # pt, 五号: letters in a table
CENTRED = 6  # characters up to which the cells of a column stand in its middle
TIGHTER = 5  # twentieths of a point less between characters: 28 of 16 pt over 156 mm (442.2 pt)


def prepare(document: Any, line: Pt = LINE) -> None:
    """Set up page, document grid with lines so far apart, page numbers and styles."""
    page(document)
    _grid(document, line)
    styles(document, line)


def _grid(document: Any, line: Pt) -> None:
    """22 lines on a full page; the characters' own width and spacing make 28 a line."""
    section = document.sections[0]._sectPr
    for old in section.findall(qn("w:docGrid")):
        section.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(line.pt * 20)))
    section.append(grid)


def page(document: Any) -> None:
    """A4 with the standard's margins, numbers outside on odd and even pages."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = NUMBER_UP
    section.start_type = WD_SECTION.NEW_PAGE
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph.paragraph_format.line_spacing = NUMBER_LINE
        indent = Pt(14)
        if side == WD_ALIGN_PARAGRAPH.RIGHT:
            paragraph.paragraph_format.right_indent = indent
        else:
            paragraph.paragraph_format.left_indent = indent
        for piece in ("— ", None, " —"):
            run = font(paragraph.add_run(piece or ""), SONG, SONG, 14)
            if piece is None:
                _field(run, "PAGE")


def styles(document: Any, line: Pt) -> None:
    """Body, headings and title in the standard's fonts and sizes."""
    normal = document.styles["Normal"]
    _style_font(normal, BODY, 16)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(-TIGHTER))
    normal.element.get_or_add_rPr().append(spacing)
    layout = normal.paragraph_format
    layout.first_line_indent, layout.line_spacing = Pt(32), line
    layout.space_before = layout.space_after = Pt(0)
    layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    layout.widow_control = False  # else a page loses lines of its 22
    heading = document.styles["Heading 1"]
    _style_font(heading, HEI, 16)
    heading.font.bold, heading.font.color.rgb = False, RGBColor(0, 0, 0)
    heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(0)
    heading.paragraph_format.keep_with_next = True
    title = document.styles["Title"]
    _style_font(title, TITLE, 22)
    title.font.color.rgb = RGBColor(0, 0, 0)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.first_line_indent = Pt(0)
    title.paragraph_format.line_spacing = LINE
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(0)
    loose(title.element.get_or_add_pPr())  # else a title of two lines takes four of the grid
    border = title.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        title.element.pPr.remove(border)


def table(document: Any, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    """A table over the whole width, its header row repeated on each page."""
    made = document.add_table(rows=1, cols=len(headings))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    _margins(made)
    unit = 156 / sum(widths)
    short = [all(len(row[i]) <= CENTRED for row in rows) for i in range(len(headings))]
    for column, width in zip(made.columns, widths):
        column.width = Mm(width * unit)
    for i, (cell, heading) in enumerate(zip(made.rows[0].cells, headings)):
        _cell(cell, heading, HEI, widths[i] * unit, True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        added = made.add_row()
        whole = OxmlElement("w:cantSplit")
        added._tr.get_or_add_trPr().append(whole)
        for i, (cell, text) in enumerate(zip(added.cells, row)):
            _cell(cell, text, BODY, widths[i] * unit, short[i])


def _margins(made: Any) -> None:
    """A millimetre between a cell's sides and its letters, so that most rows are one line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(Mm(1).pt * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = made._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    properties.insert(len(properties) if look is None else properties.index(look), margins)


def keep_rows(made: Any, last: int = 3) -> None:
    """Let the last rows of a table stay together, and with what follows it."""
    for row in made.rows[-last:]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _cell(cell: Any, text: str, face: str, width: float, centred: bool) -> None:
    cell.width = Mm(width)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(15)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    loose(paragraph._p.get_or_add_pPr())
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    font(paragraph.add_run(text), face, LATIN, CELL)


def loose(properties: Any) -> None:
    """Let a paragraph, or those of a style, stand by their own line spacing, not by the page's grid."""
    element = OxmlElement("w:snapToGrid")
    element.set(qn("w:val"), "0")
    properties.insert_element_before(element, "w:spacing", "w:ind", "w:jc", "w:rPr")


def plain(document: Any, text: str, face: str, size: float = 16) -> Any:
    """A paragraph without indent."""
    paragraph = document.add_paragraph(style="Normal")
    paragraph.paragraph_format.first_line_indent = Pt(0)
    font(paragraph.add_run(text), face, LATIN, size)
    return paragraph


def font(run: Any, east_asian: str, latin: str = LATIN, size: float = 16) -> Any:
    """Set a run's fonts, East Asian and Latin apart."""
    run.font.name, run.font.size = latin, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east_asian)
    return run


def _style_font(style: Any, east_asian: str, size: float) -> None:
    style.font.name, style.font.size = LATIN, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east_asian)


def _field(run: Any, code: str) -> None:
    for kind, text in (("begin", None), (None, code), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def rule(paragraph: Any, side: str, colour: str, eighths: int, space: int = 4) -> None:
    """A line above or below a paragraph, in eighths of a point, so many points from its text."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(eighths)), ("space", str(space)), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
