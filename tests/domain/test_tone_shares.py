"""倾向: the shares of a matter's texts, which tone prevails, and several topics as one."""

from __future__ import annotations

import pytest

from domain.tone import UNREAD, Tone, ToneSentence, ToneShares, together


def sentence(article: int, tone: Tone) -> ToneSentence:
    return ToneSentence(article, tone, f"第{article}句", "临江日报")


@pytest.mark.parametrize(
    ("shares", "tone"),
    [
        (ToneShares(0, 1, 1), Tone.NEGATIVE),
        (ToneShares(1, 1, 0), Tone.POSITIVE),
        (ToneShares(1, 0, 1), Tone.NEGATIVE),
        (ToneShares(2, 0, 1), Tone.POSITIVE),
        (ToneShares(1, 2, 1), Tone.NEUTRAL),
        (ToneShares(0, 1, 0), Tone.NEUTRAL),
        (UNREAD, None),
    ],
)
def test_tone_of_half_the_texts_prevails(shares, tone):
    assert shares.prevailing is tone


def test_shares_are_of_all_texts_and_none_where_nobody_looked():
    shares = ToneShares(1, 2, 5)
    assert shares.texts == 8 and [shares.count(tone) for tone in Tone] == [1, 2, 5]
    assert [shares.share(tone) for tone in Tone] == [0.125, 0.25, 0.625]
    assert shares.words == "正 12% · 中 25% · 负 62%（8 篇）"
    assert (UNREAD.texts, UNREAD.share(Tone.NEGATIVE), UNREAD.words) == (0, 0.0, "")


def test_topics_of_one_matter_are_added_up_with_some_sentences_of_each_tone():
    bad = [sentence(n, Tone.NEGATIVE) for n in (1, 2, 3)]
    good = [sentence(n, Tone.POSITIVE) for n in (4, 5)]
    made = together([ToneShares(1, 2, 3, (good[0], *bad[:2])), ToneShares(1, 4, 5, (bad[2], good[1]))], 2)
    assert made == ToneShares(2, 6, 8, (*bad[:2], *good))
    assert together([], 2) == UNREAD
