"""Tone: what is praise, complaint or neither, and the sentence that says so."""

from __future__ import annotations

import time

import pytest

from analysis.tone import shares_of, tone_of
from domain.tone import Tone, ToneShares, together


@pytest.mark.parametrize(
    ("title", "tone"),
    [
        ("业主投诉电梯坏了半个月没人修", Tone.NEGATIVE),
        ("网友质疑通报里的数字", Tone.NEGATIVE),
        ("沉痛哀悼遇难的消防员", Tone.NEGATIVE),
        ("某镇干部因不作为被问责", Tone.NEGATIVE),
        ("孩子上学的路何时能修好？家长很无奈", Tone.NEGATIVE),
        ("市民为救人小伙点赞", Tone.POSITIVE),
        ("办事大厅态度好，老人很满意", Tone.POSITIVE),
        ("化工园区一厂房发生爆炸 已致3人死亡", Tone.NEUTRAL),
        ("市政府召开会议部署安全生产", Tone.NEUTRAL),
        ("开展噪声扰民专项整治行动", Tone.NEUTRAL),
        ("12345投诉热线今起升级", Tone.NEUTRAL),
        ("本月用水量不满3吨的按3吨计", Tone.NEUTRAL),
    ],
)
def test_headline_has_its_tone(title, tone):
    assert tone_of(title).tone is tone


@pytest.mark.parametrize(
    ("title", "tone"),
    [
        ("老楼漏雨三年没人来修", Tone.NEGATIVE),
        ("物业费一涨再涨", Tone.NEGATIVE),
        ("新装的路灯成了摆设", Tone.NEGATIVE),
        ("说好的三个月交房，结果拖到明年", Tone.NEGATIVE),
        ("再也不用跑县城了，村口就能取药", Tone.POSITIVE),
        ("我市连续六天无新增病例", Tone.NEUTRAL),
        ("开放24小时的自助书店启用", Tone.NEUTRAL),
    ],
)
def test_turns_of_speech_complain_and_praise_without_such_words(title, tone):
    assert tone_of(title).tone is tone


def test_praise_that_is_denied_is_none():
    assert tone_of("业主：对这个答复很满意").tone is Tone.POSITIVE
    assert tone_of("业主：对这个答复并不满意").tone is Tone.NEGATIVE


def test_text_that_says_both_alike_is_neutral():
    assert tone_of("有人点赞，有人质疑").tone is Tone.NEUTRAL


def test_tone_comes_with_the_sentence_and_its_words():
    toned = tone_of("小区停暖三天", "居民们怨声载道，质疑物业敷衍。物业称正在抢修。")
    assert (toned.tone, toned.sentence) == (Tone.NEGATIVE, "居民们怨声载道，质疑物业敷衍。")
    assert "怨声载道" in toned.words


def test_shares_count_every_text_and_show_the_newest_sentences_once():
    titles = ["市民点赞新公园", "新公园开放", "新公园停车难被投诉", "新公园停车难被投诉"]
    shares = shares_of([tone_of(title) for title in titles], [1, 2, 3, 4], ["甲", "乙", "丙", "丁"])
    assert (shares.positive, shares.neutral, shares.negative) == (1, 1, 2)
    assert [(s.article_id, s.tone) for s in shares.said] == [(4, Tone.NEGATIVE), (1, Tone.POSITIVE)]
    assert shares.prevailing is Tone.NEGATIVE and shares.words == "正 25% · 中 25% · 负 50%（4 篇）"


def test_topics_of_a_matter_are_counted_together():
    one, other = ToneShares(1, 2, 0), ToneShares(0, 1, 4)
    both = together([one, other], 3)
    assert (both.positive, both.neutral, both.negative) == (1, 3, 4)
    assert ToneShares().prevailing is None and ToneShares().words == ""


def test_sentence_without_an_end_is_read_in_time():
    began = time.monotonic()
    tone_of("死亡受伤", "死亡受伤" + "一" * 199_000)
    assert time.monotonic() - began < 5
