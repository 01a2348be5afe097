"""What a site's robots.txt allows us to read (RFC 9309); a line that makes no sense costs nothing but itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

TOKEN = "wenying"  # the product token of http.AGENT, by which a site may name us
LONGEST = 512_000  # bytes that are read; the RFC asks for 500 KiB at least
MOST_RULES, LONGEST_PATTERN = 5_000, 1_000
_NAMED = re.compile(r"\*|[A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class RobotRules:
    """The rules for us: (pattern, whether it allows)."""

    rules: Sequence[tuple[str, bool]] = ()

    def allow(self, url: str) -> bool:
        """Whether an address may be read: the longest pattern that fits decides, of two as long the one that allows."""
        parts = urlsplit(url)
        path = _plain((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return True
        longest = max(((len(pattern), allows) for pattern, allows in self.rules if _fits(pattern, path)), default=None)
        return longest is None or longest[1]


def rules_of(body: bytes) -> RobotRules:
    """The rules of a robots.txt for us: those of all groups that name us, else of those for everybody."""
    ours: list[tuple[str, bool]] = []
    everybody: list[tuple[str, bool]] = []
    named, begun, heard = set[str](), False, False
    for line in body[:LONGEST].decode("utf-8-sig", "replace").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if begun:
                named, begun = set(), False
            agent = _NAMED.match(value)
            named.add(agent[0].lower() if agent else "")
            heard = heard or TOKEN in named
        elif key in ("allow", "disallow"):
            begun = True
            if not value.startswith(("/", "*")) or len(value) > LONGEST_PATTERN:
                continue  # nothing is forbidden by an empty one; the others name no path
            rule = (_plain(value), key == "allow")
            for rules, name in ((ours, TOKEN), (everybody, "*")):
                if name in named and len(rules) < MOST_RULES:
                    rules.append(rule)
    return RobotRules(tuple(ours if heard else everybody))


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as a pattern says; * stands for anything, $ at the end for the path's end."""
    to_end = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    if to_end and not parts:
        return place == len(path)
    last = parts.pop() if to_end else ""
    for part in parts:
        at = path.find(part, place)
        if at < 0:
            return False
        place = at + len(part)
    return not to_end or (len(path) - len(last) >= place and path.endswith(last))


def _plain(path: str) -> str:
    """A path in the one way in which two are compared: what may stand as it is does, the rest in percent."""
    kept = re.split(r"(%(?:2[fF]|3[fF]|23|24|2[aA]|25))", path)  # / ? # $ * % keep their own meaning
    return "".join(
        part.upper() if i % 2 else quote(unquote_to_bytes(part), "/?#[]@!$&'()*+,;=:~") for i, part in enumerate(kept)
    )
