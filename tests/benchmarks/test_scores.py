"""The figures of the benchmarks are those of the literature."""

from __future__ import annotations

import pytest

from benchmarks.scores import adjusted_mutual_information, bcubed, percentile


def test_ninetieth_percentile_of_ten_values_is_not_their_greatest():
    assert percentile(range(1, 11), 90) == pytest.approx(9.1)  # Hyndman and Fan, type 7
    assert percentile([4.0], 95) == 4.0


def test_groups_that_are_the_same_agree_wholly_and_groups_by_chance_not_at_all():
    truth: list[object] = ["甲", "甲", "乙", "乙", 3, 3]
    assert adjusted_mutual_information([7, 7, 1, 1, 9, 9], truth) == pytest.approx(1.0)
    assert adjusted_mutual_information([1, 2, 1, 2, 1, 2], truth) < 0.01
    assert bcubed([7, 7, 1, 1, 9, 9], truth) == (1.0, 1.0, 1.0)
