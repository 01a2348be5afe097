"""Major events: words, phases, presets, packs and the bench."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics import events
from desk.topics.eventpack import export_pack, import_pack
from domain.article import storable
from domain.errors import InputError
from domain.event import EventKind, MajorEvent, Phase
from domain.person import Actor
from domain.steps.events import AddEvent
from domain.steps.sources import AddSource

FLOOD = MajorEvent(
    0,
    EventKind.OTHER,
    "2026 年防汛",
    date(2026, 6, 1),
    date(2026, 9, 30),
    ("暴雨", "内涝"),
    none_words=("电影",),
    weighted=(("积水", 1.0), ("转移群众", 1.5)),
    threshold=2.0,
    phases=(Phase("预热", date(2026, 5, 20), date(2026, 5, 31)),),
)


def test_words_weights_and_exceptions():
    assert FLOOD.touches("今夜有暴雨") == ("暴雨",)
    assert FLOOD.touches("路面积水") == ()
    assert FLOOD.touches("路面积水，转移群众百人") == ("积水", "转移群众")
    assert FLOOD.touches("电影《暴雨》上映") == ()
    assert replace(FLOOD, place="临江").touches("今夜有暴雨") == ()


def test_phase_widens_the_window():
    assert FLOOD.active(date(2026, 5, 25)) and FLOOD.phase(date(2026, 5, 25)) == "预热"
    assert FLOOD.phase(date(2026, 7, 1)) == "当期" and not FLOOD.active(date(2026, 5, 1))


def test_pack_out_and_in_is_the_same_event(tmp_path):
    path = export_pack([FLOOD], tmp_path / "防汛.toml")
    assert import_pack(path).events == (FLOOD,)


@settings(deadline=None)
@given(st.text(st.characters(), min_size=1).filter(lambda text: storable(text).strip()))
def test_any_text_survives_a_pack(tmp_path_factory, text):
    event = replace(FLOOD, name=text, answers=text, tasks=(text,))
    path = export_pack([event], tmp_path_factory.mktemp("pack") / "x.toml")
    assert import_pack(path).events == (event,)


def test_file_that_is_no_pack_says_so(tmp_path):
    wrong = tmp_path / "x.toml"
    wrong.write_text("a = [", "utf-8")
    with pytest.raises(InputError, match="不是闻应的事件包"):
        import_pack(wrong)


GOOD = '[[event]]\nkind = "other"\nname = "防汛"\nstarts = 2026-06-01\nends = 2026-06-02\nany = ["洪水"]\n'
BAD = {
    "no date": GOOD.replace("2026-06-01", '"明天"'),
    "no name": GOOD.replace('name = "防汛"\n', ""),
    "far away": GOOD.replace("2026-06-02", "9999-12-31"),
    "touches all": GOOD.replace('["洪水"]', '["", " "]'),
    "a text for words": GOOD.replace('["洪水"]', '"洪水"'),
    "figures for words": GOOD.replace('["洪水"]', "[1, 2]"),
    "nan": GOOD + 'weighted = [["溃坝", 1.0]]\nthreshold = nan\n',
    "inf": GOOD + 'weighted = [["溃坝", inf]]\n',
    "ease nan": GOOD + "ease = nan\n",
    "odd kind": GOOD.replace('"other"', '["other"]'),
    "odd phase": GOOD + 'phases = [["预热", 1, 2]]\n',
    "phase far away": GOOD + 'phases = [["预热", "0001-01-01", "0001-01-02"]]\n',
    "long figure": GOOD + "ease = " + "9" * 4000 + "\n",
}


@pytest.mark.parametrize("bad", BAD)
def test_event_that_is_wrong_is_named_and_the_others_are_kept(bad, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(GOOD + BAD[bad].replace("防汛", "坏的") + GOOD, "utf-8")
    pack = import_pack(path)
    assert len(pack.events) == 2 and len(pack.troubles) == 1
    assert "第 2 个事件" in pack.troubles[0] and ("坏的" in pack.troubles[0] or bad == "no name")
    path.write_text(BAD[bad], "utf-8")
    with pytest.raises(InputError, match="读不了"):
        import_pack(path)


@pytest.mark.parametrize(
    "body", [b"event = " + b"[" * 200_000, b"event = 1", b"event = [1]", b"\xff", b"a" * 3_000_000]
)
def test_pack_that_is_none_is_refused_at_once(body, tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(body)
    with pytest.raises(InputError):
        import_pack(path)


def test_last_year_that_can_be_reckoned_with_has_no_next():
    with pytest.raises(InputError, match="2199"):
        events.next_year(replace(FLOOD, starts=date(2199, 1, 1), ends=date(2199, 1, 2), phases=()))


def test_event_of_an_earlier_version_that_cannot_be_used_stops_no_look(database, now):
    execute(database, AddEvent(FLOOD), Actor("李敏"), now)
    execute(database, AddEvent(replace(FLOOD, name="坏的")), Actor("李敏"), now)
    with database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE major_event SET any_words = '[\"\"]', all_words = '[]', plan = '{}' WHERE id = 2"
        )
    assert [event.name for event in events.list_events(database)] == [FLOOD.name]


def test_next_year_moves_days_and_the_year_in_the_name():
    later = events.next_year(FLOOD)
    assert later.name == "2027 年防汛" and later.starts == date(2027, 6, 1) and later.phases[0].starts.year == 2027


def test_every_year_has_presets_for_what_comes_every_year():
    names = " ".join(event.name for event in events.presets(2027))
    assert all(word in names for word in ("全国两会", "CPI", "防汛", "高考", "国庆", "供暖"))
    assert "2027 年 4 月发布 一季度经济数据" in names


def test_bench_says_what_an_edit_adds_and_loses(database, publisher, now):
    items = [
        ("今夜有暴雨", "气象台发布预警。", "2026-11-20T08:00:00+08:00"),
        ("城区内涝严重", "多条道路受阻。", "2026-11-20T08:10:00+08:00"),
        ("水库泄洪提醒", "请下游群众注意。", "2026-11-20T08:20:00+08:00"),
    ]
    execute(database, AddSource(publisher.feed("/a", items), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    id = execute(database, AddEvent(FLOOD), Actor("李敏"), now)
    trial = events.try_words(database, replace(FLOOD, id=id, any_words=("暴雨", "泄洪")), now)
    assert {hit.article.title for hit in trial.hits} == {"今夜有暴雨", "水库泄洪提醒"}
    assert len(trial.added) == 1 and [hit.article.title for hit in trial.lost] == ["城区内涝严重"]
