"""The hash chain of the record."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.record import GENESIS, chained, first_misfit

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def chain(length: int):
    entries, previous = [], GENESIS
    for i in range(1, length + 1):
        entries.append(chained(i, NOW, "李敏", "判定", f"concern:{i}", None, {"等级": i}, previous))
        previous = entries[-1].hash
    return entries


def test_untouched_chain_fits():
    assert first_misfit(chain(20)) is None


def test_altered_entry_is_named():
    entries = chain(20)
    entries[6] = replace(entries[6], after={"等级": 99})
    assert first_misfit(entries) == 7


def test_removed_entry_is_named():
    entries = chain(20)
    del entries[11]
    assert first_misfit(entries) == 12
