"""The address that a publisher names, made whole, or nothing where it is none."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from domain.article import LONGEST_ADDRESS, storable


def web_address(said: str, base: str = "") -> str:
    """An address on the web, relative ones of `base`; "" for whatever cannot be opened in a browser."""
    said = storable(said).strip()
    if not said or len(said) > LONGEST_ADDRESS:
        return ""
    try:
        whole = urljoin(storable(base), said).strip()
        parts = urlsplit(whole)
        # Reading the port is what finds out whether it is one.
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return ""
    return whole if usable and len(whole) <= LONGEST_ADDRESS else ""


def host_of(url: str) -> str:
    """The host that an address names, "" for one that cannot be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
