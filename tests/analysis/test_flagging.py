"""What is flagged for an office, and what is held back with a reason."""

from datetime import timedelta

import pytest

from analysis.concern_model import Learned
from analysis.concerns import Evidencing, Report, Standing, Text, concern_words, suggest, suggested_grade
from analysis.places import places_of
from desk.cases.reading import list_concerns, read_case
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import list_topics, topic_view
from domain.article import SourceTier
from domain.concern import EventGrade, ReasonCode
from domain.person import Actor
from domain.steps.cases import JudgeConcern
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.topic import Heat


def test_report_of_a_case_elsewhere_is_not_local_for_the_city_where_the_patient_had_been():
    article = ("河南新增确诊病例9例", "1月24日河南新增9例。患者王某近期有武汉旅居史，从武汉返回郑州。")
    assert places_of([article], ["武汉"]) == (("河南",), False)


def test_title_without_a_place_is_where_its_text_begins():
    assert places_of([("地铁停运", "武汉市今日起地铁停运。河南驰援武汉。")], ["武汉"])[1]


def test_one_emergency_in_several_words_is_one_concern(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    items = [
        ("临江恒泰助剂厂发生爆炸", "临江恒泰助剂厂一车间发生爆炸，消防救援人员已到现场救援。", "2026-11-20T08:40:00+08:00"),
        ("关于明日停课一天的紧急通知", "受临江恒泰助剂厂爆炸影响，第三小学、第五小学明日停课，请家长看护好孩子，课后服务同时暂停。", "2026-11-20T10:40:00+08:00"),
        ("临江一小区火灾致2人死亡", "临江桂花小区凌晨发生火灾，致2人死亡。", "2026-11-20T11:00:00+08:00"),
    ]  # fmt: skip
    execute(database, AddSource(publisher.feed("/a", items), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    flagged = {concern.title for concern, _ in list_concerns(database)}
    assert flagged == {"临江恒泰助剂厂发生爆炸", "临江一小区火灾致2人死亡"}
    held = next(t for t in list_topics(database) if "停课" in t.name)
    assert "同一件事" in topic_view(database, held.id).held


@pytest.mark.parametrize(
    ("words", "grade"),
    [
        ("武汉确诊新型肺炎363例死亡9例", EventGrade.III),
        ("事故已致12人死亡3人受伤", EventGrade.II),
        ("累计报告病例45例，死亡2例", EventGrade.IV),
        ("爆炸造成31人遇难", EventGrade.I),
    ],
)
def test_the_dead_are_not_the_cases(words, grade):
    assert suggested_grade([Text(1, words, words, "人民日报")])[0] is grade


@pytest.mark.parametrize(
    "text",
    [
        "网传“化工厂爆炸致30人死亡”系谣言，造谣者已被依法调查。爆炸造成3人死亡。",
        "爆炸造成3人死亡。经查，杨某编造“30人死亡”信息，已依法处罚。",
        "“30人死亡”不属实，截至目前3人死亡。官方通报造成3人死亡。",
    ],
)
def test_the_dead_of_a_rumour_are_not_counted(text):
    assert suggested_grade([Text(1, "关于爆炸的通报", text, "公安局")])[0] is EventGrade.III


def test_denied_rumour_of_an_emergency_is_flagged_as_a_rumour_not_as_an_emergency(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    at = "2026-11-20T08:{}:00+08:00"
    told = [
        ("辟谣：网传临江商场坍塌不实", "临江警方辟谣：网传“商场坍塌多人被困”系谣言。", at.format(10)),
        ("临江商场坍塌系谣言", "网传临江商场坍塌系谣言，商场正常营业，传播谣言者被查。", at.format(40)),
    ]
    execute(database, AddSource(publisher.feed("/a", told), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    ((concern, _),) = list_concerns(database)
    assert {reason.code for reason in concern.reasons} == {ReasonCode.MISREAD_POLICY}
    assert concern.suggested_grade is EventGrade.NONE


def test_topic_of_a_case_keeps_the_name_that_people_know(database, publisher, now):
    from domain.concern import ClockBasis

    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    first = (
        "临江化工园区一厂房发生爆炸",
        "临江化工园区一厂房发生爆炸，消防救援人员已到现场。",
        "2026-11-20T08:40:00+08:00",
    )
    execute(database, AddSource(publisher.feed("/a", [first]), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    execute(database, JudgeConcern(1, grade=EventGrade.II, basis=ClockBasis.FOUND), Actor("李敏"), now)
    more = [
        (
            f"临江化工园区爆炸救援进展{i}",
            f"临江化工园区一厂房发生爆炸，消防救援进展第{i}次通报，现场救援。",
            f"2026-11-20T1{i}:00:00+08:00",
        )
        for i in range(3)
    ]
    publisher.feed("/a", [first, *more])
    later = now + timedelta(hours=2)
    Collector(database, later).round(later)
    topic = topic_view(database, read_case(database, 1).concern.topic_id).topic
    assert topic.name == first[0] and topic.articles > 1


def test_what_is_told_of_a_lasting_emergency_weeks_later_is_no_concern_of_its_own(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)

    def bulletin(day):
        return (
            f"临江肺炎疫情第{day}日通报",
            f"临江市卫健委通报：第{day}日新增肺炎确诊病例{day + 2}例，累计{3 * day + 9}例，死亡1例，密切接触者集中隔离。",
            (now + timedelta(days=day)).isoformat(),
        )

    told = [bulletin(0)]
    address = publisher.feed("/a", told)
    execute(database, AddSource(address, "临江日报"), Actor("李敏"), now)
    collector = Collector(database, now)
    collector.round(now + timedelta(hours=1))
    for day in range(2, 18, 2):
        told.append(bulletin(day))
        publisher.feed("/a", told)
        collector.round(now + timedelta(days=day, hours=1))
    aside = (
        "呼吸科专家谈重症救治用药",
        "呼吸科专家谈重症救治用药和疗程，临江肺炎确诊病例多为轻症，死亡的是高龄基础病患者，抗病毒药物按需使用。",
        (now + timedelta(days=16, hours=2)).isoformat(),
    )
    publisher.feed("/a", [*told, aside])
    collector.round(now + timedelta(days=16, hours=3))
    assert len({topic.id for topic in list_topics(database)}) == 2
    assert [concern.id for concern, _ in list_concerns(database)] == [1]


@pytest.mark.parametrize(("tier", "flagged"), [(SourceTier.CENTRAL, True), (SourceTier.SOCIAL, False)])
def test_one_weighty_report_of_a_source_of_weight_is_enough(database, publisher, now, tier, flagged):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    at = (now - timedelta(minutes=20)).isoformat()
    stop = ("临江公交地铁客运明日起停运", "临江市通告，明日零时起公交、地铁、客运停运，恢复时间另行通告。", at)
    execute(database, AddSource(publisher.feed("/a", [stop]), "甲报", tier), Actor("李敏"), now)
    Collector(database, now).round(now)
    known = list_concerns(database)
    assert bool(known) is flagged
    if flagged:
        assert ReasonCode.PUBLIC_INTEREST in {reason.code for reason in known[0][0].reasons}
    else:
        (topic,) = list_topics(database)
        assert "1 篇独立报道" in topic_view(database, topic.id).held


@pytest.mark.parametrize(
    ("sentence", "sudden"),
    [
        ("大货车经过时就像一个巨大的爆炸声响。", False),
        ("装修的声音像地震一样，住户无法休息。", False),
        ("临江一厂房发生爆炸，附近居民说像地震。", True),
        ("临江一厂房爆炸。", True),
    ],
)
def test_what_is_likened_to_an_emergency_is_none(sentence, sudden):
    evidencing = Evidencing(concern_words())
    here = [i for i, word in enumerate(evidencing.words) if word in sentence]
    codes = {bearing.code for bearing in evidencing.bearings([sentence], [here])}
    assert (ReasonCode.EMERGENCY in codes) == sudden


@pytest.mark.parametrize(
    ("title", "sudden"),
    [
        ("5岁女童失踪母亲发声", True),  # like what shocks, and somebody is in danger
        ("警方通报男子商场挟持女店员", True),
        ("男子杀害女童案一审宣判", False),  # in court
        ("特警开展反劫持演练", False),
    ],
)
def test_who_is_in_danger_makes_an_emergency_of_what_shocks(title, sudden):
    report = Evidencing(concern_words()).report(Text(1, title, "", "热搜榜"))
    standing = Standing(1, Heat({}, True), "其他", True, (), 1, listed=True)
    assert (ReasonCode.EMERGENCY in {reason.code for reason in suggest(standing, [report]).reasons}) == sudden


@pytest.mark.parametrize(
    ("title", "answers"),
    [
        ("米粉协会回应工人光脚踩粉", True),
        ("鞍山回应农民雨衣插秧", True),
        ("景区再次致歉", True),
        ("某歌手回应隐婚", False),
        ("鞍山农民雨衣插秧", False),
    ],
)
def test_what_an_authority_answers_for_is_more_likely_a_concern(title, answers):
    standing = Standing(1, Heat({}, True), "", True, (), 1, listed=True)
    said, silent = (suggest(standing, [Report(1, "热榜", (), None, t)]).likely for t in (title, "今日天气"))
    assert (said > silent) is answers


@pytest.mark.parametrize(
    ("chances", "emergency"),
    [
        ((0.0, 0.5, 0.0, 0.26, 0.0), False),  # a complaint that sounds a little like an emergency starts no 5 hours
        ((0.0, 0.4, 0.0, 0.4, 0.0), True),
        ((0.0, 0.2, 0.0, 0.6, 0.0), True),
    ],
)
def test_emergency_is_named_beside_another_reason_only_where_it_weighs(chances, emergency):
    report = Report(1, "临江日报", (), None, "江南苑两栋楼还在等暖气", Learned(chances, ()))
    found = suggest(Standing(1, Heat({}, True), "其他", True, (), 3, listed=True), [report])
    assert (ReasonCode.EMERGENCY in {reason.code for reason in found.reasons}) is emergency
    assert (found.grade is not EventGrade.NONE) is emergency and found.reasons
