"""The lines of the list of topics: a matter is one line, under which its topics stand while it is unfolded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.topics.folding import Matter
from domain.topic import Heat, Topic

OPEN, SHUT, INSIDE = "▾ ", "▸ ", "　　"


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic in the list; one that `leads` stands for its matter."""

    matter: Matter
    topic: Topic

    @property
    def id(self) -> int:
        """The number of the topic."""
        return self.topic.id

    @property
    def leads(self) -> bool:
        """Whether it stands for its matter."""
        return self.topic.id == self.matter.lead.id

    @property
    def articles(self) -> int:
        """How many articles it stands for."""
        return self.matter.articles if self.leads else self.topic.articles

    @property
    def heat(self) -> Heat:
        """Its heat; of a matter that of its hottest topic."""
        return self.matter.heat if self.leads else self.topic.heat

    @property
    def sources(self) -> int:
        """Of how many sources those are."""
        return self.matter.sources if self.leads else self.topic.sources

    @property
    def last_at(self) -> datetime:
        """When it was last reported."""
        return self.matter.last_at if self.leads else self.topic.last_at

    def called(self, unfolded: bool) -> str:
        """How the line reads."""
        if not self.leads:
            return INSIDE + self.topic.name
        pinned = "置顶 · " if any(topic.pinned for topic in self.matter.topics) else ""
        many = len(self.matter.topics)
        if many == 1:
            return pinned + self.matter.lead.name
        return f"{OPEN if unfolded else SHUT}{pinned}{many} 个话题 · {self.matter.name}"


def warmth(heat: Heat) -> str:
    """Heat as a list says it: too few reports have no figure to be ranked by."""
    return f"{heat.value:.0f} {heat.trend}" if heat.enough else "样本不足"


def lines_of(matters: Sequence[Matter], unfolded: Collection[int]) -> list[TopicLine]:
    """Matters as lines; the topics of those that are unfolded, by the topic that stands for them, under each."""
    return [
        TopicLine(matter, topic)
        for matter in matters
        for topic in (matter.topics if matter.lead.id in unfolded else matter.topics[:1])
    ]
