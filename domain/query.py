"""What is asked of the articles and topics that are kept: which of them, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from domain.tone import Tone


class Order(Enum):
    """How the articles that a search finds are ordered."""

    RELEVANCE = "relevance"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles of the stream to show; what is None or empty is not asked for.

    `since` and `until` bound when they were published; `tier` is the code of their source's 层级.
    """

    since: datetime | None = None
    until: datetime | None = None
    source_id: int | None = None
    tier: str = ""
    place: str = ""
    topic_id: int | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """Which topics to list; what is empty or False is not asked for."""

    local: bool = False
    rising: bool = False
    event: str = ""
    area: str = ""
    tone: Tone | None = None
