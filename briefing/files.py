"""Writing a file whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from domain.errors import ExportError
from domain.files import whole_file


def written(path: Path, write: Callable[[Path], object]) -> Path:
    """Let `write` make a file beside the path and put it in its place. Raises ExportError, leaving no half file."""
    if not path.parent.is_dir():
        raise ExportError(f"没有“{path.parent}”这个文件夹。请换一个位置，或先建文件夹。")
    if path.is_dir():
        raise ExportError(f"“{path}”是文件夹。请写上文件名，如 {path.name}/导出{path.suffix}。")
    try:
        with whole_file(path) as partial:
            write(partial)
    except OSError as error:
        raise ExportError(
            f"写不了“{path.name}”。请检查文件夹是否可写、磁盘是否已满、文件是否正在 Word 或 Excel 中打开。"
        ) from error
    return path
