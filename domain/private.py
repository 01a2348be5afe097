"""The data folder and what the program keeps in it are for their owner alone, whatever the system's habit (umask)."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import IO, Any

PRIVATE, PRIVATE_FOLDER = 0o600, 0o700
OTHERS = 0o077
PATIENCE = 20  # seconds that Windows has to say who may read a folder
# What the program keeps in a data folder, at its top; what else somebody keeps there is left as it is.
OURS = (
    "wenying.db*",
    "wenying.log*",
    "window.ini*",
    "collector.*",
    "信源密码.*",
    "备份情况.json",
    "闻应演示.txt",
    "演练.json",
    "feeds",
    "凭据",
    "简报",
    "交接班",
    "图解",
    "演练",
    "备份",
    "恢复前_*",
    ".使用中",
    ".恢复中_*",
    ".备份中_*",
    ".试恢复_*",
    ".*.part",
)
# Everyone, Users, Authenticated Users, Interactive, Guests: of Windows' security descriptors (MS-DTYP, 2.5.1.1).
_EVERYBODY = re.compile(r"\(A;[^;)]*;[^;)]*;[^;)]*;[^;)]*;(?:WD|BU|AU|IU|BG|AN)[;)]")


def open_private(path: Path, mode: str) -> IO[Any]:
    """Open a file, of text or of unbuffered bytes; one that is made, is made for its owner alone. Raises OSError."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, PRIVATE)

    if "b" in mode:
        return open(path, mode, buffering=0, opener=opener)
    return open(path, mode, encoding="utf-8", opener=opener)


def make_folder(folder: Path) -> None:
    """Make a folder with its parents; within a private one it is as private. Raises OSError."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in reversed(missing):
        if within_private(path):
            path.chmod(PRIVATE_FOLDER)


def within_private(path: Path) -> bool:
    """Whether a file or folder stands in a folder that is for its owner alone."""
    return sys.platform != "win32" and not path.parent.stat().st_mode & OTHERS


def keep_private(folder: Path) -> None:
    """Take from others what they may do with a data folder and with what is ours in it, as far as it can be taken."""
    if sys.platform == "win32":
        return
    for path in exposed(folder):
        with suppress(OSError):  # doctor tells what stays open
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)


def exposed(folder: Path) -> list[Path]:
    """The folder and what is ours in it, where others on this computer may read or change it."""
    if sys.platform == "win32":
        return [folder] if open_to_everybody(_descriptor(folder)) else []
    return [path for path in (folder, *_ours(folder)) if _open_to_others(path)]


def open_to_everybody(descriptor: str) -> bool:
    """Whether a Windows security descriptor (SDDL) lets in whoever has an account."""
    return bool(_EVERYBODY.search(descriptor))


def _ours(folder: Path) -> Iterator[Path]:
    try:
        paths = [path for path in folder.iterdir() if any(fnmatch(path.name, pattern) for pattern in OURS)]
    except OSError:
        return
    for path in paths:
        yield path
        if path.is_dir() and not path.is_symlink():
            for top, folders, files in os.walk(path):
                yield from (Path(top) / name for name in (*folders, *files))


def _open_to_others(path: Path) -> bool:
    try:
        state = path.lstat()
    except OSError:
        return False
    return not stat.S_ISLNK(state.st_mode) and bool(state.st_mode & OTHERS)


def _descriptor(folder: Path) -> str:
    """What Windows says of who may do what with a folder; by icacls, whose saved form is the same in all languages."""
    with tempfile.TemporaryDirectory() as place:
        said = Path(place) / "acl"
        with suppress(subprocess.TimeoutExpired):
            asked = ["icacls", str(folder), "/save", str(said), "/q"]
            subprocess.run(asked, capture_output=True, timeout=PATIENCE, check=False)
        return said.read_text("utf-16", "replace") if said.exists() else ""
