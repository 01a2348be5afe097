"""The demo tells a whole story."""

from demo.publisher import DAYS, publish, read_feeds
from desk import casework
from desk.monitor import verify_record
from desk.story import play
from domain.concern import ConcernState
from domain.response import DeadlineState
from domain.times import parse_moment
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
    answered = [(c, clocks) for c, clocks in casework.concerns(database) if c.state is ConcernState.ANSWERED]
    assert any("爆炸" in c.title for c, _ in answered)
    first = [d for _, clocks in answered for d in clocks if d.code != "updates"]
    assert first and all(d.met_at is not None and d.met_at <= d.due_at for d in first)
    assert all(d.state(END) is not DeadlineState.OVERDUE for _, clocks in answered for d in clocks)
    assert any(
        "误读" in r.code.label or "误解" in r.code.label for c, _ in casework.concerns(database) for r in c.reasons
    )
    assert [path.suffix for path in files] == [".docx"] and files[0].stat().st_size > 20_000
    assert verify_record(database)[1] is None
