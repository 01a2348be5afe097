"""Charts of a briefing: which figures make which chart, and drawing them, legible in print and in grey."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from briefing.faces import installed
from briefing.facts import RuleTimeliness, TopicFact
from briefing.issue import Chart, ChartKind, Picture
from domain.personal import mask_personal
from domain.times import HOUR, china, floor_hour

SANS_FONTS = ("SimHei", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Micro Hei")
PALETTE = ("#C9302C", "#2459C6", "#A87B00", "#3B7A57", "#5B6472")
STYLES = ("-", "--", "-.", ":", "-")
HATCHES = ("", "///", "xxx")
STEP = 6  # hours in one point of a curve
MOST_BARS = 6
WIDTH = 6.14  # inches: the 156 mm of the type area


def curves(
    caption: str, topics: Sequence[TopicFact], end: datetime, responses: Sequence[tuple[str, datetime]] = ()
) -> Picture | None:
    """Reports per hour of each topic, our responses marked; None without topics."""
    if not topics:
        return None
    span = max(len(fact.hours) for fact in topics)
    marks = tuple(
        (mask_personal(name), (end - at) / HOUR) for name, at in responses if timedelta(0) <= end - at < span * HOUR
    )
    series = tuple((mask_personal(fact.topic.name), fact.hours) for fact in topics)
    return Picture(caption, (Chart(ChartKind.CURVES, "报道量", series, (), end, marks),))


def side_by_side(*charts: Chart | None) -> Picture | None:
    """The charts there are as one picture, not named yet; None without any."""
    there = tuple(chart for chart in charts if chart is not None)
    return Picture("", there) if there else None


def tier_bars(by_tier: Sequence[tuple[str, int]]) -> Chart | None:
    """Articles by the tier of their source."""
    return bars("信息来源（条）", by_tier)


def timeliness_bars(kept: Sequence[RuleTimeliness]) -> Chart | None:
    """How each rule was kept: in time, late, overdue."""
    shown = [one for one in kept if one.share is not None][:MOST_BARS]
    if not shown:
        return None
    series = [
        ("按时", tuple(one.in_time for one in shown)),
        ("超时办理", tuple(one.late for one in shown)),
        ("超时未办", tuple(one.overdue for one in shown)),
    ]
    if any(one.entered for one in shown):
        series.append(("补录", tuple(one.entered for one in shown)))
    return Chart(ChartKind.STACKED, "时限（件）", tuple(series), tuple(one.name for one in shown))


def month(title: str, by_day: Sequence[tuple[date, int]], answered: Sequence[date]) -> Chart | None:
    """A calendar of the month: articles of each day, the days with a response marked."""
    if not by_day:
        return None
    days = tuple(day.isoformat() for day, _ in by_day)
    marks = tuple((day.isoformat(), 0.0) for day in sorted(set(answered)))
    return Chart(ChartKind.CALENDAR, title, (("信息", tuple(n for _, n in by_day)),), days, None, marks)


def bars(title: str, counts: Sequence[tuple[str, int]]) -> Chart | None:
    """Counts by name, the first MOST_BARS that are not nought; None without any."""
    shown = [(name, n) for name, n in counts if n][:MOST_BARS]
    if not shown:
        return None
    return Chart(ChartKind.BARS, title, (("", tuple(n for _, n in shown)),), tuple(name for name, _ in shown))


def draw(picture: Picture, form: Literal["png", "svg"] = "png") -> bytes:
    """The picture's charts side by side; letters of an .svg are outlines, so that it looks alike everywhere."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = max(_height(chart) for chart in picture.charts)
    # The salt makes the ids in an .svg, and so its bytes, the same each time.
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "wenying", "font.family": [*_family()]}):
        figure = Figure(figsize=(WIDTH, height), dpi=220)
        FigureCanvasAgg(figure)
        places = figure.subplots(1, len(picture.charts), squeeze=False)[0]
        for axes, chart in zip(places, picture.charts):
            _DRAWN[chart.kind](axes, chart)
            axes.tick_params(labelsize=8)
            for side in ("top", "right"):
                axes.spines[side].set_visible(False)
        figure.tight_layout()
        made = io.BytesIO()
        metadata = {"Software": None} if form == "png" else {"Date": None, "Creator": None}
        figure.savefig(made, format=form, metadata=metadata)
    return made.getvalue()


def _family() -> list[str]:
    return [*(name for name in SANS_FONTS if name in installed()), "sans-serif"][:2]


