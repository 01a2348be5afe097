"""信息: the stream of what came in, and search."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSplitter, QTextBrowser, QWidget

from desk import monitor
from domain.times import exact, said
from gui.operations import ARTICLES
from gui.pages.page import Page
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row

PAGE = 200


class ArticlesPage(Page):
    title, shows = "信息", frozenset({ARTICLES})

    def build(self) -> None:
        self.query = QLineEdit()
        self.query.setPlaceholderText("搜索标题和正文，回车开始；清空则看全部")
        self.query.setClearButtonEnabled(True)
        self.query.returnPressed.connect(self.refresh)
        self.query.textChanged.connect(lambda text: text or self.refresh())
        self.table = Table(
            "信息",
            RowsModel(
                [
                    Column(
                        "时间", lambda a: said(a.published_at, self.now()), 104, tip=lambda a: exact(a.published_at)
                    ),
                    Column("标题", lambda a: a.title, 320),
                    Column("来源", lambda a: a.source, 130),
                    Column("层级", lambda a: a.tier.label, 84),
                ],
                self._more,
            ),
            stretch=1,
        )
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._read())
        self.box = OrEmpty(self.table, "没有信息。到“信源”添加订阅，或换个词搜索。")
        self.reading = QTextBrowser()
        self.reading.setOpenLinks(False)
        left = QWidget()
        left.setLayout(column(row(label("信息", "title"), self.query), self.box))
        right = QWidget()
        right.setLayout(column(row(button("看所属话题", self._topic), None), self.reading))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([640, 420])
        self.setLayout(column(split, margin=16))

    def show_item(self, id: int) -> None:
        def show(found) -> None:  # type: ignore[no-untyped-def]
            self._show([found])
            self.table.selectRow(0)

        self.operations.run(lambda database: monitor.article(database, id), show)

    def refresh(self) -> None:
        query = self.query.text().strip()
        if query:
            self.operations.run(lambda database: monitor.search_articles(database, query), self._show)
        else:
            self.operations.run(lambda database: monitor.article_page(database, 0, PAGE), self._show)

    def _more(self, offset: int) -> None:
        if not self.query.text().strip():
            self.operations.run(
                lambda database: monitor.article_page(database, offset, PAGE),
                lambda rows: self.table.rows_model.page_came(rows, PAGE),
            )

    def _show(self, rows) -> None:  # type: ignore[no-untyped-def]
        self.table.show_rows(rows, lambda a: a.id)
        self.box.set_empty(not rows)
        if rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _read(self) -> None:
        if a := self.table.chosen():
            note = f"（{a.date_note}）" if a.date_note else ""
            self.reading.setPlainText(f"{a.title}\n{a.source}　{exact(a.published_at)}{note}\n\n{a.text}\n\n{a.url}")

    def _topic(self) -> None:
        if (a := self.table.chosen()) and a.topic_id:
            self.window().go("话题", a.topic_id)  # type: ignore[attr-defined]
