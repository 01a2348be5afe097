"""Hot lists (热榜): JSON of rank, title, link and heat, found by paths; where each item stood is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from domain.article import Article, Feed, Rank, Source, article_key
from domain.errors import SourceError
from sources.clean import clean_title
from sources.encoding import decode
from sources.http import Web
from sources.reading import Reading, fetch, in_thread

MOST_ITEMS = 300
PARTS = ("list", "title", "link", "heat", "rank")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "word", "name", "keyword", "query", "note", "desc", "标题"),
    "link": ("url", "link", "href", "mobileurl", "appurl", "scheme", "链接"),
    "heat": ("heat", "hot", "num", "hotscore", "hot_value", "hotvalue", "raw_hot", "score", "views", "热度"),
    "rank": ("rank", "index", "position", "realpos", "pos", "order", "排名"),
}


async def read(web: Web, source: Source, known: frozenset[str], now: datetime) -> Reading:
    """What a hot list shows now."""
    got = await fetch(web, source)
    if got.body is None:
        return Reading(None, got)
    text = decode(got.body, got.charset, source.encoding)
    return Reading(await in_thread(read_hotlist, text, source.options, source.name, got.url, now), got)


def read_hotlist(text: str, options: Mapping[str, Any], name: str, url: str, now: datetime) -> Feed:
    """The items of a hot list by the paths in `options` (list, title, link, heat, rank); guessed where missing.

    An item is one article for as long as its title is the same; where it stood is in `ranks`.
    Raises SourceError.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError("内容不是 JSON，不能当热榜读。请检查地址。") from error
    options = guess(found) | {part: path for part, path in options.items() if part in PARTS and path}
    items = at_path(found, str(options.get("list", "")))
    if not isinstance(items, list) or "title" not in options:
        raise SourceError("在 JSON 里没有找到榜单。请在“编辑”里指明榜单和标题的路径。")
    articles: dict[str, Article] = {}
    ranks: list[Rank] = []
    for i, item in enumerate(items[:MOST_ITEMS]):
        title = clean_title(_said(at_path(item, str(options["title"]))))
        if not title:
            continue
        link = _said(at_path(item, str(options.get("link", "")))) if options.get("link") else ""
        link = urljoin(url, link) if link else ""
        link = link if link.startswith(("http://", "https://")) else ""
        key = article_key(f"hot:{title}", "", "", "")
        if key in articles:
            continue
        articles[key] = Article(key, title, title, link, now, now)
        ranks.append(Rank(key, _number(item, options.get("rank")) or i + 1, _heat(item, options.get("heat"))))
    if not articles:
        raise SourceError("榜单是空的，或标题的路径不对。请在“编辑”里检查。")
    return Feed(name, tuple(articles.values()), tuple(ranks))


def guess(found: Any) -> dict[str, str]:
    """Paths of the list and its parts in some JSON, as far as they can be seen."""
    best: tuple[int, str, dict[str, str]] = (0, "", {})
    for path, items in _lists(found, ""):
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


def at_path(found: Any, path: str) -> Any:
    """What stands at a dotted path (`data.items.0.title`); the whole for an empty one, None where there is none."""
    for step in filter(None, path.split(".")):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def _lists(found: Any, path: str, depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    if depth > 6:
        return
    if isinstance(found, list):
        yield path, found
        found = dict(enumerate(found[:3]))
    if isinstance(found, dict):
        for key, value in found.items():
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
    figure = re.search(r"(\d+(?:\.\d+)?)\s*([万亿]?)", said.replace(",", ""))
    return float(figure[1]) * {"": 1, "万": 1e4, "亿": 1e8}[figure[2]] if figure else None


def _number(item: Any, path: str | None) -> int | None:
    said = _said(at_path(item, path)) if path else ""
    return int(said) if said.isdigit() and 0 < int(said) <= 1000 else None
