"""Another happening inside a case, or of the topic of one put aside: it is told, and nothing told first hides it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.cases.reading import list_concerns, read_case
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office import reminding
from domain.article import SourceTier
from domain.concern import ConcernState, DevelopmentKind, EventGrade, ReasonCode
from domain.person import Actor
from domain.response import Level
from domain.steps.cases import DismissConcern, JudgeConcern
from domain.steps.developments import SeparateDevelopment
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import HOUR
from store import articles

WHO = Actor("李敏")
FIRST = (
    "临江市江北区恒昌化工厂发生爆炸 3人死亡",
    "11月20日8时许，临江市江北区恒昌化工厂发生爆炸，已造成3人死亡、5人受伤，伤者已送医救治，事故原因正在调查。",
    "2026-11-20T08:40:00+08:00",
)
SECOND = (
    "临江市江北区宏源化工厂发生爆炸 3人死亡",
    "11月21日9时许，临江市江北区宏源化工厂发生爆炸，已造成3人死亡、4人受伤，伤者已送医救治，事故原因正在调查。",
    "2026-11-21T09:50:00+08:00",
)
DAY_AFTER = timedelta(hours=26)
ANOTHER, VICTIM = DevelopmentKind.ANOTHER, DevelopmentKind.VICTIM


class Office:
    """What a press office hears, source by source, and what it has of it."""

    def __init__(self, database, publisher, now):
        self.database, self.publisher, self.now = database, publisher, now
        execute(database, SetOffice(places=("临江", "江北区", "城南区")), WHO, now)
        self.collector = Collector(database, now)
        self.heard = {}

    def hear(self, *items, after=timedelta(0), source="临江日报", tier=SourceTier.CITY):
        """A round in which a source publishes some more."""
        if source not in self.heard:
            path = f"/{len(self.heard)}"
            self.heard[source] = path, []
            address = self.publisher.feed(path, [])
            execute(self.database, AddSource(address, source, tier=tier), WHO, self.now + after)
        path, known = self.heard[source]
        known += items
        self.publisher.feed(path, known)
        self.collector.round(self.now + after)

    def concerns(self):
        return [concern for concern, _ in list_concerns(self.database)]

    def turns(self, id, kind):
        return [one for one in reversed(read_case(self.database, id).developments) if one.kind is kind]

    def alerts(self, after):
        return [alert.text for alert in reminding.give(self.database, self.now + after) if alert.level is Level.TURNED]


@pytest.fixture
def office(database, publisher, now):
    return Office(database, publisher, now)


@pytest.fixture
def case(office):
    """A case of the first explosion, judged."""
    office.hear(FIRST)
    (concern,) = office.concerns()
    execute(office.database, JudgeConcern(concern.id, EventGrade.III), WHO, office.now)
    return concern.id


def test_second_explosion_of_the_city_is_told_inside_the_case_of_the_first(office, case):
    office.hear(SECOND, after=DAY_AFTER)
    (turn,) = office.turns(case, ANOTHER)
    assert "宏源" in turn.evidence[0].sentence and turn.grade is EventGrade.III
    (text,) = office.alerts(DAY_AFTER)
    assert "另一起，建议较大" in text and "宏源" in text


@pytest.mark.parametrize(
    "title",
    [
        "临江又一化工厂爆炸致2人死亡",
        "今晨临江一化工厂爆炸致5人死亡",
        "临江江北区宏源化工厂爆炸致1人死亡",
        "临江城南区一化工厂爆炸致1人死亡",
        "临江一化工厂爆炸致1人死亡",
    ],
)
def test_headline_alone_tells_of_another(office, case, title):
    office.hear((title, title, "2026-11-21T09:50:00+08:00"), after=DAY_AFTER)
    told = [c for c in office.concerns() if c.id != case] or office.turns(case, ANOTHER)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("临江市恒昌化工厂爆炸事故调查组成立", "11月21日，临江市恒昌化工厂爆炸事故调查组成立。"),
        ("临江化工厂爆炸3人死亡，伤者转往城南区医院", "11月20日，临江市江北区恒昌化工厂发生爆炸，伤者转往城南区医院。"),
        ("临江市通报恒昌化工厂爆炸", "11月21日，临江市召开发布会，通报20日恒昌化工有限公司发生爆炸造成3人死亡的情况。"),
        ("恒昌化工厂爆炸死亡人数升至5人", "记者从临江市获悉，江北区恒昌化工厂爆炸死亡人数升至5人。"),
        ("临江排查化工企业，防止再次发生爆炸", "临江市城南区宏源化工厂开展爆炸事故隐患排查。"),
        ("临江江北区一化工厂爆炸 已致3死", "20日上午，临江市江北区一化工厂发生爆炸，3人死亡。"),
        ("外地：海州市宏源化工厂爆炸31人死亡", "海州市宏源化工厂11月21日发生爆炸，31人死亡。"),
    ],
)
def test_what_goes_on_about_the_case_is_no_other(office, case, title, text):
    office.hear((title, text, "2026-11-21T10:00:00+08:00"), after=DAY_AFTER)
    assert not office.turns(case, ANOTHER)


def test_another_is_told_once_though_many_report_it_and_a_third_again(office, case):
    office.hear(SECOND, after=DAY_AFTER)
    more = ("宏源化工厂爆炸搜救结束", SECOND[1].replace("9时许", "上午"), SECOND[2])
    office.hear(more, after=DAY_AFTER + HOUR, source="临江晚报")
    assert len(office.turns(case, ANOTHER)) == 1
    third = [part.replace("宏源", "金鼎").replace("11月21日", "11月22日") for part in SECOND[:2]]
    office.hear((*third, "2026-11-22T09:50:00+08:00"), after=2 * DAY_AFTER)
    assert ["金鼎" in one.evidence[0].sentence for one in office.turns(case, ANOTHER)] == [False, True]


def test_another_that_was_told_before_the_judgement_is_told_with_it(office):
    office.hear(FIRST)
    office.hear(SECOND, after=DAY_AFTER)
    (concern,) = office.concerns()
    execute(office.database, JudgeConcern(concern.id, EventGrade.III), WHO, office.now + DAY_AFTER)
    office.hear(after=DAY_AFTER + HOUR)
    assert len(office.turns(concern.id, ANOTHER)) == 1


def test_another_becomes_a_concern_of_its_own_with_all_its_reports(office, case):
    follows = ("临江宏源化工厂爆炸致3人死亡", SECOND[1].replace("9时许", "上午"), SECOND[2])
    office.hear(SECOND, follows, after=DAY_AFTER)
    (turn,) = office.turns(case, ANOTHER)
    id = execute(office.database, SeparateDevelopment(case, turn.id), WHO, office.now + DAY_AFTER)
    new = read_case(office.database, id).concern
    assert new.state is ConcernState.FLAGGED and new.suggested_grade is EventGrade.III
    assert new.reasons[0].code is ReasonCode.EMERGENCY and "宏源" in new.title
    office.hear(after=DAY_AFTER + HOUR)
    assert len(office.turns(case, ANOTHER)) == 1 and not office.turns(id, ANOTHER)


FORM = (
    "接报后，省、市主要领导要求全力搜救被困人员，做好伤员救治和家属安抚，尽快查明情况。市政府立即启动应急响应，应急、消防、公安、卫健等部门赶赴现场。"
    "目前明火已经扑灭，现场清理正在进行，周边居民已经疏散安置，环境监测未见异常，企业负责人已被控制，有关情况将及时公布。"
) * 2


@pytest.mark.parametrize("put_aside", [False, True])
def test_bulletin_of_the_same_form_hides_no_other(office, put_aside):
    office.hear((FIRST[0], FIRST[1] + FORM, FIRST[2]))
    (concern,) = office.concerns()
    step = DismissConcern(concern.id, "已由省里统一回应。") if put_aside else JudgeConcern(concern.id, EventGrade.III)
    execute(office.database, step, WHO, office.now)
    office.hear((SECOND[0], SECOND[1] + FORM, SECOND[2]), after=DAY_AFTER)
    with office.database.read() as connection:
        came = articles.titles(connection, [concern.topic_id])[concern.topic_id]
    assert came == [FIRST[0], SECOND[0]] and len(office.turns(concern.id, ANOTHER)) == 1
    assert read_case(office.database, concern.id).concern.state.running


def test_another_that_grows_graver_is_told_again(office, case):
    office.hear(SECOND, after=DAY_AFTER)
    graver = tuple(part.replace("3人死亡", "12人死亡") for part in SECOND[:2])
    office.hear((*graver, "2026-11-21T12:00:00+08:00"), after=DAY_AFTER + 3 * HOUR)
    assert [one.grade for one in office.turns(case, ANOTHER)] == [EventGrade.III, EventGrade.II]


def test_planted_other_hides_no_real_one(office, case):
    office.hear(SECOND, after=DAY_AFTER, source="路过的人", tier=SourceTier.SOCIAL)
    real = (f"突发 {SECOND[0]}", SECOND[1].replace("9时许", "上午"), SECOND[2])
    office.hear(real, after=DAY_AFTER + HOUR)
    assert [one.evidence[-1].source for one in office.turns(case, ANOTHER)] == ["路过的人", "临江日报"]


@pytest.fixture
def aside(office):
    """A concern of the first explosion that people put aside."""
    office.hear(FIRST)
    (concern,) = office.concerns()
    execute(office.database, DismissConcern(concern.id, "已由省里统一回应。"), WHO, office.now + HOUR)
    return concern.id


def test_concern_put_aside_hides_no_other_emergency_of_its_topic(office, aside):
    office.hear(SECOND, after=DAY_AFTER)
    waiting = [concern for concern in office.concerns() if concern.state is ConcernState.FLAGGED]
    assert len(waiting) == 1
    assert waiting[0].id != aside or "宏源" in office.turns(aside, ANOTHER)[0].evidence[0].sentence
    assert reminding.give(office.database, office.now + DAY_AFTER)


def test_concern_put_aside_comes_back_for_more_dead_of_the_same_grade(office, aside):
    office.hear(("恒昌化工厂爆炸已致5人死亡", FIRST[1].replace("3人死亡", "5人死亡"), FIRST[2]), after=2 * HOUR)
    assert read_case(office.database, aside).concern.state is ConcernState.FLAGGED
    assert len(office.turns(aside, VICTIM)) == 1


def test_concern_put_aside_stays_there_while_others_repeat_it(office, aside):
    office.hear(
        (FIRST[0] + " 现场直击", FIRST[1].replace("8时许", "上午"), FIRST[2]), after=2 * HOUR, source="临江晚报"
    )
    assert read_case(office.database, aside).concern.state is ConcernState.DISMISSED


PLANTED = (
    "临江恒昌化工厂爆炸：记者被阻拦，家属要求赔偿，网友质疑通报的伤亡人数，镇长停职，死亡人数升至4人",
    "临江恒昌化工厂爆炸现场记者采访被阻拦。家属要求赔偿。网友质疑通报的伤亡人数。镇长停职。死亡人数升至4人。",
    "2026-11-20T10:00:00+08:00",
)


def test_planted_text_of_all_kinds_uses_up_none(office, case):
    office.hear(PLANTED, after=HOUR, source="路过的人", tier=SourceTier.SOCIAL)
    assert len(read_case(office.database, case).developments) == 5
    real = (
        "临江恒昌化工厂爆炸死亡人数升至9人",
        "临江恒昌化工厂爆炸死亡人数升至9人。记者采访时被阻拦。家属要求赔偿。公众质疑通报的伤亡人数。镇长停职。",
        "2026-11-20T12:00:00+08:00",
    )
    office.hear(real, after=3 * HOUR)
    again = [one for one in read_case(office.database, case).developments if one.evidence[0].source == "临江日报"]
    assert {one.kind for one in again} == set(DevelopmentKind) - {ANOTHER}


def test_planted_figure_does_not_hide_the_real_one(office, case):
    false = (
        "临江恒昌化工厂爆炸死亡人数升至300人",
        "临江恒昌化工厂爆炸死亡人数升至300人。",
        "2026-11-20T10:00:00+08:00",
    )
    office.hear(false, after=HOUR, source="路过的人", tier=SourceTier.SOCIAL)
    true = ("临江恒昌化工厂爆炸死亡人数升至5人", "江北区恒昌化工厂爆炸死亡人数升至5人。", "2026-11-20T12:00:00+08:00")
    office.hear(true, after=3 * HOUR)
    assert [one.evidence[0].source for one in office.turns(case, VICTIM)] == ["路过的人", "临江日报"]


def test_more_dead_are_told_each_time_and_the_same_figure_once(office, case):
    for i, (dead, source) in enumerate([(5, "临江日报"), (5, "临江晚报"), (7, "临江日报")]):
        title = f"临江恒昌化工厂爆炸死亡人数升至{dead}人"
        office.hear((title, f"{source}：{title}。", "2026-11-20T12:00:00+08:00"), after=(i + 2) * HOUR, source=source)
    assert len(office.turns(case, VICTIM)) == 2
