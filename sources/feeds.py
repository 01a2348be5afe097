"""Reading RSS, RDF and Atom feeds, and JSON Feed, whatever encoding they are really in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import feedparser

from domain.article import Article, Feed, Source, article_key
from domain.errors import SourceError
from sources import fastfeeds, jsonfeed
from sources.clean import clean_text, clean_title
from sources.dates import published_at
from sources.encoding import decode
from sources.http import Web
from sources.reading import Reading, fetch, in_thread

MOST_ITEMS = 500
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|RDF|channel)\b", re.I)
_DOCTYPE = re.compile(r"""<!DOCTYPE[^\[>]*(?:\[(?:"[^"]*"|'[^']*'|<!--.*?-->|[^\]"'])*\]\s*)?>""", re.S | re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


async def read(web: Web, source: Source, known: frozenset[str], now: datetime) -> Reading:
    """What a feed gives now."""
    got = await fetch(web, source)
    if got.body is None:
        return Reading(None, got)
    return Reading(await in_thread(read_feed, got.body, got.charset, now, got.url, source.encoding), got)


def read_feed(body: bytes, charset: str | None, fetched_at: datetime, url: str = "", encoding: str = "") -> Feed:
    """The articles of a feed. `url` is where it came from, for its relative links. Raises SourceError."""
    if not body.strip():
        raise SourceError("地址能打开，但内容是空的。请检查地址，或联系发布方。")
    text = decode(body, charset, encoding)
    if text.lstrip()[:1] == "{":
        return jsonfeed.read_json_feed(text, fetched_at, url)
    if not _ROOT.search(text[:10_000]):
        if re.search(r"<html\b|<!doctype\s+html|<body\b", text[:10_000], re.I):
            raise SourceError("这个地址是网页，不是 RSS/Atom 订阅源。可以改按“网页列表”添加，或找该站的“RSS”链接。")
        raise SourceError("内容不是 RSS/Atom 订阅源。请检查地址。")
    # No document type is needed to read news; without one there are no entities to expand.
    text = _DECLARATION.sub("", _DOCTYPE.sub("", text, count=1), count=1).lstrip()
    title, entries = fastfeeds.parse(text) or _parse(text)
    articles: dict[str, Article] = {}
    for entry in entries[:MOST_ITEMS]:
        item = article_of(entry, fetched_at, url)
        if item is not None:
            articles.setdefault(item.key, item)
    return Feed(clean_title(title), tuple(articles.values()))


def _parse(text: str) -> tuple[str, list[Any]]:
    """feedparser's reading, for every feed that is not plain and well-formed."""
    try:
        parsed = feedparser.parse(
            text.encode("utf-8", "replace"),
            sanitize_html=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except Exception as error:  # it is not meant to raise, yet broken markup can make its parts do so
        raise SourceError("订阅源的内容有错，无法读取。稍后会自动再试，一直如此请联系发布方。") from error
    if not parsed.entries and parsed.bozo and not parsed.feed:
        raise SourceError("订阅源的内容不完整，无法读取。稍后会自动再试，一直如此请联系发布方。")
    return parsed.feed.get("title", ""), parsed.entries


def article_of(entry: Any, fetched_at: datetime, base: str = "") -> Article | None:
    """An article from an entry as feedparser names its parts; None for one that says nothing."""
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    text = clean_text(max([entry.get("summary") or "", *contents], key=len))
    title = clean_title(entry.get("title") or "") or text.split("\n")[0][:40]
    if not title:
        return None
    url = (entry.get("link") or "").strip()
    # A guid that is no address is no link, whatever isPermaLink says or leaves out.
    url = "" if entry.get("guidislink") and url == entry.get("id") and "://" not in url else urljoin(base, url)
    url = url if url.startswith(("http://", "https://")) and base != url else ""
    raw_date = entry.get("published") or entry.get("updated") or entry.get("created") or ""
    # feedparser knows rarer forms of dates; ours knows the Chinese ones.
    parsed = entry.get("published_parsed") or entry.get("updated_parsed") or entry.get("created_parsed")
    at, note = published_at(raw_date, fetched_at, parsed)
    publisher = clean_title((entry.get("source") or {}).get("title") or "")
    key = article_key(entry.get("id") or "", url, title, text)
    return Article(key, title, text, url, at, fetched_at, publisher, note)
