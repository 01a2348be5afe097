"""The hash chain of the record, as it is verified: whatever is rewritten outside the program shows, by its number."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from store import record

LENGTH = 20


@pytest.fixture
def kept(database, now):
    with database.write() as connection:
        for i in range(1, LENGTH + 1):
            record.append(connection, now, "李敏", "判定", f"concern:{i}", {"等级": i - 1}, {"等级": i})
    return database


def rewritten(database, change: str) -> tuple[int, int | None]:
    """What the verifier says after somebody changed the file with other tools."""
    with database.write() as connection:
        for (trigger,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.exec_driver_sql(change)
    with database.read() as connection:
        return record.verify(connection)


def test_untouched_chain_fits(kept):
    with kept.read() as connection:
        assert record.verify(connection) == (LENGTH, None)


@pytest.mark.parametrize(
    "change",
    [
        """UPDATE record SET after = '{"等级":99}' WHERE sequence = 7""",
        """UPDATE record SET before = NULL WHERE sequence = 7""",
        "UPDATE record SET who = '王强' WHERE sequence = 7",
        "UPDATE record SET action = '办结' WHERE sequence = 7",
        "UPDATE record SET object = 'concern:8' WHERE sequence = 7",
        "UPDATE record SET at = '2026-11-20 04:00:01.000000' WHERE sequence = 7",
        "UPDATE record SET previous = hash WHERE sequence = 7",
        "DELETE FROM record WHERE sequence = 7",
    ],
)
def test_entry_that_was_changed_or_removed_is_named(kept, change):
    assert rewritten(kept, change)[1] == 7


def test_entry_put_in_at_the_end_without_its_hash_is_named(kept):
    columns = "at, who, action, object, before, after, previous, hash"
    change = f"INSERT INTO record (sequence, {columns}) SELECT 21, {columns} FROM record WHERE sequence = 20"
    assert rewritten(kept, change) == (LENGTH + 1, LENGTH + 1)


def test_spaces_within_what_is_kept_as_json_are_no_change_of_what_it_says(kept):
    assert rewritten(kept, """UPDATE record SET after = '{"等级": 7}' WHERE sequence = 7""") == (LENGTH, None)
