"""The hash of an entry of the record: over all of it, and the same on every machine."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.record import GENESIS, Entry, canonical, chained, entry_hash

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
GIVEN = (1, AT, "李敏", "判定", "concern:1", {"grade": "none"}, {"grade": "II", "at": 1}, GENESIS)


def test_value_is_written_in_one_way_only():
    assert canonical({"乙": [1, None], "甲": True}) == canonical({"甲": True, "乙": [1, None]})
    assert canonical({"b": 1, "a": "关切"}) == '{"a":"关切","b":1}'


def test_hash_is_that_of_the_written_form():
    written = (
        '{"action":"判定","after":{"at":1,"grade":"II"},"at":"2026-11-20T04:00:00.000000+00:00",'
        '"before":{"grade":"none"},"object":"concern:1","previous":"' + "0" * 64 + '","sequence":1,"who":"李敏"}'
    )
    assert entry_hash(*GIVEN) == hashlib.sha256(written.encode()).hexdigest()


def test_hash_does_not_depend_on_the_zone_the_time_is_told_in():
    china = AT.astimezone(timezone(timedelta(hours=8)))
    assert entry_hash(1, china, *GIVEN[2:]) == entry_hash(*GIVEN)


@pytest.mark.parametrize("part", range(len(GIVEN)))
def test_hash_changes_with_every_part(part):
    others = (2, AT + timedelta(microseconds=1), "王强", "办结", "concern:2", None, None, "1" * 64)
    changed = (*GIVEN[:part], others[part], *GIVEN[part + 1 :])
    assert entry_hash(*changed) != entry_hash(*GIVEN)  # type: ignore[arg-type]


def test_entry_bears_what_was_done_and_its_hash():
    entry = chained(*GIVEN)
    assert entry == Entry(*GIVEN, entry_hash(*GIVEN))
