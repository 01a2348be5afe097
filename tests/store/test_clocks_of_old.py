"""What the clocks of an older version become (migration 0023): what waits has clocks, what the record tells is filled in."""

from __future__ import annotations

import json

from sqlalchemy import text

from domain.response import DeadlineState
from domain.times import parse_moment
from store import cases
from store.database import open_database, sqlite_url
from tests.store.test_migrations import at_version

NOW = parse_moment("2026-11-26T12:00")
CONCERN = (
    "INSERT INTO concern (id, topic_id, title, state, reasons, suggested_grade, grade_ground, suggested_attention, "
    "found_at, first_report_at, outcome, referred_to, version) VALUES "
    "(:id, :id, '爆炸', :state, :reasons, 'IV', '', 'blue', '2026-11-20 04:00:00.000000', :first, '', '', 1)"
)
EMERGENCY = json.dumps([{"code": "emergency", "words": "爆炸", "evidence": []}])
MISREAD = json.dumps([{"code": "misread-policy", "words": "误读", "evidence": []}])
SAID = {"published_at": "2020-01-01T08:00:00+08:00"}


def test_what_waits_gets_its_clocks_and_what_was_dated_back_reads_so(tmp_path):
    engine = at_version(tmp_path, "0022")
    with engine.begin() as connection:
        lately, long_ago = "2026-11-20 03:00:00.000000", "2024-01-01 00:00:00.000000"
        for id, state, reasons, first in (
            (1, "flagged", EMERGENCY, lately),
            (2, "flagged", MISREAD, lately),
            (3, "flagged", MISREAD, long_ago),
            (4, "closed", MISREAD, lately),
        ):
            connection.execute(text(CONCERN), {"id": id, "state": state, "reasons": reasons, "first": first})
        connection.exec_driver_sql(
            "INSERT INTO deadline (concern_id, code, name, source, start_at, due_at, how, met_at, withdrawn, repeats) VALUES "
            "(4, 'response-48h', '予以回应', '', '2026-11-20 04:00:00.000000', '2026-11-22 04:00:00.000000', '', "
            "'2020-01-01 00:00:00.000000', '', 0)"
        )
        for sequence, action, after in ((1, "发布回应", SAID), (2, "办结", {})):
            connection.execute(
                text(
                    "INSERT INTO record VALUES (:n, '2026-11-25 04:00:00.000000', '李敏', :a, 'concern:4', NULL, :x, '', '')"
                ),
                {"n": sequence, "a": action, "x": json.dumps(after)},
            )
    engine.dispose()
    database = open_database(sqlite_url(tmp_path))
    with database.read() as connection:
        found = {(d.concern_id, d.code): d.state(NOW) for d in cases.deadlines(connection)}
        closed = cases.get(connection, 4).closed_at
        entries = cases.deadline_entries(connection, 1)
    database.close()
    assert found == {
        (1, "judge"): DeadlineState.OVERDUE,
        (1, "unjudged-5h"): DeadlineState.OVERDUE,
        (2, "judge"): DeadlineState.OVERDUE,
        (4, "response-48h"): DeadlineState.ENTERED_LATE,
    }
    assert closed == parse_moment("2026-11-25T12:00") and [e.who for e in entries] == ["程序升级"] * 2
