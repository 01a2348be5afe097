"""The hand-over sheet (交接班单) as a Word file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from docx import Document

from briefing.faces import BODY
from briefing.files import written
from briefing.paper import font, plain, prepare
from domain.errors import ExportError
from domain.files import free_path
from domain.personal import mask_personal
from domain.private import make_folder
from domain.times import china, exact


def write_handover(
    folder: Path,
    office: str,
    shift: tuple[datetime, datetime],
    sections: Sequence[tuple[str, Sequence[str]]],
    remarks: str,
    names: tuple[str, str],
    head: str,
) -> Path:
    """One sheet with its sections, remarks, both names to sign and the head of the record; the path. Raises ExportError."""
    document = Document()
    prepare(document)
    document.add_paragraph(f"{office}交接班单", style="Title")
    plain(document, f"班次：{exact(shift[0])} 至 {exact(shift[1])}", BODY)
    for i, (name, lines) in enumerate(sections):
        document.add_paragraph(f"{'一二三四五六七'[i]}、{name}", style="Heading 1")
        for line in lines or ("无。",):
            font(document.add_paragraph(style="Normal").add_run(mask_personal(line)), BODY)
    document.add_paragraph(f"{'一二三四五六七'[len(sections)]}、其他事项", style="Heading 1")
    font(document.add_paragraph(style="Normal").add_run(mask_personal(remarks) or "无。"), BODY)
    plain(document, f"交班人：{names[0]}　　　　　　　接班人：{names[1]}", BODY)
    plain(document, f"{exact(shift[1])}", BODY)
    plain(document, f"留痕末条 {head}", BODY, 9)
    try:
        make_folder(folder)
    except OSError as error:
        raise ExportError("写不了交接班单。请检查文件夹是否可写、文件是否正在 Word 里打开。") from error
    path = free_path(folder / f"交接班单_{china(shift[1]):%Y-%m-%d_%H%M}.docx")
    return written(path, lambda partial: document.save(str(partial)))
