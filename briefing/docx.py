"""The daily briefing as a Word file in the official layout; GB/T 9704-2012, domain.md section 9."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from briefing.charts import heat_curves
from briefing.compose import FLASH, Issue
from briefing.files import written
from briefing.paper import BODY, HEI, KAI, LATIN, RED, TITLE, font, plain, prepare, rule, table
from domain.times import exact, long_day


def write_docx(issue: Issue, path: Path) -> None:
    """Write the briefing. Raises ExportError, leaving no half file."""
    document = _document(issue)
    written(path, lambda partial: document.save(str(partial)))


def _document(issue: Issue) -> Any:
    document = Document()
    prepare(document)
    document.core_properties.title = issue.title
    document.core_properties.author = issue.office
    document.core_properties.created = issue.made_at.replace(tzinfo=None)
    _head(document, issue)
    for section in issue.sections:
        document.add_paragraph(section.heading, style="Heading 1")
        for i, (lead, text, sources) in enumerate(section.paragraphs, 1):
            paragraph = document.add_paragraph(style="Normal")
            if lead:
                font(paragraph.add_run(f"{i}．{lead}。"), BODY).bold = True
            font(paragraph.add_run(text), BODY)
            if sources:
                font(paragraph.add_run(sources), KAI)
        if section.grid is not None:
            table(document, section.grid.headings, section.grid.rows, section.grid.widths)
    _chart(document, issue)
    _foot(document, issue)
    return document


def _head(document: Any, issue: Issue) -> None:
    notice = plain(document, "内部资料  注意保存", HEI, 16)
    notice.alignment = WD_ALIGN_PARAGRAPH.LEFT
    name = plain(document, issue.kind, TITLE, 42)
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    name.paragraph_format.line_spacing = Pt(60)
    name.runs[0].font.color.rgb = RED
    number = plain(document, f"第{issue.number}期（总第{issue.total_number}期）", BODY, 16)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = plain(document, f"{issue.office}", BODY, 16)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_ALIGN_PARAGRAPH.RIGHT)
    font(line.add_run(f"\t{long_day(issue.day)}"), BODY)
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    if issue.signer:
        signer = plain(document, f"签发人：{issue.signer}", KAI, 16)
        signer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line = signer
    rule(line, "bottom", "D7000F", 18)
    plain(document, "", BODY, 16)
    document.add_paragraph(issue.title, style="Title")
    plain(document, "", BODY, 16)


def _chart(document: Any, issue: Issue) -> None:
    picture = heat_curves(issue.curves, issue.end)
    if picture is None:
        return
    paragraph = plain(document, "", BODY, 16)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=Mm(155))
    shape._inline.docPr.set("descr", "热点话题一周报道量曲线")
    caption = plain(document, "图：热点话题近七日报道量（每 6 小时，含转载）", KAI, 12)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _foot(document: Any, issue: Issue) -> None:
    if issue.kind == FLASH:  # one page, without 版记
        _proof(document, issue)
        return
    plain(document, "", BODY, 16)
    sent = plain(document, "报送：本单位领导", BODY, 14)
    rule(sent, "top", "000000", 8)
    sent.paragraph_format.left_indent = Pt(14)
    made = plain(document, issue.office, BODY, 14)
    made.paragraph_format.left_indent = Pt(14)
    made.paragraph_format.tab_stops.add_tab_stop(Mm(151), WD_ALIGN_PARAGRAPH.RIGHT)
    font(made.add_run(f"\t{long_day(issue.day)}印发"), BODY, LATIN, 14)
    rule(made, "top", "000000", 4)
    rule(made, "bottom", "000000", 8)
    _proof(document, issue)


def _proof(document: Any, issue: Issue) -> None:
    proof = plain(document, f"生成时间 {exact(issue.made_at)}　留痕校验值 {issue.head_hash}", BODY, 9)
    proof.paragraph_format.line_spacing = Pt(14)
    proof.alignment = WD_ALIGN_PARAGRAPH.LEFT
