"""One matter, one concern: what joins a running concern, what does not, and what every other topic says of itself."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count

import pytest

from analysis.happenings import Happening, follows_in
from analysis.topics import Move
from desk.cases.reading import list_concerns, titles_of
from desk.collecting.collect import Collector
from desk.collecting.segmenting import read_documents
from desk.execute import execute
from desk.topics.monitor import held_back, list_topics, topic_view
from desk.topics.naming import name_anew
from desk.topics.placing import Placed
from desk.topics.restoring import restored
from desk.topics.settling import settle
from domain.concern import EventGrade, ReasonCode
from domain.person import Actor
from domain.steps.cases import ArchiveConcern, DismissConcern
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.steps.topics import RenameTopic
from domain.topic import HeatPart
from store import cases
from store.articles import ArticleWords


@pytest.fixture
def hear(database, publisher, now):
    """Sets the office up and hears hot lists, every twelve hours one; the titles of each concern by its own."""
    rounds = count()

    def heard(places, *lists):
        execute(database, SetOffice(places=places), Actor("李敏"), now)
        collector = Collector(database, now)
        for titles in lists:
            i = next(rounds)
            rows = [
                {"title": t, "rank": n + 1, "hot": 1000 - n, "url": f"https://x.test/{i}/{n}"}
                for n, t in enumerate(titles)
            ]
            body = json.dumps({"data": rows}, ensure_ascii=False).encode()
            publisher.pages["/hot"] = (200, {"Content-Type": "application/json"}, body)
            if i == 0:
                execute(database, AddSource(publisher.base + "/hot", "热搜榜", kind="hotlist"), Actor("李敏"), now)
            collector.round(now + timedelta(hours=12 * i))
        collector.close()
        known = [concern for concern, _ in list_concerns(database)]
        return {c.title: (c, titles_of(database, known)[c.id]) for c in known}

    return heard


QUIET = ["今晚的晚霞太美了", "某歌手新专辑发布", "怎么挑西瓜"]


def test_one_story_on_a_list_about_here_is_flagged_in_its_round(hear):
    found = hear(("邯郸",), ["邯郸一游泳馆坍塌致3死9伤", *QUIET])
    ((title, (concern, _)),) = found.items()
    assert title.startswith("邯郸") and concern.grade is EventGrade.III
    assert concern.reasons[0].code is ReasonCode.EMERGENCY


def test_a_happening_in_another_province_is_not_of_here_and_says_why(hear, database, now):
    assert not hear(("邯郸",), ["海口一游泳馆坍塌致3死9伤", *QUIET])
    topics = list_topics(database)
    assert topics and all(topic_view(database, topic.id).held for topic in topics)
    assert ["不涉及本地" in held for _, held in held_back(database, now - timedelta(days=1))] == [True]


def test_an_epidemic_in_a_province_is_one_matter_for_weeks(hear):
    days = [["临沂发现2例新冠确诊病例", *QUIET], ["青岛新增阳性感染者10例", *QUIET], ["济南全员核酸检测", *QUIET]]
    ((_, (_, titles)),) = hear(("山东",), *days).items()
    assert [day[0] for day in days] == titles


def test_two_accidents_of_one_city_are_two_matters_though_pupils_were_hurt_in_both(hear):
    crash = ["临江市一校车与货车相撞 4名学生死亡", "临江校车相撞事故致4名学生死亡"]
    ill = ["临江市第三中学多名学生食物中毒 46人送医", "临江市第三中学46名学生食物中毒送医"]
    found = hear(("临江",), [*crash, *QUIET], [*crash, *ill, *QUIET])
    assert sorted(sorted(titles) for _, titles in found.values()) == sorted([sorted(crash), sorted(ill)])


def test_the_dead_of_another_place_make_no_case_of_here_graver(hear):
    here = "临江市化工厂爆炸致3人死亡"
    far = ["邻省海州市化工厂爆炸致31人死亡", "江苏盐城化工厂爆炸致78人死亡"]
    ((_, (concern, _)),) = hear(("临江",), [here, *QUIET], [here, *far, *QUIET]).items()
    assert concern.grade is EventGrade.III and "死亡 3 人" in concern.grade_ground


def test_a_concern_goes_with_the_report_it_was_flagged_for_where_its_topic_is_split(hear, database, now):
    hear(("邯郸",), ["邯郸一游泳馆坍塌致3死9伤", "邯郸一游泳馆坍塌", *QUIET])
    ((before, _),) = list_concerns(database)
    told = {item.article_id for reason in before.reasons for item in reason.evidence}
    window = restored(database, now, None).window
    reported, elsewhere = before.reasons[0].evidence[0].article_id, window.next_topic_id
    assert window.topic_of(reported) == before.topic_id and len(told) == 2
    window.move([reported], elsewhere, fixed=False)
    parted = Placed([], [], [Move(reported, before.topic_id, elsewhere)], elsewhere)
    with database.write() as connection:
        settle(connection, window, {}, parted, now)
        name_anew(connection, [cases.get(connection, before.id)], now)  # before anybody looked at the new topic
    ((after, _),) = list_concerns(database)
    assert (after.id, after.topic_id, after.title) == (before.id, elsewhere, before.title)


@pytest.mark.parametrize("archived", [False, True])
def test_what_was_put_aside_hides_no_new_emergency(hear, database, publisher, now, archived):
    hear(("邯郸",), ["邯郸丛台区一饭店燃气爆燃1人轻伤", *QUIET])
    ((concern, _),) = list_concerns(database)
    execute(database, DismissConcern(concern.id, "已妥善处理，影响很小。"), Actor("李敏"), now)
    if archived:
        execute(database, ArchiveConcern(concern.id), Actor("李敏"), now)
    titles = ["邯郸武安一煤矿发生瓦斯爆炸12名矿工被困", *QUIET]
    rows = [{"title": t, "rank": n + 1, "url": f"https://x.test/9/{n}"} for n, t in enumerate(titles)]
    body = json.dumps({"data": rows}, ensure_ascii=False).encode()
    publisher.pages["/hot"] = (200, {"Content-Type": "application/json"}, body)
    Collector(database, now).round(now + timedelta(days=3))
    assert any("瓦斯" in found.title for found, _ in list_concerns(database))


def test_one_word_makes_no_kin_of_what_names_no_place(hear):
    days = [["岳阳酸菜企业被曝光 相关人员被控制", *QUIET], ["飞机坠落最后画面曝光", "在家自制酸菜", *QUIET]]
    ((_, (_, titles)),) = hear(("岳阳",), *days).items()
    assert titles == ["岳阳酸菜企业被曝光 相关人员被控制"]


def test_bulletins_of_two_provinces_are_two_matters(hear):
    lists = [["福建新增本土确诊58例", "吉林新增本土确诊307例", "新增本土确诊病例2461例", *QUIET]]
    assert len(hear(("福建", "吉林"), *lists)) == 2


def test_an_office_of_the_whole_country_has_no_foreign_concerns(hear):
    found = hear(("全国",), ["大学生工厂实习遭拒请假后死亡", "日本一游泳馆坍塌致3死9伤", *QUIET])
    assert list(found) == ["大学生工厂实习遭拒请假后死亡"]


def test_a_place_on_a_list_raises_heat(hear, database):
    hear(("邯郸",), ["邯郸一游泳馆坍塌致3死9伤", *QUIET])
    notice = {topic.name: topic.heat.parts[HeatPart.NOTICE] for topic in list_topics(database)}
    assert notice["邯郸一游泳馆坍塌致3死9伤"] > notice["怎么挑西瓜"] > 0


def test_a_measure_belongs_to_the_epidemic_that_runs_in_its_province(hear):
    days = [["苏州新增本土确诊12例", *QUIET], ["南京地铁部分区段停运", *QUIET], ["无锡一商场临时封闭", *QUIET]]
    ((_, (_, titles)),) = hear(("江苏",), *days).items()
    assert [day[0] for day in days] == titles


def test_what_people_are_short_of_in_an_epidemic_is_a_matter_of_its_own(hear):
    days = [
        ["上海新增本土确诊9例", *QUIET],
        ["上海多家超市哄抬菜价被罚", *QUIET],
        ["上海居民反映买不到菜", *QUIET],
    ]
    found = hear(("上海",), *days)
    assert sorted(len(titles) for _, titles in found.values()) == [1, 2]


def test_an_epidemic_is_no_part_of_another_happening_in_its_city(hear):
    found = hear(("福建",), ["厦门震感强烈", *QUIET], ["厦门新增2例本土确诊", *QUIET])
    assert len(found) == 2


def test_an_earthquake_felt_in_two_cities_of_a_province_is_one_matter(hear):
    assert len(hear(("福建",), ["福州震感明显", "厦门震感强烈", *QUIET])) == 1


def test_what_only_goes_on_telling_belongs_to_the_accident_of_that_hour(hear):
    titles = ["邯郸一轿车冲入人群致14人受伤", "邯郸肇事司机被当场控制", "邯郸车祸伤者已送医", *QUIET]
    assert len(hear(("邯郸",), titles)) == 1


@pytest.mark.parametrize("title", ["国家级医疗专家组赶赴邯郸", "邯郸血站呼吁错峰献血"])
def test_what_is_sent_and_given_may_go_on_about_an_accident(title):
    assert Happening.BLAST in follows_in(title)


def test_what_burns_and_explodes_in_one_city_is_one_matter(hear):
    assert len(hear(("绵阳",), ["绵阳一厂房起火", *QUIET], ["绵阳爆炸", *QUIET])) == 1


def test_a_villager_killed_by_wasps_is_no_part_of_the_epidemic_that_runs_there(hear):
    found = hear(("广西",), ["广西新增129例本土无症状", *QUIET], ["广西一村民被马蜂蜇死", *QUIET])
    assert len(found) == 2


def test_an_entry_of_a_list_on_an_epidemic_is_of_another_sort_than_one_on_a_crash(now):
    def entry(id, title, text):
        return ArticleWords(id, title, title, text, now, "热榜", None, None, False)

    told = ["MU5735搜救 新闻 发布会", "上海 疫情 防控 新闻 发布会"]
    crash, epidemic = read_documents([entry(i, title, title) for i, title in enumerate(told)])
    assert crash.named.sorts and epidemic.named.sorts and not crash.named.sorts & epidemic.named.sorts
    (article,) = read_documents([entry(3, told[1], "市政府 介绍 保供 情况")])
    assert not article.named.sorts  # a text names an epidemic for many reasons


def test_two_accidents_of_one_city_stay_two(hear):
    titles = ["邯郸一轿车冲入人群致14人受伤", "邯郸两辆大巴追尾致3死5伤", *QUIET]
    assert len(hear(("邯郸",), titles)) == 2


def test_an_airliner_that_crashed_is_one_matter_wherever_it_is_told_of(hear):
    days = [
        ["广西藤县一客机坠毁", *QUIET],
        ["云南失事客机机组家属抵达", "四川一架滑翔机坠毁致1死", *QUIET],
    ]
    assert len(hear(("广西", "云南", "四川"), *days)) == 2


@pytest.mark.parametrize("title", ["投诉小区附近搅拌站噪音扰民", "临江某小区灰尘污染没人管", "希望领导管管小区物业"])
def test_an_everyday_complaint_tells_of_no_epidemic_that_runs(title):
    assert not follows_in(title)
    assert Happening.EPIDEMIC in follows_in("一小区足不出户")


def test_a_matter_whose_first_topic_is_silent_is_called_by_its_newest_figures(hear):
    days = [["临沂发现2例新冠确诊病例", *QUIET], QUIET, QUIET, ["青岛新增阳性感染者121例", "济南全员核酸检测", *QUIET]]
    ((title, (_, titles)),) = hear(("山东",), *days).items()
    assert title == "青岛新增阳性感染者121例" and "临沂发现2例新冠确诊病例" in titles


def test_a_matter_that_people_named_keeps_its_name(hear, database, now):
    first = "临沂发现2例新冠确诊病例"
    hear(("山东",), [first, *QUIET])
    ((concern, _),) = list_concerns(database)
    execute(database, RenameTopic(concern.topic_id, "山东疫情"), Actor("李敏"), now)
    assert set(hear(("山东",), QUIET, QUIET, QUIET, ["青岛新增阳性感染者121例", *QUIET])) == {"山东疫情"}
