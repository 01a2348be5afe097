"""A briefing as a Word file in the official layout; GB/T 9704-2012, docs/domain.md section 9."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from briefing.charts import draw
from briefing.compose import ended
from briefing.faces import BODY, HEI, KAI, LATIN, TITLE
from briefing.files import written
from briefing.issue import Issue, Picture
from briefing.paper import CLOSE, LINE, RED, font, plain, prepare, rule, table
from domain.briefing import IssueKind
from domain.times import china_day, exact, long_day

AFTER_TABLE = Pt(10)  # between a table and the heading that follows


def write_docx(issue: Issue, path: Path, own: bytes | None = None) -> None:
    """Write the briefing in our layout, or as it is in the office's `own`, already filled.

    Raises ExportError, leaving no half file.
    """
    if own is not None:
        written(path, lambda partial: partial.write_bytes(own))
        return
    document = _document(issue)
    written(path, lambda partial: document.save(str(partial)))


def _document(issue: Issue) -> Any:
    document = Document()
    prepare(document, CLOSE if issue.head.kind is IssueKind.FLASH else LINE)
    set_properties(document, issue)
    _head(document, issue)
    after_table = False
    for section in issue.sections:
        if section is issue.sections[-1] and issue.cited:  # the sources come last, after the pictures
            _pictures(document, issue)
        heading = document.add_paragraph(section.heading, style="Heading 1")
        if after_table:
            heading.paragraph_format.space_before = AFTER_TABLE
        after_table = section.grid is not None
        leads = 0
        for item in section.paragraphs:
            paragraph = document.add_paragraph(style="Normal")
            if item.lead:
                leads += 1
                font(paragraph.add_run(f"{leads}．{ended(item.lead)}"), BODY).bold = True
            font(paragraph.add_run(issue.told(item)), BODY)
            if item.sources:
                font(paragraph.add_run(item.sources), KAI)
        if section.grid is not None:
            table(document, section.grid.headings, section.grid.rows, section.grid.widths)
    if not issue.cited:
        _pictures(document, issue)
    _foot(document, issue)
    return document


def set_properties(document: Any, issue: Issue) -> None:
    """What a file manager and a search find it by."""
    properties, head = document.core_properties, issue.head
    properties.title, properties.author, properties.subject = head.title, head.office, head.kind.label
    properties.created = properties.modified = head.made_at.replace(tzinfo=None)
    properties.language, properties.last_modified_by = "zh-CN", head.office
    properties.comments = f"第{head.number}期（总第{head.total_number}期），留痕校验值 {head.head_hash}"


def _head(document: Any, issue: Issue) -> None:
    head = issue.head
    notice = plain(document, "内部资料  注意保存", HEI, 16)
    notice.alignment = WD_ALIGN_PARAGRAPH.LEFT
    name = plain(document, head.kind.label, TITLE, 42)
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    name.paragraph_format.line_spacing = Pt(60)
    name.runs[0].font.color.rgb = RED
    one_page = head.kind is IssueKind.FLASH
    issue_number, signer = f"第{head.number}期（总第{head.total_number}期）", f"签发人：{head.signer}"
    if one_page:  # which spares two lines
        line = _both_sides(document, issue_number, signer if head.signer else "", KAI)
    else:
        number = plain(document, issue_number, BODY, 16)
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = _both_sides(document, head.office, long_day(head.dated), BODY)
    if head.signer and not one_page:
        line = plain(document, signer, KAI, 16)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    rule(line, "bottom", "D7000F", 18)
    if not one_page:
        plain(document, "", BODY, 16)
    document.add_paragraph(head.title, style="Title")
    if not one_page:
        plain(document, "", BODY, 16)


def _both_sides(document: Any, left: str, right: str, face: str) -> Any:
    """A line with words at its left and at its right end."""
    line = plain(document, left, BODY, 16)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_ALIGN_PARAGRAPH.RIGHT)
    font(line.add_run(f"\t{right}"), face)
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    return line


def _pictures(document: Any, issue: Issue) -> None:
    for picture in issue.pictures:
        _picture(document, picture)


def _picture(document: Any, picture: Picture) -> None:
    paragraph = plain(document, "", BODY, 16)
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(draw(picture)), width=Mm(155))
    shape._inline.docPr.set("descr", picture.caption)
    caption = plain(document, picture.caption, KAI, 12)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _foot(document: Any, issue: Issue) -> None:
    head = issue.head
    if head.kind is not IssueKind.FLASH:  # one page, without 版记
        plain(document, "", BODY, 16)
        sent = plain(document, "报送：本单位领导", BODY, 14)
        rule(sent, "top", "000000", 8)
        sent.paragraph_format.left_indent = Pt(14)
        made = plain(document, head.office, BODY, 14)
        made.paragraph_format.left_indent = Pt(14)
        made.paragraph_format.tab_stops.add_tab_stop(Mm(151), WD_ALIGN_PARAGRAPH.RIGHT)
        font(made.add_run(f"\t{long_day(china_day(head.made_at))}印发"), BODY, LATIN, 14)
        rule(made, "top", "000000", 4)
        rule(made, "bottom", "000000", 8)
    proof = plain(document, f"生成时间 {exact(head.made_at)}　留痕校验值 {head.head_hash}", BODY, 9)
    proof.paragraph_format.line_spacing = Pt(14)
    proof.alignment = WD_ALIGN_PARAGRAPH.LEFT
