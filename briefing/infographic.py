"""图解: a response as a picture for publishing: title, three points, progress; 河南省2019年政务公开工作要点, item 3."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from briefing.files import written
from domain.errors import InputError
from domain.personal import mask_personal
from domain.times import long_day

BOLD_FONTS = ("Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "SimHei", "Noto Sans CJK JP")
GROUND, INK, SOFT, BLUE, RED, LINE = "#F6F7F9", "#1D2129", "#5B6472", "#2459C6", "#C9302C", "#D5DAE3"
MOST_POINTS, MOST_STEPS = 3, 4
POINT_LENGTH, TITLE_LENGTH = 90, 40  # characters that stay legible on a telephone
_OPENING = "（《“‘("  # never at the end of a line
_HANGING = "，。！？；：、）》”’…%"  # never at the beginning of a line


class Size(Enum):
    """For what a picture is made, width × height in pixels."""

    WECHAT = ("微信", 1080, 1440)
    WEBSITE = ("网站", 1600, 900)

    def __init__(self, label: str, width: int, height: int) -> None:
        self.label, self.width, self.height = label, width, height


@dataclass(frozen=True, slots=True)
class Points:
    """What the picture says; `steps` are (when, what) of the progress, the oldest first."""

    title: str
    points: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    office: str
    day: date

    def checked(self) -> Points:
        """Masked, without empty lines. Raises InputError where it would not be legible."""
        points = tuple(mask_personal(p.strip()) for p in self.points if p.strip())
        if not self.title.strip() or not points:
            raise InputError("图解要有标题和至少一条要点。")
        if len(self.title) > TITLE_LENGTH:
            raise InputError(f"标题请控制在 {TITLE_LENGTH} 个字以内，手机上才看得清。")
        long = [i for i, p in enumerate(points, 1) if len(p) > POINT_LENGTH]
        if long:
            raise InputError(f"第 {long[0]} 条要点超过 {POINT_LENGTH} 个字，请精简。")
        steps = tuple((when, mask_personal(what)) for when, what in self.steps)[-MOST_STEPS:]
        return Points(mask_personal(self.title.strip()), points[:MOST_POINTS], steps, self.office, self.day)


def write_infographic(points: Points, size: Size, path: Path) -> Path:
    """Write the picture as .png. Raises InputError, or ExportError where the file cannot be written."""
    made = drawn(points, size)
    return written(path, lambda partial: made.save(partial, "PNG"))


def drawn(points: Points, size: Size) -> Image.Image:
    """The picture. Raises InputError where it would not be legible."""
    points = points.checked()
    image = Image.new("RGB", (size.width, size.height), GROUND)
    pen = ImageDraw.Draw(image)
    wide = size.width > size.height
    edge = 72
    pen.rectangle((0, 0, size.width, 14), fill=BLUE)
    y = 72 + _text(pen, (edge, 72), points.title, 60, INK, size.width - 2 * edge, bold=True)
    pen.rectangle((edge, y + 16, edge + 120, y + 24), fill=RED)
    y += 64
    foot = size.height - 96
    split = edge + int((size.width - 2 * edge) * 0.6) if wide and points.steps else size.width - edge
    bottom = _points(pen, points.points, edge, y, split - (40 if wide else 0), 36 if wide else 38)
    if points.steps:
        left, top = (split + 20, y) if wide else (edge, bottom + 16)
        _steps(pen, points.steps, left, top, size.width - edge, foot - 12)
    pen.line((edge, foot, size.width - edge, foot), fill=LINE, width=2)
    pen.text((edge, foot + 26), points.office, font=_font(28), fill=SOFT)
    day = long_day(points.day)
    pen.text((size.width - edge - pen.textlength(day, font=_font(28)), foot + 26), day, font=_font(28), fill=SOFT)
    return image


def _points(pen: ImageDraw.ImageDraw, points: Sequence[str], left: int, top: int, right: int, size: int) -> int:
    """The points under each other, numbered; the y below the last."""
    y = top
    for i, point in enumerate(points, 1):
        pen.ellipse((left, y + 2, left + 52, y + 54), fill=BLUE)
        number = str(i)
        pen.text((left + 26 - pen.textlength(number, font=_font(32)) / 2, y + 5), number, font=_font(32), fill="white")
        y += max(60, _text(pen, (left + 78, y), point, size, INK, right - left - 78)) + 28
    return y


def _steps(
    pen: ImageDraw.ImageDraw, steps: Sequence[tuple[str, str]], left: int, top: int, right: int, bottom: int
) -> None:
    pen.text((left, top), "办理进展", font=_font(34), fill=BLUE)
    y, width = top + 66, right - left - 44
    heights = [60 + _height(pen, what, 30, width) for _, what in steps]
    first = next(i for i in range(len(steps) + 1) if y + sum(heights[i:]) - 20 <= bottom)  # the newest stay
    dots = []
    for (when, what), height in list(zip(steps, heights))[first:]:
        dots.append(y + 16)
        pen.text((left + 44, y), when, font=_font(28), fill=SOFT)
        _text(pen, (left + 44, y + 40), what, 30, INK, width)
        y += height
    if len(dots) > 1:
        pen.line((left + 10, dots[0], left + 10, dots[-1]), fill=LINE, width=4)
    for dot in dots:
        pen.ellipse((left, dot - 10, left + 20, dot + 10), fill=BLUE)


def _text(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, ink: str, width: int, bold: bool = False
) -> int:
    """Write wrapped text; how high it is in pixels."""
    font, y = _font(size), at[1]
    for line in _lines(pen, text, size, width):
        pen.text((at[0], y), line, font=font, fill=ink, stroke_width=1 if bold else 0, stroke_fill=ink)
        y += round(size * 1.5)
    return y - at[1]


def _height(pen: ImageDraw.ImageDraw, text: str, size: int, width: int) -> int:
    return round(size * 1.5) * len(_lines(pen, text, size, width))


def _lines(pen: ImageDraw.ImageDraw, text: str, size: int, width: int) -> list[str]:
    """Lines no wider than `width`; words in Latin letters and numbers are kept whole."""
    lines, line, font = [], "", _font(size)
    for piece in re.findall(r"[0-9A-Za-z.,:%℃-]+|.", text.replace("\n", " ")):
        if line and pen.textlength(line + piece, font=font) > width and piece not in _HANGING:
            kept = line.rstrip(_OPENING)
            lines.append(kept)
            line = line[len(kept) :]
        line += piece
    return [*lines, line] if line else lines


@lru_cache(maxsize=16)
def _font(size: int) -> Any:
    from matplotlib import font_manager

    known = {font.name: font.fname for font in font_manager.fontManager.ttflist}
    path = next((known[name] for name in BOLD_FONTS if name in known), None)
    if path is None:
        raise InputError("这台电脑没有中文字体，画不了图解。请安装思源黑体或微软雅黑。")
    return ImageFont.truetype(path, size)
