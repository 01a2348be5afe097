"""设置: a tab for each thing that an office sets, marked while something in it is not saved."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QTabWidget

from gui.kit.page import Page
from gui.kit.parts import column, label
from gui.kit.plain import tip
from gui.office.backups import BackupTab
from gui.office.clockstab import ClocksTab
from gui.office.habitstab import HabitsTab
from gui.office.officetab import OfficeTab
from gui.office.peopletab import PeopleTab
from gui.office.recordtab import RecordTab
from gui.office.tab import CHANGED, SettingsTab
from gui.office.templatestab import TemplatesTab
from gui.office.wordstab import WordsTab


class SettingsPage(Page):
    """Each tab is a form of its own: what is unsaved in one stays, whatever is saved or read anew elsewhere."""

    title, shows = "设置", CHANGED

    def build(self) -> None:
        self.tabs = QTabWidget()
        self.office, self.people, self.clocks = OfficeTab(self), PeopleTab(self), ClocksTab(self)
        self.words, self.templates, self.record = WordsTab(self), TemplatesTab(self), RecordTab(self)
        self.backups, self.habits = BackupTab(self), HabitsTab(self)
        # A new tab is one file and one place here.
        self.every: tuple[SettingsTab, ...] = (
            self.office,
            self.people,
            self.clocks,
            self.words,
            self.habits,
            self.templates,
            self.record,
            self.backups,
        )
        for made in self.every:
            self.tabs.addTab(made, made.name)
            for form in made.forms:
                form.changed.connect(partial(self._mark, made))
        self.setLayout(column(label("设置", "title"), self.tabs, margin=16))

    def _mark(self, tab: SettingsTab) -> None:
        """Say at the tab that something in it is not saved."""
        at, unsaved = self.tabs.indexOf(tab), any(form.unsaved for form in tab.forms)
        self.tabs.setTabText(at, f"{tab.name} ●" if unsaved else tab.name)
        self.tabs.setTabToolTip(at, tip("有还没保存的内容" if unsaved else ""))

    def refresh(self) -> None:
        for tab in self.every:
            tab.refresh()
