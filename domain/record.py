"""The record (留痕): entries chained by hash, so that a later rewrite shows; docs/domain.md section 13."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.errors import InputError

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


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """The newest entry of the record at some time, by its number and hash.

    Laid down where whoever rewrites the record does not reach, it shows that entries were taken away or all were
    written anew, which the chain itself cannot show.
    """

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"

    @property
    def printed(self) -> str:
        """As it stands on paper: the number and as much of the hash as nobody can make fit."""
        return f"{self.sequence} {self.hash[:16]}"

    @classmethod
    def of(cls, text: str) -> Head:
        """What `str` made, or the number and the beginning of the hash as they are printed. Raises InputError."""
        found = re.fullmatch(r"\s*(?:第\s*)?(\d{1,12})(?:\s*条)?[\s:：,，]+([0-9a-f]{8,64})\s*", text)
        if found is None:
            raise InputError(f"看不懂“{text[:80]}”。请写成“条数 校验值”，如 128 3fa9c1d2e4b5a697。")
        return cls(int(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class SeenHead:
    """A head that was laid down somewhere: where, in words."""

    head: Head
    where: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the record stands: how many entries, the first that does not fit the chain (None when all do), and the heads
    laid down elsewhere that it does not hold, the lowest number first."""

    entries: int
    misfit: int | None
    lacking: tuple[SeenHead, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, taken away or put in another's place, as far as can be told."""
        return self.misfit is None and not self.lacking

    @property
    def said(self) -> str:
        """The verdict in a sentence or two."""
        if self.misfit is not None:
            return f"留痕第 {self.misfit} 条与链条不符，此后可能被改动过。请保留现场，与最近的备份比对。"
        if not self.lacking:
            return f"留痕共 {self.entries} 条，链条完整，与别处存下的末条相符。"
        first = self.lacking[0]
        more = f"（另有 {len(self.lacking) - 1} 处）" if len(self.lacking) > 1 else ""
        return (
            f"留痕少了或换过第 {first.head.sequence} 条：{first.where}存下的末条现在的留痕里没有{more}，"
            f"从第 {first.head.sequence} 条往前、上一处相符的以后，可能被删改过。请保留现场，与那里的备份比对。"
        )


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
