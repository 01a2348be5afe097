"""The steps of major events (重大事件): adding, changing, removing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.event import MajorEvent
from domain.steps.step import Step


@dataclass(frozen=True, slots=True)
class AddEvent(Step):
    """添加重大事件."""

    code: ClassVar[str] = "add-event"
    label: ClassVar[str] = "添加重大事件"
    event: MajorEvent


@dataclass(frozen=True, slots=True)
class ChangeEvent(Step):
    """修改重大事件."""

    code: ClassVar[str] = "change-event"
    label: ClassVar[str] = "修改重大事件"
    event: MajorEvent


@dataclass(frozen=True, slots=True)
class RemoveEvent(Step):
    """删除重大事件; the record keeps what it was."""

    code: ClassVar[str] = "remove-event"
    label: ClassVar[str] = "删除重大事件"
    event_id: int
