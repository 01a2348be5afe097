"""Pictures for the briefing, legible in print and in grey."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.times import china, floor_hour

SERIF_FONTS = ["FangSong", "仿宋", "STFangsong", "SimSun", "Noto Serif CJK SC", "Noto Serif CJK JP"]
SANS_FONTS = ["SimHei", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Micro Hei"]
PALETTE = ("#C9302C", "#2459C6", "#A87B00", "#3B7A57", "#5B6472")
STYLES = ("-", "--", "-.", ":", "-")
_STEP = 6  # hours in one point


def heat_curves(series: Sequence[tuple[str, Sequence[int]]], end: datetime) -> bytes | None:
    """PNG of articles per six hours for each named topic (hourly counts, newest last); None without data."""
    if not series:
        return None
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    installed = {font.name for font in font_manager.fontManager.ttflist}
    family = next((name for name in SANS_FONTS if name in installed), "sans-serif")
    text = {"family": family, "size": 9}
    figure = Figure(figsize=(6.1, 2.6), dpi=220)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for i, (name, hours) in enumerate(series):
        usable = hours[len(hours) % _STEP :]
        sums = [sum(usable[k : k + _STEP]) for k in range(0, len(usable), _STEP)]
        last = china(floor_hour(end))
        times = [last - timedelta(hours=_STEP * (len(sums) - 1 - k)) for k in range(len(sums))]
        label = name if len(name) <= 18 else name[:17] + "…"
        axes.plot(
            times,
            sums,
            STYLES[i % len(STYLES)],
            color=PALETTE[i % len(PALETTE)],
            linewidth=1.6,
            label=label,
            marker="os^Dv"[i % 5],
            markersize=2.6,
        )
    from matplotlib.dates import DateFormatter, DayLocator

    axes.xaxis.set_major_locator(DayLocator(tz=times[0].tzinfo))
    axes.xaxis.set_major_formatter(DateFormatter("%m-%d", tz=times[0].tzinfo))
    axes.set_ylabel("篇/6小时", fontdict=text)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(bottom=0)
    for label_ in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label_.set_fontfamily(family)
        label_.set_fontsize(8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#E3E6EB", linewidth=0.6)
    axes.legend(prop={"family": family, "size": 8}, frameon=False, loc="upper left")
    figure.tight_layout()
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()
