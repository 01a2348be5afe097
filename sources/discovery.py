"""Finding what an address has to offer: a feed, the feeds of a site, a hot list, or a list page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxml import etree, html

from domain.article import Article, Feed
from domain.errors import SourceError
from sources.clean import clean_title
from sources.encoding import decode
from sources.feeds import read_feed
from sources.hotlists import guess, read_hotlist
from sources.http import Web
from sources.links import host_of, web_address
from sources.listing import Link, propose
from sources.workers import read_apart

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


@dataclass(frozen=True, slots=True)
class _Probe:
    """What the bytes of an address hold: offers, and addresses that may be feeds; else the fault."""

    offers: tuple[Offer, ...] = ()
    addresses: tuple[str, ...] = ()
    fault: str = ""


async def discover(web: Web, url: str, now: datetime, encoding: str = "") -> list[Offer]:
    """What an address offers, best first. Raises SourceError with the fault when it offers nothing."""
    got = await web.get(url)
    look = await read_apart(look_at, got.body or b"", got.charset, encoding, url, got.url, now)
    if look.fault:
        raise SourceError(look.fault)
    offers: list[Offer] = []
    for address in look.addresses:
        try:
            offered = await web.get(address, from_page=got.url)
            feed = await read_apart(read_feed, offered.body or b"", offered.charset, now, offered.url, "")
            offers.append(Offer("feed", address, feed.title, {}, feed.articles))
        except SourceError:
            continue
    offers += look.offers
    if not offers:
        raise SourceError("这个网页里没有找到订阅源，也没有像文章列表的链接。请换一个栏目页的地址。")
    return offers


def look_at(body: bytes, charset: str | None, encoding: str, url: str, came_from: str, now: datetime) -> _Probe:
    """What some bytes hold: a feed, a hot list, or a page with its lists and the feeds it names.

    `url` is what the office gave, `came_from` where the answer came from in the end.
    """
    try:
        feed = read_feed(body, charset, now, came_from, encoding)
        return _Probe((Offer("feed", url, feed.title, {}, feed.articles),))
    except SourceError as error:
        fault = str(error)
    text = decode(body, charset, encoding)
    try:
        if text.lstrip()[:1] in ("{", "["):
            return _Probe((_hotlist(text, url, now),))
        if "<" not in text:
            return _Probe(fault=fault)
        root = html.fromstring(text.encode("utf-8", "replace"))
        title = clean_title(root.findtext(".//title") or "")
        seen = [
            Offer("page", url, title, proposal.options, _articles(proposal.links, now))
            for proposal in propose(text, came_from)
        ]
        return _Probe(tuple(seen), tuple(_feed_addresses(root, came_from)[:MOST_TRIED]))
    except SourceError as error:
        return _Probe(fault=str(error))
    except (etree.LxmlError, ValueError, AttributeError):
        return _Probe(fault=fault)


def _articles(links: Iterable[Link], now: datetime) -> tuple[Article, ...]:
    return tuple(Article(link.url, link.title, link.date, link.url, now, now) for link in links)


def _hotlist(text: str, url: str, now: datetime) -> Offer:
    feed: Feed = read_hotlist(text, {}, "", url, now)
    return Offer("hotlist", url, host_of(url), guess(json.loads(text)), feed.articles)


def _feed_addresses(root: Any, url: str) -> list[str]:
    """Addresses that may be feeds: declared in the head, linked, then the usual ones."""
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
    addresses = [web_address(href, url) for href in [*declared, *linked] if href]
    if not declared:
        addresses += [web_address("/" + name, url) for name in USUAL]
    return [address for address in dict.fromkeys(addresses) if address]
