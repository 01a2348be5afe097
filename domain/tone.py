"""Tone (倾向) of what is said about a matter: praise, complaint or neither; shown to people, never a reason for anything."""

from __future__ import annotations

from dataclasses import dataclass

from domain.concern import Labelled

PREVAILS = 0.5  # share of a matter's texts from which a tone that is not neutral prevails


class Tone(Labelled):
    """正 (praise, thanks), 中 (says what happened), 负 (complains, blames, mourns)."""

    POSITIVE = ("positive", "正")
    NEUTRAL = ("neutral", "中")
    NEGATIVE = ("negative", "负")


@dataclass(frozen=True, slots=True)
class ToneSentence:
    """A sentence that is not neutral, with the words that make it so."""

    article_id: int
    tone: Tone
    sentence: str
    source: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToneShares:
    """How many texts of a topic or a matter have which tone, and some sentences that say so."""

    positive: int = 0
    neutral: int = 0
    negative: int = 0
    said: tuple[ToneSentence, ...] = ()

    @property
    def texts(self) -> int:
        """How many texts were read; 0 where nobody has looked yet."""
        return self.positive + self.neutral + self.negative

    def count(self, tone: Tone) -> int:
        """How many texts have a tone."""
        return {Tone.POSITIVE: self.positive, Tone.NEUTRAL: self.neutral, Tone.NEGATIVE: self.negative}[tone]

    def share(self, tone: Tone) -> float:
        """The share of the texts that have a tone, 0–1."""
        return self.count(tone) / self.texts if self.texts else 0.0

    @property
    def prevailing(self) -> Tone | None:
        """The tone of half of the texts and more, else neutral; None where nobody has looked yet."""
        if not self.texts:
            return None
        louder = Tone.NEGATIVE if self.negative >= self.positive else Tone.POSITIVE
        return louder if self.share(louder) >= PREVAILS else Tone.NEUTRAL

    @property
    def words(self) -> str:
        """The shares as people read them; empty where nobody has looked yet."""
        if not self.texts:
            return ""
        return " · ".join(f"{tone.label} {self.share(tone):.0%}" for tone in Tone) + f"（{self.texts} 篇）"


UNREAD = ToneShares()  # of what nobody has looked at yet


def together(shares: list[ToneShares], most: int) -> ToneShares:
    """The shares of several topics of one matter as one; up to `most` sentences of each tone."""
    said = [sentence for one in shares for sentence in one.said]
    kept = [s for tone in (Tone.NEGATIVE, Tone.POSITIVE) for s in [x for x in said if x.tone is tone][:most]]
    return ToneShares(
        sum(one.positive for one in shares),
        sum(one.neutral for one in shares),
        sum(one.negative for one in shares),
        tuple(kept),
    )
