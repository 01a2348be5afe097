"""Looking back at a response (成效回看): attention before and after, who carried it, what is still asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.response import Response
from domain.titles import pairs_of

LOOKS = (timedelta(hours=24), timedelta(hours=48))  # after publication; docs/domain.md section 4
WAVE = 1.5  # times the articles of the day before from which a day is a second wave
WAVE_LEAST = 5
ASKED_LEAST = 2  # articles in which a word must stand to be a question still asked
MOST_ASKED = 6
SAME_TITLE = 0.6  # share of a title's character pairs that carry a response


@dataclass(frozen=True, slots=True)
class Coverage:
    """One article of the topic, as looking back needs it. `own`: it is on one of the office's own accounts."""

    title: str
    words: frozenset[str]
    source: str
    at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class LookBack:
    """What one look finds. `before` and `after` count articles in a day before and up to the look after."""

    response: Response
    due_at: datetime
    done: bool
    before: int
    after: int
    own_accounts: tuple[str, ...]
    media: tuple[str, ...]
    asked: tuple[str, ...]
    second_wave: bool

    @property
    def hours(self) -> int:
        """How many hours after the publication it looks."""
        return round((self.due_at - self.response.published_at) / timedelta(hours=1))

    @property
    def advice(self) -> str:
        """What to do next, in words; empty when nothing."""
        if not self.done:
            return ""
        if self.second_wave:
            return "热度再起，建议补充回应。"
        return f"仍在问：{'、'.join(self.asked)}。回应里没有提到，建议补充回应。" if self.asked else ""


def looks(published: Response, reports: Sequence[Coverage], now: datetime) -> list[LookBack]:
    """The looks at a response 24 and 48 hours after it was published, those still to come with what is known so far."""
    return [_look(published, reports, now, after) for after in LOOKS]


def counted(published_at: datetime, reports: Sequence[datetime], now: datetime) -> list[tuple[int, int, int]]:
    """(hours, reports of the day before, reports up to then) of the looks that are done, by when each report came."""
    return [
        (
            round(after / timedelta(hours=1)),
            sum(published_at - timedelta(days=1) <= at < published_at for at in reports),
            sum(published_at <= at < published_at + after for at in reports),
        )
        for after in LOOKS
        if now >= published_at + after
    ]


def _look(published: Response, reports: Sequence[Coverage], now: datetime, span: timedelta) -> LookBack:
    due = published.published_at + span
    end = min(now, due)
    day = timedelta(days=1)
    before = [r for r in reports if published.published_at - day <= r.at < published.published_at]
    after = [r for r in reports if published.published_at <= r.at < end]
    carried = [r for r in after if carries(r.title, published.title)]
    last = sum(end - day <= r.at < end for r in after)
    previous = sum(end - 2 * day <= r.at < end - day for r in reports)
    return LookBack(
        published,
        due,
        now >= due,
        len(before),
        len(after),
        tuple(sorted({r.source for r in carried if r.own})),
        tuple(sorted({r.source for r in carried if not r.own})),
        _asked(published, before, after),
        last >= WAVE_LEAST and last > WAVE * max(1, previous) and span > day,
    )


def _asked(published: Response, before: Sequence[Coverage], after: Sequence[Coverage]) -> tuple[str, ...]:
    """Words that rise in the articles after a response and are absent from it."""
    text = f"{published.title}\n{published.text}"
    earlier = Counter(word for report in before for word in report.words)
    later = Counter(word for report in after for word in report.words)
    rising = {
        word: count - earlier[word]
        for word, count in later.items()
        if count >= ASKED_LEAST and count > earlier[word] and word not in text
    }
    return tuple(sorted(rising, key=lambda word: (-rising[word], word))[:MOST_ASKED])


def carries(title: str, published: str) -> bool:
    """Whether an article's title says what was published under another."""
    pairs = pairs_of(published)
    return bool(pairs) and len(pairs & pairs_of(title)) / len(pairs) >= SAME_TITLE
