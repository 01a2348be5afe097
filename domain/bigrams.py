"""Texts as pairs of characters (二元字), by which they are searched: what a substring search finds, this finds.

By words a search misses what lies across their borders, and what it finds hangs on the dictionary. Letters and digits
count, in one width and one case; whatever stands between them only separates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from operator import add

_RUN = re.compile(r"[^\W_]+")


def runs(text: str) -> list[str]:
    """The stretches of letters and digits of a text, folded.

    >>> runs("江北“爆炸”，ＧＤＰ")
    ['江北', '爆炸', 'gdp']
    """
    return _RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def indexed(text: str) -> str:
    """What a text is kept by, separated by spaces: the pairs of each run, then its last character.

    >>> indexed("停水了，急")
    '停水 水了 了 急'
    """
    return " ".join([pair for run in runs(text) for pair in _pairs(run)])


def phrase(stretches: Sequence[str]) -> tuple[list[str], bool]:
    """Which of the above stand in a row where a text holds `runs` of words, and whether the last is only begun.

    The last run may go on in the text: its last character alone says nothing of it.

    >>> phrase(["停水"]), phrase(["了", "急"])
    ((['停水'], False), (['了', '急'], True))
    """
    *whole, last = stretches
    row = [pair for run in whole for pair in _pairs(run)]
    row += _pairs(last)[:-1] or [last]
    return row, len(last) == 1


def _pairs(run: str) -> list[str]:
    return [*map(add, run, run[1:]), run[-1]]
