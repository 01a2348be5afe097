"""Publishing the demo's items as feed files, as far as its time has come."""

from __future__ import annotations

import email.utils
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from domain.article import SourceTier
from domain.files import whole_file

FEEDS = Path(__file__).parent / "feeds"
DAYS = 10
_ITEM = re.compile(r"^@(\d+) (\d\d):(\d\d) (.+)$")


@dataclass(frozen=True, slots=True)
class Item:
    """One item: days after the start and time of day, title, text."""

    after: timedelta
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DemoFeed:
    """A feed of the demo; `form` is rss, atom or gbk (RSS in GBK)."""

    name: str
    form: str
    tier: SourceTier
    items: tuple[Item, ...]


def read_feeds() -> list[DemoFeed]:
    """The feeds in feeds/*.txt: a heading line, then items that begin with @day time title."""
    feeds = []
    for path in sorted(FEEDS.glob("*.txt")):
        heading, *lines = path.read_text("utf-8").splitlines()
        name, form, tier = (part.strip() for part in heading.split("|"))
        items: list[Item] = []
        for line in lines:
            if match := _ITEM.match(line):
                day, hour, minute, title = match.groups()
                items.append(Item(timedelta(days=int(day) - 1, hours=int(hour), minutes=int(minute)), title, ""))
            elif line.strip():
                last = items[-1]
                items[-1] = Item(last.after, last.title, (last.text + "\n" + line).strip())
        feeds.append(DemoFeed(name, form, SourceTier.of(tier), tuple(items)))
    return feeds


def publish(folder: Path, start: datetime, until: datetime) -> dict[str, tuple[Path, SourceTier]]:
    """Write each feed's file with the items up to `until`; `start` is midnight of day 1. Names → files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for feed in read_feeds():
        items = [(start + item.after, item) for item in feed.items if start + item.after <= until]
        items.sort(key=lambda pair: pair[0], reverse=True)
        body = (_atom if feed.form == "atom" else _rss)(feed, items)
        path = folder / f"{feed.name}.xml"
        if not path.exists() or path.read_bytes() != body:
            with whole_file(path, flush=False) as partial:  # the collector reads it meanwhile
                partial.write_bytes(body)
        made[feed.name] = (path, feed.tier)
    return made


def _rss(feed: DemoFeed, items: list[tuple[datetime, Item]]) -> bytes:
    encoding = "gbk" if feed.form == "gbk" else "utf-8"
    rows = "".join(
        f"<item><title>{escape(item.title)}</title><guid isPermaLink='false'>{feed.name}-{item.after}</guid>"
        f"<pubDate>{email.utils.format_datetime(at)}</pubDate><description>{escape(item.text)}</description></item>"
        for at, item in items
    )
    xml = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>{escape(feed.name)}</title>'
        f"<description>虚构的临江市</description>{rows}</channel></rss>"
    )
    return xml.encode(encoding, "xmlcharrefreplace")


def _atom(feed: DemoFeed, items: list[tuple[datetime, Item]]) -> bytes:
    rows = "".join(
        f"<entry><title>{escape(item.title)}</title><id>urn:demo:{feed.name}-{item.after}</id>"
        f"<published>{at.isoformat()}</published><updated>{at.isoformat()}</updated><summary>{escape(item.text)}</summary></entry>"
        for at, item in items
    )
    xml = f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(feed.name)}</title>{rows}</feed>'
    return xml.encode()
