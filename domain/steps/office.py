"""The steps of the office itself: its particulars, words, quiet hours, backups, duty roster, hand-over, template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import ClassVar

from domain.appearance import Appearance
from domain.concern import ReasonCode
from domain.steps.step import Shape, Step, entered


@dataclass(frozen=True, slots=True)
class SetOffice(Step):
    """修改设置: the office's particulars; what is None stays as it is."""

    code: ClassVar[str] = "set-office"
    label: ClassVar[str] = "修改设置"
    name: str | None = entered("单位名称", default=None)
    places: tuple[str, ...] | None = entered("本地地名", default=None)
    packs: tuple[str, ...] | None = entered("规则包", default=None)
    signer: str | None = entered("签发人", default=None)
    theme: Appearance | None = entered("外观", default=None)
    draft_at: str | None = entered("草稿时刻", default=None)
    review_first: bool | None = entered("先核稿后签发", default=None)


@dataclass(frozen=True, slots=True)
class SetOwnWords(Step):
    """修改关切词 of one reason: {word: weight}, over ours; a weight of 0 drops a word."""

    code: ClassVar[str] = "set-words"
    label: ClassVar[str] = "修改关切词"
    reason: ReasonCode = entered("哪一类关切")
    words: Mapping[str, float] = entered("词和权重", needed=False)


@dataclass(frozen=True, slots=True)
class SetQuietHours(Step):
    """修改免打扰时段."""

    code: ClassVar[str] = "set-quiet-hours"
    label: ClassVar[str] = "修改免打扰时段"
    start: time = entered("从")
    end: time = entered("到")


@dataclass(frozen=True, slots=True)
class ConfirmRecord(Step):
    """确认留痕: somebody looked at heads that were laid down elsewhere and that the record lacks, and says why."""

    code: ClassVar[str] = "confirm-record"
    label: ClassVar[str] = "确认留痕"
    lacking: tuple[str, ...] = entered("别处存下、现在没有的末条")
    why: str = entered("核对的情况", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class SetBackupPlan(Step):
    """修改备份设置: when (HH:MM, empty for never), where to, how many are kept."""

    code: ClassVar[str] = "set-backups"
    label: ClassVar[str] = "修改备份设置"
    at: str = entered("备份时刻", needed=False)
    folder: str = entered("备份位置", default="")
    second: str = entered("第二处", default="")
    daily: int = entered("每日保留", default=7)
    weekly: int = entered("每周保留", default=4)


@dataclass(frozen=True, slots=True)
class SetRoster(Step):
    """修改值班表, a line a day."""

    code: ClassVar[str] = "set-roster"
    label: ClassVar[str] = "修改值班表"
    text: str = entered("值班表", needed=False, shape=Shape.TEXT)


@dataclass(frozen=True, slots=True)
class HandOver(Step):
    """交接班 by who leaves to who comes, with a sheet of what there is to hand over."""

    code: ClassVar[str] = "hand-over"
    label: ClassVar[str] = "交接班"
    coming: str = entered("接班人")
    remarks: str = entered("备注", default="", shape=Shape.TEXT)


@dataclass(frozen=True, slots=True)
class SetBriefingTemplate(Step):
    """更换简报模板: a .docx of the office's own; None takes our layout again."""

    code: ClassVar[str] = "set-briefing-template"
    label: ClassVar[str] = "更换简报模板"
    file: Path | None = entered("Word 模板", default=None)
