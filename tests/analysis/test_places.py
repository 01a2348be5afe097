"""Where something happens: the gazetteer, and ambiguous names settled by what is around them."""

from __future__ import annotations

import pytest

from analysis.areas import areas_of, signs_of
from analysis.places import places_in, places_of, regions_of


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
        ("江北区三所学校停课", "", "江北", ("江北区",), True),
        ("宁波江北区停课", "", "江北", ("宁波", "宁波江北区"), False),
        ("燕郊一商铺爆炸", "", "廊坊", ("廊坊",), True),
        ("永年通报一起车祸", "", "邯郸", ("邯郸",), True),
        ("中南大学通报", "", "湖南", ("长沙",), True),
        ("和桥镇一工厂起火", "", "宜兴", ("宜兴",), True),
        ("宜兴一工厂起火", "", "和桥镇", ("宜兴",), False),
        ("和桥镇一工厂起火", "", "和桥镇", ("和桥镇",), True),
        ("城关镇一工厂起火", "", "宜兴", (), False),
        ("企业物流用地城镇土地使用税减半", "", "安徽", (), False),
        ("八成小城镇取消焰火表演", "", "吉林", (), False),
        ("花莲地震", "", "全国", ("台湾",), False),
        # What is a word too is no place, unless its city stands beside it or the office is there.
        ("家人沿河寻找落水女孩", "", "贵州", (), False),
        ("男子上街抢劫", "", "河南", (), False),
        ("多地新建方舱", "", "江西", (), False),
        ("日元汇率逼近大关", "", "云南", (), False),
        ("祝大家端午安康", "", "陕西", (), False),
        ("安康发生车祸", "", "陕西", ("安康",), True),
        ("现货白银价格大涨", "", "甘肃", (), False),
        ("滨江一商场起火", "", "滨江区", ("滨江",), True),
        # Where somebody is to study, or has studied, is not where it happens.
        ("截肢少年冲刺清华", "", "北京", (), False),
        ("女孩被浙江大学录取", "", "浙江", (), False),
        ("清华大学一学生坠楼", "", "北京", ("北京",), True),
        # Things called after a country are not there.
        ("桂林发生非洲猪瘟疫情", "", "广西", ("桂林",), True),
        ("沈阳一韩国料理店爆炸", "", "沈阳", ("沈阳",), True),
        ("奥巴马访问某地", "", "广西", ("奥巴马",), False),
        ("韩国一料理店爆炸", "", "沈阳", ("韩国",), False),
        ("离沪人员须持双阴性证明", "", "上海", ("上海",), True),
        ("援鄂医疗队启程回家", "", "湖北", ("湖北",), True),
        ("如懿回京", "", "北京", (), False),
        ("维也纳一商店发生劫案", "", "全国", ("维也纳",), False),
        ("德媒称天然气将断供", "", "全国", ("德媒",), False),
    ],
)
def test_place_of_a_report(title, text, own, places, local):
    assert places_of([(title, text)], [own]) == (places, local)


def test_titles_of_two_provinces_name_two_regions():
    assert regions_of("河南新增9例") != regions_of("湖北新增9例")
    assert regions_of("郑州新增9例") == regions_of("河南新增9例")


def test_area_says_why_by_words_and_by_examples():
    ((area, ground),) = areas_of([[signs_of("小区停水三天", "自来水公司称管网爆裂，停水居民排队接水。")]])
    assert area == "城乡建设与管理" and "停水" in ground
    ((area, ground),) = areas_of([[signs_of("村民讨要土地补偿", "村里的土地被征用两年，补偿款一直没有发到村民手里。")]])
    assert area == "征地拆迁" and ground


def test_a_district_beside_its_city_is_no_city_of_the_same_name():
    assert places_of([("北京朝阳新增5例阳性", "")], ["辽宁"]) == (("北京", "北京朝阳区"), False)
    assert places_of([("辽宁朝阳发生火灾", "")], ["辽宁"]) == (("辽宁", "朝阳"), True)


def test_a_bulletin_without_a_place_is_of_another_region_than_a_provinces():
    assert regions_of("3月14日新增本土确诊3507例").isdisjoint(regions_of("北京3月14日新增6例本土确诊"))
    assert not regions_of("男子核酸检测阳性后谎报行程")


@pytest.mark.parametrize(
    "title",
    [
        "外地务工人员讨薪被打",
        "外地游客反映景区强制消费",
        "他市值蒸发百亿",
        "百年樟树被砍",
        "市民购买仙桃中毒",
    ],
)
def test_what_names_no_other_place_is_of_here_where_it_was_told(title):
    assert places_in(title, "", ("江州市", "临江区"), True) == (("江州市", True),)


def test_what_happened_in_a_neighbouring_province_is_not_of_here_though_no_map_knows_where():
    assert places_in("邻省海州市一化工厂爆炸", "", ("江州市",), True) == (("外地", False),)


def test_that_somebody_has_caught_it_is_no_places_bulletin():
    assert regions_of("某歌手确诊新冠").isdisjoint(regions_of("甘肃新增5例本土确诊"))
    assert regions_of("某歌手确诊新冠").isdisjoint(regions_of("3月14日新增本土确诊3507例"))
    assert regions_of("北京一歌手确诊新冠") == regions_of("北京新增3例")
