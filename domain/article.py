"""Sources (信源) and the articles (信息) that come from them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.concern import Labelled

LONGEST_TITLE, LONGEST_TEXT, LONGEST_ADDRESS, LONGEST_NAME = 300, 200_000, 2_000, 200  # characters
LONGEST_KEY = 400
CUT = "……（原文过长，已截断）"
YEARS = range(1900, 2200)  # in which a moment can be reckoned with and written down
# What XML 1.0 cannot hold: control characters and halves of surrogate pairs. Databases and files choke on them too.
_UNSTORABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def storable(text: str) -> str:
    """The text without the characters that no database, JSON, XML or file can hold."""
    return text if text.isprintable() else _UNSTORABLE.sub("", text)


def all_storable(value: Any) -> Any:
    """A value of texts, lists and mappings with each of its texts made storable."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {all_storable(key): all_storable(item) for key, item in value.items()}
    if type(value) in (tuple, list, frozenset, set):
        return type(value)(all_storable(item) for item in value)
    return value


class SourceTier(Labelled):
    """层级: how much weight a source's voice has (0–100), and its name."""

    CENTRAL = ("central", "中央媒体", 100)
    PROVINCE = ("province", "省级", 80)
    CITY = ("city", "市县", 60)
    DEPARTMENT = ("department", "部门网站", 70)
    PORTAL = ("portal", "商业门户", 50)
    SOCIAL = ("social", "新媒体", 40)
    HOTLINE = ("hotline", "热线", 45)

    def __init__(self, code: str, label: str, weight: int) -> None:  # pragma: no mutate block
        super().__init__(code, label)
        self.weight = weight

    @classmethod
    def of(cls, text: str) -> SourceTier:
        """The tier with that code, 商业门户 for one we do not know."""
        return next((tier for tier in cls if tier.code == text), cls.PORTAL)


class SourceState(Labelled):
    """What can be said of a source after its last fetch."""

    NEW = ("new", "还没采过")
    OK = ("ok", "正常")
    FAILING = ("failing", "出错")
    SILENT = ("silent", "静默")
    PAUSED = ("paused", "已暂停")

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
    `memory` is what its kind keeps from one reading to the next; it is there while the source is being read.
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
    memory: Mapping[str, Any] = field(default_factory=dict)

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
class Reactions:
    """How many people commented on an article, liked it, viewed it, as its publisher counts them (互动)."""

    comments: int = 0
    likes: int = 0
    views: int = 0

    @property
    def said(self) -> str:
        """The counts in words; empty where there are none."""
        counts = (("评论", self.comments), ("点赞", self.likes), ("阅读", self.views))
        return "　".join(f"{name} {count:,}" for name, count in counts if count)

    @property
    def people(self) -> float:
        """How many took part; of those who only look on one in a hundred counts, as one in a hundred says something
        (Nielsen, "The 90-9-1 rule for participation inequality", 2006).
        """
        return self.comments + self.likes + self.views / 100


NO_REACTIONS = Reactions()


@dataclass(frozen=True, slots=True)
class Article:
    """One news item, post or citizen's message, as clean text.

    `key` identifies it within its source: guid, or canonical link, or content hash.
    `date_note` says why `published_at` is not the publisher's own date, empty if it is.
    Whatever kind of source it comes from, it cannot but be storable: here is the gate that all pass.
    """

    key: str
    title: str
    text: str
    url: str
    published_at: datetime
    fetched_at: datetime
    publisher: str = ""
    date_note: str = ""
    reactions: Reactions = NO_REACTIONS

    def __post_init__(self) -> None:
        for name, longest, mark in _PARTS:
            value = getattr(self, name)
            whole = storable(value)
            if len(whole) > longest:
                whole = "" if name == "url" else whole[: longest - len(mark)] + mark
            if whole is not value:
                object.__setattr__(self, name, whole)
        if self.published_at.year not in YEARS:
            object.__setattr__(self, "published_at", self.fetched_at)
            object.__setattr__(self, "date_note", "原文日期不合常理，以采集时间代替")


# The parts of an article that are text: how long each may be, and how it is marked where it is cut.
# Half an address leads nowhere, so one that is too long is left out.
_PARTS = (
    ("key", LONGEST_KEY, ""),
    ("title", LONGEST_TITLE, "…"),
    ("text", LONGEST_TEXT + len(CUT), CUT),
    ("url", LONGEST_ADDRESS, ""),
    ("publisher", LONGEST_NAME, "…"),
)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it is kept, with what is known of it: its source, words and topic.

    `title_words` and `text_words` are those that carry meaning, separated by spaces. `repeats` is the article that it
    is a near-duplicate of; `fixed` says that a person placed it in its topic, `personal` that it holds personal data.
    """

    id: int
    source_id: int
    source: str
    tier: SourceTier
    title: str
    text: str
    url: str
    published_at: datetime
    fetched_at: datetime
    date_note: str
    title_words: str
    text_words: str
    topic_id: int | None
    repeats: int | None
    read: bool = False
    personal: bool = False
    fixed: bool = False
    place: str = ""  # of its source
    reactions: Reactions = NO_REACTIONS


@dataclass(frozen=True, slots=True)
class Rank:
    """Where an item stood on a hot list (热榜): 1 is the top; `heat` is the list's own figure, if it gives one."""

    key: str
    rank: int
    heat: float | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What one fetch of a source gave; `skipped`: items that could not be read, `left_out`: not read, of too many; `broken_off`: the end is missing."""

    title: str
    articles: tuple[Article, ...] = field(default=())
    ranks: tuple[Rank, ...] = field(default=())
    skipped: int = 0
    left_out: int = 0
    broken_off: bool = False

    @property
    def notice(self) -> str:
        """What the office should know of it though the reading went well."""
        odd = f"有 {self.skipped} 条内容不正常、读不出来，已跳过，其余正常。" if self.skipped else ""
        many = (
            f"内容太多，只读了开头和末尾，中间 {self.left_out} 条没有读。请联系发布方分栏目提供。"
            if self.left_out
            else ""
        )
        cut = "内容没有到结尾就断了，读了传来的部分，下次重新读。" if self.broken_off else ""
        return odd + many + cut


def article_key(guid: str, url: str, title: str, text: str) -> str:
    """Identity of an article within its source (docs/domain.md section 12)."""
    named = storable(f"guid:{guid}" if guid else f"link:{url}" if url else "")
    if len(named) > LONGEST_KEY:
        # Two long names may differ at their ends only.
        named = f"{named[: LONGEST_KEY - 65]}:{_digest(named)}"
    return named or "text:" + _digest(storable(f"{title}\n{text}"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
