"""The statutory holidays (法定节日) of a year whose 放假安排 is not announced yet: which days everybody has off by law."""

from __future__ import annotations

from datetime import date, timedelta

# 全国年节及纪念日放假办法 art. 2, as amended by 国令795号 (from 2025-01-01): 元旦 1 day, 春节 4 from 除夕, 清明 1, 劳动节 2,
# 端午 1, 中秋 1, 国庆 3. Which days beside them are off or worked (调休) is announced each year and cannot be known.
_FIRST_YEAR = 2025
_FIXED = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
# 除夕, 端午 (五月初五), 中秋 (八月十五) by the lunar calendar (GB/T 33661-2017), as month and day; worked out with borax 4.1.3,
# whose dates for 2008–2026 are those of the announced calendars.
_LUNAR = """
2027 0205 0609 0915  2028 0125 0528 1003  2029 0212 0616 0922  2030 0202 0605 0912  2031 0122 0624 1001
2032 0210 0612 0919  2033 0130 0601 0908  2034 0218 0620 0927  2035 0207 0610 0916  2036 0127 0530 1004
2037 0214 0618 0924  2038 0203 0607 0913  2039 0123 0527 1002  2040 0211 0614 0920  2041 0131 0603 0910
2042 0121 0622 0928  2043 0209 0611 0917  2044 0129 0531 1005  2045 0216 0619 0925  2046 0205 0608 0915
2047 0125 0529 1004  2048 0213 0615 0922  2049 0201 0604 0911  2050 0122 0623 0930  2051 0210 0613 0919
2052 0131 0601 0907  2053 0218 0620 0926  2054 0207 0610 0916  2055 0127 0530 1005  2056 0214 0617 0924
2057 0203 0606 0913  2058 0123 0625 1002  2059 0211 0614 0921  2060 0201 0603 0909
"""
_SPRING_FESTIVAL_DAYS = 4  # 除夕、正月初一至初三


def festival_of(day: date) -> str:
    """The statutory holiday that a day is, empty where it is none. After 2060 those of the lunar calendar are not known."""
    if day.year < _FIRST_YEAR:
        return ""
    return _FIXED.get((day.month, day.day), "") or _by_moon_or_sun(day)


def _by_moon_or_sun(day: date) -> str:
    if (day.month, day.day) == (4, _clear_and_bright(day.year)):
        return "清明节"
    return _LUNAR_DAYS.get(day, "")


def _clear_and_bright(year: int) -> int:
    """The day of April of 清明, by the usual formula of the 21st century (as in chinesecalendar)."""
    short = year % 100
    return int(short * 0.2422 + 4.81) - short // 4


def _lunar_days() -> dict[date, str]:
    words = _LUNAR.split()
    days: dict[date, str] = {}
    for year, *those in zip(*(words[i::4] for i in range(4))):
        eve, boats, moon = (date(int(year), int(text[:2]), int(text[2:])) for text in those)
        days |= {eve + timedelta(days=i): "春节" for i in range(_SPRING_FESTIVAL_DAYS)}
        days |= {boats: "端午节", moon: "中秋节"}
    return days


_LUNAR_DAYS = _lunar_days()
