"""List pages of sites without a feed: which links are articles, and what each article page says."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree, html
from lxml.cssselect import CSSSelector, SelectorError

from domain.article import Article, Feed, Source, article_key
from domain.errors import FetchError, InputError, SourceError
from sources.clean import clean_text, clean_title
from sources.dates import published_at, read_date
from sources.encoding import decode
from sources.http import Web
from sources.reading import Reading, fetch, in_thread

MOST_LINKS, MOST_PAGES = 100, 20  # of a list; of which so many new articles are fetched in one round
LEAST_LINKS, LEAST_TITLE = 3, 6  # for a proposal: links of one form, characters of their titles on average
_DATE = re.compile(
    r"(?:19|20)\d{2}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}(?:\s*日)?(?:\s+\d{1,2}[:：]\d{2}(?::\d{2})?)?"
    r"|\d{1,2}[-/月]\d{1,2}日?(?:\s+\d{1,2}[:：]\d{2})?|\d+\s*(?:分钟|小时|天)前|(?:今天|昨天|前天)\s*(?:\d{1,2}[:：]\d{2})?"
)
_SAID_DATE = re.compile(rf"(?:发布时间|发布日期|发表时间|时间|日期|发布于)\s*[:：]?\s*({_DATE.pattern})")
_SAID_SOURCE = re.compile(r"(?:信息来源|文章来源|稿件来源|来源|出处)\s*[:：]\s*([^\s|｜<>【】（）()，。；]{2,30})")
_META_DATES = ("pubdate", "publishdate", "article:published_time", "publish_time", "og:published_time", "datepublished")
_META_SOURCES = ("contentsource", "source", "article:author", "mediaid")


@dataclass(frozen=True, slots=True)
class Link:
    """An article that a list page names: address, title, and the date beside it as written."""

    url: str
    title: str
    date: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A way to read a list page, with what it would give."""

    options: Mapping[str, Any]
    links: tuple[Link, ...]


async def read(web: Web, source: Source, known: frozenset[str], now: datetime) -> Reading:
    """What a list page gives now: its new articles, each from its own page."""
    got = await fetch(web, source, robots=True)
    if got.body is None:
        return Reading(None, got)
    page = decode(got.body, got.charset, source.encoding)
    title, links = await in_thread(links_of, page, got.url or source.url, source.options)
    fresh = [link for link in links if article_key("", link.url, "", "") not in known][:MOST_PAGES]
    articles = await asyncio.gather(*(_article(web, source, link, got.url or source.url, now) for link in fresh))
    found = tuple(article for article in articles if article is not None)
    if len(found) < len(fresh):
        # What could not be had is asked for again next time, even if the list does not change.
        got = type(got)(got.body, got.charset, None, None, got.url, got.moved_to)
    return Reading(Feed(title, found), got)


async def _article(web: Web, source: Source, link: Link, page: str, now: datetime) -> Article | None:
    try:
        got = await web.get(link.url, from_page=page, robots=True)
    except FetchError:
        return None
    return await in_thread(read_article, decode(got.body or b"", got.charset, source.encoding), link, now)


def links_of(page: str, url: str, options: Mapping[str, Any]) -> tuple[str, list[Link]]:
    """(title of the page, the articles it lists) by a CSS selector, or a pattern of addresses.

    Raises SourceError when the page lists none: it has changed, or the options do not fit.
    """
    root = _tree(page)
    selector, pattern = options.get("selector"), options.get("pattern")
    try:
        nodes = CSSSelector(selector)(root) if selector else root.iter("a")
        wanted = re.compile(pattern) if pattern else None
    except (SelectorError, etree.XPathError, re.error) as error:
        raise InputError("选择器或网址规则写法有误。请修改后再试采。") from error
    found: dict[str, Link] = {}
    for node in nodes:
        for anchor in [node] if node.tag == "a" else node.iter("a"):
            link = _link(anchor, url)
            if link and (wanted is None or wanted.search(link.url)):
                before = found.get(link.url)
                # A picture and a headline often link to one article: the longer title is the headline.
                if before is None or len(link.title) > len(before.title):
                    found[link.url] = link
    links = [link for link in found.values() if len(link.title) >= 4][:MOST_LINKS]
    if not links:
        raise SourceError("这个网页里没有找到文章链接，可能改版了。请在“编辑”里重新识别。")
    title = root.findtext(".//title") or ""
    return clean_title(title), links


