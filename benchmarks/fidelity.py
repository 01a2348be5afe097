"""Whether feeds are read as feedparser reads them: one JSON object.

Usage: fidelity.py [FOLDER] [--show]
FOLDER holds feeds of any kind, such as the test suite in feedparser's own source distribution (`tests/`); the demo's
without one. Two questions are asked of every file. Does the fast path, where it takes a file, give the very articles that feedparser's entries
give? And do titles, links and texts differ from those of feedparser as it is out of the box, both as plain text?

Differences that are meant, each counted under its name:
  encoding   the bytes are read as what they are, where feedparser believes what they say of themselves; a few broken
             bytes do not make UTF-8 another encoding
  fallback   an entry without a title is called by its text's beginning
  guid       a guid that is no address ("20261120-1") is no link
  scheme     what no browser opens as a page (urn:, tag:, mailto:, relative without a base) is no link
  doctype    what a document type declares (entities) is not expanded
  markup     of scripts, iframes and CDATA inside HTML nothing is left over, where feedparser's cleaner leaves pieces;
             "<>" is text, which it drops
Exit code 1 where a difference has no such name. Dates differ too, and are not counted: those without a zone are China's time, feedparser takes them for UTC.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import tempfile
import warnings
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import feedparser

from benchmarks.tiny import arguments
from demo.publisher import publish
from domain.errors import SourceError
from sources import fastfeeds
from sources.clean import clean_text, clean_title
from sources.encoding import decode
from sources.feeds import article_of, entries_of, legal, parsed, without_prolog
from sources.links import web_address

_ODD_MARKUP = re.compile(r"(?:<|&lt;|&#60;)(?:>|script|iframe|!\[CDATA\[.*(?:<|&lt;)script)", re.I | re.S)
UNEXPLAINED = ("fast_path_differs", "entries_differ", "titles_differ", "links_differ", "texts_differ")
UTF8 = {"content-type": "application/xml; charset=utf-8"}
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


def plain(entry: Any) -> tuple[str, str, str]:
    """Title, link and text of one of feedparser's entries, as plain text."""
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    text = max([entry.get("summary") or "", *contents], key=len)
    return clean_title(entry.get("title") or ""), (entry.get("link") or "").strip(), clean_text(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--show", action="store_true", help="each difference, on standard error")
    args = arguments(parser)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as made:
        if args.folder is None:
            publish(Path(made), NOW - timedelta(days=7), NOW)
        found = compared(args.folder or Path(made), args.show)
    print(json.dumps(found))
    sys.exit(any(found[name] for name in UNEXPLAINED))


def compared(folder: Path, show: bool) -> Counter[str]:
    """What is the same and what differs in the feeds of a folder."""
    counts: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.*")):
        if path.suffix not in (".xml", ".rss", ".atom", ".rdf", ".feed") or not path.is_file():
            continue
        body = path.read_bytes()
        counts["files"] += 1
        text = decode(body)
        fast = fastfeeds.parse(without_prolog(text))
        if fast is not None:
            counts["taken_by_the_fast_path"] += 1
            title, entries = parsed(legal(without_prolog(text)))
            ours, theirs = [[article_of(e, NOW) for e in found] for found in (fast[1], entries)]
            if ours != theirs or fast[0] != title:
                counts["fast_path_differs"] += 1
                if show:
                    print(path, fast[0], title, ours, theirs, sep="\n  ", file=sys.stderr)
        compare(path, body, text, counts, show)
    return counts


def compare(path: Path, body: bytes, text: str, counts: Counter[str], show: bool) -> None:
    """Count what is different in one file."""
    peer = feedparser.parse(io.BytesIO(body))
    try:
        entries = entries_of(text)[1]
    except SourceError as error:
        counts["refused"] += 1
        if peer.entries:
            counts["refused_with_entries"] += 1
            if show:
                print(path, error, [plain(e) for e in peer.entries], file=sys.stderr)
        return
    counts["entries"] += len(peer.entries)
    if len(entries) != len(peer.entries):
        counts["entries_differ"] += 1
        if show:
            print(path, "entries", len(entries), len(peer.entries), file=sys.stderr)
    # The same characters as ours, so that what is left is no matter of encoding.
    alike = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), response_headers=UTF8).entries
    for i, (mine, theirs) in enumerate(zip(entries, peer.entries)):
        # An entry of a link only says nothing, and is left out; here its link counts.
        said = clean_title(mine.get("title") or "")
        item = article_of({**mine, "title": said or "x"}, NOW)
        assert item
        have = (said, item.url, item.text)
        want = plain(theirs)
        same = plain(alike[i]) if i < len(alike) else want
        for n, part in enumerate(("titles", "links", "texts")):
            if not have[n] and not want[n]:
                continue
            counts[part] += 1
            if have[n] != want[n]:
                why = "encoding" if have[n] == same[n] else explained(part, have[n], want[n], theirs, text)
                counts[f"{part}_{why}"] += 1
                if show and why == "differ":
                    print(path, part, repr(have[n])[:300], repr(want[n])[:300], file=sys.stderr, sep="\n    ")


def explained(part: str, have: str, want: str, theirs: Any, text: str) -> str:
    """The name of a difference that is meant; "differ" for any other."""
    if part == "titles" and not want:
        return "fallback"
    if part == "links" and not have and not web_address(want):
        return "guid" if want == theirs.get("id") and ":" not in want else "scheme"
    if "<!ENTITY" in text:
        return "doctype"
    if part != "links" and _ODD_MARKUP.search(text):
        return "markup"
    return "differ"


if __name__ == "__main__":
    main()
