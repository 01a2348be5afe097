"""Looking back at a response after 24 and 48 hours: who carried it, what is still asked, whether it rises again."""

from __future__ import annotations

from datetime import timedelta

from domain.response import Channel, Response, ResponseKind
from domain.times import DAY, HOUR, parse_moment
from response.followup import Coverage, LookBack, counted, looks

AT = parse_moment("2026-11-20T12:00")
ANSWER = Response(
    1, 1, 1, ResponseKind.ANSWER, Channel.WEBSITE, "滨河花园恢复供暖", "阀门已修好。", "https://x.gov.cn/1", AT, "李敏"
)


def report(hours, words="", source="日报", title="别的事", own=False) -> Coverage:
    return Coverage(title, frozenset(words.split()), source, AT + hours * HOUR, own)


def test_looks_are_due_a_day_and_two_days_after_publication_and_done_from_then():
    first, second = looks(ANSWER, [], AT + DAY)
    assert (first.due_at, first.done) == (AT + DAY, True)
    assert (second.due_at, second.done) == (AT + 2 * DAY, False)
    assert not looks(ANSWER, [], AT + DAY - timedelta(seconds=1))[0].done


def test_attention_is_counted_in_the_day_before_and_up_to_the_look():
    reports = [report(h) for h in (-24.1, -24, -0.1, 0, 23.9, 24, 47)]
    first, second = looks(ANSWER, reports, AT + 3 * DAY)
    assert (first.before, first.after) == (2, 2)
    assert (second.before, second.after) == (2, 4)
    assert looks(ANSWER, reports, AT + HOUR)[1].after == 1
    assert counted(AT, [one.at for one in reports], AT + DAY) == [(24, 2, 2)]
    assert counted(AT, [one.at for one in reports], AT + 3 * DAY) == [(24, 2, 2), (48, 2, 4)]


def test_who_carried_a_response_is_told_by_its_title_own_accounts_apart():
    carried = "快讯：滨河花园恢复供暖了"
    reports = [
        report(2, title=carried, source="晚报"),
        report(1, title=carried, source="晨报"),
        report(1, title=carried, source="临江发布", own=True),
        report(1, title="滨河花园暖气仍不热", source="论坛"),
        report(-1, title=carried, source="早报"),
    ]
    first, _ = looks(ANSWER, reports, AT + DAY)
    assert first.media == ("晚报", "晨报") and first.own_accounts == ("临江发布",)


def test_title_is_carried_from_six_tenths_of_its_pairs():
    title = "一二三四五六"  # five pairs
    response = Response(1, 1, 1, ResponseKind.ANSWER, Channel.WEBSITE, title, "", "", AT, "李敏")
    reports = [report(1, title="一二三四。", source="三对"), report(1, title="一二三。", source="两对")]
    assert looks(response, reports, AT + DAY)[0].media == ("三对",)


def test_title_of_one_character_is_carried_by_nobody():
    response = Response(1, 1, 1, ResponseKind.ANSWER, Channel.WEBSITE, "停", "", "", AT, "李敏")
    assert looks(response, [report(1, title="停")], AT + DAY)[0].media == ()


def test_what_is_still_asked_rose_since_stands_twice_and_not_in_the_response():
    reports = [
        *(report(-1, "赔偿 阀门") for _ in range(2)),
        *(report(1, "退费 原因 阀门") for _ in range(2)),
        report(2, "退费 赔偿"),
        report(3, "赔偿"),
        report(4, "一次"),
    ]
    first, _ = looks(ANSWER, reports, AT + DAY)
    assert first.asked == ("退费", "原因")
    assert first.advice == "仍在问：退费、原因。回应里没有提到，建议补充回应。"


def test_six_words_are_asked_at_most_the_most_risen_first():
    words = "甲子 乙丑 丙寅 丁卯 戊辰 己巳 庚午"
    reports = [report(1, words), report(2, words), report(3, "庚午")]
    assert looks(ANSWER, reports, AT + DAY)[0].asked == ("庚午", *sorted(words.split()[:6])[:5])


def test_second_wave_is_a_louder_second_day_of_at_least_five_reports():
    def wave(first_day: int, second_day: int) -> bool:
        reports = [*(report(1) for _ in range(first_day)), *(report(30) for _ in range(second_day))]
        first, second = looks(ANSWER, reports, AT + 2 * DAY)
        assert not first.second_wave
        return second.second_wave

    assert wave(3, 5) and not wave(2, 4) and not wave(4, 6) and wave(4, 7) and wave(0, 5)


def test_first_day_is_no_second_wave_however_loud():
    first, _ = looks(ANSWER, [report(1) for _ in range(20)], AT + DAY)
    assert not first.second_wave


def test_advice_waits_for_the_look_and_a_second_wave_goes_first():
    def advice(done, asked, wave):
        return LookBack(ANSWER, AT, done, 0, 0, (), (), asked, wave).advice

    assert advice(False, ("退费",), True) == ""
    assert advice(True, ("退费",), True) == "热度再起，建议补充回应。"
    assert advice(True, (), False) == ""
