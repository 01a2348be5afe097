"""The briefing as PDF: the Word file printed by LibreOffice, so that both are the same paper."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from briefing.docx import write_docx
from briefing.files import written
from briefing.issue import Issue
from domain.errors import ExportError

PATIENCE = 120  # seconds
PLACES = ("soffice", "libreoffice", r"C:\\Program Files\\LibreOffice\\program\\soffice.exe")


def libre_office() -> str | None:
    """Where LibreOffice is on this machine; None where it is not."""
    return next((program for place in PLACES if (program := shutil.which(place))), None)


def write_pdf(issue: Issue, path: Path, template: bytes | None = None) -> None:
    """Write the PDF of the Word file. Raises ExportError, also where there is no LibreOffice."""
    office = libre_office()
    if office is None:
        raise ExportError(
            "这台电脑没有安装 LibreOffice，不能直接生成 PDF。请先生成 Word 文件，再在 Word 里另存为 PDF。"
        )
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder) / "briefing.docx"
        write_docx(issue, word, template)
        profile = (Path(folder) / "profile").as_uri()
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", folder]
        try:
            subprocess.run([*command, str(word)], capture_output=True, timeout=PATIENCE, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise ExportError("LibreOffice 没有转成 PDF。请先生成 Word 文件，再在 Word 里另存为 PDF。") from error
        made = word.with_suffix(".pdf")
        if not made.exists():
            raise ExportError("LibreOffice 没有转成 PDF。请先生成 Word 文件，再在 Word 里另存为 PDF。")
        written(path, lambda partial: shutil.copyfile(made, partial))
