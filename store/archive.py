"""The zip that a backup is: written whole, and read as what a stranger may have made."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.errors import InputError, StoreError
from domain.files import regular_file
from domain.private import make_folder

DATABASE, MARK = "wenying.db", "闻应备份.json"
FOLDERS = ("凭据", "简报", "交接班", "图解")
LARGEST_PART = 50_000_000_000  # bytes; a file that claims more is not ours
MOST_FILES = 100_000
LARGEST_MARK = 20_000_000  # bytes
MOST_PACKED = 100  # times smaller; a database of texts packs some four times, zeros a thousand times
MAY_BE_PACKED = 16_000_000  # bytes up to which that does not matter
SPARE = 200_000_000  # bytes that stay free on the disk
BLOCK = 1 << 20
_WINDOWS = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
_BAD = re.compile(r'[\x00-\x1f<>:"|?*\\]')
# What reading a zip raises when it is not as it says.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; early ones say only when they were made."""

    made: str = ""
    who: str = ""
    revision: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    entries: int | None = None
    misfit: int | None = None
    head: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def made_at(self) -> datetime | None:
        """When it was made, None where it does not say."""
        try:
            made = datetime.fromisoformat(self.made)
        except ValueError:
            return None
        return made if made.tzinfo else None


def pack(target: Path, manifest: Callable[[dict[str, str]], dict[str, Any]], files: Mapping[str, Path]) -> None:
    """Write a zip of files under their names; `manifest` is given their hashes. Raises OSError."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        sums = {name: _packed(archive, name, path) for name, path in files.items()}
        archive.writestr(MARK, json.dumps(manifest(sums), ensure_ascii=False, indent=1))


def read_manifest(file: Path) -> Manifest:
    """What a backup says of itself, without looking further. Raises InputError, StoreError."""
    with _opened(file) as archive:
        return _manifest(archive, file)


def verify(file: Path) -> None:
    """Read a backup to its end and compare every file with its hash. Raises InputError, StoreError."""
    with _opened(file) as archive:
        manifest, entries = _manifest(archive, file), _entries(archive, file)
        for entry in entries:
            _compared(manifest, entry, _read(archive, entry, lambda _: None))


def unpack(file: Path, into: Path) -> Manifest:
    """Take a backup apart into an empty folder, within limits, every name and size looked at before and on the way.

    Raises InputError for what is no backup or a doctored one, StoreError for a damaged one or a full disk.
    """
    with _opened(file) as archive:
        manifest, entries = _manifest(archive, file), _entries(archive, file)
        needed = sum(entry.file_size for entry in entries)
        if shutil.disk_usage(into).free < needed + SPARE:
            raise StoreError(f"磁盘放不下：需要 {needed / 1e9:.1f} GB。请清理磁盘后再试，原有数据不受影响。")
        for entry in entries:
            path = into / entry.filename
            make_folder(path.parent)
            with path.open("xb") as out:
                path.chmod(0o600)
                _compared(manifest, entry, _read(archive, entry, out.write))
    return manifest


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with regular_file(file) as opened, zipfile.ZipFile(opened) as archive:
            yield archive
    except BROKEN as error:
        raise StoreError(f"读不了 {file.name}：不是闻应的备份，或已损坏。请换一个备份，原有数据不受影响。") from error
    except FileNotFoundError as error:
        raise InputError(f"没有“{file}”这个文件。请检查文件名。") from error
    except IsADirectoryError as error:
        raise InputError(f"“{file}”是文件夹。请选里面的备份文件。") from error


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    names = archive.namelist()
    if names.count(MARK) != 1 or DATABASE not in names:
        raise InputError(f"{file.name} 不是闻应的备份。请选用 backup 得到的文件。")
    entry = archive.getinfo(MARK)
    if entry.file_size > LARGEST_MARK:
        raise _wrong(file, "说明太大")
    try:
        said = json.loads(archive.read(entry))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise _wrong(file, "说明读不懂") from error
    if not isinstance(said, dict):
        raise _wrong(file, "说明读不懂")
    counts, sums = said.get("counts", {}), said.get("files", {})
    good = isinstance(counts, dict) and all(isinstance(n, int) for n in counts.values())
    good = good and isinstance(sums, dict) and all(isinstance(s, str) for s in sums.values())
    texts = [said.get(key, "") for key in ("made", "who", "revision", "head")]
    figures = [said.get(key) for key in ("entries", "misfit")]
    good = good and all(isinstance(t, str) for t in texts) and all(n is None or isinstance(n, int) for n in figures)
    if not good:
        raise _wrong(file, "说明读不懂")
    made, who, revision, head = texts
    return Manifest(made, who, revision, counts, figures[0], figures[1], head, sums)


def _entries(archive: zipfile.ZipFile, file: Path) -> list[zipfile.ZipInfo]:
    """The files to be taken out, each looked at. Raises InputError for what we would never have written."""
    entries = [entry for entry in archive.infolist() if entry.filename != MARK]
    if len(entries) > MOST_FILES:
        raise _wrong(file, f"文件超过 {MOST_FILES} 个")
    seen: set[str] = set()
    for entry in entries:
        if fault := _fault(entry):
            raise _wrong(file, f"{fault}：{entry.filename[:60]!r}")
        plain = unicodedata.normalize("NFC", entry.filename).casefold()
        if plain in seen:
            raise _wrong(file, f"重名：{entry.filename[:60]!r}")
        seen.add(plain)
    if any(parent in seen for name in seen for parent in _parents(name)):
        raise _wrong(file, "同一个名字既是文件又是文件夹")
    ends = 0
    for entry in sorted(archive.infolist(), key=lambda e: e.header_offset):
        if entry.header_offset < ends:
            raise _wrong(file, "文件互相重叠")
        ends = entry.header_offset + entry.compress_size
    if ends > file.stat().st_size:
        raise _wrong(file, "大小对不上")
    return entries


def may_be_named(name: str) -> bool:
    """Whether a file may be in a backup under a name: in our folders, and writable on every system."""
    parts = name.split("/")
    odd = any(
        part in ("", ".", "..") or part[-1] in ". " or _BAD.search(part) or _WINDOWS.match(part) or len(part) > 200
        for part in parts
    )
    return not odd and (name == DATABASE or (len(parts) > 1 and parts[0] in FOLDERS))


def _fault(entry: zipfile.ZipInfo) -> str:
    """What is wrong with an entry, empty where nothing is."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if entry.orig_filename != entry.filename or not may_be_named(entry.filename):
        return "名字不对"
    if entry.is_dir() or kind not in (0, stat.S_IFREG):
        return "不是普通文件"
    if entry.flag_bits & 0x1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "加密或压缩方式不对"
    packed = entry.file_size > MAY_BE_PACKED and entry.file_size > MOST_PACKED * max(1, entry.compress_size)
    return "大小不合理" if entry.file_size > LARGEST_PART or packed else ""


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:i]) for i in range(1, len(parts))]


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, keep: Callable[[bytes], object]) -> str:
    """Hand on an entry's bytes, never more than it claims; their hash. Raises BadZipFile."""
    digest, size = hashlib.sha256(), 0
    with archive.open(entry) as source:
        while block := source.read(BLOCK):
            size += len(block)
            if size > entry.file_size:
                raise zipfile.BadZipFile("more than it claims")
            digest.update(block)
            keep(block)
    if size != entry.file_size:
        raise zipfile.BadZipFile("less than it claims")
    return digest.hexdigest()


def _compared(manifest: Manifest, entry: zipfile.ZipInfo, digest: str) -> None:
    if manifest.files and manifest.files.get(entry.filename) != digest:
        raise zipfile.BadZipFile("not what the manifest says")


def _packed(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Put a file into a zip; its hash as it was read."""
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as out:
        while block := source.read(BLOCK):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _wrong(file: Path, what: str) -> InputError:
    return InputError(f"{file.name} 的内容不对（{what}），没有恢复，原有数据不受影响。请换一个备份。")
