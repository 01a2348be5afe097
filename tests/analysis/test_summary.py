"""Sentences that stand in a summary."""

import pytest

from analysis.summary import usable_sentences


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("⑤省内进出临江的客运航班、旅客列车一律暂停运营。", "省内进出临江的客运航班、旅客列车一律暂停运营。"),
        ("一、自今日起全市公共交通恢复运营，请市民错峰出行。", "自今日起全市公共交通恢复运营，请市民错峰出行。"),
        ("（二）各小区每日测温两次，发现异常立即报告社区。", "各小区每日测温两次，发现异常立即报告社区。"),
        ("3.5万户居民昨晚恢复供水，其余今天上午全部恢复。", "3.5万户居民昨晚恢复供水，其余今天上午全部恢复。"),
        ("三甲医院的门诊今天起全部恢复，市民可以网上预约。", "三甲医院的门诊今天起全部恢复，市民可以网上预约。"),
    ],
)
def test_sentence_stands_without_its_number_in_a_list(text, first):
    assert usable_sentences(text) == [first]
