"""Reading RSS, RDF and Atom feeds, and JSON Feed, whatever encoding they are really in."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime
from time import struct_time
from typing import Any

import feedparser
from feedparser.datetimes import _parse_date

from domain.article import Article, Feed, Source, article_key, storable
from domain.errors import SourceError
from sources import fastfeeds, jsonfeed
from sources.clean import clean_text, clean_title
from sources.dates import published_at
from sources.encoding import decode
from sources.http import Web
from sources.links import web_address
from sources.reactions import reactions_of
from sources.reading import Reading, ends_of, fetch, gathered
from sources.workers import read_apart

MOST_ITEMS = 500
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|RDF|channel)\b", re.I)
_PAGE = re.compile(r"<html\b|<!doctype\s+html|<body\b", re.I)
_ITEM = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.I)
_ENDS = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)\s*>", re.I)
_SPACE = re.compile(r"[\s\ufeff]*+")
_DECLARED = re.compile(r"""["'\[\]>]|<!--|<\?""")  # what matters inside a document type
_REFERENCE = re.compile(
    r"(?s:<!\[CDATA\[.*?(?:\]\]>|\Z))|&#(?:[xX]([0-9A-Fa-f]{1,9}+)|([0-9]{1,9}+));?|&#[xX]?[0-9A-Fa-f]{10,}+;?"
)
_UNREADABLE = "订阅源的内容有错，无法读取。稍后会自动再试，一直如此请联系发布方。"
_INCOMPLETE = "订阅源的内容不完整，无法读取。稍后会自动再试，一直如此请联系发布方。"


async def read(web: Web, source: Source, known: frozenset[str], now: datetime) -> Reading:
    """What a feed gives now."""
    got = await fetch(web, source)
    if got.body is None:
        return Reading(None, got)
    feed = await read_apart(read_feed, got.body, got.charset, now, got.url, source.encoding)
    if feed.broken_off:  # what was missing is asked for again
        got = replace(got, etag=None, last_modified=None)
    return Reading(feed, got, feed.notice)


def read_feed(body: bytes, charset: str | None, fetched_at: datetime, url: str = "", encoding: str = "") -> Feed:
    """The articles of a feed. `url` is where it came from, for its relative links. Raises SourceError."""
    if not body.strip():
        raise SourceError("地址能打开，但内容是空的。请检查地址，或联系发布方。")
    text = decode(body, charset, encoding)
    if text.lstrip()[:1] == "{":
        return jsonfeed.read_json_feed(text, fetched_at, url)
    title, entries, lost = entries_of(text)
    some, left_out = ends_of(entries, MOST_ITEMS)
    articles, skipped = gathered(lambda entry: article_of(entry, fetched_at, url), some)
    broken_off = not _ENDS.search(text[-1_000:])
    return Feed(clean_title(title), articles, skipped=skipped + lost, left_out=left_out, broken_off=broken_off)


def entries_of(text: str) -> tuple[str, list[Any], int]:
    """(title, entries as feedparser names their parts, how many could not be read) of a feed. Raises SourceError."""
    body = without_prolog(text)
    if not _ROOT.search(body[:10_000]):
        if _PAGE.search(text[:10_000]):
            raise SourceError("这个地址是网页，不是 RSS/Atom 订阅源。可以改按“网页列表”添加，或找该站的“RSS”链接。")
        raise SourceError("内容不是 RSS/Atom 订阅源。请检查地址。")
    fast = fastfeeds.parse(body)
    if fast is not None:
        return *fast, 0
    whole = legal(body)
    try:
        return *parsed(whole), 0
    except MemoryError:
        raise
    except SourceError:
        raise
    except Exception as error:  # it is not meant to raise, yet broken markup can make its parts do so
        read = _one_by_one(whole)
        if not read[1]:
            raise SourceError(_UNREADABLE) from error
        return read


