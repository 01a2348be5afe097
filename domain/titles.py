"""How alike two titles are, by the pairs of characters that they share."""

from __future__ import annotations

from collections.abc import Set


def pairs_of(title: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a title."""
    return frozenset(title[i : i + 2] for i in range(len(title) - 1))


def shared(one: Set[str], other: Set[str]) -> float:
    """The share (0–1) of the pairs of the shorter of two titles that both have."""
    return len(one & other) / max(1, min(len(one), len(other)))
