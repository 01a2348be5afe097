"""Text from outside where Qt would read signs in it: shown as it stands, whatever tags or marks it holds."""

from __future__ import annotations

from html import escape

# A desktop may take the body of a notice for markup; the wide forms look alike and say nothing to it.
_WIDE = str.maketrans({"<": "＜", ">": "＞", "&": "＆"})


def tip(text: str) -> str:
    """For a tip, which Qt draws as HTML, pictures from the disk and all, where it looks like HTML."""
    looks_like_it = "<" in text or "&lt;" in text  # without either, Qt takes no text for HTML
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if looks_like_it else text


def caption(text: str) -> str:
    """For a button, a menu or a tab, where & marks a key."""
    return text.replace("&", "&&")


def heading(text: str) -> str:
    """For the title of a window, where [*] is left out, in one line."""
    return " ".join(text.split()).replace("[*]", "[*][*]")


def notice(text: str) -> str:
    """For a notice of the desktop."""
    return text.translate(_WIDE)
