"""Personal data: what is one, where it stands, and what stays to be seen of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.personal import Found, find_personal, has_personal, mask_personal

IDENTITY, CARD = "11010519491231002X", "6222021234567894"  # with sound check characters


@pytest.mark.parametrize(
    ("kind", "text", "masked"),
    [
        ("手机号", "打13800138000找他", "打138********找他"),
        ("手机号", "打+86 138 0013 8000找他", "打+86**************找他"),
        ("身份证号", f"证{IDENTITY}，", f"证{IDENTITY[:3]}***************，"),
        ("身份证号", f"证{IDENTITY.lower()}，", f"证{IDENTITY[:3]}***************，"),
        ("银行卡号", f"卡{CARD}，", "卡****************，"),
        ("银行卡号", "卡6222 0212 3456 7894，", "卡*******************，"),
        ("邮箱", "写给li.min@lj.gov.cn。", "写给l***************。"),
        ("车牌号", "车京A·12345停", "车京*******停"),
        ("门牌", "住3号楼2单元501室，", "住**********，"),
        ("门牌", "住2单元501，", "住******，"),
        ("微信号", "微信：li_min88。", "微信：********。"),
        ("姓名", "联系人：王小明，", "联系人：王**，"),
        ("姓名", "我叫李敏。", "我叫李*。"),
    ],
)
def test_each_kind_is_found_and_masked_so_that_one_sees_what_it_was(kind, text, masked):
    assert [one.kind for one in find_personal(text)] == [kind] and has_personal(text)
    assert mask_personal(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "共12345678901人次",
        "编号110105194912310021，",
        "卡6222021234567895，",
        "订单622202123456789412345，",
        "电话010-12345678",
        "气温12345",
        "微信公众号",
        "我叫停",
        "李敏说",
        "微信朋友圈",
        "3号线2号口",
        "累计确诊830例，2026年11月20日10时",
        "反映江南苑3号楼暖气不热",
    ],
)
def test_what_only_looks_like_it_is_left_as_it_is(text):
    assert find_personal(text) == [] and not has_personal(text) and mask_personal(text) == text


def test_check_character_of_an_identity_number_decides():
    numbers = [f"{IDENTITY[:-1]}{last}" for last in "0123456789X"]
    assert [one for one in numbers if any(found.kind == "身份证号" for found in find_personal(one))] == [IDENTITY]


@pytest.mark.parametrize("length", range(14, 21))
def test_card_has_sixteen_to_nineteen_digits_that_fit_luhns_sum(length):
    stem = "622848" + "1" * (length - 7)
    cards = [f"{stem}{last}" for last in range(10)]
    hits = [one for one in cards if any(found.kind == "银行卡号" for found in find_personal(one))]
    assert len(hits) == (1 if 16 <= length <= 19 else 0)


def test_pieces_come_in_order_and_each_is_masked_at_its_place():
    text = f"姓名：王小明，电话13800138000，邮箱a@b.cn，证{IDENTITY}。"
    assert [one.kind for one in find_personal(text)] == ["姓名", "手机号", "邮箱", "身份证号"]
    assert mask_personal(text) == "姓名：王**，电话138********，邮箱a*****，证110***************。"


def test_where_kinds_overlap_the_first_of_them_holds():
    assert find_personal(f"QQ{IDENTITY}") == [Found("微信号", 2, 20)]
    assert find_personal("微信13800138000，") == [Found("手机号", 2, 13, 3)]
    assert find_personal("微信13800138000，微信li_min88") == [Found("手机号", 2, 13, 3), Found("微信号", 16, 24)]
    assert find_personal("微信li_min88，13800138000") == [Found("微信号", 2, 10), Found("手机号", 11, 22, 3)]


@given(st.lists(st.sampled_from([IDENTITY, CARD, "13800138000", "a@b.cn", "微信li_min88", "，", " ", "共3人", "李敏"])))
def test_what_is_found_lies_apart_and_masking_leaves_nothing_to_find(parts):
    text = "".join(parts)
    found = find_personal(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert len(mask_personal(text)) == len(text) and bool(found) == has_personal(text)
