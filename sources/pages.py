"""Sites without a feed: the articles that a list page names, each from its own page.

An article whose page cannot be had or read costs its neighbours nothing: it is told of, and tried again after a while
for as long as the list names it. The list is asked for anew until all that it names has been read.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from domain.article import Article, Feed, Source, article_key
from domain.errors import ReaderEndedError, SourceError
from sources.clean import clean_text, clean_title
from sources.dates import published_at, read_date
from sources.encoding import decode
from sources.http import Web
from sources.listing import DATE, Link, links_of, tree_of
from sources.reading import Reading, fetch
from sources.workers import read_apart

MOST_PAGES, AT_ONCE = 20, 2  # new articles that are fetched in one round, and of these at a time
ROUND_SECONDS = 60.0  # after which a round begins no further page
SOON = timedelta(minutes=1)  # until the next look while there is more to read
FIRST_RETRY, LAST_RETRY = 60.0, 6 * 3600.0  # seconds until a page that could not be read is tried again
_SAID_DATE = re.compile(rf"(?:发布时间|发布日期|发表时间|时间|日期|发布于)\s*+(?:[:：]\s*+)?({DATE.pattern})")
_SAID_SOURCE = re.compile(r"(?:信息来源|文章来源|稿件来源|来源|出处)\s*[:：]\s*([^\s|｜<>【】（）()，。；]{2,30})")
_META_DATES = ("pubdate", "publishdate", "article:published_time", "publish_time", "og:published_time", "datepublished")
_META_SOURCES = ("contentsource", "source", "article:author", "mediaid")


@dataclass(slots=True)
class _Round:
    """What has come of the pages of one round; which are in neither have not been asked."""

    until: float
    found: dict[str, Article] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)


async def read(web: Web, source: Source, known: frozenset[str], now: datetime) -> Reading:
    """What a list page gives now: its new articles, each from its own page."""
    got = await fetch(web, source, robots=True)
    if got.body is None:
        return Reading(None, got)
    place = got.url or source.url
    title, links = await read_apart(read_list, got.body, got.charset, source.encoding, place, dict(source.options))
    listed = {article_key("", link.url, "", ""): link for link in links}
    fresh = {key: link for key, link in listed.items() if key not in known}
    memory = {key: list(kept) for key, kept in source.memory.items() if key in fresh}
    due = [key for key in fresh if _is_due(memory.get(key), now)]
    # What never came goes before what failed, so that pages that always fail keep nobody waiting.
    due.sort(key=lambda key: int(memory[key][0]) if key in memory else 0)
    done = await _read_pages(web, source, {key: fresh[key] for key in due[:MOST_PAGES]}, place, now)
    for key in done.found:
        memory.pop(key, None)
    for key in done.missed:
        memory[key] = [int(memory.get(key, [0])[0]) + 1, now.timestamp()]
    waiting = len(due) - len(done.found) - len(done.missed)
    if waiting or memory:
        # The list is asked for anew, even if it has not changed: with its mark the rest would never be read.
        got = replace(got, etag=None, last_modified=None)
    notice = f"有 {len(memory)} 篇的网页打不开或读不出来，其余正常，稍后会自动再试。" if memory else ""
    feed = Feed(title, tuple(done.found.values()), skipped=len(done.missed))
    return Reading(feed, got, notice, memory=memory, again=SOON if waiting else None)


def _is_due(kept: Sequence[Any] | None, now: datetime) -> bool:
    """Whether an article's page is to be asked for: never yet, or a while ago in vain."""
    if kept is None:
        return True
    wait = min(LAST_RETRY, FIRST_RETRY * 2 ** min(int(kept[0]) - 1, 20))
    return not 0 <= now.timestamp() - float(kept[1]) < wait


async def _read_pages(web: Web, source: Source, links: Mapping[str, Link], place: str, now: datetime) -> _Round:
    """Fetch and read the pages of some articles, two at a time, so that no more of them lie in memory."""
    done, gate = _Round(time.monotonic() + ROUND_SECONDS), asyncio.Semaphore(AT_ONCE)

    async def one(key: str, link: Link) -> None:
        async with gate:
            if time.monotonic() > done.until:
                return
            try:
                got = await web.get(link.url, from_page=place, robots=True)
                done.found[key] = await read_apart(read_page, got.body or b"", got.charset, source.encoding, link, now)
            except ReaderEndedError:
                # One that held or filled its process; a list of such would hold all that read, so it is enough now.
                done.missed.add(key)
                done.until = 0.0
            except SourceError:
                done.missed.add(key)

    await asyncio.gather(*(one(key, link) for key, link in links.items()))
    return done


def read_list(
    body: bytes, charset: str | None, encoding: str, url: str, options: Mapping[str, Any]
) -> tuple[str, list[Link]]:
    """(title, articles) of a list page as it came. Raises SourceError, InputError."""
    return links_of(decode(body, charset, encoding), url, options)


def read_page(body: bytes, charset: str | None, encoding: str, link: Link, now: datetime) -> Article:
    """The article of a page as it came. Raises SourceError."""
    return read_article(decode(body, charset, encoding), link, now)


def read_article(page: str, link: Link, now: datetime) -> Article:
    """The article of a page: main text by trafilatura; date and source as Chinese sites write them."""
    import trafilatura

    root = tree_of(page)
    document: Any = trafilatura.bare_extraction(
        page, url=link.url, include_comments=False, with_metadata=True, config=_extraction()
    )
    if isinstance(document, dict):  # which it is where it was asked for as one
        document = None
    text = clean_text((document.text or "").replace("<", "&lt;")) if document else ""
    cut = link.title.endswith(("…", "..."))
    title = clean_title((document.title or "") if document and cut else "") or link.title
    meta = {
        (node.get("name") or node.get("property") or "").lower(): node.get("content") or ""
        for node in root.iter("meta")
    }
    seen = re.sub(r"\s+", " ", " ".join(root.itertext("body", "div", "span", "p", "td", "li", "em", "i", "font")))[
        :20_000
    ]
    if not text and not clean_text(seen):
        raise SourceError("网页里没有文字。请检查地址。")
    said = _SAID_DATE.search(seen)
    candidates = [meta.get(name, "") for name in _META_DATES] + [said[1] if said else "", link.date]
    candidates += [document.date or "" if document else ""]
    raw = next((each for each in candidates if each and read_date(each, now)), "")
    at, note = published_at(raw, now)
    source = next((meta[name] for name in _META_SOURCES if meta.get(name)), "")
    if not source and (named := _SAID_SOURCE.search(seen)):
        source = named[1]
    key = article_key("", link.url, "", "")
    return Article(key, title, text or title, link.url, at, now, clean_title(source)[:60], note)


@cache
def _extraction() -> Any:
    """trafilatura's settings: Chinese notices are short, and their few lines are the whole article."""
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "40")
    config.set("DEFAULT", "MIN_OUTPUT_SIZE", "10")
    return config
