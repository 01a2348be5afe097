"""Reminders on the screen: tray notifications, a sound for what cannot wait, and the list of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QSystemTrayIcon, QVBoxLayout, QWidget

from domain.response import Alert, Level
from domain.times import DAY, exact
from gui.kit.dialog import Dialog
from gui.kit.parts import Column, RowsModel, Table, label
from gui.kit.plain import notice
from gui.operations import CONCERNS, REGISTERS, Operations

if TYPE_CHECKING:
    from desk.office.backups import BackupStatus

EVERY = 20_000  # milliseconds between looks
LOUD = (Level.FLAGGED, Level.ESCALATED, Level.TURNED, Level.OVERDUE)  # told with a sound
BACKUPS = "backups"  # what a sentence on them is about
SILENT = "alerts/silent"  # the key under which “不出声” is remembered


class Notifier(QObject):
    """Looks for reminders that are due, shows each once, and withdraws those that are no longer so.

    `tell` gets a sentence and what it is about, `withdraw` the latter.
    """

    def __init__(
        self,
        window: QWidget,
        operations: Operations,
        memory: QSettings,
        tell: Callable[[str, str], None],
        withdraw: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self.operations, self.memory, self.tell, self.withdraw = operations, memory, tell, withdraw
        self._told: dict[str, Alert] = {}  # what was told and is still so
        self._late = False  # whether it was told that the backups fail or fell behind
        self.tray: QSystemTrayIcon | None = None
        self._warned: datetime | None = None  # when the backups were last told of
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        operations.changed.connect(lambda kinds: self._look_back() if kinds & {CONCERNS, REGISTERS} else None)

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
        from desk.office import backups, reminding

        now = self.operations.clock.now()
        self.operations.run(lambda database: reminding.give(database, now), self._show)
        self._look_back()
        if self._late or self._due_to_warn(now):
            folder = self.operations.folder
            self.operations.read(lambda database: backups.standing(database, folder, now), self._warn)

    def _look_back(self) -> None:
        """Withdraw what was told and is no longer so."""
        from desk.office import reminding

        if self._told and self.operations.database is not None:
            alerts, now = list(self._told.values()), self.operations.clock.now()
            self.operations.read(
                lambda database: reminding.overtaken(database, alerts, now), self._let_go, place=(self, "told")
            )

    def _let_go(self, alerts: list[Alert]) -> None:
        for alert in alerts:
            self._told.pop(alert.key, None)
            self.withdraw(alert.key)

    def _due_to_warn(self, now: datetime) -> bool:
        return self._warned is None or not timedelta(0) <= now - self._warned < DAY

    def _warn(self, kept: BackupStatus) -> None:
        """Backups that fail or fell behind are told of once a day, until they do no more."""
        now = self.operations.clock.now()
        if not kept.warning:
            self._late = False
            self.withdraw(BACKUPS)
            return
        if not self._due_to_warn(now):
            return
        self._warned, self._late = now, True
        self.tell(kept.warning, BACKUPS)
        if self.tray:
            self.tray.showMessage("闻应 备份", notice(kept.warning), QSystemTrayIcon.MessageIcon.Warning)

    def _show(self, new: list[Alert]) -> None:
        for alert in new:
            self._told[alert.key] = alert
            self.tell(alert.text, alert.key)
            if self.tray:
                self.tray.showMessage(
                    f"闻应 {alert.level.label}", notice(alert.text), QSystemTrayIcon.MessageIcon.Warning
                )
        if any(alert.level in LOUD for alert in new) and self.memory.value(SILENT, "no") != "yes":
            QApplication.beep()


class AlertList(Dialog):
    """All reminders, given and held back, and why."""

    def __init__(self, parent: QWidget, operations: Operations, memory: QSettings) -> None:
        super().__init__(parent)
        from desk.office import reminding

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

        def show(reminders: list[Alert]) -> None:
            table.show_rows(reminders, lambda a: a.key)

        operations.read(reminding.listing, show, place=(self, "list"))
