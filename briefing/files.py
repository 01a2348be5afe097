"""Writing a file whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from domain.errors import ExportError


def written(path: Path, write: Callable[[Path], object]) -> Path:
    """Let `write` make a file beside the path and put it in its place. Raises ExportError, leaving no half file."""
    if not path.parent.is_dir():
        raise ExportError(f"没有“{path.parent}”这个文件夹。请换一个位置，或先建文件夹。")
    partial = path.with_name(path.name + ".part")
    try:
        write(partial)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ExportError(
            f"写不了“{path.name}”。请检查文件夹是否可写、磁盘是否已满、文件是否正在 Word 或 Excel 中打开。"
        ) from error
    return path
