"""Reading RSS and Atom feeds, whatever encoding they are really in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import feedparser

from domain.article import Article, Feed, article_key
from domain.errors import SourceError
from sources.clean import clean_text, clean_title
from sources.dates import published_at

MOST_ITEMS = 500
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([A-Za-z0-9._-]+)["']""")
_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|RDF)\b")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.S)


def read_feed(body: bytes, charset: str | None, fetched_at: datetime) -> Feed:
    """The articles of a feed. Raises SourceError when it is none."""
    if not body.strip():
        raise SourceError("地址能打开，但内容是空的。请检查地址，或联系发布方。")
    text = decode(body, charset)
    if not _ROOT.search(text[:5000]):
        if re.search(r"<html\b", text[:5000], re.I):
            raise SourceError("这个地址是网页，不是 RSS/Atom 订阅源。请在该网站找“RSS”或“订阅”链接。")
        raise SourceError("内容不是 RSS/Atom 订阅源。请检查地址。")
    # No document type is needed to read news; without one there are no entities to expand.
    text = _DOCTYPE.sub("", text, count=1)
    parsed = feedparser.parse(
        re.sub(r"^\s*<\?xml[^>]*\?>", "", text).lstrip().encode(),
        sanitize_html=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    if not parsed.entries and parsed.bozo and not parsed.feed:
        raise SourceError("订阅源的内容不完整，无法读取。稍后会自动再试，一直如此请联系发布方。")
    articles: dict[str, Article] = {}
    for entry in parsed.entries[:MOST_ITEMS]:
        item = _article(entry, fetched_at)
        if item is not None:
            articles.setdefault(item.key, item)
    return Feed(clean_title(parsed.feed.get("title", "")), tuple(articles.values()))


def decode(body: bytes, charset: str | None) -> str:
    """The text of a feed: by its mark, HTTP, its declaration, and then by what the bytes really are."""
    if body.startswith(b"\xef\xbb\xbf"):
        return body[3:].decode("utf-8", "replace")
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    declared = _DECLARED.match(body[:300])
    named = [name for name in (charset, declared and declared[1].decode("ascii")) if name]
    for encoding in [*named, "utf-8", "gb18030", "big5"]:
        # gb2312 and gbk are read as the superset that publishers mean.
        known = "gb18030" if encoding.lower() in ("gb2312", "gbk", "x-gbk") else encoding
        try:
            return body.decode(known)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode(named[0] if named and _known(named[0]) else "utf-8", "replace")


def _known(encoding: str) -> bool:
    try:
        return bool("".encode(encoding) == b"")
    except LookupError:
        return False


def _article(entry: Any, fetched_at: datetime) -> Article | None:
    contents = [content.get("value", "") for content in entry.get("content", [])]
    text = clean_text(max([entry.get("summary", ""), *contents], key=len))
    title = clean_title(entry.get("title", "")) or text[:40]
    if not title:
        return None
    url = entry.get("link", "") or ""
    url = url if url.startswith(("http://", "https://")) else ""
    raw_date = entry.get("published") or entry.get("updated") or entry.get("created") or ""
    at, note = published_at(raw_date, fetched_at)
    publisher = clean_title((entry.get("source") or {}).get("title", "") or "")
    return Article(
        article_key(entry.get("id", "") or "", url, title, text), title, text, url, at, fetched_at, publisher, note
    )
