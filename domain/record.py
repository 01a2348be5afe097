"""The record (留痕): entries chained by hash, so that a later rewrite shows; docs/domain.md section 13."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: who did what to which object, what it was before and after."""

    sequence: int
    at: datetime
    who: str
    action: str
    object: str
    before: Any
    after: Any
    previous: str
    hash: str


def entry_hash(
    sequence: int, at: datetime, who: str, action: str, object: str, before: Any, after: Any, previous: str
) -> str:
    """SHA-256 over canonical JSON of the entry and the hash before it."""
    content = {
        "sequence": sequence,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "who": who,
        "action": action,
        "object": object,
        "before": before,
        "after": after,
        "previous": previous,
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(value: Any) -> str:
    """The one way in which a value is written as JSON: keys in order, no spaces, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(
    sequence: int, at: datetime, who: str, action: str, object: str, before: Any, after: Any, previous: str
) -> Entry:
    """The entry that follows the one whose hash is `previous`."""
    digest = entry_hash(sequence, at, who, action, object, before, after, previous)
    return Entry(sequence, at, who, action, object, before, after, previous, digest)
