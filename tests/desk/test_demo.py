"""The demo tells a whole story."""

from datetime import timedelta

from demo.publisher import DAYS, publish, read_feeds
from demo.story import play
from desk.cases.reading import list_concerns
from desk.reporting.facts import daily_facts
from desk.topics.monitor import verify_record
from domain.concern import ConcernState
from domain.response import DeadlineState
from domain.times import china_day, day_bounds, parse_moment
from sources.feeds import read_feed

START, END = parse_moment("2026-11-11T00:00"), parse_moment("2026-11-20T20:00")


def test_every_feed_is_readable_as_published(tmp_path):
    made = publish(tmp_path, START, END)
    assert len(made) == 12
    for feed in read_feeds():
        body = made[feed.name][0].read_bytes()
        assert {a.title for a in read_feed(body, None, END).articles} == {item.title for item in feed.items}


def test_no_item_lies_outside_the_ten_days():
    assert all(0 <= item.after.days < DAYS for feed in read_feeds() for item in feed.items)


def test_emergency_is_answered_in_time_and_the_record_verifies(database, tmp_path):
    files = play(
        database, lambda until: publish(tmp_path / "feeds", START, until), START, END, tmp_path, lambda _: None
    )
    answered = [(c, clocks) for c, clocks in list_concerns(database) if c.state is ConcernState.ANSWERED]
    assert any("爆炸" in c.title for c, _ in answered)
    first = [d for _, clocks in answered for d in clocks if not (d.repeats or d.replaced or d.of_judging)]
    assert first and all(d.met_at is not None and d.met_at <= d.due_at for d in first)
    assert all(d.state(END) is not DeadlineState.OVERDUE for _, clocks in answered for d in clocks)
    assert any("误读" in r.code.label or "误解" in r.code.label for c, _ in list_concerns(database) for r in c.reasons)
    assert not any(word in c.title for c, _ in list_concerns(database) for word in ("宠物", "一图看懂"))
    day = china_day(START) + timedelta(days=6)
    leading = daily_facts(database, day, day_bounds(day)[1], (1, 1)).topics
    matters = [fact.matter for fact in leading if fact.matter is not None]
    assert "爆炸" in leading[0].topic.name and len(matters) == len(set(matters)) and len(leading) > 3
    assert [path.suffix for path in files] == [".docx"] and files[0].stat().st_size > 20_000
    assert verify_record(database)[1] is None
