"""The briefing as PDF: the Word file printed by LibreOffice, so that both are the same paper."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from briefing.docx import write_docx
from briefing.faces import TITLE, missing, substitutes
from briefing.files import written
from briefing.issue import Issue
from domain.errors import ExportError

PATIENCE = 120  # seconds
_FACES = re.compile(r"(<w:rFonts [^>]*/>)(<w:b/>)?")
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
        write_docx(issue, Path(folder) / "named.docx", template, remark=substitutes())
        _with_stand_ins(Path(folder) / "named.docx", word)
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


def _with_stand_ins(named: Path, printed: Path) -> None:
    """The Word file as it is printed here: another face in place of each that this machine lacks.

    What stands in for 小标宋 is bold, as that is. The file that people get names the standard's faces.
    """
    lacking = {face: other for face, other in missing().items() if other}

    def put(hit: re.Match[str]) -> str:
        named, bold = hit[1], hit[2] or ""
        for face, other in lacking.items():
            if f'"{face}"' in named:
                named, bold = named.replace(f'"{face}"', f'"{other}"'), "<w:b/>" if face == TITLE else bold
        return named + bold

    with ZipFile(named) as old, ZipFile(printed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("word/") and name.endswith(".xml"):
                part = _FACES.sub(put, part.decode("utf-8")).encode("utf-8")
            new.writestr(name, part)
