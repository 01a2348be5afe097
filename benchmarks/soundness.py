"""What must be true of every article that anything is read as, and the moment and place that all is read at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.article import Article, storable
from sources.links import web_address

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
BASE = "http://x.example/news/feed.xml"


@dataclass(frozen=True, slots=True)
class ParserUnderTest:
    """A reader: the values it is tried with, and what reads one (and checks what came of it)."""

    values: st.SearchStrategy[Any]
    read: Callable[[Any], object]


def sound(item: Article) -> None:
    """What must be true of every article that anything is read as."""
    for text in (item.key, item.title, item.text, item.url, item.publisher, item.date_note):
        assert text == storable(text), ascii(text[:80])
    assert item.title and len(item.title) <= 300 and 0 < len(item.key) <= 400
    assert item.url == "" or web_address(item.url) == item.url, ascii(item.url)
    assert datetime(1990, 1, 1, tzinfo=UTC) <= item.published_at <= NOW + timedelta(hours=1)


def sound_all(items: Iterable[Article]) -> int:
    """Check articles; how many. No two have one key."""
    found = list(items)
    for item in found:
        sound(item)
    assert len({item.key for item in found}) == len(found)
    return len(found)