def propose(page: str, url: str) -> list[Proposal]:
    """Ways to read a page as a list of articles, best first: groups of links whose addresses have one form."""
    groups: defaultdict[str, dict[str, Link]] = defaultdict(dict)
    for anchor in _tree(page).iter("a"):
        link = _link(anchor, url)
        if link and len(link.title) >= 4:
            kept = groups[_form(link.url)].get(link.url)
            if kept is None or len(link.title) > len(kept.title):
                groups[_form(link.url)][link.url] = link

    def worth(links: list[Link]) -> float:
        length = sum(len(link.title) for link in links) / len(links)
        dated = sum(bool(link.date) for link in links) / len(links)
        return min(len(links), 40) * min(length, 30) * (1 + dated)

    fitting = [
        (pattern, list(links.values()))
        for pattern, links in groups.items()
        if len(links) >= LEAST_LINKS and sum(len(link.title) for link in links.values()) >= LEAST_TITLE * len(links)
    ]
    fitting.sort(key=lambda item: -worth(item[1]))
    return [Proposal({"pattern": pattern}, tuple(links)) for pattern, links in fitting[:5]]


def read_article(page: str, link: Link, now: datetime) -> Article:
    """The article of a page: main text by trafilatura; date and source as Chinese sites write them."""
    import trafilatura

    root = _tree(page)
    document = trafilatura.bare_extraction(
        page, url=link.url, include_comments=False, with_metadata=True, config=_extraction()
    )
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


def _tree(page: str) -> Any:
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
        root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise SourceError("网页内容是空的或无法读取。请检查地址。") from error
    for node in list(root.iter("script", "style", "noscript", "template")):
        node.drop_tree()
    return root


def _link(anchor: Any, base: str) -> Link | None:
    url = urldefrag(urljoin(base, (anchor.get("href") or "").strip()))[0]
    if urlsplit(url).scheme not in ("http", "https"):
        return None
    words = re.sub(r"\s+", " ", anchor.text_content()).strip()
    title = (anchor.get("title") or "").strip()
    title = title if len(title) > len(words) or words.endswith(("…", "...")) else words
    around = _around(anchor)
    date = _DATE.search(around.replace(words, " ", 1)) or _DATE.search(words)
    title = clean_title(_DATE.sub("", title).strip(" []【】()（）·|") or title)
    return Link(url, title, date[0] if date else "") if title else None


def _around(anchor: Any) -> str:
    """The text of the row that a link stands in."""
    node = anchor
    for _ in range(3):
        parent = node.getparent()
        if parent is None or sum(1 for _ in parent.iter("a")) > 3:
            break
        node = parent
        if node.tag in ("li", "tr", "dd", "article"):
            break
    return re.sub(r"\s+", " ", node.text_content())[:400]


def _form(url: str) -> str:
    """The form of an address as a pattern: its host and path with figures left open."""
    parts = urlsplit(url)
    path = re.escape(parts.path)
    path = re.sub(r"\d+", r"\\d+", path)
    head, _, last = path.rpartition("/")
    if re.search(r"[a-z]", last) and last.count(r"\-") >= 2:
        last = r"[^/]+"
    query = "" if not parts.query else re.sub(r"\d+", r"\\d+", re.escape("?" + parts.query))
    return f"^{parts.scheme}://{re.escape(parts.netloc)}{head}/{last}{query}$"
