"""Sources (信源) and the articles (信息) that come from them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


class SourceTier(Enum):
    """层级: how much weight a source's voice has (0–100), and its name."""

    CENTRAL = ("central", "中央媒体", 100)
    PROVINCE = ("province", "省级", 80)
    CITY = ("city", "市县", 60)
    DEPARTMENT = ("department", "部门网站", 70)
    PORTAL = ("portal", "商业门户", 50)
    SOCIAL = ("social", "新媒体", 40)
    HOTLINE = ("hotline", "热线", 45)

    def __init__(self, code: str, label: str, weight: int) -> None:
        self.code, self.label, self.weight = code, label, weight

    @classmethod
    def of(cls, code: str) -> SourceTier:
        """The tier with that code, 商业门户 for one we do not know."""
        return next((tier for tier in cls if tier.code == code), cls.PORTAL)


class SourceState(Enum):
    """What can be said of a source after its last fetch."""

    NEW = ("new", "还没采过")
    OK = ("ok", "正常")
    FAILING = ("failing", "出错")
    SILENT = ("silent", "静默")
    PAUSED = ("paused", "已暂停")

    def __init__(self, code: str, label: str) -> None:
        self.code, self.label = code, label

    @property
    def needs_look(self) -> bool:
        """Whether a person should see to it."""
        return self in (SourceState.FAILING, SourceState.SILENT)


@dataclass(frozen=True, slots=True)
class Source:
    """A place that articles come from. `url` is an address, or a file's or folder's absolute path.

    `encoding` overrides what the source says of its bytes; `options` is what its kind needs (a list page's
    link pattern, a hot list's paths). `interval_minutes` is how often it is asked, learned from what it gives;
    nothing asks before `wait_until`, which the publisher wished. `new_at` is when it last gave something new.
    """

    id: int
    kind: str
    url: str
    name: str
    tier: SourceTier = SourceTier.PORTAL
    paused: bool = False
    etag: str | None = None
    last_modified: str | None = None
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    newest_at: datetime | None = None
    failures: int = 0
    fault: str | None = None
    tags: tuple[str, ...] = ()
    place: str = ""
    encoding: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    notice: str = ""
    interval_minutes: float | None = None
    due_at: datetime | None = None
    wait_until: datetime | None = None
    new_at: datetime | None = None

    def state(self, now: datetime, rhythm_hours: float | None) -> SourceState:
        """正常, 出错, 静默 (silent for more than three times its rhythm) …"""
        if self.paused:
            return SourceState.PAUSED
        if self.checked_at is None:
            return SourceState.NEW
        if self.fault:
            return SourceState.FAILING
        if rhythm_hours and self.newest_at:
            silent = (now - self.newest_at).total_seconds() / 3600
            if silent > max(3 * rhythm_hours, 3.0):
                return SourceState.SILENT
        return SourceState.OK


@dataclass(frozen=True, slots=True)
class Article:
    """One news item, post or citizen's message, as clean text.

    `key` identifies it within its source: guid, or canonical link, or content hash.
    `date_note` says why `published_at` is not the publisher's own date, empty if it is.
    """

    key: str
    title: str
    text: str
    url: str
    published_at: datetime
    fetched_at: datetime
    publisher: str = ""
    date_note: str = ""


@dataclass(frozen=True, slots=True)
class Rank:
    """Where an item stood on a hot list (热榜): 1 is the top; `heat` is the list's own figure, if it gives one."""

    key: str
    rank: int
    heat: float | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What one fetch of a source gave."""

    title: str
    articles: tuple[Article, ...] = field(default=())
    ranks: tuple[Rank, ...] = field(default=())


def article_key(guid: str, url: str, title: str, text: str) -> str:
    """Identity of an article within its source (design.md, Identity)."""
    if guid:
        return f"guid:{guid}"[:400]
    if url:
        return f"link:{url}"[:400]
    return "text:" + hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
