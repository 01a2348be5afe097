"""判断习惯, a tab of 设置: what the office's own decisions teach, what it would have changed; accepted, refused, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.learning import LEAST_DECISIONS, LEAST_OF_EACH, Change, OfficeWeights, Proposal, Weight
from domain.steps.learning import AcceptWeights, RefuseWeights, TakeBackWeights
from gui.kit.parts import Column, RowsModel, Table, button, label, row
from gui.office.tab import SettingsTab

if TYPE_CHECKING:
    from desk.data import Database

HOW = (
    "从本单位判定和不予回应的关切里数出来：哪一类理由、哪个领域您常办，以后更容易列；常不予回应的，以后更不容易列。"
    "采用以前什么也不变；采用以后随时可以撤回。有伤亡、几个人一起出事的，不会因此不列。"
)


class HabitsTab(SettingsTab):
    name = "判断习惯"

    def build(self) -> None:
        self.found: Proposal | None = None
        self.state, self.sums = label("", "", True), label("", "secondary", True)
        self.weights, self.changes = _weights(), _changes()
        self.look = button("看看现在的判断", self._ask, True, "从最近 400 次判断算起，要几秒钟")
        self.accept = button("采用", self._accept, True)
        self.refuse = button("不采用", self._refuse, tip="再有 20 次判断以后再提示")
        self.back = button("撤回", lambda: self.take(TakeBackWeights()), tip="不再用采用过的判断习惯")
        self.lay_out(
            label(HOW, "secondary", True),
            row(self.look, self.accept, self.refuse, self.back, None),
            self.state,
            self.weights,
            self.sums,
            self.changes,
        )
        self._show_none()

    def refresh(self) -> None:
        if self.found is not None:  # once it was asked for, it is kept true
            self._ask()

    def _ask(self) -> None:
        now = self.page.now()

        def read(database: Database) -> Proposal:
            from desk.topics.learning import proposal  # with all that reads texts, which only this needs

            return proposal(database, now)

        self.operations.read(read, self._show, place=(self, "proposal"))

    def _show_none(self) -> None:
        for button_ in (self.accept, self.refuse):  # taking back is open, where what is used cannot be read too
            button_.setEnabled(False)
        self.state.setText("点“看看现在的判断”，算出现有的判断说明什么。")

    def _show(self, found: Proposal) -> None:
        self.found = found
        new = found.weights.weights and found.weights.kept() != found.in_use.kept()
        self.accept.setEnabled(bool(new))
        self.refuse.setEnabled(bool(new))
        self.back.setEnabled(bool(found.in_use.weights))
        self.state.setText(_said(found))
        self.weights.show_rows(found.weights.weights or found.in_use.weights, lambda w: w.key)
        self.changes.show_rows(found.changes, lambda c: c.title)
        self.sums.setText(_summed(found.changes) if found.weights.weights else "")

    def _accept(self) -> None:
        if self.found is not None:
            self.take(AcceptWeights(self.found.weights.kept(), self.found.decisions))

    def _refuse(self) -> None:
        if self.found is not None:
            self.take(RefuseWeights(self.found.decisions))


def _said(found: Proposal) -> str:
    """What there is to propose, and what is used."""
    counted = f"共 {found.decisions} 次判断：办了 {found.taken} 次，不予回应 {found.dismissed} 次。"
    used = f"正在用的：{_named(found.in_use)}。" if found.in_use.weights else "现在没有采用任何判断习惯。"
    if found.weights.weights:
        return counted + used
    need = f"满 {LEAST_DECISIONS} 次、办的和不予回应的各不少于 {LEAST_OF_EACH} 次，才看得出习惯。"
    enough = found.decisions >= LEAST_DECISIONS and min(found.taken, found.dismissed) >= LEAST_OF_EACH
    return counted + ("看不出明显的习惯。" if enough else need) + used


def _named(weights: OfficeWeights) -> str:
    return "、".join(f"{one.called} {one.weight:+g}" for one in weights.weights)


def _summed(changes: tuple[Change, ...]) -> str:
    """How many decisions would have come out otherwise, rightly and wrongly, and how many misses would be listed."""
    right, wrong = (sum(change.right is is_right for change in changes) for is_right in (True, False))
    more = sum(change.taken is None and change.flagged_after for change in changes)
    less = sum(change.taken is None and not change.flagged_after for change in changes)
    if not changes:
        return "采用以后，这些判断里没有一件会变。"
    return f"采用以后会变的：{right} 件与您的判断一致了，{wrong} 件反而不一致；近七天没有列的，有 {more} 件会列" + (
        f"，{less} 件不再列。" if less else "。"
    )


def _weights() -> Table:
    return Table(
        "判断习惯",
        RowsModel(
            [
                Column("看什么", lambda w: w.trait.label, 64),
                Column("哪一类", lambda w: w.called, 260),
                Column("以后", _leans, 110),
                Column("分值", lambda w: f"{w.weight:+.2f}", 70, True),
                Column("办了", lambda w: str(w.taken), 60, True),
                Column("不予回应", lambda w: str(w.dismissed), 84, True),
            ]
        ),
        stretch=1,
    )


def _leans(weight: Weight) -> str:
    return "更容易列" if weight.weight > 0 else "更不容易列"


def _changes() -> Table:
    return Table(
        "采用以后会变的",
        RowsModel(
            [
                Column("关切或话题", lambda c: c.title, 300),
                Column("原来", lambda c: "列" if c.flagged_before else "不列", 70),
                Column("采用以后", lambda c: "列" if c.flagged_after else "不列", 84),
                Column("您的判断", lambda c: "还没有" if c.taken is None else "办了" if c.taken else "不予回应", 96),
            ]
        ),
        stretch=0,
    )