def without_prolog(text: str) -> str:
    """A document from its first element on. What is declared before it is not needed to read news; without a document
    type there are no entities to expand.
    """
    at = 0
    while True:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
        if text.startswith("<?", at):
            end = text.find("?>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at + 4)
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            end = _end_of_doctype(text, at + 9) - 1
        else:
            return text[at:]
        if end < 0:
            return ""
        at = text.index(">", end) + 1


def _end_of_doctype(text: str, at: int) -> int:
    """Where a document type is over, past its ">"; 0 where it never is. One look at each character."""
    inside = False
    while match := _DECLARED.search(text, at):
        mark, at = match[0], match.end()
        closes = {"<!--": "-->", "<?": "?>", '"': '"', "'": "'"}.get(mark)
        if closes:
            end = text.find(closes, at)
            if end < 0:
                return 0
            at = end + len(closes)
        elif mark == ">" and not inside:
            return at
        elif mark in "[]":
            inside = mark == "["
    return 0


def legal(text: str) -> str:
    """The text without what XML forbids, of which one character makes the whole a broken document."""

    def legal(match: re.Match[str]) -> str:
        if match[0][0] == "<":
            return match[0]  # in CDATA they are text
        code = int(match[1], 16) if match[1] else int(match[2]) if match[2] else 0
        return match[0] if 0 < code <= 0x10FFFF and storable(chr(code)) else "\ufffd"

    return _REFERENCE.sub(legal, storable(text)) if "&#" in text else storable(text)


def parsed(text: str) -> tuple[str, list[Any]]:
    """feedparser's reading, for every feed that is not plain and well-formed. Raises SourceError."""
    feed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        sanitize_html=False,  # all of it is made plain text in the end
        resolve_relative_uris=False,  # in the HTML of texts, that is, whose links are not kept
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    if not feed.entries and feed.bozo and not feed.feed:
        raise SourceError(_INCOMPLETE)
    title = feed.feed.get("title", "")
    return title if isinstance(title, str) else "", feed.entries


def _one_by_one(text: str) -> tuple[str, list[Any], int]:
    """The entries of a feed that cannot be read as a whole, without those that are to blame."""
    starts = [item.start() for item in _ITEM.finditer(text)][: MOST_ITEMS + 1]
    head = text[: starts[0]] if starts else text
    items = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)])][:MOST_ITEMS]
    named, entries, lost = "", [], 0
    waiting = [items] if items else []
    while waiting:
        some = waiting.pop()
        try:
            named, some_entries = parsed(head + "".join(some))
            entries += some_entries
        except MemoryError:
            raise
        except Exception:
            if len(some) == 1:
                lost += 1
            else:
                waiting += [some[len(some) // 2 :], some[: len(some) // 2]]
    return named, entries, lost


def article_of(entry: Any, fetched_at: datetime, base: str = "") -> Article | None:
    """An article from an entry as feedparser names its parts; None for one that says nothing."""
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    text = clean_text(max([_said(entry, "summary"), *contents], key=len))
    title = clean_title(_said(entry, "title")) or text.split("\n")[0][:40]
    if not title:
        return None
    id = _said(entry, "id")
    url = _link(entry, id, base)
    said = [raw for name in ("published", "updated", "created") if (raw := _said(entry, name))]
    at, note = published_at(said, fetched_at, _as_feedparser_reads)
    publisher = clean_title(_said(entry.get("source") or {}, "title"))
    # RSS' Slash module, and Atom's threading extension (RFC 4685, section 5).
    reactions = reactions_of(comments=_said(entry, "slash_comments") or _said(entry, "thr_total"))
    return Article(article_key(id, url, title, text), title, text, url, at, fetched_at, publisher, note, reactions)


def _link(entry: Any, id: str, base: str) -> str:
    said = _said(entry, "link").strip()
    # A guid that is no address is no link, whatever isPermaLink says or leaves out.
    if entry.get("guidislink") and said == id and "://" not in said and not said.startswith("/"):
        return ""
    url = web_address(said, base)
    return "" if url == base else url


def _said(entry: Any, name: str) -> str:
    """A part of an entry that is text. (A feed can make feedparser put other things there.)"""
    value = dict.get(entry, name)  # not feedparser's own `get`, which takes one date for another
    return value if isinstance(value, str) else ""


def _as_feedparser_reads(raw: str) -> struct_time | None:
    """feedparser knows rarer forms of dates; ours knows the Chinese ones."""
    moment = _parse_date(raw)
    return moment if isinstance(moment, struct_time) else None
