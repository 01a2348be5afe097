"""The pages of the window in their order, and where each is made. A new page is one file and one line here."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.kit.page import Page


class PageName(StrEnum):
    """A page, by the name that stands for it in the list at the left."""

    OVERVIEW = "总览"
    TOPICS = "话题"
    CASES = "关切"
    ARTICLES = "信息"
    EVENTS = "重大事件"
    BRIEFING = "简报"
    SAYINGS = "口径库"
    STATISTICS = "统计"
    REGISTERS = "公开台账"
    SOURCES = "信源"
    SETTINGS = "设置"


# Ctrl with the ten figures calls the pages in their order; these have a letter of their own.
OWN_KEYS = {PageName.REGISTERS: "Ctrl+G"}

# By module and class: a page is loaded when it is first shown, or by gui/loading.py before that.
_CLASSES = {
    PageName.OVERVIEW: ("gui.office.overview", "OverviewPage"),
    PageName.TOPICS: ("gui.topics.topics", "TopicsPage"),
    PageName.CASES: ("gui.cases.concerns", "ConcernsPage"),
    PageName.ARTICLES: ("gui.collecting.articles", "ArticlesPage"),
    PageName.EVENTS: ("gui.topics.events", "EventsPage"),
    PageName.BRIEFING: ("gui.reporting.briefing", "BriefingPage"),
    PageName.SAYINGS: ("gui.cases.sayings", "SayingsPage"),
    PageName.STATISTICS: ("gui.reporting.statistics", "StatisticsPage"),
    PageName.REGISTERS: ("gui.registers.registers", "RegistersPage"),
    PageName.SOURCES: ("gui.collecting.sources", "SourcesPage"),
    PageName.SETTINGS: ("gui.office.settings", "SettingsPage"),
}


def page_class(name: PageName) -> type[Page]:
    """The class of a page; its module is loaded now."""
    module, class_name = _CLASSES[name]
    made: type[Page] = getattr(import_module(module), class_name)
    return made
