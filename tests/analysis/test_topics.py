"""Topics hold together: reclustering, near-duplicates, traces, and what people decide."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from analysis.brief import briefs_of
from analysis.bursts import bursts
from analysis.centroid import Centroid
from analysis.terms import Terms, terms_of
from analysis.topics import Document, TopicWindow
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import list_topics, topic_view
from desk.topics.regrouping import topic_history
from domain.errors import InputError, NotFoundError
from domain.person import Actor
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic, MergeTopics, PinTopic, RenameTopic, SplitTopic, UndoTopicChange
from domain.times import parse_moment
from domain.topic import ChangeKind

FIRE = [
    ("江北仓库起火 消防到场扑救", "江北区一仓库今晨起火，浓烟滚滚，消防救援人员到场扑救，周边居民疏散。"),
    ("江北仓库火灾明火已扑灭", "江北区仓库火灾明火已被消防扑灭，起火原因正在调查，周边居民陆续返回。"),
    ("江北仓库火灾原因公布", "消防部门公布江北区仓库火灾原因，系电气线路老化，仓库负责人被约谈。"),
]
HEATING = [
    (
        "滨河花园暖气不热 居民测温十四度",
        "滨河花园小区供暖一周暖气不热，居民测得室温只有十四度，热力公司称管网正在调试。",
    ),
    ("滨河花园供暖不热 热力公司上门排查", "热力公司上门排查滨河花园供暖不热，称换热站压力不足，管网调试三天内完成。"),
]


def documents(items, now, first=1):
    briefs = briefs_of([terms_of(*item) for item in items])
    return [Document(first + i, brief, now + timedelta(minutes=i)) for i, brief in enumerate(briefs)]


def test_two_events_are_two_topics_in_any_order(now):
    for items in ([*FIRE, *HEATING], [*HEATING, *FIRE], [FIRE[0], HEATING[0], FIRE[1], HEATING[1], FIRE[2]]):
        window = TopicWindow()
        window.place(documents(items, now))
        window.recluster()
        topics = {item[0]: window.topic_of(i + 1) for i, item in enumerate(items)}
        assert len({topics[title] for title, _ in FIRE}) == 1
        assert len({topics[title] for title, _ in HEATING}) == 1
        assert topics[FIRE[0][0]] != topics[HEATING[0][0]]


def test_that_the_police_say_so_makes_one_topic_of_no_two_matters(now):
    titles = [
        "警方通报男子商场挟持人质事件",
        "警方通报轿车校门口撞人事件",
        "警方通报老人遭学生抢劫事件",
        "官方回应动物园老虎瘦弱",
        "官方回应河水变黑",
    ]
    window = TopicWindow()
    window.place(documents([(title, "") for title in titles], now))
    window.recluster()
    assert len({window.topic_of(i + 1) for i in range(len(titles))}) == len(titles)


def test_same_text_is_a_near_duplicate_and_another_days_figures_are_not(now):
    text = "市卫健委通报，昨日新增确诊病例{}例，累计{}例，均在定点医院隔离治疗，密切接触者已落实医学观察，请市民少聚集、勤洗手、戴口罩，有发热咳嗽及时就诊。"
    window = TopicWindow()
    first, duplicate, next_day = window.place(
        documents(
            [
                ("新增病例通报", text.format(3, 12)),
                ("【通报】新增病例", text.format(3, 12)),
                ("新增病例通报", text.format(31, 43)),
            ],
            now,
        )
    )
    assert duplicate.repeats == first.article_id and duplicate.topic_id == first.topic_id
    assert next_day.repeats is None


def test_what_a_person_moved_survives_every_reclustering(now):
    window = TopicWindow()
    window.place(documents([*FIRE, *HEATING], now))
    own = window.topic_of(1)
    window.move([3], 900)
    for i in range(5):
        window.place(documents([FIRE[i % 3]], now + timedelta(hours=i), first=100 + i))
        window.recluster()
    assert window.topic_of(3) == 900 and window.topic_of(1) == own


def test_topics_the_office_works_on_are_not_merged_away(now):
    window = TopicWindow()
    window.place(documents(FIRE[:1], now))
    case = window.topic_of(1)
    assert case is not None
    window.place(documents(FIRE[1:], now, first=2))
    window.move([1], case, fixed=False)
    window.keep([case])
    window.recluster()
    assert window.topic_of(1) == case


def test_burst_marks_the_hours_that_stand_out():
    quiet = [1.0] * 60
    assert bursts([*quiet, 9, 12, 8, *quiet], [40.0] * 123) == [(60, 62)]
    assert bursts([2.0] * 120, [40.0] * 120) == []


def test_doubling_all_intake_is_no_burst():
    reports = [2.0] * 60 + [4.0] * 20
    assert bursts(reports, [40.0] * 60 + [80.0] * 20) == []


@pytest.fixture
def collected(database, publisher, now):
    """A store with the fire and the heating as two topics."""
    at = "2026-11-20T0{}:00:00+08:00"
    execute(
        database,
        AddSource(publisher.feed("/a", [(*item, at.format(i)) for i, item in enumerate(FIRE)]), "甲报"),
        Actor("李敏"),
        now,
    )
    execute(
        database,
        AddSource(publisher.feed("/b", [(*i, at.format(k)) for k, i in enumerate(HEATING)]), "乙报"),
        Actor("李敏"),
        now,
    )
    collector = Collector(database, now)
    collector.round(now)
    return collector


def ids(database):
    return {topic.name[:4]: topic.id for topic in list_topics(database)}


def test_merge_leads_on_from_the_old_id_and_is_undone_to_where_it_was(database, collected, now):
    fire, heating = ids(database)["江北仓库"], ids(database)["滨河花园"]
    (change,) = execute(database, MergeTopics(fire, (heating,)), Actor("李敏"), now)
    assert topic_view(database, heating).topic.id == fire
    assert topic_view(database, fire).topic.articles == 5
    collected.understand(now + timedelta(minutes=5))
    assert len(list_topics(database)) == 1
    execute(database, UndoTopicChange(change), Actor("李敏"), now)
    collected.understand(now + timedelta(minutes=10))
    assert {t.articles for t in list_topics(database)} == {3, 2}
    with pytest.raises(NotFoundError):
        execute(database, UndoTopicChange(change), Actor("李敏"), now)


def test_split_survives_rounds_and_a_restart(database, collected, now):
    fire = ids(database)["江北仓库"]
    cause = next(a.id for a in topic_view(database, fire).articles if "原因公布" in a.title)
    new = execute(database, SplitTopic(fire, (cause,)), Actor("李敏"), now)
    collected.understand(now + timedelta(minutes=5))
    Collector(database, now).understand(now + timedelta(minutes=10))
    assert [a.id for a in topic_view(database, new).articles] == [cause]
    assert topic_view(database, fire).topic.articles == 2
    (trace,) = topic_history(database, new)
    assert trace.kind is ChangeKind.SPLIT and trace.who == "李敏"


def test_splitting_off_everything_says_so(database, collected, now):
    fire = ids(database)["江北仓库"]
    with pytest.raises(InputError, match="一部分"):
        execute(
            database, SplitTopic(fire, tuple(a.id for a in topic_view(database, fire).articles)), Actor("李敏"), now
        )


def test_name_given_by_a_person_and_pin_survive(database, collected, now):
    fire = ids(database)["江北仓库"]
    execute(database, RenameTopic(fire, "江北仓库火灾"), Actor("李敏"), now)
    execute(database, PinTopic(fire, True), Actor("李敏"), now)
    collected.understand(now + timedelta(minutes=5))
    assert list_topics(database)[0].name == "江北仓库火灾" and list_topics(database)[0].pinned


def test_officer_flags_what_the_rules_did_not(database, collected, now):
    heating = ids(database)["滨河花园"]
    if (known := topic_view(database, heating).concern) is None:
        execute(database, FlagTopic(heating, "上级来电要求回应"), Actor("李敏"), now)
        known = topic_view(database, heating).concern
    assert known is not None and known.state.label == "待研判"


def test_curve_is_stored_per_hour(database, collected, now):
    fire = ids(database)["江北仓库"]
    curve = topic_view(database, fire).curve
    assert curve.start
    reported = [curve.start + timedelta(hours=i) for i, reports in enumerate(curve.own) for _ in range(reports)]
    assert reported == [parse_moment(f"2026-11-20T0{i}:00") for i in range(len(FIRE))]


def test_any_number_of_articles_can_be_read_together():
    brief = briefs_of([Terms(("起火",), ("仓库", "仓库", "三人"), ("\x02起火",))] * 70_000)[-1]
    entries = slice(brief.start, brief.end)
    terms = [brief.read.terms[i] for i in brief.read.ids[entries]]
    assert dict(zip(terms, brief.read.counts[entries].tolist())) == {"仓库": 2, "起火": 3, "\x02起火": 1}
    assert brief.words == 2


def test_titles_that_name_a_sort_are_counted_once_each():
    few = Centroid(texts=10, sorts=Counter({0: 3, 1: 3}), sorted=3)  # 3 of 10 titles, each naming two
    most = Centroid(texts=10, sorts=Counter({0: 6}), sorted=6)
    assert few.unlike(frozenset({3})) == 1.0 and most.unlike(frozenset({3})) < 0.5
