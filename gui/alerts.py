"""Reminders on the screen: tray notifications, a sound for what cannot wait, and the list of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QSystemTrayIcon, QVBoxLayout, QWidget

from domain.response import Alert, Level
from domain.times import exact
from gui.operations import Operations
from gui.widgets.parts import Column, RowsModel, Table, label

EVERY = 20_000  # milliseconds between looks
LOUD = (Level.FLAGGED, Level.ESCALATED, Level.OVERDUE)  # told with a sound
SILENT = "alerts/silent"  # the key under which “不出声” is remembered


class Alerts(QObject):
    """Looks for reminders that are due and shows each once."""

    def __init__(self, window: QWidget, operations: Operations, memory: QSettings, tell: Callable[[str], None]) -> None:
        super().__init__(window)
        self.operations, self.memory, self.tell = operations, memory, tell
        self.tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to look; the tray icon where the system has a tray."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.tray = QSystemTrayIcon(QApplication.windowIcon(), self)
            self.tray.setToolTip("闻应")
            self.tray.show()
        self._timer.start(EVERY)
        self.look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
        if self.tray:
            self.tray.hide()

    def look(self) -> None:
        """Give what is due now."""
        from desk import alerts

        now = self.operations.clock.now()
        self.operations.run(lambda database: alerts.give(database, now), self._show)

    def _show(self, new: list[Alert]) -> None:
        for alert in new:
            self.tell(alert.text)
            if self.tray:
                self.tray.showMessage(f"闻应 {alert.level.label}", alert.text, QSystemTrayIcon.MessageIcon.Warning)
        if any(alert.level in LOUD for alert in new) and self.memory.value(SILENT, "no") != "yes":
            QApplication.beep()


class AlertList(QDialog):
    """All reminders, given and held back, and why."""

    def __init__(self, parent: QWidget, operations: Operations, memory: QSettings) -> None:
        super().__init__(parent)
        from desk import alerts

        self.setWindowTitle("提醒")
        self.resize(760, 460)
        table = Table(
            "提醒",
            RowsModel(
                [
                    Column("时间", lambda a: exact(a.at)[5:], 106),
                    Column("提醒", lambda a: a.text, 320),
                    Column("程度", lambda a: a.level.label, 110),
                    Column("", lambda a: f"未弹出：{a.held}" if a.held else "", 200),
                ]
            ),
            stretch=1,
        )
        silent = QCheckBox("不出声（弹窗照常）")
        silent.setChecked(memory.value(SILENT, "no") == "yes")
        silent.toggled.connect(lambda on: memory.setValue(SILENT, "yes" if on else "no"))
        layout = QVBoxLayout(self)
        layout.addWidget(
            label(
                "新关切、建议升级各提醒一次，时限过半、剩四分之一、剩一成和超时各一次；免打扰时段不影响突发事件和重大以上时限。",
                "secondary",
                True,
            )
        )
        layout.addWidget(table)
        layout.addWidget(silent)

        def show(found: list[Any]) -> None:
            table.show_rows(found, lambda a: a.key)

        operations.run(alerts.listing, show)
