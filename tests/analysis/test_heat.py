"""What heat must hold to."""

from datetime import datetime, timedelta

from analysis.heat import CARRIER_COUNTS, Attention, heat_at, windows_of
from domain.times import floor_hour, parse_moment

NOW = parse_moment("2026-11-20T12:00")
LAST_HOUR = floor_hour(NOW) - timedelta(hours=1)


def hours(per_hour: float, days: int, stop_hours_ago: int = 0) -> dict[datetime, float]:
    end = floor_hour(NOW)
    return {end - timedelta(hours=i): per_hour for i in range(stop_hours_ago, days * 24)}


def attention(reports, intake, sources=(60, 60, 80)) -> Attention:
    return Attention(reports, windows_of(intake, NOW), list(sources), 10, False)


def test_doubling_all_intake_alone_does_not_raise_heat():
    once = heat_at(attention(hours(1, 3), hours(20, 10)), NOW).value
    twice = heat_at(attention(hours(2, 3), hours(40, 10)), NOW).value
    assert twice <= once + 1


def test_ten_near_duplicates_count_less_than_ten_reports():
    base = hours(20, 10)
    carried = heat_at(attention({LAST_HOUR: 1 + 9 * CARRIER_COUNTS}, base), NOW).value
    reported = heat_at(attention({LAST_HOUR: 10.0}, base), NOW).value
    assert carried < reported


def test_heat_decays_when_nothing_comes():
    fresh = heat_at(attention(hours(2, 2), hours(20, 10)), NOW).value
    old = heat_at(attention(hours(2, 3, stop_hours_ago=30), hours(20, 10), ()), NOW).value
    assert old < fresh / 3
