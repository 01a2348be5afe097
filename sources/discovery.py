"""Finding what an address has to offer: a feed, the feeds of a site, a hot list, or a list page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html

from domain.article import Article, Feed
from domain.errors import SourceError
from sources.clean import clean_title
from sources.encoding import decode
from sources.feeds import read_feed
from sources.hotlists import guess, read_hotlist
from sources.http import Web
from sources.pages import propose
from sources.reading import in_thread

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
USUAL = ("rss.xml", "feed", "atom.xml", "index.xml")
MOST_TRIED = 6


@dataclass(frozen=True, slots=True)
class Offer:
    """A source that an address offers: its kind, where, its name, what its kind needs, and a first look."""

    kind: str
    url: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    articles: tuple[Article, ...] = ()


async def discover(web: Web, url: str, now: datetime, encoding: str = "") -> list[Offer]:
    """What an address offers, best first. Raises SourceError with the fault when it offers nothing."""
    got = await web.get(url)
    body = got.body or b""
    try:
        feed = await in_thread(read_feed, body, got.charset, now, got.url, encoding)
        return [Offer("feed", url, feed.title, {}, feed.articles)]
    except SourceError as error:
        fault = error
    text = decode(body, got.charset, encoding)
    if text.lstrip()[:1] in ("{", "["):
        return [await in_thread(_hotlist, text, url, now)]
    if "<" not in text:
        raise fault
    offers = []
    for address in _feed_addresses(text, got.url)[:MOST_TRIED]:
        try:
            found = await web.get(address, from_page=got.url)
            feed = await in_thread(read_feed, found.body or b"", found.charset, now, found.url, "")
            offers.append(Offer("feed", address, feed.title, {}, feed.articles))
        except SourceError:
            continue
    title = clean_title(html.fromstring(text.encode()).findtext(".//title") or "") if text.strip() else ""
    for proposal in await in_thread(propose, text, got.url):
        seen = tuple(Article(link.url, link.title, link.date, link.url, now, now) for link in proposal.links)
        offers.append(Offer("page", url, title, proposal.options, seen))
    if not offers:
        raise SourceError("这个网页里没有找到订阅源，也没有像文章列表的链接。请换一个栏目页的地址。")
    return offers


def _hotlist(text: str, url: str, now: datetime) -> Offer:
    options = guess(json.loads(text))
    feed: Feed = read_hotlist(text, options, "", url, now)
    return Offer("hotlist", url, urlsplit(url).netloc, options, feed.articles)


def _feed_addresses(text: str, url: str) -> list[str]:
    """Addresses that may be feeds: declared in the head, linked, then the usual ones."""
    root = html.fromstring(text.encode())
    declared = [
        link.get("href")
        for link in root.iter("link")
        if "alternate" in (link.get("rel") or "") and (link.get("type") or "").lower() in FEED_TYPES
    ]
    linked = [
        anchor.get("href")
        for anchor in root.iter("a")
        if any(sign in (anchor.get("href") or "").lower() for sign in ("rss", "atom.xml", "/feed"))
    ]
    found = [urljoin(url, href.strip()) for href in [*declared, *linked] if href]
    if not declared:
        found += [urljoin(url, "/" + name) for name in USUAL]
    return list(dict.fromkeys(address for address in found if address.startswith(("http://", "https://"))))
