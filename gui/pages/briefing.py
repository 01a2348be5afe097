"""简报: what today's briefing will say, and making its file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDate, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDateEdit, QTextBrowser

from desk import report
from domain.times import exact
from gui.operations import BRIEFINGS, CONCERNS, TOPICS
from gui.pages.page import Page
from gui.widgets.parts import button, column, label, row


class BriefingPage(Page):
    title, shows = "简报", frozenset({BRIEFINGS, TOPICS, CONCERNS})

    def build(self) -> None:
        today = report.last_day(self.now())
        self.day = QDateEdit(QDate(today.year, today.month, today.day))
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setCalendarPopup(True)
        self.day.dateChanged.connect(lambda _: self.refresh())
        self.preview = QTextBrowser()
        self.preview.setOpenLinks(False)
        self.made = label("", "secondary", True)
        self.open = button("打开所在文件夹", self._open)
        self.open.hide()
        self.folder: Path | None = None
        self.setLayout(
            column(
                row(label("每日舆情简报", "title"), None, self.day, button("生成 Word 文件", self._make, True)),
                self.preview,
                row(self.made, None, self.open),
                margin=16,
            )
        )

    def refresh(self) -> None:
        day, now = self.day.date().toPython(), self.now()

        def read(database):  # type: ignore[no-untyped-def]
            return report.preview(database, day, now)

        self.operations.run(read, self.preview.setPlainText)
        self.operations.run(report.issued, self._show_issued)

    def _show_issued(self, issued) -> None:  # type: ignore[no-untyped-def]
        if not self.folder:
            last = issued[0] if issued else None
            self.made.setText(f"上次生成：{last[0]} 第{last[1]}期，{exact(last[2])}" if last else "还没有生成过简报。")

    def _make(self) -> None:
        day, now, folder = self.day.date().toPython(), self.now(), self.operations.folder / "简报"

        def done(paths) -> None:  # type: ignore[no-untyped-def]
            self.folder = folder
            self.made.setText("已生成：" + "、".join(str(path) for path in paths))
            self.open.show()

        self.operations.run(
            lambda database: report.make_briefing(database, day, ("docx",), folder, self.person, now),
            done,
            frozenset({BRIEFINGS}),
        )

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))
