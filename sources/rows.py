"""The rows of a table file, as every format gives them: sparse, numbered as their program shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MOST_COLUMNS = 16_384  # as Excel has
LONGEST_CELL = 1_000_000  # characters; what is longer is no cell of a table
HEADING_WITHIN = 25  # rows from the top among which the headings are looked for


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number from 1, its cells by column from 0 without the empty ones, and the sheet it stands on.

    `fault` says why it could not be read; it has no cells then. `end` is where it ends in its file, in bytes, for a
    format that can be read on from there.
    """

    number: int
    cells: Mapping[int, str] = field(default_factory=dict)
    fault: str = ""
    sheet: str = ""
    end: int = 0


def shown(path: Path) -> str:
    """A file's name as it can be shown and kept, whatever bytes it is made of."""
    name = path.name.encode("utf-8", "replace").decode()
    name = "".join(char if char.isprintable() else "?" for char in name)
    return name if len(name) <= 80 else f"{name[:60]}…{name[-15:]}"
