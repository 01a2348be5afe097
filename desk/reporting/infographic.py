"""图解 of a published response: proposed from its text and the course of the case; the officer has the last word."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from briefing.infographic import MOST_POINTS as MOST_POINTS
from briefing.infographic import MOST_STEPS, POINT_LENGTH, TITLE_LENGTH, drawn, write_infographic
from briefing.infographic import Points as Points
from briefing.infographic import Size as Size
from desk.office.particulars import office
from domain.errors import ExportError, InputError
from domain.files import free_path
from domain.private import make_folder
from domain.times import china, china_day
from store import cases
from store.database import Database

_PART = re.compile(r"(?:^|(?<=[。；\n]))\s*([\u4e00-\u9fff]{2,8})：")  # 已知情况：… 正在做：…


def proposed(database: Database, concern_id: int, response_id: int) -> Points:
    """What a picture of a response may say. Raises InputError where there is no such response."""
    with database.read() as connection:
        said = cases.responses(connection, concern_id)
    response = next((r for r in said if r.id == response_id), None)
    if response is None:
        raise InputError("没有这次发布。请在“回应”里选一条。")
    until = [r for r in said if r.published_at <= response.published_at]
    steps = tuple(
        (f"{china(r.published_at):%m月%d日 %H:%M}", f"{r.kind.label}：{r.title}"[:40]) for r in until[-MOST_STEPS:]
    )
    title = response.title if len(response.title) <= TITLE_LENGTH else response.title[: TITLE_LENGTH - 1] + "…"
    return Points(title, points_of(response.text), steps, office(database).name, china_day(response.published_at))


def points_of(text: str) -> tuple[str, ...]:
    """Three points at most: the labelled parts of a text, else its paragraphs, else its first sentences."""
    cut = [match.start(1) for match in _PART.finditer(text)]
    parts = [text[a:b].strip() for a, b in zip(cut, [*cut[1:], len(text)])]
    if len(parts) < 2:
        parts = [line.strip() for line in text.splitlines() if line.strip()]
    if len(parts) < 2:
        parts = re.findall(r"[^。！？]+[。！？]?", text)
    return tuple(_short(part) for part in parts[:MOST_POINTS])


def _short(part: str) -> str:
    """Whole sentences as far as they fit."""
    text = ""
    for sentence in re.findall(r"[^。！？]+[。！？]?", part):
        if text and len(text) + len(sentence) > POINT_LENGTH:
            break
        text += sentence
    return text.strip()[:POINT_LENGTH]


def preview(points: Points, size: Size) -> bytes:
    """The picture as PNG. Raises InputError where the points make none."""
    made = BytesIO()
    drawn(points, size).save(made, "PNG")
    return made.getvalue()


def export(points: Points, folder: Path) -> list[Path]:
    """Both sizes as .png, existing files kept; the paths. Raises InputError or ExportError."""
    try:
        make_folder(folder)
    except OSError as error:
        raise ExportError(f"不能在“{folder}”里建文件夹。请换一个输出文件夹。") from error
    name = re.sub(r'[\\/:*?"<>|\s]+', "", points.title)[:30]
    return [
        write_infographic(points, size, free_path(folder / f"图解_{points.day:%Y-%m-%d}_{name}_{size.label}.png"))
        for size in Size
    ]
