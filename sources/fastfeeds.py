"""The fast path for plain, well-formed RSS 2.0 and Atom: the very values that feedparser gives, or None.

feedparser reads some 1.5 MB a second; most feeds need nothing of what makes it slow. Where a feed holds anything
whose reading is not plain (other namespaces' titles or dates, relative addresses, xml:base, XHTML, more than one of a
part, parts inside others), this steps aside for it. What feedparser does to every text is done here too: Windows'
leftovers (`don&#146;t`) and UTF-8 that was read as Latin-1 are mended. benchmarks/fidelity.py compares the two.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_ODD = re.compile("\\bbase\\s*=|xmlns\\s*=\\s*[\"'](?!http://www\\.w3\\.org/2005/Atom[\"'])")
_ABSOLUTE = re.compile(r"https?://(?!/)[^\s<>\"'\\\[\]{}]+$")
_REFERENCE = re.compile(r"&\w+;")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-.]*:///")  # of which feedparser takes slashes away
# Windows-1252 where Unicode has control characters, as feedparser reads it (the five codes without meaning stay).
_WINDOWS = {code: letter for code in range(0x80, 0xA0) if (letter := bytes([code]).decode("cp1252", "ignore"))}
_MENDED = re.compile("[\x80-\xff]")
# Parts of an item that we do not use and that touch none of those we use, with the parts that they may have.
_IDLE: dict[str, frozenset[str]] = dict.fromkeys(
    (
        "author",
        "category",
        "comments",
        "enclosure",
        f"{_DC}creator",
        f"{_DC}subject",
        "{http://wellformedweb.org/CommentAPI/}commentRss",
        "{http://wellformedweb.org/CommentAPI/}comment",
        f"{_ATOM}category",
        f"{_ATOM}rights",
    ),
    frozenset(),
) | dict.fromkeys(
    (f"{_ATOM}author", f"{_ATOM}contributor"), frozenset(f"{_ATOM}{name}" for name in ("name", "email", "uri"))
)
_RSS_PARTS = {
    "title": "title",
    "description": "summary",
    "pubDate": "published",
    "{http://purl.org/rss/1.0/modules/slash/}comments": "slash_comments",
}
_ATOM_PARTS = {f"{_ATOM}{name}": name for name in ("title", "summary", "published", "updated", "content")}
# A link of a type that is no page is not the entry's.
_PAGES = (None, "", "html", "text/html", "xhtml", "application/xhtml+xml")
_ITEMS = ("item", "entry")


class _StepAsideError(Exception):
    """Something here is not plain."""


def parse(text: str) -> tuple[str, list[dict[str, Any]]] | None:
    """(feed title, entries by feedparser's names) of a plain feed; None where feedparser must read it."""
    if _ODD.search(text):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        root = etree.fromstring(text.encode(), parser)
        if "&#" in text or _MENDED.search(text):
            _mend(root)
        if root.tag == "rss" and root.get("version") in ("2.0", "0.92", "0.91"):
            (channel,) = root
            return _feed(channel, "item", "title", _rss_item)
        if root.tag == f"{_ATOM}feed":
            return _feed(root, f"{_ATOM}entry", f"{_ATOM}title", _atom_entry)
    except (etree.LxmlError, _StepAsideError, ValueError):
        pass
    return None


def _feed(feed: Any, item: str, title: str, read: Any) -> tuple[str, list[dict[str, Any]]]:
    named, entries = "", []
    for node in feed:
        if node.tag == item:
            _plain(node)
            entries.append(read(node))
        elif node.tag == title:
            if named:
                raise _StepAsideError
            _plain(node, "type")
            named = _text(node, node.get("type"))
        elif any(map(_counts, node.iter())):
            raise _StepAsideError
    if feed.tag == "channel":
        _plain(feed)
    return named, entries


def _counts(node: Any) -> bool:
    """Whether feedparser would take an element inside another for an entry, or for the feed's title; not for a picture's."""
    name = _local(node)
    return name in _ITEMS or (name == "title" and node.getparent().tag != "image")


def _local(node: Any) -> str:
    """The name of an element without its namespace, as feedparser has it; of anything else one that is odd."""
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else "item"


def _plain(node: Any, *allowed: str) -> None:
    """Step aside where an element has attributes, each of which may mean something."""
    if any(name not in allowed for name in node.attrib):
        raise _StepAsideError


def _mend(root: Any) -> None:
    """Mend the texts of a document as feedparser does: what was UTF-8 once, and Windows' leftovers."""
    for node in root.iter():
        text = (node.text or "").strip()
        if _MENDED.search(text):
            with suppress(UnicodeError):
                text = text.encode("iso-8859-1").decode("utf-8")
            node.text = text.translate(_WINDOWS)
            if node.text != node.text.strip():
                raise _StepAsideError


def _text(node: Any, type: str | None = None) -> str:
    """The text of an element without children, stripped as feedparser strips it."""
    if len(node) or type not in (None, "text", "html"):
        raise _StepAsideError
    return (node.text or "").strip()


def _idle(node: Any) -> bool:
    """Whether an element is one that nothing comes of, with nothing else in it."""
    allowed = _IDLE.get(node.tag)
    if allowed is None:
        return False
    if any(inner.tag not in allowed or len(inner) for inner in node):
        raise _StepAsideError
    return True


def _rss_item(item: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    seen: set[str] = set()
    for node in item:
        tag = node.tag
        if _idle(node):
            continue
        if tag in seen:
            raise _StepAsideError
        seen.add(tag)
        if tag == "guid":
            _plain(node, "isPermaLink")
            _identify(entry, _text(node), node.get("isPermaLink", "true") == "true")
        elif tag == "source":
            _plain(node, "url")
            entry["source"] = {"title": _text(node)}
        elif tag == "link":
            _plain(node)
            entry["link"] = _link(_text(node))
        elif tag == _CONTENT:
            _plain(node)
            entry["content"] = [{"value": _text(node)}]
        elif tag in _RSS_PARTS:
            _plain(node)
            entry[_RSS_PARTS[tag]] = _text(node)
        else:
            raise _StepAsideError
    return entry


def _atom_entry(node: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    seen: set[str] = set()
    for child in node:
        tag = child.tag
        if _idle(child):
            continue
        if tag == f"{_ATOM}link":
            _atom_link(entry, child)
            continue
        if tag in seen:
            raise _StepAsideError
        seen.add(tag)
        if tag == f"{_ATOM}id":
            _plain(child)
            _identify(entry, _text(child), True)
        elif tag in _ATOM_PARTS:
            _plain(child, "type")
            part, value = _ATOM_PARTS[tag], _text(child, child.get("type"))
            entry[part] = [{"value": value}] if part == "content" else value
        else:
            raise _StepAsideError
    return entry


def _atom_link(entry: dict[str, Any], node: Any) -> None:
    """The last link to a page is the entry's."""
    href = node.get("href")
    if href is None or len(node) or "url" in node.attrib or "uri" in node.attrib:
        raise _StepAsideError
    if (node.get("rel") or "alternate").lower() == "alternate" and (node.get("type") or "").lower() in _PAGES:
        entry["link"] = _link(href.strip())


def _identify(entry: dict[str, Any], said: str, is_link: bool) -> None:
    """What names an entry is its link too, as long as it has no other, and unless it says that it is none."""
    if is_link and _SCHEME.match(said):
        raise _StepAsideError
    entry["id"], entry["guidislink"] = said, is_link and "link" not in entry
    if is_link:
        entry.setdefault("link", said)


def _link(said: str) -> str:
    if said and (not _ABSOLUTE.match(said) or _REFERENCE.search(said)):
        raise _StepAsideError
    return said
