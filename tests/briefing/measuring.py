"""Measuring a printed page as one does with a ruler: poppler draws it at 600 dpi, and ink is looked for; millimetres."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

DOTS = 600 / 25.4  # a millimetre
Image.MAX_IMAGE_PIXELS = None  # an A4 page is 35 million


@dataclass(frozen=True)
class Rule:
    """A horizontal line of ink: its edges, from the paper's left and upper edge."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Line:
    """A line of text: where its ink begins and ends."""

    top: float
    bottom: float
    left: float
    right: float


class Page:
    """One page of a PDF."""

    def __init__(self, pdf: Path, number: int) -> None:
        asked = ["pdftoppm", "-r", "600", "-gray", "-f", str(number), "-l", str(number), str(pdf)]
        drawn = subprocess.run(asked, capture_output=True, check=True).stdout
        kind, size, _, dots = drawn.split(b"\n", 3)
        assert kind == b"P5"
        width, height = map(int, size.split())
        self.ink = np.frombuffer(dots, np.uint8).reshape(height, width) < 160

    def rules(self, least: float) -> list[Rule]:
        """Lines of ink longer than so many millimetres without a gap, from the top."""
        long = [
            (y, *run)
            for y in map(int, np.flatnonzero(self.ink.sum(axis=1) >= least * DOTS))
            if (run := _longest(self.ink[y], least))
        ]
        groups: list[list[tuple[int, int, int]]] = []
        for y, a, b in long:
            if groups and groups[-1][-1][0] == y - 1:
                groups[-1].append((y, a, b))
            else:
                groups.append([(y, a, b)])
        return [
            Rule(min(a for _, a, _ in g) / DOTS, max(b for *_, b in g) / DOTS, g[0][0] / DOTS, (g[-1][0] + 1) / DOTS)
            for g in groups
        ]

    def lines(self, top: float, bottom: float) -> list[Line]:
        """The lines of text between two heights; letters that touch no other line."""
        a, b = round(top * DOTS), round(bottom * DOTS)
        full = np.concatenate([[False], self.ink[a:b].any(axis=1), [False]])
        edges = np.flatnonzero(full[1:] != full[:-1]).reshape(-1, 2)
        joined: list[list[int]] = []
        for begin, end in edges:
            if joined and begin - joined[-1][1] < 0.8 * DOTS:  # a dot and its stroke
                joined[-1][1] = int(end)
            else:
                joined.append([int(begin), int(end)])
        found = []
        for begin, end in joined:
            columns = np.flatnonzero(self.ink[a + begin : a + end].any(axis=0))
            found.append(Line((a + begin) / DOTS, (a + end) / DOTS, columns[0] / DOTS, (columns[-1] + 1) / DOTS))
        return found


def _longest(row: np.ndarray, least: float) -> tuple[int, int] | None:
    full = np.concatenate([[False], row, [False]])
    runs = np.flatnonzero(full[1:] != full[:-1]).reshape(-1, 2)
    best = runs[np.argmax(runs[:, 1] - runs[:, 0])]
    return (int(best[0]), int(best[1])) if best[1] - best[0] >= least * DOTS else None


def pages_of(pdf: Path) -> int:
    """How many pages a PDF has."""
    told = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages")))
