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
from briefing.faces import BODY, HEI, KAI, TITLE
from briefing.files import written
from briefing.imprint import imprint
from briefing.issue import Issue, Picture
from briefing.paper import CLOSE, LINE, RED, WIDTH, font, keep_rows, loose, plain, prepare, rule, table
from domain.briefing import IssueKind
from domain.times import china_day, exact, long_day

AFTER_TABLE = Pt(10)  # between a table and the heading that follows
SHORT = 280  # letters of a paragraph that LibreOffice, which never parts one from what it is kept with, may move whole
RED_RULE = 18  # eighths of a point
ABOVE_RULE = Pt(5)  # from the foot of the line above: 4 mm from its letters (GB/T 9704-2012, 7.2.7)


def write_docx(issue: Issue, path: Path, own: bytes | None = None, remark: str = "") -> None:
    """Write the briefing in our layout, or as it is in the office's `own`, already filled.

    It names the standard's faces, wherever it is made. `remark` is what is to be said of how it was made.
    Raises ExportError, leaving no half file.
    """
    if own is not None:
        written(path, lambda partial: partial.write_bytes(own))
        return
    document = _document(issue, remark)
    written(path, lambda partial: document.save(str(partial)))


def _document(issue: Issue, remark: str) -> Any:
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
    _keep_the_end(document)
    _foot(document, issue, remark)
    return document


def set_properties(document: Any, issue: Issue) -> None:
    """What a file manager and a search find it by."""
    properties, head = document.core_properties, issue.head
    properties.title, properties.author, properties.subject = head.title, head.office, head.kind.label
    properties.created = properties.modified = head.made_at.replace(tzinfo=None)
    properties.language, properties.last_modified_by = "zh-CN", head.office
    properties.comments = f"第{head.number}期（总第{head.total_number}期），留痕校验值 {head.head_hash}"


def _head(document: Any, issue: Issue) -> None:
    """All but a 快报, which has one page, stands on whole lines of the grid, so that the first page holds 22 too."""
    head = issue.head
    one_page = head.kind is IssueKind.FLASH
    notice = plain(document, "内部资料  注意保存", HEI, 16)
    notice.alignment = WD_ALIGN_PARAGRAPH.LEFT
    name = plain(document, head.kind.label, TITLE, 42)
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    name.paragraph_format.line_spacing = Pt(60 if one_page else 2 * LINE.pt - ABOVE_RULE.pt - RED_RULE / 8)
    name.runs[0].font.color.rgb = RED
    loose(name._p.get_or_add_pPr())
    issue_number = f"第{head.number}期（总第{head.total_number}期）"
    if one_page:  # which spares the blank lines
        if head.signer:
            _signer(_both_sides(document, f"{issue_number}\t"), head.signer)
        else:
            plain(document, issue_number, BODY, 16)
        rule(_both_sides(document, f"{head.office}\t{long_day(head.dated)}"), "bottom", "D7000F", RED_RULE)
        document.add_paragraph(head.title, style="Title").paragraph_format.space_after = Pt(8)
        return
    number = plain(document, issue_number, BODY, 16)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _both_sides(document, f"{head.office}\t{long_day(head.dated)}")
    if head.signer:
        line = plain(document, "", BODY, 16)
        line.alignment, line.paragraph_format.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(16)
        _signer(line, head.signer)
    under = plain(document, "", BODY, 16)
    rule(under, "top", "D7000F", RED_RULE, 0)
    under.paragraph_format.space_before = ABOVE_RULE
    plain(document, "", BODY, 16)
    document.add_paragraph(head.title, style="Title")
    plain(document, "", BODY, 16)


def _signer(line: Any, name: str) -> None:
    """签发人： in 仿宋, the name alone in 楷体 (GB/T 9704-2012, 7.2.6)."""
    font(line.add_run("签发人："), BODY)
    font(line.add_run(name), KAI)


def _both_sides(document: Any, words: str) -> Any:
    """A line with words at its left and, after a tab, at its right end."""
    line = plain(document, words, BODY, 16)
    line.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_ALIGN_PARAGRAPH.RIGHT)
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    return line


def _pictures(document: Any, issue: Issue) -> None:
    for picture in issue.pictures:
        _picture(document, picture)


def _picture(document: Any, picture: Picture) -> None:
    paragraph = plain(document, "", BODY, 16)
    paragraph.paragraph_format.space_before = Pt(4)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.keep_with_next = True
    loose(paragraph._p.get_or_add_pPr())
    shape = paragraph.add_run().add_picture(io.BytesIO(draw(picture)), width=Mm(155))
    shape._inline.docPr.set("descr", picture.caption)
    caption = plain(document, picture.caption, KAI, 12)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.line_spacing = Pt(18)
    loose(caption._p.get_or_add_pPr())


def _keep_the_end(document: Any) -> None:
    """Let the end of the text go along with what follows it, so that 版记 never stands alone on a page."""
    last = document.element.body[-2]  # the very last are the section's properties
    if document.tables and last is document.tables[-1]._tbl:
        keep_rows(document.tables[-1])
    elif document.paragraphs:
        ending = document.paragraphs[-1]
        ending.paragraph_format.keep_with_next = len(ending.text) <= SHORT


def _foot(document: Any, issue: Issue, remark: str) -> None:
    """What proves the issue, in small letters, then 版记; a 快报 has one page and none."""
    head = issue.head
    proof = plain(document, f"生成时间 {exact(head.made_at)}　留痕校验值 {head.head_hash}　{remark}".strip(), BODY, 9)
    proof.paragraph_format.line_spacing = Pt(14)
    loose(proof._p.get_or_add_pPr())
    proof.alignment = WD_ALIGN_PARAGRAPH.LEFT
    if head.kind is not IssueKind.FLASH:
        proof.paragraph_format.keep_with_next = proof.paragraph_format.keep_together = True
        imprint(document, "本单位领导", head.office, f"{long_day(china_day(head.made_at))}印发")
