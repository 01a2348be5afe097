"""The checks of a draft, each by what it must find, where, and in which words it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import StepError
from domain.response import Channel, ResponseKind
from response.checks import LENGTHS, LONGEST_SENTENCE, DraftToCheck, Finding, check, check_filled, check_personal
from response.drafts import PLACEHOLDERS

SOURCE = "11月20日8时40分，临江化工园区发生爆炸，2人受伤，增长5%。市长王建国表示已派员。"
SOUND = "经核查，11月20日园区发生爆炸，情况是2人受伤。已启动应急预案，疏散周边住户。处置结果：伤员已送医救治。"


def found(body, kind=ResponseKind.ANSWER, **against) -> list[Finding]:
    return check(replace(DraftToCheck(kind, "通报", body, [SOURCE]), **against))


def at(body, words) -> tuple[int, int]:
    return body.index(words), body.index(words) + len(words)


def test_sound_answer_has_no_findings():
    assert found(SOUND) == []


def test_findings_come_by_their_place():
    body = f"{SOUND}绝对没有刁民，【填写】。"
    assert [one.check for one in found(body)] == ["绝对化", "称谓", "未填"]
    both = found("绝对没有。" + "长" * 61)
    assert [(one.start, one.end) for one in both] == sorted((one.start, one.end) for one in both)


def test_answer_says_facts_measures_and_the_result():
    assert found("请稍候。") == [
        Finding("缺要素", 0, 0, f"没有看到“{part}”。回应要说清这一点。")
        for part in ("事实真相", "有关政策措施", "处置结果")
    ]


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (ResponseKind.EXPLANATION, ["政策背景", "主要内容", "落实措施", "工作进展", "后续考虑"]),
        (ResponseKind.UPDATE, ["已知情况", "正在做什么", "下次发布时间"]),
        (ResponseKind.AUTHORITATIVE, ["事实真相", "有关政策措施", "处置结果"]),
    ],
)
def test_each_kind_has_its_own_parts(kind, parts):
    assert [one.reason for one in found("请稍候。", kind)] == [
        f"没有看到“{part}”。{kind.label}要说清这一点。" for part in parts
    ]


@pytest.mark.parametrize(
    ("kind", "body", "missing"),
    [
        (ResponseKind.EXPLANATION, "依据规定，措施目前将实施。", 5),
        (
            ResponseKind.EXPLANATION,
            "政策背景：已经说明。主要内容：明确规定。落实措施：认真落实。工作进展：已有进展。后续考虑：将继续推进。",
            5,
        ),
        (
            ResponseKind.EXPLANATION,
            "一、政策背景\n电动自行车火灾多发，市政府出台管理办法。\n二、主要内容\n非标车上临时号牌，过渡期两年。\n"
            "三、落实措施\n带身份证到街道窗口，当场领取，不收费。\n四、工作进展\n三千多辆车登记上牌。\n"
            "五、后续考虑\n在小区增设二百处充电棚。",
            0,
        ),
        (ResponseKind.ANSWER, "经核查情况属实，已按照规定处理。", 3),
        (ResponseKind.UPDATE, "目前情况已知，正在进行，将继续发布。", 3),
    ],
)
def test_part_is_told_by_its_content_and_not_by_the_words_that_announce_it(kind, body, missing):
    assert sum(one.check == "缺要素" for one in found(body, kind, sources=())) == missing


def test_one_sentence_tells_no_more_parts_than_it_has_content_for():
    short = "经查，按照预案已恢复主干道供水。"
    missing = [one for one in found(short, sources=()) if one.check == "缺要素"]
    assert len(missing) == 2
    assert found(f"{short}主管道破裂，现场停水两小时。应急预案启动，送水车到小区。", sources=()) == []


@pytest.mark.parametrize("words", ["绝不会", "完全不实", "决不会", "纯属谣言"])
def test_words_that_leave_no_way_back(words):
    body = f"{SOUND}这一说法{words}。"
    assert {one.check for one in found(body)} == {"绝对化"}


@pytest.mark.parametrize("words", ["群众情绪稳定", "家属情绪稳定", "居民表示理解"])
def test_what_judges_without_a_fact_is_questioned(words):
    body = f"{SOUND}目前{words}。"
    (finding,) = found(body)
    assert finding.check == "无据断语" and body[finding.start : finding.end] == words


@given(st.sampled_from(["13800138000", "浙A12345"]), st.booleans())
def test_nothing_leaves_with_personal_data_that_nobody_let_stand(piece, allowed):
    body = f"请联系{piece}。"
    if allowed:
        check_personal(body, [piece])
    else:
        with pytest.raises(StepError) as told:
            check_personal(body, [])
        assert piece not in str(told.value) and "准予公开" in str(told.value)


def test_figure_and_day_that_no_source_bears_are_to_be_verified():
    body = f"{SOUND}另有3人失联，11月21日继续。"
    assert found(body) == [
        Finding("无出处", *at(body, "3人"), "数字“3人”在本件的信息里没有出处，请核实后注明来源。"),
        Finding("无出处", *at(body, "11月21日"), "日期“11月21日”在本件的信息里没有出处，请核实后注明来源。"),
    ]


def test_percent_sign_of_either_width_is_one_sign():
    assert found(f"{SOUND}增长5％。") == [] and found(f"{SOUND}增长5%。", sources=[SOURCE.replace("%", "％")]) == []


def test_figure_of_any_of_the_sources_is_borne():
    assert found(f"{SOUND}转移30户。", sources=[SOURCE, "转移30户"]) == []


def test_without_sources_nothing_is_unsourced_or_unknown():
    assert found(f"{SOUND}另有3人失联。局长李大力表示。", sources=(), places=[(0, "南湖")]) == []


@pytest.mark.parametrize("placeholder", sorted(PLACEHOLDERS))
def test_what_a_template_left_open_is_found(placeholder):
    body = f"{SOUND}{placeholder}"
    assert found(body) == [
        Finding("未填", *at(body, placeholder), f"模板里的“{placeholder}”还没有填，发布前填上或删去。")
    ]


def test_place_that_no_source_names_is_to_be_verified_unless_it_is_the_offices_own():
    body = f"{SOUND}临江南湖区。"
    start, end = at(body, "南湖区")
    point = Finding("地名", start, end, "“南湖区”在本件的信息里没有出现，请核实地名。")
    assert found(body, places=[(0, "临江"), (start, "南湖区")]) == [point]
    assert found(body, places=[(start, "南湖区")], own=["大桥", "南湖"]) == []
    assert found(body, places=[(start, "南湖区")], own=["临江南湖区"]) == []
    assert found(body, places=[(start, "南湖区")], own=["大桥"]) == [point]


def test_person_that_no_source_names_is_to_be_verified():
    body = f"{SOUND}市长王建国表示，局长李大力说。"
    assert found(body) == [Finding("人名", *at(body, "李大力"), "“李大力”在本件的信息里没有出现，请核实姓名和职务。")]


def test_other_figure_than_was_said_before_is_told_with_both():
    said = [("首次通报", "现场造成受伤2人。"), ("续报", "共有受伤4人。疏散30户。")]
    body = "经核查情况、措施、结果：受伤3人，疏散30户，死亡3人。"
    assert [one for one in found(body, sources=(), said=said) if one.check != "缺要素"] == [
        Finding(
            "前后不一",
            *at(body, "受伤3人"),
            "“受伤3人”与《续报》里的 4人 不一致。如有变化，请说明截至时间。",
        )
    ]


def test_the_same_figure_of_another_unit_is_no_contradiction():
    assert found(SOUND + "受伤2人。", said=[("通报", "受伤3户。受伤2人。")]) == []


def test_word_that_leaves_no_way_back_is_found():
    body = f"{SOUND}绝对安全。"
    reason = "“绝对”说得太满，一旦有出入会失去信任。换成具体的事实。"
    assert found(body) == [Finding("绝对化", *at(body, "绝对"), reason)]


def test_name_that_slights_is_found():
    body = f"{SOUND}少数人。"
    reason = "“少数人”会伤害提问的群众，换成中性的称谓。"
    assert found(body) == [Finding("称谓", *at(body, "少数人"), reason)]


def test_set_phrases_are_told_from_two_and_from_a_twenty_fifth_of_the_text():
    once = f"{SOUND}切实办好。"
    assert found(once) == []
    twice = f"{SOUND}切实办好，坚决整改。"
    assert [(one.start, one.end, one.reason) for one in found(twice)] == [
        (*at(twice, word), f"全文套话偏多，“{word}”可删，换成做了什么、到哪一步、何时完成。")
        for word in ("切实", "坚决")
    ]
    assert {one.check for one in found(twice)} == {"空话套话"}
    at_the_bar = twice + "。" * (100 - len(twice))
    assert len(found(at_the_bar)) == 2 and found(at_the_bar + "。") == []


def test_sentence_over_sixty_characters_is_told_with_its_length():
    assert found(SOUND + "\n" + "长" * (LONGEST_SENTENCE - 1) + "。") == []
    body = SOUND + "\n" + "长" * LONGEST_SENTENCE + "。"
    assert found(body) == [Finding("长句", len(SOUND) + 1, len(body), "这一句 61 字，超过 60 字，拆成两句更好读。")]


def test_personal_data_is_to_be_taken_out():
    body = f"{SOUND}联系13800138000。"
    assert found(body, allowed=["13800138000"]) == []
    assert found(body) == [
        Finding("个人信息", *at(body, "13800138000"), "含手机号，请遮盖；遮盖或准予公开以前，不能签发、发布。")
    ]


@pytest.mark.parametrize(("channel", "limit"), LENGTHS.items())
def test_text_longer_than_its_channel_bears_is_told_from_where(channel, limit):
    fits = SOUND + "。" * (limit - len(SOUND))
    assert found(fits, channel=channel) == []
    over = Finding("篇幅", limit, limit + 1, f"{channel.label}一般不超过 {limit} 字，现在 {limit + 1} 字。")
    assert found(fits + "。", channel=channel) == [over]


def test_a_website_bears_any_length():
    assert found(SOUND + "。" * 30_000, channel=Channel.WEBSITE) == []


@given(st.sets(st.sampled_from(sorted(PLACEHOLDERS)), min_size=1))
def test_nothing_is_signed_with_the_blanks_of_a_template_in_it(blanks):
    check_filled("经查，【住建局】已处置。")  # brackets of one's own are none
    with pytest.raises(StepError, match="没填的"):
        check_filled("经查，" + "，".join(blanks))
