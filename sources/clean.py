"""Turning HTML and odd characters into plain text with its paragraphs kept."""

from __future__ import annotations

import html
import re

import nh3

LONGEST_TITLE = 300  # characters
LONGEST_TEXT = 200_000
CUT = "……（原文过长，已截断）"

_DROPPED = re.compile(r"<(script|style|iframe|noscript)\b[^>]*>.*?</\1\s*>", re.I | re.S)
_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h\d|/blockquote|hr)\b[^>]*>", re.I)
# Control, zero-width, bidirectional and other invisible characters, and the byte order mark.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def clean_text(raw: str) -> str:
    """Plain text of a piece of HTML or text; paragraphs are lines; cut at LONGEST_TEXT with a mark."""
    text = raw[: 2 * LONGEST_TEXT]
    if "<" in text or "&" in text:
        text = _BREAKS.sub("\n", _DROPPED.sub(" ", text))
        text = html.unescape(nh3.clean(text, tags=set(), attributes={}))
    text = _INVISIBLE.sub("", text.replace("\r", "\n"))
    lines = (re.sub(r"[ \t\u3000\xa0]+", " ", line).strip() for line in text.split("\n"))
    text = "\n".join(line for line in lines if line)
    return text if len(text) <= LONGEST_TEXT and len(raw) <= 2 * LONGEST_TEXT else text[:LONGEST_TEXT] + CUT


def clean_title(raw: str) -> str:
    """A title as one line of plain text, cut at LONGEST_TITLE."""
    text = clean_text(raw[:20_000]).replace("\n", " ")
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"
