"""Turning HTML and odd characters into plain text with its paragraphs kept.

A tokenizer of our own, after the HTML standard's (13.2.5): building a tree, as every library does to clean HTML, takes
time that grows with the square of what is nested, and a publisher may nest. Here each character is looked at a few
times, whatever the text holds.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from domain.article import CUT, LONGEST_TEXT, LONGEST_TITLE

_TAG = re.compile(
    r"""</?([A-Za-z][^\s/>]*+)(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+>  # a tag, with > in quoted values only
    |<!--(?:-?>|.*?--!?>)                                                    # a comment
    |<(?:!(?i:doctype)|!\[|\?|/)[^>]*+>                                       # what browsers take for one
    """,
    re.S | re.X,
)
_OPENS = re.compile(r"<(?=[A-Za-z/?]|!(?:--|\[|(?i:doctype)))")
# Elements whose content is no text of the page, and how they end. One that never ends takes the rest.
_NO_TEXT = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.I)
    for name in ("script", "style", "iframe", "noscript", "noembed", "noframes", "template")
}
_BREAKS = frozenset(("br", "/p", "/div", "/li", "/tr", "/blockquote", "hr", *(f"/h{i}" for i in range(1, 7))))
# Control, zero-width, bidirectional and other invisible characters, the byte order mark, halves of surrogate pairs.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9A-Fa-f]{7,}+);?")  # Python refuses to read such numbers
_SPACES = re.compile(r"[ \t\u3000\xa0]+")


def clean_text(raw: str) -> str:
    """Plain text of a piece of HTML or text; paragraphs are lines; cut at LONGEST_TEXT with a mark."""
    text = _INVISIBLE.sub("", raw[: 2 * LONGEST_TEXT])
    if "<" in text:
        text = "".join(_without_tags(text))
    elif "&" in text:
        text = _unescaped(text)
    if "&" in raw:
        text = _INVISIBLE.sub("", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace("\r", "\n").split("\n"))
    text = "\n".join(line for line in lines if line)
    return text if len(text) <= LONGEST_TEXT and len(raw) <= 2 * LONGEST_TEXT else text[:LONGEST_TEXT] + CUT


def _without_tags(text: str) -> Iterator[str]:
    """The pieces of text between tags, unescaped, with a line's end where a tag ends one."""
    at = 0
    while opens := _OPENS.search(text, at):
        tag = _TAG.match(text, opens.start())
        # A "<" that opens no tag is text; what opens and never ends takes the rest, as in a browser.
        yield _unescaped(text[at : opens.start()])
        if tag is None:
            return
        at, name = tag.end(), (tag[1] or "").lower()
        if not name:
            continue
        closes = text[opens.start() + 1] == "/"
        if (f"/{name}" if closes else name) in _BREAKS:
            yield "\n"
        elif not closes and name in _NO_TEXT:
            yield " "
            end = _NO_TEXT[name].search(text, at)
            if end is None:
                return
            at = end.start()
    yield _unescaped(text[at:])


def _unescaped(text: str) -> str:
    return html.unescape(_NO_CHARACTER.sub("\ufffd", text)) if "&" in text else text


def clean_title(raw: str) -> str:
    """A title as one line of plain text, cut at LONGEST_TITLE."""
    text = clean_text(raw[:20_000]).replace("\n", " ")
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"
