"""One topic in whole: what it is and says, its curve, the parts of its heat, and its tabs."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from desk.topics.folding import Matter
from desk.topics.monitor import TopicView
from domain.times import exact
from gui.kit.pane import Pane
from gui.kit.parts import column, label, row
from gui.kit.plain import tip
from gui.topics.bars import HeatBars
from gui.topics.curve import CurveView
from gui.topics.tones import ToneBar
from gui.topics.topictabs import TopicTabs

MOST_NAMED = 8  # articles of an hour that a tip names


class TopicPane(Pane):
    """The buttons and the tabs are the page's; the rest is shown here."""

    def __init__(self, buttons: list[QWidget], tabs: TopicTabs) -> None:
        super().__init__()
        self.view: TopicView | None = None
        self.name, self.facts, self.summary = _wrapped("title"), _wrapped("secondary"), _wrapped("")
        self.curve, self.bars, self.heat, self.held = CurveView(), HeatBars(), label(), _wrapped("secondary")
        self.tone = ToneBar()
        self.curve.pointed.connect(self._tell_hours)
        self.tabs = tabs
        self.setLayout(
            column(
                self.name,
                self.facts,
                row(*buttons, None),
                self.summary,
                self.curve,
                self.tone,
                row(self.heat, None),
                self.bars,
                self.held,
                self.tabs,
            )
        )

    def show_topic(self, view: TopicView, matter: Matter | None, now: datetime) -> None:
        """Show a topic as it was read; of which matter it is, where that has more."""
        same = self.view is not None and self.view.topic.id == view.topic.id
        self.view, topic = view, view.topic
        self.name.setText(topic.name)
        where = "、".join(topic.places) or "地区不明"
        self.facts.setText(
            f"{_of(matter)}{topic.articles} 篇 · {topic.sources} 家 · 转载 {topic.near_duplicates} · "
            f"首发 {topic.first_source} {exact(topic.first_at)}\n"
            f"{topic.area}（{topic.area_ground}） · {where} · {' '.join(topic.keywords)}"
        )
        self.summary.setText("\n".join(f"{s.text}（{s.source}）" for s in view.summary))
        self.curve.show_curve(view.curve, now)
        self.tone.show_tone(topic.tone)
        self.heat.setText(f"热度 {topic.heat.value:.0f} {topic.heat.trend}{'' if topic.heat.enough else '　样本不足'}")
        self.bars.show_heat(topic.heat)
        self.held.setText(f"没有列为关切：{view.why_not}" if view.why_not else "")
        self.held.setVisible(bool(self.held.text()))
        self.tabs.show_topic(view, same)
        self.ready()

    def _tell_hours(self, hours: tuple[datetime, datetime]) -> None:
        """The articles of the hours under the pointer."""
        articles = [a for a in self.view.articles if hours[0] <= a.published_at < hours[1]] if self.view else []
        if articles:
            named = [f"{exact(a.published_at)[5:]} {a.source}　{a.title[:30]}" for a in articles[:MOST_NAMED]]
            more = [f"还有 {len(articles) - MOST_NAMED} 篇"] if len(articles) > MOST_NAMED else []
            QToolTip.showText(self.curve.mapToGlobal(QPoint(16, 8)), tip("\n".join(named + more)), self.curve)


def _of(matter: Matter | None) -> str:
    """The whole that the line of a matter counts: what stands below it is of one topic."""
    if matter is None or len(matter.topics) == 1:
        return ""
    heat = f"热度 {matter.heat.value:.0f}，" if matter.heat.enough else ""
    return (
        f"“{matter.name}”共 {len(matter.topics)} 个话题，{heat}{matter.articles} 篇 · {matter.sources} 家。"
        "以下只是其中这一个话题：\n"
    )


def _wrapped(role: str) -> QLabel:
    return label("", role, True)
