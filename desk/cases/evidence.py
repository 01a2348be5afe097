"""Files of evidence (凭据): kept in the data folder by what they hold, so that a changed one shows."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from domain.errors import InputError
from domain.files import read_bytes, whole_file
from domain.private import make_folder

EVIDENCE = "凭据"
LARGEST = 50_000_000  # bytes of a file
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")  # what may stand in a name on every system and in every backup


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of evidence as it is kept: its name, its SHA-256, and whether it was not there before."""

    path: Path
    digest: str
    new: bool

    @property
    def name(self) -> str:
        """The name it is kept under."""
        return self.path.name


def keep_evidence(file: Path, folder: Path | None) -> Kept:
    """A file of evidence, copied into the data folder under a name made of what it holds. Raises InputError."""
    if folder is None:
        raise InputError("没有数据文件夹，不能保存凭据文件。请改填发布页面的网址。", "file")
    try:
        if file.stat().st_size > LARGEST:
            raise InputError(f"凭据文件超过 {LARGEST // 1_000_000} MB。请换一个小一些的文件，或填网址。", "file")
        data = read_bytes(file, LARGEST, "file")
        digest = hashlib.sha256(data).hexdigest()
        suffix = file.suffix.lower()
        name = f"{digest[:16]}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
        make_folder(folder / EVIDENCE)
        path = folder / EVIDENCE / name
        new = not path.exists()
        with whole_file(path, private=True) as partial:
            partial.write_bytes(data)
    except OSError as error:
        raise InputError(f"读不了或存不下凭据文件 {file.name}。请检查文件是否存在、磁盘是否已满。", "file") from error
    return Kept(path, digest, new)
