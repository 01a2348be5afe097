"""The dialogs of a source (信源): add with a live preview, edit one or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QSplitter,
    QWidget,
)

from desk.collecting import sourcesteps, sourcework
from desk.collecting.sourcework import Offer
from desk.execute import execute
from domain.addresses import concealed
from domain.article import Source, SourceTier
from domain.person import Actor
from domain.steps import sources as steps
from domain.times import exact
from gui.kit.dialog import Dialog
from gui.kit.parts import Column, RowsModel, Table, button, column, label, row
from gui.kit.stepform import Given, StepForm
from gui.operations import SOURCES, Operations

ENCODINGS = {"自动识别": "", "UTF-8": "utf-8", "GB18030（国标）": "gb18030", "Big5（繁体）": "big5"}
SAME = "（不变）"


class Particulars(QWidget):
    """Tier, place, tags, encoding, and what the kind of source needs. With many sources, what is left alone stays."""

    def __init__(self, sources: Sequence[Source] = (), kind: str = "feed") -> None:
        super().__init__()
        many, first = len(sources) > 1, sources[0] if sources else None
        self.tier, self.encoding = QComboBox(), QComboBox()
        if many:
            self.tier.addItem(SAME, None)
            self.encoding.addItem(SAME, None)
        for tier in SourceTier:
            self.tier.addItem(tier.label, tier)
        for text, code in ENCODINGS.items():
            self.encoding.addItem(text, code)
        self.place, self.tags = QLineEdit(), QLineEdit()
        self.place.setPlaceholderText(SAME if many else "信源所在地，如 临江（可不填）")
        self.tags.setPlaceholderText(SAME if many else "空格分开（可不填）")
        self._options: dict[str, QLineEdit] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(8)
        for name, field in (("层级", self.tier), ("所在地", self.place), ("标签", self.tags), ("编码", self.encoding)):
            field.setAccessibleName(name)
            self._form.addRow(name, field)
        if first and not many:
            self.tier.setCurrentText(first.tier.label)
            self.place.setText(first.place)
            self.tags.setText(" ".join(first.tags))
            self.encoding.setCurrentIndex(max(0, self.encoding.findData(first.encoding)))
            self.show_options(first.kind, dict(first.options))

    def show_options(self, kind: str, options: dict[str, Any]) -> None:
        """Fields for what this kind of source needs."""
        while self._options:
            _, field = self._options.popitem()
            self._form.removeRow(field)
        wanted = {
            "page": {"pattern": "网址规则", "selector": "或 CSS 选择器"},
            "hotlist": {"list": "榜单路径", "title": "标题路径", "link": "链接路径", "heat": "热度路径"},
        }.get(kind, {})
        for key, text in wanted.items():
            field = QLineEdit(str(options.get(key) or ""))
            field.setAccessibleName(text)
            self._options[key] = field
            self._form.addRow(text, field)

    def changes(self) -> dict[str, Any]:
        """What is set, without what is left alone."""
        changed: dict[str, Any] = {}
        if self.tier.currentData() is not None:
            changed["tier"] = self.tier.currentData()
        if self.encoding.currentData() is not None:
            changed["encoding"] = self.encoding.currentData()
        if self.place.text().strip() or self.place.placeholderText() != SAME:
            changed["place"] = self.place.text().strip()
        if self.tags.text().strip() or self.tags.placeholderText() != SAME:
            changed["tags"] = tuple(self.tags.text().split())
        if self._options:
            changed["options"] = {
                key: field.text().strip() for key, field in self._options.items() if field.text().strip()
            }
        return changed


class AddSource(Dialog):
    """Add a source: give an address, see at once what it offers, choose, add."""

    def __init__(self, parent: QWidget, operations: Operations, person: str, added: Callable[[], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle("添加信源")
        self.resize(860, 560)
        self._operations, self._person, self._added = operations, person, added
        self._offers: list[Offer] = []
        self.url = QLineEdit()
        self.url.setPlaceholderText("网址：订阅源、网站首页、栏目页或热榜；或本机的文件、文件夹")
        self.url.setAccessibleName("地址")
        self.url.returnPressed.connect(self.look)
        self.url.textEdited.connect(self._other_address)
        self.state = label(
            "填好地址后按回车，先看看能采到什么。没有订阅源的网站，会自动识别文章列表。", "secondary", True
        )
        self.offers = QListWidget()
        self.offers.setAccessibleName("可选的信源")
        self.offers.currentRowChanged.connect(self._choose)
        self.items = Table(
            "预览",
            RowsModel(
                [
                    Column("标题", lambda a: a.title, 320),
                    Column(
                        "时间",
                        lambda a: a.text if a.date_note else exact(a.published_at),
                        150,
                        tip=lambda a: a.date_note,
                    ),
                ]
            ),
        )
        self.name = QLineEdit()
        self.name.setPlaceholderText("名称")
        self.name.setAccessibleName("名称")
        self.particulars = Particulars()
        self.particulars.tier.setCurrentText(SourceTier.CITY.label)
        left, right = QWidget(), QWidget()
        left.setLayout(column(label("找到的", "secondary"), self.offers, self.name, self.particulars))
        right.setLayout(column(label("最新的几条", "secondary"), self.items))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([330, 530])
        self.accept_button = button("添加", self._add, True)
        self.accept_button.setEnabled(False)
        self.setLayout(
            column(
                row(self.url, button("文件夹…", self._folder), button("看看有什么", self.look)),
                self.state,
                split,
                row(button("取消", self.reject), None, self.accept_button),
                margin=16,
            )
        )

    def look(self) -> None:
        """Fetch the address on a worker, and show what it offers."""
        where, now, encoding = self.url.text(), self._operations.clock.now(), self.particulars.encoding.currentData()
        self.state.setText("正在看…最多 30 秒。")
        self._operations.read(
            lambda _: sourcework.find_offers(where, now, encoding or ""),
            self._show,
            network=True,
            failed=self._say,
        )

    def _other_address(self, _: str) -> None:
        """What was found is of another address: it can no longer be added by mistake."""
        self._operations.forget(self._show)
        if self._offers:
            self._offers = []
            self.offers.clear()
            self.items.show_rows([], id)
            self.accept_button.setEnabled(False)
            self.state.setText("地址改了，按回车再看看能采到什么。")

    def _say(self, sentence: str) -> None:
        self.state.setText(sentence)
        # An address that does not answer now may answer later: it can be added all the same.
        self.accept_button.setEnabled(bool(self.url.text().strip()))

    def _show(self, offers: list[Offer]) -> None:
        self._offers = offers
        self.offers.clear()
        for offer in offers:
            self.offers.addItem(
                f"{sourcework.kind_name(offer.kind)} · {offer.name or concealed(offer.url)} · {len(offer.articles)} 条"
            )
        self.state.setText("选一种，看右边是不是想要的；可以改名称和参数，再添加。")
        self.offers.setCurrentRow(0)
        self.accept_button.setEnabled(True)

    def _choose(self, at: int) -> None:
        if 0 <= at < len(self._offers):
            offer = self._offers[at]
            self.name.setText(offer.name)
            self.particulars.show_options(offer.kind, dict(offer.options))
            self.particulars.tier.setCurrentText(sourcesteps.tier_guess(offer.name).label)
            self.items.show_rows(offer.articles[:30], lambda a: a.key)

    def _folder(self) -> None:
        if name := QFileDialog.getExistingDirectory(self, "监看的文件夹"):
            self.url.setText(name)
            self.look()

    def _add(self) -> None:
        at = self.offers.currentRow()
        offer = self._offers[at] if 0 <= at < len(self._offers) else None
        where, kind = (offer.url, offer.kind) if offer else (self.url.text(), "")
        name, now, given = self.name.text(), self._operations.clock.now(), self.particulars.changes()

        def done(_: object) -> None:
            self._added()
            self.accept()

        self._operations.run(
            lambda database: execute(
                database, steps.AddSource(where, name, kind=kind, **given), Actor(self._person), now
            ),
            done,
            frozenset({SOURCES}),
            failed=self._say,
        )


def edit_form(parent: QWidget, sources: Sequence[Source]) -> StepForm:
    """What to change of one source, or of many at once; what is left alone is not given."""
    title = "编辑信源" if len(sources) == 1 else f"批量编辑 {len(sources)} 个信源"
    form = StepForm(parent, title, yes="保存")
    form.setMinimumWidth(560)
    particulars = Particulars(sources)
    if len(sources) == 1:
        first = sources[0]
        form.add("name", "名称", QLineEdit(first.name), needed="请填写信源的名称。")
        form.add("url", "地址", QLineEdit(first.url), needed="请填写信源的地址。")
    form.fields.addRow(particulars)
    form.also("particulars", particulars.changes)
    return form


def changes_of(given: Given, sources: Sequence[Source]) -> Given:
    """What a form to edit sources was given, without what is as it was."""
    changes = dict(given["particulars"])
    if len(sources) == 1:
        was = {"name": sources[0].name, "url": sources[0].url}
        changes |= {key: given[key] for key in was if given[key] != was[key]}
    return changes
