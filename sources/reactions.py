"""How many people reacted (互动): the counts of comments, likes and views that a feed or a table gives."""

from __future__ import annotations

import re
from typing import Any

from domain.article import Reactions

MOST = 10**10  # no page was seen more often than there are people
_COUNT = re.compile(r"\+?(\d{1,15}(?:,\d{3})*(?:\.\d{1,9})?)([万亿wWkK]?)\+?[次条个人]?")
_TIMES = {"": 1, "万": 10**4, "w": 10**4, "亿": 10**8, "k": 1000}


def reactions_of(comments: Any = None, likes: Any = None, views: Any = None) -> Reactions:
    """The reactions to an article by what is said of each; what says no number counts 0."""
    return Reactions(count_of(comments), count_of(likes), count_of(views))


def count_of(said: Any) -> int:
    """A count as publishers write it: 1,234, 1.2万, 3亿次; 0 for anything else."""
    match = _COUNT.fullmatch(str(said).strip()) if isinstance(said, str | int) and not isinstance(said, bool) else None
    if match is None:
        return 0
    return min(MOST, round(float(match[1].replace(",", "")) * _TIMES[match[2].lower()]))
