"""留痕锚点.txt: beside the backups of each place, a line for each head of the record that was backed up."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from domain.errors import InputError, WenyingError
from domain.files import regular_file, whole_file
from domain.record import Head
from domain.times import china

log = logging.getLogger(__name__)
NAME = "留痕锚点.txt"
MOST_LINES, LARGEST = 4_000, 1_000_000  # more than ten years of days; bytes
FIRST_LINE = "闻应留痕锚点：每行是时间、条数、末条校验值。请不要修改。"


def add(place: Path, head: Head, now: datetime) -> None:
    """Add a head to the file in a folder, once; a folder where it cannot be read or written is told of in the log.

    A file that is there and cannot be read is left as it is: written anew, it would lose all that was laid down.
    """
    try:
        lines = _lines(place)
        if head.sequence == 0 or any(line.endswith(str(head)) for line in lines):
            return
        with whole_file(place / NAME) as partial:
            kept = [FIRST_LINE, *lines[-MOST_LINES:], f"{china(now).isoformat()} {head}", ""]
            partial.write_text("\n".join(kept), "utf-8")
    except (OSError, WenyingError) as error:
        log.warning("the anchor of the record could not be written to %s: %s", place, error)


def read(place: Path) -> list[tuple[str, Head]]:
    """The heads in the file of a folder, each with its day; lines that are none are passed over, and so is a file that
    cannot be read.
    """
    found, lines = [], list[str]()
    with suppress(OSError, WenyingError):
        lines = _lines(place)
    for line in lines:
        day, _, head = line.partition(" ")
        try:
            found.append((day[:10], Head.of(head)))
        except InputError:
            continue
    return found


def _lines(place: Path) -> list[str]:
    """The lines of the file; none where there is no file. Raises OSError, InputError."""
    try:
        with regular_file(place / NAME) as file:
            text = file.read(LARGEST).decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    return [line.strip() for line in text.splitlines() if line.strip() and line.strip() != FIRST_LINE]
