"""Reading JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from domain.article import Article, Feed, article_key
from domain.errors import SourceError
from sources.clean import clean_text, clean_title
from sources.dates import published_at
from sources.links import web_address
from sources.reading import ends_of, gathered

MOST_ITEMS = 500


def read_json_feed(text: str, fetched_at: datetime, url: str = "") -> Feed:
    """The articles of a JSON Feed. Raises SourceError when it is none."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError("内容是不完整的 JSON，无法读取。请检查地址，或联系发布方。") from error
    items = content.get("items") if isinstance(content, dict) else None
    if not isinstance(items, list) or not str(content.get("version", "")).startswith("https://jsonfeed.org/version/"):
        raise SourceError("内容是 JSON，但不是 JSON Feed 订阅源。如果是热榜，请按“热榜”添加。")
    some, left_out = ends_of(items, MOST_ITEMS)
    articles, skipped = gathered(lambda item: _article(item, fetched_at, url), some)
    return Feed(clean_title(_said(content, "title")), articles, skipped=skipped, left_out=left_out)


def _article(item: dict[str, Any], fetched_at: datetime, url: str) -> Article | None:
    text = clean_text(_said(item, "content_html")) or clean_text(_said(item, "content_text").replace("<", "&lt;"))
    text = text or clean_text(_said(item, "summary").replace("<", "&lt;"))
    title = clean_title(_said(item, "title")) or text.split("\n")[0][:40]
    if not title:
        return None
    link = web_address(_said(item, "url") or _said(item, "external_url"), url)
    at, note = published_at([_said(item, "date_published"), _said(item, "date_modified")], fetched_at)
    return Article(article_key(_said(item, "id"), link, title, text), title, text, link, at, fetched_at, "", note)


def _said(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return str(value) if isinstance(value, str | int | float) else ""