def _height(chart: Chart) -> float:
    if chart.kind is ChartKind.CURVES:
        return 1.25 + 0.17 * ((len(chart.series) + 2) // 2)
    if chart.kind is ChartKind.CALENDAR:
        return 2.9
    return 0.5 + 0.17 * max(3, len(chart.labels))


def six_hourly(chart: Chart) -> tuple[list[datetime], list[tuple[str, list[float]]]]:
    """A curve's points: (the ends of each six hours, what each series has in them)."""
    assert chart.end is not None
    last = china(floor_hour(chart.end))
    sums_of = []
    for name, hours in chart.series:
        usable = hours[len(hours) % STEP :]
        sums_of.append((name, [sum(usable[k : k + STEP]) for k in range(0, len(usable), STEP)]))
    count = max(len(sums) for _, sums in sums_of)
    return [last - timedelta(hours=STEP * (count - 1 - k)) for k in range(count)], sums_of


def _curves(axes: Any, chart: Chart) -> None:
    from matplotlib.dates import DateFormatter, DayLocator

    times, series = six_hourly(chart)
    for i, (name, sums) in enumerate(series):
        axes.plot(
            times[-len(sums) :],
            sums,
            STYLES[i % len(STYLES)],
            color=PALETTE[i % len(PALETTE)],
            linewidth=1.6,
            label=_short(name, 18),
            marker="os^Dv"[i % 5],
            markersize=2.6,
        )
    assert chart.end is not None
    for i, (_, back) in enumerate(chart.marks):
        at = china(chart.end - timedelta(hours=back))
        axes.axvline(at, color="#1D2129", linewidth=0.8, linestyle=(0, (2, 2)), label="本单位回应" if not i else None)
    axes.xaxis.set_major_locator(DayLocator(tz=times[0].tzinfo))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%m-%d", tz=times[0].tzinfo))  # type: ignore[no-untyped-call]
    axes.set_ylabel("篇/6小时", fontsize=8)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color="#E3E6EB", linewidth=0.6)
    axes.legend(fontsize=8, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)


def _horizontal(axes: Any, chart: Chart) -> None:
    rows = range(len(chart.labels))
    start = [0.0] * len(chart.labels)
    most = max(sum(values[i] for _, values in chart.series) for i in rows)
    for s, (name, values) in enumerate(chart.series):
        colour = PALETTE[1] if len(chart.series) == 1 else (PALETTE[3], PALETTE[2], PALETTE[0])[s]
        axes.barh(rows, values, 0.62, left=start, color=colour, hatch=HATCHES[s], edgecolor="white", label=name)
        start = [a + b for a, b in zip(start, values)]
    for i in rows:
        parts = [values[i] for _, values in chart.series]
        caption = f"{parts[0]:g}" if len(parts) == 1 else f"{parts[0]:g}/{sum(parts):g}"
        axes.text(start[i] + most * 0.02, i, caption, va="center", fontsize=8)
    axes.set_yticks(rows, [_short(label, 12) for label in chart.labels])
    axes.set_ylim(max(3, len(chart.labels)) - 0.5, -0.5)
    axes.set_xlim(0, most * 1.18)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_title(chart.title, fontsize=9, loc="left")
    if len(chart.series) > 1:
        axes.legend(fontsize=8, frameon=False, ncols=3, loc="lower right", bbox_to_anchor=(1, 1))


def _calendar(axes: Any, chart: Chart) -> None:
    days = [date.fromisoformat(label) for label in chart.labels]
    counts = chart.series[0][1]
    most, answered = max(1.0, *counts), {label for label, _ in chart.marks}
    first = days[0] - timedelta(days=days[0].weekday())
    weeks = (days[-1] - first).days // 7 + 1
    for day, count in zip(days, counts):
        x, y = (day - first).days % 7, (day - first).days // 7
        shade = 0.06 + 0.54 * count / most
        axes.add_patch(_square(x, y, shade))
        ink = "white" if shade > 0.42 else "#1D2129"
        axes.text(x + 0.06, y + 0.3, str(day.day), fontsize=7, color=ink)
        axes.text(x + 0.92, y + 0.72, f"{count:g}", fontsize=8, ha="right", va="center", color=ink)
        if day.isoformat() in answered:
            axes.plot(x + 0.82, y + 0.22, marker="o", markersize=4, color=PALETTE[0], markeredgecolor="white")
    axes.set_xlim(0, 7)
    axes.set_ylim(weeks, 0)
    axes.set_xticks([i + 0.5 for i in range(7)], list("一二三四五六日"))
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", length=0)
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(f"{chart.title}（●当日有回应发布）", fontsize=9, loc="left")


def _square(x: float, y: float, shade: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x + 0.02, y + 0.03), 0.95, 0.93, color=PALETTE[1], alpha=shade, linewidth=0)


def _short(name: str, length: int) -> str:
    return name if len(name) <= length else name[: length - 1] + "…"


_DRAWN = {
    ChartKind.CURVES: _curves,
    ChartKind.BARS: _horizontal,
    ChartKind.STACKED: _horizontal,
    ChartKind.CALENDAR: _calendar,
}
