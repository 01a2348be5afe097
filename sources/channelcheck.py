"""A gentle look at the home page of one of the office's own channels (自有渠道): can it be had, which links are dead, how new.

Through the gates of sources/http, by robots.txt, one request after another with a pause between.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urldefrag

from domain.errors import FetchError, SourceError
from domain.times import china_day
from sources.dates import read_date
from sources.encoding import decode
from sources.http import StatusError, Web
from sources.links import host_of, web_address
from sources.listing import links_of, tree_of
from sources.workers import read_apart

MOST_LINKS = 30  # of a home page that are tried, those on the same site first
PAUSE = 1.0  # seconds between two requests
FIRST = 4_096  # bytes that are read of what a link leads to
DEAD = (404, 410)
OLDEST = timedelta(days=3650)
_IN_ADDRESS = re.compile(r"(20\d{2})[-/]?([01]\d)[-/]?([0-3]\d)(?!\d)")  # t20261120_1.html, /2026-11/20/, /20261120/


@dataclass(frozen=True, slots=True)
class HomePage:
    """What a home page names: its links, those of the same site first, and the newest day beside or in one of them."""

    links: tuple[str, ...]
    updated_on: date | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: the newest day, how many links were tried, which of them are dead and why."""

    updated_on: date | None
    links: int
    dead: tuple[tuple[str, str], ...]


async def look_at_channel(web: Web, url: str, now: datetime, pause: float = PAUSE) -> Looked:
    """Look at a home page and try its links. Raises FetchError, SourceError where the page cannot be had or read."""
    got = await web.get(url, robots=True)
    place = got.url or url
    page = await read_apart(read_home, got.body or b"", got.charset, place, now)
    dead: list[tuple[str, str]] = []
    tried = 0
    for link in page.links[:MOST_LINKS]:
        await asyncio.sleep(pause)
        try:
            await web.get(link, from_page=place, robots=True, first=FIRST)
        except StatusError as error:
            if error.status in DEAD:
                dead.append((link, f"{error.status}"))
        except FetchError:
            continue  # refused, slow or of an odd form: nothing is said of it
        tried += 1
    return Looked(page.updated_on, tried, tuple(dead))


def read_home(body: bytes, charset: str | None, url: str, now: datetime) -> HomePage:
    """The links of a home page and how new it is. Raises SourceError.

    A day counts only beside a link or in its address: most home pages say what day today is.
    """
    text = decode(body, charset, "")
    addresses: dict[str, None] = {}
    for anchor in tree_of(text).iter("a"):
        address = urldefrag(web_address(anchor.get("href") or "", url))[0]
        if address and address != url:
            addresses.setdefault(address)
    links = sorted(addresses, key=lambda link: host_of(link) != host_of(url))
    today = china_day(now)
    days = [day for link in links for day in _days_in(link)]
    with suppress(SourceError):  # a page without a headline
        _, listed = links_of(text, url, {})
        days += [china_day(at) for link in listed if link.date and (at := read_date(link.date, now))]
    sound = [day for day in days if today - OLDEST < day <= today]
    return HomePage(tuple(links), max(sound, default=None))


def _days_in(address: str) -> list[date]:
    days = []
    for year, month, day in _IN_ADDRESS.findall(address):
        with suppress(ValueError):
            days.append(date(int(year), int(month), int(day)))
    return days
