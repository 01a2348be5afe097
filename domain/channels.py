"""The office's own channels (自有渠道): what a daily look at one found, and who of ours carried a response."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ChannelLook:
    """What a look at a channel's home page found: why it could not be read, the newest day it names, how many links
    were tried, and those that are dead (address, why). `faults` counts the looks in a row that failed.
    """

    entry_id: int
    looked_at: datetime
    fault: str = ""
    updated_on: date | None = None
    links: int = 0
    dead: tuple[tuple[str, str], ...] = ()
    faults: int = 0

    @property
    def said(self) -> str:
        """In a few words."""
        if self.fault:
            return f"打不开（连续 {self.faults} 次）：{self.fault.rstrip('。')}"
        return f"坏链接 {len(self.dead)} 个（试了 {self.links} 个）" if self.dead else "正常"


@dataclass(frozen=True, slots=True)
class Carried:
    """A response that one of our channels carried: on which day, where; `by` is who noted it, or the program."""

    response_id: int
    entry_id: int
    carried_on: date
    link: str
    by: str
    at: datetime
