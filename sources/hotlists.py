"""Hot lists (热榜): JSON of rank, title, link and heat, found by paths; where each item stood is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from domain.article import Article, Feed, Rank, Source, article_key
from domain.errors import SourceError
from sources.clean import clean_title
from sources.encoding import decode
from sources.http import Web
from sources.links import web_address
from sources.reading import Reading, fetch, gathered
from sources.workers import read_apart

MOST_ITEMS = 500  # as of a feed: a list that gathers several platforms has more than one of them
PARTS = ("list", "title", "link", "heat", "rank")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "word", "name", "keyword", "query", "note", "desc", "标题"),
    "link": ("url", "link", "href", "mobileurl", "appurl", "scheme", "链接"),
    "heat": ("heat", "hot", "num", "hotscore", "hot_value", "hotvalue", "raw_hot", "score", "views", "热度"),
    "rank": ("rank", "index", "position", "realpos", "pos", "order", "排名"),
}


_WHOLE = re.compile(r"[0-9]{1,6}")
_FIGURE = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,6})?)\s*([万亿]?)")  # no list counts further


async def read(web: Web, source: Source, known: frozenset[str], now: datetime) -> Reading:
    """What a hot list shows now."""
    got = await fetch(web, source)
    if got.body is None:
        return Reading(None, got)
    read_as = (got.charset, source.encoding, dict(source.options), source.name, got.url, now)
    feed = await read_apart(read_hotlist_bytes, got.body, *read_as)
    return Reading(feed, got, feed.notice)


def read_hotlist_bytes(
    body: bytes, charset: str | None, encoding: str, options: Mapping[str, Any], name: str, url: str, now: datetime
) -> Feed:
    """`read_hotlist` of what an address gave."""
    return read_hotlist(decode(body, charset, encoding), options, name, url, now)


def read_hotlist(text: str, options: Mapping[str, Any], name: str, url: str, now: datetime) -> Feed:
    """The items of a hot list by the paths in `options` (list, title, link, heat, rank); guessed where missing.

    An item is one article for as long as its title is the same; where it stood is in `ranks`.
    Raises SourceError.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError("内容不是 JSON，不能当热榜读。请检查地址。") from error
    options = guess(content) | {part: str(path) for part, path in options.items() if part in PARTS and path}
    items = at_path(content, options.get("list", ""))
    if not isinstance(items, list) or "title" not in options:
        raise SourceError("在 JSON 里没有找到榜单。请在“编辑”里指明榜单和标题的路径。")
    ranks: dict[str, Rank] = {}

    def article(numbered: tuple[int, Any]) -> Article | None:
        i, item = numbered
        title = clean_title(_said(at_path(item, options["title"])))
        if not title:
            return None
        link = web_address(_said(at_path(item, options["link"])), url) if options.get("link") else ""
        article = Article(article_key(f"hot:{title}", "", "", ""), title, title, link, now, now)
        rank = Rank(article.key, _number(item, options.get("rank")) or i + 1, _heat(item, options.get("heat")))
        ranks.setdefault(article.key, rank)
        return article

    articles, skipped = gathered(article, enumerate(items[:MOST_ITEMS]))  # what stands lower is no news
    if not articles:
        raise SourceError("榜单是空的，或标题的路径不对。请在“编辑”里检查。")
    return Feed(name, articles, tuple(ranks.values()), skipped)


def guess(content: Any) -> dict[str, str]:
    """Paths of the list and its parts in some JSON, as far as they can be seen."""
    best: tuple[int, str, dict[str, str]] = (0, "", {})
    for path, items in _lists(content, ""):
        rows = [item for item in items if isinstance(item, dict)]
        if len(rows) < 3:
            continue
        names: dict[str, str] = {}
        for key in _paths(rows[0]):
            lower = key.rsplit(".", 1)[-1].lower()
            for part, known in _NAMES.items():
                if lower in known and (
                    part not in names or known.index(lower) < known.index(names[part].rsplit(".", 1)[-1].lower())
                ):
                    names[part] = key
        if "title" in names and (worth := len(rows) * (1 + len(names))) > best[0]:
            best = (worth, path, names)
    return {"list": best[1], **best[2]} if best[0] else {}


def at_path(content: Any, path: str) -> Any:
    """What stands at a dotted path (`data.items.0.title`); the whole for an empty one, None where there is none."""
    for step in filter(None, path.split(".")):
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and _WHOLE.fullmatch(step) and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    return content


def _lists(content: Any, path: str, depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    if depth > 6:
        return
    if isinstance(content, list):
        yield path, content
        content = dict(enumerate(content[:3]))
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _lists(value, f"{path}.{key}" if path else str(key), depth + 1)


def _paths(item: dict[str, Any], depth: int = 0) -> Iterator[str]:
    for key, value in item.items():
        if isinstance(value, dict) and depth < 2:
            yield from (f"{key}.{inner}" for inner in _paths(value, depth + 1))
        elif isinstance(value, str | int | float):
            yield key


def _said(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _heat(item: Any, path: str | None) -> float | None:
    """The list's own figure: 1234, "1,234" or "123.4万"."""
    said = _said(at_path(item, path)) if path else ""
    figure = _FIGURE.search(said[:100].replace(",", ""))
    return float(figure[1]) * {"": 1, "万": 1e4, "亿": 1e8}[figure[2]] if figure else None


def _number(item: Any, path: str | None) -> int | None:
    said = _said(at_path(item, path)) if path else ""
    return int(said) if _WHOLE.fullmatch(said) and 0 < int(said) <= 1000 else None
