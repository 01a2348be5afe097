"""What publishers might send, for every reader, and what must be true of all that is read.

`READERS` names each reader with what it is given and how it is called. To add one, write a strategy whose values can
be pickled (benchmarks/madeup.py has what to make it of) and a function of this module's kind, and name both there;
benchmarks/fuzz.py and tests/sources/test_hostile.py run all that are named.
"""

from __future__ import annotations

import time
import traceback
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from benchmarks.hostile_files import FILE_READERS
from benchmarks.madeup import (
    HEADS,
    addresses,
    as_bytes,
    as_json,
    attributes,
    charsets,
    dates,
    element,
    json_feeds,
    json_texts,
    options,
    pages,
    plain,
    ranked,
    texts,
    tree,
    xml,
)  # fmt: skip
from benchmarks.soundness import BASE, NOW, ParserUnderTest, sound_all
from domain.article import Feed, storable
from domain.errors import InputError, WenyingError
from sources import fastfeeds
from sources.clean import clean_text, clean_title
from sources.dates import published_at, read_date
from sources.discovery import look_at
from sources.encoding import decode
from sources.feeds import article_of, legal, parsed, read_feed, without_prolog
from sources.hotlists import read_hotlist_bytes
from sources.links import web_address
from sources.opml import outlines_of


def _feed(given: tuple[bytes, str | None, str]) -> int:
    feed: Feed = read_feed(given[0], given[1], NOW, BASE, given[2])
    assert feed.title == storable(feed.title)
    return sound_all(feed.articles)


def _fast(text: str) -> int:
    fast = fastfeeds.parse(without_prolog(text))
    if fast is None:
        return 0
    title, entries = parsed(legal(without_prolog(text)))
    assert fast[0] == title, (fast[0], title)
    ours, theirs = ([article_of(entry, NOW, BASE) for entry in found] for found in (fast[1], entries))
    assert ours == theirs, (ours, theirs)
    return len(ours)


def _hotlist(given: tuple[bytes, dict[str, str]]) -> int:
    feed = read_hotlist_bytes(given[0], None, "", given[1], "榜", BASE, NOW)
    assert {rank.key for rank in feed.ranks} >= {item.key for item in feed.articles}
    assert all(1 <= rank.rank <= 1000 and (rank.heat is None or 0 <= rank.heat < 1e30) for rank in feed.ranks)
    return sound_all(feed.articles)


def _opml(body: bytes) -> int:
    found = outlines_of(body, "源.opml")
    for outline in found:
        assert web_address(outline.url) == outline.url and outline.name
        for text in (outline.name, outline.url, outline.tier, outline.place, *outline.tags):
            assert text == storable(text) and len(text) <= 2000
    return len(found)


def _discovery(given: tuple[bytes, str | None, str]) -> int:
    look = look_at(given[0], given[1], given[2], BASE, BASE, NOW)
    assert look.offers or look.fault or look.addresses or b"<" in given[0]
    assert all(web_address(address) == address for address in look.addresses)
    return sum(sound_all(offer.articles) for offer in look.offers if offer.kind != "page")


def _decoded(given: tuple[bytes, str | None, str]) -> int:
    return len(decode(*given).encode())  # which halves of characters would not let be


def _date(given: tuple[str, datetime]) -> int:
    raw, now = given
    moment, note = published_at(raw, now)
    assert moment == now if note else datetime(1990, 1, 1, tzinfo=UTC) <= moment <= now
    return read_date(raw, now) is not None


def _text(raw: str) -> int:
    text, title = clean_text(raw), clean_title(raw)
    assert text == storable(text) and title == storable(title) and "\n" not in title and len(title) <= 300
    return len(text)


def _address(given: tuple[str, str]) -> int:
    url = web_address(*given)
    assert url == "" or (url.encode() and web_address(url) == url)
    return bool(url)


outlines = st.lists(attributes, max_size=5).map(
    lambda found: HEADS[6].replace("%s", "".join(element("outline", each, [], True) for each in found))
)
said_dates = st.one_of(dates, texts, st.from_regex(r"[0-9年月日时分T:+./ -]{1,60}", fullmatch=True))
moments = st.datetimes(NOW.replace(year=2000, tzinfo=None), NOW.replace(year=2100, tzinfo=None), timezones=st.just(UTC))
sent = st.tuples(as_bytes(st.one_of(xml, plain)), charsets, st.sampled_from(["", "", "gb18030", "utf-8", "idna"]))
READERS: dict[str, ParserUnderTest] = {
    "feed": ParserUnderTest(st.one_of(sent, st.tuples(as_bytes(json_texts), charsets, st.just(""))), _feed),
    "fastfeed": ParserUnderTest(st.one_of(plain, plain, xml), _fast),
    "jsonfeed": ParserUnderTest(st.tuples(as_bytes(json_feeds.map(as_json)), charsets, st.just("")), _feed),
    "hotlist": ParserUnderTest(st.tuples(as_bytes(st.one_of(json_texts, ranked)), options | st.just({})), _hotlist),
    "opml": ParserUnderTest(as_bytes(st.one_of(xml, outlines)), _opml),
    "discovery": ParserUnderTest(
        st.one_of(
            sent,
            st.tuples(as_bytes(pages), charsets, st.just("")),
            st.tuples(as_bytes(json_texts), charsets, st.just("")),
        ),
        _discovery,
    ),
    "encoding": ParserUnderTest(st.tuples(as_bytes(texts), charsets, charsets.map(lambda name: name or "")), _decoded),
    "dates": ParserUnderTest(st.tuples(said_dates, moments), _date),
    "clean": ParserUnderTest(st.one_of(texts, tree(texts)), _text),
    "links": ParserUnderTest(st.tuples(addresses | texts, addresses | st.just(BASE)), _address),
    **FILE_READERS,
}


def tried(name: str, value: Any) -> tuple[str, float, str]:
    """("read", "refused" or "defect", seconds of computing, what went wrong) of one value, for a process apart."""
    began = time.thread_time()
    outcome, words = "read", ""
    try:
        if not READERS[name].read(value):
            outcome = "empty"
    except MemoryError:
        raise
    except (WenyingError, InputError):
        outcome = "refused"
    except Exception:
        outcome, words = "defect", traceback.format_exc()
    return outcome, time.thread_time() - began, words
