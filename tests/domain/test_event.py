"""Major events: their window and phases, what touches them, and what is refused at which field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.errors import InputError
from domain.event import LONGEST_NAME, LONGEST_TEXT, LONGEST_WORD, MOST_WORDS, EventKind, MajorEvent, Phase

STARTS, ENDS = date(2026, 3, 3), date(2026, 3, 11)
EVENT = MajorEvent(1, EventKind.TWO_SESSIONS, "两会", STARTS, ENDS, ("两会",))
EVE = Phase("预热", date(2026, 2, 20), date(2026, 3, 2))


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_event_is_active_on_its_first_and_last_day_and_in_its_phases():
    days = [day(text) for text in ("2026-03-02", "2026-03-03", "2026-03-11", "2026-03-12")]
    assert [EVENT.active(one) for one in days] == [False, True, True, False]
    phased = replace(EVENT, phases=(EVE,))
    assert [phased.active(day(text)) for text in ("2026-02-19", "2026-02-20", "2026-03-02")] == [False, True, True]


def test_phase_has_its_name_and_the_window_without_one_is_called_so():
    phased = replace(EVENT, phases=(EVE, Phase("开幕", STARTS, STARTS)))
    days = ("2026-02-19", "2026-02-20", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-11", "2026-03-12")
    assert [phased.phase(day(text)) for text in days] == ["", "预热", "预热", "开幕", "当期", "当期", ""]
    assert EVENT.phase(STARTS) == "当期"


@pytest.mark.parametrize(
    ("words", "text", "touched"),
    [
        ({"any_words": ("两会", "代表")}, "两会代表抵达", ("两会", "代表")),
        ({"any_words": ("两会", "代表")}, "代表抵达", ("代表",)),
        ({"any_words": ("两会",)}, "抵达", ()),
        ({"any_words": (), "all_words": ("中考", "改革")}, "中考改革", ("中考", "改革")),
        ({"any_words": (), "all_words": ("中考", "改革")}, "中考", ()),
        ({"any_words": ("方案",), "all_words": ("中考",)}, "中考成绩", ()),
        ({"any_words": ("方案",), "all_words": ("中考",)}, "中考方案", ("中考", "方案")),
        ({"none_words": ("电影",)}, "两会题材电影", ()),
        ({"place": "临江"}, "两会", ()),
        ({"place": "临江"}, "临江两会", ("两会",)),
    ],
)
def test_words_tie_a_text_to_an_event(words, text, touched):
    assert replace(EVENT, **words).touches(text) == touched


def test_weighted_words_tie_from_the_threshold():
    event = replace(EVENT, any_words=(), weighted=(("审议", 1.0), ("报告", 1.0), ("提案", 2.0)), threshold=2.0)
    assert event.touches("审议报告") == ("审议", "报告") and event.touches("提案") == ("提案",)
    assert event.touches("审议") == () and event.touches("") == ()


def test_weighted_words_tie_beside_the_others():
    event = replace(EVENT, weighted=(("提案", 2.0),))
    assert event.touches("提案") == ("提案",) and event.touches("两会提案") == ("两会",)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": " "}, "name", "重大事件要有名称。"),
        ({"starts": date(1899, 1, 1)}, "starts", "日期要在 1900 到 2199 年之间，请改一下。"),
        ({"ends": date(2200, 1, 1)}, "starts", "日期要在 1900 到 2199 年之间，请改一下。"),
        ({"ends": date(2026, 3, 2)}, "ends", "结束日期早于开始日期，请改一下。"),
        (
            {"any_words": (" ",)},
            "any_words",
            "请至少写一个关键词，否则无法判断哪些信息与该事件有关。",
        ),
        ({"weighted": (("提案", 1.0),), "threshold": 0.0}, "threshold", "加权词的门槛要大于 0。"),
        ({"threshold": float("inf")}, "threshold", "加权词的门槛要大于 0。"),
        ({"weighted": (("提案", float("nan")),)}, "weighted", "加权词的权重要是数字，例如 2。"),
        ({"ease": 0}, "ease", "预警门槛的折扣要在 0 到 1 之间，例如 0.6 表示门槛降到六成。"),
        ({"ease": 1.1}, "ease", "预警门槛的折扣要在 0 到 1 之间，例如 0.6 表示门槛降到六成。"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(changes, field, words):
    with pytest.raises(InputError) as told:
        replace(EVENT, **changes)
    assert (str(told.value), told.value.field) == (words, field)


def test_what_is_just_sound_is_taken():
    event = replace(EVENT, starts=date(1900, 1, 1), ends=date(1900, 1, 1), ease=1, threshold=0)
    assert event.active(date(1900, 1, 1))
    assert replace(EVENT, any_words=(), all_words=("中考",)) and Phase("一天", ENDS, ENDS)
    assert replace(EVENT, weighted=(("提案", 0.1),), threshold=0.1).touches("提案")


def test_phase_is_refused_with_its_name():
    with pytest.raises(InputError) as told:
        Phase(" 预热\0 ", date(1899, 1, 1), STARTS)
    assert (str(told.value), told.value.field) == ("阶段“预热”的日期要在 1900 到 2199 年之间。", "phases")
    with pytest.raises(InputError) as told:
        Phase("预热", ENDS, STARTS)
    assert (str(told.value), told.value.field) == ("阶段“预热”的结束日期早于开始日期，请改一下。", "phases")


def test_texts_of_an_event_are_kept_clean_and_short_enough():
    long = "长" * (LONGEST_TEXT + 1)
    event = replace(
        EVENT,
        name=f" 两\0会{long} ",
        place=f" 临江\0{long} ",
        answers=f" 答\0{long} ",
        on_duty=f" 李敏\0{long} ",
        any_words=(" 两\0会 ", " ", "代" * (LONGEST_WORD + 1)),
        all_words=("", " 甲 "),
        none_words=(" ", " 乙\0 "),
        tasks=(" 查\0岗 ", " ", long),
        weighted=((" 提\0案 ", 1.0), (" ", 9.0)),
    )
    assert (event.name[:2], event.place[:2], event.answers[:1], event.on_duty[:2]) == ("两会", "临江", "答", "李敏")
    assert (len(event.name), len(event.place), len(event.on_duty)) == (LONGEST_NAME,) * 3
    assert len(event.answers) == LONGEST_TEXT and event.tasks == ("查岗", long[:LONGEST_TEXT])
    assert event.any_words == ("两会", "代" * LONGEST_WORD)
    assert event.all_words == ("甲",) and event.none_words == ("乙",) and event.weighted == (("提案", 1.0),)
    assert len(Phase("名" * (LONGEST_NAME + 1), STARTS, ENDS).name) == LONGEST_NAME


def test_an_event_has_a_thousand_words_of_a_kind_at_most():
    many = tuple(f"词{i}" for i in range(MOST_WORDS + 1))
    event = replace(EVENT, any_words=many, tasks=many, weighted=tuple((word, 1.0) for word in many))
    assert len(event.any_words) == len(event.tasks) == len(event.weighted) == MOST_WORDS
