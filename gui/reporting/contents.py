"""The contents of a briefing: sections and their items, ticked or not, dragged into order."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from briefing.issue import Section
from desk.reporting.report import item_key
from domain.briefing import Plan
from gui.kit.parts import shortcut
from gui.kit.plain import tip

KEY, NAME = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class Contents(QTreeWidget):
    """A tree of two levels; a section stays among the sections, an item in its section."""

    changed = Signal()  # something was ticked or dragged
    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setAccessibleName("简报内容")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setToolTip("拖动或按 Alt+↑↓ 调整次序；去掉勾选就不出现在这一期")
        for keys, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut(keys, self, partial(self.shift, by))
        self.itemChanged.connect(lambda *_: self.changed.emit())
        self.currentItemChanged.connect(lambda *_: self.chosen.emit())

    def show_sections(self, sections: tuple[Section, ...], plan: Plan, open_to_change: bool) -> None:
        """Show the sections in their planned order; a final issue is only looked at."""
        before = self.current()
        self.blockSignals(True)
        self.clear()
        for section in sections:
            branch = self._item(section.heading, section.heading, section.heading not in plan.omitted, open_to_change)
            self.addTopLevelItem(branch)
            for paragraph in section.paragraphs:
                key = item_key(section, paragraph)
                name = paragraph.lead or "".join(s.text for s in paragraph.sentences)
                leaf = self._item(name, key, key not in plan.dropped, open_to_change)
                leaf.setToolTip(0, tip(paragraph.why))
                branch.addChild(leaf)
                if (section.heading, key) == before:
                    self.setCurrentItem(leaf)
            branch.setExpanded(True)
            if (section.heading, "") == before:
                self.setCurrentItem(branch)
        self.blockSignals(False)

    def current(self) -> tuple[str, str]:
        """(heading, key of the item) that is chosen; the key is empty for a whole section."""
        item = self.currentItem()
        if item is None:
            return "", ""
        parent = item.parent()
        return (str(parent.data(0, KEY)), str(item.data(0, KEY))) if parent else (str(item.data(0, KEY)), "")

    def planned(self, plan: Plan) -> Plan:
        """The plan with what is ticked here and in which order it stands."""
        branches = [self.topLevelItem(i) for i in range(self.topLevelItemCount())]
        leaves = [branch.child(i) for branch in branches for i in range(branch.childCount())]
        return replace(
            plan,
            omitted=frozenset(_unticked(branches)),
            dropped=frozenset(_unticked(leaves)),
            order=tuple(str(branch.data(0, KEY)) for branch in branches),
            items=tuple(str(leaf.data(0, KEY)) for leaf in leaves),
        )

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it only between brothers."""
        target, moved = self.itemAt(event.position().toPoint()), self.currentItem()
        between = self.dropIndicatorPosition() in (
            QAbstractItemView.DropIndicatorPosition.AboveItem,
            QAbstractItemView.DropIndicatorPosition.BelowItem,
        )
        if target is None or moved is None or not between or target.parent() is not moved.parent():
            event.ignore()
            return
        self.blockSignals(True)
        super().dropEvent(event)
        self.expandAll()
        self.blockSignals(False)
        self.changed.emit()

    def shift(self, by: int) -> None:
        """Move the chosen one up (-1) or down (1) among its brothers, as dragging does."""
        item = self.currentItem()
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            return
        parent = item.parent() or self.invisibleRootItem()
        place = parent.indexOfChild(item)
        if not 0 <= place + by < parent.childCount():
            return
        self.blockSignals(True)
        parent.insertChild(place + by, parent.takeChild(place))
        item.setExpanded(True)
        self.setCurrentItem(item)
        self.blockSignals(False)
        self.changed.emit()

    def _item(self, name: str, key: str, ticked: bool, open_to_change: bool) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name])
        item.setData(0, KEY, key)
        if open_to_change:
            item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        else:
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        return item


def _unticked(items: list[Any]) -> list[str]:
    return [str(item.data(0, KEY)) for item in items if item.checkState(0) == Qt.CheckState.Unchecked]
