"""List pages of sites without a feed: which links on a page are articles, and ways to tell them.

A page is walked through once, and where the text of each element stands is kept: asking every link for the text
around it took time that grew with the square of the links in one paragraph.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlsplit

from lxml import etree, html
from lxml.cssselect import CSSSelector, SelectorError

from domain.article import storable
from domain.errors import InputError, SourceError
from sources.clean import clean_title
from sources.links import web_address

MOST_LINKS = 100  # of a list
LEAST_LINKS, LEAST_TITLE = 3, 6  # for a proposal: links of one form, characters of their titles on average
LEAST_WORDS = 4  # characters of a headline
MOST_WORDS, MOST_AROUND = 300, 400  # characters of a link's own text, and of what stands around it
_RAW = 4_000  # characters looked at for those, blanks among them
# Figures are counted, not repeated: a title of many figures took time that grew with its square.
DATE = re.compile(
    r"(?:19|20)\d{2}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}(?:\s?日)?(?:\s\d{1,2}[:：]\d{2}(?::\d{2})?)?"
    r"|\d{1,2}[-/月]\d{1,2}日?(?:\s\d{1,2}[:：]\d{2})?|\d{1,8}\s?(?:分钟|小时|天)前|(?:今天|昨天|前天)\s?(?:\d{1,2}[:：]\d{2})?"
)
_ROWS = frozenset(("li", "tr", "dd", "article"))


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


def links_of(page: str, url: str, options: Mapping[str, Any]) -> tuple[str, list[Link]]:
    """(title of the page, the articles it lists) by a CSS selector, or a pattern of addresses.

    Raises SourceError when the page lists none: it has changed, or the options do not fit.
    """
    root = tree_of(page)
    layout = _Layout(root)
    selector, wanted = check_options(options)
    nodes = selector(root) if selector else [root]
    link_of: dict[str, Link] = {}
    for anchor in dict.fromkeys(anchor for node in nodes for anchor in node.iter("a")):
        link = _link(anchor, url, layout)
        if link and (wanted is None or wanted.search(link.url)):
            before = link_of.get(link.url)
            # A picture and a headline often link to one article: the longer title is the headline.
            if before is None or len(link.title) > len(before.title):
                link_of[link.url] = link
    links = [link for link in link_of.values() if len(link.title) >= LEAST_WORDS][:MOST_LINKS]
    if not links:
        raise SourceError("这个网页里没有找到文章链接，可能改版了。请在“编辑”里重新识别。")
    title = root.findtext(".//title") or ""
    return clean_title(title), links


def check_options(options: Mapping[str, Any]) -> tuple[CSSSelector | None, re.Pattern[str] | None]:
    """(selector, pattern of addresses) of a way to read a list page. Raises InputError for what is none."""
    selector, pattern = options.get("selector"), options.get("pattern")
    try:
        chosen = CSSSelector(str(selector)) if selector else None
    except (SelectorError, etree.XPathError, ValueError) as error:
        raise InputError(f"选择器“{str(selector)[:60]}”写法有误。请修改后再试采。") from error
    try:
        return chosen, re.compile(str(pattern)) if pattern else None
    except (re.error, RecursionError, OverflowError) as error:
        raise InputError(f"网址规则“{str(pattern)[:60]}”写法有误。请修改后再试采。") from error


def propose(page: str, url: str) -> list[Proposal]:
    """Ways to read a page as a list of articles, best first: groups of links whose addresses have one form."""
    groups: defaultdict[str, dict[str, Link]] = defaultdict(dict)
    root = tree_of(page)
    layout = _Layout(root)
    for anchor in root.iter("a"):
        link = _link(anchor, url, layout)
        if link and len(link.title) >= LEAST_WORDS:
            group = groups[_form(link.url)]
            kept = group.get(link.url)
            if kept is None or len(link.title) > len(kept.title):
                group[link.url] = link

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


def tree_of(page: str) -> Any:
    """A page as a tree, without what is no text of it. Raises SourceError."""
    try:
        parser = html.HTMLParser(
            encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
        )
        root = html.document_fromstring(storable(page).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise SourceError("网页内容是空的或无法读取。请检查地址。") from error
    etree.strip_elements(root, "script", "style", "noscript", "template", with_tail=False)
    return root


class _Layout:
    """Where in the text of a page each of its elements stands, and how many links it has, all counted in one walk."""

    def __init__(self, root: Any) -> None:
        self._links: dict[Any, int] = {}  # link → its number among all elements
        self._parents, self._rows = array("l"), bytearray()
        self._starts, self._ends = array("l"), array("l")  # of the text
        self._first, self._last = array("l"), array("l")  # links before, and at the end
        pieces: list[str] = []
        opened: list[int] = []
        length = links = 0
        for event, node in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                number = len(self._starts)
                self._parents.append(opened[-1] if opened else -1)
                self._rows.append(node.tag in _ROWS)
                self._starts.append(length)
                self._ends.append(0)
                self._first.append(links)
                self._last.append(0)
                opened.append(number)
                if node.tag == "a":
                    self._links[node] = number
                    links += 1
            else:
                number = opened.pop()
                self._ends[number], self._last[number] = length, links
            said = node.text if event == "start" else node.tail
            if said:
                pieces.append(said)
                length += len(said)
        self._text = "".join(pieces)

    def words(self, anchor: Any) -> str:
        """The text of a link."""
        return self._said(self._links[anchor])[:MOST_WORDS]

    def around(self, anchor: Any) -> str:
        """The text of the row that a link stands in."""
        number = self._links[anchor]
        for _ in range(3):
            parent = self._parents[number]
            if parent < 0 or self._last[parent] - self._first[parent] > 3:
                break
            number = parent
            if self._rows[number]:
                break
        return self._said(number)[:MOST_AROUND]

    def _said(self, number: int) -> str:
        start = self._starts[number]
        return " ".join(self._text[start : min(self._ends[number], start + _RAW)].split())


def _link(anchor: Any, base: str, layout: _Layout) -> Link | None:
    url = web_address(urldefrag(web_address(anchor.get("href") or "", base))[0])
    if not url:
        return None
    words = layout.words(anchor)
    title = (anchor.get("title") or "")[:MOST_WORDS].strip()
    title = title if len(title) > len(words) or words.endswith(("…", "...")) else words
    date = DATE.search(layout.around(anchor).replace(words, " ", 1)) or DATE.search(words)
    title = clean_title(DATE.sub("", title).strip(" []【】()（）·|") or title)
    return Link(url, title, date[0] if date else "") if title else None


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
