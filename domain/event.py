"""Major events (重大事件): dated events that the office prepares for; docs/domain.md section 7."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite

from domain.article import YEARS, storable
from domain.concern import Labelled
from domain.errors import InputError

USUAL_EASE = 0.6
LONGEST_NAME, LONGEST_WORD, LONGEST_TEXT = 200, 100, 20_000  # characters
MOST_WORDS = 1_000


class EventKind(Labelled):
    """Work points 2019, item 2, names the first five."""

    TWO_SESSIONS = ("two-sessions", "两会")
    ECONOMIC_DATA = ("economic-data", "经济数据发布")
    REFORM = ("reform", "重大改革举措")
    INSPECTION = ("inspection", "重大督查活动")
    EMERGENCY = ("emergency", "重大突发事件")
    OTHER = ("other", "其他")


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of an event (预热, 当期, 余波), days in China, both included."""

    name: str
    starts: date
    ends: date

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", storable(self.name).strip()[:LONGEST_NAME])
        if not _reckoned(self.starts, self.ends):
            raise InputError(f"阶段“{self.name}”的日期要在 {YEARS[0]} 到 {YEARS[-1]} 年之间。", "phases")
        if self.ends < self.starts:
            raise InputError(f"阶段“{self.name}”的结束日期早于开始日期，请改一下。", "phases")


@dataclass(frozen=True, slots=True)
class MajorEvent:
    """An event with its window [starts, ends] (days in China, both included) and watch words.

    A text touches the event if it has any of `any_words`, all of `all_words` and none of `none_words`, an
    empty group asking nothing; or if the weights of the `weighted` words in it reach `threshold`. With a
    `place`, the text must also speak of it. While the event lasts, the bars of heat for flagging what
    touches it are multiplied by `ease` (0–1).
    """

    id: int
    kind: EventKind
    name: str
    starts: date
    ends: date
    any_words: tuple[str, ...] = ()
    all_words: tuple[str, ...] = ()
    none_words: tuple[str, ...] = ()
    weighted: tuple[tuple[str, float], ...] = ()
    threshold: float = 2.0
    place: str = ""
    ease: float = USUAL_EASE
    phases: tuple[Phase, ...] = ()
    answers: str = ""
    on_duty: str = ""
    tasks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Texts are kept storable; a word that is empty would be found in every text, so it is left out."""
        for name in ("name", "place", "answers", "on_duty"):
            longest = LONGEST_TEXT if name == "answers" else LONGEST_NAME
            object.__setattr__(self, name, storable(getattr(self, name)).strip()[:longest])
        for name in ("any_words", "all_words", "none_words"):
            kept = (storable(word).strip()[:LONGEST_WORD] for word in getattr(self, name))
            object.__setattr__(self, name, tuple(filter(None, kept))[:MOST_WORDS])
        tasks = (storable(task).strip()[:LONGEST_TEXT] for task in self.tasks)
        object.__setattr__(self, "tasks", tuple(filter(None, tasks))[:MOST_WORDS])
        weighted = ((storable(word).strip()[:LONGEST_WORD], weight) for word, weight in self.weighted)
        object.__setattr__(self, "weighted", tuple(pair for pair in weighted if pair[0])[:MOST_WORDS])
        if not self.name:
            raise InputError("重大事件要有名称。", "name")
        if not _reckoned(self.starts, self.ends):
            raise InputError(f"日期要在 {YEARS[0]} 到 {YEARS[-1]} 年之间，请改一下。", "starts")
        if self.ends < self.starts:
            raise InputError("结束日期早于开始日期，请改一下。", "ends")
        if not (self.any_words or self.all_words or self.weighted):
            raise InputError("请至少写一个关键词，否则无法判断哪些信息与该事件有关。", "any_words")
        if not isfinite(self.threshold) or (self.weighted and self.threshold <= 0):
            raise InputError("加权词的门槛要大于 0。", "threshold")
        if not all(isfinite(weight) for _, weight in self.weighted):
            raise InputError("加权词的权重要是数字，例如 2。", "weighted")
        if not 0 < self.ease <= 1:
            raise InputError("预警门槛的折扣要在 0 到 1 之间，例如 0.6 表示门槛降到六成。", "ease")

    def active(self, day: date) -> bool:
        """Whether the event, any of its phases included, is in its window on that day."""
        return any(phase.starts <= day <= phase.ends for phase in self.phases) or self.starts <= day <= self.ends

    def phase(self, day: date) -> str:
        """The name of the phase on that day; 当期 inside the window without one, empty outside."""
        for phase in self.phases:
            if phase.starts <= day <= phase.ends:
                return phase.name
        return "当期" if self.starts <= day <= self.ends else ""

    def touches(self, text: str) -> tuple[str, ...]:
        """The watch words that tie a text to the event; empty if it does not touch it."""
        if any(word in text for word in self.none_words) or (self.place and self.place not in text):
            return ()
        return self._named(text) or self._weighed(text)

    def _named(self, text: str) -> tuple[str, ...]:
        if not all(word in text for word in self.all_words):
            return ()
        hits = tuple(word for word in self.any_words if word in text)
        return () if self.any_words and not hits else self.all_words + hits

    def _weighed(self, text: str) -> tuple[str, ...]:
        hits = [(word, weight) for word, weight in self.weighted if word in text]
        return tuple(word for word, _ in hits) if hits and sum(w for _, w in hits) >= self.threshold else ()


def _reckoned(*days: date) -> bool:
    """Whether days lie in years that can be reckoned with."""
    return all(day.year in YEARS for day in days)
