"""Whatever may be sent, a reader gives sound articles or a sentence; the long form is benchmarks/fuzz.py."""

import time

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from analysis.areas import areas_of, signs_of
from analysis.brief import briefs_of
from analysis.concerns import concern_words, grade_of
from analysis.happenings import sorts_of
from analysis.labels import clean_headline
from analysis.places import names_in, places_in, regions_of
from analysis.said import Unread, said_by
from analysis.segment import kept_words, sentences
from analysis.summary import usable_of
from analysis.terms import terms_of
from benchmarks.hostile import READERS, tried
from domain.bigrams import indexed
from domain.personal import find_personal, has_personal, mask_personal

EXAMPLES = {"folder": 40, "articlepage": 50, "listpage": 60, "tableparts": 40}  # of those that take long


@pytest.mark.parametrize("name", READERS)
def test_reader_gives_sound_articles_or_a_sentence(name):
    @settings(max_examples=EXAMPLES.get(name, 100), deadline=None, suppress_health_check=list(HealthCheck))
    @given(READERS[name].values)
    def one(value):
        outcome, seconds, words = tried(name, value)
        assert outcome in ("read", "empty", "refused"), words
        # The first of all loads what its reader needs: what is slow is slow again.
        assert seconds < 5.0 or tried(name, value)[1] < 5.0

    one()


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of what is found
@pytest.mark.parametrize("name", READERS)
def test_some_of_what_is_made_up_can_be_read(name):
    until_one = settings(max_examples=300, derandomize=True, phases=[Phase.generate], database=None,
                         suppress_health_check=list(HealthCheck))  # fmt: skip
    find(READERS[name].values, lambda value: tried(name, value)[0] == "read", settings=until_one)


# Pieces that the patterns of the analysis look for; a publisher may send a hundred thousand of one.
PIECES = [
    "13800000000,", "a@b.cn ", "a@b.", "京A12345 ", "3号楼2单元501室", "我叫王二，", "1", "１", "a", "临江", "路街", "东", "万千",
    "1-", "1 ", " ", "。", "公", "死亡1人", "1,", "【", "[a", "@", "第一", "级响应", "特别重大", "苗族自治", "（记者", "\n ", "」", "😀", "九六", "四", "合计", "日期 ",
]  # fmt: skip
# … after the beginning of one that needs something else to follow.
BEGINNINGS = ["", "1号楼", "微信", "我叫", "1", "死亡", "一", "【", "甲-", "1人死亡"]
LOOKS = [
    find_personal, has_personal, mask_personal, usable_of, sentences, kept_words, indexed, clean_headline,
    lambda text: grade_of(text, text), lambda text: places_in(text, text, ("临江",)),
    lambda text: names_in(text, ["临江"]), regions_of, sorts_of, lambda text: areas_of([[signs_of(text, text)]]), lambda text: terms_of(text, text),
    lambda text: said_by([Unread(text, text, (), ())], ("临江",), concern_words()),
    lambda text: briefs_of([terms_of(text, text)]),
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_no_text_that_is_handed_on_takes_longer_than_in_proportion(look):
    look("临江一厂房发生爆炸，已致3人受伤。")  # which loads what it needs
    for beginning in BEGINNINGS:
        for piece in PIECES:
            text = beginning + (piece * 5_000)[:5_000]
            if seconds(look, text) > 0.02:
                # Twice as long a text takes twice as long, not four times; a machine that is busy is asked again.
                ratios = (seconds(look, text + text) / seconds(look, text) for _ in range(5))
                assert any(ratio < 3.0 for ratio in ratios), (beginning, piece)


def seconds(look, text):
    began = time.process_time()
    look(text)
    return time.process_time() - began
