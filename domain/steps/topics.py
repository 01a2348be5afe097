"""The steps of a topic (话题): naming, pinning, merging, splitting, moving, taking back, making it a concern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.steps.step import Shape, Step, entered


@dataclass(frozen=True, slots=True)
class TopicStep(Step):
    """A step of one topic."""

    topic_id: int


@dataclass(frozen=True, slots=True)
class RenameTopic(TopicStep):
    """话题改名: a name that the collector respects."""

    code: ClassVar[str] = "rename"
    label: ClassVar[str] = "话题改名"
    name: str = entered("话题名称")


@dataclass(frozen=True, slots=True)
class PinTopic(TopicStep):
    """置顶: keep a topic at the top of the list, or let it go."""

    code: ClassVar[str] = "pin"
    label: ClassVar[str] = "置顶"
    pinned: bool = entered("置顶", default=True)


@dataclass(frozen=True, slots=True)
class MergeTopics(TopicStep):
    """话题合并: all articles of other topics come into this one, where they stay."""

    code: ClassVar[str] = "merge-topics"
    label: ClassVar[str] = "话题合并"
    others: tuple[int, ...] = entered("并进来的话题")


@dataclass(frozen=True, slots=True)
class SplitTopic(TopicStep):
    """话题拆分: articles of a topic get one of their own, where they stay. Near-duplicates go with their text."""

    code: ClassVar[str] = "split-topic"
    label: ClassVar[str] = "话题拆分"
    articles: tuple[int, ...] = entered("拆出的报道")


@dataclass(frozen=True, slots=True)
class MoveArticles(TopicStep):
    """话题移动: articles go into this topic, where they stay."""

    code: ClassVar[str] = "move-articles"
    label: ClassVar[str] = "话题移动"
    articles: tuple[int, ...] = entered("移来的报道")


@dataclass(frozen=True, slots=True)
class UndoTopicChange(Step):
    """撤销: take a merge, split or move back; every article returns to where it was."""

    code: ClassVar[str] = "undo-topic-change"
    label: ClassVar[str] = "撤销"
    change: int = entered("哪一步")


@dataclass(frozen=True, slots=True)
class FlagTopic(TopicStep):
    """转为关切: an officer flags what the rules did not."""

    code: ClassVar[str] = "flag"
    label: ClassVar[str] = "转为关切"
    why: str = entered("为什么要转为关切", shape=Shape.LINES)
