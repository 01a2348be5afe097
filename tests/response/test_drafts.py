"""A draft's beginning from its template, an office's own templates, and versions side by side."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.concern import Disposition
from domain.errors import InputError
from domain.response import ResponseKind
from response.drafts import NOTES, PLACEHOLDERS, Change, Piece, TemplateFields, begun, checked_template, compared

CASE = TemplateFields("暖气不热", "滨河花园", "11月20日", "住建局", ())
UNKNOWN = TemplateFields("暖气不热", "", "", "", ())


def test_template_is_filled_from_the_case():
    own = "{首发时间}，{地点}{关切}，{责任单位}：{处置结果}"
    text = begun(ResponseKind.ANSWER, Disposition.WRONG_VIEW, CASE, own)
    of_old = "{when}，{place}{title}，{unit}：{way}"  # as offices wrote it for earlier versions
    assert (
        text
        == begun(ResponseKind.ANSWER, Disposition.WRONG_VIEW, CASE, of_old)
        == "11月20日，滨河花园暖气不热，住建局：有关事实如下：【填写】。"
    )


def test_what_the_case_does_not_say_is_left_open_as_a_placeholder_that_the_check_knows():
    text = begun(ResponseKind.ANSWER, Disposition.HARDSHIP, UNKNOWN, "{when}{place}{unit}")
    assert text == "【时间】【地点】【责任单位】" and {"【时间】", "【地点】", "【责任单位】"} <= PLACEHOLDERS


@pytest.mark.parametrize("kind", ResponseKind)
def test_every_kind_has_a_template_and_an_office_of_none_takes_it(kind):
    assert begun(kind, Disposition.SUGGESTION, CASE) and "{" not in begun(kind, Disposition.SUGGESTION, CASE)


def test_answer_begins_with_facts_measures_and_the_result_its_way_asks_for():
    assert begun(ResponseKind.ANSWER, Disposition.HARDSHIP, CASE) == (
        "事实真相：关于“暖气不热”，住建局核查的情况是：【填写】。\n"
        "有关政策措施：依据【文件名和条款】，【填写】。\n"
        "处置结果：对反映的困难，【是否已解决，谁办、怎么办、何时办好】。"
    )


@pytest.mark.parametrize("way", Disposition)
@pytest.mark.parametrize("kind", ResponseKind)
def test_template_asserts_nothing_that_was_not_entered(kind, way):
    text = begun(kind, way, CASE)
    assert not re.search("已移交|已研究|困难已|不属实，事实|进行了核查|已启动", text)
    for line in filter(
        None, re.split("[。\\n]", text)
    ):  # every sentence has something to be filled in, or tells the case
        assert "【" in line or "报道称" in line or line == "发布会口径"


def test_handing_over_is_told_where_it_was_entered():
    case = replace(CASE, referred="于11月20日移交市公安局")
    assert "线索已于11月20日移交市公安局。" in begun(ResponseKind.ANSWER, Disposition.FALSEHOOD, case)
    assert "移交" not in begun(ResponseKind.ANSWER, Disposition.FALSEHOOD, CASE)


def test_what_media_report_stands_below_to_be_verified():
    case = TemplateFields("停水", "", "", "", (("停水三天。", "日报"), ("已抢修。", "晚报")))
    text = begun(ResponseKind.ANSWER, Disposition.HARDSHIP, case, "正文")
    assert text == f"正文\n\n{NOTES}\n· 停水三天。（日报）\n· 已抢修。（晚报）"


def test_template_is_kept_without_the_spaces_around_it():
    assert checked_template("  关于{关切}，{{注}}。 ") == "关于{关切}，{{注}}。"


def test_template_that_cannot_be_filled_says_what_is_wrong():
    with pytest.raises(InputError) as told:
        checked_template("关于{title，")
    assert str(told.value) == "模板里的花括号不成对。要写花括号本身，请写两个。"
    with pytest.raises(InputError) as told:
        checked_template("{where}和{area}")
    assert str(told.value) == (
        "模板里有不认识的名称“{area}”。可用的有：{关切}、{地点}、{经过}、{首发时间}、{责任单位}、{处置结果}。"
    )


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("武汉共发现肺炎诊断患者59例", "武汉共发现肺炎诊断患者59例"),
        ("一厂房爆炸", "武汉发生一厂房爆炸"),
        ("发生爆炸", "武汉发生爆炸"),
    ],
)
def test_first_sentence_says_where_it_happened_once(title, said):
    case = TemplateFields(title, "武汉", "11月20日", "", ())
    text = begun(ResponseKind.AUTHORITATIVE, Disposition.GRAVE_MATTER, case)
    assert text.startswith(f"事实真相：11月20日有报道称，{said}。截至")


def test_what_changed_between_versions_is_told_apart():
    assert compared("伤2人，已送医。", "伤3人，均已送医。") == [
        Piece(Change.KEPT, "伤"),
        Piece(Change.DROPPED, "2"),
        Piece(Change.ADDED, "3"),
        Piece(Change.KEPT, "人，"),
        Piece(Change.ADDED, "均"),
        Piece(Change.KEPT, "已送医。"),
    ]
    assert compared("甲乙", "甲") == [Piece(Change.KEPT, "甲"), Piece(Change.DROPPED, "乙")]


def test_character_that_stands_everywhere_is_compared_like_any_other():
    old, new = "人" * 250, "人" * 250 + "民"
    assert compared(old, new) == [Piece(Change.KEPT, old), Piece(Change.ADDED, "民")]


@given(st.text(max_size=30), st.text(max_size=30))
def test_both_versions_can_be_read_off_a_comparison(old, new):
    pieces = compared(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind is not Change.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind is not Change.DROPPED) == new


@pytest.mark.parametrize("text", ["{title:d}", "{title!x}", "{when:%Y}", "{title:>999999999}", "{title:{way}}"])
def test_template_that_would_end_every_beginning_of_a_draft_is_refused(text):
    with pytest.raises(InputError, match="模板里的名称只写名称本身"):
        checked_template(text)
