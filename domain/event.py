"""Major events (重大事件): dated events that the office prepares for; domain.md section 7."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.concern import Labelled
from domain.errors import InputError


class EventKind(Labelled):
    """Work points 2019, item 2, names the first five."""

    TWO_SESSIONS = ("two-sessions", "两会")
    ECONOMIC_DATA = ("economic-data", "经济数据发布")
    REFORM = ("reform", "重大改革举措")
    INSPECTION = ("inspection", "重大督查活动")
    EMERGENCY = ("emergency", "重大突发事件")
    OTHER = ("other", "其他")


@dataclass(frozen=True, slots=True)
class MajorEvent:
    """An event with its window [starts, ends] (days in China, both included) and watch words.

    A text touches the event if it has any of `any_words`, all of `all_words` and none of
    `none_words`; an empty group asks nothing, but one of the first two must ask something.
    """

    id: int
    kind: EventKind
    name: str
    starts: date
    ends: date
    any_words: tuple[str, ...] = ()
    all_words: tuple[str, ...] = ()
    none_words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InputError("重大事件要有名称。")
        if self.ends < self.starts:
            raise InputError("结束日期早于开始日期，请改一下。")
        if not (self.any_words or self.all_words):
            raise InputError("请至少写一个关键词，否则无法判断哪些信息与该事件有关。")

    def active(self, day: date) -> bool:
        """Whether the event is in its window (当期) on that day."""
        return self.starts <= day <= self.ends

    def touches(self, text: str) -> tuple[str, ...]:
        """The watch words that tie a text to the event; empty if it does not touch it."""
        if any(word in text for word in self.none_words):
            return ()
        if not all(word in text for word in self.all_words):
            return ()
        hits = tuple(word for word in self.any_words if word in text)
        if self.any_words and not hits:
            return ()
        return self.all_words + hits
