"""What is secret in an address (a password, a token), and the address without it, as it may be kept and shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

MASK = "***"

_SURE = r"[\w.\-]*(?:token|secret|passw(?:or)?d|passwd|pwd|api[_\-]?key|access[_\-]?key|auth|signature|credentials?)"
# Names that are secrets or not: "key" is often the word that is searched for. There the value decides.
_PERHAPS = r"(?:[\w.\-]*[_\-])?(?:key|code|sign?|hash|sid|session|uuid|k)"
_RANDOM = r"(?=[^&;#\s]*\d)[A-Za-z0-9_\-.~]{16,}"  # %E6… is a Chinese word


def _pattern(value: str) -> re.Pattern[str]:
    mask = re.escape(MASK)
    return re.compile(
        rf"(://[^/?#\s@:]*:)([^/?#\s]+)(?=@)"  # a password
        rf"|(://)([A-Za-z0-9_\-.~%]{{16,}}|{mask})(?=@)"  # a token for a name
        rf"|([?&;]{_SURE}=)({value}+)"
        rf"|([?&;]{_PERHAPS}=)({_RANDOM}|{mask})",
        re.IGNORECASE,
    )


_IN_ADDRESS = _pattern(r"[^&;#\s]")
_IN_TEXT = _pattern(r"[!-%'-:<-~]")  # where a Chinese sentence goes on behind the address


def conceal(address: str) -> tuple[str, tuple[str, ...]]:
    """An address with each secret masked, and the secrets in their order; those that are masked already as MASK."""
    secrets: list[str] = []

    def mask(match: re.Match[str]) -> str:
        head, secret = (group for group in match.groups() if group is not None)
        secrets.append(secret)
        return f"{head}{MASK}"

    return (_IN_ADDRESS.sub(mask, address), tuple(secrets)) if "://" in address else (address, ())


def concealed(address: str) -> str:
    """An address as it may be shown."""
    return conceal(address)[0]


def reveal(address: str, secrets: Sequence[str]) -> str:
    """A masked address with its secrets in place. Raises ValueError where there are more or fewer."""
    left = iter(secrets)
    places = len(conceal(address)[1])
    if places != len(secrets):
        raise ValueError("secrets that do not fit the address")
    return _IN_ADDRESS.sub(lambda match: f"{next(g for g in match.groups() if g is not None)}{next(left)}", address)


def without_secrets(text: str) -> str:
    """Any text, a traceback too, with the secrets of the addresses in it masked."""
    if "://" not in text:
        return text
    return _IN_TEXT.sub(lambda match: f"{next(g for g in match.groups() if g is not None)}{MASK}", text)


def same_site(one: str, other: str) -> bool:
    """Whether two addresses lead to one scheme, host and port, to which the same secret may be told."""
    a, b = urlsplit(one), urlsplit(other)
    return (a.scheme, a.netloc.rpartition("@")[2].lower()) == (b.scheme, b.netloc.rpartition("@")[2].lower())
