"""The steps of briefings (简报): planning an issue; keeping one that was made, as a draft or for good (定稿)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from domain.briefing import AddedItem, IssueKind, Plan, Wanted
from domain.steps.step import Shape, Step, entered


@dataclass(frozen=True, slots=True)
class BriefingStep(Step):
    """A step of one issue."""

    kind: IssueKind = entered("哪一种简报")
    day: date = entered("哪一天")
    concern_id: int | None = entered("哪一件关切", default=None)

    @property
    def wanted(self) -> Wanted:
        """The issue that it is of."""
        return Wanted(self.kind, self.day, self.concern_id)


@dataclass(frozen=True, slots=True)
class PlanBriefing(BriefingStep):
    """编排简报: sections and items left out, their order, sentences in the officer's words, 研判与建议.

    `material` is what it was planned on: from then on what comes in changes nothing of the issue by itself.
    """

    code: ClassVar[str] = "plan-briefing"
    label: ClassVar[str] = "编排简报"
    omitted: frozenset[str] = entered("不要的部分", default=frozenset())
    dropped: frozenset[str] = entered("不要的条目", default=frozenset())
    order: tuple[str, ...] = entered("各部分的次序", default=())
    items: tuple[str, ...] = entered("条目的次序", default=())
    edits: Mapping[str, str] | None = entered("改写的句子", default=None)
    advice: str = entered("研判与建议", default="", shape=Shape.TEXT)
    material: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, wanted: Wanted, plan: Plan, material: Mapping[str, Any] | None = None) -> Self:
        """The step that sets a plan for an issue."""
        parts = plan.omitted, plan.dropped, plan.order, plan.items, plan.edits, plan.advice
        return cls(wanted.kind, wanted.day, wanted.concern_id, *parts, material)

    @property
    def plan(self) -> Plan:
        """What it sets; items by hand are AddToBriefing's."""
        edits = dict(self.edits or {})
        return Plan(self.omitted, self.dropped, self.order, self.items, edits, self.advice)


@dataclass(frozen=True, slots=True)
class AddToBriefing(BriefingStep):
    """加入简报: an item by hand, in one's own words or a report from where it stands."""

    code: ClassVar[str] = "add-to-briefing"
    label: ClassVar[str] = "加入简报"
    heading: str = entered("栏目", default="今日要情")
    lead: str = entered("题目", default="")
    text: str = entered("内容", default="", shape=Shape.LINES)
    articles: tuple[int, ...] = entered("依据的信息", default=())
    sources: str = entered("来源", default="")

    @classmethod
    def of(cls, wanted: Wanted, item: AddedItem) -> Self:
        """The step that puts an item into an issue."""
        parts = item.heading, item.lead, item.text, item.articles, item.sources
        return cls(wanted.kind, wanted.day, wanted.concern_id, *parts)

    @property
    def item(self) -> AddedItem:
        """What it puts in."""
        return AddedItem(self.heading, self.lead, self.text, self.articles, self.sources)


@dataclass(frozen=True, slots=True)
class RenewBriefing(BriefingStep):
    """取用新材料: what came in since the issue was fixed, all of it or some items; `material` is what it is then."""

    code: ClassVar[str] = "renew-briefing"
    label: ClassVar[str] = "取用新材料"
    items: tuple[str, ...] = entered("取用的条目", default=())
    material: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class KeepBriefing(BriefingStep):
    """生成简报, 定稿, 更正: an issue under its number, with the files that were made of it.

    `text` is what a final issue says, from then on for ever; `material` what a draft was made of, which stays so while
    it is edited; `corrects` the issue that it puts right.
    """

    code: ClassVar[str] = "keep-briefing"
    label: ClassVar[str] = "生成简报"
    number: int = entered("第几期", default=0)
    total: int = entered("总第几期", default=0)
    files: tuple[str, ...] = entered("文件", default=())
    final: bool = entered("定稿", default=False)
    corrects: int | None = None
    text: Mapping[str, Any] | None = None
    material: Mapping[str, Any] | None = None
