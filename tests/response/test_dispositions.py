"""What the six ways of 处置 ask for, and what shows that it was done."""

from datetime import UTC, datetime

import pytest

from domain.concern import Disposition, Evidence, Reason, ReasonCode
from domain.response import Channel, Coordination, Response, ResponseKind
from response.dispositions import Done, checklist, suggested_disposition

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def response(text, kind=ResponseKind.ANSWER):
    return Response(1, 1, 1, kind, Channel.WEBSITE, "通报", text, "https://x.gov.cn/1", AT, "李敏")


def unit(name):
    return Coordination(1, 1, name, "核查线索", AT, "李敏")


@pytest.mark.parametrize("way", list(Disposition))
def test_nothing_is_done_before_anything_was_done(way):
    assert checklist(way, Done((), ())) and not any(point.done for point in checklist(way, Done((), ())))


@pytest.mark.parametrize(
    ("way", "done", "left"),
    [
        (Disposition.SUGGESTION, Done([response("建议已采纳两条。")], ()), []),
        (Disposition.HARDSHIP, Done([response("管网已修复。")], ()), []),
        (Disposition.HARDSHIP, Done((), (), "已恢复供暖"), []),
        (Disposition.GRAVE_MATTER, Done([response("正在了解。")], ()), ["调查处置情况发布"]),
        (Disposition.MISUNDERSTANDING, Done([response("情况如下。", ResponseKind.EXPLANATION)], ()), []),
        (Disposition.WRONG_VIEW, Done([response("情况如下。")], ()), ["引导纠正"]),
        (Disposition.FALSEHOOD, Done([response("网传不属实。")], [unit("市公安局")]), ["线索移交网信"]),
        (
            Disposition.FALSEHOOD,
            Done([response("进展。", ResponseKind.UPDATE)], ()),
            ["及时回应", "线索移交公安", "线索移交网信"],
        ),
    ],
)
def test_points_follow_what_was_done(way, done, left):
    assert [point.words for point in checklist(way, done) if not point.done] == left


@pytest.mark.parametrize(
    ("code", "words", "way"),
    [
        (ReasonCode.EMERGENCY, "2 篇提到爆炸", Disposition.GRAVE_MATTER),
        (ReasonCode.PUBLIC_INTEREST, "3 篇提到停水、投诉", Disposition.HARDSHIP),
        (ReasonCode.MISREAD_POLICY, "1 篇提到误读、新规", Disposition.MISUNDERSTANDING),
        (ReasonCode.MISREAD_POLICY, "2 篇提到谣言、网传", Disposition.FALSEHOOD),
    ],
)
def test_way_that_the_reasons_suggest(code, words, way):
    assert suggested_disposition([Reason(code, words, (Evidence(1, "一句。", "日报"),))]) is way


def test_sign_in_any_of_the_texts_shows_a_point():
    done = Done([response("情况如下。"), response("建议已采纳。")], ())
    assert checklist(Disposition.SUGGESTION, done)[0].done


@pytest.mark.parametrize("text", ["解释如下。", "说明如下。", "补贴是指一次性的。", "补贴并非取消。", "这不是取消。"])
def test_explanation_in_words_counts_as_one_of_that_kind(text):
    points = checklist(Disposition.MISUNDERSTANDING, Done([response(text)], ()))
    assert [(point.words, point.done) for point in points] == [("发布权威信息", True), ("解疑释惑", True)]


def test_rumour_counts_among_the_words_of_its_own_reason_only():
    evidence = (Evidence(1, "一句。", "日报"),)
    misread = Reason(ReasonCode.MISREAD_POLICY, "1 篇提到误读", evidence)
    also = Reason(ReasonCode.PUBLIC_INTEREST, "1 篇提到网传", evidence)
    assert suggested_disposition([misread, also]) is Disposition.MISUNDERSTANDING
    parted = [Reason(ReasonCode.MISREAD_POLICY, words, evidence) for words in ("提到误读", "提到网", "传达")]
    assert suggested_disposition(parted) is Disposition.MISUNDERSTANDING
