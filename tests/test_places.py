"""Where something happens: the gazetteer, and ambiguous names settled by what is around them."""

from __future__ import annotations

import pytest

from analysis.areas import area_of
from analysis.places import places_of, regions_of


@pytest.mark.parametrize(
    ("title", "text", "own", "places", "local"),
    [
        ("南京鼓楼区一商场起火", "", "开封", ("南京", "南京鼓楼区"), False),
        ("鼓楼区一商场起火", "消防到场。", "开封", ("开封鼓楼区",), True),
        ("朝阳区发布通告", "北京市朝阳区今日发布通告。", "长春", ("北京朝阳区",), False),
        ("中牟县暴雨", "", "郑州", ("郑州中牟县",), True),
        ("南京西路封闭施工", "上海市静安区南京西路今起封闭。", "南京", ("上海", "上海静安区"), False),
        ("澳大利亚确诊第 7 例", "患者来自武汉。", "武汉", ("澳大利亚",), False),
        ("寒潮来了 提醒住户给露天水表穿棉衣", "今天水有异味，供水公司上门检测。", "临江", (), False),
        ("天水发生山洪", "", "天水", ("天水",), True),
        ("滨河街道停水", "", "滨河街道", ("滨河街道",), True),
    ],
)
def test_place_of_a_report(title, text, own, places, local):
    assert places_of([(title, text)], [own]) == (places, local)


def test_titles_of_two_provinces_name_two_regions():
    assert regions_of("河南新增9例") != regions_of("湖北新增9例")
    assert regions_of("郑州新增9例") == regions_of("河南新增9例")


def test_area_says_why_by_words_and_by_examples():
    area, ground = area_of([("小区停水三天", "自来水公司称管网爆裂，停水居民排队接水。")])
    assert area == "城乡建设与管理" and "停水" in ground
    area, ground = area_of([("村民讨要土地补偿", "村里的土地被征用两年，补偿款一直没有发到村民手里。")])
    assert area == "征地拆迁" and ground
