"""The statutory holidays of years whose calendar is not announced, against those that were."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from response.festivals import festival_of


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_statutory_holiday_by_date_or_sun_was_off_in_the_announced_years(year):
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(365)]
    found = [day for day in days if festival_of(day)]
    assert len(found) == 1 + 1 + 2 + 3  # 元旦, 清明, 劳动节, 国庆; those of the moon are in the table from 2027 on
    assert all(chinese_calendar.get_holiday_detail(day)[1] for day in found)


@pytest.mark.parametrize("year", [2027, 2040, 2060])
def test_each_year_has_the_thirteen_days_of_the_law(year):
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(366)]
    names = [festival_of(day) for day in days if festival_of(day) and day.year == year]
    assert len(names) == 13 and names.count("春节") == 4 and names.count("国庆节") == 3


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2027-02-05", "春节"),  # 除夕; the new year begins on 2027-02-06
        ("2027-02-09", ""),
        ("2027-04-05", "清明节"),
        ("2027-06-09", "端午节"),
        ("2027-09-15", "中秋节"),
        ("2027-05-03", ""),
        ("2024-05-02", ""),  # by the law as it was then
    ],
)
def test_day_is_a_statutory_holiday_or_none(day, name):
    assert festival_of(date.fromisoformat(day)) == name
