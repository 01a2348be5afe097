"""Major events: words, phases, presets, packs and the bench."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import events
from desk.collect import Collector
from desk.sourcework import add_source
from domain.errors import InputError
from domain.event import EventKind, MajorEvent, Phase

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
    path = events.export_pack([FLOOD], tmp_path / "防汛.toml")
    assert events.import_pack(path) == [FLOOD]


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_survives_a_pack(tmp_path_factory, text):
    event = replace(FLOOD, name=text, answers=text, tasks=(text,))
    path = events.export_pack([event], tmp_path_factory.mktemp("pack") / "x.toml")
    assert events.import_pack(path) == [event]


def test_file_that_is_no_pack_says_so(tmp_path):
    wrong = tmp_path / "x.toml"
    wrong.write_text("a = [", "utf-8")
    with pytest.raises(InputError, match="不是闻应的事件包"):
        events.import_pack(wrong)


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
    add_source(database, publisher.feed("/a", items), "李敏", now, "临江日报")
    Collector(database, now).round(now)
    id = events.add_event(database, FLOOD, "李敏", now)
    trial = events.try_words(database, replace(FLOOD, id=id, any_words=("暴雨", "泄洪")), now)
    assert {hit.article.title for hit in trial.hits} == {"今夜有暴雨", "水库泄洪提醒"}
    assert len(trial.added) == 1 and [hit.article.title for hit in trial.lost] == ["城区内涝严重"]
