"""The daily briefing as a Word file in the official layout; GB/T 9704-2012, domain.md section 9."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from briefing.charts import heat_curves
from briefing.compose import Grid, compose, hottest, title_of
from briefing.facts import Facts
from domain.errors import ExportError
from domain.times import exact, long_day

BODY, KAI, HEI, TITLE, LATIN = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "Times New Roman"
RED = RGBColor(0xD7, 0x00, 0x0F)
LINE = Pt(28.95)  # 225 mm over 22 lines


def write_docx(facts: Facts, path: Path) -> None:
    """Write the briefing. Raises ExportError, leaving no half file."""
    document = _document(facts)
    partial = path.with_name(path.name + ".part")
    try:
        document.save(str(partial))
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ExportError(
            f"写不了“{path.name}”。请检查文件夹是否可写、磁盘是否已满、文件是否正在 Word 中打开。"
        ) from error


def _document(facts: Facts) -> Any:
    document = Document()
    _page(document)
    _styles(document)
    document.core_properties.title = title_of(facts)
    document.core_properties.author = facts.office
    document.core_properties.created = facts.made_at.replace(tzinfo=None)
    _head(document, facts)
    for section in compose(facts):
        document.add_paragraph(section.heading, style="Heading 1")
        for i, (lead, text, sources) in enumerate(section.paragraphs, 1):
            paragraph = document.add_paragraph(style="Normal")
            if lead:
                _font(paragraph.add_run(f"{i}．{lead}。"), BODY).bold = True
            _font(paragraph.add_run(text), BODY)
            if sources:
                _font(paragraph.add_run(sources), KAI)
        if section.grid is not None:
            _table(document, section.grid)
    _chart(document, facts)
    _foot(document, facts)
    return document


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)
    section.start_type = WD_SECTION.NEW_PAGE
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.first_line_indent = Pt(0)
        indent = Pt(14)
        if side == WD_ALIGN_PARAGRAPH.RIGHT:
            paragraph.paragraph_format.right_indent = indent
        else:
            paragraph.paragraph_format.left_indent = indent
        for piece in ("— ", None, " —"):
            run = _font(paragraph.add_run(piece or ""), "宋体", "宋体", 14)
            if piece is None:
                _field(run, "PAGE")


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _style_font(normal, BODY, 16)
    layout = normal.paragraph_format
    layout.first_line_indent, layout.line_spacing = Pt(32), LINE
    layout.space_before = layout.space_after = Pt(0)
    layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
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
    border = title.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        title.element.pPr.remove(border)


def _head(document: Any, facts: Facts) -> None:
    notice = _plain(document, "内部资料  注意保存", HEI, 16)
    notice.alignment = WD_ALIGN_PARAGRAPH.LEFT
    name = _plain(document, "每日舆情简报", TITLE, 42)
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    name.paragraph_format.line_spacing = Pt(60)
    name.runs[0].font.color.rgb = RED
    number = _plain(document, f"第{facts.number}期（总第{facts.total_number}期）", BODY, 16)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = _plain(document, f"{facts.office}", BODY, 16)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_ALIGN_PARAGRAPH.RIGHT)
    _font(line.add_run(f"\t{long_day(facts.day)}"), BODY)
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    if facts.signer:
        signer = _plain(document, f"签发人：{facts.signer}", KAI, 16)
        signer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line = signer
    _rule(line, "bottom", "D7000F", 18)
    _plain(document, "", BODY, 16)
    document.add_paragraph(title_of(facts), style="Title")
    _plain(document, "", BODY, 16)


def _table(document: Any, grid: Grid) -> None:
    table = document.add_table(rows=1, cols=len(grid.headings))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    unit = 156 / sum(grid.widths)
    for column, width in zip(table.columns, grid.widths):
        column.width = Mm(width * unit)
    for i, (cell, heading) in enumerate(zip(table.rows[0].cells, grid.headings)):
        _cell(cell, heading, HEI, grid.widths[i] * unit, True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in grid.rows:
        added = table.add_row()
        whole = OxmlElement("w:cantSplit")
        added._tr.get_or_add_trPr().append(whole)
        for i, (cell, text) in enumerate(zip(added.cells, row)):
            _cell(cell, text, BODY, grid.widths[i] * unit, len(text) <= 5)


def _cell(cell: Any, text: str, font: str, width: float, centred: bool) -> None:
    cell.width = Mm(width)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(18)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    _font(paragraph.add_run(text), font, LATIN, 12)


def _chart(document: Any, facts: Facts) -> None:
    picture = heat_curves([(fact.topic.name, fact.hours) for fact in hottest(facts)], facts.end)
    if picture is None:
        return
    paragraph = _plain(document, "", BODY, 16)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=Mm(155))
    shape._inline.docPr.set("descr", "热点话题一周报道量曲线")
    caption = _plain(document, "图：热点话题近七日报道量（每 6 小时，含转载）", KAI, 12)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _foot(document: Any, facts: Facts) -> None:
    _plain(document, "", BODY, 16)
    sent = _plain(document, "报送：本单位领导", BODY, 14)
    _rule(sent, "top", "000000", 8)
    sent.paragraph_format.left_indent = Pt(14)
    made = _plain(document, facts.office, BODY, 14)
    made.paragraph_format.left_indent = Pt(14)
    made.paragraph_format.tab_stops.add_tab_stop(Mm(151), WD_ALIGN_PARAGRAPH.RIGHT)
    _font(made.add_run(f"\t{long_day(facts.day)}印发"), BODY, LATIN, 14)
    _rule(made, "top", "000000", 4)
    _rule(made, "bottom", "000000", 8)
    proof = _plain(document, f"生成时间 {exact(facts.made_at)}　留痕校验值 {facts.head_hash}", BODY, 9)
    proof.paragraph_format.line_spacing = Pt(14)
    proof.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _plain(document: Any, text: str, font: str, size: float) -> Any:
    paragraph = document.add_paragraph(style="Normal")
    paragraph.paragraph_format.first_line_indent = Pt(0)
    _font(paragraph.add_run(text), font, LATIN, size)
    return paragraph


def _font(run: Any, east_asian: str, latin: str = LATIN, size: float = 16) -> Any:
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


def _rule(paragraph: Any, side: str, colour: str, eighths: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
